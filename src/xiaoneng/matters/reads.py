"""Questions about matters; hands out frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from xiaoneng.matters import models
from xiaoneng.matters.loading import NO_SUCH_MATTER, PROCEDURES, MatterFile, Replay, as_json, file, which_one
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.limits import Light

__all__ = [
    "NO_SUCH_MATTER", "PROCEDURES", "DocumentLine", "EntryLine", "File", "MatterFile", "Replay", "as_json", "attachments",
    "document_by_code", "documents", "due_in_or_after", "dues_of", "entry_at", "file", "having_light", "installation",
    "journal", "open_matters", "which_one",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of a journal as a page shows it."""

    seq: int
    move: str
    label: str
    actor: int
    role: str
    authority: str
    at: datetime
    claimed_at: datetime | None
    recorded_at: datetime
    facts: dict[str, Any]
    hash: str


def journal(matter: int) -> tuple[EntryLine, ...]:
    """Return a matter's journal, newest first."""
    rows = models.Entry.objects.filter(matter_id=matter).select_related("matter").order_by("-seq")
    return tuple(
        EntryLine(
            row.seq,
            row.move,
            PROCEDURES[row.matter.kind].move(row.move).label,
            row.actor,
            row.role,
            row.authority,
            row.at,
            row.claimed_at,
            row.recorded_at,
            row.facts,
            bytes(row.hash).hex(),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """An issued document as a list shows it."""

    id: int
    matter: int
    seq: int
    kind: str
    title: str
    number: str
    verify_code: str
    issued_at: datetime
    sha256: str


def documents(matter: int) -> tuple[DocumentLine, ...]:
    """Return the documents issued in a matter, in order."""
    rows = models.Document.objects.filter(matter_id=matter).order_by("id")
    return tuple(_document_line(row) for row in rows.select_related("file"))


def document_by_code(code: str) -> DocumentLine:
    """Return the document of a verification code.

    :raises NotFound: there is none.
    """
    row = models.Document.objects.filter(verify_code=code).select_related("file").first()
    if row is None:
        raise NotFound("没有核验码为这个的文书。请对照文书下方的 12 位核验码重新输入。")
    return _document_line(row)


def _document_line(row: models.Document) -> DocumentLine:
    made = getattr(row, "file", None)
    return DocumentLine(
        row.pk, row.matter_id, row.seq, row.kind, row.title, row.number, row.verify_code, row.issued_at,
        made.sha256 if made else "",
    )  # fmt: skip


def entry_at(matter: int, seq: int) -> EntryLine:
    """Return one line of a journal."""
    return next(line for line in journal(matter) if line.seq == seq)


@dataclass(frozen=True, slots=True)
class File:
    """A file handed in for a matter."""

    id: int
    slot: str
    name: str
    kind: str
    size: int
    sha256: str
    uploaded_at: datetime
    round: int


def attachments(matter: int) -> tuple[File, ...]:
    """Return the files handed in for a matter, in order."""
    rows = models.Attachment.objects.filter(matter_id=matter).order_by("id")
    return tuple(
        File(row.pk, row.slot, row.name, row.kind, row.size, row.sha256, row.uploaded_at, row.round) for row in rows
    )


def open_matters() -> QuerySet[models.Matter]:
    """Return the matters that have begun and not ended."""
    return models.Matter.objects.filter(version__gt=0, closed=False)


def having_light(light: Light, now: datetime) -> Q:
    """Return the condition under which an open matter shows a light: rules.limits.light_at as a query."""
    red = Q(red_at__lt=now)
    yellow = Q(yellow_at__lte=now)
    unlit = Q(red_at__isnull=True) | Q(red_at__gte=now)
    return {
        Light.RED: red,
        Light.PAUSED: unlit & Q(paused=True),
        Light.YELLOW: unlit & Q(paused=False) & yellow,
        Light.GREEN: unlit & Q(paused=False) & (Q(yellow_at__isnull=True) | Q(yellow_at__gt=now)),
    }[light]


def installation() -> str:
    """Return what this installation declares itself: production, demo, test or bench; empty before it did."""
    return models.Installation.objects.values_list("kind", flat=True).first() or ""


def dues_of(ids: Iterable[int]) -> dict[int, dict[str, date | None]]:
    """Return the due day of the latest round of each clock of several matters."""
    rows = models.Clock.objects.filter(matter_id__in=list(ids)).order_by("round")
    dues: dict[int, dict[str, date | None]] = {}
    for matter, name, due_on in rows.values_list("matter_id", "name", "due_on"):
        dues.setdefault(matter, {})[name] = due_on
    return dues


def due_in_or_after(calendar: int, day: date) -> int:
    """Count the open matters of a calendar that have a clock running to a day or beyond."""
    running = models.Clock.objects.filter(due_on__gte=day).exclude(state="stopped").values("matter_id")
    return open_matters().filter(department__region__calendar_id=calendar, pk__in=running).count()
