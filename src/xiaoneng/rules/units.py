"""The lengths a law can set, each a type of its own: mixing working days with calendar days is a type error."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

# Longer than any limit in law; a larger number is a slip of the keyboard, and dates would run out of the calendar.
LONGEST = 9999


@dataclass(frozen=True, slots=True, order=True)
class _Length:
    """A whole number of one unit; only lengths of the same unit can be added or compared.

    :raises ValueError: when the number is no whole number from 0 to 9999.
    """

    n: int
    unit: ClassVar[str]
    word: ClassVar[str]

    def __post_init__(self) -> None:
        if type(self.n) is not int or not 0 <= self.n <= LONGEST:
            raise ValueError(f"时限应为 0 至 {LONGEST} 的整数，收到的是“{self.n}”，请更正。")

    def __add__(self, other: Self) -> Self:
        return self.plus(other)

    def __str__(self) -> str:
        return f"{self.n} {self.word}"

    def plus(self, other: "_Length") -> Self:
        """Add a length whose unit is only known at run time.

        :raises TypeError: when the units differ.
        """
        if type(other) is not type(self):
            raise TypeError(f"时限的单位不同，不能相加：{self}与{other}。")
        return type(self)(self.n + other.n)


@dataclass(frozen=True, slots=True, order=True)
class WorkingDays(_Length):
    """Days on which offices work, by the official calendar (行政许可法 art. 82); 0 means decided on the spot."""

    unit: ClassVar[str] = "working_day"
    word: ClassVar[str] = "个工作日"


@dataclass(frozen=True, slots=True, order=True)
class CalendarDays(_Length):
    """All days; the last one rolls forward to a working day (民法典 art. 203)."""

    unit: ClassVar[str] = "calendar_day"
    word: ClassVar[str] = "日"


@dataclass(frozen=True, slots=True, order=True)
class Hours(_Length):
    """Hours by the clock from the moment of the start (民法典 art. 201 par. 2)."""

    unit: ClassVar[str] = "hour"
    word: ClassVar[str] = "小时"


@dataclass(frozen=True, slots=True, order=True)
class Months(_Length):
    """Months to the corresponding day or the end of the month (民法典 art. 202); the last day rolls forward."""

    unit: ClassVar[str] = "month"
    word: ClassVar[str] = "个月"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From when a light warns: no more than a share of the limit remains, in days no fewer than `least`.

    :raises ValueError: the share is no percentage below a hundred, or the days are negative.
    """

    percent: int = 20
    least: int = 1

    def __post_init__(self) -> None:
        if not (0 <= self.percent < 100 and self.least >= 0):
            raise ValueError("预警的比例应为 0 到 99，预警天数不能为负数，请更正。")

    def of(self, n: int) -> int:
        """Return with how many of n days remaining it warns."""
        return max(self.least, -(-n * self.percent // 100))

    def __str__(self) -> str:
        return f"剩余不超过期限的 {self.percent}%，不少于 {self.least} 日" if self.percent else f"剩余 {self.least} 日"


WARNED = Threshold()


@dataclass(frozen=True, slots=True, order=True)
class Warned:
    """A rule of thresholds: how narrow its scope is (all, a kind, an item), since when, the how-manieth, and its numbers."""

    scope: int
    since: date
    serial: int
    percent: int | None
    least: int | None


def threshold_on(rules: Iterable[Warned], day: date) -> Threshold:
    """Choose the threshold for clocks that start on a day: of the narrowest scope the latest rule that has begun.

    A rule without numbers gives way to the wider scope.
    """
    newest: dict[int, Warned] = {}
    for rule in rules:
        if rule.since <= day and (rule.scope not in newest or newest[rule.scope] < rule):
            newest[rule.scope] = rule
    for scope in sorted(newest, reverse=True):
        rule = newest[scope]
        if rule.percent is not None and rule.least is not None:
            return Threshold(rule.percent, rule.least)
    return WARNED


Limit = WorkingDays | CalendarDays | Hours | Months
LIMITS: tuple[type[Limit], ...] = (WorkingDays, CalendarDays, Hours, Months)


def limit(unit: str, n: int) -> Limit:
    """Make the limit that a row of a table or file describes.

    :raises ValueError: when the unit is unknown, or the number is no whole number that fits the unit.
    """
    kind = next((kind for kind in LIMITS if kind.unit == unit), None)
    if kind is None:
        known = "、".join(f"{kind.unit}（{kind.word.removeprefix('个')}）" for kind in LIMITS)
        raise ValueError(f"不认识的时限单位“{unit}”，请改用：{known}。")
    length = kind(n)
    if n == 0 and kind in (Hours, Months):
        raise ValueError("以小时或月计的时限至少为 1，请更正。")
    return length
