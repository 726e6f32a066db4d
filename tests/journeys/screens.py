"""The two screens every page is looked at on."""

from playwright.sync_api import Page

WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def fits(page: Page) -> bool:
    """Tell whether a page needs no sideways scrolling."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
