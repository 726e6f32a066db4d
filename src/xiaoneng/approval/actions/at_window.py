"""What a window takes in for an applicant who stands there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import reads
from xiaoneng.approval.actions import apply, drafts
from xiaoneng.matters.move import Actor, Moved


@transaction.atomic
def supplement(which: int | str, *, by: Actor, at: datetime, key: UUID | None, note: str, paper: Any = None) -> Moved:
    """Take in a supplement at the window, with a scan if there is one.

    :raises kit.files.Refused: the scan cannot be taken.
    """
    file = reads.load(which, key)
    if paper is not None and file.replay is None:
        drafts.attach(file.id, by=by.account, slot=drafts.OTHER, name=paper.name, stream=paper.file, at=at)
    return apply.supplement(file.id, by=by, at=at, key=key, note=note)
