"""The tallies behind the boards: counted anew from the journal they must come out the same (19).

What counts is asked of the procedures' tables; how it adds up is written down here once more, in another way: for each
matter its last entry that the tallies have counted, and for each department the lights after every instant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.rules.milestones import milestones, supervised
from xiaoneng.rules.workdays import local_day

JUST_AFTER = timedelta(microseconds=1)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LIGHTS = ("绿", "黄", "红", "停", "红而未决")
Key = tuple[int, str]
_STATE = "SELECT cursor, folded_until FROM supervision_tally"
_LAST = """
SELECT m.department_id, m.kind, e.facts ->> 'to', (e.facts ->> 'yellow_at')::timestamptz, (e.facts ->> 'red_at')::timestamptz,
  (e.facts ->> 'paused')::boolean, count(*)
FROM (SELECT DISTINCT ON (matter_id) matter_id, facts FROM entry WHERE id <= %s ORDER BY matter_id, seq DESC) e
JOIN matter m ON m.id = e.matter_id WHERE NOT (e.facts ->> 'closed')::boolean GROUP BY 1, 2, 3, 4, 5, 6"""
_TURNS = """SELECT department_id, kind, turns_at, green, yellow, red, paused, undecided_red FROM supervision_turn"""
_MOVES = """
SELECT m.department_id, m.kind, e.move, e.recorded_at, (e.facts ->> 'late')::boolean FROM entry e
JOIN matter m ON m.id = e.matter_id WHERE e.id <= %s AND e.move = ANY (%s)"""
_DONE = "SELECT department_id, kind, span, since, accepted, decided, on_time FROM supervision_done"


def check() -> Faults:
    """Check the tallies of lights and of work done, department by department."""
    state = rows(_STATE)
    cursor, folded = state[0] if state else (0, FIRST)
    names = dict(rows("SELECT id, name FROM org_department"))
    if rows("SELECT 1 FROM supervision_tally WHERE cursor > (SELECT coalesce(max(id), 0) FROM entry)"):
        yield Fault(19, "看板的汇总自称数到了还没有的日志，以后的会漏数；请运行 xiaoneng lights --recount")
    yield from _compare(_turns(folded), _expected(cursor, folded), names, "灯的汇总")
    yield from _compare(_done(), _worked(cursor), names, "受理和决定的汇总")


def _compare(found: Any, expected: Any, names: dict[int, str], what: str) -> Faults:
    for key in sorted(found.keys() | expected.keys()):
        if _clean(found.get(key, {})) != _clean(expected.get(key, {})):
            where = f"{names.get(key[0], key[0])}、{supervised()[key[1]].label if key[1] in supervised() else key[1]}"
            yield Fault(19, f"{where}：{what}与留痕不符；看板因此不准，请运行 xiaoneng lights --recount")


def _clean(counted: dict[Any, Counter[str]]) -> dict[Any, dict[str, int]]:
    kept = {when: {name: n for name, n in counts.items() if n} for when, counts in counted.items()}
    return {when: counts for when, counts in kept.items() if counts}


def _turns(folded: datetime) -> dict[Key, dict[datetime, Counter[str]]]:
    found: dict[Key, dict[datetime, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for department, kind, at, *counts in rows(_TURNS):
        found[department, kind][at].update(dict(zip(LIGHTS, counts, strict=True)))
    return found


def _expected(cursor: int, folded: datetime) -> dict[Key, dict[datetime, Counter[str]]]:
    expected: dict[Key, dict[datetime, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    after = {(kind, state) for kind, each in supervised().items() for state in milestones(each).after}
    for department, kind, state, yellow_at, red_at, paused, n in rows(_LAST, cursor):
        if kind not in supervised():
            continue
        shows = "停" if paused else "绿"
        told = expected[department, kind]
        told[FIRST][shows] += n
        for at, light in _changes(yellow_at, red_at, paused):
            when = FIRST if at <= folded else at
            told[when][shows] -= n
            told[when][light] += n
            shows = light
            if light == "红" and (kind, state) not in after:
                told[when]["红而未决"] += n
    return expected


def _changes(yellow_at: datetime | None, red_at: datetime | None, paused: bool) -> Iterator[tuple[datetime, str]]:
    """Tell when a matter's light changes, in order."""
    if yellow_at and not paused and (red_at is None or yellow_at <= red_at):
        yield yellow_at, "黄"
    if red_at:
        yield red_at + JUST_AFTER, "红"


def _done() -> dict[Key, dict[tuple[str, date], Counter[str]]]:
    found: dict[Key, dict[tuple[str, date], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for department, kind, span, since, *counts in rows(_DONE):
        found[department, kind][span, since].update(dict(zip(("受理", "决定", "按时"), counts, strict=True)))
    return found


def _worked(cursor: int) -> dict[Key, dict[tuple[str, date], Counter[str]]]:
    counted = {kind: milestones(each) for kind, each in supervised().items()}
    moves = sorted({move for each in counted.values() for move in (*each.accepted, *each.decided)})
    expected: dict[Key, dict[tuple[str, date], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for department, kind, move, at, late in rows(_MOVES, cursor, moves):
        if kind not in counted:
            continue
        day = local_day(at)
        for span in (("day", day), ("month", day.replace(day=1))):
            told = expected[department, kind][span]
            told["受理"] += move in counted[kind].accepted
            told["决定"] += move in counted[kind].decided
            told["按时"] += move in counted[kind].decided and not late
    return expected
