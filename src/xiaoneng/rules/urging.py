"""The ladder of reminders: who is told when a matter draws near its end, and when it is over it; in working time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import CHINA, Calendar, OfficeHours, local

HANDLER = "handler"  # whoever has the desk at which the matter lies


class After(StrEnum):
    """From which instant a rung counts."""

    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung: its place, who is told, and how many working hours after the light has turned."""

    number: int
    who: str
    label: str
    after: After
    hours: int


def ladder(deputy: int, head: int, supervisor: int) -> tuple[Rung, ...]:
    """Return the ladder with the working hours after the red instant at which each of the upper rungs is told."""
    return (
        Rung(1, HANDLER, "经办人", After.YELLOW, 0),
        Rung(2, Role.DEPUTY.value, "分管领导", After.RED, deputy),
        Rung(3, Role.HEAD.value, "部门负责人", After.RED, head),
        Rung(4, Role.SUPERVISOR.value, "效能监察员", After.RED, supervisor),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """A reminder that is due: the rung, and the instant at which it came due."""

    rung: Rung
    due_at: datetime


def called_for(
    rungs: tuple[Rung, ...], yellow_at: datetime | None, red_at: datetime | None, now: datetime, calendar: Calendar,
    hours: OfficeHours,
) -> Iterator[Call]:  # fmt: skip
    """Give the reminders that have come due, each with its own instant however late this is asked."""
    for rung in rungs:
        turned = yellow_at if rung.after is After.YELLOW else red_at
        if turned is None or turned > now:
            continue
        due = after_work(turned, timedelta(hours=rung.hours), calendar, hours)
        if due <= now:
            yield Call(rung, due)


def after_work(start: datetime, length: timedelta, calendar: Calendar, hours: OfficeHours) -> datetime:
    """Return the instant at which so much office time has passed since a start; never outside office hours.

    :param length: of office time; nothing at all comes to the start itself, or the next opening.
    """
    here, left = local(start), length
    day = here.date()
    while True:
        if calendar.is_working(day):
            for opens, closes in hours.on(day).sessions:
                begin = max(here, datetime.combine(day, opens, CHINA))
                end = datetime.combine(day, closes, CHINA)
                if begin >= end:
                    continue
                if begin + left <= end:
                    return begin + left
                left -= end - begin
        day += timedelta(days=1)
