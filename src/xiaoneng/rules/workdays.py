"""Which days count: official working days, make-up days, provisional years, and the hours an office is open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from xiaoneng.rules.dayindex import FIRST, FIRST_YEAR, DayIndex, Stretch
from xiaoneng.rules.dayindex import LAST_YEAR as LAST_INDEXED

CHINA = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LAST_YEAR = 9998


class DayKind(StrEnum):
    """What a day is: an ordinary working day, a weekend, a holiday, or a weekend day worked in exchange (调休上班)."""

    WORKING = "working"
    REST = "rest"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


WORKED = frozenset({DayKind.WORKING, DayKind.MAKEUP})


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that an official document treats otherwise than its weekday would: its kind and its Chinese name."""

    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one region in one version; a year without its official notice is provisional.

    In a provisional year only Saturdays and Sundays rest, and whoever counts into it says so.
    """

    region: str
    version: int
    special: Mapping[date, SpecialDay] = field(hash=False)
    notices: Mapping[int, str] = field(hash=False)
    _years: dict[int, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _index: DayIndex | None = field(default=None, init=False, repr=False, compare=False)

    def kind(self, day: date) -> DayKind:
        """Tell what the day is."""
        special = self.special.get(day)
        if special is not None:
            return special.kind
        return DayKind.REST if day.weekday() >= SATURDAY else DayKind.WORKING

    def name(self, day: date) -> str:
        """Tell the holiday a day belongs to or makes up for, or an empty string."""
        special = self.special.get(day)
        return special.name if special else ""

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on the day."""
        return self.kind(day) in WORKED

    def is_provisional(self, year: int) -> bool:
        """Tell whether the year still lacks its official notice."""
        return year not in self.notices

    def reaches_provisional(self, first: date, last: date) -> bool:
        """Tell whether any year from the first to the last day lacks its official notice."""
        return any(year not in self.notices for year in range(first.year, last.year + 1))

    def next_working(self, day: date) -> date:
        """Find the day itself if it is a working day, else the first working day after it."""
        return day if self.is_working(day) else self.nth_working(day, 1)

    def following_working(self, day: date) -> date:
        """Find the first working day after the day."""
        return self.nth_working(day, 1)

    def preceding_working(self, day: date) -> date:
        """Find the last working day before the day."""
        ordinal, year = day.toordinal(), day.year
        while True:
            worked = self._worked(year)
            if place := bisect_left(worked, ordinal):
                return date.fromordinal(worked[place - 1])
            year -= 1

    def nth_working(self, day: date, n: int) -> date:
        """Find the n-th working day after the day (n >= 1).

        :raises ValueError: when the count runs out of the calendar.
        """
        try:
            return (self._index or self._counted()).due(day, n)
        except IndexError:
            year = day.year
        worked = self._worked(year)
        place = bisect_right(worked, day.toordinal()) + n - 1
        while place >= len(worked):
            place -= len(worked)
            year += 1
            worked = self._worked(year)
        return date.fromordinal(worked[place])

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days d with after < d <= until."""
        counted = (self._index or self._counted()).between(after, until)
        if counted is not None:
            return counted
        if until <= after:
            return 0
        first, last = after.year, until.year
        count = bisect_right(self._worked(last), until.toordinal()) - bisect_right(
            self._worked(first), after.toordinal()
        )
        return count + sum(len(self._worked(year)) for year in range(first, last))

    def due_after(self, start: date, n: int, pauses: tuple[Stretch, ...] = ()) -> date | None:
        """Find the n-th working day after the start outside the pauses, or nothing while an open one hides it.

        :param pauses: disjoint and in order, as intervals.unite() gives them.
        :raises ValueError: when the count runs out of the calendar.
        """
        index = self._index or self._counted()
        try:
            if pauses:
                return index.due_outside(start, n, pauses)
            # What index.due() does, written out: no limit is asked for more often than the plain one.
            place = start.toordinal() - FIRST
            if place >= 0:
                return index.days[index.rank[place] + n]
        except IndexError:
            pass
        return self._walk(start, n, pauses)

    def _walk(self, start: date, n: int, pauses: tuple[Stretch, ...]) -> date | None:
        """Find what due_after() does where the index does not reach."""
        last = self.nth_working(start, n)
        for pause in pauses:
            if pause.start >= last:
                break
            if pause.end is None:
                return None
            n += self.working_days_between(max(start, pause.start), pause.end)
            last = self.nth_working(start, n)
        return last

    @property
    def index(self) -> DayIndex:
        """The working days of the years in living memory, counted through."""
        return self._index or self._counted()

    def _counted(self) -> DayIndex:
        """Count through the working days once and keep that.

        :raises ValueError: when a year has none, which no count would ever come out of.
        """
        worked = {day.toordinal(): special.kind in WORKED for day, special in self.special.items()}
        for year in {day.year for day in self.special}:
            if FIRST_YEAR <= year <= LAST_INDEXED:
                self._worked(year)
        index = DayIndex(worked)
        object.__setattr__(self, "_index", index)
        return index

    def _worked(self, year: int) -> tuple[int, ...]:
        """Keep the ordinals of a year's working days, so that counting is a search and no walk."""
        worked = self._years.get(year)
        if worked is None:
            if not 1 <= year <= LAST_YEAR:
                raise ValueError(f"日期超出可计算的范围（公元 1 年至 {LAST_YEAR} 年），请核对起算日和时限。")
            first, after = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
            worked = tuple(o for o in range(first, after) if self.is_working(date.fromordinal(o)))
            if not worked:
                raise ValueError(f"{year} 年的日历中没有一个工作日，请更正日历后再计算。")
            self._years[year] = worked
        return worked


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The sessions of a working day in local time, in order and without overlap.

    :raises ValueError: when there is no session or the sessions are out of order.
    """

    sessions: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(17)))
    # Other hours from a day on, as in summer; in order of their days.
    later: tuple[tuple[date, OfficeHours], ...] = ()

    def __post_init__(self) -> None:
        moments = [moment for session in self.sessions for moment in session]
        if not moments or any(earlier >= later for earlier, later in pairwise(moments)):
            raise ValueError("办公时间须至少有一段，且各段按先后排列、互不重叠。")

    def on(self, day: date) -> OfficeHours:
        """Find the hours that hold on a day."""
        return next((hours for since, hours in reversed(self.later) if since <= day), self)

    @property
    def opens(self) -> time:
        """The moment the office opens."""
        return self.sessions[0][0]

    @property
    def closes(self) -> time:
        """The moment the office closes, which ends a legal day (民法典 art. 203)."""
        return self.sessions[-1][1]

    def opening(self, day: date) -> datetime:
        """Find the instant at which business opens on the day."""
        return datetime.combine(day, self.on(day).opens, CHINA)

    def close_of_business(self, day: date) -> datetime:
        """Find the instant at which the legal day ends: the close of business."""
        return datetime.combine(day, self.on(day).closes, CHINA)

    @property
    def full_day(self) -> timedelta:
        """The office time of one full day."""
        return self.until_time(self.closes)

    def until_time(self, moment: time) -> timedelta:
        """Sum the office time of a day up to a moment of it."""
        return sum((since(start, min(end, moment)) for start, end in self.sessions if start < moment), timedelta())


OFFICE_HOURS = OfficeHours()


def since(start: time, end: time) -> timedelta:
    """Measure from one moment of a day to a later one."""
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


def local_day(instant: datetime) -> date:
    """Tell the day in China at an instant.

    :raises ValueError: when the instant has no time zone.
    """
    return local(instant).date()


def local(instant: datetime) -> datetime:
    """Put an instant on China's clocks.

    :raises ValueError: when the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("时刻必须带有时区。")
    return instant.astimezone(CHINA)


def close_of_business(day: date, hours: OfficeHours = OFFICE_HOURS) -> datetime:
    """Find the instant at which the legal day ends (民法典 art. 203 par. 2)."""
    return hours.close_of_business(day)


def start_of_day(day: date) -> datetime:
    """Find 00:00 of the day in China."""
    return datetime.combine(day, time(), CHINA)


def receipt_day(instant: datetime, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS) -> date:
    """Tell the day on which something counts as received.

    That is the same day when it arrives on a working day up to the close of business, else the next working day.
    """
    moment = local(instant)
    if calendar.is_working(moment.date()) and moment.time() <= hours.on(moment.date()).closes:
        return moment.date()
    return calendar.following_working(moment.date())


@dataclass(frozen=True, slots=True)
class WorkSpan:
    """Office time left, or overdue: full office days and the minutes beyond them, both cut off, never rounded up."""

    days: int
    minutes: int
    overdue: bool

    def __str__(self) -> str:
        if self.overdue:
            return f"超 {self._length()}" if self.days or self.minutes else "刚刚超期"
        return self._length() if self.days or self.minutes else "不足 1 分"

    def _length(self) -> str:
        """Write the length with its two largest parts: 2 天 5 时, under a day 5 时 36 分."""
        hours, minutes = divmod(self.minutes, 60)
        parts = ((self.days, "天"), (hours, "时")) if self.days else ((hours, "时"), (minutes, "分"))
        return " ".join(f"{count} {word}" for count, word in parts if count)


def remaining_work(now: datetime, until: datetime, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS) -> WorkSpan:
    """Measure the office time from now until an instant, or since it when it has passed."""
    overdue = now > until
    work = working_time(until, now, calendar, hours) if overdue else working_time(now, until, calendar, hours)
    days, rest = divmod(work, hours.on(local_day(now)).full_day)
    return WorkSpan(days, rest // MINUTE, overdue)


def working_time(start: datetime, end: datetime, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS) -> timedelta:
    """Measure the office time between two instants, the earlier one first."""
    first, last = local(start), local(end)
    whole = _whole_days(first.date(), last.date(), calendar, hours)
    return whole - _worked_on(first, calendar, hours) + _worked_on(last, calendar, hours)


def _whole_days(first: date, last: date, calendar: Calendar, hours: OfficeHours) -> timedelta:
    """Sum the office time of the days from the first to before the last, each under the hours that hold on it."""
    changes = [day for day, _ in hours.later if first < day < last]
    return sum(
        (
            calendar.working_days_between(start - ONE_DAY, end - ONE_DAY) * hours.on(start).full_day
            for start, end in pairwise([first, *changes, last])
        ),
        timedelta(),
    )


def _worked_on(moment: datetime, calendar: Calendar, hours: OfficeHours) -> timedelta:
    """Sum the office time of a day that has passed at a moment of it."""
    return hours.on(moment.date()).until_time(moment.time()) if calendar.is_working(moment.date()) else timedelta()
