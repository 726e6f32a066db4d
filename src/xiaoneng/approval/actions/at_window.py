"""What a window takes in for an applicant who stands there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import reads
from xiaoneng.approval.actions import apply, deferred, drafts, in_branch
from xiaoneng.catalogue.reads import version_in_force
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day


@transaction.atomic
def supplement(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str, paper: Any = None,
    papers: Sequence[tuple[str, Any]] = (), seen: Sequence[str] = (),
) -> Moved:  # fmt: skip
    """Take in a supplement at the window, with the scans there are and the originals that were seen.

    :param papers: scans with the slot of the material that each fills; `paper` fills none.
    :raises kit.files.Refused: a scan cannot be taken.
    """
    file = reads.load(which, key)
    _take(file, [*papers, *([(drafts.OTHER, paper)] if paper is not None else [])], by, at)
    return apply.supplement(file.id, by=by, at=at, key=key, note=note, papers=seen)


@transaction.atomic
def answer_in_branch(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str, paper: Any = None,
    papers: Sequence[tuple[str, Any]] = (), seen: Sequence[str] = (),
) -> Moved:  # fmt: skip
    """Take in at the window what a branch of a joint case asked for.

    :raises kit.files.Refused: a scan cannot be taken.
    """
    file = reads.load(which, key)
    _take(file, [*papers, *([(drafts.OTHER, paper)] if paper is not None else [])], by, at)
    return in_branch.answer_in_branch(file.id, by=by, at=at, key=key, note=note, papers=seen)


def supply_deferred(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, papers: Sequence[tuple[str, Any]] = (),
    seen: Sequence[str] = (), note: str = "",
) -> Moved:  # fmt: skip
    """Take in at the window what was promised for later, with the scans there are and the originals that were seen.

    :raises kit.files.Refused: a scan cannot be taken.
    """
    file = reads.load(which, key)
    deferred.refuse_if_over(file, at)
    with transaction.atomic():
        _take(file, papers, by, at)
        return deferred.supply_deferred(file.id, by=by, at=at, key=key, papers=seen, note=note)


def _take(file: MatterFile, papers: Sequence[tuple[str, Any]], by: Actor, at: datetime) -> None:
    for slot, paper in papers if file.replay is None else ():
        drafts.attach(file.id, by=by.account, slot=slot, name=paper.name, stream=paper.file, at=at)


def require_window(code: str, *, by: int, at: datetime) -> None:
    """Let nobody take in an application but the clerks of the item's own window.

    :raises NotFound: the item is not in force.
    :raises NotAllowed: the account holds no window of the item's department.
    """
    plan = version_in_force(code, at)
    if Role.WINDOW not in {each.role for each in org.roles_of(by, plan.department_id, local_day(at))}:
        raise NotAllowed(
            f"“{plan.name}”由{plan.department}的窗口收件；您没有这个窗口的岗位，请引导申请人到该窗口或者网上申请。"
        )
