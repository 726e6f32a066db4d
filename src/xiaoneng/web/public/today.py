"""Today's figures for everybody: the cases behind them without a name, and the board on the big screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.milestones import FOR_PEOPLE
from xiaoneng.supervision import reads
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.public.counted import once_in

EVERYWHERE = org.Reach(True, frozenset())
PAGE, ON_SCREEN, SECONDS = 50, 12, 1.0
ONLY = {"accepted": "今天受理", "decided": "今天办结", "open": "正在办理"} | {each.value: each.word for each in Light}


@policy(Policy.PUBLIC)
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases behind a figure, without naming anybody who applied and without numbers."""
    now = clock.now()
    asked, department = request.GET.get("only", ""), request.GET.get("department", "")
    only = asked if asked in ONLY else "open"
    if only in ("accepted", "decided"):
        rows = reads.done_today(EVERYWHERE, now, only, FOR_PEOPLE)
    else:
        rows = reads.visible_to_supervisor(EVERYWHERE, FOR_PEOPLE)
        rows = rows.filter(matters.having_light(Light(only), now)) if only != "open" else rows
    names: dict[int, str] = {}
    if department.isascii() and department.isdigit() and len(department) < 10:
        names = org.departments_named([int(department)])
        rows = rows.filter(department_id=int(department))
    page = Paginator(rows.select_related("department").order_by("red_at", "id"), PAGE).get_page(request.GET.get("page"))
    shown = {
        "title": ONLY[only],
        "place": names.get(int(department), "") if names else "全市",
        "total": page.paginator.count,
        "rows": [_row(row, now) for row in page.object_list],
    }
    return render(request, "public/today_cases.html", {"cases": shown, "page": page, "updated_at": now})


def _row(row: Any, now: datetime) -> dict[str, Any]:
    light = "done" if row.closed else light_at(row.yellow_at, row.red_at, row.paused, now).value
    return {
        "light": light, "title": row.title, "department": row.department.name, "step": row.step_name,
        "since": row.red_at if light == "red" else None,
    }  # fmt: skip


@policy(Policy.PUBLIC)
@require_GET
def screen(request: HttpRequest) -> HttpResponse:
    """Show the board for a big screen in a hall."""
    page = render(request, "public/screen.html", {"screen": _screen(clock.now())})
    page["Refresh"] = "60"  # a screen on the wall mends itself after a night without network, and needs no scripts
    return page


@policy(Policy.PUBLIC)
@require_GET
def screen_now(request: HttpRequest) -> HttpResponse:
    """Answer a big screen that asks each second with its figures."""
    return render(request, "public/screen_body.html", {"screen": _screen(clock.now())})


def _screen(now: datetime) -> dict[str, Any]:
    rows = once_in(SECONDS, "screen", lambda: reads.by_department(EVERYWHERE, now, FOR_PEOPLE))
    total = reads.together("全市", rows)
    names = [("accepted", "今天受理", total.accepted_today), ("decided", "今天办结", total.decided_today)]
    names += [("open", "正在办理", total.total), ("yellow", "将到期", total.yellow), ("red", "超期", total.red)]
    return {
        "figures": [{"only": only, "label": label, "count": count} for only, label, count in names],
        "rows": rows[:ON_SCREEN],
        "rest": len(rows[ON_SCREEN:]),
        "updated_at": now,
    }
