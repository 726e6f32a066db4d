"""From a limit and what happened to its clock to the day it ends, and from that day to a light."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from xiaoneng.rules.intervals import (
    Event,
    Extended,
    Intervals,
    Pause,
    Paused,
    Resumed,
    Started,
    Stopped,
    fold,
    unite,
)
from xiaoneng.rules.units import WARNED, CalendarDays, Hours, Limit, Months, Threshold, WorkingDays, limit
from xiaoneng.rules.workdays import (
    LAST_YEAR,
    OFFICE_HOURS,
    ONE_DAY,
    Calendar,
    OfficeHours,
    local,
    local_day,
    start_of_day,
)

__all__ = [
    "DELIVERY",
    "PRE_ACCEPTANCE",
    "CalendarDays",
    "Deadline",
    "Event",
    "Extended",
    "Hours",
    "Intervals",
    "Light",
    "Limit",
    "Months",
    "Pause",
    "Paused",
    "Resumed",
    "Started",
    "Stopped",
    "Threshold",
    "WorkingDays",
    "counting",
    "deadline",
    "deadline_of",
    "fold",
    "light",
    "light_at",
    "limit",
    "unite",
    "used",
    "when_paused",
]

PRE_ACCEPTANCE = WorkingDays(5)  # grounds.ONE_TIME_NOTICE
DELIVERY = WorkingDays(10)  # grounds.DELIVERY_TIME

Reach = Callable[[date, int], date]
Between = Callable[[date, date], int]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a clock: the whole limit with its extension, the due day, and the instants at which its light turns.

    Deciding exactly at red_at is on time. A provisional date was counted through a year without official notice.
    """

    limit: Limit
    started_on: date
    due_on: date
    yellow_at: datetime
    red_at: datetime
    provisional: bool


def deadline(
    limit: Limit,
    started_on: date,
    *,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
    pauses: Iterable[Pause] = (),
    extension: Limit | None = None,
    threshold: Threshold = WARNED,
    started_at: datetime | None = None,
) -> Deadline | None:
    """Compute when a limit ends, or nothing while an open pause hides it (民法典 arts. 201-203).

    The start day is not counted; days in pauses are left out; calendar days and months roll forward to a working
    day. It turns yellow at 00:00 of the counted day on which no more than the threshold remains (months are counted in
    days, and of hours only the share holds) and red at the close of business.

    :raises TypeError: when the extension has another unit than the limit.
    :raises ValueError: when hours have no starting moment, or the date is out of range.
    """
    total = limit if extension is None else limit.plus(extension)
    taken_out = unite(pauses)
    if isinstance(total, Hours):
        return _by_the_hour(total, started_at, taken_out, threshold)
    if total.n == 0:
        return _on_the_spot(total, started_on, calendar, hours)
    n = counting(total, started_on, calendar)[2]
    last = _count_to(total, n, started_on, taken_out, calendar)
    if last is None:
        return None
    due_on = last if isinstance(total, WorkingDays) else calendar.next_working(last)
    warned = max(1, n - threshold.of(n))
    yellow_on = due_on if warned == n else _count_to(total, warned, started_on, taken_out, calendar)
    counted_from = started_on + ONE_DAY if isinstance(total, WorkingDays) else last
    return Deadline(
        total,
        started_on,
        due_on,
        start_of_day(yellow_on or due_on),
        hours.close_of_business(due_on),
        calendar.reaches_provisional(counted_from, due_on),
    )


def deadline_of(
    limit: Limit,
    intervals: Intervals,
    *,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
    threshold: Threshold = WARNED,
) -> Deadline | None:
    """Compute when a limit ends from what happened to its clock.

    :raises TypeError: when the extension has another unit than the limit.
    :raises ValueError: as deadline() does.
    """
    return deadline(
        limit,
        intervals.started_on,
        calendar=calendar,
        hours=hours,
        pauses=intervals.pauses,
        extension=intervals.extension,
        threshold=threshold,
        started_at=intervals.started_at,
    )


def counting(total: Limit, started_on: date, calendar: Calendar) -> tuple[Reach, Between, int]:
    """Choose how days are reached and counted between, and how many of them a limit of days or months is."""
    if isinstance(total, WorkingDays):
        return calendar.nth_working, calendar.working_days_between, total.n
    if isinstance(total, Months):
        return _later, _days_between, (_corresponding_day(started_on, total.n) - started_on).days
    return _later, _days_between, total.n


def _count_to(total: Limit, n: int, started_on: date, pauses: tuple[Pause, ...], calendar: Calendar) -> date | None:
    """Find the n-th counted day after the start, or nothing when an open pause stands before it."""
    if isinstance(total, WorkingDays):
        return calendar.due_after(started_on, n, pauses)
    last = _later(started_on, n)
    for pause in pauses:
        if pause.start >= last:
            break
        if pause.end is None:
            return None
        n += _days_between(max(started_on, pause.start), pause.end)
        last = _later(started_on, n)
    return last


def _later(day: date, n: int) -> date:
    """Find the day n days later."""
    try:
        return day + timedelta(days=n)
    except OverflowError:
        raise ValueError(f"日期超出可计算的范围（公元 {LAST_YEAR} 年以内），请核对起算日和时限。") from None


def _days_between(after: date, until: date) -> int:
    """Count the days d with after < d <= until."""
    return max(0, (until - after).days)


def _corresponding_day(day: date, months: int) -> date:
    """Find the same day of a later month, or that month's end (民法典 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > LAST_YEAR:
        raise ValueError(f"日期超出可计算的范围（公元 {LAST_YEAR} 年以内），请核对起算日和时限。")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _on_the_spot(total: Limit, started_on: date, calendar: Calendar, hours: OfficeHours) -> Deadline:
    """Give the end of a limit of nought: the start day's close of business, yellow since it opened."""
    due_on = calendar.next_working(started_on)
    provisional = calendar.reaches_provisional(started_on, due_on)
    return Deadline(total, started_on, due_on, hours.opening(due_on), hours.close_of_business(due_on), provisional)


def _by_the_hour(
    total: Hours, started_at: datetime | None, pauses: tuple[Pause, ...], threshold: Threshold
) -> Deadline | None:
    """Give the end of a limit in hours, which run by day and night but not on days in a pause."""
    if started_at is None:
        raise ValueError("以小时计的时限须有起算时刻，请补上时刻后再计算。")
    whole = timedelta(hours=total.n)
    red_at = _run(started_at, whole, pauses)
    if red_at is None:
        return None
    warned = whole * (100 - threshold.percent) / 100
    yellow_at = _run(started_at, warned, pauses) or red_at
    return Deadline(total, local_day(started_at), local_day(red_at), yellow_at, red_at, provisional=False)


def _run(started_at: datetime, length: timedelta, pauses: tuple[Pause, ...]) -> datetime | None:
    """Find the instant at which a length has run, or nothing when an open pause stands before it."""
    moment = started_at.astimezone(UTC) + length
    for pause in pauses:
        stands_still = start_of_day(pause.start + ONE_DAY)
        if stands_still >= moment:
            break
        if pause.end is None:
            return None
        moment += max(timedelta(), _elapsed(max(stands_still, started_at), start_of_day(pause.end + ONE_DAY)))
    return local(moment)


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Measure true time between two instants."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def used(started_on: date, unit: str, pauses: Iterable[Pause], calendar: Calendar, on: date) -> int:
    """Count the days of a limit that are used up at the end of a day; months are counted in days.

    :raises ValueError: for hours, which are no days.
    """
    if unit == Hours.unit:
        raise ValueError("以小时计的时限不按日累计。")
    between = calendar.working_days_between if unit == WorkingDays.unit else _days_between
    excluded = (between(max(started_on, pause.start), min(on, pause.end or on)) for pause in unite(pauses))
    return between(started_on, on) - sum(excluded)


class Light(StrEnum):
    """The state of a running clock, always derived; each light has a word and a shape, never colour alone."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"

    @property
    def word(self) -> str:
        """The word people read."""
        return {"green": "正常", "yellow": "将到期", "red": "超期", "paused": "暂停"}[self.value]

    @property
    def shape(self) -> str:
        """The shape that goes with the word."""
        return {"green": "●", "yellow": "▲", "red": "■", "paused": "⏸"}[self.value]


def light(deadline: Deadline | None, now: datetime) -> Light:
    """Tell the light of a clock; a deadline that an open pause hides shows as paused."""
    if deadline is None:
        return Light.PAUSED
    return light_at(deadline.yellow_at, deadline.red_at, False, now)


def light_at(yellow_at: datetime | None, red_at: datetime | None, paused: bool, now: datetime) -> Light:
    """Tell the light from plain columns; this is the only place that compares them with now.

    red_at is empty while a pause hides the due day, and is kept when the clock was red before the pause
    (when_paused), so a red light stays red.
    """
    if red_at is not None and now > red_at:
        return Light.RED
    if paused:
        return Light.PAUSED
    return Light.YELLOW if yellow_at is not None and now >= yellow_at else Light.GREEN


def when_paused(before: Deadline | None, after: Deadline | None, at: datetime) -> Deadline | None:
    """Choose the deadline to keep when a clock is paused at an instant: pausing never unlights red.

    :param before: the deadline without the pause.
    :param after: the deadline with it, nothing when the pause hides the due day.
    """
    return before if before is not None and light(before, at) is Light.RED else after
