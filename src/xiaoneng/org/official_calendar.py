"""The national calendar as the State Council's notices arrange it; a year without a notice is left out, not guessed."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from chinese_calendar.constants import Holiday, holidays, workdays

from xiaoneng.rules.workdays import Calendar, DayKind, SpecialDay

NATION = "000000"
VERSION = 1
FIRST_YEAR = 2004
ANTI_FASCIST_DAY = "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"
SHORTER = {ANTI_FASCIST_DAY: "抗战胜利纪念日"}

# Three years were rearranged after their notice; the later document is part of the ground.
AMENDMENTS = {
    2015: f"国务院关于{ANTI_FASCIST_DAY}调休放假的通知",
    2019: "国务院办公厅关于调整2019年劳动节假期安排的通知",
    2020: "国务院办公厅关于延长2020年春节假期的通知",
}


@cache
def national() -> Calendar:
    """Build the national calendar of all years that have an official notice."""
    special = {day: SpecialDay(kind, name) for day, kind, name in special_days()}
    return Calendar(NATION, VERSION, special, notices())


def special_days() -> Iterator[tuple[date, DayKind, str]]:
    """List the holidays and the make-up days in order, as rows (day, kind, name) of a calendar table."""
    named = {day: (DayKind.HOLIDAY, name) for day, name in holidays.items()}
    named |= {day: (DayKind.MAKEUP, name) for day, name in workdays.items()}
    for day, (kind, name) in sorted(named.items()):
        yield day, kind, in_chinese(name)


def in_chinese(name: str) -> str:
    """Give a holiday's Chinese name, short enough for a calendar cell."""
    chinese: str = Holiday(name).chinese
    return SHORTER.get(chinese, chinese)


def notices() -> dict[int, str]:
    """Name the official document behind each year."""
    return {year: notice(year) for year in range(FIRST_YEAR, max(holidays).year + 1)}


def notice(year: int) -> str:
    """Name the document that arranges a year's holidays, with its later amendment if there was one."""
    title = f"国务院办公厅关于{year}年部分节假日安排的通知"
    return f"{title}；{AMENDMENTS[year]}" if year in AMENDMENTS else title
