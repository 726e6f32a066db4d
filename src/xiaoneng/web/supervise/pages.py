"""The supervisor's board: lights by department, down to the case and its journal. Nothing here changes a case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import reads as approval
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local, local_day
from xiaoneng.supervision import issued_reads, reads
from xiaoneng.web import shown
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.staff.case import people_of
from xiaoneng.web.supervise import board_shown, board_then


def _reach(request: HttpRequest, now: datetime) -> Reach:
    return org.reach_of(account_of(request).pk, issued_reads.BOARD_READERS, local_day(now))


def may_issue(request: HttpRequest, now: datetime) -> bool:
    """Tell whether somebody who reads here also urges and issues cards; discipline inspection and leaders only read."""
    return Role.SUPERVISOR in org.all_roles_of(account_of(request).pk, local_day(now))


@policy(Policy.BOARD)
@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Show the lights of every department, now or as of the instant that the address names."""
    if "at" in request.GET:
        now = clock.now()
        then = board_then.board(request, _reach(request, now), now)
        return render(request, "supervise/board_then.html", {"then": then, "desk": "监察"})
    return render(request, "staff/board.html", {"board": _board(request, clock.now()), "desk": "监察"})


@policy(Policy.BOARD)
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
    return board_shown.board(request, _reach(request, now), now)


@policy(Policy.BOARD)
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
        "issued": issued_reads.issued_about(file.id, now) if board_shown.reads_all(request) else (),
        "reminders": issued_reads.reminders_about(file.id) if board_shown.reads_all(request) else (),
        "issue_url": reverse("supervise:issue", args=[file.called]) if may_issue(request, now) else "",
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
