"""What the lead's window takes in for an applicant of a joint case who stands there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval.joint import filing, opening, reads, themes
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day


def require_window(shown: themes.ThemeShown, *, by: int, at: datetime) -> None:
    """Let nobody take in a joint case but the clerks of the lead department's window.

    :raises NotAllowed: the account holds no window of the lead department.
    """
    if Role.WINDOW not in {each.role for each in org.roles_of(by, shown.lead, local_day(at))}:
        raise NotAllowed(
            f"“{shown.name}”由{shown.lead_name}的窗口牵头收件；您没有这个窗口的岗位，请引导申请人到该窗口或者网上申请。"
        )


def led_by_me(account: int, at: datetime) -> tuple[themes.ThemeShown, ...]:
    """Return the open themes that the windows of this account may take in."""
    reach = org.reach_of(account, [Role.WINDOW], local_day(at))
    return tuple(each for each in themes.themes(at) if reach.everywhere or each.lead in reach.departments)


@transaction.atomic
def supplement(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str, paper: Any = None,
    papers: Sequence[tuple[str, Any]] = (), seen: Sequence[str] = (),
) -> Moved:  # fmt: skip
    """Take in a supplement for all branches at the window, with the scans there are and the originals that were seen.

    :param papers: scans with the slot of the material that each fills; `paper` fills none.
    :raises kit.files.Refused: a scan cannot be taken.
    """
    file = reads.load(which, key)
    scans = [*papers, *([(reads.OTHER, paper)] if paper is not None else [])]
    for slot, scan in scans if file.replay is None else ():
        opening.attach(file.id, by=by.account, slot=slot, name=scan.name, stream=scan.file, at=at)
    return filing.supplement(file.id, by=by, at=at, key=key, note=note, papers=seen)
