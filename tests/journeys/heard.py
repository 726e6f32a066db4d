"""What somebody hears who cannot see the page: Chromium's own accessibility tree, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

LANDMARKS = {"main", "navigation", "banner", "contentinfo", "search", "complementary", "region", "form"}
NAMED = {"navigation", "search", "complementary", "region"}
PRESSED = {
    "button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "Date", "slider",
    "tab", "menuitem", "DisclosureTriangle", "Iframe",
}  # fmt: skip


@dataclass
class Voice:
    """One node that is spoken: what it is, what it is called, in which landmark it stands."""

    role: str
    name: str
    landmark: str
    more: dict[str, Any] = field(default_factory=dict)
    inside: str = ""


def voices(page: Page) -> list[Voice]:
    """Return everything spoken on a page, in order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    known = {node["nodeId"]: node for node in nodes}
    return list(_read(nodes[0], known, ""))


def _read(node: dict, known: dict[str, dict], landmark: str) -> Iterator[Voice]:
    role, name = node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "").strip()
    children = [known[each] for each in node.get("childIds", []) if each in known]
    if not node.get("ignored"):
        if role in LANDMARKS:
            landmark = f"{role} {name}"
        more = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
        yield Voice(role, name, landmark, more, _text(children, known) if role in ("status", "alert") else "")
    for child in children:
        yield from _read(child, known, landmark)


def _text(nodes: list[dict], known: dict[str, dict]) -> str:
    return "".join(
        node["name"]["value"] if node.get("role", {}).get("value") == "StaticText"
        else _text([known[each] for each in node.get("childIds", []) if each in known], known)
        for node in nodes
    )  # fmt: skip


def complaints(page: Page) -> list[str]:
    """Return what would leave somebody lost who hears this page; a notice is a paper and has no head and foot of the site."""
    told = voices(page)
    around = ("main",) if "/notices/" in page.url else ("main", "contentinfo", "banner")
    return [*_headings(told), *_landmarks(told, around), *_nameless(told), *_alike(told)]


def _headings(told: list[Voice]) -> Iterator[str]:
    levels = [int(each.more["level"]) for each in told if each.role == "heading"]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of the first level"
    yield from (f"a heading of level {low} after one of {high}" for high, low in pairwise(levels) if low > high + 1)
    yield from ("a heading without words" for each in told if each.role == "heading" and not each.name)


def _landmarks(told: list[Voice], around: tuple[str, ...]) -> Iterator[str]:
    found = [each for each in told if each.role in LANDMARKS and (each.name or each.role != "form")]
    roles = [each.role for each in found]
    yield from (f"{roles.count(one)} × {one}" for one in around if roles.count(one) != 1)
    if "navigation" not in roles:
        yield "no navigation"
    yield from (f"a {each.role} without a name" for each in found if each.role in NAMED and not each.name)
    names = [each.landmark for each in found]
    yield from (f"two landmarks are called {each}" for each in sorted(set(names)) if names.count(each) > 1)


def _nameless(told: list[Voice]) -> Iterator[str]:
    yield from (
        f"a {each.role} without a name in {each.landmark}" for each in told if each.role in PRESSED and not each.name
    )


def _alike(told: list[Voice]) -> Iterator[str]:
    leads = defaultdict(set)
    for each in told:
        if each.role == "link":
            leads[each.landmark, each.name].add(each.more.get("url"))
    yield from (f"“{name}” leads to {len(to)} places in {where}" for (where, name), to in leads.items() if len(to) > 1)
