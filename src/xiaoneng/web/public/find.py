"""Finding what can be done: by words, with suggestions while typing, and by leafing through."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from xiaoneng.catalogue import search as catalogue
from xiaoneng.catalogue.search import Choice
from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.rules.items.seasons import closed_words
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.public.counted import once_in
from xiaoneng.web.public.guide import item_shown
from xiaoneng.web.public.home import found_by

__all__ = ["PAGE", "item_shown", "line_shown", "search", "suggest"]
PAGE = 20
SUGGESTED = 8
LONGEST = 100  # characters of a query
WHO = {"person": "个人", "enterprise": "企业和其他单位"}
LEVELS = {"0": "省级", "1": "市级", "2": "县级", "3": "乡镇级", "4": "村级"}
# The headings to choose from: its name in the address, its title, how many are offered.
FACETS = (
    ("who", "替谁办", 2), ("level", "层级", 5), ("ways", "怎么办", 2), ("theme", "办什么事", 40),
    ("department", "部门", 60), ("kind", "类型", 12),
)  # fmt: skip
WAYS = {"online": "可以网上办", "instant": "当场办结"}
COUNTED_SECONDS = 30.0


@policy(Policy.PUBLIC)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show the items that fit some words or a choice."""
    now = clock.now()
    query = request.GET.get("q", "").strip()[:LONGEST]
    choice = _choice(request)
    number = _page_number(request)
    offset = (number - 1) * PAGE
    if query:
        found = catalogue.search(query, at=now, limit=PAGE, offset=offset, choice=choice)
    else:
        found = catalogue.browse(at=now, choice=choice, limit=PAGE, offset=offset)
    # What is found by words can be leafed through as far as it was ranked; what is browsed, to its end.
    page = Paginator(range(found.reachable if query else found.total), PAGE).get_page(number)
    facets, chosen = _facets(query, choice, found, now)
    context = {
        "query": query,
        "results": [line_shown(each) for each in found.rows],
        "total": found.total + found.beside,
        "more": found.more,
        "page": page,
        "near": found.approximate,
        "also": found.also,
        "beside": found.beside,
        "words": [word for word in catalogue.like_words(query) if catalogue.search(word, at=now, limit=1).rows]
        if query and not found.rows
        else [],
        "facets": facets,
        "chosen": chosen,
        "kept": {name: value for name, value in _as_address(choice).items() if value},
    }
    return render(request, "public/search.html", context)


@policy(Policy.PUBLIC)
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Show a handful of items for what has been typed so far."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    found = catalogue.search(query, at=clock.now(), limit=SUGGESTED)
    context = {
        "query": query,
        "results": [line_shown(each) for each in found.rows],
        "total": found.total + found.beside,
    }
    answer = render(request, "public/suggest.html", context)
    answer["Cache-Control"] = "private, max-age=30"
    return answer


def _choice(request: HttpRequest) -> Choice:
    given: dict[str, Any] = {name: request.GET.get(name, "")[:60] for name in ("kind", "theme", "audience", "who")}
    department, level = request.GET.get("department", ""), request.GET.get("level", "")
    return Choice(
        department=int(department)
        if department.isascii() and department.isdecimal() and len(department) < 16
        else None,
        level=int(level) if level in LEVELS else None,
        online=request.GET.get("online") == "1",
        instant=request.GET.get("instant") == "1",
        **given,
    )


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


_NAMES = tuple(each.name for each in fields(Choice))


def _as_address(choice: Choice) -> dict[str, object]:
    chosen = {name: getattr(choice, name) for name in _NAMES}
    written = {name: 1 if value is True else value for name, value in chosen.items()}
    return written | {"level": "" if choice.level is None else str(choice.level)}


def _facets(
    query: str, choice: Choice, found: catalogue.Found, now: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Return the headings to narrow down by, and those already chosen with where to go without them."""
    if query:
        counts = catalogue.headings_of(found.ids)
    else:
        counts = once_in(COUNTED_SECONDS, ("headings", choice), lambda: catalogue.headings(now, choice))
    names = _names_of_departments(counts.get("department", {}), choice)
    offered, chosen = [], []
    for name, title, most in FACETS:
        rows = _rows(name, counts, names)
        on = _chosen(name, choice, names)
        chosen += [{"name": label, "url": _address(query, _without(choice, key))} for key, label in on]
        taken = {key for key, _ in on} if name == "ways" else set()
        left = [row for row in rows if row[0] not in taken] if name == "ways" or not on else []
        shown = [
            {"name": label, "count": n, "url": _address(query, _with(choice, name, key))}
            for key, label, n in left[:most]
        ]
        # One row that counts everything narrows nothing down.
        if shown and not (len(shown) == 1 and shown[0]["count"] == found.total + found.beside):
            offered.append({"id": f"{name}s", "title": title, "rows": shown, "exact": not found.more})
    return offered, chosen


def _rows(name: str, counts: dict[str, dict[str, int]], names: dict[int, str]) -> list[tuple[str, str, int]]:
    if name == "ways":
        return [(key, label, counts[key]["1"]) for key, label in WAYS.items() if counts.get(key)]
    known = counts.get(name, {})
    labels = {"who": WHO, "level": LEVELS, "department": {str(pk): each for pk, each in names.items()}}.get(name)
    rows = [(key, labels.get(key, "") if labels else key, n) for key, n in known.items()]
    ordered = (
        sorted(rows, key=lambda row: row[0]) if name == "level" else sorted(rows, key=lambda row: (-row[2], row[1]))
    )
    return [row for row in ordered if row[1]]


def _names_of_departments(counted: dict[str, int], choice: Choice) -> dict[int, str]:
    wanted = {int(key) for key in counted} | ({choice.department} if choice.department else set())
    return org.departments_named(wanted) if wanted else {}


def _chosen(name: str, choice: Choice, names: dict[int, str]) -> list[tuple[str, str]]:
    if name == "ways":
        return [(key, label) for key, label in WAYS.items() if getattr(choice, key)]
    value = getattr(choice, name)
    if value in (None, ""):
        return []
    if name == "department":
        return [(name, names.get(value, "没有这个部门"))]
    return [(name, {"who": WHO, "level": LEVELS}.get(name, {}).get(str(value), str(value)))]


def _with(choice: Choice, name: str, key: str) -> Choice:
    chosen: dict[str, Any] = {name: int(key) if name in ("department", "level") else key}
    return replace(choice, **({key: True} if name == "ways" else chosen))


def _without(choice: Choice, name: str) -> Choice:
    return replace(choice, **{name: getattr(Choice(), name)})


def _address(query: str, choice: Choice) -> str:
    return found_by(q=query, **_as_address(choice))


def line_shown(line: catalogue.ItemLine) -> dict[str, Any]:
    """Return a line of a list of items."""
    return {
        "url": reverse("public:item", args=[line.code]),
        "name": line.name,
        "kind": line.kind,
        "department": line.department,
        "region": line.region,
        "promised": line.promised,
        "open": line.open,
        "online": line.online,
        "closed_reason": line.closed_reason,
        "code": line.code,
        "season": closed_words(line.season, local_day(clock.now())) if line.season else "",
        "summary": "",
    }
