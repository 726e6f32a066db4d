"""Promises: each document that came later has a day, and by it came or had its consequence (23); askings as written (8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from xiaoneng.jobs.doctor.case import Case, Clock, Step
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.report import Fault, Faults

ACCEPTANCES = ("accept", "deem_accepted")
DEFAULTS = ("default_withdrawn", "default_unsupplied", "default_issued")
ENDS = {"answer_consultation": "answered", "close_consultation": "closed"}
RECORDED_WITHIN = timedelta(seconds=90)


def check(case: Case, ground: Ground) -> Faults:
    """Check what was promised for later in a matter, and who was asked."""
    if not case.deferrals and not case.askings and not _concerned(case):
        return
    yield from _documents(case)
    yield from _overdue(case, ground)
    yield from _granted(case)
    yield from _checked(case)
    yield from _asked(case)


def _concerned(case: Case) -> bool:
    names = {clock.name for clock in case.folded.values()}
    return bool(names & {"deferred", "consult", "post_check", "rectify", "revocation"})


def _documents(case: Case) -> Faults:
    expected = sorted(_owed(case))
    if expected != sorted(case.deferrals):
        yield Fault(23, "容缺的材料、补交期限或者结果与日志不符")


def _owed(case: Case) -> Iterator[tuple[str, date | None, str]]:
    """Return each document that was promised, with its day and what became of it, by the journal alone."""
    found: dict[str, str] = {}
    due: date | None = None
    for step in case.steps:
        what, move = step.entry.what, step.entry.move
        if move in ACCEPTANCES and "deferred" in what:
            found = {each["slot"]: "" for each in what["deferred"]["missing"]}
        if move == "excuse_default":
            again = any(clock.name == "deferred" for clock in step.touched)
            found = {slot: "" if again and became == "defaulted" else became for slot, became in found.items()}
        if move in (*ACCEPTANCES, "postpone_deferred", "excuse_default"):
            due = next((clock.due_on for clock in step.touched if clock.name == "deferred"), due)
        found |= {slot: outcome for slot, outcome in _settled(move, what, found).items() if not found.get(slot)}
    return ((slot, due, outcome) for slot, outcome in found.items())


def _settled(move: str, what: dict[str, Any], owed: dict[str, str]) -> dict[str, str]:
    if move == "supply_deferred":
        return dict.fromkeys(what["supplied"], "supplied")
    outcome = "defaulted" if move in DEFAULTS else "dropped" if move == "refuse" else ""
    return dict.fromkeys(owed, outcome) if outcome else {}


def _overdue(case: Case, ground: Ground) -> Faults:
    for clock in case.folded.values():
        open_ = clock.name in ("deferred", "rectify") and clock.state != "stopped"
        if open_ and clock.red_at and clock.red_at < ground.now - RECORDED_WITHIN:
            yield Fault(23, f"承诺的期限 {clock.due_on} 已经届满，没有登记后果（后台任务可能没有运行）")
    for step in case.steps:
        if step.entry.move in (*DEFAULTS, "lapse_rectification"):
            name = "rectify" if step.entry.move == "lapse_rectification" else "deferred"
            yield from _too_early(step, [clock for clock in step.before.values() if clock.name == name])


def _too_early(step: Step, clocks: list[Clock]) -> Faults:
    alive = [clock for clock in clocks if clock.state != "stopped"]
    if not alive or alive[-1].red_at is None or step.entry.at <= alive[-1].red_at:
        yield Fault(23, "承诺的期限没有届满就登记了后果", step.entry.seq)


def _granted(case: Case) -> Faults:
    early = any(e.what.get("deferred", {}).get("early") for e in case.entries if e.move in ACCEPTANCES)
    for step in case.steps:
        owing = any(clock.name == "deferred" and clock.state != "stopped" for clock in step.before.values())
        if step.entry.move == "grant" and owing and not early:
            yield Fault(23, "容缺的材料没有补齐就作了准予决定", step.entry.seq)
        consulting = any(clock.name == "consult" and clock.state != "stopped" for clock in step.before.values())
        if step.entry.move in ("grant", "refuse") and consulting:
            yield Fault(10, "征求的意见还没有答复就作了决定", step.entry.seq)


def _checked(case: Case) -> Faults:
    committed = False
    for entry in case.entries:
        if entry.move in ACCEPTANCES:
            committed = bool(entry.what.get("commitment"))
        if entry.move == "retract_commitment":
            committed = False
        if entry.move == "grant" and committed and not entry.what.get("check_days"):
            yield Fault(23, "按告知承诺作了决定，没有安排事后核查", entry.seq)
        if entry.move == "record_check" and len(set(entry.what["officers"])) < 2:
            yield Fault(13, "事后核查不足两人", entry.seq)


def _asked(case: Case) -> Faults:
    told: dict[int, tuple[int, int, str, int | None]] = {}
    for entry in case.entries:
        if entry.move == "consult":
            told[entry.seq] = (entry.seq, entry.what["department"], "open", None)
        if entry.move in ENDS and entry.what["asked"] in told:
            seq, department, *_ = told[entry.what["asked"]]
            told[seq] = (seq, department, ENDS[entry.move], entry.seq)
    if sorted(told.values()) != sorted(case.askings):
        yield Fault(8, "征求意见和答复的登记与日志不符")
