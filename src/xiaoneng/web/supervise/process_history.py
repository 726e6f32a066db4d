"""Imported history, for supervisors: its logs, how their cases ran, their own figures, and each case as its source tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from procrastinate.contrib.django import app

from xiaoneng.history import intakes, reads
from xiaoneng.history.models import Case
from xiaoneng.history.reading.stamps import read
from xiaoneng.history.reading.trouble import Unreadable
from xiaoneng.history.reads import LogLine, Story
from xiaoneng.kit import clock
from xiaoneng.supervision.process.imported import Imported, imported, in_days
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.supervise import process_shown
from xiaoneng.web.supervise.process_shown import Subject

PAGE = 50
SHOWN = 8  # of those who were late
BY_DAY = "这份历史里有的时间只记到日。同一天的各步不分先后，图和路径里并列，不编造顺序。"
TOLD: dict[str, tuple[str, dict[str, Any]]] = {
    "open": ("来源没有写办结", {"ended_at__isnull": True}),
    "ended": ("来源写明已办结", {"ended_at__isnull": False}),
    "late": ("办结晚于来源写的期限", {"late": True}),
    "in_time": ("在来源写的期限内办结", {"late": False, "ended_at__isnull": False, "due_at__isnull": False}),
    "fee": ("写有收费", {"told__has_key": "fee"}),
    "incomplete": ("申请不齐全", {"told__complete": False}),
    "parts": ("有多个部分", {"told__parts__1__isnull": False}),
}
_imported = process_shown.Latest()


@policy(Policy.SUPERVISOR)
@require_http_methods(["GET", "POST"])
@never_cache
def histories(request: HttpRequest) -> HttpResponse:
    """Show which logs were taken in, and take one."""
    problem = _handed_in(request) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        messages.success(request, "文件已收下，正在导入；进度见下面，导入完会列在日志里。")
        return redirect("supervise:histories")
    context = {
        "logs": reads.logs(), "intakes": intakes.lines(), "mappings": intakes.mappings(), "problem": problem,
        "called": request.POST.get("called", "")[:120], "chosen": request.POST.get("mapping", ""), "desk": "监察",
    }  # fmt: skip
    return render(request, "supervise/histories.html", context, status=422 if problem else 200)


def _handed_in(request: HttpRequest) -> str:
    """Keep the log that was posted; return why it cannot be taken, or nothing."""
    handed = request.FILES.get("file")
    if handed is None:
        return "还没有选择文件。请选择 XES 或者 CSV 格式的流程日志。"
    try:
        intakes.hand_in(
            handed.name or "日志", handed, mapping=request.POST.get("mapping", "").replace("\0", ""),  # type: ignore[arg-type]
            called=request.POST.get("called", "").replace("\0", ""), by=account_of(request).pk, at=clock.now(),
            queue=lambda number: app.configure_task("import_log").defer(intake=number),
        )  # fmt: skip
    except Unreadable as refusal:
        return str(refusal)
    return ""


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def history_log(request: HttpRequest, log: int) -> HttpResponse:
    """Show how the cases of a log ran, and what it says of them."""
    line = reads.log(log)
    mark, found, subject = _found(line)
    size = process_shown.size_of(request.GET.get("size", ""))
    listing = f"{reverse('supervise:history_cases', args=[log])}?"
    on = _day(request.GET.get("on", ""))
    figures = reads.figures(log)
    context = {
        "log": line, "by_day": BY_DAY if line.by_day else "", "figures": _figures(figures, listing), "tallies": _tallies(figures),
        "events": found.figures, "after_due_by": found.figures.after_due_by[:SHOWN],
        "process": process_shown.shown(mark, subject, size, listing, f"{line.name}的实际流程"),
        "sizes": process_shown.sizes("?", size), "on": on.isoformat() if on else "", "desk": "监察",
        "as_of": reads.as_of(log, datetime.combine(on, time(23, 59, 59), UTC)) if on else None,
    }  # fmt: skip
    return render(request, "supervise/history.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _found(line: LogLine) -> tuple[tuple[Any, ...], Imported, Subject]:
    mark = ("log", line.id, line.cases, line.events, line.taken_in_at)
    found: Imported = _imported.of(mark, lambda: imported(line.id))
    return mark, found, Subject(found.traces, in_days, "天", found.labels)


def _figures(found: reads.Figures, listing: str) -> list[dict[str, Any]]:
    counted = {
        "open": found.still_open, "ended": found.ended, "late": found.ended_late, "in_time": found.ended_in_time,
        "fee": found.fees, "incomplete": found.incomplete, "parts": found.several_parts,
    }  # fmt: skip
    rows = [
        {"label": TOLD[code][0], "count": n, "url": f"{listing}{urlencode({'told': code})}"}
        for code, n in counted.items()
        if n
    ]
    if found.median_days is not None:
        rows.append({"label": "从开始到办结，中位", "text": f"{found.median_days:.1f} 天"})
        rows.append({"label": "从开始到办结，平均", "text": f"{found.mean_days:.1f} 天"})
    if found.fees:
        rows.append({"label": "收费合计（来源的币种）", "text": f"{found.fee_sum:,.2f}"})
    return rows


def _tallies(found: reads.Figures) -> list[tuple[str, list[tuple[str, int]]]]:
    told = {"状态": found.status, "渠道": found.channels, "超期办结，按负责人": found.late_by_responsible}
    return [(label, list(counts.items())[:SHOWN]) for label, counts in told.items() if counts]


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def history_cases(request: HttpRequest, log: int) -> HttpResponse:
    """Show the cases of a log behind a figure."""
    line = reads.log(log)
    words, rows = _chosen(request, line)
    page = Paginator(rows.order_by("started_at", "matter_id"), PAGE).get_page(request.GET.get("page"))
    context = {
        "title": words, "note": f"{line.name}，共 {page.paginator.count} 件", "log": line, "page": page,
        "rows": [_row(row, log) for row in page.object_list], "desk": "监察",
        "back_url": reverse("supervise:history_log", args=[log]),
    }  # fmt: skip
    return render(request, "supervise/history_cases.html", context)


def _chosen(request: HttpRequest, line: LogLine) -> tuple[str, Any]:
    rows = reads.cases(line.id)
    if told := TOLD.get(request.GET.get("told", "")):
        return told[0], rows.filter(**told[1])
    asked = {name: request.GET.get(name, "") for name in ("step", "again", "from", "to", "way")}
    if not any(asked.values()):
        return "全部办件", rows
    chosen = process_shown.chosen(_found(line)[2], asked)
    return (chosen[0], rows.filter(matter_id__in=chosen[1])) if chosen else ("全部办件", rows)


def _row(row: Case, log: int) -> dict[str, Any]:
    return {
        "name": row.name, "url": reverse("supervise:history_case", args=[log, row.matter_id]), "events": row.events,
        "started": row.started_at, "ended": row.ended_at, "due": row.due_at, "late": row.late,
        "status": row.told.get("status", ""), "responsible": row.told.get("responsible", ""),
    }  # fmt: skip


@policy(Policy.SUPERVISOR)
@require_GET
@never_cache
def history_case(request: HttpRequest, log: int, matter: int) -> HttpResponse:
    """Show a case as its source tells it."""
    line, story = reads.log(log), reads.story(log, matter)
    context = {
        "log": line, "name": story.name, "source": reads.name_of_source(matter), "attributes": story.attributes.items(),
        "steps": _lines(story), "by_day": BY_DAY if any(step["by_day"] for step in _lines(story)) else "", "desk": "监察",
        "back_url": reverse("supervise:history_cases", args=[log]),
    }  # fmt: skip
    return render(request, "supervise/history_case.html", context)


def _lines(story: Story) -> list[dict[str, Any]]:
    """Return the steps as the file has them: their order is the file's, and the page says so."""
    labels, people = story.column("label") or [""] * len(story.rows), story.column("resource")
    return [
        {
            "when": _when(story.at[n]), "by_day": bool(story.at[n]) and read(story.at[n] or "").by_day,
            "name": labels[n] or name or "未写明", "code": name if labels[n] else "", "who": people[n],
            "due": _when(story.due.get(str(n))),
        }
        for n, name in enumerate(story.column("activity"))
    ]  # fmt: skip


def _when(text: str | None) -> str:
    if not text:
        return ""
    stamp = read(text)
    return text[:10] if stamp.by_day else f"{text[:10]} {text[11:16]}"
