"""Open matters of any number for a bench, over departments on four levels; each has one line in its journal.

They are written in bulk by the owner, which only a database that declares itself a bench allows; the same size gives
the same matters, whose light turns at the close of business of some day, at midnight before, or, few, at any minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from xiaoneng.org.models import Calendar, Department, Region
from xiaoneng.rules.workdays import local_day, start_of_day

BATCH = 100_000
LEVELS = ((1, 1, 30), (2, 4, 20), (3, 12, 6), (4, 20, 2))  # level, how many regions of it, departments in each
LATE_SHARE, PAUSED_SHARE, ODD_SHARE = 5, 10, 2  # of a hundred matters: red, paused, turning at any minute
DAYS_LATE, DAYS_LEFT, DAYS_WARNED = 20, 60, 2

_DRAWN = """(SELECT n AS id, kind, department, paused, CASE WHEN NOT paused THEN day + at END AS red_at,
    CASE WHEN NOT paused THEN day - make_interval(days => %(warned)s) END AS yellow_at,
    CASE kind WHEN 'application' THEN 'reviewing' ELSE 'compiling' END AS state
  FROM (SELECT n, CASE WHEN h2 %% 50 = 0 THEN 'power_list' ELSE 'application' END AS kind,
      (%(departments)s::bigint[])[1 + h1 %% cardinality(%(departments)s::bigint[])] AS department, h2 %% 100 < %(paused)s AS paused,
      %(midnight)s + make_interval(days => CASE WHEN h3 %% 100 < %(late)s THEN -1 - (h1 / 7 %% %(days_late)s)::int
                                                 ELSE (h1 / 7 %% %(days_left)s)::int END) AS day,
      CASE WHEN h3 / 100 %% 100 < %(odd)s THEN make_interval(mins => (h2 / 100 %% 1440)::int) ELSE interval '17 hours' END AS at
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
    CROSS JOIN LATERAL (SELECT abs(hashint8extended(n, 1) / 2) AS h1, abs(hashint8extended(n, 2) / 2) AS h2,
                               abs(hashint8extended(n, 3) / 2) AS h3) h) drawn) d"""
_CLOCKS = """jsonb_build_object('promised/1', jsonb_build_object('name', 'promised', 'round', 1, 'step', 0,
  'unit', 'working_day', 'limit', 8, 'extension', 0, 'started_on', '2026-01-05', 'started_at', %(midnight)s, 'due_on',
  d.red_at::date, 'yellow_at', d.yellow_at, 'red_at', d.red_at, 'state', CASE WHEN d.paused THEN 'paused' ELSE 'running' END,
  'stopped_at', NULL, 'counts', true, 'provisional', false, 'calendar_version', 1, 'pauses', '[]'::jsonb))"""
_MATTERS = f"""INSERT INTO matter (id, kind, department_id, title, opened_by, opened_at, genesis, state, version, head,
  number, step_name, desk, yellow_at, red_at, paused, late, closed, changed_at, clocks_moved) OVERRIDING SYSTEM VALUE
SELECT d.id, d.kind, d.department, '压测办件', 1, %(began)s, '\\x00', d.state, 1, int8send(d.id), 'YC' || d.id, '审查',
  'reviewer', d.yellow_at, d.red_at, d.paused, false, false, %(began)s, {_CLOCKS} FROM {_DRAWN}"""
_ENTRIES = f"""INSERT INTO entry (matter_id, seq, move, actor, role, at, recorded_at, body, prev, hash)
SELECT d.id, 1, CASE d.kind WHEN 'application' THEN 'accept' ELSE 'assign' END, 1, 'window', %(began)s, %(began)s,
  jsonb_build_object('to', d.state, 'step_name', '审查', 'desk', 'reviewer', 'yellow_at', d.yellow_at, 'red_at', d.red_at,
    'paused', d.paused, 'late', false, 'closed', false)::text, '\\x00', int8send(d.id) FROM {_DRAWN}"""


def build(size: int, now: datetime) -> list[int]:
    """Write this many open matters into an empty bench and return the departments."""
    departments = _departments()
    midnight = start_of_day(local_day(now))
    values: dict[str, Any] = {
        "departments": departments, "midnight": midnight, "began": midnight - timedelta(days=40), "warned": DAYS_WARNED,
        "paused": PAUSED_SHARE, "late": LATE_SHARE, "odd": ODD_SHARE, "days_late": DAYS_LATE, "days_left": DAYS_LEFT,
    }  # fmt: skip
    with _unguarded():
        for first in range(1, size + 1, BATCH):
            some = values | {"first": first, "last": min(size, first + BATCH - 1)}
            _do(_MATTERS, some)
            _do(_ENTRIES, some)
        _do("SELECT setval(pg_get_serial_sequence('matter', 'id'), %(size)s)", {"size": size})
    _do("VACUUM (ANALYZE) matter, entry")
    return departments


def _departments() -> list[int]:
    calendar = Calendar.objects.get(name="全国")
    above: list[Region] = []
    made: list[int] = []
    for level, number, organs in LEVELS:
        regions = [
            Region.objects.create(
                code=f"33{level}{n:03d}", name=f"压测{'市县镇村'[level - 1]}{n + 1}", sign="YC", level=level,
                calendar=calendar, parent=above[n % len(above)] if above else None,
            )
            for n in range(number)
        ]  # fmt: skip
        rows = [
            Department(region=region, code=f"{region.code}{m}", name=f"第{m + 1}局", sign="压")
            for region in regions
            for m in range(organs)
        ]
        made += [row.pk for row in Department.objects.bulk_create(rows)]
        above = regions
    return made


# What a bulk of this kind is not checked against; a constraint that comes back holds for what is written from then on.
_CHECKS = {
    "matter_department_id_fkey": "matter ADD CONSTRAINT {} FOREIGN KEY (department_id) REFERENCES org_department NOT VALID",
}


@contextmanager
def _unguarded() -> Iterator[None]:
    _do("ALTER TABLE matter DISABLE TRIGGER no_matter_begins_without_its_entry")
    _do("ALTER TABLE matter DISABLE TRIGGER matter_is_kept_as_opened")
    for name, how in _CHECKS.items():
        _do(f"ALTER TABLE {how.split()[0]} DROP CONSTRAINT {name}")
    yield
    _do("INSERT INTO matter_opened SELECT id FROM matter")
    for name, how in _CHECKS.items():
        _do(f"ALTER TABLE {how.format(name)}")


def move_on(number: int, now: datetime) -> None:
    """Let some matters move: a third is paused, a third ends, the others have a later red instant."""
    _do(
        """WITH chosen AS (SELECT * FROM matter WHERE NOT closed AND red_at > %(now)s ORDER BY id LIMIT %(number)s),
        moved AS (UPDATE matter m SET version = c.version + 1, paused = c.id % 3 = 0, closed = c.id % 3 = 1, changed_at = %(now)s,
            red_at = CASE WHEN c.id % 3 = 2 THEN c.red_at + interval '5 days' END,
            yellow_at = CASE WHEN c.id % 3 = 2 THEN c.yellow_at + interval '5 days' END
          FROM chosen c WHERE m.id = c.id RETURNING m.*)
        INSERT INTO entry (matter_id, seq, move, actor, role, at, recorded_at, body, prev, hash)
        SELECT m.id, m.version, CASE WHEN m.closed THEN 'grant' ELSE 'review' END, 1, 'head', %(now)s, %(now)s,
          jsonb_build_object('to', m.state, 'yellow_at', m.yellow_at, 'red_at', m.red_at, 'paused', m.paused, 'late', false,
            'closed', m.closed)::text, '\\x00', m.head FROM moved m""".replace(" % ", " %% "),
        {"now": now, "number": number},
    )


def turn_red(number: int, at: datetime) -> int:
    """Let this many matters that are not red have turned red a moment ago, and return how many there were."""
    turned = _do(
        """UPDATE matter SET red_at = %(red)s, yellow_at = least(yellow_at, %(red)s),
          clocks_moved = jsonb_set(clocks_moved, '{promised/1,red_at}', to_jsonb(%(red)s))
        WHERE id IN (SELECT id FROM matter WHERE NOT closed AND NOT paused AND red_at > %(at)s ORDER BY id LIMIT %(number)s)""",
        {"red": at - timedelta(seconds=1), "at": at, "number": number},
    )
    _do("VACUUM (ANALYZE) matter")
    return turned


def _do(statement: str, values: dict[str, Any] | None = None) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
