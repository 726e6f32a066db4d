"""One clock laid out day by day, ready to be explained: which days it counted and where it ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xiaoneng.rules.grounds import DECISION_TIME, TIME_NOT_COUNTED, WORKING_DAYS_COUNT, Basis
from xiaoneng.rules.limits import (
    Deadline,
    Hours,
    Limit,
    Pause,
    WorkingDays,
    counting,
    deadline,
    unite,
)
from xiaoneng.rules.workdays import ONE_DAY, Calendar, OfficeHours


@dataclass(frozen=True, slots=True)
class Wording:
    """What the start and the two clocks are called, and on which provisions counting, pausing and extending rest."""

    start: str = "受理"
    promised: str = "承诺"
    statutory: str = "法定"
    counting: Basis = WORKING_DAYS_COUNT
    pausing: Basis = TIME_NOT_COUNTED
    extending: Basis = DECISION_TIME


@dataclass(frozen=True, slots=True)
class Track:
    """One clock: its name, limit, pauses by kind and united, its counted days in order, and its end if known."""

    word: str
    started_on: date
    limit: Limit
    extension: Limit | None
    by_kind: tuple[Pause, ...]
    pauses: tuple[Pause, ...]
    counted: tuple[date, ...]
    numbers: Mapping[date, int]
    days: int
    ends: Deadline | None

    @property
    def by_working_days(self) -> bool:
        """Tell whether only working days count."""
        return isinstance(self.limit, WorkingDays)

    @property
    def open_pause(self) -> Pause | None:
        """The pause that hides the end, if one does."""
        return None if self.ends or not self.pauses else self.pauses[-1]

    def excludes(self, day: date) -> bool:
        """Tell whether a pause takes the day out."""
        return any(pause.excludes(day) for pause in self.pauses)

    def left_on(self, day: date) -> int:
        """Count the days still left at the end of a day."""
        return self.days - sum(1 for counted in self.counted if counted <= day)


def lay_out(
    word: str,
    limit: Limit,
    started_on: date,
    pauses: Iterable[Pause],
    extension: Limit | None,
    calendar: Calendar,
    hours: OfficeHours,
    started_at: datetime | None,
) -> Track:
    """Lay one clock out day by day.

    :raises TypeError: when the extension has another unit than the limit.
    :raises ValueError: as deadline() does.
    """
    by_kind = tuple(sorted((pause for pause in pauses if pause.start != pause.end), key=lambda pause: pause.start))
    total = limit if extension is None else limit.plus(extension)
    ends = deadline(
        limit,
        started_on,
        calendar=calendar,
        hours=hours,
        pauses=by_kind,
        extension=extension,
        started_at=started_at,
    )
    days = 0 if isinstance(total, Hours) else counting(total, started_on, calendar)[2]
    united = unite(by_kind)
    counted = counted_days(days, started_on, united, calendar if isinstance(total, WorkingDays) else None)
    numbers = {day: number for number, day in enumerate(counted, 1)}
    return Track(word, started_on, limit, extension, by_kind, united, counted, numbers, days, ends)


def counted_days(days: int, started_on: date, pauses: tuple[Pause, ...], calendar: Calendar | None) -> tuple[date, ...]:
    """Walk through the days that count, as many as the limit has or up to an open pause.

    :param calendar: the calendar whose working days count; without one all days count.
    """
    stands_still = next((pause.start for pause in pauses if pause.end is None), date.max)
    counted: list[date] = []
    day = started_on
    while len(counted) < days and day < stands_still:
        day += ONE_DAY
        if any(pause.excludes(day) for pause in pauses):
            continue
        if calendar is None or calendar.is_working(day):
            counted.append(day)
    return tuple(counted)
