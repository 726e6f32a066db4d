"""Questions of the supervisor: lights by department, what has just turned red, what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from xiaoneng.kit import asking
from xiaoneng.matters.models import Entry, Matter
from xiaoneng.matters.reads import open_matters
from xiaoneng.org.reads import Reach
from xiaoneng.rules.limits import light_at
from xiaoneng.rules.milestones import milestones, supervised
from xiaoneng.rules.workdays import local_day, start_of_day
from xiaoneng.supervision.models import RedLight
from xiaoneng.supervision.tally_reads import DepartmentLights, lights

OVERLAP = timedelta(seconds=5)  # a move is recorded a moment before others see it
LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def visible_to_supervisor(reach: Reach, kinds: Iterable[str] = ()) -> QuerySet[Matter]:
    """Return the open matters within a supervisor's reach, of some kinds or of every kind that carries a light."""
    rows = open_matters().filter(kind__in=_known(kinds))
    return rows if reach.everywhere else rows.filter(department_id__in=reach.departments)


def done_today(reach: Reach, now: datetime, what: str, kinds: Iterable[str] = ()) -> QuerySet[Matter]:
    """Return the matters that were taken on (`accepted`) or decided (`decided`) today, by the journal."""
    moves = {f"{kind}/{move}" for kind in _known(kinds) for move in getattr(milestones(supervised()[kind]), what)}
    today = Entry.objects.filter(recorded_at__gte=start_of_day(local_day(now)), recorded_at__lte=now)
    named = today.annotate(named=Concat("matter__kind", Value("/"), "move")).filter(named__in=moves)
    rows = Matter.objects.filter(pk__in=named.values("matter_id"))
    return rows if reach.everywhere else rows.filter(department_id__in=reach.departments)


def _known(kinds: Iterable[str]) -> list[str]:
    return [kind for kind in kinds if kind in supervised()] or list(supervised())


COUNTS = ("red", "yellow", "paused", "green", "on_time", "decided", "undecided_red", "turned_today", "due_today",
          "accepted_today", "decided_today")  # fmt: skip


def by_department(reach: Reach, now: datetime, kinds: Iterable[str] = ()) -> tuple[DepartmentLights, ...]:
    """Return the departments with their lights, the reddest first."""
    found = (each for each in lights(reach, now, kinds) if each.total or each.decided or each.accepted_today)
    return tuple(sorted(found, key=lambda each: (-each.red, -each.yellow, -each.total, each.department)))


def together(name: str, rows: Iterable[DepartmentLights], region: int = 0) -> DepartmentLights:
    """Return what several departments come to, as if they were one."""
    found = tuple(rows)
    return DepartmentLights(0, name, region, *(sum(getattr(row, count) for row in found) for count in COUNTS))


@dataclass(frozen=True, slots=True)
class RedLine:
    """A matter that is red now."""

    matter: int
    kind: str
    called: str
    title: str
    department_id: int
    department: str
    step_name: str
    desk: str
    since: datetime


_COLUMNS = """m.id, m.kind, coalesce(m.number, m.intake_number, ''), m.title, m.department_id, m.step_name, m.desk,
  m.red_at"""
_RED = """FROM matter m WHERE NOT m.closed AND m.version > 0 AND m.red_at >= %(since)s AND m.red_at < %(now)s
  AND m.kind = ANY (%(kinds)s)"""
# Not by id as well: thousands turn red at the same close of business, and all of them would be sorted for the first few.
_LATEST = "ORDER BY red_at DESC LIMIT %(most)s"
# By department where a list is given: one index is walked from its end, however long nothing there turned red.
_NEWLY = {
    True: f"SELECT {_COLUMNS} {_RED} {_LATEST}",
    False: f"""SELECT m.* FROM unnest(%(departments)s::bigint[]) AS w (department)
      CROSS JOIN LATERAL (SELECT {_COLUMNS} {_RED} AND m.department_id = w.department {_LATEST}) m {_LATEST}""",
}


def turned_red(
    reach: Reach, since: datetime, now: datetime, most: int = 10, kinds: Iterable[str] = ()
) -> tuple[RedLine, ...]:
    """Return the open matters that turned red since a moment, the latest first."""
    statement = f"""SELECT json_agg(json_build_array(r.id, r.kind, r.called, r.title, r.department_id, d.name, r.step_name,
        r.desk, r.red_at) ORDER BY r.red_at DESC, r.id DESC)::text
      FROM ({_NEWLY[reach.everywhere]}) r (id, kind, called, title, department_id, step_name, desk, red_at)
      JOIN org_department d ON d.id = r.department_id"""
    departments = sorted(reach.departments)
    values = {"since": since, "now": now, "most": most, "kinds": _known(kinds), "departments": departments}
    (told,) = asking.only(statement, values)
    rows: list[list[Any]] = [[*row, datetime.fromisoformat(since)] for *row, since in orjson.loads(told or "[]")]
    return tuple(RedLine(*row) for row in rows)


def red_now(reach: Reach, now: datetime, most: int = 10, kinds: Iterable[str] = ()) -> tuple[RedLine, ...]:
    """Return the matters that are red, the latest first."""
    return turned_red(reach, LONG_AGO, now, most, kinds)


# Each in the order of its index: asked whether there is any at all, the planner would look through the table for one.
_WITHIN = "m.kind = ANY (%(kinds)s) AND (%(everywhere)s OR m.department_id = ANY (%(departments)s))"
_CHANGED = f"""SELECT coalesce(
  (SELECT true FROM entry e CROSS JOIN LATERAL (SELECT * FROM matter WHERE id = e.matter_id OFFSET 0) m
   WHERE e.recorded_at > %(seen)s AND {_WITHIN} ORDER BY e.recorded_at LIMIT 1),
  (SELECT true FROM matter m WHERE NOT m.closed AND m.version > 0 AND m.red_at >= %(since)s AND m.red_at < %(now)s
     AND {_WITHIN} ORDER BY m.red_at LIMIT 1),
  (SELECT true FROM matter m WHERE NOT m.closed AND m.version > 0 AND NOT m.paused AND m.yellow_at > %(since)s
     AND m.yellow_at <= %(now)s AND {_WITHIN} ORDER BY m.yellow_at LIMIT 1),
  false)"""


def changed_since(reach: Reach, since: datetime, now: datetime) -> bool:
    """Tell whether anything a board shows changed after a moment: an entry, or a light that time has turned."""
    values = {
        "since": since, "now": now, "seen": since - OVERLAP, "kinds": list(supervised()),
        "everywhere": reach.everywhere, "departments": sorted(reach.departments),
    }  # fmt: skip
    return bool(asking.only(_CHANGED, values)[0])


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A red light on record."""

    clock: str
    round: int
    since: datetime
    recorded_at: datetime
    step_name: str
    seal: int | None


def records_of(matter: int) -> tuple[RecordLine, ...]:
    """Return the red lights on record of a matter."""
    rows = RedLight.objects.filter(matter_id=matter).order_by("since")
    return tuple(RecordLine(r.clock, r.round, r.since, r.recorded_at, r.step_name, r.seal) for r in rows)


_AS_OF = """
SELECT (facts ->> 'yellow_at')::timestamptz, (facts ->> 'red_at')::timestamptz, (facts ->> 'paused')::boolean
FROM (SELECT DISTINCT ON (e.matter_id) e.facts, m.kind FROM entry e JOIN matter m ON m.id = e.matter_id
      WHERE e.recorded_at <= %s ORDER BY e.matter_id, e.seq DESC) last
WHERE NOT (facts ->> 'closed')::boolean AND kind = ANY (%s)"""


def lights_as_of(at: datetime) -> dict[str, int]:
    """Count the lights of the matters that were open at an instant, from the journal alone."""
    counts = dict.fromkeys(("green", "yellow", "red", "paused"), 0)
    with connection.cursor() as cursor:
        cursor.execute(_AS_OF, [at, list(supervised())])
        for yellow_at, red_at, paused in cursor.fetchall():
            counts[light_at(yellow_at, red_at, paused, at).value] += 1
    return counts
