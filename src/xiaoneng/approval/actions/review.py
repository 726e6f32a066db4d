"""The department's moves: review step by step, decide, pause for a special procedure, extend."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xiaoneng.approval import reads
from xiaoneng.approval.actions.acceptance import after_step
from xiaoneng.matters.clocks import ClockState
from xiaoneng.matters.move import Actor, Change, Moved, PauseOf, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import Basis, NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import DELIVERY, WorkingDays
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day

SPECIAL_PROCEDURES = {
    "hearing": "听证",
    "bidding": "招标",
    "auction": "拍卖",
    "inspection": "检验",
    "testing": "检测",
    "quarantine": "检疫",
    "appraisal": "鉴定",
    "expert_review": "专家评审",
}
LONGEST_EXTENSION = 10
LICENCE = "行政许可"
_PLAIN_TITLES = {"grant": "准予决定书", "refuse": "不予决定书"}  # of an item that is no licence
SIGNED = Basis("行政许可法", 34, "", "审查意见应当载明")
WHITELIST = Basis("行政许可法", 45, "", "听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审所需时间不计算在期限内")
REASONED = Basis("行政许可法", 38, "二款", "不予许可的，应当说明理由并告知救济途径")
EXTENDED_ONCE = Basis(
    "行政许可法", 42, "一款", "经本行政机关负责人批准，可以延长十日，并应当将延长期限的理由告知申请人"
)
SEPARATED = Basis("平台办件规则", "", "", "审查与决定不由同一人办理")


def review(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, opinion: str, step: int | None = None
) -> Moved:
    """Give the opinion of the current step and pass the case to the next one, or to decision after the last.

    :param step: the step that the opinion was written for, if it was written on a page that may be old by now.
    :raises Obstructed: no opinion is written.
    :raises NotAllowed: a special procedure is still open, or somebody else passed the step meanwhile.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state == procedure.REVIEWING:
        _need(opinion, "opinion", "还没有写审查意见。", SIGNED, "请写明审查了什么、结论是什么。")
        _not_paused(file)
        if step not in (None, file.step):
            raise NotAllowed(
                f"办件 {file.called} 的这个环节刚刚已由别人审查，现在是“{file.step_name}”，您的意见没有提交。"
                "请刷新后看最新情况，再决定是否审查这个环节。"
            )
    target, following, name, limit_of_step = after_step(file.plan, file.step)
    change = Change(
        to=target,
        step=following,
        step_name=name,
        starts={ClockName.STEP: StartOf(limit_of_step, local_day(at))} if limit_of_step else {},
        facts={"opinion": opinion.strip(), "reviewed": file.step_name},
    )
    return move(file, "review", by=by, at=at, change=change, key=key)


def grant(which: int | str, *, by: Actor, at: datetime, key: UUID | None, opinion: str) -> Moved:
    """Grant the application; the delivery clock starts.

    :raises Obstructed: no opinion is written, or the person reviewed the case.
    """
    return _decide("grant", which, by, at, key, opinion)


def refuse(which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str, basis: str) -> Moved:
    """Refuse the application with reason and basis; the notice tells the remedies.

    :raises Obstructed: reason or basis is missing, or the person reviewed the case.
    """
    return _decide("refuse", which, by, at, key, reason, basis)


def _decide(
    name: str, which: int | str, by: Actor, at: datetime, key: UUID | None, reason: str, basis: str | None = None
) -> Moved:
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state == procedure.DECIDING:
        obstacles = obstacles_to_decision(file, by.account)
        if not reason.strip():
            obstacles += (Obstacle("reason", "还没有写决定的理由。", REASONED, "请写明符合或者不符合哪些条件。"),)
        if basis is not None and not basis.strip():
            obstacles += (Obstacle("basis", "还没有写不予许可的依据。", REASONED, "请写明法律、条、款。"),)
        if obstacles:
            raise Obstructed(obstacles)
    change = Change(
        starts={ClockName.DELIVERY: StartOf(DELIVERY, local_day(at))},
        facts={"reason": reason.strip(), "basis": (basis or "").strip(), "decided_on": local_day(at).isoformat()},
        document_title="" if file.plan.kind == LICENCE else _PLAIN_TITLES[name],
    )
    return move(file, name, by=by, at=at, change=change, key=key)


def obstacles_to_decision(file: MatterFile, account: int) -> tuple[Obstacle, ...]:
    """Return what keeps somebody from deciding: his own review of the case, or an open special procedure."""
    found: tuple[Obstacle, ...] = ()
    if account in file.actors.get("review", ()):
        found += (Obstacle("separation", "您审查过本件，不能再作决定。", SEPARATED, "请由另一位负责人决定。"),)
    if file.paused:
        found += (Obstacle("paused", "特别程序还没有结束。", WHITELIST, "请先登记特别程序的结果，再作决定。"),)
    return found


def suspend(which: int | str, *, by: Actor, at: datetime, key: UUID | None, kind: str, days: int, reason: str) -> Moved:
    """Begin one of the eight special procedures: the clocks pause from the next day, the applicant is told in writing.

    :raises Obstructed: the kind is none of the eight, or days or reason are missing.
    :raises NotAllowed: a special procedure is open already.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state in (procedure.REVIEWING, procedure.DECIDING):
        _check_special(kind, days, reason)
        _not_paused(file)
    change = Change(
        to=file.state,
        step=file.step,
        step_name=file.step_name,
        pause=PauseOf(local_day(at), SPECIAL_PROCEDURES.get(kind, kind)),
        facts={"kind": kind, "estimated_days": days, "reason": reason.strip()},
    )
    return move(file, "suspend", by=by, at=at, change=change, key=key)


def _check_special(kind: str, days: int, reason: str) -> None:
    obstacles = []
    if kind not in SPECIAL_PROCEDURES:
        obstacles.append(
            Obstacle("kind", "只有法律列明的八种特别程序可以暂停计时。", WHITELIST, "其他等待时间照常计时。")
        )
    if not 1 <= days <= 365:
        obstacles.append(Obstacle("days", "预计天数应为 1 到 365 的整数。", WHITELIST, "请填写需要多少个工作日。"))
    if not reason.strip():
        obstacles.append(Obstacle("reason", "还没有写明为什么需要特别程序。", WHITELIST, "理由会写进告知书。"))
    if obstacles:
        raise Obstructed(obstacles)


def resume(which: int | str, *, by: Actor, at: datetime, key: UUID | None, result: str) -> Moved:
    """End the special procedure with its result; counting goes on the next day.

    :raises Obstructed: no result is written.
    :raises NotAllowed: no special procedure is open.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state in (procedure.REVIEWING, procedure.DECIDING):
        if not file.paused and not _is_held(file):
            raise NotAllowed(f"办件 {file.called} 没有进行中的特别程序，不用恢复计时。")
        _need(result, "result", "还没有写特别程序的结果。", WHITELIST, "请写明结论。")
    change = Change(
        to=file.state,
        step=file.step,
        step_name=file.step_name,
        resume_on=local_day(at),
        facts={"result": result.strip()},
    )
    return move(file, "resume", by=by, at=at, change=change, key=key)


def extend(which: int | str, *, by: Actor, at: datetime, key: UUID | None, days: int, reason: str) -> Moved:
    """Extend the limit once, before it ends, with a reason that the applicant is told.

    :raises Obstructed: days or reason are wrong, it was extended before, or the limit has ended.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state in (procedure.REVIEWING, procedure.DECIDING):
        obstacles = obstacles_to_extension(file, at) + _check_extension(days, reason)
        if obstacles:
            raise Obstructed(obstacles)
    clock = binding_clock(file)
    change = Change(
        to=file.state,
        step=file.step,
        step_name=file.step_name,
        extension=WorkingDays(days) if clock and 0 < days <= LONGEST_EXTENSION else None,
        facts={"days": days, "reason": reason.strip()},
    )
    return move(file, "extend", by=by, at=at, change=change, key=key)


def binding_clock(file: MatterFile) -> ClockState | None:
    """Return the clock that an extension lengthens: the statutory one, or the promised where no statute sets one."""
    return file.clock(ClockName.STATUTORY) or file.clock(ClockName.PROMISED)


def obstacles_to_extension(file: MatterFile, at: datetime) -> tuple[Obstacle, ...]:
    """Return what stands against extending a case's limit now."""
    found: tuple[Obstacle, ...] = ()
    if "extend" in file.actors:
        found += (Obstacle("extend", "本件已经延长过一次，不能再延长。", EXTENDED_ONCE, "请在现有期限内办结。"),)
    clock = binding_clock(file)
    if clock is not None and clock.red_at is not None and at > clock.red_at:
        found += (Obstacle("extend", "期限已经届满，不能再延长。", EXTENDED_ONCE, "请尽快作出决定；超期已记录在案。"),)
    if clock is not None and not isinstance(clock.limit, WorkingDays):
        message = f"本件的期限是{clock.limit}，法律没有规定可以按工作日延长。"
        found += (Obstacle("extend", message, EXTENDED_ONCE, "请在现有期限内办结；另有规定的请先更新事项。"),)
    return found


def _check_extension(days: int, reason: str) -> tuple[Obstacle, ...]:
    found: tuple[Obstacle, ...] = ()
    if not 1 <= days <= LONGEST_EXTENSION:
        message = f"延长天数应为 1 到 {LONGEST_EXTENSION} 的整数。"
        found += (Obstacle("days", message, EXTENDED_ONCE, "请按实际需要填写。"),)
    if not reason.strip():
        found += (Obstacle("reason", "还没有写明延长的理由。", EXTENDED_ONCE, "理由会写进告知书。"),)
    return found


def _is_held(file: MatterFile) -> bool:
    return any(clock.state == "paused" for clock in file.clocks)


def _not_paused(file: MatterFile) -> None:
    if _is_held(file):
        raise NotAllowed(f"办件 {file.called} 的特别程序还没有结束。请先登记特别程序的结果，再往下办。")


def _need(text: str, code: str, message: str, basis: Basis, remedy: str) -> None:
    if not text.strip():
        raise Obstructed([Obstacle(code, message, basis, remedy)])
