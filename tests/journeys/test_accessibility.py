"""Everybody can use the public pages: checked by axe, by keyboard alone, enlarged twofold, in large print, without scripts."""

from __future__ import annotations

import re

import heard
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from screens import PHONE, WIDE, cut_off, fits, tells, text_of

import build
from build import moment
from xiaoneng.approval import reads
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.web.public.today import ON_SCREEN

NOW = moment("2026-03-23", "10:24")
TWOFOLD = {"width": 640, "height": 400}  # 1280 × 800 at 200 %
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def street(live):
    """Give a city with a case in review, and the addresses of its public pages."""

    def walked():
        with time_machine.at(NOW):
            walk = build.Walk(live.city, live.version)
            walk.received(moment("2026-03-19")).accepted(moment("2026-03-20"))
            file = walk.file
            return file.called, reads.query_code(file), matters.documents(walk.matter)[0].verify_code

    number, code, document = live.look(walked)
    live.stand_at(NOW)
    item = f"/items/{live.version.item.code}"
    open_to_all = ["/", "/search?q=燃气", "/search", item, "/today", "/progress", f"/verify?code={document}", "/login"]
    more = ["/themes", "/calculator", "/powers/"]
    return [*open_to_all, *more, f"/notices/{document}", f"/progress/{number}", "/nosuch"], number, code


def findings(page) -> list[str]:
    told = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in told for node in each["nodes"]]


def prove(page, number: str, code: str) -> None:
    page.goto("/progress")
    page.fill("main [name=number]", number)
    page.fill("main [name=code]", code)
    page.click("main form button")


def voices(page, role: str) -> list[heard.Voice]:
    return [each for each in heard.voices(page) if each.role == role]


def say_results_and_refusals(page) -> None:
    """Listen to what was found and what was refused."""
    page.goto("/search?q=燃气")
    assert [each.inside for each in voices(page, "status")] == ["共 1 项"]
    page.goto("/verify?code=AAAA")
    assert "没有这个核验码" in voices(page, "alert")[0].inside
    for address, fields, title in (
        ("/login", {"username": "nobody", "password": "x"}, "没有登录成功"),
        ("/progress", {"number": "A1", "code": "AAAAAAAA"}, "没有查到"),
    ):
        page.goto(address)
        for name, value in fields.items():
            page.fill(f"main [name={name}]", value)
        page.click("main form button.button")
        page.wait_for_selector("[role=alert]")
        alert = voices(page, "alert")[0]
        assert title in alert.name and alert.more.get("focused"), "the refusal is read first"
        assert all(each.name for each in voices(page, "textbox"))
    page.goto("/")
    page.fill("#q", "燃气")
    page.wait_for_selector("#suggestions a")
    assert page.get_attribute("#suggestions", "aria-live") == "polite"


def say_what_is_wrong(page) -> None:
    """Break a page in four ways and hear all four."""
    page.goto("/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<h4>x</h4><a href=/a>y</a><a href=/b>y</a>')"
    )
    page.evaluate("document.querySelector('nav').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('#q').previousElementSibling.remove()")
    page.evaluate("document.querySelector('#q').removeAttribute('placeholder')")
    said = " ".join(heard.complaints(page))
    assert all(each in said for each in ("level 4", "a navigation without", "leads to 2", "a searchbox without")), said


def staff_miss(visit) -> dict[str, list[str]]:
    """Return what the staff's pages hide from a thumb: places of the head, columns of their tables."""
    wrong = {}
    for who, addresses in (
        ("reviewer", ("/desk/", "/desk/all", "/desk/supervision")),
        ("supervisor", ("/supervise/", "/supervise/matters", "/supervise/period", "/supervise/findings/rules")),
    ):
        page = visit(who, addresses[0], size=PHONE)
        for address in addresses:
            page.goto(address)
            places = page.locator(".shead .nav a").evaluate_all(
                "all => all.map((each) => each.getBoundingClientRect())"
            )
            beyond = [each for each in places if each["right"] > PHONE["width"] or each["height"] < 44]
            found = [*cut_off(page), *(["a place beyond the edge, or too low for a thumb"] if beyond else [])]
            found += findings(page) if address == addresses[0] else []
            if found or not places:
                wrong[f"{who} {address}"] = found
    page.goto("/desk/all")
    numbers = page.locator("tbody tr[data-row] td.date[title]")
    assert numbers.first.is_visible() and numbers.first.inner_text() == numbers.first.get_attribute("title")
    page.evaluate("document.querySelector('table').classList.remove('is-cards')")
    assert cut_off(page), "a table that is cut off is seen"
    return wrong


def test_axe_finds_nothing_everything_is_heard_and_nothing_scrolls_sideways(street, visit):
    addresses, number, code = street
    wrong = {}
    page = visit(None, "/")
    prove(page, number, code)
    for address in addresses:
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            page.goto(address)
            found = findings(page) if size is WIDE or address in addresses[:4] else []
            found += heard.complaints(page) if size is WIDE else []
            if found or not fits(page):
                wrong[f"{address} {size['width']}"] = found or "scrolls sideways"
        page.set_viewport_size(TWOFOLD)
        if not fits(page):
            wrong[f"{address} at 200 %"] = "scrolls sideways"
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.click("[data-large]")  # large print, on a phone at that
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    for address in addresses:
        page.goto(address)
        if not fits(page):
            wrong[f"{address} in large print"] = "scrolls sideways"
    wrong |= staff_miss(visit)
    assert wrong == {}, wrong
    say_results_and_refusals(page)
    say_what_is_wrong(page)


def test_with_the_keyboard_alone_from_the_front_page_to_the_guide(street, visit):
    page = visit(None, "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"  # the way past the header comes first
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    outline = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow"
    )
    assert "none" not in outline.split("rgb")[0], "the focus is seen"
    page.keyboard.type("燃气")
    page.wait_for_selector("#suggestions a")
    page.keyboard.press("ArrowDown")
    assert "燃气经营许可证核发" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "q" and page.locator("#suggestions a").count() == 0
    page.keyboard.type("经营")
    page.wait_for_selector("#suggestions a")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/*")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "登录后在线申请":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/login\?next="))


def test_without_scripts_everything_is_found_narrowed_down_and_read(street, visit):
    _, number, code = street
    page = visit(None, "/", size=PHONE, scripts=False)
    page.fill("#q", "燃汽经营")
    page.click("form.search button")
    tells(page.locator("main"), "没有完全一样的")
    page.goto("/search?q=rqjyxkz")
    page.click("main h3 a")
    told = text_of(page)
    assert "准备材料" in told
    tells(page.locator(".promise .big"), "8")
    assert page.locator("text=打印指南").is_hidden()
    expect(page.locator("text=下载 PDF")).to_be_visible()
    page.click("text=大字版")
    assert page.locator("html.large").count() == 1
    prove(page, number, code)
    tells(page.locator("main"), "逐日")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_big_screen_with_all_its_rows_fits_on_the_wall(live, street, visit, width, height):
    page = visit(None, "/today/screen", size={"width": width, "height": height})
    page.evaluate(f"""() => {{
      const body = document.querySelector('.screen-table tbody');
      while (body.rows.length < {ON_SCREEN}) body.append(body.rows[0].cloneNode(true));
    }}""")
    bottom = page.evaluate("document.querySelector('#screen').getBoundingClientRect().bottom")
    assert 0.9 * height < bottom <= height, "what is there is as large as it can be and all of it is seen"
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    page.goto("/")
    assert [each.name for each in voices(page, "heading") if each.name.startswith("今天的")]


def test_a_hash_in_a_document_breaks_on_a_phone(street, visit):
    addresses, *_ = street
    page = visit(None, next(each for each in addresses if each.startswith("/notices/")), size=PHONE)
    row = f"<table><tr><th scope=row>证据摘要</th><td>{'4f' * 32}</td></tr></table>"
    page.evaluate("(row) => document.querySelector('.sheet-a4 .body').insertAdjacentHTML('beforeend', row)", row)
    assert fits(page)
