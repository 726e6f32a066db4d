"""A period told from the journal: what was carried over and taken on, how it was decided, and what was left at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from xiaoneng.matters.models import Matter
from xiaoneng.org.reads import Reach
from xiaoneng.supervision.tally_sql import kinds_counted

# Whoever was taken on before the end and had not ended before the beginning; `last` is the last entry before the end.
_PERIOD = """
WITH told AS (
  SELECT m.id, m.department_id, e.*, last.red_at, last.paused
  FROM matter m CROSS JOIN LATERAL (
    SELECT min(e.recorded_at) FILTER (WHERE m.kind || '/' || e.move = ANY (%(accepted)s)) AS taken_on,
      min(e.recorded_at) FILTER (WHERE m.kind || '/' || e.move = ANY (%(decided)s)) AS decided_at,
      min(e.recorded_at) FILTER (WHERE (e.facts ->> 'closed')::boolean) AS ended_at,
      bool_or((e.facts ->> 'late')::boolean) FILTER (WHERE m.kind || '/' || e.move = ANY (%(decided)s)) AS late,
      min((SELECT min((c ->> 'due_on')::date) FROM jsonb_array_elements(e.facts -> 'clocks') c
           WHERE (c ->> 'counts')::boolean AND c ->> 'state' = 'stopped'))
        FILTER (WHERE m.kind || '/' || e.move = ANY (%(decided)s)) AS due_on
    FROM entry e WHERE e.matter_id = m.id AND e.recorded_at < %(until)s) e
  LEFT JOIN LATERAL (
    SELECT (l.facts ->> 'red_at')::timestamptz AS red_at, (l.facts ->> 'paused')::boolean AS paused
    FROM entry l WHERE l.matter_id = m.id AND l.recorded_at < %(until)s ORDER BY l.seq DESC LIMIT 1) last ON true
  WHERE m.version > 0 AND m.kind = ANY (%(kinds)s) AND (NOT m.closed OR m.changed_at >= %(since)s)
    AND (%(departments)s::bigint[] IS NULL OR m.department_id = ANY (%(departments)s::bigint[]))
), own AS (
  SELECT *, coalesce(decided_at, ended_at) AS done_at FROM told
  WHERE taken_on IS NOT NULL AND (coalesce(decided_at, ended_at) IS NULL OR coalesce(decided_at, ended_at) >= %(since)s)
)"""

# What each figure counts of them, in the order of the report's columns.
_COUNTED = {
    "carried_over": "taken_on < %(since)s",
    "taken_on": "taken_on >= %(since)s",
    "early": "decided_at IS NOT NULL AND NOT late AND (decided_at AT TIME ZONE 'Asia/Shanghai')::date < due_on",
    "on_time": "decided_at IS NOT NULL AND NOT late"
    " AND ((decided_at AT TIME ZONE 'Asia/Shanghai')::date < due_on) IS NOT TRUE",
    "late": "decided_at IS NOT NULL AND late",
    "ended_otherwise": "decided_at IS NULL AND ended_at IS NOT NULL",
    "undue": "done_at IS NULL AND (red_at < %(until)s) IS NOT TRUE AND NOT paused",
    "overdue": "done_at IS NULL AND red_at < %(until)s",
    "paused": "done_at IS NULL AND (red_at < %(until)s) IS NOT TRUE AND paused",
}
COUNTS = tuple(_COUNTED)
_LINES = f"""{_PERIOD} SELECT d.id, d.name, {", ".join(f"count(*) FILTER (WHERE {each})" for each in _COUNTED.values())}
FROM own JOIN org_department d ON d.id = own.department_id GROUP BY 1, 2 ORDER BY 10 DESC, 7 DESC, 3 DESC, 1"""
_MATTERS = f"""{_PERIOD} SELECT own.id FROM own
WHERE (%(department)s = 0 OR own.department_id = %(department)s) AND CASE %(figure)s
{" ".join(f"WHEN '{name}' THEN {each}" for name, each in _COUNTED.items())} ELSE true END"""


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """What became of a department's matters in a period; all that came in is somewhere in what became of it."""

    department: int
    name: str
    carried_over: int
    taken_on: int
    early: int
    on_time: int
    late: int
    ended_otherwise: int
    undue: int
    overdue: int
    paused: int

    @property
    def decided(self) -> int:
        """Return how many were decided."""
        return self.early + self.on_time + self.late

    @property
    def base(self) -> int:
        """Return what the rate counts: the decisions, and what was late and not decided at the end."""
        return self.decided + self.overdue


def period(reach: Reach, since: datetime, until: datetime, kinds: Iterable[str] = ()) -> tuple[PeriodLine, ...]:
    """Return what became of every department's matters from a moment up to another, from the journal alone.

    :param until: the lights of what was left are those of this moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES, _values(reach, since, until, kinds))
        return tuple(PeriodLine(*row) for row in cursor.fetchall())


def behind(
    reach: Reach, since: datetime, until: datetime, kinds: Iterable[str] = (), *, figure: str = "", department: int = 0
) -> QuerySet[Matter]:
    """Return the matters that a figure of a period counts.

    :param figure: one of COUNTS; without it all matters of the period.
    :param department: whose; 0 means of all departments within reach.
    """
    with connection.cursor() as cursor:
        values = _values(reach, since, until, kinds) | {"figure": figure, "department": department}
        cursor.execute(_MATTERS, values)
        return Matter.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()])


def _values(reach: Reach, since: datetime, until: datetime, kinds: Iterable[str]) -> dict[str, Any]:
    departments = None if reach.everywhere else sorted(reach.departments)
    return kinds_counted(kinds) | {"since": since, "until": until, "departments": departments}


def together(lines: Iterable[PeriodLine]) -> PeriodLine:
    """Return what several departments come to."""
    found = tuple(lines)
    return PeriodLine(0, "合计", *(sum(getattr(line, name) for line in found) for name in COUNTS))
