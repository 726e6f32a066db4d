"""The audit administrator's page: everything that administration did, every export, every look at personal data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from xiaoneng.rules.workdays import local, start_of_day
from xiaoneng.trail import reads
from xiaoneng.web import exports
from xiaoneng.web.access import Policy, policy

PER_PAGE = 50
MOST = 50_000  # rows of one export
HEADER = ("时间", "类别", "谁", "做了什么", "对象", "变更", "理由", "来自", "请求")


@policy(Policy.AUDIT_ADMINISTRATOR)
@require_safe
@never_cache
def records(request: HttpRequest) -> HttpResponse:
    """Show the records under the conditions of the address."""
    conditions = _conditions(request.GET)
    page = Paginator(reads.records(**conditions), PER_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page, "rows": reads.lines_of(page.object_list), "kinds": reads.KINDS.items(), "asked": request.GET,
        "chosen": conditions["kind"],
    }  # fmt: skip
    return render(request, "manage/records.html", shown)


@policy(Policy.AUDIT_ADMINISTRATOR)
@require_POST
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Hand the records out as a table; this too is recorded."""
    conditions = _conditions(request.POST)
    rows = [_row(line) for line in reads.lines_of(reads.records(**conditions)[:MOST])]
    filters = {"类别": reads.KINDS.get(conditions["kind"], "全部"), "包含": conditions["words"],
               "自": request.POST.get("since", ""), "至": request.POST.get("until", "")}  # fmt: skip
    return exports.table(request, "管理留痕", HEADER, rows, form=request.POST.get("form", "xlsx"), filters=filters)


def _row(line: reads.Line) -> tuple[Any, ...]:
    changes = "；".join(f"{name}：{before or '（无）'} → {after or '（无）'}" for name, before, after in line.changes)
    at = local(line.at).strftime("%Y-%m-%d %H:%M:%S")
    return at, line.kind, line.name, line.what, line.about, changes, line.reason, line.whence, line.request


def _conditions(asked: Any) -> dict[str, Any]:
    until = _day(asked.get("until", ""))
    kind = asked.get("kind", "")
    return {
        "kind": kind if kind in reads.KINDS else "",
        "words": asked.get("q", "").strip()[:60],
        "since": _start(_day(asked.get("since", ""))),
        "before": _start(until + timedelta(1)) if until else None,
    }


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _start(day: date | None) -> datetime | None:
    return start_of_day(day) if day else None
