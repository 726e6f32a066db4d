"""A reviewer's morning in a real browser: twenty cases with the keyboard alone, and nothing typed is lost."""

import time

from playwright.sync_api import expect
from screens import PHONE, fits, tells

import build
from build import moment
from xiaoneng.approval import reads
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Entry

NOW = moment("2026-03-20", "09:30")
DAYS = ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"]


def accepted(live, count: int) -> list[str]:
    """Bring some cases to the reviewer's desk through the real moves."""

    def walk():
        numbers = []
        for n in range(count):
            at = moment(DAYS[n % len(DAYS)])
            numbers.append(build.Walk(live.city, live.version).received(at).accepted(at).file.number)
        return numbers

    return live.look(walk)


def reviews(live) -> int:
    return live.look(lambda: Entry.objects.filter(move="review", actor=live.city.reviewer.account).count())


def test_a_reviewer_closes_twenty_cases_with_the_keyboard_alone(live, visit):
    numbers = accepted(live, 21)
    live.stand_at(NOW)
    page = visit("reviewer", "/desk/")
    first = page.locator("[data-row] a[data-open]").first.get_attribute("href")
    begin = time.monotonic()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    assert page.url.endswith(first)
    for n in range(20):
        if n:
            page.locator(f".told-success >> text={previous}").wait_for()  # noqa: F821 - of the round before
        previous = page.locator(".people dd").first.inner_text()
        page.keyboard.press("g")
        page.keyboard.type(f"第 {n + 1} 件：材料真实，符合条件。")
        page.keyboard.press("Control+Enter")
    page.locator(f".told-success >> text={previous}").wait_for()
    took = time.monotonic() - begin
    assert reviews(live) == 20
    done = {n: live.look(lambda n=n: reads.load(n).state) for n in numbers}
    assert sorted(done.values()) == ["deciding"] * 20 + ["reviewing"]
    assert done[page.locator(".people dd").first.inner_text()] == "reviewing"  # the one that is left is on the page
    assert took < 600, f"{took:.0f} s"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:')).length") == 0


def test_what_is_typed_survives_a_closed_tab_and_an_expired_session(live, visit):
    (number,) = accepted(live, 1)
    live.stand_at(NOW)
    page = visit("reviewer", f"/desk/cases/{number}")
    page.keyboard.press("g")
    page.keyboard.type("写到一半的意见")
    tells(page.locator("#move-review [data-draft-word]"), "已存在本机")
    again = page.context.new_page()
    page.close()
    again.goto(f"/desk/cases/{number}")
    assert again.input_value("#move-review [name=opinion]") == "写到一半的意见"
    expect(again.locator("#move-review >> text=没有提交的内容")).to_be_visible()

    again.context.clear_cookies(name="sessionid")
    again.locator("#move-review [name=opinion]").focus()
    again.keyboard.press("Control+Enter")
    again.wait_for_url("**/login**")
    again.fill("[name=username]", live.logins["reviewer"])
    again.fill("[name=password]", build.PASSWORD)
    again.click("main form button.button")
    again.wait_for_url(f"**/cases/{number}**")
    assert again.input_value("#move-review [name=opinion]") == "写到一半的意见"
    assert reviews(live) == 0
    again.click("text=提交审查意见")
    again.locator(".told-success").wait_for()
    assert reviews(live) == 1
    assert again.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:')).length") == 0


def test_two_people_on_the_same_case_one_moves_and_the_other_keeps_her_words(live, visit):
    (number,) = accepted(live, 1)
    live.stand_at(NOW)

    def colleague():
        actor = build.holder(live.city.department, "许清和", "reviewer")
        from xiaoneng.people.models import Account

        return Account.objects.get(pk=actor.account).username

    live.logins["colleague"] = live.look(colleague)
    one, other = visit("reviewer", f"/desk/cases/{number}"), visit("colleague", f"/desk/cases/{number}")
    other.keyboard.press("g")
    other.keyboard.type("我的另一份意见")
    one.keyboard.press("g")
    one.keyboard.type("符合条件")
    one.keyboard.press("Control+Enter")
    one.locator(".told-success").wait_for()
    other.keyboard.press("Control+Enter")
    other.locator(".told-error").wait_for()
    assert "我的另一份意见" in other.inner_text("main") and "提交审查意见" not in other.inner_text("main")
    assert len(live.look(lambda: matters.journal(reads.load(number).id))) == 3


def test_keys_ticks_and_the_viewer_work_without_a_mouse_and_fit_a_phone(live, visit):
    numbers = accepted(live, 3)
    live.stand_at(NOW)
    page = visit("reviewer", "/desk/")
    page.keyboard.press("?")
    expect(page.locator("text=全部按键").last).to_be_visible()
    page.keyboard.press("Escape")
    for key in "jxjx":
        page.keyboard.press(key)
    assert page.locator("[data-bulk-count]").inner_text() == "已勾选 2 件"
    page.click("text=一起办勾选的")
    page.fill("[name=opinion]", "两件材料都真实。")
    page.dblclick("text=提交审查意见")
    page.locator("h1 >> text=办成 2 件").wait_for()
    assert reviews(live) == 2
    left = next(n for n in numbers if live.look(lambda n=n: reads.load(n).state) == "reviewing")

    page.goto("/desk/")
    page.keyboard.press("j")
    page.keyboard.press("t")  # a key of a move opens it on the page of the chosen case
    page.wait_for_url(f"**/cases/{left}**")
    expect(page.locator("#move-suspend [name=kind]")).to_be_visible()
    page.keyboard.press("Escape")
    shown = page.locator("[data-view-name]")
    before = page.locator("[data-view-count]").inner_text()
    page.keyboard.press("]")
    assert page.locator("[data-view-count]").inner_text() == "第 2 个，共 2 个" != before
    page.keyboard.press("+")
    assert page.locator("[data-picture-pane] img").evaluate("image => image.style.width") == "125%"
    assert shown.inner_text() == "材料.png"
    for path in ("/desk/", f"/desk/cases/{left}", f"/desk/bulk?case={left}", "/desk/hand-over"):
        page.goto(path)
        page.set_viewport_size(PHONE)
        assert fits(page), path
