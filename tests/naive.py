"""A second opinion on every date: counts one day after another, slowly, and shares no code with the rules."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable

Pauses = Iterable[tuple[dt.date, dt.date | None]]
Works = Callable[[dt.date], bool]

ONE = dt.timedelta(days=1)
FAR = 20_000


def stands_still(day: dt.date, pauses: Pauses) -> bool:
    return any(begin < day and (end is None or day <= end) for begin, end in pauses)


def counts(day: dt.date, unit: str, works: Works, pauses: Pauses) -> bool:
    if stands_still(day, pauses):
        return False
    return works(day) if unit == "working_day" else True


def used(start: dt.date, unit: str, works: Works, pauses: Pauses, on: dt.date) -> int:
    total, day = 0, start
    while day < on:
        day += ONE
        total += counts(day, unit, works, pauses)
    return total


def months_as_days(start: dt.date, months: int) -> int:
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    length = calendar.monthrange(year, month)[1]
    return (dt.date(year, month, min(start.day, length)) - start).days


def nth_counted(start: dt.date, n: int, unit: str, works: Works, pauses: Pauses) -> dt.date | None:
    """The day on which n days have counted, nothing when it never comes."""
    day, total = start, 0
    for _ in range(FAR):
        if total == n:
            return day
        day += ONE
        total += counts(day, unit, works, pauses)
    return None


def due(start: dt.date, n: int, unit: str, works: Works, pauses: Pauses = (), extension: int = 0) -> dt.date | None:
    """The last day of a limit of days or months, nothing while an open pause hides it."""
    pauses = list(pauses)
    n += extension
    if unit == "month":
        n, unit = months_as_days(start, n), "calendar_day"
    last = nth_counted(start, n, unit, works, pauses)
    while last is not None and not works(last):
        last += ONE
    return last
