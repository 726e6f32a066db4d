"""The department's moves: review step by step, and decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import authority as acting
from xiaoneng.approval import consulting, fees, in_order, promises, reads, signing, waits
from xiaoneng.approval.actions import commitment, deferred
from xiaoneng.approval.actions.acceptance import after_step, desk_of
from xiaoneng.approval.actions.special import not_held
from xiaoneng.approval.sessions import chairs_of, hearing_record, unfinished
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.authority import PAPERS
from xiaoneng.rules.consulting import to_decision
from xiaoneng.rules.falsehood import FALSE, GROUND, to_ground
from xiaoneng.rules.grounds import PROMISED_TIME, Basis, NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.in_order import to_granting
from xiaoneng.rules.limits import DELIVERY
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.proceedings import to_decision_after_legal_review
from xiaoneng.rules.special import WHITELIST
from xiaoneng.rules.workdays import local_day

LICENCE = "行政许可"
_PLAIN_TITLES = {"grant": "准予决定书", "refuse": "不予决定书"}  # of an item that is no licence
SIGNED = Basis("行政许可法", 34, "", "审查意见应当载明")
REASONED = Basis("行政许可法", 38, "二款", "不予许可的，应当说明理由并告知救济途径")


def review(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, opinion: str, step: int | None = None
) -> Moved:
    """Give the opinion of the current step and pass the case to the next one, or to decision after the last.

    :param step: the step that the opinion was written for, if it was written on a page that may be old by now.
    :raises Obstructed: no opinion is written.
    :raises NotAllowed: a special procedure is still open, or somebody else passed the step meanwhile.
    """
    file = reads.load(which, key, by=by, at=at, bring=reads.REVIEWING)
    if file.replay is None and file.state == procedure.REVIEWING:
        _need(opinion, "opinion", "还没有写审查意见。", SIGNED, "请写明审查了什么、结论是什么。")
        not_held(file)
        if signed := signing.obstacles_to_review(file, by.account):
            raise Obstructed(signed)
        if by.account in chairs_of(file):
            raise NotAllowed("您主持本件的听证，不能审查本件（行政许可法第四十八条）。请由另一位审查人员办理。")
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
        desk=desk_of(file.plan, target, following),
        roles=signing.who_reviews(file),
        facts={"opinion": opinion.strip(), "reviewed": file.step_name},
    )
    return move(file, "review", by=by, at=at, change=change, key=key)


def grant(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, opinion: str, authority: str = "",
    out_of_order: str = "",
) -> Moved:  # fmt: skip
    """Grant the application; the delivery clock starts.

    :param authority: which paper shows the authority of who submitted, where silence accepted before any was seen.
    :param out_of_order: why, of a licence of limited number, not who was accepted first is decided first.
    :raises Obstructed: no opinion is written, the person reviewed the case, the authority to act is not shown, or others
        come first.
    """
    seen = {"authority": authority} if authority in PAPERS else {}
    order = {"out_of_order": out_of_order.strip()} if out_of_order.strip() else {}
    return _decide("grant", which, by, at, key, opinion, more=seen | order)


def refuse(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str, basis: str, ground: str = "",
    falsehood: str = "",
) -> Moved:  # fmt: skip
    """Refuse the application with reason and basis; the notice tells the remedies.

    :param ground: `false` where facts were hidden or material was false, or nothing.
    :param falsehood: which material is false or which fact was hidden.
    :raises Obstructed: reason or basis is missing, the ground is none or names nothing, or the person reviewed the case.
    """
    told = {"ground": ground.strip(), "falsehood": falsehood.strip()}
    return _decide("refuse", which, by, at, key, reason, basis, {k: v for k, v in told.items() if v})


def _decide(
    name: str, which: int | str, by: Actor, at: datetime, key: UUID | None, reason: str, basis: str | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Moved:  # fmt: skip
    file, first = reads.load(which, key, by=by, at=at, bring=reads.DECIDING), tuple[str, ...]()
    if file.replay is None and file.state == procedure.DECIDING:
        obstacles = obstacles_to_decision(file, by.account, at)
        if name == "grant":
            obstacles += fees.obstacles_to_grant(file) + promises.obstacles_to_grant(file)
            obstacles += acting.obstacles(file, at, more.get("authority", ""))
            first = in_order.earlier(file)
            obstacles += to_granting(first, more.get("out_of_order", ""))
        obstacles += _grounded(more.get("ground", ""), more.get("falsehood", ""))
        if not reason.strip():
            obstacles += (Obstacle("reason", "还没有写决定的理由。", REASONED, "请写明符合或者不符合哪些条件。"),)
        if basis is not None and not basis.strip():
            obstacles += (Obstacle("basis", "还没有写不予许可的依据。", REASONED, "请写明法律、条、款。"),)
        if obstacles:
            raise Obstructed(obstacles)
    starts = {ClockName.DELIVERY: StartOf(DELIVERY, local_day(at))}
    checked = commitment.check_length(file) if name == "grant" and promises.by_commitment(file) else None
    if checked:
        starts[ClockName.POST_CHECK] = StartOf(checked, local_day(at))
    change = Change(
        starts=starts,
        roles=signing.who_decides(file),
        facts={
            **({"check_days": checked.n} if checked else {}),
            "reason": reason.strip(), "basis": (basis or "").strip(), "decided_on": local_day(at).isoformat(),
            **({"hearing_record": record} if (record := hearing_record(file)) else {}), **more,
            **({"passed_over": list(first)} if first else {}),
        },
        document_title="" if file.plan.kind == LICENCE else _PLAIN_TITLES[name],
    )  # fmt: skip
    if name == "grant" or not promises.is_owing(file):
        return move(file, name, by=by, at=at, change=change, key=key)
    with transaction.atomic():  # what was owed for a refused case is owed no more
        return deferred.drop(move(file, name, by=by, at=at, change=change, key=key))


REFUSED_AS = {"": "不符合法定条件、标准", FALSE: f"申请人{GROUND}"}


def _grounded(ground: str, falsehood: str) -> tuple[Obstacle, ...]:
    if ground in REFUSED_AS:
        return to_ground(ground, falsehood)
    return (Obstacle("ground", "没有这种情形。", REASONED, f"请选一种：{'；'.join(REFUSED_AS.values())}。"),)


def obstacles_to_decision(file: MatterFile, account: int, at: datetime | None = None) -> tuple[Obstacle, ...]:
    """Return what keeps somebody from deciding: his own review of the case, or something that is not at its end."""
    found = signing.obstacles_to_decision(file, account) + consulted(file)
    if waits.is_held(file):
        found += (Obstacle("paused", "特别程序还没有结束。", WHITELIST, "请先登记特别程序的结果，再作决定。"),)
    if waits.is_held(file, ClockName.WAIT):
        message = "有一项等待还没有结束。"
        found += (Obstacle("paused", message, PROMISED_TIME, "请先登记它的结果，再作决定。"),)
    return found + _legally_reviewed(file, account) + unfinished(file, at)


def _legally_reviewed(file: MatterFile, account: int) -> tuple[Obstacle, ...]:
    writers = file.actors.get("record_legal_review", ())
    if not writers:
        return ()
    last = next(line for line in matters.journal(file.id) if line.move == "record_legal_review")
    return to_decision_after_legal_review(last.facts["what"]["result"], own=account in writers)


def consulted(file: MatterFile) -> tuple[Obstacle, ...]:
    """Return what stands against a decision while another department has not answered."""
    return to_decision(tuple(each.department_name for each in consulting.waiting(file)))


def _need(text: str, code: str, message: str, basis: Basis, remedy: str) -> None:
    if not text.strip():
        raise Obstructed([Obstacle(code, message, basis, remedy)])
