"""Letting a held fact stand for a material: only on the applicant's word, and only while the draft is a draft."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xiaoneng.approval import facts
from xiaoneng.approval.actions.drafts import own_draft
from xiaoneng.approval.models import HeldFact
from xiaoneng.approval.reads import ARCHIVE
from xiaoneng.matters.models import Attachment
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.workdays import local_day


@transaction.atomic
def use(matter: int, *, slot: str, reference: str, by: int, at: datetime) -> None:
    """Let what is held already stand for a material of a draft; the applicant's consent is put on record with it.

    :raises NotFound: it is not a draft of this account.
    :raises NotAllowed: nothing of this reference is held for this material.
    """
    file = own_draft(matter, by=by)
    found = facts.offered(file, local_day(at)).get(slot)
    if found is None or found.reference != reference:
        raise NotAllowed("这份证照或者材料现在查不到了，可能已经失效。请刷新页面，或者改为上传。")
    copied = _copied(matter, slot, int(reference), by, at) if found.source == ARCHIVE else None
    HeldFact.objects.update_or_create(
        matter_id=matter, slot=slot,
        defaults={
            "source": found.source, "reference": found.reference, "label": found.label[:300],
            "issuer": found.issuer[:120], "attachment": copied, "agreed_by": by, "agreed_at": at,
        },
    )  # fmt: skip


def _copied(matter: int, slot: str, paper: int, by: int, at: datetime) -> Attachment:
    """Hang the same kept file on this application too; its content lies there once."""
    earlier = Attachment.objects.get(pk=paper)
    row, _ = Attachment.objects.get_or_create(
        matter_id=matter, slot=slot, sha256=earlier.sha256,
        defaults={
            "name": earlier.name, "kind": earlier.kind, "size": earlier.size, "uploaded_by": by, "uploaded_at": at,
        },
    )  # fmt: skip
    return row


@transaction.atomic
def do_not_use(matter: int, *, slot: str, by: int) -> None:
    """Take the consent back; the material is handed in like any other.

    :raises NotFound: it is not a draft of this account.
    """
    own_draft(matter, by=by)
    forget(matter, slot=slot)


def forget(matter: int, *, slot: str | None = None) -> None:
    """Take held facts off an application that is thrown away, or one of them off a material."""
    rows = HeldFact.objects.filter(matter_id=matter, **({"slot": slot} if slot is not None else {}))
    copies = [row.attachment_id for row in rows if row.attachment_id]
    rows.delete()
    Attachment.objects.filter(pk__in=copies).delete()
