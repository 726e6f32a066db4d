"""The worklist: what waits for me, what turns red first on top."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import fees, worklists
from xiaoneng.approval.joint import reads as joint
from xiaoneng.approval.worklists import Line, Wanted, Worklist
from xiaoneng.kit import clock
from xiaoneng.matters import paused
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.people import reads as people
from xiaoneng.rules.limits import Light
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.promises import CHECKING, OWING, RECTIFYING, REVOKING
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day, remaining_work
from xiaoneng.supervision import issued_reads
from xiaoneng.web import shown
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.staff import filters
from xiaoneng.web.staff.moves import FORMS
from xiaoneng.web.staff.told import told

PAGE = 50
ALL = "全部在办"


@policy(Policy.STAFF)
@require_GET
@never_cache
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what waits for this member of staff; with words, what she may see that fits them."""
    asked = filters.wanted(request.GET, everything=False)
    return _page(request, asked, "查到的办件" if asked.words else "我的待办")


@policy(Policy.STAFF)
@require_GET
@never_cache
def all_cases(request: HttpRequest) -> HttpResponse:
    """Show every open case within this member of staff's reach; with words, closed ones too."""
    asked = filters.wanted(request.GET, everything=True)
    return _page(request, asked, "查到的办件" if asked.words else ALL)


def _page(request: HttpRequest, asked: Wanted, title: str) -> HttpResponse:
    account, now = account_of(request).pk, clock.now()
    found = worklists.worklist(account, asked, now=now)
    page = Paginator(range(found.total), PAGE).get_page(request.GET.get("page"))
    lines = found.page(page.start_index() - 1, PAGE) if found.total else ()
    context = {
        "title": title,
        "nothing": "现在没有在办的件" if title == ALL else "现在没有要您办的件",
        "as_of": now,
        "total": found.total,
        "tabs": filters.tabs(asked, found),
        "menus": filters.menus(asked, found),
        "words_off": filters.address(asked.without("words")) if asked.words else "",
        "filtered": filters.query_of(asked),
        "place": filters.place(asked),
        "views": views_of(account, asked),
        "groups": list(_groups(lines, found, filters.place(asked), now)),
        "keys": keys(org.all_roles_of(account, local_day(now))),
        "mine": account,
        "paid_for_nothing": fees.paid_for_nothing(account, now),
        "supervised": issued_reads.how_many_wait(account, now),
    }
    shown_page: Page[Any] = page
    return render(
        request, "staff/worklist.html",
        {"worklist": context, "page": shown_page, "q": asked.words, "told": told(request, now)},
    )  # fmt: skip


def views_of(account: int, asked: Wanted) -> list[dict[str, Any]]:
    """Return the lists that somebody saved, and whether this is one of them."""
    here = filters.place(asked)
    return [
        {"id": view.id, "name": view.name, "url": filters.address(saved), "on": filters.place(saved) == here}
        for view in people.saved_views(account)
        if (saved := filters.from_place(view.filters)) is not None
    ]


def keys(held: Collection[Role] = ()) -> list[dict[str, str]]:
    """Return the keys of the moves that somebody with these roles may make, one row a key, from the table of moves."""
    found: dict[str, list[str]] = {}
    for row in procedure.PROCEDURE.moves:
        if row.key and row.name in FORMS and (not held or set(held) & set(row.roles)):
            found.setdefault(row.key, []).append(row.label)
    return [{"key": key, "label": " / ".join(labels)} for key, labels in found.items()]


def _groups(lines: Iterable[Line], found: Worklist, place: str, now: datetime) -> Iterator[dict[str, Any]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for line, row in zip(lines, rows_of(tuple(lines), place, now), strict=True):
        grouped.setdefault(worklists.group_of(line, now), []).append(row)
    for key in worklists.GROUPS:
        if key in grouped:
            yield {"key": key, "title": _TITLES[key], "count": found.groups[key], "rows": grouped[key],
                   "note": _note(key, local_day(now))}  # fmt: skip


_TITLES = {
    "red": "已超期", "today": "今天到期", "tomorrow": "明天到期", "after": "后天到期", "later": "以后",
    "waiting": "等申请人", "paused": "暂停中", worklists.DONE: "已办结",
}  # fmt: skip
_NOTES = {
    "red": "期限已过，红灯已记录，不能熄灭", "paused": "时限不走，恢复后按剩余天数排回上面", "later": "按到期先后",
    "waiting": "本机关的时限没有在走",
}  # fmt: skip


def _note(key: str, today: date) -> str:
    ahead = {"today": 0, "tomorrow": 1, "after": 2}.get(key)
    if ahead is None:
        return _NOTES.get(key, "")
    day = today + timedelta(days=ahead)
    return f"{day.month}月{day.day}日 {shown.weekday(day)}" + ("，下班前" if key == "today" else "")


def rows_of(lines: tuple[Line, ...], place: str, now: datetime) -> list[dict[str, Any]]:
    """Return lines as rows of a table, in a number of queries that does not depend on how many there are."""
    dues = matters.dues_of([line.id for line in lines])
    calendars = org.calendars_of(line.department for line in lines)
    together = joint.marks([line.id for line in lines])
    held = {line.id: calendars[line.department][0] for line in lines if line.light(now) is Light.PAUSED}
    standings = paused.standings(held, held) if held else {}
    tail = f"?{urlencode({'in': place})}" if place else ""
    return [
        {
            "number": line.called,
            "light": "done" if line.closed else line.light(now).value,
            "remaining": _remaining(line, now, calendars, standings.get(line.id)),
            "item": line.title,
            "url": reverse("staff:case", args=[line.called]) + tail,
            "applicant": line.applicant,
            "department": line.department_name,
            "step": line.step_name + (f"，{standings[line.id].kind}" if line.id in standings else ""),
            "joint": together.get(line.id, ""),
            "claimed_by": line.claimed_by,
            "claimed_by_name": line.claimed_by_name,
            **_due_columns(line, dues.get(line.id, {}), now),
        }
        for line in lines
    ]


# Which clock is the one that matters now, where it is not that of the decision.
_CLOCK_OF = {
    procedure.CORRECTING: ClockName.SUPPLEMENT, procedure.ASKED: ClockName.SUPPLEMENT,
    procedure.GRANTED: ClockName.DELIVERY,
    procedure.REFUSED: ClockName.DELIVERY, OWING: ClockName.DEFERRED, CHECKING: ClockName.POST_CHECK,
    RECTIFYING: ClockName.RECTIFY, REVOKING: ClockName.REVOCATION,
}  # fmt: skip


def _due_columns(line: Line, due: dict[str, date | None], now: datetime) -> dict[str, Any]:
    if line.state in _CLOCK_OF:
        # While what was sent out by post or by public notice is on its way, another clock runs than the one of this state.
        running = local_day(line.red_at) if line.red_at else None
        return {"due": running or due.get(_CLOCK_OF[line.state]), "statutory_due": None}
    columns = shown.due_columns(due)
    held = "恢复后定" if line.light(now) is Light.PAUSED else None
    return {"due": columns["promised_due"] or held, "statutory_due": columns["statutory_due"] or held}


def _remaining(line: Line, now: datetime, calendars: dict[int, Any], standing: paused.Standing | None) -> str:
    if line.closed:
        return "曾超期" if line.late else ""
    if standing is not None:
        return f"停在 {standing.left.n} 天"
    if line.red_at is None:
        return "已停" if line.paused else ""
    return str(remaining_work(now, line.red_at, *calendars[line.department]))
