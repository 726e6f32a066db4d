"""Recording that a decision against the applicant was annulled: what rested on it falls away from then on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import reads
from xiaoneng.approval.actions import certificates, commitment
from xiaoneng.approval.promises_models import Breach
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor, Change, Moved, move
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.rules.annulment import MOVE, Annulment, to_annulment
from xiaoneng.rules.grounds import Obstructed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.promises import REVOKED
from xiaoneng.rules.workdays import local_day

# The decision against the applicant that stands in each state; a case that was granted has none.
AGAINST = {procedure.DELIVERED: "refuse", procedure.NOT_ACCEPTED: "not_accept", REVOKED: "revoke_on_promise"}


def annul_decision(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, way: str, organ: str, decision: str, made_on: date,
    reason: str,
) -> Moved:  # fmt: skip
    """Record that a refusal, a non-acceptance or a revocation was annulled; a revoked grant stands again.

    :param way: by reconsideration, by a court or by the organ itself.
    :param decision: the number of the document by which it was annulled, of the day `made_on`.
    :raises Obstructed: there is no such decision, it was recorded before, or something of the document is missing.
    """
    file = reads.load(which, key, by=by, at=at)
    asked, against = Annulment(way, organ, decision, made_on, reason), decision_against(file)
    if file.replay is None and file.state in AGAINST:
        obstacles = to_annulment(asked, local_day(against.at) if against else None, local_day(at))
        if obstacles:
            raise Obstructed(obstacles)
    change = Change(to=file.state, facts=facts_of(asked, against))
    if file.state == REVOKED:
        change = commitment.restored(file, change, at)
    with transaction.atomic():
        moved = move(file, MOVE, by=by, at=at, change=change, key=key)
        if not moved.replayed and file.state == REVOKED:
            Breach.objects.filter(matter_id=file.id).update(excused_seq=moved.seq)
            certificates.follow_annulment(file, asked, at)
        return moved


def decision_against(file: MatterFile) -> EntryLine | None:
    """Return the decision against the applicant that stands in a case, or nothing."""
    name = AGAINST.get(file.state, "")
    return standing(file, name) if name in file.actors else None


def standing(file: MatterFile, name: str) -> EntryLine | None:
    """Return the last entry of a move unless it has been annulled since."""
    told = next((line for line in matters.journal(file.id) if line.move in (name, MOVE)), None)
    return told if told is not None and told.move == name else None


def facts_of(asked: Annulment, against: EntryLine | None) -> dict[str, object]:
    """Return what a journal keeps of an annulment, with the entry that it annuls."""
    return {
        "way": asked.way, "organ": asked.organ.strip(), "decision": asked.decision.strip(),
        "made_on": asked.made_on.isoformat() if asked.made_on else "", "reason": asked.reason.strip(),
        "of": against.seq if against else 0, "annulled": against.move if against else "",
    }  # fmt: skip
