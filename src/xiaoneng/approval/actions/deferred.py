"""Documents promised for later: taken in, given longer for, and what follows when they do not come."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from xiaoneng.approval import promises, reads, words
from xiaoneng.approval.actions import apply
from xiaoneng.approval.actions.drafts import round_of
from xiaoneng.approval.promises_models import Breach, Deferral
from xiaoneng.catalogue.reads import Plan
from xiaoneng.matters import clocks as clock_values
from xiaoneng.matters.clocks import STOPPED, ClockState, instant
from xiaoneng.matters.models import Clock
from xiaoneng.matters.move import PLATFORM, Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import preferences
from xiaoneng.rules import commitment, deferred
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import DELIVERY, WorkingDays
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.promises import DEFERRED_PROMISE, OWING, REVOKING
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day, receipt_day

log = logging.getLogger("xiaoneng.approval")
SUPPLIES = (procedure.REVIEWING, procedure.DECIDING, procedure.GRANTED, OWING)
NO_ROUND = 0  # a clock's rounds begin with 1: none is meant


def length(plan: Plan, names: frozenset[str]) -> WorkingDays:
    """Return how long an applicant has for what he promised: never longer than the promise of an item."""
    days = [each.deferred_days for each in plan.materials if each.name in names]
    promised = plan.promised or plan.statutory
    most = promised.n if promised is not None and promised.unit == "working_day" and not plan.early_issue else None
    return deferred.length(days, most)


def with_deferral(change: Change, plan: Plan, names: frozenset[str], at: datetime) -> Change:
    """Return an acceptance to which the documents that come later are added: their clock, and which they are."""
    limit = length(plan, names)
    missing = [{"slot": each.slot, "name": each.name} for each in plan.materials if each.name in names]
    return Change(
        to=change.to, step=change.step, step_name=change.step_name, item_version=change.item_version,
        starts={**(change.starts or {}), ClockName.DEFERRED: StartOf(limit, local_day(at))}, desk=change.desk,
        facts={**(change.facts or {}), "deferred": {"missing": missing, "days": limit.n, "early": plan.early_issue}},
        document_title="容缺受理通知书", further=(DEFERRED_PROMISE,),
    )  # fmt: skip


def keep_deferral(file: MatterFile, moved: Moved, change: Change, at: datetime) -> None:
    """Write down what an acceptance lets come later, with the day until which it must."""
    if moved.replayed or not change.facts or "deferred" not in change.facts:
        return
    start = (change.starts or {})[ClockName.DEFERRED]
    clock = clock_values.started(ClockName.DEFERRED, start.limit, start.on, at, file.rules, round_=1)
    assert clock.due_on is not None
    rows = change.facts["deferred"]["missing"]
    Deferral.objects.bulk_create(
        Deferral(matter_id=file.id, seq=moved.seq, slot=each["slot"], name=each["name"], due_on=clock.due_on)
        for each in rows
    )


def supply_deferred(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, papers: Sequence[str] = (), note: str = ""
) -> Moved:
    """Hand in documents that were promised for later; when all are there, their clock stops.

    :param papers: the slots of which the window has seen the originals.
    :raises Obstructed: none of what is owed was handed in.
    :raises NotAllowed: the time is over.
    """
    refuse_if_over(reads.load(which, key), at)
    with transaction.atomic():
        return _supplied(which, by, at, key, papers, note)


def _supplied(which: int | str, by: Actor, at: datetime, key: UUID | None, papers: Sequence[str], note: str) -> Moved:
    file = reads.load(which, key, by=by, at=at, lock=True)
    owed, files = promises.owed(file), _files(file, round_of(file))
    seen = () if reads.is_applicant(file, by.account) else tuple(papers)
    given = {each["slot"] for each in files} | set(seen)
    supplied = tuple(each for each in owed if each.slot in given)
    if file.replay is None and promises.is_owing(file) and not supplied:
        names = "、".join(each.name for each in owed)
        raise Obstructed([Obstacle("files", "还没有交上任何一样容缺的材料。", deferred.PROMISED, f"请补交：{names}。")])
    _refuse_if_nothing_is_owed(file)
    complete, said = len(supplied) == len(owed), {"note": note}
    change = Change(
        to=procedure.DELIVERED if complete and file.state == OWING else file.state,
        step=file.step, step_name=None if complete and file.state == OWING else file.step_name,
        rounds=None if complete else {ClockName.DEFERRED: NO_ROUND}, desk=_desk(file),
        facts={
            "received_on": receipt_day(at, file.rules.calendar, file.rules.hours).isoformat(), "files": files,
            "round": round_of(file), "papers": sorted(seen), "supplied": [each.slot for each in supplied],
            "complete": complete, **words.hashes_of(file, said),
        },
    )  # fmt: skip
    moved = move(file, "supply_deferred", by=apply.as_applicant(file, by), at=at, change=change, key=key)
    _settle(moved, [each.slot for each in supplied], Deferral.Outcome.SUPPLIED)
    return words.keep(moved, said)


def _files(file: MatterFile, round_: int) -> list[dict[str, str]]:
    return [{"slot": slot, "sha256": sha} for slot, sha, number, _ in reads.attached(file) if number == round_]


def _desk(file: MatterFile) -> Any:
    state = file.procedure.state(file.state)
    return None if state.desk is None or state.desk.value == file.desk else type(state.desk)(file.desk)


def _refuse_if_nothing_is_owed(file: MatterFile) -> None:
    if file.replay is None and file.state in SUPPLIES and not promises.is_owing(file):
        raise NotAllowed(f"办件 {file.called} 没有待补交的容缺材料。")


@transaction.atomic
def postpone_deferred(which: int | str, *, by: Actor, at: datetime, key: UUID | None, days: int, reason: str) -> Moved:
    """Give an applicant longer for what he promised, once, because of force majeure.

    :raises Obstructed: it was done before, the time is over, or days or reason are wrong.
    """
    file = reads.load(which, key, by=by, at=at)
    _refuse_if_nothing_is_owed(file)
    clock = file.clock(ClockName.DEFERRED)
    over = clock is not None and clock.red_at is not None and at > clock.red_at
    found = deferred.to_postponement("postpone_deferred" in file.actors, over, days, reason)
    if found and file.replay is None and file.state in SUPPLIES:
        raise Obstructed(found)
    change = Change(
        to=file.state, step=file.step, step_name=file.step_name, desk=_desk(file),
        extension=WorkingDays(days) if 1 <= days <= 30 else None, facts={"days": days, "reason": reason.strip()},
    )  # fmt: skip
    moved = move(file, "postpone_deferred", by=by, at=at, change=change, key=key)
    if not moved.replayed and clock is not None:
        longer = clock_values.extended(clock, WorkingDays(days), file.rules)
        Deferral.objects.filter(matter_id=file.id, outcome="").update(due_on=longer.due_on)
    return moved


@transaction.atomic
def excuse_default(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, ground: str, reason: str, days: int = 0
) -> Moved:
    """Excuse that promised documents did not come: they may come after all, and the promise does not count as broken.

    A case that was ended stays so; its applicant files anew and may promise again.

    :param days: within how many working days they must come, where the case goes on.
    :raises Obstructed: no default stands, or ground, days or reason are missing.
    """
    file = reads.load(which, key, by=by, at=at, lock=True)
    goes_on = file.state != procedure.TERMINATED
    broken, again = bool(promises.defaulted(file)), "excuse_default" in file.actors
    found = deferred.to_excuse(broken, again, ground, days, reason, goes_on=goes_on)
    if found and file.replay is None and file.state in EXCUSABLE:
        raise Obstructed(found)
    change = excused(file, at, days, {"ground": ground, "reason": reason.strip(), "days": days if goes_on else 0})
    moved = move(file, "excuse_default", by=by, at=at, change=change, key=key)
    if not moved.replayed:
        Breach.objects.filter(matter_id=file.id).update(excused_seq=moved.seq)
        if goes_on:
            clock = clock_values.started(
                ClockName.DEFERRED, WorkingDays(days), local_day(at), at, file.rules, round_=_rounds(file) + 1
            )
            rows = Deferral.objects.filter(matter_id=file.id, outcome=Deferral.Outcome.DEFAULTED)
            rows.update(outcome=Deferral.Outcome.OWED, settled_seq=None, due_on=clock.due_on)
    return moved


EXCUSABLE = (procedure.DECIDING, REVOKING, procedure.TERMINATED)


def _rounds(file: MatterFile) -> int:
    return len([clock for clock in file.clocks if clock.name is ClockName.DEFERRED])


def excused(file: MatterFile, at: datetime, days: int, facts: dict[str, Any]) -> Change:
    """Return what excusing a default comes to: the documents are owed anew, or the case stays ended."""
    today = local_day(at)
    if file.state == procedure.TERMINATED:
        return Change(to=procedure.TERMINATED, facts=facts)
    starts = {ClockName.DEFERRED: StartOf(WorkingDays(max(days, 1)), today)}
    if file.state == procedure.DECIDING:
        return Change(to=procedure.DECIDING, step=file.step, step_name=file.step_name, starts=starts, facts=facts)
    if "deliver" in file.actors:
        return Change(to=OWING, starts=starts, facts=facts)
    return Change(to=procedure.GRANTED, starts=starts | {ClockName.DELIVERY: StartOf(DELIVERY, today)}, facts=facts)


def look_after(now: Callable[[], datetime]) -> int:
    """Record every promise whose time ran out and return how many; late or twice makes no difference.

    :param now: gives the moment; each matter has its own. One that fails does not stop the rest.
    """
    over = Clock.objects.filter(name__in=(ClockName.DEFERRED, ClockName.RECTIFY), red_at__lt=now())
    rows = over.exclude(state=STOPPED).filter(matter__kind=reads.KIND, matter__closed=False)
    done = 0
    for matter in list(rows.order_by("matter_id").values_list("matter_id", flat=True).distinct()):
        try:
            done += settle(reads.load(matter), now())
        except DatabaseError:
            log.exception("what was promised in matter %s could not be recorded as overdue", matter)
    return done


def remind(now: Callable[[], datetime]) -> int:
    """Remind of every document that is soon due, once for each promise, and return of how many."""
    soon = Clock.objects.filter(name=ClockName.DEFERRED, yellow_at__lte=now(), red_at__gt=now()).exclude(state=STOPPED)
    reminded = 0
    for matter in list(soon.order_by("matter_id").values_list("matter_id", flat=True)):
        file, at = reads.load(matter), now()
        owed = promises.owed(file)
        if "remind_deferred" in file.actors or not owed:
            continue
        facts = {"due_on": str(owed[0].due_on), "missing": [each.name for each in owed]}
        change = Change(to=file.state, step=file.step, step_name=file.step_name, desk=_desk(file), facts=facts)
        try:
            move(file, "remind_deferred", by=PLATFORM, at=at, change=change)
        except NotAllowed:  # somebody was first
            continue
        reminded += 1
    return reminded


def settle(file: MatterFile, at: datetime) -> bool:
    """Record what follows when a promise's time is over and tell whether it was."""
    clock = _over(file, at)
    if clock is None:
        return False
    name, change = _consequence(file, clock, at)
    try:
        with transaction.atomic():
            moved = move(file, name, by=PLATFORM, at=at, change=change)
            _break(file, moved, clock, at)
    except NotAllowed:  # somebody was first
        return False
    return True


def _over(file: MatterFile, at: datetime) -> ClockState | None:
    for name in (ClockName.DEFERRED, ClockName.RECTIFY):
        clock = file.clock(name)
        if clock is not None and clock.state != STOPPED and clock.red_at is not None and at > clock.red_at:
            return clock
    return None


def _consequence(file: MatterFile, clock: ClockState, at: datetime) -> tuple[str, Change]:
    facts: dict[str, Any] = {"due_on": str(clock.due_on), "true_at": instant(clock.red_at)}
    handling = {ClockName.REVOCATION: StartOf(commitment.HANDLING, local_day(at))}
    if clock.name is ClockName.RECTIFY:
        return "lapse_rectification", Change(starts=handling, facts=facts | {"ground": "rectification"})
    facts |= {"ground": "deferred", "missing": [each.name for each in promises.owed(file)]}
    if file.state in (procedure.GRANTED, OWING):
        return "default_issued", Change(starts=handling, facts=facts)
    if preferences.in_force("deferred_to_refusal"):
        position = file.plan.steps[-1].position if file.plan.steps else file.step
        return "default_unsupplied", Change(step=position, step_name="决定", facts=facts)
    return "default_withdrawn", Change(facts=facts)


def _break(file: MatterFile, moved: Moved, clock: ClockState, at: datetime) -> None:
    if clock.name is ClockName.DEFERRED:
        _settle(moved, None, Deferral.Outcome.DEFAULTED)
    kind = Breach.Kind.DEFERRED if clock.name is ClockName.DEFERRED else Breach.Kind.COMMITMENT
    note_breach(file, moved, kind, clock.due_on or local_day(at))


def note_breach(file: MatterFile, moved: Moved, kind: str, on: date) -> None:
    """Keep in mind who broke a promise, for as long as that bars from promising again."""
    if not moved.replayed:
        mark = file.extra["identity_mark"]
        told = {"kind": kind, "seq": moved.seq, "identity_mark": mark, "broken_on": on}
        row, made = Breach.objects.get_or_create(matter_id=file.id, defaults=told)
        if not made and row.excused_seq is not None:  # excused once, and broken again
            Breach.objects.filter(pk=row.pk).update(**told, excused_seq=None)


def _settle(moved: Moved, slots: Sequence[str] | None, outcome: str) -> None:
    if not moved.replayed:
        rows = Deferral.objects.filter(matter_id=moved.matter, outcome="")
        rows = rows if slots is None else rows.filter(slot__in=slots)
        rows.update(outcome=outcome, settled_seq=moved.seq)


def drop(moved: Moved) -> Moved:
    """Write down that what was owed is not needed any more: the case ended otherwise."""
    _settle(moved, None, Deferral.Outcome.DROPPED)
    return moved


def refuse_if_over(file: MatterFile, at: datetime) -> None:
    """Let nobody hand in what was promised after its time: what follows is on record now.

    :raises NotAllowed: the time is over.
    """
    if file.replay is None and settle(file, at):
        raise NotAllowed(
            f"办件 {file.called} 的承诺期限已经届满，平台已经按规则登记了后果。请刷新页面，按现在的环节办理。"
        )
