"""What a window takes in for an applicant who stands there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import reads
from xiaoneng.approval.actions import apply, drafts
from xiaoneng.catalogue.reads import version_in_force
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day


@transaction.atomic
def supplement(which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str, paper: Any = None) -> Moved:
    """Take in a supplement at the window, with a scan if there is one.

    :raises kit.files.Refused: the scan cannot be taken.
    """
    file = reads.load(which, key)
    if paper is not None and file.replay is None:
        drafts.attach(file.id, by=by.account, slot=drafts.OTHER, name=paper.name, stream=paper.file, at=at)
    return apply.supplement(file.id, by=by, at=at, key=key, note=note)


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
