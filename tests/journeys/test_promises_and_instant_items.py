"""Documents that come later, from home; and an item received, decided and closed on one page at the window."""

from playwright.sync_api import expect
from screens import PHONE, fits, tells, text_of

import build
from build import moment
from xiaoneng.catalogue import actions as catalogue
from xiaoneng.catalogue import reads
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.matters.models import Entry
from xiaoneng.org.models import Holding, Role

SIGNED_FOR = "[name=name]"


def items_of(live) -> tuple[str, str]:
    """Add an item with a material that may come later, and one that is settled on the spot."""

    def add() -> tuple[str, str]:
        later = build.item(live.city, materials=("申请书", "卫生管理制度"), name="公共场所卫生许可")
        later.materials.filter(position=1).update(deferrable=True, deferred_days=4)
        spot = build.item(live.city, steps=(), materials=("身份证明",), promised=0, name="营业执照遗失补领")
        ItemVersion.objects.filter(pk=spot.pk).update(case_type="即办件")
        Holding.objects.create(
            account_id=live.city.clerk.account, role=Role.objects.get(code="chief_representative"),
            department=live.city.department, during=(build.LONG_AGO, None), authority="授权书〔2026〕9号",
        )  # fmt: skip
        catalogue.index_versions([later.pk, spot.pk])
        reads.plan.cache_clear()
        return later.item.code, spot.item.code

    return live.look(add)


def test_documents_come_later_and_an_instant_item_is_settled_on_one_page(live, visit):
    live.stand_at(moment("2026-03-02", "10:00"))
    later, spot = items_of(live)

    home = visit("citizen", f"/items/{later}")
    home.click("text=在线申请")
    home.fill("[name=contact]", "沈若溪")
    home.fill("[name=content]", "申请办理茶饮店卫生许可。")
    image = {"name": "申请书.png", "mimeType": "image/png", "buffer": build.picture().getvalue()}
    home.set_input_files("#file-0", image)
    home.check("[name=later]")
    home.set_viewport_size(PHONE)
    assert fits(home)
    home.click("button:has-text('下一步：核对')")
    expect(home.locator("text=还没有作出补交承诺")).to_be_visible()
    home.go_back()
    home.check("[name=later]")
    home.check("input[name=promise]")
    home.set_input_files("#file-0", image)
    home.click("button:has-text('下一步：核对')")
    home.click("main button:has-text('提交')")
    number = text_of(home)
    assert "卫生管理制度" not in number

    desk = visit("clerk", "/desk/")
    desk.click("text=公共场所卫生许可")
    desk.click("#move-accept summary")
    desk.click("text=受理并发通知书")
    desk.get_by_text("容缺受理通知书").first.wait_for()
    desk.click("main a:has-text('公共场所卫生许可')")
    desk.locator("#promised").wait_for()
    tells(desk.locator("#promised"), "卫生管理制度", "3月6日")

    home.goto("/mine")
    home.click("text=公共场所卫生许可")
    home.click("text=去补交")
    home.set_input_files("#file-1", {**image, "name": "制度.png", "buffer": build.picture().getvalue()})
    home.click("text=提交补交的材料")
    expect(home.locator("text=补交的材料已经收到")).to_be_visible()
    assert fits(home)

    desk.goto(f"/desk/intake/{spot}")
    for name, value in build.FORM.items():
        if name in ("name", "identity", "contact", "phone", "content"):
            desk.fill(f"[name={name}]", value)
    desk.check("[name=papers]")
    assert fits(desk)
    desk.click("text=收件并当场办结")
    desk.wait_for_load_state()
    expect(desk.locator("text=已办结").first).to_be_visible()

    def done() -> list[str]:
        rows = Entry.objects.filter(matter__title="营业执照遗失补领").order_by("seq")
        return list(rows.values_list("move", flat=True))

    assert live.look(done) == ["submit", "accept", "grant", "deliver"]
