"""The lights of every department at a moment, from the tallies and what they have not counted yet: exact, and quick.

One statement sees one state of the database: the turns up to the moment, and beside them the matters whose entries lie
behind the tallies' cursor, taken out as they were counted and put in as they are. A dead worker only makes that
second part longer; when it grows too long, or the moment lies before what has been folded, all open matters are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from xiaoneng.kit import asking
from xiaoneng.org.reads import Reach
from xiaoneng.rules.workdays import local_day, start_of_day
from xiaoneng.supervision.tally_sql import COUNTED, OF_MATTER, kinds_counted

MOST_BEHIND = 5_000  # entries not counted yet; with more of them all open matters are counted sooner

_TALLIED = """SELECT * FROM lights_by_department(%(now)s, %(day)s, %(night)s, %(month)s, %(kinds)s, %(accepted)s, %(decided)s,
  %(after)s, %(departments)s::bigint[], %(most)s)"""
_UNLIT = "(c.red_at IS NULL OR c.red_at >= %(now)s)"
_YELLOW = "(c.yellow_at <= %(now)s) IS TRUE"
_REACHED = "(%(departments)s::bigint[] IS NULL OR m.department_id = ANY (%(departments)s::bigint[]))"
# rules.limits.light_at as columns, over all open matters; and the journal of the month.
_LIVE = f"""WITH c AS (
  SELECT m.department_id, {OF_MATTER} FROM matter m
  WHERE m.version > 0 AND NOT m.closed AND m.kind = ANY (%(kinds)s) AND {_REACHED}
), sums AS (
  SELECT a.department_id, sum(a.green) AS green, sum(a.yellow) AS yellow, sum(a.red) AS red, sum(a.paused) AS paused,
    sum(a.undecided_red) AS undecided_red, sum(a.turned_today) AS turned_today, sum(a.due_today) AS due_today,
    sum(a.accepted_today) AS accepted_today, sum(a.decided_today) AS decided_today, sum(a.decided) AS decided,
    sum(a.on_time) AS on_time
  FROM (
    SELECT c.department_id, count(*) FILTER (WHERE {_UNLIT} AND NOT c.paused AND NOT {_YELLOW}) AS green,
      count(*) FILTER (WHERE {_UNLIT} AND NOT c.paused AND {_YELLOW}) AS yellow,
      count(*) FILTER (WHERE c.red_at < %(now)s) AS red, count(*) FILTER (WHERE {_UNLIT} AND c.paused) AS paused,
      count(*) FILTER (WHERE c.red_at < %(now)s AND c.undecided) AS undecided_red,
      count(*) FILTER (WHERE c.red_at < %(now)s AND c.red_at >= %(day)s) AS turned_today,
      count(*) FILTER (WHERE c.red_at >= %(now)s AND c.red_at < %(night)s) AS due_today,
      0 AS accepted_today, 0 AS decided_today, 0 AS decided, 0 AS on_time
    FROM c GROUP BY 1
    UNION ALL
    SELECT m.department_id, 0, 0, 0, 0, 0, 0, 0,
      count(*) FILTER (WHERE {COUNTED} = ANY (%(accepted)s) AND e.recorded_at >= %(day)s),
      count(*) FILTER (WHERE {COUNTED} = ANY (%(decided)s) AND e.recorded_at >= %(day)s),
      count(*) FILTER (WHERE {COUNTED} = ANY (%(decided)s)),
      count(*) FILTER (WHERE {COUNTED} = ANY (%(decided)s) AND NOT (e.facts ->> 'late')::boolean)
    FROM entry e JOIN matter m ON m.id = e.matter_id
    WHERE e.recorded_at >= %(month)s AND e.recorded_at <= %(now)s AND m.kind = ANY (%(kinds)s) AND {_REACHED} GROUP BY 1) a
  GROUP BY 1)
SELECT s.department_id, d.name, d.region_id, s.red::int, s.yellow::int, s.paused::int, s.green::int, s.on_time::int,
  s.decided::int, s.undecided_red::int, coalesce(s.turned_today, 0)::int, coalesce(s.due_today, 0)::int,
  s.accepted_today::int, s.decided_today::int
FROM sums s JOIN org_department d ON d.id = s.department_id"""


class DepartmentLights(NamedTuple):
    """A department's open matters by light, what it did today, and this month's decisions with those in time."""

    department: int
    name: str
    region: int
    red: int
    yellow: int
    paused: int
    green: int
    on_time: int
    decided: int
    undecided_red: int
    turned_today: int = 0
    due_today: int = 0
    accepted_today: int = 0
    decided_today: int = 0

    @property
    def total(self) -> int:
        """Return how many matters are open."""
        return self.red + self.yellow + self.paused + self.green

    @property
    def base(self) -> int:
        """Return what the rate counts: the decisions, and what is late and not decided yet."""
        return self.decided + self.undecided_red


def lights(
    reach: Reach, now: datetime, kinds: Iterable[str] = (), *, live: bool = False
) -> tuple[DepartmentLights, ...]:
    """Return the figures of every department at a moment, of some kinds or of every kind that carries a light.

    :param live: count the open matters themselves and not the tallies.
    """
    values = _values(reach, now, kinds)
    told = [] if live else asking.every(_TALLIED, values)
    if live or (told and told[0][0] is None):
        told = asking.every(_LIVE, values)
    return tuple(map(DepartmentLights._make, told))


def _values(reach: Reach, now: datetime, kinds: Iterable[str]) -> dict[str, Any]:
    today = local_day(now)
    day = start_of_day(today)
    return kinds_counted(kinds) | {
        "now": now, "day": day, "night": day + timedelta(days=1), "month": start_of_day(today.replace(day=1)),
        "most": MOST_BEHIND, "departments": None if reach.everywhere else sorted(reach.departments),
    }  # fmt: skip
