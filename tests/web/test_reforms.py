"""The pages of the lists' keepers beside the round: measures of the reform, registers, verdicts, situations, closing."""

from __future__ import annotations

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.approval.actions import accept
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.models import Item, ItemVersion, Material, PowerKind, Scenario, Synonym
from xiaoneng.catalogue.search import search
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org.models import Department, Holding
from xiaoneng.people.models import Account
from xiaoneng.powerlists import comparing, verdicts
from xiaoneng.powerlists import reads as lists
from xiaoneng.rules.grounds import Obstructed
from xiaoneng.trail.models import Record

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")


class Desk:
    """A city with an item, and those who keep its lists, each with a browser."""

    def __init__(self):
        self.city = build.city()
        self.department = self.city.department
        self.item = build.item(self.city, name="燃气经营许可证核发")

    def client(self, role, everywhere=False):
        return self.client_of(build.holder(self.department, role, role, everywhere=everywhere))

    @staticmethod
    def client_of(actor):
        client = Client()
        client.force_login(Account.objects.get(pk=actor.account))
        return client


@pytest.fixture
def desk(db):
    with time_machine.at(MONDAY):
        yield Desk()


def test_rates_leave_the_exempt_out_and_every_figure_opens_down_to_its_items(desk):
    ItemVersion.objects.filter(pk=desk.item.pk).update(stationed=True, window_authorised=True, undertaken_by="审批科")
    secret, far = build.item(desk.city, name="涉密许可"), build.item(desk.city, name="远郊许可")
    ItemVersion.objects.filter(pk=secret.pk).update(unstationed_ground="涉及国家秘密")
    ItemVersion.objects.filter(pk=far.pk).update(unstationed_ground="窗口不够")
    page = desk.client("list_office").get("/lists/reforms")
    row, _ = page.context["rows"][0]
    assert (row.items, row.exempt, row.stationed.n, row.stationed.of) == (
        3,
        1,
        1,
        2,
    ) and "<svg" in page.content.decode()
    behind = (
        desk.client("list_office").get(f"/lists/reforms/stationed?department={desk.department.pk}").content.decode()
    )
    assert "不进分母：涉及国家秘密" in behind and "未进驻：窗口不够" in behind


def test_the_share_on_the_spot_comes_from_real_cases_and_the_export_is_on_record(desk):
    with time_machine.at(moment("2026-03-03")):
        quick = (
            build.application(desk.city, desk.item)
            .received(moment("2026-03-02"))
            .accepted(moment("2026-03-02", "11:00"))
        )
        quick.reviewed(moment("2026-03-02", "14:00")).granted(moment("2026-03-02", "15:00"))
        slow = (
            build.application(desk.city, desk.item)
            .received(moment("2026-03-02"))
            .accepted(moment("2026-03-02", "11:30"))
        )
        slow.reviewed(moment("2026-03-02", "14:30")).granted(moment("2026-03-03", "09:30"))
        client = desk.client("supervisor", everywhere=True)
        page = client.get("/lists/reforms")
        assert (page.context["spot"].on_the_spot, page.context["spot"].decided) == (1, 2)
        listed = client.get("/lists/reforms/on_the_spot").content.decode()
        assert quick.file.called in listed and slow.file.called in listed
        assert client.get("/lists/reforms?form=xlsx").headers["Content-Type"].startswith("application/vnd.openxml")
    assert Record.objects.filter(kind="export", about="改革成效").exists()


def test_a_word_is_added_found_by_and_taken_back_on_record(desk):
    office = desk.client("list_office")
    assert not search("管道煤", at=MONDAY).rows or search("管道煤", at=MONDAY).approximate
    assert (
        office.post("/lists/registers/words", {"word": "管道煤", "official": "燃气经营", "do": "save"}).status_code
        == 302
    )
    assert [row.name for row in search("管道煤", at=MONDAY).rows] == ["燃气经营许可证核发"]
    number = Synonym.objects.get(word="管道煤").pk
    listed = office.get("/lists/registers/words?q=管道煤").content.decode()
    assert '<td data-label="正式的说法">燃气经营</td>' in listed and f'name="key" value="{number}"' in listed
    asked = office.post("/lists/registers/words", {"key": number, "do": "remove"})
    assert "要删除这一条吗" in asked.content.decode() and Synonym.objects.filter(pk=number).exists()
    office.post("/lists/registers/words", {"key": number, "do": "remove_for_good"})
    assert not Synonym.objects.filter(pk=number).exists()
    said = Record.objects.filter(key="word:管道煤").order_by("id").values_list("what", flat=True)
    assert list(said) == ["新增平常说法", "删除平常说法"]


def test_kinds_are_a_table_and_one_that_is_used_stays(desk):
    office = desk.client("list_office")
    office.post(
        "/lists/registers/kinds", {"code": "agreement", "name": "行政协议", "on_application": "on", "do": "save"}
    )
    assert PowerKind.objects.get(code="agreement").on_application
    again = office.post("/lists/registers/kinds", {"code": "agreement", "name": "行政许可", "do": "save"})
    assert again.status_code == 422 and "已经有了" in again.content.decode() and "同名" in again.content.decode()
    used = office.post(
        "/lists/registers/kinds", {"key": "administrative_licence", "do": "remove_for_good"}, follow=True
    )
    assert "不能删除" in used.content.decode() and PowerKind.objects.filter(code="administrative_licence").exists()
    read = office.post("/lists/registers/kinds", {"key": "agreement", "do": "remove"}).context["removing_seen"]
    upkeep_form = {"key": "agreement", "code": "agreement", "name": "行政协议（改）", "do": "save"}
    assert office.post("/lists/registers/kinds", upkeep_form).status_code == 302
    gone = {"key": "agreement", "do": "remove_for_good", "seen": read}
    late = office.post("/lists/registers/kinds", gone, follow=True).content.decode()
    assert "没有删除" in late and "行政协议（改）" in late and PowerKind.objects.filter(code="agreement").exists()
    for name in ("basics", "negative"):
        assert office.post(f"/lists/registers/{name}", {"do": "save"}).status_code == 422
    assert desk.client("reviewer").get("/lists/registers/kinds").status_code == 409


def test_a_line_of_the_negative_list_changes_from_now_on_and_its_past_stays(desk):
    office, region = desk.client("list_office"), desk.department.region_id
    line = {"region": region, "number": "1", "sector": "燃气", "measure": "with_leave", "text": "未经许可不得经营", "basis": "条例",
            "document": "发〔2026〕1号", "items": desk.item.item.code, "do": "save"}  # fmt: skip
    assert office.post("/lists/registers/negative", line).status_code == 302
    with time_machine.at(moment("2026-03-09")):
        office = desk.client("list_office")
        assert (
            office.post("/lists/registers/negative", line | {"key": f"{region}:1", "text": "改过的措施"}).status_code
            == 302
        )
        now = Client().get("/powers/negative").content.decode()
        then = Client().get("/powers/negative?on=2026-03-05").content.decode()
    assert "改过的措施" in now and "未经许可不得经营" in then and "改过的措施" not in then


def test_a_verdict_becomes_a_proposal_and_running_cases_are_told_of(desk):
    other = build.city()
    theirs = build.item(other, name="燃气经营许可证核发")
    only = build.item(desk.city, name="诚信承诺登记")
    build.application(desk.city, only).received(moment("2026-02-26")).accepted(moment("2026-02-27"))
    keeper = build.holder(desk.department, "编办", "list_office")
    number = comparing.compare(desk.department.region_id, [other.department.region_id], by=keeper.account, at=MONDAY)
    finding = next(row for row in comparing.findings(number, "only_ours", limit=9) if row.ours.name == "诚信承诺登记")
    client = desk.client_of(keeper)
    here = f"/lists/comparisons/{number}?kind=only_ours"
    client.post(here, {"finding": finding.id, "verdict": "cancel", "reason": "没有法律依据"})
    assert "在办 1 件（已受理 1，未受理 0）" in client.get(here).content.decode()
    slipped = client.post(here, {"finding": finding.id, "verdict": "", "reason": "写了一半"}).content.decode()
    assert 'value="写了一半"' in slipped
    late = client.post(here, {"finding": finding.id, "verdict": "keep", "reason": "要留", "seen": finding.version})
    text = late.content.decode()
    assert late.status_code == 422 and "怎样处理：拟取消" in text and 'value="要留"' in text
    assert comparing.finding(finding.id).verdict == "cancel"
    answer = client.post(here, {"finding": finding.id, "do": "propose"})
    matter = int(answer.url.rsplit("/", 1)[1])
    line = next(row for row in lists.proposals(matter) if row.code == only.item.code)
    assert (line.disposition, line.reason) == ("cancel", "没有法律依据") and "跨地区比较" in line.ground
    assert client.post(here, {"finding": finding.id, "do": "propose"}).url == answer.url  # twice is once
    assert verdicts.running(only.item.code).accepted == 1 and theirs.pk


def situated(desk):
    for n, (question, name) in enumerate(
        (("店面？", "自有"), ("店面？", "租来的"), ("谁来办？", "本人"), ("谁来办？", "代办"))
    ):
        Scenario.objects.create(version=desk.item, position=n, question=question, name=name)
    Material.objects.create(version=desk.item, position=7, name="租赁合同", scenarios=["租来的"])
    Material.objects.create(version=desk.item, position=8, name="委托书", scenarios=["代办"])
    return desk.item.item.code


def test_the_wizard_asks_step_by_step_and_the_draft_asks_only_for_what_is_left(desk):
    code = situated(desk)
    client = desk.client_of(desk.city.citizen)
    first = client.get(f"/items/{code}/situation")
    assert "第 1 个，共 2 个" in first.content.decode()
    assert "请先选一个答案" in client.get(f"/items/{code}/situation?next=1").content.decode()
    done = client.get(f"/items/{code}/situation?a=1&a=0&next=1").content.decode()
    assert "租赁合同" in done and "委托书" not in done and "交 3 样材料" in done
    assert client.get(f"/items/{code}/situation?a=99&a=x").status_code == 200
    assert (
        client.get(f"/items/{code}/guide.pdf?a=1&a=0").content != client.get(f"/items/{code}/guide.pdf?a=0&a=0").content
    )
    draft = client.post(
        f"/items/{code}/apply", {"a": ["1", "0"], "form_key": "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e91"}
    ).url
    page = client.get(draft).content.decode()
    assert "租赁合同" in page and "委托书" not in page
    client.post(draft, {"situation-0": "0", "situation-1": "1", "do": "save"})
    page = client.get(draft).content.decode()
    assert "委托书" in page and "租赁合同" not in page
    client.post(draft, {"situation-0": "0", "situation-1": "", "do": "save"})
    assert "还没有回答：谁来办？" in client.get(f"{draft}/review").content.decode()


def test_the_situation_stays_with_the_case_and_its_journal(desk):
    situated(desk)
    form = build.FORM | {"scenario": "租来的\n本人"}
    walk = build.Walk(desk.city, desk.item)
    with time_machine.at(MONDAY):
        walk.drafted(MONDAY, form=form)
        from xiaoneng.approval.actions import apply

        apply.submit(walk.matter, by=desk.city.citizen, at=MONDAY, key=None)
    said = matters.journal(walk.matter)[0].facts["what"]
    assert said["situation"] == ["租来的", "本人"]
    shown = desk.client_of(desk.city.clerk).get(f"/desk/cases/{walk.file.called}")
    assert shown.status_code == 200 and "租来的；本人" in shown.content.decode()


def test_a_notice_asks_for_nothing_that_another_situation_needs(desk):
    situated(desk)
    walk = build.Walk(desk.city, desk.item)
    walk.drafted(MONDAY, form=build.FORM | {"scenario": "租来的\n本人", "papers": "0,1,7"}, files=False).received(
        MONDAY
    )
    shown = desk.client_of(desk.city.clerk).get(f"/desk/cases/{walk.file.called}").content.decode()
    assert 'name="want-7"' in shown and 'name="want-8"' not in shown
    lacks = [accept.Lack("没有提交", "", "", slot) for slot in ("7", "8")]
    with pytest.raises(Obstructed, match=r"^申请人的情形不需要“委托书”。$"):
        walk.do(accept.request_correction, MONDAY, desk.city.clerk, lacks=lacks)


def test_a_seasonal_service_stays_visible_and_says_when_it_opens(desk):
    ItemVersion.objects.filter(pk=desk.item.pk).update(season="每年 6 月 1 日至 7 月 15 日")
    page = desk.client_of(desk.city.citizen).get(f"/items/{desk.item.item.code}").content.decode()
    assert "下一次从 2026 年 6 月 1 日起" in page and "disabled" in page
    assert "不在受理期" in Client().get("/search?q=燃气").content.decode()
    with pytest.raises(Obstructed, match="6 月 1 日"):
        build.Walk(desk.city, desk.item).received(MONDAY)


def test_a_department_is_found_by_its_new_name_and_closes_only_when_nothing_hangs_on_it(desk):
    admin = desk.client("system_administrator", everywhere=True)
    row = desk.department
    form = {
        "name": "城乡建设委",
        "code": row.code,
        "sign": row.sign,
        "region": row.region_id,
        "phone": "",
        "address": "",
    }
    assert admin.post(f"/manage/organisation/department/{row.pk}", form).status_code == 302
    assert [line.department for line in search("城乡建设委", at=MONDAY).rows] == ["城乡建设委"]
    build.application(desk.city, desk.item).received(moment("2026-02-26"))
    refused = admin.post(f"/manage/organisation/department/{row.pk}/close", {"reason": ""})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert all(words in page for words in ("1 个事项", "1 件没有办结", "个任职", "还没有写明依据"))
    spare = Department.objects.create(region=row.region, code="SPARE", name="撤并办", sign="安撤")
    assert (
        admin.post(f"/manage/organisation/department/{spare.pk}/close", {"reason": "机构改革方案"}).status_code == 302
    )
    spare.refresh_from_db()
    assert spare.closed_on is not None and Record.objects.filter(key=f"department:{spare.pk}", what="撤销部门").exists()
    assert content_of(desk.item.pk).name and Item.objects.exists() and Holding.objects.exists()
