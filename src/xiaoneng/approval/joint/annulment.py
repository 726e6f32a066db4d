"""Recording that the non-acceptance of a joint case was annulled."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from xiaoneng.approval.actions import annulment
from xiaoneng.approval.joint import reads
from xiaoneng.matters.move import Actor, Change, Moved, move
from xiaoneng.rules.annulment import MOVE, Annulment, to_annulment
from xiaoneng.rules.grounds import Obstructed
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.rules.workdays import local_day


def annul_decision(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, way: str, organ: str, decision: str, made_on: date,
    reason: str,
) -> Moved:  # fmt: skip
    """Record that the decision not to accept a joint case was annulled.

    :param way: by reconsideration, by a court or by the organ itself.
    :raises Obstructed: it was recorded before, or something of the document is missing.
    """
    file = reads.load(which, key, by=by, at=at)
    asked, against = Annulment(way, organ, decision, made_on, reason), annulment.standing(file, "not_accept")
    if file.replay is None and file.state == procedure.NOT_ACCEPTED:
        obstacles = to_annulment(asked, local_day(against.at) if against else None, local_day(at))
        if obstacles:
            raise Obstructed(obstacles)
    return move(file, MOVE, by=by, at=at, change=Change(facts=annulment.facts_of(asked, against)), key=key)
