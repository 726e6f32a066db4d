"""The working days of one calendar, counted through once: where a limit ends is then looked up, not walked to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from itertools import accumulate, compress
from typing import Protocol

FIRST_YEAR, LAST_YEAR = 1990, 2079  # limits of living cases; what lies outside is counted year by year
FIRST = date(FIRST_YEAR, 1, 1).toordinal()
LAST = date(LAST_YEAR, 12, 31).toordinal()
SPAN = LAST - FIRST
BEFORE = "a day before the span"


class Stretch(Protocol):
    """Days that do not count: every d with start < d <= end; without an end, all days after the start."""

    @property
    def start(self) -> date:
        """The day after which days do not count."""
        ...

    @property
    def end(self) -> date | None:
        """The last day that does not count."""
        ...


class DayIndex:
    """The days from 1990 to 2079: `rank` of a day is how many working days lie up to it, `days[n]` the n-th of them.

    :param worked: for special days whether they are worked; all others are worked from Monday to Friday.
    """

    __slots__ = ("days", "rank")

    def __init__(self, worked: Mapping[int, bool]) -> None:
        every_day, weekdays = _span()
        counts = bytearray(weekdays)
        for ordinal, is_worked in worked.items():
            if FIRST <= ordinal <= LAST:
                counts[ordinal - FIRST] = is_worked
        self.days = [date.fromordinal(FIRST - 1), *compress(every_day, counts)]
        self.rank = list(accumulate(counts))

    def due(self, start: date, n: int) -> date:
        """Find the n-th working day after a day (n >= 1).

        :raises IndexError: outside the span.
        """
        place = start.toordinal() - FIRST
        if place < 0:
            raise IndexError(BEFORE)
        return self.days[self.rank[place] + n]

    def between(self, after: date, until: date) -> int | None:
        """Count the working days d with after < d <= until, or nothing outside the span."""
        first, last = after.toordinal() - FIRST, until.toordinal() - FIRST
        if first < 0 or last < 0 or first > SPAN or last > SPAN:
            return None
        return self.rank[last] - self.rank[first] if last > first else 0

    def due_outside(self, start: date, n: int, pauses: Iterable[Stretch]) -> date | None:
        """Find the n-th working day after the start outside pauses, which are disjoint and in order.

        :return: the day, or nothing while an open pause hides it.
        :raises IndexError: outside the span.
        """
        rank = self.rank
        place = start.toordinal() - FIRST
        if place < 0:
            raise IndexError(BEFORE)
        begun = rank[place]
        last = begun + n
        for pause in pauses:
            at = pause.start.toordinal() - FIRST
            if at < 0:
                raise IndexError(BEFORE)
            stood = rank[at]
            if stood >= last:  # it begins when the count is done
                break
            end = pause.end
            if end is None:
                return None
            if stood < begun:
                stood = begun
            resumed = rank[end.toordinal() - FIRST]
            if resumed > stood:
                last += resumed - stood
        return self.days[last]


@cache
def _span() -> tuple[list[date], bytes]:
    """Keep every day of the span, which all calendars share, and for each whether it is one from Monday to Friday."""
    ordinals = range(FIRST, LAST + 1)
    return [date.fromordinal(each) for each in ordinals], bytes((each + 6) % 7 < 5 for each in ordinals)
