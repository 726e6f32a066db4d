"""Who has a matter in hand: whoever took it upon herself, else the one person at its desk; nobody is guessed at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiaoneng.approval.models import Claim
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.roles import BY_NATURE


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answers for a matter; no account where nobody can be named."""

    account: int | None
    name: str


NOBODY = Person(None, "")


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
