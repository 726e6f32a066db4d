"""The two screens every page is looked at on."""

from playwright.sync_api import Locator, Page, expect

WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def tells(place: Locator, *words: str) -> None:
    """Wait until a place says each of these words; raises where it does not.

    A click returns when the next page has begun, not when it is there.
    """
    for each in words:
        expect(place).to_contain_text(each, use_inner_text=True)


def text_of(page: Page, place: str = "main") -> str:
    """Return what a place says once its page is there."""
    page.wait_for_load_state()
    return page.inner_text(place)


def fits(page: Page) -> bool:
    """Tell whether a page needs no sideways scrolling."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def cut_off(page: Page) -> list[str]:
    """Return what has more to its right than it shows: it is found only by who thinks of scrolling it sideways."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("*")].filter((each) =>
            ["auto", "scroll", "hidden"].includes(getComputedStyle(each).overflowX) && each.clientWidth > 1
            && each.matches("nav, .frame, .scroll, table") && each.scrollWidth > each.clientWidth + 1)
            .map((each) => each.className + " " + each.scrollWidth + " > " + each.clientWidth)"""
    )
    return found
