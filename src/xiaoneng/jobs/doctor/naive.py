"""A second opinion on every date: counts one day after another, slowly, and shares no code with the rules."""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from xiaoneng.jobs.doctor.almanac import CHINA, ONE, Almanac, at, day_of, days_of_months

Pauses = tuple[tuple[dt.date, dt.date | None], ...]


class Dates(NamedTuple):
    """When a clock is due, turns yellow and turns red, and whether a year without notice was counted through."""

    due: dt.date
    yellow: dt.datetime
    red: dt.datetime
    provisional: bool


def _rests(day: dt.date, pauses: Pauses) -> bool:
    return any(begin < day and (end is None or day <= end) for begin, end in pauses)


def _nth(start: dt.date, n: int, works: Almanac | None, pauses: Pauses) -> dt.date | None:
    endless = min((begin for begin, end in pauses if end is None), default=dt.date.max)
    day, seen = start, 0
    while seen < n:
        day += ONE
        if day > endless:
            return None
        seen += not _rests(day, pauses) and (works is None or works.works(day))
    return day


def _run(moment: dt.datetime, left: dt.timedelta, pauses: Pauses) -> dt.datetime | None:
    while not any(end is None and begin < day_of(moment) for begin, end in pauses):
        midnight = at(day_of(moment) + ONE)
        room = dt.timedelta() if _rests(day_of(moment), pauses) else midnight - moment
        if left <= room:
            return (moment + left).astimezone(CHINA)
        left, moment = left - room, midnight
    return None


@lru_cache(maxsize=100_000)
def reckon(
    days: Almanac, unit: str, n: int, start: dt.date, moment: dt.datetime, pauses: Pauses,
    warns: tuple[int, int] = (20, 1),
) -> Dates | None:  # fmt: skip
    """Count when a limit ends, or nothing while an open pause hides it."""
    percent, least = warns
    if unit == "hour":
        red, yellow = (_run(moment, dt.timedelta(seconds=36 * n * share), pauses) for share in (100, 100 - percent))
        return Dates(day_of(red), yellow, red, False) if red and yellow else None
    if n == 0:
        due = days.roll(start)
        return Dates(due, at(due, days.opens(due)), at(due, days.closes(due)), days.guesses(start, due))
    n, works = days_of_months(start, n) if unit == "month" else n, days if unit == "working_day" else None
    if (last := _nth(start, n, works, pauses)) is None:
        return None
    due, warned = days.roll(last), max(1, n - max(least, (n * percent + 99) // 100))
    yellow_on = (_nth(start, warned, works, pauses) or due) if warned < n else due
    return Dates(due, at(yellow_on), at(due, days.closes(due)), days.guesses(start + ONE if works else last, due))
