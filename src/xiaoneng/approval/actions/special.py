"""Special procedures and waits: what stops a limit, told to the applicant in writing, with an estimate that is watched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from xiaoneng.approval import reads, waits
from xiaoneng.approval.waits import Running
from xiaoneng.matters.move import Actor, Change, Moved, PauseOf, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import PROMISED_TIME, Basis, NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.special import LOCAL_WAITS, SPECIAL_PROCEDURES, WHITELIST, Asked, to_special, to_wait
from xiaoneng.rules.workdays import local_day

IN_SUBSTANCE = (procedure.REVIEWING, procedure.DECIDING)
UNTOLD = WorkingDays(1)  # where days are out of range the move is refused before any clock starts


def suspend(which: int | str, *, by: Actor, at: datetime, key: UUID | None, kind: str, days: int, reason: str) -> Moved:
    """Begin one of the eight special procedures: the limits pause from the next day, the applicant is told in writing.

    Its estimate has a clock of its own, which can turn the light red while the others stand still.

    :raises Obstructed: the kind is none of the eight or runs already, or days or reason are missing.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state in IN_SUBSTANCE:
        obstacles = to_special(Asked(kind, days, reason), [each.kind for each in waits.running(file)])
        if obstacles:
            raise Obstructed(obstacles)
    change = _begun(file, ClockName.SPECIAL, kind, days, reason, at)
    return move(file, "suspend", by=by, at=at, change=change, key=key)


def wait(which: int | str, *, by: Actor, at: datetime, key: UUID | None, kind: str, days: int, reason: str) -> Moved:
    """Take a wait that the item publishes as such out of the promised limit; the statutory one goes on.

    :raises Obstructed: the item publishes no such wait or it runs already, or days or reason are missing.
    """
    file = reads.load(which, key, by=by, at=at)
    terms = waits.terms_of(file.item_version)
    if file.replay is None and file.state in IN_SUBSTANCE:
        running = [each.kind for each in waits.running(file, ClockName.WAIT)]
        obstacles = to_wait(Asked(kind, days, reason), running, terms.waits)
        if obstacles:
            raise Obstructed(obstacles)
    change = _begun(file, ClockName.WAIT, kind, days, reason, at, basis=terms.waits_basis)
    return move(file, "wait", by=by, at=at, change=change, key=key)


def _begun(
    file: MatterFile, name: ClockName, kind: str, days: int, reason: str, at: datetime, **facts: str
) -> Change:  # fmt: skip
    round_ = max((clock.round for clock in file.clocks if clock.name is name), default=0) + 1
    today, estimate = local_day(at), WorkingDays(days) if 0 < days < 1000 else UNTOLD
    return Change(
        to=file.state,
        step=file.step,
        step_name=file.step_name,
        starts={name: StartOf(estimate, today)},
        pause=PauseOf(today, waits.LABELS.get(kind, kind)),
        facts={"kind": kind, "round": round_, "estimated_days": days, "reason": reason.strip(), **facts},
    )


def resume(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, result: str, procedure: int | None = None
) -> Moved:
    """End a special procedure with its result; counting goes on the next day unless another one still runs.

    :param procedure: which round ends, where several run.
    :raises Obstructed: no result is written, or it is not said which one ends.
    :raises NotAllowed: no special procedure is running.
    """
    return _ended("resume", ClockName.SPECIAL, which, by, at, key, result, procedure)


def end_wait(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, result: str, procedure: int | None = None
) -> Moved:
    """End a wait with its result; the promised limit goes on the next day unless something else still holds it.

    :raises Obstructed: no result is written, or it is not said which one ends.
    :raises NotAllowed: no wait is running.
    """
    return _ended("end_wait", ClockName.WAIT, which, by, at, key, result, procedure)


def _ended(
    name: str, clock: ClockName, which: int | str, by: Actor, at: datetime, key: UUID | None, result: str,
    round_: int | None,
) -> Moved:  # fmt: skip
    file = reads.load(which, key, by=by, at=at)
    ends: Running | None = None
    if file.replay is None and file.state in IN_SUBSTANCE:
        ends = _which_ends(file, clock, waits.running(file, clock), round_, result)
    change = Change(
        to=file.state,
        step=file.step,
        step_name=file.step_name,
        resume_on=local_day(at),
        rounds={clock: ends.round} if ends else None,
        facts={"result": result.strip()} | ({"kind": ends.kind, "round": ends.round} if ends else {}),
    )
    return move(file, name, by=by, at=at, change=change, key=key)


def _which_ends(
    file: MatterFile, clock: ClockName, running: Sequence[Running], round_: int | None, result: str
) -> Running:
    word = "特别程序" if clock is ClockName.SPECIAL else "等待"
    basis: Basis = WHITELIST if clock is ClockName.SPECIAL else PROMISED_TIME
    if not running:
        raise NotAllowed(f"办件 {file.called} 没有进行中的{word}，不用恢复计时。")
    wanted = [each for each in running if round_ in (None, each.round)]
    obstacles = []
    if len(wanted) != 1:
        told = "、".join(each.label for each in running)
        message = f"正在进行的{word}有 {len(running)} 项：{told}。还没有选是哪一项结束。"
        obstacles.append(Obstacle("procedure", message, basis, "请选择结束的是哪一项。"))
    if not result.strip():
        obstacles.append(Obstacle("result", f"还没有写{word}的结果。", basis, "请写明结论。"))
    if obstacles:
        raise Obstructed(obstacles)
    return wanted[0]


def not_held(file: MatterFile) -> None:
    """Let nobody go on while a special procedure is running.

    :raises NotAllowed: one is.
    """
    if waits.is_held(file):
        raise NotAllowed(f"办件 {file.called} 的特别程序还没有结束。请先登记特别程序的结果，再往下办。")


__all__ = ["LOCAL_WAITS", "SPECIAL_PROCEDURES", "end_wait", "not_held", "resume", "suspend", "wait"]
