"""The lights of every department as of an earlier instant: the journal tells them, or the row that stood still since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from xiaoneng.org.reads import Reach
from xiaoneng.rules.milestones import supervised

# rules.limits.light_at as columns; a matter that nothing was entered for since the instant stands as it stood then.
_THEN = """
WITH stood AS (
  SELECT m.department_id, m.yellow_at, m.red_at, m.paused FROM matter m
  WHERE m.version > 0 AND NOT m.closed AND m.changed_at <= %(at)s AND m.kind = ANY (%(kinds)s)
  UNION ALL
  SELECT m.department_id, (e.facts ->> 'yellow_at')::timestamptz, (e.facts ->> 'red_at')::timestamptz,
    (e.facts ->> 'paused')::boolean
  FROM matter m CROSS JOIN LATERAL (
    SELECT e.facts FROM entry e WHERE e.matter_id = m.id AND e.recorded_at <= %(at)s ORDER BY e.seq DESC LIMIT 1) e
  WHERE m.version > 0 AND m.changed_at > %(at)s AND m.kind = ANY (%(kinds)s) AND NOT (e.facts ->> 'closed')::boolean)
SELECT d.id, d.name, d.region_id, count(*) FILTER (WHERE l.red),
  count(*) FILTER (WHERE NOT l.red AND NOT s.paused AND l.yellow), count(*) FILTER (WHERE NOT l.red AND s.paused),
  count(*) FILTER (WHERE NOT l.red AND NOT s.paused AND NOT l.yellow)
FROM stood s JOIN org_department d ON d.id = s.department_id
CROSS JOIN LATERAL (SELECT (s.red_at < %(at)s) IS TRUE AS red, (s.yellow_at <= %(at)s) IS TRUE AS yellow) l
WHERE %(departments)s::bigint[] IS NULL OR d.id = ANY (%(departments)s::bigint[])
GROUP BY d.id, d.name, d.region_id ORDER BY 4 DESC, 5 DESC, count(*) DESC, d.id"""


@dataclass(frozen=True, slots=True)
class Then:
    """A department's lights at an instant."""

    department: int
    name: str
    region: int
    red: int
    yellow: int
    paused: int
    green: int

    @property
    def total(self) -> int:
        """Return how many matters were open."""
        return self.red + self.yellow + self.paused + self.green


def by_department_then(reach: Reach, at: datetime, kinds: Iterable[str] = ()) -> tuple[Then, ...]:
    """Return the departments with the lights that their matters had at an instant, the reddest first."""
    known = [kind for kind in kinds if kind in supervised()] or list(supervised())
    departments = None if reach.everywhere else sorted(reach.departments)
    with connection.cursor() as cursor:
        cursor.execute(_THEN, {"at": at, "kinds": known, "departments": departments})
        return tuple(Then(*row) for row in cursor.fetchall())
