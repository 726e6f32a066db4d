"""The account of a period: what became of its matters, department by department, each figure open down to its cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.kit import clock
from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.workdays import local, local_day, start_of_day
from xiaoneng.supervision import issued_reads, tally_periods
from xiaoneng.supervision.tally_periods import PeriodLine
from xiaoneng.web import exports
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.supervise.board_shown import Chosen, kinds_of, narrowed, percent
from xiaoneng.web.supervise.listing import PAGE, number_in, rows_of

LONGEST = timedelta(days=366)
FIGURES = {
    "carried_over": "结转", "taken_on": "新受理", "early": "提前办结", "on_time": "按期办结", "late": "超期办结",
    "ended_otherwise": "其他结束", "undue": "未到期", "paused": "暂停", "overdue": "超期未结",
}  # fmt: skip
REDDENED = frozenset({"late", "overdue"})
HEADER = ("编号", "事项", "申请人", "部门", "环节", "灯", "承诺到期", "法定到期")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which period, of which kind and region, an address asks for."""

    chosen: Chosen
    first: date
    last: date
    until: datetime
    amiss: str

    @classmethod
    def of(cls, request: HttpRequest, now: datetime) -> Asked:
        """Return what the address asks for, this month so far where it asks for nothing that can be meant."""
        first, last, amiss = _days(request, local_day(now))
        return cls(Chosen.of(request), first, last, min(start_of_day(last + timedelta(days=1)), now), amiss)

    def reach(self, request: HttpRequest, now: datetime) -> Reach:
        """Return whose matters count: those within reach, in the region that was chosen."""
        everything = org.reach_of(account_of(request).pk, issued_reads.BOARD_READERS, local_day(now))
        return narrowed(everything, self.chosen.region)

    def address(self, name: str, **more: object) -> str:
        """Return an address that keeps what was asked for."""
        return self.chosen.address(name, first=self.first, last=self.last, **more)

    def lines(self, request: HttpRequest, now: datetime) -> tuple[PeriodLine, ...]:
        """Return the departments with their figures."""
        if self.amiss:
            return ()
        return tally_periods.period(
            self.reach(request, now), start_of_day(self.first), self.until, self.chosen.kinds
        )  # fmt: skip

    def behind(self, request: HttpRequest, now: datetime, figure: str, department: int) -> QuerySet[Matter]:
        """Return the matters that a figure counts."""
        if self.amiss:
            return Matter.objects.none()
        return tally_periods.behind(
            self.reach(request, now), start_of_day(self.first), self.until, self.chosen.kinds, figure=figure,
            department=department,
        )  # fmt: skip


@policy(Policy.BOARD)
@require_GET
@never_cache
def period(request: HttpRequest) -> HttpResponse:
    """Show what became of the matters of a period: carried over, taken on, early, on time, late, and what was left."""
    now = clock.now()
    asked = Asked.of(request, now)
    lines = asked.lines(request, now)
    context = {
        "rows": [_row(asked, line) for line in lines], "whole": _row(asked, tally_periods.together(lines)),
        "figures": FIGURES.values(),
        "first": asked.first, "last": asked.last, "amiss": asked.amiss, "until": asked.until, "chosen": asked.chosen,
        "kinds": [(kind, procedure.label) for kind, procedure in kinds_of(asked.chosen)],
        "back_url": asked.chosen.address("supervise:board"), "desk": "监察",
        "export_url": asked.address("supervise:period_export"),
    }  # fmt: skip
    return render(request, "supervise/period.html", context)


def _row(asked: Asked, line: PeriodLine) -> dict[str, Any]:
    def opens(figure: str) -> str:
        return asked.address("supervise:period_cases", department=line.department, figure=figure)

    return {
        "name": line.name,
        "url": opens(""),
        "figures": [
            {"label": label, "count": getattr(line, name), "url": opens(name), "red": name in REDDENED}
            for name, label in FIGURES.items()
        ],
        "rate": percent(line.early + line.on_time, line.base),
    }


@policy(Policy.BOARD)
@require_GET
@never_cache
def period_cases(request: HttpRequest) -> HttpResponse:
    """Show the matters that a figure of a period counts, or hand them out as a table, which is recorded."""
    now = clock.now()
    asked, department = Asked.of(request, now), number_in(request.GET.get("department", ""))
    figure = request.GET.get("figure", "")
    figure = figure if figure in FIGURES else ""
    found = asked.behind(request, now, figure, department).select_related("department")
    found = found.order_by(F("red_at").asc(nulls_last=True), "id")
    what = f"{FIGURES.get(figure, '全部')}，{asked.first:%Y年%-m月%-d日}至{asked.last:%-m月%-d日}"
    place = org.departments_named([department] if department else []).get(department, "全部部门")
    if form := request.GET.get("form", ""):
        filters = {"部门": place, "数字": what, "种类": asked.chosen.kind}
        return exports.table(request, "办理情况明细", HEADER, _sheet(list(found), now), form=form, filters=filters)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "matters": {
            "title": place, "note": f"{what}，共 {page.paginator.count} 件", "rows": rows_of(list(page.object_list), now),
        },
        "export_url": asked.address("supervise:period_cases", department=department, figure=figure, form="xlsx"),
        "page": page, "back_url": asked.address("supervise:period"), "back": "回办理情况", "desk": "监察",
    }  # fmt: skip
    return render(request, "staff/matters.html", context)


def _sheet(found: list[Matter], now: datetime) -> list[tuple[Any, ...]]:
    return [
        (
            row["number"], row["title"], row["applicant"], row["department"], row["step"],
            row.get("light_text") or _WORDS[row["light"]], row["promised_due"] or "", row["statutory_due"] or "",
        )
        for row in rows_of(found, now)
    ]  # fmt: skip


_WORDS = {"red": "超期", "yellow": "将到期", "green": "正常", "paused": "暂停"}


@policy(Policy.BOARD)
@require_GET
@never_cache
def period_export(request: HttpRequest) -> HttpResponse:
    """Hand out the account of a period as a table; that is recorded."""
    now = clock.now()
    asked = Asked.of(request, now)
    lines = asked.lines(request, now)
    rows = [
        (line.name, *(getattr(line, name) for name in FIGURES), percent(line.early + line.on_time, line.base))
        for line in (*lines, tally_periods.together(lines))
    ]
    header = ("部门", *FIGURES.values(), "按时率")
    filters = {
        "从": asked.first,
        "到": asked.last,
        "种类": asked.chosen.kind,
        "截至": f"{local(asked.until):%Y-%m-%d %H:%M:%S}",
    }
    return exports.table(request, "办理情况", header, rows, form=request.GET.get("form", "xlsx"), filters=filters)


def _days(request: HttpRequest, today: date) -> tuple[date, date, str]:
    first, last = today.replace(day=1), today
    try:
        first = date.fromisoformat(request.GET.get("first") or first.isoformat())
        last = date.fromisoformat(request.GET.get("last") or last.isoformat())
    except ValueError:
        return first, last, "日期看不懂。请写成 2026-03-01 的样子，或者在日历里选。"
    if not date(2000, 1, 1) <= first <= last <= today or last - first > LONGEST:
        return today.replace(day=1), today, "请选不超过一年的一段时间，开始不晚于结束，结束不晚于今天。"
    return first, last, ""
