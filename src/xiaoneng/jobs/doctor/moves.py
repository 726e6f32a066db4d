"""What was done, by whom, in which order: the procedure's table (9), order (10, 11), persons (12, 13), items (37)."""

from __future__ import annotations

from xiaoneng.jobs.doctor.almanac import day_of
from xiaoneng.jobs.doctor.case import Case, Entry
from xiaoneng.jobs.doctor.chain import TOLERANCE
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.rules.procedures import Move, Procedure, all_procedures

PROCEDURES = all_procedures()
ANSWERS = ("reviewer", "head", "deputy_head")  # who may answer for a department that was asked
ACCEPTANCES = ("accept", "deem_accepted")
ACCEPTED_JOINTLY = "open_branch"  # its version was pinned when the whole was accepted: doctor.joint
DECISIONS = ("grant", "refuse", "deem_renewed")


def check(case: Case, ground: Ground) -> Faults:
    """Check the moves of a matter."""
    yield from _by_the_table(case)
    yield from _order(case)
    yield from _persons(case, ground)
    yield from _separation(case)
    yield from _version_in_force(case, ground)


def _by_the_table(case: Case) -> Faults:
    procedure = PROCEDURES.get(case.row.kind)
    if procedure is None:
        yield Fault(9, f"没有办件种类“{case.row.kind}”的办理流程")
        return
    table = {row.name: row for row in procedure.moves}
    state = procedure.initial
    for entry in case.entries:
        row = table.get(entry.move)
        if row is None:
            yield Fault(9, f"流程中没有动作“{entry.move}”", entry.seq)
        else:
            yield from _row_of_the_table(procedure, row, state, entry)
        state = entry.facts["to"]


def _row_of_the_table(procedure: Procedure, row: Move, before: str, entry: Entry) -> Faults:
    after = entry.facts["to"]
    if before not in row.sources:
        yield Fault(9, f"“{row.label}”不能从状态 {before} 开始", entry.seq)
    if after not in row.targets:
        yield Fault(9, f"“{row.label}”不能到状态 {after}", entry.seq)
    elif entry.facts["closed"] != procedure.state(after).closed:
        yield Fault(9, f"状态 {after} 的办结标记不对", entry.seq)
    if entry.role not in row.roles:
        yield Fault(9, f"“{row.label}”不能以 {entry.role} 的身份办理", entry.seq)


def _order(case: Case) -> Faults:
    done: set[str] = set()
    closed, state = False, ""
    for entry in case.entries:
        if entry.move in DECISIONS and not done.intersection((*ACCEPTANCES, ACCEPTED_JOINTLY)):
            yield Fault(10, "没有受理就作了决定", entry.seq)
        if entry.move == "deliver" and not done.intersection(DECISIONS):
            yield Fault(10, "没有决定就送达了", entry.seq)
        if closed:
            yield from _after_the_end(case, state, entry)
        done.add(entry.move)
        closed, state = bool(entry.facts["closed"]), entry.facts["to"]
    decisions = [entry.seq for entry in case.entries if entry.move in DECISIONS]
    for seq in decisions[1:]:
        yield Fault(11, "一个办件作了不止一个决定", seq)


def _after_the_end(case: Case, ended: str, entry: Entry) -> Faults:
    """Check what came after an end: only what the table lets begin there, and a mere addition does not undo the end."""
    procedure = PROCEDURES.get(case.row.kind)
    row = next((each for each in procedure.moves if each.name == entry.move), None) if procedure else None
    if row is None or ended not in row.sources:
        yield Fault(10, "办件已经结束，还有后续动作", entry.seq)
    elif ended in row.targets and entry.facts["to"] != ended:
        yield Fault(10, f"“{row.label}”改变了已经结束的办件的状态", entry.seq)


def _persons(case: Case, ground: Ground) -> Faults:
    for entry in case.entries:
        if not _entitled(case, entry, ground):
            yield Fault(12, f"账号 {entry.actor} 当时没有 {entry.role} 的身份", entry.seq)


def _entitled(case: Case, entry: Entry, ground: Ground) -> bool:
    if entry.role == "platform" or entry.actor == 0:
        return entry.role == "platform" and entry.actor == 0
    if entry.role == "concerned":
        return True  # whom a record concerns stands beside it: doctor.supervised
    if entry.role == "applicant":
        owner = case.application
        return owner is not None and owner.channel == "online" and owner.filed_by == entry.actor
    # A request may be judged just before midnight and recorded just after it.
    moments = [entry.recorded_at, *([entry.at] if abs(entry.recorded_at - entry.at) <= TOLERANCE else [])]
    days = {day_of(moment) for moment in moments}
    if entry.role == "consulted":
        return any(
            ground.holds(entry.actor, role, entry.what["department"], day) for role in ANSWERS for day in days
        ) and any(e.seq == entry.what["asked"] and e.what["department"] == entry.what["department"]
                  for e in case.entries if e.move == "consult")  # fmt: skip
    return any(ground.holds(entry.actor, entry.role, case.row.department, day) for day in days)


def _separation(case: Case) -> Faults:
    reviewers = {entry.actor for entry in case.entries if entry.move == "review"}
    for entry in case.entries:
        if entry.move in DECISIONS and entry.actor in reviewers:
            yield Fault(13, "作决定的人审查过本件", entry.seq)
        if entry.move == "extend" and any(
            earlier.move == "review" and earlier.actor == entry.actor for earlier in case.entries[: entry.seq - 1]
        ):
            yield Fault(13, "批准延期的人审查过本件", entry.seq)


def _version_in_force(case: Case, ground: Ground) -> Faults:
    for entry in case.entries:
        if entry.move not in ACCEPTANCES or case.row.kind == "joint_case":  # of many items: doctor.joint
            continue
        version = ground.versions.get(entry.item_version or 0)
        # Silence accepts the application as it was filed, so its version may have been replaced since.
        first = entry.at if entry.move == "accept" else case.row.opened_at
        if version is None or not version.in_force(first, entry.at):
            yield Fault(37, f"受理时适用的事项版本 {entry.item_version} 当时没有施行", entry.seq)
