"""What follows from where the branches stand, recorded by the platform: what is true already, so late or twice is no harm.

It takes the joint case's row first and then only rows that it makes itself; a branch's own move takes its branch alone.
So branches that move at the same moment never wait for each other in a circle.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from xiaoneng.approval import models
from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions.acceptance import acceptance
from xiaoneng.approval.joint import reads
from xiaoneng.approval.joint.reads import BranchLine
from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads as journals
from xiaoneng.matters.clocks import PAUSED, instant
from xiaoneng.matters.models import Attachment, Matter
from xiaoneng.matters.move import PLATFORM, Change, Moved, PauseOf, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import parallel
from xiaoneng.rules.parallel import Level, Outcome
from xiaoneng.rules.procedures import application, joint
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day

HELD = "各分办件均依法暂停"
AT_ONCE = 5  # branches opened in one transaction: the journal allows two seconds between its clock and ours


def follow(matter: int, at: datetime) -> bool:
    """Record what a move of one matter entails for the joint case that it is a branch of; nothing where it is none."""
    which = reads.joint_of(matter)
    return which is not None and settle(which, at)


def follow_on(moved: Moved, at: datetime) -> bool:
    """Record the same for a move of an application that was just made, and ask nothing where it is no branch."""
    which = moved.beside["joint"]
    return which is not None and settle(which, at)


@transaction.atomic
def settle(which: int, at: datetime) -> bool:
    """Record everything that follows from where the branches of a joint case stand; tell whether anything did."""
    file = reads.load(which, lock=True)
    if file.state not in (joint.RUNNING, joint.DELIVERING):
        return False
    lines = reads.branches(which)
    done = _advance(file, lines, at) if file.state == joint.RUNNING else False
    if done:
        lines, file = reads.branches(which), reads.load(which)
    if file.state == joint.RUNNING:
        done |= _stand_still(file, lines, at) or _urge(file, lines, at)
    if file.state == joint.RUNNING and all(line.now.over for line in lines):
        _conclude(reads.load(which), lines, at)
        file, done = reads.load(which), True
    if file.state == joint.DELIVERING and all(line.terminal for line in lines):
        move(file, "finish", by=PLATFORM, at=at, change=Change(facts=_result(lines)))
        done = True
    return done


def waiting(now: datetime) -> list[int]:
    """Return the joint cases for which something may be to record."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"now": now})
        return [row[0] for row in cursor.fetchall()]


_WAITING = """
SELECT j.id FROM matter j WHERE j.kind = 'joint_case' AND NOT j.closed AND (
  (j.state = 'running' AND EXISTS (
    SELECT FROM approval_branch b JOIN matter m ON m.id = b.matter_id WHERE b.joint_id = j.id AND b.outcome = 'open'
      AND (m.state NOT IN ('reviewing', 'deciding', 'supplementing') OR m.paused <> j.paused
           OR (m.yellow_at <= %(now)s AND b.urged < 1)
           OR (m.red_at < %(now)s AND b.urged < 2) OR (m.red_at < %(now)s AND j.yellow_at <= %(now)s AND b.urged < 3))))
  OR (j.state = 'running' AND NOT EXISTS (
    SELECT FROM approval_branch b WHERE b.joint_id = j.id AND b.outcome = 'open'))
  OR (j.state = 'running' AND EXISTS (
    SELECT FROM approval_branch b WHERE b.joint_id = j.id AND b.outcome = 'waiting' AND NOT EXISTS (
      SELECT FROM approval_branch a WHERE a.joint_id = j.id AND a.position = ANY (b.after) AND a.outcome <> 'granted')))
  OR (j.state = 'delivering' AND NOT EXISTS (
    SELECT FROM approval_branch b JOIN matter m ON m.id = b.matter_id WHERE b.joint_id = j.id AND NOT m.closed)))
ORDER BY j.id"""


def _advance(file: MatterFile, lines: tuple[BranchLine, ...], at: datetime) -> bool:
    """Record the branches that were decided, open those whose turn has come, end those whose never will."""
    fresh = {line.position: line for line in lines if line.now is not line.outcome}
    steps = parallel.next_steps(line.as_rule for line in lines)
    if not fresh and not steps.opens and not steps.ends:
        return False
    known = {line.position: line for line in lines}
    days = {place: local_day(line.decision[1]) for place, line in fresh.items() if line.decision}
    accepted_on = _accepted_on(file)
    opened = [
        _open(
            file, known[place], parallel.ready_on([p for p in known[place].after if p in days], days, accepted_on), at
        )
        for place in steps.opens[:AT_ONCE]
    ]
    _keep(fresh, steps.ends, known)
    facts = {
        "decided": [{"position": place, "outcome": line.now.value} for place, line in fresh.items()],
        "opened": opened,
        "ended": [{"position": place, "because": list(blamed)} for place, blamed in steps.ends.items()],
    }
    move(file, "advance", by=PLATFORM, at=at, change=_staying(file, facts=facts))
    return True


def _keep(fresh: Mapping[int, BranchLine], ends: Mapping[int, Any], known: Mapping[int, BranchLine]) -> None:
    for outcome in {line.now for line in fresh.values()}:
        ids = [line.id for line in fresh.values() if line.now is outcome]
        models.Branch.objects.filter(pk__in=ids).update(outcome=outcome.value)
    if ends:
        models.Branch.objects.filter(pk__in=[known[place].id for place in ends]).update(outcome=Outcome.NEVER.value)


def _accepted_on(file: MatterFile) -> date:
    clock = file.clock(ClockName.JOINT)
    assert clock is not None
    return clock.started_on


def _open(file: MatterFile, branch: BranchLine, day: date, at: datetime) -> dict[str, Any]:
    """Open a branch: an application of its own with the one form and its part of the one set of materials."""
    demands, form = branch.plan, applications.form_of(file)
    shared = {each.slot: dict(each.asked_by).get(branch.position) for each in reads.materials((branch,))}
    papers = [shared[slot] for slot in _papers_seen(file, form) if shared.get(slot)]
    matter, _ = matters.open_matter(
        kind=application.PROCEDURE.kind, state=application.DRAFT, department=demands.department_id,
        item_version=branch.version, title=demands.name, by=file.extra["filed_by"], at=at, key=None,
    )  # fmt: skip
    payload = json.dumps(form | {"papers": ",".join(map(str, papers))}, ensure_ascii=False, sort_keys=True)
    row = models.Application.objects.create(
        matter_id=matter, channel=file.extra["channel"], filed_by=file.extra["filed_by"], salt=secrets.token_bytes(16),
        applicant_name=file.extra["applicant_name"], payload=payload, identity_mark=file.extra["identity_mark"],
        authority=file.extra["authority"],
    )  # fmt: skip
    files = _share(file.id, matter, shared)
    models.Branch.objects.filter(pk=branch.id).update(matter_id=matter, outcome=Outcome.OPEN.value)
    opened = applications.load(matter)
    change = acceptance(
        opened, demands, day, joint=file.called, joint_matter=file.id,
        position=branch.position, files=files, payload_hash=applications.payload_hash(bytes(row.salt), payload),
    )  # fmt: skip
    moved = move(opened, "open_branch", by=PLATFORM, at=at, change=_within(file, change, day))
    return {"position": branch.position, "matter": matter, "number": moved.numbers["number"], "on": day.isoformat()}


def _papers_seen(file: MatterFile, form: Mapping[str, str]) -> list[str]:
    """Return the places of the originals that a window saw, with the application or with its supplement."""
    seen = form.get("papers", "").split(",")
    if "supplement" in file.actors:
        later = (line.facts["what"] for line in journals.journal(file.id) if line.move == "supplement")
        seen += [slot for what in later for slot in what.get("papers", ())]
    return list(dict.fromkeys(seen))


def _share(joint_matter: int, matter: int, shared: Mapping[str, str | None]) -> list[dict[str, str]]:
    """Let a branch have the files of the materials that it asks for; each lies once in the store."""
    slots = {slot: own for slot, own in shared.items() if own} | {reads.OTHER: reads.OTHER}
    rows = Attachment.objects.filter(matter_id=joint_matter, slot__in=slots).order_by("id")
    copies = {(slots[row.slot], row.sha256): row for row in rows}
    Attachment.objects.bulk_create(
        Attachment(
            matter_id=matter, slot=slot, name=row.name, kind=row.kind, size=row.size, sha256=sha, round=0,
            uploaded_by=row.uploaded_by, uploaded_at=row.uploaded_at,
        )
        for (slot, sha), row in copies.items()
    )  # fmt: skip
    return [{"slot": slot, "sha256": sha} for slot, sha in copies]


def _within(file: MatterFile, change: Change, day: date) -> Change:
    """Keep a branch's promise within the whole's limit."""
    whole, starts = file.clock(ClockName.JOINT), dict(change.starts or {})
    promise = starts.get(ClockName.PROMISED)
    if whole is None or promise is None:
        return change
    due = whole.due_on
    shorter = parallel.capped(promise.limit, day, due, file.rules.calendar, file.rules.hours)
    facts = {**(change.facts or {}), "whole_due": due.isoformat() if due else None}
    if shorter is None:
        return replace(change, facts=facts)
    starts[ClockName.PROMISED] = StartOf(shorter, day)
    return replace(change, starts=starts, facts=facts | {"capped_days": shorter.n})


def _stand_still(file: MatterFile, lines: tuple[BranchLine, ...], at: datetime) -> bool:
    """Pause the whole while every open branch lawfully stands still, and let it go on when one does not."""
    clock = file.clock(ClockName.JOINT)
    open_ = [line for line in lines if line.now is Outcome.OPEN]
    held = bool(open_) and all(line.paused for line in open_)
    if clock is None or held is (clock.state == PAUSED):
        return False
    today = local_day(at)
    round_ = len(clock.pauses) + (0 if clock.state == PAUSED else 1)
    if held:
        day = max([_standing_since(line) or today for line in open_])
        change = _staying(
            file, pause=PauseOf(day, HELD), facts={"kind": "all_branches", "round": round_, "on": day.isoformat()}
        )
        move(file, "hold", by=PLATFORM, at=at, change=change)
        return True
    since = clock.pauses[-1].start
    day = max(since, min([_going_since(line, since) or today for line in open_ if not line.paused], default=today))
    change = _staying(file, resume_on=day, facts={"kind": "all_branches", "round": round_, "on": day.isoformat()})
    move(file, "release", by=PLATFORM, at=at, change=change)
    return True


def _standing_since(line: BranchLine) -> date | None:
    told = _pauses(line)
    return date.fromisoformat(told[-1]["from"]) if told and told[-1]["to"] is None else None


def _going_since(line: BranchLine, since: date) -> date | None:
    ends = [date.fromisoformat(each["to"]) for each in _pauses(line) if each["to"]]
    return next((end for end in ends if end >= since), None)


def _pauses(line: BranchLine) -> list[dict[str, Any]]:
    clocks = Matter.objects.values_list("clocks", flat=True).get(pk=line.matter or 0)
    told: list[dict[str, Any]] = (clocks.get("statutory/1") or clocks["promised/1"])["pauses"]
    return told


def _urge(file: MatterFile, lines: tuple[BranchLine, ...], at: datetime) -> bool:
    """Let a missing opinion climb the ladder; nothing is ever granted by silence."""
    whole, told = file.light(at), []
    clock = file.clock(ClockName.JOINT)
    for line in lines:
        reached = parallel.level(line.light(at), whole) if line.now is Outcome.OPEN else Level.NONE
        if reached > line.urged:
            since = parallel.rung_reached_at(reached, line.yellow_at, line.red_at, clock.yellow_at if clock else None)
            told.append({"position": line.position, "level": int(reached), "true_at": instant(since)})
            models.Branch.objects.filter(pk=line.id).update(urged=int(reached))
    if told:
        move(file, "escalate", by=PLATFORM, at=at, change=_staying(file, facts={"urged": told}))
    return bool(told)


def _conclude(file: MatterFile, lines: tuple[BranchLine, ...], at: datetime) -> None:
    move(file, "conclude", by=PLATFORM, at=at, change=Change(facts=_result(lines)))


def _result(lines: tuple[BranchLine, ...]) -> dict[str, Any]:
    told = [{"position": line.position, "outcome": line.now.value, "number": line.number} for line in lines]
    return {"result": parallel.result(line.now for line in lines), "branches": told}


def _staying(file: MatterFile, **more: Any) -> Change:
    return Change(to=file.state, step=file.step, step_name=file.step_name, **more)
