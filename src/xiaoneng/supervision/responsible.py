"""Who has a matter in hand: whoever took it upon herself, else the one person at its desk; nobody is guessed at.

For what has turned red it is whoever had it while time ran: a claim given away, or a desk left, when it was nearly late
takes the lateness along to nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import NamedTuple

from django.db import connection

from xiaoneng.approval.models import Claim
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import hands
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.hands import Stretch
from xiaoneng.rules.roles import BY_NATURE, Role
from xiaoneng.rules.workdays import local_day


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


# Where the matter lay, from entry to entry, until it turned red; and who moved it on from there.
_LAY = """
SELECT e.at, coalesce(e.facts ->> 'desk', ''), coalesce((e.facts ->> 'paused')::boolean, false), e.actor, e.role, a.name
FROM entry e LEFT JOIN people_account a ON a.id = e.actor
WHERE e.matter_id = %s AND e.at <= %s ORDER BY e.seq"""


class _Lay(NamedTuple):
    """Where the matter lay since an entry, and who made that entry in which role."""

    since: datetime
    desk: str
    paused: bool
    actor: int
    role: str
    name: str | None


def while_time_ran(file: MatterFile, began: datetime, red_at: datetime) -> Person:
    """Return who answers for a light that came true at an instant, of a clock that began at another."""
    with connection.cursor() as cursor:
        cursor.execute(_LAY, [file.id, red_at])
        lay = [_Lay(*row) for row in cursor.fetchall()]
    claims = list(
        Claim.objects.filter(matter_id=file.id, since__lt=red_at).order_by("since").values_list(
            "desk", "account_id", "since", "until", "account__name")
    )  # fmt: skip
    names = {account: name for _, account, _, _, name in claims}
    stretches: list[Stretch] = []
    for here, gone in zip_longest(lay, lay[1:]):
        since, until = max(here.since, began), gone.since if gone else red_at
        if until > since and not here.paused:
            others = _who_else(file.department, here, gone, red_at)
            names.update(others)
            pooled = next(iter(others)) if len(others) == 1 else None
            stretches += _stretches([each for each in claims if each[0] == here.desk], pooled, since, until)
    who = hands.answers(stretches)
    return NOBODY if who is None else Person(who, names[who])


def _who_else(department: int, here: _Lay, gone: _Lay | None, red_at: datetime) -> dict[int, str]:
    """Return who had what nobody had claimed: whoever moved it on from that desk, else those that are at it."""
    if not here.desk or here.desk in BY_NATURE:
        return {}
    if gone:
        return {gone.actor: gone.name or ""} if gone.actor and gone.role == here.desk else {}
    return org.nearest_at(here.desk, department, local_day(red_at))


def _stretches(
    claims: list[tuple[str, int, datetime, datetime | None, str]], pooled: int | None, since: datetime, until: datetime
) -> list[Stretch]:
    """Return who had the matter at one desk in a time: claim by claim, and between them whoever is given."""
    found, reached = [], since
    for _, account, claimed, ended, _ in claims:
        begin, end = max(claimed, reached), min(ended or until, until)
        if begin >= end:
            continue
        if begin > reached:
            found.append(Stretch(pooled, reached, begin))
        found.append(Stretch(account, begin, end))
        reached = end
    return [*found, Stretch(pooled, reached, until)] if reached < until else found
