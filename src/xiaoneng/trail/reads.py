"""Questions about the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from xiaoneng.trail.models import Record

KINDS = dict(Record.Kind.choices)
RESTORED = "restore"  # the key of records that tell of a return from a backup


@dataclass(frozen=True, slots=True)
class Line:
    """One act as a page shows it; `changes` pairs each value before with the value after."""

    id: int
    kind: str
    at: datetime
    actor: int | None
    name: str
    what: str
    about: str
    reason: str
    whence: str
    request: str
    changes: tuple[tuple[str, str, str], ...]


def records(
    *, kind: str = "", words: str = "", since: datetime | None = None, before: datetime | None = None, key: str = "",
    actor: int | None = None,
) -> QuerySet[Record]:  # fmt: skip
    """Return the records under some conditions, newest first; `lines_of` makes them readable."""
    found = Record.objects.order_by("-at", "-id")
    if kind in KINDS:
        found = found.filter(kind=kind)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(about__icontains=words) | Q(what__icontains=words))
    if since is not None:
        found = found.filter(at__gte=since)
    if before is not None:
        found = found.filter(at__lt=before)
    if key:
        found = found.filter(key=key)
    return found if actor is None else found.filter(actor=actor)


def lines_of(rows: Any) -> tuple[Line, ...]:
    """Return records as lines."""
    return tuple(
        Line(
            row.pk, KINDS[row.kind], row.at, row.actor, row.name, row.what, row.about, row.reason, row.whence,
            row.request, _changes(row.before, row.after),
        )
        for row in rows
    )  # fmt: skip


def _changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    names = dict.fromkeys([*before, *after])
    said = ((name, _said(before.get(name)), _said(after.get(name))) for name in names)
    return tuple(each for each in said if each[1] or each[2])


def _said(value: Any) -> str:
    if value is None:
        return ""
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def unmasked_since(account: int, key: str, since: datetime) -> bool:
    """Tell whether an account gave its reason for looking at this in full after a moment."""
    return Record.objects.filter(kind=Record.Kind.UNMASK, actor=account, key=key, at__gt=since).exists()
