"""A case turns red before the supervisor's eyes, is urged, carded, appealed, and its card withdrawn, in a real browser."""

import time

from screens import PHONE, WIDE, fits, tells

import build
import ground
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.supervision import models


def test_a_red_case_is_urged_carded_appealed_and_its_card_withdrawn(live, visit):
    def walk():
        with time_machine.at(moment("2026-03-02")):
            case = build.Walk(live.city, live.version).received(moment("2026-03-02"))
        case.accepted(moment("2026-03-02", "11:00"))
        second = build.holder(live.city.department, "许知微", "supervisor", everywhere=True)
        from xiaoneng.people.models import Account

        return case.file.called, Account.objects.get(pk=second.account).username

    number, login = live.look(walk)
    live.logins["second"] = login

    # Red before her eyes, and carded by the platform.
    live.stand_at(moment("2026-03-12", "16:59:57"))
    board = visit("supervisor", "/supervise/")
    board.wait_for_selector(".tile-red .n a", timeout=8_000)
    board.click(".red-panel tbody a")
    assert wait_for(lambda: live.look(models.Card.objects.exists)), "the worker issues the card"

    # She urges the department.
    live.stand_at(moment("2026-03-13", "09:30"))
    board.reload()
    board.click("text=催办、督办、发牌")
    board.fill("#urge_wants", "请答复何时办结。")
    board.click("button[value=urge]")
    tells(board.locator("main"), "已催办，待答复")

    # The head finds card and notice on her worklist; answers the one and appeals against the other.
    head = visit("head", "/desk/")
    head.click("text=等您答复")
    head.click("table a:has-text('催办单')")
    head.fill("#answer_text", "今天下午办结。")
    head.click("button[value=answer]")
    tells(head.locator("main"), "已答复")
    head.goto("/desk/supervision")
    head.click("table a:has-text('超过承诺期限')")
    head.click("#move-appeal summary")
    head.fill("#appeal_text", "机房停电半天，有公告为证。")
    head.dblclick("button[value=appeal]")
    head.wait_for_selector("text=已申诉，待复核")
    address = head.url
    for size in (PHONE, WIDE):
        head.set_viewport_size(size)
        assert fits(head)

    # One supervisor proposes to withdraw it, another agrees; the points come back.
    board.goto(address)
    board.click("#move-propose_withdrawal summary")
    board.fill("#propose_withdrawal_reason", "停电属实。")
    board.click("button[value=propose_withdrawal]")
    tells(board.locator("main"), "待另一人复核")
    other = visit("second", address)
    other.fill("#withdraw_card_opinion", "同意撤牌。")
    other.click("button[value=withdraw_card]")
    tells(other.locator("main"), "已撤牌", "已恢复")
    other.goto("/supervise/cards?waits=withdrawn")
    tells(other.locator("main"), number)
    with ground.pointed_at(live.database):
        assert not models.Card.objects.get().standing


def wait_for(question, seconds: float = 40):
    end = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(0.5)
    return answer
