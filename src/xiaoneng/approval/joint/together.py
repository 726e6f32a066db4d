"""What the departments of a joint case do together: site checks, meetings, acceptance of the works, more time, delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval.actions import beside, deliver
from xiaoneng.approval.joint import following, reads
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor, Change, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import parallel
from xiaoneng.rules.extension import Standing, allowance, to_extension, to_length
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.proceedings import needed

KINDS = {"site_check": "联合踏勘", "review_meeting": "联合会审", "completion": "联合验收"}


@dataclass(frozen=True, slots=True)
class Arranged:
    """A joint check, meeting or acceptance that is arranged and not held yet."""

    seq: int
    kind: str
    starts_at: datetime
    place: str
    people: tuple[int, ...]

    @property
    def label(self) -> str:
        """Return what it is called."""
        return KINDS[self.kind]


def arranged(joint: int) -> tuple[Arranged, ...]:
    """Return what is arranged and has neither been held nor called off, from the journal."""
    found: dict[str, Arranged] = {}
    for line in reversed(matters.journal(joint)):
        what = line.facts.get("what", {})
        if line.move == "arrange":
            starts = datetime.fromisoformat(what["starts_at"])
            found[what["kind"]] = Arranged(line.seq, what["kind"], starts, what["place"], tuple(what["people"]))
        elif line.move in ("record", "call_off"):
            found.pop(what["kind"], None)
    return tuple(found.values())


@transaction.atomic
def arrange(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, kind: str, starts_at: datetime | None, place: str,
    people: Sequence[int],
) -> Moved:  # fmt: skip
    """Call the departments together: at least two people, of several departments.

    :raises Obstructed: what stands against it; every obstacle at once.
    :raises NotAllowed: one of this kind is arranged already.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state == procedure.RUNNING:
        if any(each.kind == kind for each in arranged(file.id)):
            raise NotAllowed(f"{file.called} 已经安排了{KINDS[kind]}。要改时间的，先取消原来的安排。")
        soon = () if starts_at and starts_at > at else (_late(starts_at),)
        _refuse(_known(kind), soon, needed(place, "place", "地点"), _to_people(file, people))
    facts = {
        "kind": kind,
        "starts_at": beside.instant(starts_at or at),
        "place": place.strip(),
        "people": sorted(set(people)),
    }
    return move(
        file, "arrange", by=by, at=at, change=_staying(file, facts=facts, title=f"{KINDS.get(kind, '')}通知书"), key=key
    )


@transaction.atomic
def record(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, kind: str, people: Sequence[int], findings: str,
    passed: bool,
) -> Moved:  # fmt: skip
    """Put on record what the departments found together: one check, one opinion for all of them.

    :raises Obstructed: nothing is arranged, it has not begun, fewer than two people or one department came.
    """
    file = reads.load(which, key, by=by, at=at)
    held = next((each for each in arranged(file.id) if each.kind == kind), None)
    if file.replay is None and file.state == procedure.RUNNING:
        ahead: tuple[Obstacle, ...] = ()
        if held is None:
            label = KINDS.get(kind, "联合办理")
            ahead = (Obstacle("kind", f"还没有安排{label}。", parallel.TWO_OFFICERS, "请先安排并通知参加的部门。"),)
        elif held.starts_at > at:
            ahead = (Obstacle("kind", "安排的时间还没有到。", parallel.TWO_OFFICERS, "请在进行以后再登记结果。"),)
        _refuse(_known(kind), ahead, _to_people(file, people), needed(findings, "findings", "情况和意见"))
    facts = {
        "kind": kind, "held": held.seq if held else 0, "people": sorted(set(people)), "findings": findings.strip(),
        "passed": passed, "place": held.place if held else "",
    }  # fmt: skip
    return move(
        file, "record", by=by, at=at, change=_staying(file, facts=facts, title=f"{KINDS.get(kind, '')}记录"), key=key
    )


@transaction.atomic
def call_off(which: int | str, *, by: Actor, at: datetime, key: UUID | None, kind: str, reason: str) -> Moved:
    """Call off what was arranged, with the reason.

    :raises Obstructed: nothing of this kind is arranged, or no reason is given.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state == procedure.RUNNING:
        if not any(each.kind == kind for each in arranged(file.id)):
            raise NotAllowed(f"{file.called} 没有安排{KINDS.get(kind, '这一项')}，不用取消。")
        _refuse(needed(reason, "reason", "取消的理由"))
    return move(
        file, "call_off", by=by, at=at, change=_staying(file, facts={"kind": kind, "reason": reason.strip()}), key=key
    )


def _known(kind: str) -> tuple[Obstacle, ...]:
    if kind in KINDS:
        return ()
    return (Obstacle("kind", "还没有选做哪一种。", parallel.TOGETHER, f"请从{'、'.join(KINDS.values())}里选一种。"),)


def _late(starts_at: datetime | None) -> Obstacle:
    message = "时间已经过去。" if starts_at else "还没有写时间。"
    return Obstacle("starts_at", message, parallel.TWO_OFFICERS, "请写将来的时间，通知要在事前送到。")


def _to_people(file: MatterFile, people: Sequence[int]) -> tuple[Obstacle, ...]:
    known = reads.people_of(reads.branches(file.id), file.department)
    strangers = [each for each in people if each not in known]
    found = parallel.to_people(known[each][1] for each in set(people) if each in known)
    if strangers:
        message = "有的人不是牵头部门或者协办部门的工作人员。"
        found += (Obstacle("people", message, parallel.TOGETHER, "请只选这件事涉及的部门的人员。"),)
    return found


def _refuse(*found: Sequence[Obstacle]) -> None:
    obstacles = [each for some in found for each in some]
    if obstacles:
        raise Obstructed(obstacles)


def extend(which: int | str, *, by: Actor, at: datetime, key: UUID | None, days: int, reason: str) -> Moved:
    """Lengthen the whole once, before it ends, by the head of the government, with a reason that the applicant is told.

    :raises Obstructed: days or reason are wrong, it was extended before, or the limit has ended.
    """
    file = reads.load(which, key, by=by, at=at)
    clock = file.clock(ClockName.JOINT)
    given = allowance(clock.limit if clock else None, None, "", joint=True)
    if file.replay is None and file.state == procedure.RUNNING:
        standing = Standing(
            clock.limit if clock else None, clock.red_at if clock else None, "extend" in file.actors, False
        )
        _refuse(to_extension(standing, given, at), to_length(days, reason, given))
    most = given.most.n if given else 0
    facts = {
        "days": days,
        "reason": reason.strip(),
        "most": most,
        "unit": "working_day",
        "basis": str(given.basis) if given else "",
    }
    longer = WorkingDays(days) if 0 < days <= most else None
    return move(file, "extend", by=by, at=at, change=_staying(file, facts=facts, extension=longer), key=key)


def hand_over(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, way: str, recipient: str, note: str = ""
) -> Moved:
    """Deliver every decision that waits for it at once, so that the applicant comes once; each keeps its own proof.

    :raises NotAllowed: nothing waits, or this clerk holds no window of a department whose decision is among them.
    """
    with transaction.atomic():
        file = reads.load(which, key, by=by, at=at, lock=True)
        handed = []
        if file.replay is None and file.state in (procedure.RUNNING, procedure.DELIVERING):
            ready = [line for line in reads.branches(file.id) if line.state in ("granted", "refused") and line.matter]
            if not ready:
                raise NotAllowed(f"{file.called} 现在没有等待送达的决定。")
            for line in sorted(ready, key=lambda each: each.matter or 0):
                deliver.deliver(line.matter or 0, by=by, at=at, key=None, way=way, recipient=recipient, note=note)
                handed.append({"position": line.position, "number": line.number})
        moved = move(
            file, "hand_over", by=by, at=at, change=_staying(file, facts={"handed": handed, "way": way}), key=key
        )
    if not moved.replayed:
        following.settle(moved.matter, at)
    return moved


def _staying(file: MatterFile, *, title: str = "", **more: Any) -> Change:
    return Change(to=file.state, step=file.step, step_name=file.step_name, document_title=title, **more)
