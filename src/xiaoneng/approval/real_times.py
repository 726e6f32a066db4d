"""How long an item really took: what citizens are told beside the promise."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from xiaoneng.matters.clocks import STOPPED, ClockState, from_facts, in_order
from xiaoneng.matters.reads import as_json
from xiaoneng.org import reads as org
from xiaoneng.rules.limits import CalendarDays, Months, WorkingDays, used
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import Calendar, local_day

YEAR = timedelta(days=365)
LEAST = 5  # decisions; fewer say nothing about the next one, and might tell of one person
MOST = 1000  # of the latest decisions

_DECIDED = """
SELECT m.department_id, m.clocks::text FROM matter m JOIN catalogue_itemversion v ON v.id = m.item_version_id
WHERE v.item_id = %s AND m.kind = 'application' AND m.state IN ('granted', 'refused', 'delivered') AND m.changed_at > %s
ORDER BY m.changed_at DESC LIMIT %s"""


@dataclass(frozen=True, slots=True)
class RealTimes:
    """In how many days half and nine tenths of the decisions of a year were made, and how many decisions that were."""

    half: int
    nine_tenths: int
    cases: int
    unit: str  # working_day | calendar_day


def real_times(item: int, at: datetime) -> RealTimes | None:
    """Return how long the decisions of the year before took from acceptance, or nothing where they are too few.

    Days are counted as the limit counts them: from the day after acceptance, by the official calendar where it counts
    working days, without the days of special procedures. What was decided on the day of acceptance took no day.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, [item, at - YEAR, MOST])
        rows = [(department, _decided(as_json(clocks).values(), at)) for department, clocks in cursor.fetchall()]
    known = [(department, clock) for department, clock in rows if clock is not None]
    if len(known) < LEAST:
        return None
    calendars = {department: org.calendar_of_department(department)[0] for department in {row[0] for row in known}}
    in_calendar_days = known[0][1].limit.unit in (CalendarDays.unit, Months.unit)
    unit = CalendarDays.unit if in_calendar_days else WorkingDays.unit
    took = sorted(_days(clock, unit, calendars[department]) for department, clock in known)
    return RealTimes(percentile(took, 0.5), percentile(took, 0.9), len(took), unit)


def percentile(ordered: Sequence[int], share: float) -> int:
    """Return the least value that this share of all does not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _decided(facts: Iterable[dict[str, object]], at: datetime) -> ClockState | None:
    """Return the clock that the decision stopped: the promised one where there is a promise, else the statutory one."""
    clocks = in_order(from_facts(each) for each in facts)
    for name in (ClockName.PROMISED, ClockName.STATUTORY):
        stopped = [clock for clock in clocks if clock.name is name and clock.state == STOPPED and clock.stopped_at]
        if stopped:
            last = max(stopped, key=lambda clock: clock.round)
            return last if last.stopped_at and at - YEAR < last.stopped_at <= at else None
    return None


def _days(clock: ClockState, unit: str, calendar: Calendar) -> int:
    assert clock.stopped_at is not None
    return max(0, used(clock.started_on, unit, clock.pauses, calendar, local_day(clock.stopped_at)))
