"""Keeping the tallies in step with the journal. They are a cache: what they say can be counted anew at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from xiaoneng.kit.faults import fault
from xiaoneng.rules.workdays import local_day, start_of_day
from xiaoneng.supervision import feed
from xiaoneng.supervision.tally_sql import ADD_DONE, ADD_TURNS, DONE, EPOCH, OF_ENTRY, OF_MATTER, TURNS, kinds_counted

BATCH = 1_000_000

# What the entries of a batch changed: each matter as it was counted, taken back, and as it is after its last entry here.
_CHANGES = f"""WITH moved AS MATERIALIZED (
  SELECT matter_id, min(seq) AS first, max(seq) AS last FROM entry
  WHERE id > %(cursor)s AND id <= %(upto)s GROUP BY matter_id),
change AS (
  SELECT m.department_id, m.kind, -1 AS sign, {OF_ENTRY.format(e="o")}
  FROM moved v JOIN matter m ON m.id = v.matter_id JOIN entry o ON o.matter_id = v.matter_id AND o.seq = v.first - 1
  WHERE m.kind = ANY (%(kinds)s) AND NOT (o.facts ->> 'closed')::boolean
  UNION ALL
  SELECT m.department_id, m.kind, 1, {OF_ENTRY.format(e="n")}
  FROM moved v JOIN matter m ON m.id = v.matter_id JOIN entry n ON n.matter_id = v.matter_id AND n.seq = v.last
  WHERE m.kind = ANY (%(kinds)s) AND NOT (n.facts ->> 'closed')::boolean)
SELECT * FROM ({TURNS}) turns"""
_BATCH = "(SELECT * FROM entry WHERE id > %(cursor)s AND id <= %(upto)s)"
_FOLD = (
    "WITH gone AS (DELETE FROM supervision_turn WHERE turns_at > %(epoch)s AND turns_at <= %(until)s RETURNING *) "
    + ADD_TURNS.format(
        rows="""SELECT %(epoch)s, department_id, kind, sum(green), sum(yellow), sum(red), sum(paused), sum(undecided_red)
        FROM gone GROUP BY 2, 3"""
    )
)


def keep_up(at: datetime) -> int:
    """Count what has been entered since the last time, and return how many entries; late or twice makes no difference.

    An entry is counted once no entry before it can appear any more; until then whoever reads adds it by herself.
    """
    newest, before = feed.horizon()
    with transaction.atomic():
        state, counted = _state(), 0
        settled = _all_ended(int(before))
        upto = newest if settled else state.seen if _all_ended(state.seen_before) else state.cursor
        while state.cursor < upto:
            counted += _count(state, min(upto, state.cursor + BATCH))
        if settled or state.cursor >= state.seen:
            _do(
                "UPDATE supervision_tally SET seen = %(seen)s, seen_before = %(before)s",
                seen=newest,
                before=int(before),
            )
        fault("tallies-counted")
        _fold(state, start_of_day(local_day(at)))
    return counted


@dataclass(slots=True)
class _State:
    cursor: int
    seen: int
    seen_before: int
    folded_until: datetime


def _state() -> _State:
    _do("INSERT INTO supervision_tally (one, cursor, seen, seen_before, folded_until) VALUES (true, 0, 0, 0, %(epoch)s) "
        "ON CONFLICT DO NOTHING", epoch=EPOCH)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT cursor, seen, seen_before, folded_until FROM supervision_tally FOR UPDATE")
        return _State(*cursor.fetchone())


def _all_ended(before: int) -> bool:
    """Tell whether every other transaction before one has ended."""
    # A number from the future is another cluster's, from before a restoration: nobody of that time is still running.
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT %s >= pg_snapshot_xmax(s)::text::bigint
                 OR NOT EXISTS (SELECT FROM pg_snapshot_xip(s) x WHERE x::text::bigint < %s)
               FROM pg_current_snapshot() s""",
            [before, before],
        )
        return bool(cursor.fetchone()[0])


def _count(state: _State, upto: int) -> int:
    within = {"cursor": state.cursor, "upto": upto, "folded": state.folded_until}
    _do(ADD_TURNS.format(rows=_CHANGES), **within)
    _do(ADD_DONE.format(rows=DONE.format(entries=_BATCH, more="")), **within)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM entry WHERE id > %s AND id <= %s", [state.cursor, upto])
        counted = int(cursor.fetchone()[0])
    _do("UPDATE supervision_tally SET cursor = %(upto)s", upto=upto)
    state.cursor = upto
    return counted


def _fold(state: _State, until: datetime) -> None:
    """Sum the turns of days gone by, so that a board adds up today's alone."""
    if until <= state.folded_until:
        return
    _do(_FOLD, until=until)
    _do("""DELETE FROM supervision_turn
           WHERE green = 0 AND yellow = 0 AND red = 0 AND paused = 0 AND undecided_red = 0""")
    _do("UPDATE supervision_tally SET folded_until = %(until)s", until=until)
    state.folded_until = until


def recount(at: datetime) -> None:
    """Throw the tallies away and count every matter anew, as far as the journal had been counted."""
    with transaction.atomic():
        state = _state()
        _do("DELETE FROM supervision_turn")
        _do("DELETE FROM supervision_done")
        _do("UPDATE supervision_tally SET folded_until = %(until)s", until=start_of_day(local_day(at)))
        known = {"folded": start_of_day(local_day(at)), "cursor": state.cursor}
        _do(ADD_TURNS.format(rows=_ALL), **known)
        _do(ADD_DONE.format(rows=DONE.format(entries="entry", more="AND e.id <= %(cursor)s")), **known)
    keep_up(at)


# Whoever moved behind the cursor is counted as before that; all others as their rows say, which is their last entry.
_ALL = f"""WITH moved AS MATERIALIZED (SELECT matter_id, min(seq) AS first FROM entry WHERE id > %(cursor)s GROUP BY 1),
change AS (
  SELECT m.department_id, m.kind, 1 AS sign, {OF_MATTER} FROM matter m
  WHERE m.version > 0 AND NOT m.closed AND m.kind = ANY (%(kinds)s)
    AND NOT EXISTS (SELECT FROM moved v WHERE v.matter_id = m.id)
  UNION ALL
  SELECT m.department_id, m.kind, 1, {OF_ENTRY.format(e="o")}
  FROM moved v JOIN matter m ON m.id = v.matter_id JOIN entry o ON o.matter_id = v.matter_id AND o.seq = v.first - 1
  WHERE m.kind = ANY (%(kinds)s) AND NOT (o.facts ->> 'closed')::boolean)
SELECT * FROM ({TURNS}) turns"""


def _do(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, kinds_counted() | values)
