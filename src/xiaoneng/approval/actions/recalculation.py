"""A calendar changed: the open applications that it touches are counted anew, one entry each with old and new date."""

from __future__ import annotations

from datetime import datetime

from xiaoneng.approval import reads
from xiaoneng.matters.clocks import STOPPED, ClockState, recounted
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import move_many
from xiaoneng.matters.reads import MatterFile

BATCH = 500


def recalculate(*, calendar: int, at: datetime, document: str) -> int:
    """Count the open applications of a calendar anew and return how many dates moved; closed ones never change."""
    rows = Matter.objects.filter(kind=reads.KIND, closed=False, version__gt=0, department__region__calendar_id=calendar)
    ids = list(rows.order_by("id").values_list("id", flat=True))
    return sum(_batch(ids[start : start + BATCH], at, document) for start in range(0, len(ids), BATCH))


def _batch(ids: list[int], at: datetime, document: str) -> int:
    changes = []
    for matter in ids:
        file = reads.load(matter)
        after = tuple(clock if clock.state == STOPPED else recounted(clock, file.rules) for clock in file.clocks)
        moved = _moved(file, after)
        if moved:
            changes.append((file, after, {"document": document, "dates": moved}))
    return len(move_many(changes, "recalculate", at=at)) if changes else 0


def _moved(file: MatterFile, after: tuple[ClockState, ...]) -> list[dict[str, str]]:
    return [
        {"clock": new.name.value, "round": str(new.round), "from": str(old.due_on), "to": str(new.due_on)}
        for old, new in zip(file.clocks, after, strict=True)
        if (old.due_on, old.provisional) != (new.due_on, new.provisional)
    ]
