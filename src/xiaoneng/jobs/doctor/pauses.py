"""Pausing, extending and stopping: what may hide lateness is held to the law's list (14, 15 and 17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from xiaoneng.jobs.doctor.almanac import day_of
from xiaoneng.jobs.doctor.case import Case, Clock, Entry, Step
from xiaoneng.jobs.doctor.ground import Ground, Limit
from xiaoneng.jobs.doctor.report import Fault, Faults

# 行政许可法第四十五条: no other waiting pauses a clock.
SPECIAL_PROCEDURES = {
    "hearing": "听证", "bidding": "招标", "auction": "拍卖", "inspection": "检验",
    "testing": "检测", "quarantine": "检疫", "appraisal": "鉴定", "expert_review": "专家评审",
}  # fmt: skip
WAITS = {"public_notice": "公示", "site_check": "现场核查", "technical_review": "技术审查", "payment": "缴费"}
_SPECIAL, _WAIT = ("suspend", "resume", SPECIAL_PROCEDURES), ("wait", "end_wait", WAITS)
_WHOLE = ("hold", "release", {"all_branches": "各分办件均依法暂停"})
# 第三十二条第一款第四项: a branch of a joint case waits for what its applicant was asked once to supply.
_ASKED = ("ask_in_branch", "answer_in_branch", {"supplement": "补正"})
# What holds a clock: a statute's own limit stands still for special procedures only, a promise also for published waits.
_PROMISE = (_SPECIAL, _WAIT, _ASKED)
HOLDS = {"statutory": (_SPECIAL, _ASKED), "promised": _PROMISE, "step": _PROMISE, "joint": (_WHOLE,)}
LONGEST_EXTENSION: Limit = ("working_day", 10)  # 行政许可法第四十二条
LONGEST_JOINT: Limit = ("working_day", 15)  # 第四十二条第二款
STOPPED = "stopped"


def check(case: Case, ground: Ground) -> Faults:
    """Check the life of every clock."""
    for step in case.steps:
        for clock in step.touched:
            yield from _life(step, clock)
    for clock in case.folded.values():
        yield from _stretches(clock, case)
        if case.row.closed and clock.state != STOPPED:
            yield Fault(14, f"办件已经结束，时钟 {clock.name} 还没有停止")
    yield from _kinds(case)
    yield from _askings(case)
    yield from _waits(case, ground)
    yield from _extensions(case, ground)


def _life(step: Step, clock: Clock) -> Faults:
    before, seq = step.before.get(clock.key), step.entry.seq
    if before is None and clock.started_at != step.entry.at:
        yield Fault(14, f"时钟 {clock.name} 的起算时刻不是该动作的时刻", seq)
    if before is not None and before.state == STOPPED:
        yield Fault(14, f"时钟 {clock.name} 已经停止，又被改动", seq)
    if clock.state == STOPPED and clock.stopped_at != step.entry.at:
        yield Fault(14, f"时钟 {clock.name} 的停止时刻不是该动作的时刻", seq)
    if clock.state != STOPPED and clock.stopped_at is not None:
        yield Fault(14, f"时钟 {clock.name} 没有停止，却有停止时刻", seq)
    is_open = any(end is None for _, end in clock.stretches)
    # What is stopped in the middle of a pause keeps it open: its life ends with the stop.
    held = clock.state == "paused" or (clock.state == STOPPED and before is not None and before.state == "paused")
    if is_open and not held:
        yield Fault(14, f"时钟 {clock.name} 没有暂停，却有未结束的暂停", seq)
    if clock.state == "paused" and not is_open:
        yield Fault(14, f"时钟 {clock.name} 标为暂停，却没有进行中的暂停", seq)


def _stretches(clock: Clock, case: Case) -> Faults:
    ended = day_of(clock.stopped_at) if clock.stopped_at else None
    earlier: date | None = None
    for begin, end, _ in clock.pauses:
        if begin < clock.started_on or (ended and (begin > ended or (end and end > ended))):
            yield Fault(14, f"时钟 {clock.name} 自 {begin} 起的暂停不在计时期间内")
        if earlier and begin < earlier:
            yield Fault(14, f"时钟 {clock.name} 的暂停有重叠")
        earlier = end or date.max
    yield from _grounds(clock, case)


def _grounds(clock: Clock, case: Case) -> Faults:
    expected = _expected(clock, case)
    if tuple(clock.stretches) != tuple((begin, end) for begin, end, _ in expected):
        told, owed = _said(clock.stretches), _said((begin, end) for begin, end, _ in expected)
        yield Fault(15, f"时钟 {clock.name} 的暂停是 {told}，由特别程序和等待得出的是 {owed}")
        return
    for (begin, _, kind), (_, _, kinds) in zip(clock.pauses, expected, strict=True):
        if not set(kind.split("、")) <= kinds:
            yield Fault(15, f"时钟 {clock.name} 自 {begin} 起的暂停写作“{kind}”，与特别程序不符")


def _said(stretches: Iterable[tuple[date, date | None]]) -> str:
    return "；".join(f"{begin} 至 {end or '现在'}" for begin, end in stretches) or "没有"


def _expected(clock: Clock, case: Case) -> list[tuple[date, date | None, set[str]]]:
    """Unite what held a clock while it ran: each special procedure and each wait from its day to that of its end."""
    began = next(step.entry.seq for step in case.steps if any(c.key == clock.key for c in step.touched))
    last = day_of(clock.stopped_at) if clock.stopped_at else None
    found = []
    for start, end, labels in HOLDS.get(clock.name, ()):
        for entry in case.entries:
            before_its_end = clock.stopped_at is None or entry.at < clock.stopped_at
            if entry.move == start and entry.seq > began and before_its_end:
                over = _end_of(case, end, entry.what["round"], entry.seq)
                until = min(filter(None, (over, last)), default=None)
                label = labels.get(entry.what["kind"], entry.what["kind"])
                found.append((_day_told(entry), until, {label}))
    return _united(found)


def _end_of(case: Case, move: str, round_: int, after: int) -> date | None:
    ends = (e for e in case.entries if e.move == move and e.seq > after and e.what.get("round") == round_)
    return next((_day_told(entry) for entry in ends), None)


def _day_told(entry: Entry) -> date:
    # The platform records the whole's pause of a joint case when it sees it; true it was from the branches' day.
    return date.fromisoformat(entry.what["on"]) if entry.move in ("hold", "release") else day_of(entry.at)


def _united(stretches: list[tuple[date, date | None, set[str]]]) -> list[tuple[date, date | None, set[str]]]:
    united: list[tuple[date, date | None, set[str]]] = []
    for begin, end, kinds in sorted(stretches, key=lambda each: each[0]):
        if begin == end:
            continue
        if not united or (united[-1][1] is not None and begin > united[-1][1]):
            united.append((begin, end, set(kinds)))
            continue
        first, until, others = united[-1]
        over = None if until is None or end is None else max(until, end)
        united[-1] = (first, over, others | kinds)
    return united


def _kinds(case: Case) -> Faults:
    for entry in case.entries:
        if entry.move != "suspend":
            continue
        if entry.what["kind"] not in SPECIAL_PROCEDURES:
            yield Fault(15, f"“{entry.what['kind']}”不是法律列明的八种特别程序，不能暂停计时", entry.seq)
        if not _told(entry, "special_procedure_notice"):
            yield Fault(15, "启动特别程序没有书面告知申请人", entry.seq)


def _askings(case: Case) -> Faults:
    """Check that a branch asked once, in writing, within its first five working days."""
    asked = [step for step in case.steps if step.entry.move == "ask_in_branch"]
    for step in asked:
        if not any(entry.move == "open_branch" for entry in case.entries[: step.entry.seq - 1]):
            yield Fault(15, "不是并联件的分办件，却在受理以后要求补正", step.entry.seq)
        if not step.entry.what["lacks"] or not _told(step.entry, "branch_correction_notice"):
            yield Fault(15, "要求补正没有逐项书面告知申请人", step.entry.seq)
    for step in asked[1:]:
        yield Fault(15, "分办件要求补正不止一次", step.entry.seq)


def _told(entry: Entry, kind: str) -> bool:
    return any(each["kind"] == kind for each in entry.facts.get("documents", ()))


def _waits(case: Case, ground: Ground) -> Faults:
    for entry in case.entries:
        if entry.move != "wait":
            continue
        if entry.what["kind"] not in ground.terms_of(entry.item_version).waits:
            yield Fault(15, f"事项没有公布“{entry.what['kind']}”不计入承诺期限", entry.seq)
        if not _told(entry, "wait_notice"):
            yield Fault(15, "登记等待没有书面告知申请人", entry.seq)


def _extensions(case: Case, ground: Ground) -> Faults:
    extensions = [step for step in case.steps if step.entry.move == "extend"]
    for step in extensions[1:]:
        yield Fault(17, "延长了不止一次", step.entry.seq)
    for step in extensions:
        entry, red_at = step.entry, _binding_end(step)
        whole = case.row.kind == "joint_case"
        if entry.role != ("leader" if whole else "head"):
            yield Fault(17, f"延长不是由{'本级政府' if whole else '部门'}负责人批准的", entry.seq)
        unit, most = ground.terms_of(entry.item_version).extension or (LONGEST_JOINT if whole else LONGEST_EXTENSION)
        clock = binding(step.before)
        if clock is None or clock.unit != unit or not 1 <= entry.what["days"] <= most:
            yield Fault(17, f"延长了 {entry.what['days']} 日，最多 {most} {unit}", entry.seq)
        if red_at and entry.at > red_at:
            yield Fault(17, "期限届满以后才延长", entry.seq)


def _binding_end(step: Step) -> datetime | None:
    clock = binding(step.before)
    return clock.red_at if clock else None


def binding(clocks: dict[tuple[str, int], Clock]) -> Clock | None:
    """Return the clock that an extension lengthens: the statutory one, else the promised one."""
    for name in ("joint", "statutory", "promised"):
        rounds = [clock for clock in clocks.values() if clock.name == name]
        if rounds:
            return max(rounds, key=lambda clock: clock.round)
    return None
