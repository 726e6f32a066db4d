"""How our cases really run, for supervisors: picture, tables, and the cases behind each figure. Nothing here changes a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.catalogue.reads import version_in_force
from xiaoneng.history import reads as history
from xiaoneng.kit import clock
from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day, start_of_day
from xiaoneng.supervision.process.own import MOST_CASES, Asked, Own, in_working_days, own
from xiaoneng.supervision.process.places import calendar_of, departments
from xiaoneng.web import exports
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.supervise import process_shown
from xiaoneng.web.supervise.process_shown import Subject

PERIODS = {"30": "近 30 天", "90": "近 90 天", "365": "近一年", "0": "全部"}
USUAL = "90"
PAGE = 50
HEADER = ("编号", "事项", "部门", "环节", "收件")
FRESH_SECONDS = 60
_own = process_shown.Latest()


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def process(request: HttpRequest) -> HttpResponse:
    """Show how the cases that are asked for really ran, or hand that out as a table, which is recorded."""
    now = clock.now()
    reach, values = _reach(request, now), _values(request)
    mark, found, subject = _found(values, reach, now)
    size = process_shown.size_of(request.GET.get("size", ""))
    listing = f"{reverse('supervise:process_cases')}?{urlencode(values)}&"
    title = _title(values, now)
    if form := request.GET.get("form", ""):
        rows = process_shown.sheet(process_shown.process_of(mark, subject), subject)
        return exports.table(request, "办理流程", process_shown.SHEET, rows, form=form, filters={"范围": title})
    context = {
        "process": process_shown.shown(mark, subject, size, listing, f"{title}的实际流程") if found.traces else None,
        "title": title, "values": values, "export_url": f"?{urlencode(values)}&form=xlsx", "periods": PERIODS.items(),
        "cut": MOST_CASES if found.cut else 0,
        "departments": departments(reach), "items": found.items, "logs": history.logs(),
        "sizes": process_shown.sizes(f"?{urlencode(values)}&", size),
        "deviations": [
            {"label": each.label, "cases": len(each.cases), "url": f"{listing}{urlencode({'left': each.code})}"}
            for each in found.deviations
        ],
        "desk": "监察",
    }  # fmt: skip
    return render(request, "supervise/process.html", context)


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def process_cases(request: HttpRequest) -> HttpResponse:
    """Show the cases behind a figure of the process, or hand them out as a table, which is recorded."""
    now = clock.now()
    values = _values(request)
    _, found, subject = _found(values, _reach(request, now), now)
    words, ids = _chosen(request, found, subject)
    if form := request.GET.get("form", ""):
        sheet = [tuple(_row(row, subject).values())[1:] for row in _matters(ids)]
        filters = {"范围": _title(values, now), "数字": words}
        return exports.table(request, "办理流程明细", HEADER, sheet, form=form, filters=filters)
    page = Paginator(sorted(ids, reverse=True), PAGE).get_page(request.GET.get("page"))
    back = f"{reverse('supervise:process')}?{urlencode(values)}"
    context = {
        "title": words, "note": f"{_title(values, now)}，共 {page.paginator.count} 件", "page": page, "back_url": back,
        "rows": [_row(row, subject) for row in _matters(page.object_list)], "desk": "监察",
        "export_url": f"?{_again(request, form='xlsx')}",
    }  # fmt: skip
    return render(request, "supervise/process_cases.html", context)


def _matters(ids: Iterable[int]) -> QuerySet[Matter]:
    return Matter.objects.filter(id__in=list(ids)).select_related("department").order_by("-id")


def _again(request: HttpRequest, **changed: str) -> str:
    """Return the question of an address with something of it changed, from its first page on."""
    asked = request.GET.copy()
    asked.pop("page", None)
    for name, value in changed.items():
        asked[name] = value
    return asked.urlencode()


def _chosen(request: HttpRequest, found: Own, subject: Subject) -> tuple[str, list[int]]:
    left = next((each for each in found.deviations if each.code == request.GET.get("left")), None)
    if left is not None:
        return left.label, list(left.cases)
    asked = {name: request.GET.get(name, "") for name in ("step", "again", "from", "to", "way")}
    return process_shown.chosen(subject, asked) or ("全部办件", [trace.case for trace in subject.traces])


def _row(row: Matter, subject: Subject) -> dict[str, Any]:
    return {
        "url": reverse("supervise:matter", args=[str(row)]), "number": str(row), "title": row.title,
        "department": row.department.name, "step": row.step_name, "opened": local_day(row.opened_at),
    }  # fmt: skip


def _reach(request: HttpRequest, now: datetime) -> Reach:
    return org.reach_of(account_of(request).pk, [Role.SUPERVISOR], local_day(now))


def _values(request: HttpRequest) -> dict[str, str]:
    item = request.GET.get("item", "").replace("\0", "").strip()[:40]
    department = request.GET.get("department", "")
    period = request.GET.get("period", "")
    return {
        "item": item,
        "department": department if department.isascii() and department.isdigit() and len(department) < 10 else "",
        "period": period if period in PERIODS else USUAL,
    }


def _found(values: dict[str, str], reach: Reach, now: datetime) -> tuple[tuple[Any, ...], Own, Subject]:
    days = int(values["period"])
    today = local_day(now)
    since = start_of_day(today - timedelta(days=days)) if days else start_of_day(date(1990, 1, 1))
    asked = Asked(values["item"], int(values["department"]) if values["department"] else None, since, now)
    mark = ("own", *values.values(), reach, int(now.timestamp()) // FRESH_SECONDS)
    found: Own = _own.of(mark, lambda: own(asked, reach))
    return mark, found, Subject(found.traces, in_working_days(calendar_of(asked.department)), "个工作日", {})


def _title(values: dict[str, str], now: datetime) -> str:
    name = ""
    if values["item"]:
        try:
            name = version_in_force(values["item"], now).name
        except NotFound:
            name = values["item"]
    department = ""
    if values["department"]:
        department = "".join(org.departments_named([int(values["department"])]).values())
    return f"{department}{name or '全部事项'}（{PERIODS[values['period']]}收件）"
