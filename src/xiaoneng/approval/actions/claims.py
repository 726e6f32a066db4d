"""Who sees to a case: taking it, laying it back, handing it on. No state and no power changes, only who is expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from xiaoneng.approval import models, worklists
from xiaoneng.approval.worklists import Line
from xiaoneng.org import reads as org
from xiaoneng.people import accounts
from xiaoneng.people import reads as people
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import BY_NATURE, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as records
from xiaoneng.trail.actions import By

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Passed:
    """What a hand-over came to: the cases that went over, and those that stayed with the reason why."""

    went: tuple[Line, ...]
    stayed: tuple[tuple[Line, str], ...]


def take(matter: int, *, by: int, at: datetime) -> None:
    """Take a case at its desk upon oneself; who has it already keeps it.

    :raises NotAllowed: the case waits for nobody here, its desk is not one's own, or somebody else has it.
    """
    line = _open(matter)
    why = why_not_for(line, by, at)
    if why:
        raise NotAllowed(f"办件 {line.called} {why}。")
    if line.claimed_by == by:
        return
    if line.claimed_by is None:
        try:
            with transaction.atomic():
                models.Claim.objects.create(matter_id=matter, desk=line.desk, account_id=by, since=at)
        except IntegrityError:
            line = _open(matter)  # somebody was first by an instant
        else:
            return
    if line.claimed_by != by:
        raise NotAllowed(f"办件 {line.called} 已由{line.claimed_by_name}领办。需要换人时，请对方或者部门负责人转交。")


def lay_back(matter: int, *, by: int, at: datetime) -> None:
    """Give up one's claim on a case; it waits for everybody at its desk again.

    :raises NotAllowed: the claim is somebody else's.
    """
    line = _open(matter)
    if line.claimed_by is None:
        return
    if line.claimed_by != by:
        raise NotAllowed(f"办件 {line.called} 由{line.claimed_by_name}领办，只有本人可以放回；部门负责人可以转交。")
    _standing(matter, line.desk).filter(account_id=by).update(until=at)


@transaction.atomic
def hand_over(
    matters: Iterable[int], *, giver: int, receiver: int, note: str, by: int, at: datetime, leaving: bool = False
) -> Passed:
    """Hand claimed cases from one person to another, with a note; whoever heads a department may do it for its people.

    :param leaving: the giver leaves, and whoever looks after the accounts hands on what is left.
    :raises NotAllowed: no note, the same person, or nothing that this person may hand on.
    """
    note = note.strip()
    if giver == receiver:
        raise NotAllowed("交出的人和接手的人是同一个人。请另选一位接手的人。")
    if not 1 <= len(note) <= LONGEST_NOTE:
        raise NotAllowed(f"请写交接说明，{LONGEST_NOTE} 字以内：办到哪一步、要注意什么，接手的人会看到。")
    claimed = [line for line in worklists.claimed_by(giver) if line.id in set(matters)]
    if not claimed:
        raise NotAllowed("这些办件已经不在交出的人名下，没有可以转交的。请刷新后再选。")
    why = {line.id: _why_stays(line, giver, receiver, giver if leaving else by, at) for line in claimed}
    went = tuple(line for line in claimed if not why[line.id])
    if went:
        passing = models.HandOver.objects.create(
            giver_id=giver, receiver_id=receiver, made_by_id=by, made_at=at, note=note
        )
        went = tuple(line for line in went if _pass_on(line, passing))
    lost = {line.id for line in claimed} - {line.id for line in went}
    return Passed(went, tuple((line, why[line.id] or "刚刚已被别人转走") for line in claimed if line.id in lost))


@transaction.atomic
def hand_all_over(giver: int, *, receiver: int, reason: str, by: By, account: int, at: datetime) -> Passed:
    """Hand on all that somebody who leaves sees to, and keep that on the administrators' record.

    :raises NotAllowed: as hand_over() does.
    """
    mine = [line.id for line in worklists.claimed_by(giver)]
    passed = hand_over(mine, giver=giver, receiver=receiver, note=reason, by=account, at=at, leaving=True)
    went = "、".join(line.called for line in passed.went)
    records.note_change(
        by, "转交在办件", people.login_of(giver).name, key=accounts.key_of(giver), at=at, after={"转交": went or "没有"},
        reason=reason,
    )  # fmt: skip
    return passed


def _pass_on(line: Line, passing: models.HandOver) -> bool:
    ended = _standing(line.id, line.desk).filter(account_id=passing.giver_id).update(until=passing.made_at)
    if ended:
        models.Claim.objects.create(
            matter_id=line.id, desk=line.desk, account_id=passing.receiver_id, since=passing.made_at, hand_over=passing
        )
    return bool(ended)


def _why_stays(line: Line, giver: int, receiver: int, by: int, at: datetime) -> str:
    if by != giver and not heads(by, line.department, at):
        return f"只有本人或者{line.department_name}的负责人可以转交"
    return why_not_for(line, receiver, at)


def why_not_for(line: Line, account: int, at: datetime) -> str:
    """Return why somebody cannot take a case upon herself, or nothing if she can."""
    if line.closed or not line.desk or Role(line.desk) in BY_NATURE:
        return "现在不等工作人员办理，不用领办"
    held = {each.role for each in org.roles_of(account, line.department, local_day(at))}
    if Role(line.desk) not in held:
        return f"现在等{line.department_name}的{Role(line.desk).label}办理，接手的人没有这个岗位"
    return ""


def heads(account: int, department: int, at: datetime) -> bool:
    """Tell whether somebody heads a department."""
    return any(each.role is Role.HEAD for each in org.roles_of(account, department, local_day(at)))


def _open(matter: int) -> Line:
    line = worklists.line(matter)
    if line is None:
        raise NotAllowed("没有这个办件。请回到列表重新选择。")
    return line


def _standing(matter: int, desk: str) -> QuerySet[models.Claim]:
    return models.Claim.objects.filter(matter_id=matter, desk=desk, until__isnull=True)
