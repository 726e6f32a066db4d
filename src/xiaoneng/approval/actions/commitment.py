"""Commitments: taken back before the decision, checked after it, put right once, and revoked when they were not true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import promises, reads, sessions, words
from xiaoneng.approval.actions import apply, certificates, deferred
from xiaoneng.approval.actions.acceptance import accept_position, after_step, desk_of
from xiaoneng.approval.promises_models import Breach
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import commitment as rules
from xiaoneng.rules.deferred import to_order
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import DELIVERY, Limit, WorkingDays
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.promises import CHECKING, CORRECTION_ORDER, RECTIFYING, REVOKING
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.proceedings import needed
from xiaoneng.rules.workdays import local_day


def check_length(file: MatterFile) -> WorkingDays:
    """Return within how many working days a commitment is checked."""
    return WorkingDays(file.plan.check_days or rules.CHECK_DAYS)


def retract_commitment(which: int | str, *, by: Actor, at: datetime, key: UUID | None) -> Moved:
    """Take a commitment back before the decision; the case goes the ordinary way, its limits count from acceptance.

    :raises NotAllowed: it did not come by commitment, or materials are missing that only the commitment replaced.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state == procedure.DECIDING:
        if not promises.by_commitment(file):
            raise NotAllowed(f"办件 {file.called} 不是按告知承诺办理的，没有承诺可以收回。")
        if any(each.required and not each.count for each in reads.handed(file, file.plan)):
            raise NotAllowed("材料还没有交齐，收回承诺以后不能继续办理。请改为撤回申请，材料齐全后按一般方式重新申请。")
    target, step, name, limit = after_step(file.plan, accept_position(file.plan))
    promised, statutory = file.plan.promised or file.plan.statutory, file.clock(ClockName.STATUTORY)
    since = statutory.started_on if statutory else local_day(at)
    limits: dict[ClockName, Limit | None] = {ClockName.PROMISED: promised, ClockName.STEP: limit}
    days = {ClockName.PROMISED: since, ClockName.STEP: local_day(at)}
    change = Change(
        to=target, step=step, step_name=name, desk=desk_of(file.plan, target, step),
        starts={clock: StartOf(length, days[clock]) for clock, length in limits.items() if length is not None},
        facts={"accepted_on": since.isoformat()},
    )  # fmt: skip
    return move(file, "retract_commitment", by=apply.as_applicant(file, by), at=at, change=change, key=key)


@transaction.atomic
def record_check(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, officers: Sequence[int], result: str, findings: str,
    days: int = 0,
) -> Moved:  # fmt: skip
    """Put on record what at least two officers found of a commitment: true, to be put right, or not true.

    :param days: within how many working days it must be put right, where it can be.
    :raises Obstructed: fewer than two officers, no result or findings, or a second chance.
    """
    file = reads.load(which, key, by=by, at=at)
    serve = set(officers) <= set(sessions.who_may_serve(file))
    found = rules.to_check(officers, serve, result, days, findings, "report_rectified" in file.actors)
    if found and file.replay is None and file.state == CHECKING:
        raise Obstructed(found)
    today, said = local_day(at), {"findings": findings}
    target = {rules.CORRECTABLE: RECTIFYING, rules.FALSE: REVOKING}.get(result, procedure.DELIVERED)
    starts: dict[str, dict[ClockName, StartOf]] = {
        RECTIFYING: {ClockName.RECTIFY: StartOf(WorkingDays(max(days, 1)), today)},
        REVOKING: {ClockName.REVOCATION: StartOf(rules.HANDLING, today)},
    }
    facts: dict[str, Any] = {"officers": sorted(set(officers)), "result": result, **words.hashes_of(file, said)}
    if target == RECTIFYING:
        facts["days"] = days
    further = (CORRECTION_ORDER,) if target == RECTIFYING else ()
    change = Change(to=target, starts=starts.get(target), facts=facts, further=further)
    moved = words.keep(move(file, "record_check", by=by, at=at, change=change, key=key), said)
    if target == REVOKING:
        deferred.note_breach(file, moved, Breach.Kind.COMMITMENT, today)
    return moved


def report_rectified(which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str) -> Moved:
    """Tell how what was found has been put right; it will be checked again.

    :raises Obstructed: nothing is written.
    :raises NotAllowed: the time is over.
    """
    file = reads.load(which, key, by=by, at=at)
    deferred.refuse_if_over(file, at)  # in no transaction: what is over stays on record
    found = needed(note, "note", "改正情况", rules.RECTIFIED)
    if found and file.replay is None and file.state == RECTIFYING:
        raise Obstructed(found)
    length, said = check_length(file), {"note": note}
    change = Change(
        starts={ClockName.POST_CHECK: StartOf(length, local_day(at))},
        facts={"check_days": length.n, **words.hashes_of(file, said)},
    )
    with transaction.atomic():
        moved = move(file, "report_rectified", by=apply.as_applicant(file, by), at=at, change=change, key=key)
        return words.keep(moved, said)


def obstacles_to_order(file: MatterFile, days: int, text: str) -> tuple[Obstacle, ...]:
    """Return what stands against ordering a default to be put right."""
    again = bool({"order_correction", "report_rectified", "lapse_rectification"} & file.actors.keys())
    return to_order("default_issued" in file.actors, "deliver" in file.actors, again, days, text)


def order_correction(which: int | str, *, by: Actor, at: datetime, key: UUID | None, text: str, days: int) -> Moved:
    """Order that documents promised for later and never handed in be handed in after all; it is checked then.

    :param days: within how many working days.
    :raises Obstructed: it is no such case, it was ordered before, or days or text are wrong.
    """
    file = reads.load(which, key, by=by, at=at)
    found = obstacles_to_order(file, days, text)
    if found and file.replay is None and file.state == REVOKING:
        raise Obstructed(found)
    starts = {ClockName.RECTIFY: StartOf(WorkingDays(max(days, 1)), local_day(at))}
    change = Change(starts=starts, facts={"text": text.strip(), "days": days})
    return move(file, "order_correction", by=by, at=at, change=change, key=key)


def revoke_on_promise(which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str, basis: str) -> Moved:
    """Revoke a decision that rested on a promise which was not kept; the document tells the remedies.

    :raises Obstructed: reason or basis is missing.
    """
    with transaction.atomic():
        moved = _end("revoke_on_promise", which, by, at, key, reason, basis)
        if not moved.replayed:
            file = reads.load(moved.matter)
            ground = "fraud" if promises.was_untrue(file) else "other"
            certificates.follow_revocation(file, ground, moved.numbers["documents"][0], at)
        return moved


def keep_on_promise(which: int | str, *, by: Actor, at: datetime, key: UUID | None, reason: str) -> Moved:
    """Leave a decision in force although its promise was not kept, because revoking it would harm the public interest.

    :raises Obstructed: no reason is written.
    """
    return _end("keep_on_promise", which, by, at, key, reason)


def _end(
    name: str, which: int | str, by: Actor, at: datetime, key: UUID | None, reason: str, basis: str | None = None
) -> Moved:
    file = reads.load(which, key, by=by, at=at)
    found = needed(reason, "reason", "理由", rules.REVOKED)
    if basis is not None:
        found += needed(basis, "basis", "依据", rules.REVOKED)
    if found and file.replay is None and file.state == REVOKING:
        raise Obstructed(found)
    change = Change(facts={"reason": reason.strip(), "basis": (basis or "").strip()})
    if name == "keep_on_promise":
        change = restored(file, change, at)
    return move(file, name, by=by, at=at, change=change, key=key)


def restored(file: MatterFile, change: Change, at: datetime) -> Change:
    """Return a change that leads back to the grant: delivered, or to be delivered from now on."""
    if "deliver" in file.actors:
        return Change(to=procedure.DELIVERED, facts=change.facts)
    # Never delivered yet: it goes back to where it was, and the days of delivery begin anew.
    starts = {ClockName.DELIVERY: StartOf(DELIVERY, local_day(at))}
    return Change(to=procedure.GRANTED, starts=starts, facts=change.facts)
