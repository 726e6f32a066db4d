"""A department compiles and the city publishes its list; a comparison leads to a cancellation that a running case survives."""

from __future__ import annotations

import re

import pytest
from screens import PHONE, WIDE, fits, tells

import build
from xiaoneng.catalogue import history
from xiaoneng.catalogue.models import Item, ItemVersion, LegalBasis
from xiaoneng.org.models import Holding, Role
from xiaoneng.powerlists import comparing, remarks
from xiaoneng.powerlists import reads as lists

pytestmark = pytest.mark.browser
OPENED = build.moment("2026-03-02")


def keepers(where):
    """Give those who can sign in the posts of the lists: the head keeps them, the reviewer edits, the clerk is the lawyer."""
    for actor, role in ((where.head, "list_office"), (where.reviewer, "list_editor"), (where.clerk, "legal_office")):
        Holding.objects.create(
            account_id=actor.account, role=Role.objects.get(code=role), department=where.department,
            during=(build.LONG_AGO, None),
        )  # fmt: skip


def lawful(version):
    LegalBasis.objects.create(version=version, position=0, law="城镇燃气管理条例", rank="administrative_regulation")


def press(page, label):
    """Open a step's fold if it is closed, and press its button."""
    fold = page.locator("details", has=page.get_by_role("button", name=label, exact=True)).first
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    fold.get_by_role("button", name=label, exact=True).click()


def test_a_department_compiles_and_the_city_publishes_what_a_comparison_found_while_a_case_runs_on(live, visit):
    live.stand_at(OPENED)

    def ground():
        keepers(live.city)
        lawful(live.version)
        doubtful = build.item(live.city, name="诚信承诺登记")
        build.item(build.city(), name="燃气经营许可证核发")
        walk = build.application(live.city, doubtful).received(build.moment("2026-02-26"))
        walk.accepted(build.moment("2026-02-27"))
        regions = [region for region, _, _ in comparing.regions_with_items(OPENED)]
        mine = live.city.department.region_id
        others = [each for each in regions if each != mine]
        number = comparing.compare(mine, others, by=live.city.head.account, at=OPENED)
        return doubtful.item.code, walk.file.called, number

    code, running, number = live.look(ground)
    office = visit("head", f"/lists/comparisons/{number}?kind=only_ours", WIDE)
    tells(office.locator("main"), "在办 1 件（已受理 1，未受理 0）")
    office.select_option("[name=verdict]", "cancel")
    office.fill("[name=reason]", "没有法律依据")
    office.get_by_role("button", name="记下决定").click()
    office.get_by_role("button", name="交给部门，按清单程序办").click()
    office.wait_for_url(re.compile(r"/lists/compilations/\d+"))
    matter = int(office.url.rsplit("/", 1)[1].split("#")[0])
    where = f"/lists/compilations/{matter}"

    editor = visit("reviewer", where, PHONE)
    assert fits(editor)
    tells(editor.locator("table"), "取消")
    press(editor, "报送")
    editor.fill("#look_back-statement", "已逐项核对")
    press(editor, "完成自查")
    live.look(lambda: remarks.remark(matter, source="expert", who="王教授", text="可行", at=OPENED))
    office.goto(f"{live.address}{where}")
    press(office, "完成论证，公示")
    tells(visit(None, f"/powers/notices/{matter}").locator("main"), "诚信承诺登记")
    live.stand_at(build.moment("2026-03-23"))
    office = visit("head", where, WIDE)
    press(office, "公示结束，送审")
    lawyer = visit("clerk", where, WIDE)
    lawyer.fill("#clear-opinion", "合法")
    press(lawyer, "审查合法")
    office.goto(f"{live.address}{where}")
    for name, said in (("document", "安政发〔2026〕9号"), ("meeting", "常务会议"), ("notice", "市政府网站")):
        office.fill(f"#publish-{name}", said)
    press(office, "审定并公布")
    assert live.look(lambda: lists.compilation(matter, OPENED).state) == "published"

    public = visit(None, f"/powers/items/{code}")
    tells(public.locator("main"), "已取消", "安政发〔2026〕9号")
    assert live.look(lambda: history.adjustments(code=code)[0].disposition) == "cancel"
    assert live.look(lambda: ItemVersion.objects.filter(item=Item.objects.get(code=code)).count()) == 1
    reviewer = visit("reviewer", f"/desk/cases/{running}", WIDE)
    assert reviewer.get_by_text("诚信承诺登记").count()
    tells(reviewer.locator("main"), "审查")
