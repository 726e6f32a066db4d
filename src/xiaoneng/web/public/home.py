"""The hall's front page, and the city's figures of today."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from xiaoneng.approval import reads as approval
from xiaoneng.approval.joint import themes as joint_themes
from xiaoneng.catalogue import search as catalogue
from xiaoneng.kit import clock
from xiaoneng.org import announcements
from xiaoneng.org import reads as org
from xiaoneng.rules.milestones import FOR_PEOPLE
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import reads as supervision
from xiaoneng.web import in_force
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.public import life
from xiaoneng.web.public.counted import once_in

EXAMPLES = ("开一家小吃店", "提取公积金付房租", "老人办高龄津贴")
EVERYWHERE = org.Reach(True, frozenset())
THEMES, DEPARTMENTS, RED_LINES, NEWS, TOGETHER = 8, 12, 50, 4, 4
CATALOGUE_SECONDS, FIGURES_SECONDS = 30.0, 1.0


@policy(Policy.PUBLIC)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the hall's front page."""
    now = clock.now()
    shown = {
        "examples": [{"text": text, "url": found_by(q=text)} for text in EXAMPLES],
        "figures": once_in(FIGURES_SECONDS, "figures", lambda: figures(now)),
        "city_short": in_force.values()["city"].removesuffix("市"),
        "updated_at": now,
        **once_in(CATALOGUE_SECONDS, "home", lambda: _catalogue(now)),
        **_own(request),
    }
    return render(request, "public/home.html", {"home": shown})


@policy(Policy.PUBLIC)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show today's figures by department, and what is late, without naming anybody who applied."""
    now = clock.now()
    shown = once_in(FIGURES_SECONDS, "today", lambda: _today(now))
    return render(request, "public/today.html", {"today": shown, "updated_at": now})


def found_by(**chosen: object) -> str:
    """Return the address of a search."""
    return f"{reverse('public:search')}?{urlencode({name: value for name, value in chosen.items() if value})}"


def figures(now: datetime) -> list[dict[str, Any]]:
    """Return today's figures, each with where it is told in detail."""
    rows = supervision.by_department(EVERYWHERE, now, FOR_PEOPLE)
    at, behind = reverse("public:today"), reverse("public:today_cases")
    red = sum(row.red for row in rows)
    told = (
        ("今日受理", "accepted", sum(row.accepted_today for row in rows)),
        ("今日决定", "decided", sum(row.decided_today for row in rows)),
        ("正在办理", "open", sum(row.total for row in rows)),
        ("将到期", "yellow", sum(row.yellow for row in rows)),
    )
    counted = [
        {"label": label, "count": count, "url": f"{at}#departments", "cases": f"{behind}?only={only}"}
        for label, only, count in told
    ]
    late = {"label": "超期未结", "count": red, "light": "red", "url": f"{at}#late", "cases": f"{behind}?only=red"}
    return [*counted, late]


def _today(now: datetime) -> dict[str, Any]:
    rows = supervision.by_department(EVERYWHERE, now, FOR_PEOPLE)
    return {
        "figures": figures(now),
        "departments": sorted(rows, key=lambda row: (-row.red, -row.total, row.name)),
        "late": supervision.red_now(EVERYWHERE, now, RED_LINES, FOR_PEOPLE),
        "late_total": sum(row.red for row in rows),
    }


def _catalogue(now: datetime) -> dict[str, Any]:
    departments = catalogue.counts_by_department(now)
    themes = catalogue.themes(now)
    people, firms = (catalogue.total(now, who) for who in ("person", "enterprise"))
    return {
        "news": [
            {"title": each.title, "day": each.since, "url": reverse("public:announcement", args=[each.id])}
            for each in announcements.shown(local_day(now), NEWS)
        ],
        "together": [
            {
                "name": each.name,
                "text": f"{len(each.items)} 个事项，全程 {each.days} 个工作日",
                "url": reverse("public:theme", args=[each.code]),
            }
            for each in joint_themes.themes(now)
            if each.stage is None
        ][:TOGETHER],
        "departments": [
            {"name": each.name, "count": each.n, "url": found_by(department=each.key)}
            for each in departments[:DEPARTMENTS]
        ],
        "departments_url": f"{reverse('public:search')}#departments",
        "departments_total": len(departments),
        "departments_long": any(len(each.name) > 12 for each in departments[:DEPARTMENTS]),
        "person_themes": _themes(themes, "person", life.PERSON),
        "person_url": found_by(who="person"),
        "person_total": people,
        "business_themes": _themes(themes, "enterprise", life.BUSINESS),
        "business_url": found_by(who="enterprise"),
        "business_total": firms,
    }


def _themes(themes: tuple[catalogue.Theme, ...], who: str, order: tuple[str, ...]) -> list[dict[str, Any]]:
    own = [each for each in themes if each.who == who]
    return [
        {
            "name": each.name.partition("（")[0],
            "text": "、".join(each.examples),
            "url": found_by(who=who, theme=each.name),
        }
        for each in life.in_order(own, order, THEMES)
    ]


def _own(request: HttpRequest) -> dict[str, Any]:
    if not request.user.is_authenticated:
        return {}
    rows = approval.lines_of(approval.visible_to_applicant(int(request.user.pk)))
    return {
        "my_open": sum(not row.draft and not row.closed for row in rows),
        "my_drafts": sum(row.draft for row in rows),
    }
