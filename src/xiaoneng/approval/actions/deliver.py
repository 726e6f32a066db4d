"""Delivery of the decision, with the proof of service and its lawful day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import delivery, promises, reads, words
from xiaoneng.approval.models import Application
from xiaoneng.matters.move import Actor, Change, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import delivery as rules
from xiaoneng.rules.delivery import WAYS, Served
from xiaoneng.rules.grounds import Obstructed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.workdays import local_day

__all__ = ["WAYS", "deliver"]
CHOSEN = "申请表中选择电子文书"


def deliver(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, way: str, recipient: str = "", note: str = "",
    served_on: date | None = None, tracking: str = "", refusal: str = "", witnesses: str = "", consent: str = "",
) -> Moved:  # fmt: skip
    """Put the delivery of the decision on record, with the way, what proves it and its day; the case is closed.

    :param served_on: the day on the proof of service, where it is not today.
    :raises Obstructed: the way, the recipient or what proves this way of service is missing.
    """
    file = reads.load(which, key, by=by, at=at, bring=())
    told = delivery.sent(file) if file.replay is None else None
    service = Served(
        way, recipient.strip(), tracking, refusal, witnesses, consent or _consent(file, way), served_on=served_on
    )
    if file.replay is None and file.state in (procedure.GRANTED, procedure.REFUSED):
        sent_on = told.on if told and told.way == way else None
        obstacles = rules.to_service(service, local_day(at), delivery.decided_on(file), sent_on)
        if obstacles:
            raise Obstructed(obstacles)
    said = {"note": note, "refusal": refusal, "witnesses": witnesses}
    facts = _facts(file, service, at, said, told)
    in_person = facts["recipient"] == "applicant"
    if file.replay is not None or (in_person and not any(text.strip() for text in said.values())):
        return move(
            file, "deliver", by=by, at=at, change=Change(to=promises.after_delivery(file), facts=facts), key=key
        )
    with transaction.atomic():
        if not in_person:
            # Who else signed is personal: the name is kept beside the journal, which knows its salted hash.
            facts["recipient_hash"] = reads.payload_hash(file.extra["salt"], service.recipient[:120])
            Application.objects.filter(matter_id=file.id).update(recipient=service.recipient[:120])
        return words.keep(
            move(file, "deliver", by=by, at=at, change=Change(to=promises.after_delivery(file), facts=facts), key=key),
            said,
        )


def _consent(file: MatterFile, way: str) -> str:
    return CHOSEN if way == rules.BY_WIRE and reads.form_of(file).get("delivery") == "electronic" else ""


def _facts(
    file: MatterFile, service: Served, at: datetime, said: dict[str, str], told: delivery.Sent | None
) -> dict[str, Any]:
    sent_on = told.on if told and told.way == service.way else None
    tracking = service.tracking.strip()[:40] or (told.tracking if told and told.way == service.way else "")
    return {
        "way": service.way,
        "delivered_on": rules.served_on(service, local_day(at), sent_on).isoformat(),
        **({"tracking": tracking} if tracking else {}),
        **({"consent": service.consent.strip()[:200]} if service.consent.strip() else {}),
        **words.hashes_of(file, said),
        "recipient": "applicant" if service.recipient == file.extra["applicant_name"] else "other",
    }
