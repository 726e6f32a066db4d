"""The lead department's moves before the branches begin: accept for all, ask once for everything missing, or decline."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from xiaoneng.approval import authority as acting
from xiaoneng.approval import bars, models
from xiaoneng.approval.actions import accept as single
from xiaoneng.approval.actions.accept import SUPPLEMENT, Lack
from xiaoneng.approval.actions.acceptance import acceptance_day
from xiaoneng.approval.joint import following, reads
from xiaoneng.approval.joint.filing import facts_of
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.matters.clocks import instant
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import PLATFORM, Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.acceptance import missing_materials, to_application
from xiaoneng.rules.authority import PAPERS, UNSHOWN
from xiaoneng.rules.falsehood import BARRED
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day

log = logging.getLogger("xiaoneng.approval")


def accept(which: int | str, *, by: Actor, at: datetime, key: UUID | None, authority: str = "") -> Moved:
    """Accept for every department at once under the versions in force; the whole's clock starts, the branches open.

    :param authority: which paper was seen that shows the authority to act, where it was not on record.
    :raises Obstructed: what stands against it in any of the items; every obstacle at once.
    """
    refuse_if_deemed(which, key, at)
    with transaction.atomic():
        file = reads.load(which, key, by=by, at=at, lock=True)
        if file.replay is None and file.state == procedure.RECEIVED:
            _pin(file, at)
            obstacles = obstacles_to_acceptance(file, at) + acting.obstacles(file, at, authority)
            if obstacles:
                raise Obstructed(obstacles)
        seen = authority if file.extra["authority"] == UNSHOWN and authority in PAPERS else ""
        change = _accepted(file, acceptance_day(file, at), **({"authority": seen} if seen else {}))
        moved = move(file, "accept", by=by, at=at, change=change, key=key)
        if not moved.replayed:
            if seen:
                acting.keep(file, seen)
            following.settle(file.id, at)
    return moved


def _pin(file: MatterFile, at: datetime) -> None:
    lines = reads.branches(file.id)
    in_force = ItemVersion.objects.filter(item_id__in=[line.plan.item_id for line in lines], in_force__contains=at)
    versions = dict(in_force.values_list("item_id", "id"))
    for line in lines:
        newer = versions.get(line.plan.item_id)
        if newer is not None and newer != line.version:
            models.Branch.objects.filter(pk=line.id).update(version_id=newer)


def _accepted(file: MatterFile, day: date, **facts: Any) -> Change:
    days = reads.about(file.id).days
    told = {"accepted_on": day.isoformat(), "whole_days": days, **facts}
    told["branches"] = [facts_of(line) for line in reads.branches(file.id)]
    return Change(starts={ClockName.JOINT: StartOf(WorkingDays(days), day)}, facts=told)


def obstacles_to_acceptance(file: MatterFile, at: datetime) -> tuple[Obstacle, ...]:
    """Return everything that stands against accepting a joint case, of all its items at once."""
    lines = reads.branches(file.id)
    standing = ItemVersion.objects.filter(item_id__in=[line.plan.item_id for line in lines], in_force__contains=at)
    live = set(standing.values_list("item_id", flat=True))
    found: list[Obstacle] = []
    for line in lines:
        plan = line.plan
        found += to_application(
            in_force=plan.item_id in live, has_limit=plan.has_limit, on_application=plan.on_application, item=plan.name
        )
        found += bars.obstacles(file, plan)
    return (*found, *missing_materials(reads.handed(file, reads.materials(lines))))


def request_correction(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, lacks: Sequence[Lack] = (), reason_again: str = ""
) -> Moved:
    """Tell the applicant once and for all what is missing for every branch; what the platform sees missing is added.

    :raises Obstructed: nothing is missing or named, or it is the second notice and no reason is given.
    """
    refuse_if_deemed(which, key, at)
    file = reads.load(which, key, by=by, at=at)
    again = "request_correction" in file.actors
    asked = (*lacks, *_seen_missing(file, lacks)) if file.replay is None else tuple(lacks)
    if file.replay is None and file.state == procedure.RECEIVED:
        single.check_notice(asked, again, reason_again)
    facts = {"lacks": [asdict(each) for each in asked], "again": again, "reason_again": reason_again.strip()}
    change = Change(starts={ClockName.SUPPLEMENT: StartOf(SUPPLEMENT, local_day(at))}, facts=facts)
    return move(file, "request_correction", by=by, at=at, change=change, key=key)


def _seen_missing(file: MatterFile, lacks: Sequence[Lack]) -> tuple[Lack, ...]:
    lines = reads.branches(file.id)
    shared = reads.materials(lines)
    names = {line.position: line.plan.name for line in lines}
    named = {each.slot for each in lacks} | {each.text for each in lacks}
    gone = {each.slot for each in reads.handed(file, shared) if each.required and not each.count}
    return tuple(
        Lack(f"补交“{each.name}”", f"{'、'.join(names[place] for place, _ in each.asked_by)} 都用这一份",
             str(single.ONCE), each.slot)
        for each in shared
        if each.slot in gone and each.slot not in named and f"补交“{each.name}”" not in named
    )  # fmt: skip


def not_accept(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, ground: str, reason: str, right_organ: str = "",
    falsehood: str = "",
) -> Moved:  # fmt: skip
    """Decide not to accept a joint case, with ground and reason.

    :param falsehood: which material is false or which fact was hidden, where that is the ground.
    :raises Obstructed: ground, reason, the right organ or what is false is missing, or nothing bars the applicant.
    """
    refuse_if_deemed(which, key, at)
    file, bar = reads.load(which, key, by=by, at=at), None
    if file.replay is None and file.state == procedure.RECEIVED:
        found = (bars.bar_of(file, line.plan) for line in reads.branches(file.id)) if ground == BARRED else ()
        bar = next((each for each in found if each), None)
        single.check_refusal(ground, reason, right_organ, falsehood, bar)
    facts = single.refusal_facts(ground, reason, right_organ, falsehood, bar)
    return move(file, "not_accept", by=by, at=at, change=Change(facts=facts), key=key)


@transaction.atomic
def settle_deemed(joint: int, at: datetime) -> bool:
    """Record the deemed acceptance of one joint case if it has come true and tell whether it had."""
    file = reads.load(joint, lock=True)
    clock = file.clock(ClockName.PRE_ACCEPTANCE)
    if file.state != procedure.RECEIVED or clock is None or clock.red_at is None or at <= clock.red_at:
        return False
    change = _accepted(file, clock.started_on, deemed=True, true_at=instant(clock.red_at))
    try:
        move(file, "deem_accepted", by=PLATFORM, at=at, change=change)
    except NotAllowed:  # somebody was first
        return False
    following.settle(joint, at)
    return True


def refuse_if_deemed(which: int | str, key: UUID | None, at: datetime) -> None:
    """Let nobody answer what the law already deems accepted.

    :raises NotAllowed: five working days have passed; the acceptance is on record now.
    """
    file = reads.load(which, key)
    if file.replay is None and file.state == procedure.RECEIVED and settle_deemed(file.id, at):
        raise NotAllowed(
            f"收件 {file.called} 五个工作日内没有答复，依法自收件之日起已视为受理，不能再告知补正或者不予受理。"
            "平台已经登记受理并分办，请刷新页面后继续办理。"
        )


@transaction.atomic
def lapse(joint: int, at: datetime) -> bool:
    """Close a joint case whose supplement never came and tell whether it was."""
    file = reads.load(joint, lock=True)
    clock = file.clock(ClockName.SUPPLEMENT)
    if file.state != procedure.CORRECTING or clock is None or clock.red_at is None or at <= clock.red_at:
        return False
    change = Change(facts={"ground": "lapse", "due_on": str(clock.due_on), "true_at": instant(clock.red_at)})
    move(file, "lapse", by=PLATFORM, at=at, change=change)
    return True


def record_what_time_made_true(now: Callable[[], datetime]) -> int:
    """Record what came true in joint cases by itself and return how much; late or twice makes no difference."""
    rows = Matter.objects.filter(kind=reads.KIND, closed=False)
    deemed = list(rows.filter(state=procedure.RECEIVED, red_at__lt=now()).values_list("id", flat=True))
    lapsed = list(rows.filter(state=procedure.CORRECTING).values_list("id", flat=True))
    done = _each(settle_deemed, deemed, now) + _each(lapse, lapsed, now)
    return done + _each(following.settle, following.waiting(now()), now)


def _each(act: Callable[[int, datetime], bool], matters: Sequence[int], now: Callable[[], datetime]) -> int:
    done = 0
    for matter in matters:
        try:
            done += act(matter, now())
        except (DatabaseError, NotAllowed):
            log.exception("joint case %s could not be brought up to date", matter)
    return done
