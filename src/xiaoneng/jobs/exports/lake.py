"""Entries, matters and clocks as Parquet, partitioned by month, for engines that read many files at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from xiaoneng.jobs.exports.past import pasts
from xiaoneng.jobs.exports.source import stream, unmoving
from xiaoneng.rules.workdays import local

ROWS = 20_000  # of a row group
_MOMENT, _TEXT, _WHOLE, _FLAG = pa.timestamp("us", "UTC"), pa.string(), pa.int64(), pa.bool_()
_LIGHT = """CASE WHEN m.closed THEN 'closed' WHEN m.red_at < %s THEN 'red' WHEN m.paused THEN 'paused'
  WHEN m.yellow_at <= %s THEN 'yellow' ELSE 'green' END"""
TABLES: dict[str, tuple[str, dict[str, pa.DataType]]] = {
    # The first column decides the month, and the rows come in its order.
    "entries": (
        """SELECT e.recorded_at, e.matter_id, e.seq, e.move, e.actor, e.role, e.authority, e.at, e.claimed_at, e.body,
             e.numbers, e.item_version_id, e.calendar_version, e.source, encode(e.prev, 'hex'), encode(e.hash, 'hex')
           FROM entry e ORDER BY e.recorded_at, e.id""",
        {
            "recorded_at": _MOMENT, "matter_id": _WHOLE, "seq": _WHOLE, "move": _TEXT, "actor": _WHOLE, "role": _TEXT,
            "authority": _TEXT, "at": _MOMENT, "claimed_at": _MOMENT, "body": _TEXT, "numbers": _TEXT,
            "item_version": _WHOLE, "calendar_version": _WHOLE, "source": _TEXT, "prev": _TEXT, "hash": _TEXT,
        },
    ),
    "matters": (
        f"""SELECT m.opened_at, m.id, m.kind, m.number, m.intake_number, m.title, m.state, m.department_id, d.name,
              m.item_version_id, m.version, m.yellow_at, m.red_at, m.paused, m.late, m.closed, m.changed_at, {_LIGHT}
            FROM matter m JOIN org_department d ON d.id = m.department_id WHERE m.version > 0
            ORDER BY m.opened_at, m.id""",
        {
            "opened_at": _MOMENT, "matter_id": _WHOLE, "kind": _TEXT, "number": _TEXT, "intake_number": _TEXT,
            "title": _TEXT, "state": _TEXT, "department_id": _WHOLE, "department": _TEXT, "item_version": _WHOLE,
            "version": _WHOLE, "yellow_at": _MOMENT, "red_at": _MOMENT, "paused": _FLAG, "late": _FLAG, "closed": _FLAG,
            "changed_at": _MOMENT, "light": _TEXT,
        },
    ),
    "clocks": (
        """SELECT k.started_at, k.matter_id, k.name, k.round, k.step, k.unit, k."limit", k.extension, k.started_on,
             k.due_on, k.yellow_at, k.red_at, k.state, k.stopped_at, k.counts, k.provisional, k.calendar_version,
             k.pauses::text
           FROM clock k JOIN matter m ON m.id = k.matter_id WHERE m.version > 0
           ORDER BY k.started_at, k.matter_id, k.name, k.round""",
        {
            "started_at": _MOMENT, "matter_id": _WHOLE, "name": _TEXT, "round": _WHOLE, "step": _WHOLE, "unit": _TEXT,
            "limit": _WHOLE, "extension": _WHOLE, "started_on": pa.date32(), "due_on": pa.date32(),
            "yellow_at": _MOMENT, "red_at": _MOMENT, "state": _TEXT, "stopped_at": _MOMENT, "counts": _FLAG,
            "provisional": _FLAG, "calendar_version": _WHOLE, "pauses": _TEXT,
        },
    ),
}  # fmt: skip

HISTORY: dict[str, pa.DataType] = {
    "at": _MOMENT, "matter_id": _WHOLE, "source": _TEXT, "case": _TEXT, "place": _WHOLE, "activity": _TEXT,
    "resource": _TEXT, "by_day": _FLAG, "has_time": _FLAG,
}  # fmt: skip


def write(folder: Path) -> dict[str, int]:
    """Write the tables into a folder, a partition a month, and return how many rows each has."""
    with unmoving() as now:
        counts = {name: _table(folder / name, name, now) for name in TABLES}
        past = _history(folder / "history")
        return counts | ({"history": past} if past else {})


def _history(folder: Path) -> int:
    """Write the events of foreign logs, a row each, by the month in which they happened."""
    rows = sorted(
        (each.at or past.fallback, past.matter, past.source, past.story.name, each.place, each.activity, each.resource,
         each.by_day, each.at is not None)
        for past in pasts() for each in past.events
    )  # fmt: skip
    written = 0
    for month, of_month in groupby(rows, key=lambda row: f"{local(row[0]):%Y-%m}"):
        written += _month(folder / f"month={month}", pa.schema(list(HISTORY.items())), of_month)
    return written


def _table(folder: Path, name: str, now: datetime) -> int:
    statement, columns = TABLES[name]
    written = 0
    rows = stream(statement, *([now] * statement.count("%s")))
    for month, of_month in groupby(rows, key=lambda row: f"{local(row[0]):%Y-%m}"):
        written += _month(folder / f"month={month}", pa.schema(list(columns.items())), of_month)
    return written


def _month(folder: Path, schema: pa.Schema, rows: Iterator[tuple[Any, ...]]) -> int:
    folder.mkdir(parents=True)
    written = 0
    with pq.ParquetWriter(folder / "part-0.parquet", schema, compression="zstd") as out:
        while some := list(islice(rows, ROWS)):
            columns = [
                pa.array(values, kind) for values, kind in zip(zip(*some, strict=True), schema.types, strict=True)
            ]
            out.write_table(pa.Table.from_arrays(columns, schema=schema))
            written += len(some)
    return written
