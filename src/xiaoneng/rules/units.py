"""The lengths a law can set, each a type of its own: mixing working days with calendar days is a type error."""

from dataclasses import dataclass
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
