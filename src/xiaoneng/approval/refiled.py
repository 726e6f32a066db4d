"""Applications that come again: the same applicant and item soon after an end, or beside one still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from xiaoneng.matters import clocks
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile

_TWINS = """
SELECT m.id, coalesce(m.number, m.intake_number), m.state, m.opened_at
FROM approval_application a JOIN matter m ON m.id = a.matter_id JOIN catalogue_itemversion v ON v.id = m.item_version_id
WHERE a.identity_mark = %s AND a.identity_mark <> '' AND m.version > 0 AND NOT m.closed AND m.id <> %s
  AND v.item_id = (SELECT item_id FROM catalogue_itemversion WHERE id = %s)
ORDER BY m.id LIMIT 5"""


def facts_of(file: MatterFile) -> dict[str, Any]:
    """Return what the submission of a re-filed application writes down: which one it follows, and when that was filed.

    The first filing's moment goes along from one to the next, so that ending a case and filing it anew resets nothing.
    """
    row = matters.as_json(file.extra["earlier"])
    if not row:
        return {}
    number, ended_at, filed_at, first_filed_at = row
    return {"refiles": number, "ended_at": _utc(ended_at), "first_filed_at": first_filed_at or _utc(filed_at)}


def _utc(text: str) -> str:
    return clocks.instant(clocks.moment(text)) or ""


@dataclass(frozen=True, slots=True)
class Twin:
    """Another open application of the same applicant for the same item."""

    matter: int
    called: str
    state: str
    opened_at: datetime


def twins_of(file: MatterFile) -> tuple[Twin, ...]:
    """Return the open applications of the same applicant for the same item."""
    values = [file.extra["identity_mark"], file.id, file.item_version]
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, values)
        return tuple(Twin(*row) for row in cursor.fetchall())
