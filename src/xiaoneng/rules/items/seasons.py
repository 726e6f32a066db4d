"""When a service of the season is open: days of every year, or of one year, as a guide writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from xiaoneng.rules.grounds import LICENSING, Basis, Obstacle

PUBLISHED = Basis(
    LICENSING, 30, "一款", "行政机关应当将法律、法规、规章规定的有关行政许可的条件、程序、期限等在办公场所公示"
)
_DAY = r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日|(底|末))?"
_SPAN = re.compile(rf"{_DAY}\s*(?:起)?\s*(?:至|到|—+|-+|～|~)\s*(?:次年|翌年|当年)?\s*{_DAY}")
_LAST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both within; a year of None is every year, and an end before its start is next year's."""

    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None = None
    last_year: int | None = None

    def opening(self, on: date) -> date | None:
        """Return the day on which this span opened, where it is open on a day, or opens next; nothing if never again."""
        for year in (on.year - 1, on.year, on.year + 1, on.year + 2) if self.year is None else (self.year,):
            starts, ends = self._in(year)
            if on <= ends:
                return starts
        return None

    def _in(self, year: int) -> tuple[date, date]:
        over = self.last_year if self.last_year is not None else year + (self.last < self.first)
        return _day(year, self.first), _day(over, self.last)


def _day(year: int, month_day: tuple[int, int]) -> date:
    month, day = month_day
    leap = date(year, 12, 31).timetuple().tm_yday == 366
    return date(year, month, min(day, 28 if month == 2 and not leap else _LAST[month - 1]))


def spans(words: str) -> tuple[Span, ...]:
    """Return the spans that a guide writes; none where it names no days: then it says nothing that could be counted."""
    found = []
    for match in _SPAN.finditer(words):
        year, month, day, _, last_year, last_month, last_day, _ = match.groups()
        first = (int(month), int(day or 1))
        last = (int(last_month), int(last_day or 31))
        ends = int(last_year) if last_year else None
        if not (1 <= first[0] <= 12 and 1 <= last[0] <= 12 and 1 <= first[1] <= 31 and 1 <= last[1] <= 31):
            continue
        if (year and not 1949 <= int(year) < 9990) or (ends and not 1949 <= ends < 9990):
            continue
        found.append(Span(first, last, int(year) if year else None, ends if year else None))
    return tuple(found)


def opens(words: str, on: date) -> date | None:
    """Return when a service of this season opens next if it is closed on a day; nothing where it is open.

    :param words: 每年 3 月 1 日至 4 月 30 日. A season that is over for good gives the last day of the calendar.
    """
    known = spans(words)
    if not known:
        return None
    openings = [day for day in (span.opening(on) for span in known) if day is not None]
    if any(day <= on for day in openings):
        return None
    return min(openings, default=date.max)


def closed_words(words: str, on: date) -> str:
    """Return in a sentence that a seasonal service is closed on a day and when it opens, or nothing where it is open."""
    next_ = opens(words, on)
    if next_ is None:
        return ""
    if next_ == date.max:
        return f"这个事项只在{words}受理，今年的受理期已经结束，下一次的时间还没有公布。"
    return f"这个事项只在{words}受理，下一次从 {next_.year} 年 {next_.month} 月 {next_.day} 日起。"


def obstacles_out_of_season(words: str, on: date) -> tuple[Obstacle, ...]:
    """Return what stands against applying on a day: the service of the season is closed."""
    closed = closed_words(words, on)
    return (Obstacle("season", closed, PUBLISHED, "到受理期再来申请；草稿会一直留着。"),) if closed else ()
