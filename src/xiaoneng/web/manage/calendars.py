"""Calendars: a year as a grid, and its official arrangement typed, clicked or read from a file, compared, published."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.matters import reads as matters
from xiaoneng.org import calendars as org
from xiaoneng.org import registers
from xiaoneng.rules.workdays import DayKind, local_day
from xiaoneng.trail import reads as trail
from xiaoneng.web.access import Policy, by_of, policy
from xiaoneng.web.manage import forms, tables


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_safe
@never_cache
def calendars(request: HttpRequest) -> HttpResponse:
    """Show every calendar with the years it knows."""
    this = local_day(clock.now()).year
    rows = [(each, _years(each, this)) for each in registers.calendars()]
    return render(request, "manage/calendars.html", {"rows": rows, "this": this})


def _years(each: registers.Almanac, this: int) -> list[tuple[int, bool]]:
    first = max(min([this, *each.years]), this - 3)
    return [(year, year in each.years) for year in range(first, max([this + 1, *each.years]) + 1)]


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_safe
@never_cache
def year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Show a year."""
    found = org.year_of(pk, year)
    history = trail.lines_of(trail.records(key=f"calendar:{pk}", words=f"{year} 年")[:10])
    shown = {
        "year": found, "months": grid(year, found.days, local_day(clock.now())), "history": history,
        "off": sum(each.kind is DayKind.HOLIDAY for each in found.days.values()),
        "on": sum(each.kind is DayKind.MAKEUP for each in found.days.values()),
    }  # fmt: skip
    return render(request, "manage/year.html", shown)


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Change a year: type or click or read a file, then compare, then publish."""
    found = org.year_of(pk, year)
    version = request.GET.get("version", "")
    shown_days = org.year_of(pk, year, int(version)).days if version.isascii() and version.isdigit() else found.days
    form = forms.YearLines(
        _typed(request) if request.method == "POST" else None,
        initial={"document": found.document, "days": org.as_lines(shown_days)},
    )
    shown: dict[str, Any] = {
        "form": form,
        "year": found,
        "how": org.HOW,
        "seen": request.POST.get("seen") or found.version,
    }
    if form.is_valid():
        try:
            days = org.from_lines(form.cleaned_data["days"], year)
            if request.POST.get("do") == "publish":
                return _published(request, found, days, form.cleaned_data["document"])
            shown |= _compared(found, days)
            shown_days = days
        except Amiss as amiss:
            form.blame(amiss)
    shown["months"] = grid(year, shown_days, local_day(clock.now()))
    return render(request, "manage/year_edit.html", shown, status=422 if form.errors else 200)


def _typed(request: HttpRequest) -> Any:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return request.POST
    posted = request.POST.copy()
    posted["days"] = tables.lines_of(file)
    return posted


def _published(request: HttpRequest, found: org.Year, days: org.Days, document: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    version = org.publish(
        found.calendar, found.year, days, document, by=by_of(request), at=clock.now(),
        seen_version=int(seen) if seen.isascii() and seen.isdigit() else 0,
    )  # fmt: skip
    messages.success(
        request, f"{found.year} 年的安排已发布，日历是第 {version} 版。有关的在办件会在一分钟内重算，每件记一条日志。"
    )
    return redirect("manage:year", found.calendar, found.year)


def _compared(found: org.Year, days: org.Days) -> dict[str, Any]:
    changed = org.differences(found.days, days)
    return {
        "compared": True, "changed": changed, "odd": org.obvious_faults(days),
        "touched": matters.due_in_or_after(found.calendar, changed[0].day) if changed else 0,
    }  # fmt: skip


def grid(year: int, days: org.Days, today: date) -> list[dict[str, Any]]:
    """Lay a year out as twelve months of weeks, Monday first."""
    laid = []
    for month in range(1, 13):
        weeks = [
            [_cell(day, days, today) if day.month == month else None for day in week]
            for week in months.Calendar().monthdatescalendar(year, month)
        ]
        laid.append({"name": f"{month} 月", "weeks": weeks})
    return laid


def _cell(day: date, days: org.Days, today: date) -> dict[str, Any]:
    special = days.get(day)
    weekend = day.weekday() >= 5
    kind = special.kind.value if special else "weekend" if weekend else "plain"
    mark = {"holiday": "休", "makeup": "班"}.get(kind, "")
    word = special.name if special else "周末" if weekend else "工作日"
    return {"day": day, "kind": kind, "mark": mark, "word": word, "today": day == today}
