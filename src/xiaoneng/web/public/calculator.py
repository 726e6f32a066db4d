"""The calculator: when does a limit end that begins on any day, counted day by day before everybody's eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.rules.explain import Explanation, explain
from xiaoneng.rules.limits import CalendarDays, Deadline, Limit, Months, Pause, WorkingDays, deadline, limit
from xiaoneng.rules.tracks import Wording
from xiaoneng.rules.workdays import Calendar, local_day
from xiaoneng.web import shown
from xiaoneng.web.access import Policy, policy

LONGEST = 400  # days, months thirty each: the table below stays readable
UNITS = [(WorkingDays.unit, "个工作日"), (CalendarDays.unit, "日（自然日）"), (Months.unit, "个月")]
WORDS = Wording("起算", "最后", "最后")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the calculator is asked: from which day, how long, what is left out, how much longer."""

    start: date
    length: Limit
    pauses: tuple[Pause, ...] = ()
    extension: Limit | None = None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The answer: the end, unless an open pause hides it, and how it was counted."""

    ends: Deadline | None
    told: Explanation


def reckon(asked: Asked, calendar: Calendar, today: date) -> Reckoned:
    """Return when a limit ends and how that was counted; nothing is asked of the database and nothing is kept.

    :raises ValueError: the dates run out of the calendar.
    """
    ends = deadline(asked.length, asked.start, calendar=calendar, pauses=asked.pauses, extension=asked.extension)
    # An open pause is told up to today, and no further than a table can show.
    until = today if ends else min(max(asked.start, today), asked.start + timedelta(days=LONGEST))
    told = explain(
        asked.start, None, asked.length, asked.pauses, asked.extension, calendar=calendar, today=until, wording=WORDS
    )
    return Reckoned(ends, told)


class Calculator(forms.Form):
    """A day, a length, and what may be left out of it."""

    start = forms.DateField(
        label="从哪天起算", help_text="受理、收件那一天；当天不计入",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写起算日", "invalid": "日期写成 2026-03-02 的样子"},
    )  # fmt: skip
    n = forms.IntegerField(
        label="期限", min_value=0, max_value=LONGEST,
        error_messages={"required": "请填写期限", "invalid": "请填写整数", "max_value": f"最多 {LONGEST}"},
    )  # fmt: skip
    unit = forms.ChoiceField(label="单位", choices=UNITS, required=False)
    extension = forms.IntegerField(label="延长", min_value=0, max_value=LONGEST, required=False)
    pauses = forms.CharField(
        label="暂停", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一行一段，起止日之间用空格：2026-03-09 2026-03-20；没有结束的只写开始日。次日起不计，到结束日为止",
    )  # fmt: skip
    calendar = forms.ChoiceField(label="日历", required=False)

    def clean_n(self) -> int:
        """Let no month's limit be nought or longer than the table can show."""
        n: int = self.cleaned_data["n"]
        if self.data.get("unit") == Months.unit and not 1 <= n <= 12:
            raise forms.ValidationError("以月计的期限请填 1 到 12")
        return n

    def clean_pauses(self) -> tuple[Pause, ...]:
        """Read the pauses, one a line."""
        return tuple(_pause(line) for line in self.cleaned_data["pauses"].splitlines() if line.strip())


def _pause(line: str) -> Pause:
    parts = line.replace("至", " ").replace("—", " ").replace("/", " ").split()
    try:
        days = [date.fromisoformat(part) for part in parts]
        return Pause(days[0], days[1] if len(days) > 1 else None)
    except (ValueError, IndexError):
        raise forms.ValidationError(f"“{line.strip()[:40]}”读不懂：写成 2026-03-09 2026-03-20，开始日在前") from None


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def calculator(request: HttpRequest) -> HttpResponse:
    """Show when a limit ends, for whoever asks."""
    today = local_day(clock.now())
    known = org.calendars_known()
    form = Calculator(request.GET if "start" in request.GET else None, initial={"start": today, "n": 20})
    field = form.fields["calendar"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(str(id_), name) for id_, name, _ in known]
    context: dict[str, Any] = {"form": form, "many": len(known) > 1}
    if form.is_valid():
        try:
            context |= _answered(form.cleaned_data, known, today)
        except ValueError as wrong:
            form.add_error("start", str(wrong))
    return render(request, "public/calculator.html", context, status=422 if form.errors else 200)


def _answered(given: dict[str, Any], known: tuple[tuple[int, str, int], ...], today: date) -> dict[str, Any]:
    which = next((row for row in known if str(row[0]) == given["calendar"]), known[0])
    unit = given["unit"] or WorkingDays.unit
    extension = limit(unit, given["extension"]) if given["extension"] else None
    asked = Asked(given["start"], limit(unit, given["n"]), given["pauses"], extension)
    found = reckon(asked, org.calendar(which[0], which[2]), today)
    weeks, sentences = shown.rows_of(found.told)
    return {
        "ends": found.ends,
        "weekday": shown.weekday(found.ends.due_on) if found.ends else "",
        "length": str(asked.length),
        "calendar_name": which[1],
        "explanation": shown.Explained("逐日核对", found.told.intro, weeks, sentences),
    }
