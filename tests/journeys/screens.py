"""The two screens every page is looked at on."""

from playwright.sync_api import Page

WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def fits(page: Page) -> bool:
    """Tell whether a page needs no sideways scrolling."""
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
