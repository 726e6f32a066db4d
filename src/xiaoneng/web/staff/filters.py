"""The filters of a worklist as they stand in the address, and as the chips and menus that change them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from xiaoneng.approval.worklists import DONE, FREE, LIGHTS, MINE, Choice, Wanted, Worklist
from xiaoneng.rules.limits import Light

DESK, ALL = "desk", "all"  # how a list is called where another page remembers it
LONGEST = 60
WHOSE = {MINE: "我领办的", FREE: "还没人领办", "others": "别人领办的"}
_MENUS = {"whose": "领办人", "step": "环节", "item": "事项", "department": "部门"}


def wanted(query: QueryDict, *, everything: bool) -> Wanted:
    """Return what an address asks for; what makes no sense in it is left out."""
    light, whose = query.get("light", ""), query.get("whose", "")
    return Wanted(
        everything=everything,
        light=light if light in LIGHTS else "",
        step=query.get("step", "").strip()[:40],
        department=_number(query.get("department", "")),
        item=_number(query.get("item", "")),
        whose=whose if whose in (MINE, FREE) else "",
        words=query.get("q", "").strip()[:LONGEST],
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def query_of(asked: Wanted) -> str:
    """Return the query part of the address of a list, always in the same order."""
    pairs = {
        "light": asked.light, "whose": asked.whose, "step": asked.step, "item": asked.item or "",
        "department": asked.department or "", "q": asked.words,
    }  # fmt: skip
    return urlencode({name: value for name, value in pairs.items() if value})


def address(asked: Wanted) -> str:
    """Return the address of a list."""
    query = query_of(asked)
    return reverse("staff:all" if asked.everything else "staff:worklist") + (f"?{query}" if query else "")


def place(asked: Wanted) -> str:
    """Return a list as a case remembers which one it was opened from."""
    return f"{ALL if asked.everything else DESK}?{query_of(asked)}"


def from_place(text: str) -> Wanted | None:
    """Return the list that a case remembers, or nothing if it was opened on its own."""
    which, _, query = text[:800].partition("?")
    return wanted(QueryDict(query), everything=which == ALL) if which in (DESK, ALL) else None


@dataclass(frozen=True, slots=True)
class Menu:
    """One filter: what is chosen, how to lift it, and what else there is to choose."""

    name: str
    label: str
    chosen: str
    off_url: str
    options: tuple[dict[str, Any], ...]


def menus(asked: Wanted, found: Worklist) -> tuple[Menu, ...]:
    """Return the filters beside the lights."""
    shown = [_menu(asked, name, found.choices[name]) for name in _MENUS]
    return tuple(menu for menu in shown if menu.chosen or len(menu.options) > 1)


def _menu(asked: Wanted, name: str, choices: tuple[Choice, ...]) -> Menu:
    value = getattr(asked, name)
    named = {each.key: WHOSE.get(each.key, each.label) for each in choices}
    options = tuple(
        {
            "label": named[each.key], "count": each.count, "on": each.key == str(value or ""),
            "url": address(replace(asked, **{name: type(value)(each.key)})),
        }
        for each in choices
        if each.key and not (name == "whose" and each.key == "others")
    )  # fmt: skip
    chosen = (named.get(str(value)) or WHOSE.get(str(value)) or "选定的") if value else ""
    return Menu(name, _MENUS[name], chosen, address(asked.without(name)), options)


def tabs(asked: Wanted, found: Worklist) -> list[dict[str, Any]]:
    """Return the lights with their counts; closed cases only where a search finds them."""
    counts = {each.key: each.count for each in found.choices["light"]}
    rows: list[dict[str, Any]] = [{"light": "", "label": "全部", "count": sum(counts.values()), "key": ""}]
    rows += [{"light": each, "label": _word(each), "count": counts.get(each, 0), "key": each} for each in LIGHTS]
    return [
        row | {"url": address(replace(asked, light=row["key"])), "current": row["key"] == asked.light}
        for row in rows
        if row["key"] != DONE or asked.words or asked.light == DONE
    ]


def _word(light: str) -> str:
    return "已办结" if light == DONE else Light(light).word
