"""Who has a matter in hand: whoever took it upon herself, else the one person at its desk; nobody is guessed at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiaoneng.approval.models import Claim
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import BY_NATURE, Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers for a matter; no account where nobody can be named."""

    account: int | None
    name: str


NOBODY = Person(None, "")
HANDLE = frozenset({Role.WINDOW, Role.REVIEWER, Role.HEAD, Role.DEPUTY, Role.CHIEF})  # who answers for a unit's cases
JUDGE = frozenset({
    "confirm", "reject_appeal", "propose_withdrawal", "withdraw_card", "decline_withdrawal", "dismiss", "cancel",
    "accept_reply", "return_reply", "decide", "uphold", "revoke",
})  # fmt: skip


def refuse_own(name: str, by: int, department: int, on: date) -> None:
    """Let no supervisor judge the unit in which she handles cases herself.

    :raises NotAllowed: she holds a role there, for as long as she does.
    """
    held = {each.role for each in org.roles_of(by, department, on)} if name in JUDGE else set()
    if Role.SUPERVISOR in held and held & HANDLE:
        raise NotAllowed("您在这个单位也有办件的岗位，不能监察自己的单位。请转给另一名监察员。")


def responsible(file: MatterFile, desk: str, on: date) -> Person:
    """Return who answers for a matter at a desk on a day."""
    held = at_desk(file.id, file.department, desk, on)
    return Person(*next(iter(held.items()))) if len(held) == 1 else NOBODY


def at_desk(matter: int, department: int, desk: str, on: date) -> dict[int, str]:
    """Return who is expected to see to a matter, by account: whoever claimed it, else everybody at its desk."""
    if not desk or desk in BY_NATURE:
        return {}
    claimed = Claim.objects.filter(matter_id=matter, desk=desk, until__isnull=True)
    taken = dict(claimed.values_list("account_id", "account__name"))
    return taken or org.nearest_at(desk, department, on)
