"""One version of a calendar as its rows say it, asked one day at a time; shares no code with the rules."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection

ONE = dt.timedelta(days=1)
CHINA = dt.timezone(dt.timedelta(hours=8))  # no summer time since 1991


class Almanac:
    """Which days offices work, which years are settled, and when offices open and close."""

    def __init__(self, off: Collection[dt.date], on: Collection[dt.date], settled: Collection[int], hours: str) -> None:
        self.off, self.on, self.settled = set(off), set(on), set(settled)
        self.hours = [_dated(part) for part in hours.split(";")]  # the day from which they hold, opening, close

    def opens(self, day: dt.date) -> dt.time:
        """Tell when offices open on the day."""
        return max(each for each in self.hours if each[0] <= day)[1]

    def closes(self, day: dt.date) -> dt.time:
        """Tell when offices close on the day."""
        return max(each for each in self.hours if each[0] <= day)[2]

    def works(self, day: dt.date) -> bool:
        """Tell whether offices work on the day."""
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def roll(self, day: dt.date) -> dt.date:
        """Go forward to a working day, unless the day is one."""
        while not self.works(day):
            day += ONE
        return day

    def guesses(self, first: dt.date, last: dt.date) -> bool:
        """Tell whether a year from the first day to the last lacks its official notice."""
        return any(year not in self.settled for year in range(first.year, last.year + 1))

    def received(self, moment: dt.datetime) -> dt.date:
        """Tell the day on which something that came at this moment counts as received."""
        day, late = day_of(moment), moment.astimezone(CHINA).time() > self.closes(day_of(moment))
        return self.roll(day + ONE if late else day)


def _dated(text: str) -> tuple[dt.date, dt.time, dt.time]:
    day, _, sessions = text.rpartition("=")
    opens, closes = sessions.split("-")[0], sessions.split("-")[-1]
    since = dt.date.fromisoformat(day) if day else dt.date.min
    return since, dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)


def at(day: dt.date, clock: dt.time = dt.time()) -> dt.datetime:
    """Return a moment of a day in China."""
    return dt.datetime.combine(day, clock, CHINA)


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day in China."""
    return moment.astimezone(CHINA).date()


def days_of_months(start: dt.date, n: int) -> int:
    """Count the days from a day to the same day n months later, or to the end of that month."""
    year, month = start.year, start.month
    for _ in range(n):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return (dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1])) - start).days
