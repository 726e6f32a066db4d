"""Every date counted again, one day after another, under the calendar version frozen in it (16), and promises (18)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from xiaoneng.jobs.doctor.almanac import day_of
from xiaoneng.jobs.doctor.case import Case, Clock, Step
from xiaoneng.jobs.doctor.ground import Ground, ItemVersion, Limit
from xiaoneng.jobs.doctor.naive import Dates, reckon
from xiaoneng.jobs.doctor.pauses import STOPPED, binding
from xiaoneng.jobs.doctor.report import Fault, Faults

BY_LAW: dict[str, Limit] = {
    "pre_acceptance": ("working_day", 5),  # 行政许可法第三十二条
    "supplement": ("working_day", 15),
    "delivery": ("working_day", 10),  # 行政许可法第四十四条
    "hearing_request": ("working_day", 5),  # 行政许可法第四十七条
    "hearing": ("working_day", 20),
    "revocation": ("working_day", 10),
}
ESTIMATED = {"special": "suspend", "wait": "wait"}  # clocks as long as was told, and the moves that tell it
# Clocks as long as the entry itself says.
TOLD: dict[str, Callable[[dict[str, Any]], int]] = {
    "deferred": lambda what: int(what["deferred"]["days"] if "deferred" in what else what["days"]),
    "joint": lambda what: int(what["whole_days"]),
    "agency": lambda what: int(what["agency_days"]),
    "consult": lambda what: int(what["days"]),
    "post_check": lambda what: int(what["check_days"]),
    "rectify": lambda what: int(what["days"]),
}
SUPERVISED = ("reply", "verification", "statement", "appeal")  # as many days as the settings, or an order, said then
NO_VERSION = ItemVersion(0, "", None, None, None, None, {})


def check(case: Case, ground: Ground) -> Faults:
    """Check the dates of every clock in every entry that touched it, and with which limits and days clocks began."""
    for step in case.steps:
        for clock in step.touched:
            before = step.before.get(clock.key)
            yield from _dates(case, step, clock, before, ground)
            yield from _unchanged(step, clock, before) if before else _begun(case, step, clock, ground)
        yield from _missing(step, ground)
        yield from _told_days(case, step, ground)


def _dates(case: Case, step: Step, clock: Clock, before: Clock | None, ground: Ground) -> Faults:
    if clock.state == STOPPED and before is not None:
        expected = _of(before)  # the dates freeze with the stop
    else:
        days = ground.almanac(case.row.department, clock.calendar_version)
        total = clock.limit + clock.extension
        expected = reckon(days, clock.unit, total, clock.started_on, clock.started_at, clock.stretches, clock.warns)
    if _of(clock) != expected:
        yield Fault(
            16,
            f"时钟 {clock.name} 第 {clock.round} 轮：日志写的是 {_said(_of(clock))}，逐日另算应为 {_said(expected)}",
            step.entry.seq,
        )


def _of(clock: Clock) -> Dates | None:
    if clock.due_on is None and clock.yellow_at is None and clock.red_at is None:
        return None
    # One of them missing alone compares unequal to anything that was counted.
    return Dates(clock.due_on, clock.yellow_at, clock.red_at, clock.provisional)  # type: ignore[arg-type]


def _said(dates: Dates | None) -> str:
    if dates is None:
        return "（暂停中，没有到期日）"
    guess = "（暂定）" if dates.provisional else ""
    return f"{dates.due} 到期{guess}、{dates.yellow:%Y-%m-%d %H:%M%z} 转黄、{dates.red:%Y-%m-%d %H:%M%z} 转红"


def _unchanged(step: Step, clock: Clock, before: Clock) -> Faults:
    fixed = (before.unit, before.limit, before.started_on, before.started_at, before.step, before.warns)
    if (clock.unit, clock.limit, clock.started_on, clock.started_at, clock.step, clock.warns) != fixed:
        yield Fault(16, f"时钟 {clock.name} 起算以后期限、起算日或者预警规则被改动", step.entry.seq)
    more = _extension_of(step, clock)
    if clock.extension != before.extension + more:
        yield Fault(16, f"时钟 {clock.name} 的延长与决定不符：应增加 {more}", step.entry.seq)


def _extension_of(step: Step, clock: Clock) -> int:
    lengthened = binding(step.before)
    if step.entry.move == "postpone_deferred":
        return int(step.entry.what["days"])
    if step.entry.move != "extend" or lengthened is None or clock.unit != lengthened.unit:
        return 0
    days: int = step.entry.what["days"]
    return days


def _begun(case: Case, step: Step, clock: Clock, ground: Ground) -> Faults:
    told = _limit_of(step, clock, ground)
    if (clock.unit, clock.limit) != told or clock.extension:
        yield Fault(16, f"时钟 {clock.name} 的期限是 {clock.limit} {clock.unit}，应为 {told}", step.entry.seq)
    warns = ground.warns(case.row.kind, case.row.item_version, day_of(step.entry.at))
    if clock.warns != warns:
        yield Fault(16, f"时钟 {clock.name} 按 {clock.warns} 预警，那天施行的规则是 {warns}", step.entry.seq)
    from_today = clock.name == "deferred" or (step.entry.move == "retract_commitment" and clock.name == "step")
    day = day_of(step.entry.at) if from_today else _start_of(step)
    if clock.started_on != day:
        yield Fault(16, f"时钟 {clock.name} 自 {clock.started_on} 起算，应为 {day}", step.entry.seq)


def _limit_of(step: Step, clock: Clock, ground: Ground) -> Limit | None:
    version = ground.versions.get(step.entry.item_version or 0, NO_VERSION)
    if clock.name == "statutory":
        return version.statutory
    if clock.name == "promised" and step.entry.what.get("commitment"):
        return ("working_day", 0)  # decided at once
    if clock.name == "promised" and "capped_days" in step.entry.what:
        return ("working_day", step.entry.what["capped_days"])  # a branch keeps to the whole: doctor.joint
    if clock.name in TOLD:
        return ("working_day", TOLD[clock.name](step.entry.what))
    if clock.name == "promised":
        return version.promised or version.statutory
    if clock.name == "step":
        return version.steps.get(clock.step)
    if clock.name in SUPERVISED:
        return ("working_day", step.entry.what["days"][clock.name])
    if clock.name == "stage":
        return ("working_day", step.entry.what["stage_days"])
    if clock.name in ESTIMATED:
        return ("working_day", step.entry.what["estimated_days"])
    return BY_LAW.get(clock.name)


def _start_of(step: Step) -> date | None:
    """Return the day from which the clocks that an entry starts must count, by its own facts."""
    told = {
        "submit": "received_on", "supplement": "received_on", "accept": "accepted_on", "open_branch": "accepted_on",
        "request": "received_on", "deem_accepted": "accepted_on", "retract_commitment": "accepted_on",
        "grant": "decided_on", "refuse": "decided_on", "deem_renewed": "decided_on", "request_hearing": "received_on",
    }.get(step.entry.move)  # fmt: skip
    return date.fromisoformat(step.entry.what[told]) if told else day_of(step.entry.at)


def _missing(step: Step, ground: Ground) -> Faults:
    for name, move in ESTIMATED.items():
        if step.entry.move == move and not any(c.name == name and c.key not in step.before for c in step.touched):
            yield Fault(16, f"时钟 {name} 没有起算，预计的时间没有人看着", step.entry.seq)
    if step.entry.move not in ("accept", "deem_accepted"):
        return
    version = ground.versions.get(step.entry.item_version or 0, NO_VERSION)
    begun = {clock.name for clock in step.touched if clock.key not in step.before}
    due = {"promised", "statutory"} if version.statutory else {"promised"} if version.promised else set()
    for name in sorted(due - begun):
        yield Fault(16, f"受理时时钟 {name} 没有起算", step.entry.seq)


def _told_days(case: Case, step: Step, ground: Ground) -> Faults:
    """Check the days that the facts name: of receipt, of acceptance, of decision."""
    entry = step.entry
    expected: date | None = day_of(entry.at)
    if entry.move in ("submit", "supplement", "request", "request_hearing"):
        expected = ground.almanac(case.row.department, entry.calendar_version or 0).received(entry.at)
    elif entry.move in ("accept", "deem_accepted"):
        filed = max((clock for clock in step.before.values() if clock.name == "pre_acceptance"), key=lambda c: c.round)
        # Silence accepts from the receipt, and who supplied everything asked for is accepted from that day.
        if entry.move == "deem_accepted":
            expected = filed.started_on
        elif filed.round > 1:
            expected = min(filed.started_on, day_of(entry.at))
    elif entry.move not in ("grant", "refuse", "deem_renewed"):
        return
    if _start_of(step) != expected:
        yield Fault(16, f"日志写明的日期是 {_start_of(step)}，应为 {expected}", entry.seq)


def promises(ground: Ground) -> Faults:
    """Check that no version in use promises more time than the law gives."""
    for version in ground.versions.values():
        legal, promised = version.statutory, version.promised
        if legal and promised and legal[0] == promised[0] and promised[1] > legal[1]:
            yield Fault(18, f"事项“{version.name}”（版本 {version.id}）的承诺期限长于法定期限")
