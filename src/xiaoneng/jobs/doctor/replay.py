"""The journal folded anew: row, clocks, pauses and documents are what it says (7), and nothing more exists (8).

All other rules look at the folded journal, so that a row that was changed alone is found here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from xiaoneng.jobs.doctor.case import Case, Document, PauseRow, moment
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.rules.procedures import all_procedures

_INITIAL = {kind: procedure.initial for kind, procedure in all_procedures().items()}
_COPIED = ("step", "step_name", "desk", "paused", "late", "closed")


def check(case: Case, ground: Ground) -> Faults:
    """Compare what the journal comes to with what the tables hold."""
    yield from _row(case)
    yield from _clocks(case)
    yield from _pauses(case)
    yield from _documents(case)


def _row(case: Case) -> Faults:
    for column, value in _folded_row(case):
        stored = getattr(case.row, column)
        if stored != value:
            yield Fault(7, f"办件记录的 {column} 是“{stored}”，按日志重放应为“{value}”")


def _folded_row(case: Case) -> Iterator[tuple[str, Any]]:
    if not case.entries:
        yield "state", _INITIAL.get(case.row.kind, case.row.state)
        yield from ((column, None) for column in ("intake_number", "number", "yellow_at", "red_at", "changed_at"))
        yield from (("step", 0), ("step_name", ""), ("desk", ""), ("paused", False), ("late", False), ("closed", False))
        return
    last = case.entries[-1]
    yield "state", last.facts["to"]
    yield from ((column, last.facts[column]) for column in _COPIED)
    yield from ((column, moment(last.facts[column])) for column in ("yellow_at", "red_at"))
    yield "changed_at", last.recorded_at
    yield "item_version", next((e.item_version for e in reversed(case.entries) if e.item_version is not None), None)
    for number in ("intake_number", "number"):
        yield number, next((e.drawn[number] for e in reversed(case.entries) if number in e.drawn), None)


def _clocks(case: Case) -> Faults:
    stored, told = json.loads(case.row.clocks), case.told
    for key in stored.keys() - told.keys():
        yield Fault(8, f"时钟 {key} 没有日志提到过")
    for key, words in told.items():
        row = stored.get(key)
        if row is None:
            yield Fault(7, f"日志中的时钟 {key} 没有记录")
            continue
        for column in sorted(words.keys() | row.keys()):
            if row.get(column) != words.get(column):
                yield Fault(7, f"时钟 {key} 的 {column} 是“{row.get(column)}”，按日志重放应为“{words.get(column)}”")


def _pauses(case: Case) -> Faults:
    stored = {(each.clock, each.round, each.begin): each for each in case.pauses}
    told = {
        (clock.name, clock.round, begin): PauseRow(clock.name, clock.round, begin, end, kind)
        for clock in case.folded.values()
        for begin, end, kind in clock.pauses
    }
    for name, round_, begin in sorted(stored.keys() - told.keys()):
        yield Fault(8, f"时钟 {name}/{round_} 自 {begin} 起的暂停没有日志提到过")
    for key, pause in told.items():
        if stored.get(key) != pause:
            yield Fault(7, f"时钟 {pause.clock}/{pause.round} 自 {pause.begin} 起的暂停与日志不符")


def _documents(case: Case) -> Faults:
    told = {document.number: document for document in _issued(case)}
    stored = {document.number: document for document in case.documents}
    for number, document in stored.items():
        if number not in told:
            yield Fault(8, f"文书 {number}（{document.title}）没有日志提到过")
        elif told[number] != document:
            yield Fault(7, f"文书 {number} 的记录与日志不符", told[number].seq)
    for number in told.keys() - stored.keys():
        yield Fault(7, f"日志中的文书 {number} 没有记录", told[number].seq)


def _issued(case: Case) -> Iterator[Document]:
    for entry in case.entries:
        asked, drawn = entry.facts.get("documents", []), entry.drawn.get("documents", [])
        for each, number in zip(asked, drawn, strict=True):
            yield Document(entry.seq, each["kind"], each["title"], number, each["verify_code"], entry.at)
