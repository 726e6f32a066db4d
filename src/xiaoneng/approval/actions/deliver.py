"""Delivery of the decision, with proof of service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import reads, words
from xiaoneng.approval.models import Application
from xiaoneng.matters.move import Actor, Change, Moved, move
from xiaoneng.rules.grounds import Basis, Obstacle, Obstructed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.workdays import local_day

WAYS = {
    "direct": "直接送达",
    "left": "留置送达",
    "entrusted": "委托送达",
    "post": "邮寄送达",
    "electronic": "电子送达",
    "public_notice": "公告送达",
}
SERVED = Basis("行政许可法", 44, "", "自作出决定之日起十日内送达")


def deliver(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, way: str, recipient: str, note: str = ""
) -> Moved:
    """Put the delivery of the decision on record, with the way and who received it; the case is closed.

    :raises Obstructed: way or recipient is missing.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state in (procedure.GRANTED, procedure.REFUSED):
        obstacles = []
        if way not in WAYS:
            obstacles.append(Obstacle("way", "请选择送达方式。", SERVED, "六种方式选一种。"))
        if not recipient.strip():
            obstacles.append(Obstacle("recipient", "还没有写签收人。", SERVED, "请写明谁签收；公告送达写公告位置。"))
        if obstacles:
            raise Obstructed(obstacles)
    recipient, said = recipient.strip(), {"note": note}
    in_person = recipient == file.extra["applicant_name"]
    facts = {
        "way": way,
        "delivered_on": local_day(at).isoformat(),
        **words.hashes_of(file, said),
        "recipient": "applicant" if in_person else "other",
    }
    change = Change(facts=facts)
    if file.replay is not None or (in_person and not note.strip()):
        return move(file, "deliver", by=by, at=at, change=change, key=key)
    with transaction.atomic():
        if not in_person:
            # Who else signed is personal: the name is kept beside the journal, which knows its salted hash.
            facts["recipient_hash"] = reads.payload_hash(file.extra["salt"], recipient)
            Application.objects.filter(matter_id=file.id).update(recipient=recipient[:120])
        return words.keep(move(file, "deliver", by=by, at=at, change=change, key=key), said)
