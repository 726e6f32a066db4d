"""Which share of the cases was finished on the spot: decided on the day of acceptance, counted from the journal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

MOST = 500  # cases that a list shows

# One decision of a case counts: the last. Acceptance is the first entry that accepted it, by whomever.
_DECIDED = """
WITH decided AS (
  SELECT DISTINCT ON (d.matter_id) d.matter_id, d.at AS decided_at, d.move, m.department_id, m.title,
    coalesce(m.number, m.intake_number) AS called, m.item_version_id
  FROM entry d JOIN matter m ON m.id = d.matter_id
  WHERE d.move IN ('grant', 'refuse') AND m.kind = 'application' AND d.recorded_at > %s AND d.recorded_at <= %s
    AND (%s OR m.department_id = ANY(%s))
  ORDER BY d.matter_id, d.seq DESC),
timed AS (
  SELECT decided.*, (SELECT min(a.at) FROM entry a WHERE a.matter_id = decided.matter_id
    AND a.move IN ('accept', 'deem_accepted')) AS accepted_at FROM decided),
judged AS (
  SELECT *, coalesce((accepted_at AT TIME ZONE 'Asia/Shanghai')::date = (decided_at AT TIME ZONE 'Asia/Shanghai')::date, false)
    AS on_the_spot FROM timed)
"""
_COUNTS = """
SELECT j.department_id, d.name, count(*), count(*) FILTER (WHERE j.on_the_spot)
FROM judged j JOIN org_department d ON d.id = j.department_id GROUP BY 1, 2"""
_CASES = """
SELECT j.called, j.title, d.name, j.accepted_at, j.decided_at, j.on_the_spot, j.move
FROM judged j JOIN org_department d ON d.id = j.department_id ORDER BY j.on_the_spot DESC, j.decided_at DESC LIMIT %s"""


@dataclass(frozen=True, slots=True)
class OnTheSpot:
    """A department's decisions of a period, and how many of them were made on the day of acceptance."""

    department: int
    name: str
    decided: int
    on_the_spot: int

    @property
    def share(self) -> float | None:
        """Return the share, or None where nothing was decided."""
        return self.on_the_spot / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A case behind the figure."""

    called: str
    title: str
    department: str
    accepted_at: datetime | None
    decided_at: datetime
    on_the_spot: bool
    granted: bool


def by_department(since: datetime, at: datetime, departments: Collection[int] | None = None) -> tuple[OnTheSpot, ...]:
    """Return the departments that decided anything in a period, the lowest share first."""
    found = [OnTheSpot(*row) for row in _rows(_COUNTS, since, at, departments)]
    return tuple(sorted(found, key=lambda each: (each.share or 0, each.name)))


def cases(since: datetime, at: datetime, departments: Collection[int] | None = None) -> tuple[DecidedCase, ...]:
    """Return the cases behind the figures, those on the spot first, the latest first."""
    rows = _rows(_CASES, since, at, departments, MOST)
    return tuple(
        DecidedCase(called, title, department, accepted_at, decided_at, on_the_spot, move == "grant")
        for called, title, department, accepted_at, decided_at, on_the_spot, move in rows
    )


def _rows(
    question: str, since: datetime, at: datetime, departments: Collection[int] | None, *more: Any
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        values = [since, at, departments is None, list(departments or ()), *more]
        cursor.execute(_DECIDED + question, values)
        return list(cursor.fetchall())
