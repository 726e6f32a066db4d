"""Imported history: what stands beside the journal of each foreign case is what its newest entry tells (7), and is there (8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xiaoneng.history.reading import mapping as mappings
from xiaoneng.history.reading.mapping import LogMapping
from xiaoneng.history.reading.meaning import Meaning, unpacked
from xiaoneng.history.reading.raw import RawCase
from xiaoneng.history.reading.stamps import read
from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults

MOST = 2000  # cases read at once
# What an older release understood and this one does not, or the other way round.
_UNSURE = {"complete", "fee"}
_CASES = """
SELECT m.id, m.title, e.facts -> 'what' ->> 'case', e.facts -> 'what' ->> 'mapping', e.facts -> 'what' -> 'attributes',
  e.facts -> 'what' -> 'times', (e.facts -> 'what' ->> 'count')::int,
  CASE WHEN NOT e.facts -> 'what' -> 'times' ? 'started' THEN e.facts -> 'what' ->> 'events' END,
  c.matter_id, c.name, c.events, c.started_at, c.ended_at, c.due_at, c.late, c.told
FROM matter m JOIN entry e ON e.matter_id = m.id AND e.seq = m.version LEFT JOIN history_case c ON c.matter_id = m.id
WHERE m.kind = 'imported_case' AND m.version > 0 AND m.id > %s ORDER BY m.id LIMIT %s"""


def check() -> Faults:
    """Check what is asked often of every imported case against what its entry tells."""
    known = mappings.built_in()
    for title, told, kept in _cases():
        if kept[0] is None:
            yield Fault(8, f"历史办件“{title}”：日志里有，登记表里没有")
        elif not _same(known.get(told[1]), told, kept):
            yield Fault(7, f"历史办件“{title}”的登记与日志不符")


def _cases() -> Iterator[tuple[str, tuple[Any, ...], tuple[Any, ...]]]:
    last = 0
    while found := rows(_CASES, last, MOST):
        for _, title, *rest in found:
            yield title, tuple(rest[:6]), tuple(rest[6:])
        last = found[-1][0]


def _same(mapping: LogMapping | None, told: tuple[Any, ...], kept: tuple[Any, ...]) -> bool:
    name, _, attributes, times, count, packed = told
    _, kept_name, events, started_at, ended_at, due_at, late, words = kept
    stamps = {which: read(text).at for which, text in times.items()}
    begun = stamps.get("started") or min((read(at).at for at in _moments(packed) if at), default=None)
    if (kept_name, events, started_at, ended_at) != (name, count, begun, stamps.get("ended")):
        return False
    if late != bool(ended_at and due_at and ended_at > due_at) or (due_at is None) != ("due" not in stamps):
        return False
    if mapping is None:  # one of somebody's own, which is not at hand
        return True
    meant = Meaning(mapping).of(RawCase(1, attributes, (), ()))
    if any(words.get(what) != said for what, said in meant.told.items()):
        return False
    return bool(due_at == meant.due_at and words.keys() - meant.told.keys() <= _UNSURE)


def _moments(packed: str | None) -> list[str | None]:
    return unpacked(packed)["at"] if packed else []
