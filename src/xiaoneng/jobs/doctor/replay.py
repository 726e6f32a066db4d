"""The journal folded anew: row, clocks, pauses and documents are what it says (7), and nothing more exists (8).

All other rules look at the folded journal, so that a row that was changed alone is found here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from xiaoneng.jobs.doctor.case import Case, Clock, Document, moment
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.rules.procedures import all_procedures

_INITIAL = {kind: procedure.initial for kind, procedure in all_procedures().items()}
_COPIED = ("step", "step_name", "desk", "paused", "late", "closed")
_CLOCK_COLUMNS = tuple(each.name for each in fields(Clock) if each.name not in ("name", "round", "pauses"))


def check(case: Case, ground: Ground) -> Faults:
    """Compare what the journal comes to with what the tables hold."""
    yield from _row(case)
    yield from _clocks(case)
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
    for key, stored in case.clocks.items():
        if key not in case.folded:
            yield Fault(8, f"时钟 {stored.name} 第 {stored.round} 轮没有日志提到过")
    for key, folded in case.folded.items():
        row = case.clocks.get(key)
        if row is None:
            yield Fault(7, f"日志中的时钟 {folded.name} 第 {folded.round} 轮没有记录")
            continue
        for column in _CLOCK_COLUMNS:
            if getattr(row, column) != getattr(folded, column):
                yield Fault(
                    7,
                    f"时钟 {folded.name} 第 {folded.round} 轮的 {column} 是“{getattr(row, column)}”，"
                    f"按日志重放应为“{getattr(folded, column)}”",
                )
        yield from _pauses(row, folded)


def _pauses(row: Clock, folded: Clock) -> Faults:
    stored = {begin: (end, kind) for begin, end, kind in row.pauses}
    told = {begin: (end, kind) for begin, end, kind in folded.pauses}
    for begin in stored.keys() - told.keys():
        yield Fault(8, f"时钟 {folded.name} 自 {begin} 起的暂停没有日志提到过")
    for begin, pause in told.items():
        if stored.get(begin) != pause:
            yield Fault(7, f"时钟 {folded.name} 自 {begin} 起的暂停与日志不符")


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
