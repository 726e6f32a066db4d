"""The settings of supervision in force: days for answers, points of cards, hours of the ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Change, StartOf
from xiaoneng.org import preferences
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day


@dataclass(frozen=True, slots=True)
class Terms:
    """What is set for supervision."""

    reply_days: int
    appeal_days: int
    verify_days: int
    card_auto: bool
    card_yellow_points: int
    card_red_points: int
    urge_on: bool
    urge_deputy: int
    urge_head: int
    urge_supervisor: int
    most_of_all: int


def in_force() -> Terms:
    """Return the settings in force."""
    known = preferences.values(matters.installation(), {})
    return Terms(**{name: known[name] for name in Terms.__dataclass_fields__})


def starting(at: datetime, facts: Mapping[str, Any], /, **days: int) -> Change:
    """Return a change that starts clocks of so many working days, by their names, and says so in its facts."""
    day = local_day(at)
    starts = {ClockName(name): StartOf(WorkingDays(n), day) for name, n in days.items()}
    told = {"days": days} if days else {}
    return Change(starts=starts, facts={**facts, **told})


_SETTLED = """
SELECT m.id FROM matter m WHERE m.kind = %s AND m.state = %s AND NOT m.closed AND EXISTS (
  SELECT 1 FROM jsonb_each(m.clocks) c WHERE c.value ->> 'name' = 'appeal' AND c.value ->> 'state' <> 'stopped'
  AND (c.value ->> 'red_at')::timestamptz < %s)
ORDER BY m.id LIMIT 500"""


def over(kind: str, state: str, at: datetime) -> list[int]:
    """Return the matters of a kind in a state whose days for an appeal are over."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, [kind, state, at])
        return [row[0] for row in cursor.fetchall()]
