"""The supervisor's board: lights by department, down to the case and its journal. Nothing here changes a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import reads as approval
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local, local_day, remaining_work
from xiaoneng.supervision import reads
from xiaoneng.web import shown
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.staff.case import people_of

PAGE = 50
SHOWN_RED = 10


def _reach(request: HttpRequest, now: datetime) -> Reach:
    return org.reach_of(account_of(request).pk, [Role.SUPERVISOR], local_day(now))


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Show the lights of every department."""
    return render(request, "staff/board.html", {"board": _board(request, clock.now()), "desk": "监察"})


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def board_changes(request: HttpRequest) -> HttpResponse:
    """Answer a board that asks each second: nothing while nothing changed, else the whole board anew."""
    now = clock.now()
    since = _since(request.GET.get("since", ""), now)
    if not reads.changed_since(_reach(request, now), since, now):
        return HttpResponse(status=204)
    return render(request, "staff/board_body.html", {"board": _board(request, now)})


def _since(text: str, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(text) / 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return now.replace(year=now.year - 1, month=1, day=1)


def _board(request: HttpRequest, now: datetime) -> dict[str, Any]:
    reach = _reach(request, now)
    rows = reads.by_department(reach, now)
    listing = reverse("supervise:matters")
    total = _total(rows)
    poll = urlencode({"since": int(now.timestamp() * 1_000_000)})
    return {
        "scope": f"{len(rows)} 个部门，正在办理的全部办件",
        "tiles": _tiles(total, reach, now, listing),
        "newly_red": [_red_row(each, now) for each in _with_applicants(reads.red_now(reach, now, SHOWN_RED))],
        "departments": [_department(row, listing) for row in rows],
        "total": total,
        "updated_at": now,
        "poll_url": f"{reverse('supervise:board_changes')}?{poll}",
    }


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A department's row on the board."""

    name: str
    url: str
    red: int
    yellow: int
    paused: int
    green: int
    total: int
    on_time_text: str


def _department(row: reads.DepartmentLights, listing: str) -> BoardRow:
    url = f"{listing}?{urlencode({'department': row.department})}"
    rate = _percent(row.on_time, row.base)
    return BoardRow(row.name, url, row.red, row.yellow, row.paused, row.green, row.total, rate)


def _total(rows: tuple[reads.DepartmentLights, ...]) -> dict[str, Any]:
    sums = {name: sum(getattr(row, name) for row in rows) for name in ("red", "yellow", "paused", "green", "total")}
    rate = _percent(sum(row.on_time for row in rows), sum(row.base for row in rows))
    return sums | {"on_time_text": rate}


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _tiles(total: dict[str, Any], reach: Reach, now: datetime, listing: str) -> list[dict[str, Any]]:
    def tile(light: Light, note: str = "") -> dict[str, Any]:
        return {
            "light": light.value, "label": light.word, "count": total[light.value], "note": note,
            "url": f"{listing}?{urlencode({'light': light.value})}",
        }  # fmt: skip

    return [
        tile(Light.RED, f"今天新增 {reads.newly_red(reach, now)}"),
        tile(Light.YELLOW, f"今天到期 {reads.due_today(reach, now)}"),
        tile(Light.PAUSED),
        tile(Light.GREEN),
        {"label": "本月按时办结率", "count": total["on_time_text"], "note": "含超期未结"},
    ]


def _with_applicants(rows: tuple[reads.RedLine, ...]) -> list[tuple[reads.RedLine, str]]:
    names = approval.applicants_of([row.matter for row in rows])
    return [(row, names.get(row.matter, "")) for row in rows]


def _red_row(pair: tuple[reads.RedLine, str], now: datetime) -> dict[str, Any]:
    row, applicant = pair
    calendar, hours = org.calendar_of_department(row.department_id)
    responsible = org.holders_of(Role(row.desk), row.department_id, local_day(now), 1) if row.desk else ()
    return {
        "since_text": str(remaining_work(now, row.since, calendar, hours)).removeprefix("超 "),
        "title": row.title,
        "url": reverse("supervise:matter", args=[row.called]),
        "applicant": applicant,
        "department": row.department,
        "step": row.step_name,
        "responsible": "、".join(responsible),
    }


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """Show the matters behind a figure of the board."""
    now = clock.now()
    reach = _reach(request, now)
    rows = reads.visible_to_supervisor(reach)
    department, wanted = request.GET.get("department", ""), request.GET.get("light", "")
    light = Light(wanted) if wanted in set(Light) else None
    if department.isdecimal():
        rows = rows.filter(department_id=int(department))
    if light:
        rows = rows.filter(matters.having_light(light, now))
    page = Paginator(rows.select_related("department").order_by(F("red_at").asc(nulls_last=True), "id"), PAGE)
    shown_page = page.get_page(request.GET.get("page"))
    names = org.departments_named([int(department)] if department.isdecimal() else [])
    context = {
        "matters": {
            "title": "、".join(names.values()) or "全部部门",
            "note": f"正在办理，共 {page.count} 件",
            "filters": _filters(department, light),
            "rows": _rows(list(shown_page.object_list), now),
        },
        "page": shown_page,
        "back_url": reverse("supervise:board"),
        "desk": "监察",
    }
    return render(request, "staff/matters.html", context)


def _filters(department: str, chosen: Light | None) -> list[dict[str, Any]]:
    return [
        {
            "label": each.word,
            "on": each is chosen,
            "url": "?" + urlencode({"department": department, "light": "" if each is chosen else each.value}),
        }
        for each in Light
    ]


def _rows(found: list[Matter], now: datetime) -> list[dict[str, Any]]:
    ids = [row.pk for row in found]
    names, dues = approval.applicants_of(ids), matters.dues_of(ids)
    return [
        {
            "light": light_at(row.yellow_at, row.red_at, row.paused, now).value,
            "url": reverse("supervise:matter", args=[str(row)]),
            "number": str(row),
            "title": row.title,
            "applicant": names.get(row.pk, ""),
            "department": row.department.name,
            "step": row.step_name,
            **shown.due_columns(dues.get(row.pk, {})),
        }
        for row in found
    ]


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case as a supervisor sees it: its lights on record, its journal, its dates; nothing to press."""
    now = clock.now()
    file = approval.load(number)
    if not _reach(request, now).covers(file.department) or not file.version:
        raise NotFound(matters.NO_SUCH_MATTER)
    view = {
        "title": file.title,
        "number": file.number,
        "intake_number": file.intake_number,
        "light": shown.light_of(file, now, staff=True),
        "people": people_of(file, now),
        "clocks": shown.clocks_of(file, now),
        "lights": _records(file.id),
        "entries": shown.entries_of(file, matters.journal(file.id)),
        "explanations": shown.explanations_of(file, now),
    }
    context = {"matter": view, "back_url": reverse("supervise:board"), "desk": "监察"}
    return render(request, "staff/journal.html", context)


def _records(matter_id: int) -> list[dict[str, Any]]:
    ended = {(c.name, c.round): c.stopped_at for c in matters.file(matter_id).clocks}
    return [
        {
            "light": "red",
            "word": f"{ClockName(row.clock).label}超期",
            "since": row.since,
            "until": ended.get((ClockName(row.clock), row.round)),
            "note": f"{row.step_name}；登记于 {local(row.recorded_at):%m月%d日 %H:%M:%S}"
            + (f"，封存号 {row.seal}" if row.seal else ""),
        }
        for row in reads.records_of(matter_id)
    ]
