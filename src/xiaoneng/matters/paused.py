"""Where the clocks of paused matters stand: for which special procedure, and how much of the limit is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xiaoneng.matters import models
from xiaoneng.matters.clocks import PAUSED, pauses_of
from xiaoneng.rules.limits import CalendarDays, Limit, WorkingDays, limit, used
from xiaoneng.rules.workdays import Calendar

DAYS = (WorkingDays.unit, CalendarDays.unit)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a paused clock stands."""

    kind: str
    left: Limit


def standings(ids: Iterable[int], calendars: Mapping[int, Calendar]) -> dict[int, Standing]:
    """Return where several paused matters stand, each by the clock with the fewest days left, in one query.

    :param calendars: the calendar of each matter.
    """
    rows = models.Clock.objects.filter(matter_id__in=list(ids), state=PAUSED, counts=True, unit__in=DAYS)
    found: dict[int, Standing] = {}
    for row in rows:
        gone = pauses_of(row.pauses)
        if not gone:
            continue
        spent = used(row.started_on, row.unit, gone, calendars[row.matter_id], gone[-1].start)
        left = limit(row.unit, max(0, row.limit + row.extension - spent))
        if row.matter_id not in found or left.n < found[row.matter_id].left.n:
            found[row.matter_id] = Standing(gone[-1].kind, left)
    return found
