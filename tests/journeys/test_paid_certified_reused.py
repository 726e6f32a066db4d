"""One licence from its fee to its second use: demanded, paid online, granted, verified by everybody, not asked for again."""

import time
from decimal import Decimal

from playwright.sync_api import expect
from screens import PHONE, WIDE, fits, tells

import build
from build import moment
from xiaoneng.approval import certificates, fees, reads
from xiaoneng.catalogue.models import Fee, ItemVersion, Result
from xiaoneng.jobs import time_machine

NAME = "燃气经营许可证"


def prepared(live) -> tuple[str, str]:
    """Publish the fee and the certificate of the item, walk a case to its review, and make an item that asks for it."""
    at = moment("2026-03-02", "09:00")
    version = live.version
    with time_machine.at(at):
        Fee.objects.create(
            version=version, position=0, name="工本费", low=Decimal("10.00"), high=Decimal("30.00"), unit="证",
            basis="《城镇燃气管理条例》", basis_rank="administrative_regulation",
        )  # fmt: skip
        ItemVersion.objects.filter(pk=version.pk).update(result=NAME)
        Result.objects.create(version=version, position=0, name=NAME, validity="3年")
        walk = build.Walk(live.city, version).received(at).accepted(at)
        other = build.item(live.city, materials=(NAME,), name="燃气设施改动审批")
        return walk.file.called, other.item.code


def test_paid_granted_verified_and_used_again(live, visit):
    live.stand_at(moment("2026-03-02", "10:00"))
    number, code = live.look(lambda: prepared(live))
    desk = visit("reviewer", f"/desk/cases/{number}/fees")
    tells(desk.locator("main"), "按下限收")
    desk.click("button[value=demand]")
    tells(desk.locator("main"), "缴款通知书已经开出")

    citizen = visit("citizen", f"/progress/{number}", size=PHONE)
    citizen.click("text=去缴款")
    assert fits(citizen)
    tells(citizen.locator("main"), "10.00 元")
    citizen.click("button[name=through]")
    citizen.click("button[value=fail]")
    tells(citizen.locator("main"), "没有扣款")
    citizen.click("button[name=through]")
    citizen.click("button[value=pay]")
    tells(citizen.locator("main"), "缴款成功")
    expect(citizen.locator("text=缴款收据").first).to_be_visible()
    assert [each.state for each in live.look(lambda: fees.of_case(reads.load(number).id))] == ["paid"]

    desk.goto(f"/desk/cases/{number}?open=review")
    desk.fill("#move-review [name=opinion]", "材料齐全，符合条件。")
    desk.click("#move-review button.button:not(.button-quiet)")
    head = visit("head", f"/desk/cases/{number}?open=grant", size=WIDE)
    with head.context.expect_page() as opened:
        head.click("#move-grant button:has-text('预览文书')")
    draft = opened.value
    draft.wait_for_load_state()
    tells(draft.locator("main"), "预览，还没有发出", "符合法定条件")
    assert live.look(lambda: reads.load(number).state) == "deciding"
    draft.close()
    head.click("#move-grant button.button:not(.button-quiet)")
    head.wait_for_url("**done=**")

    line = live.look(lambda: issued(number))
    anybody = visit(None, f"/verify?code={line.code}")
    tells(anybody.locator("main"), "核验通过", "有效")
    anybody.goto(f"/certificates/{line.code}")
    assert "沈*溪" in anybody.inner_text("main") and "沈若溪" not in anybody.inner_text("main")

    citizen.set_viewport_size(WIDE)
    citizen.goto(f"/items/{code}")
    citizen.click("form[action$='/apply'] button")
    tells(citizen.locator("#materials"), "我们已经有了")
    citizen.click("text=同意使用，不再上传")
    tells(citizen.locator("#materials"), "已有，不用交")
    citizen.set_viewport_size(PHONE)
    assert fits(citizen)


def issued(number: str) -> certificates.CertificateLine:
    """Wait until the worker has issued what was granted."""
    give_up = time.monotonic() + 60
    while (found := certificates.of_case(reads.load(number).id)) is None:
        assert time.monotonic() < give_up, "the worker issued no certificate"
        time.sleep(0.2)
    return found
