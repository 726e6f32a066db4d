"""A calendar changed: the open applications that it touches are counted anew, one entry each with old and new date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F

from xiaoneng.approval import reads
from xiaoneng.matters.clocks import STOPPED, ClockState, recounted
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import move_many
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org.models import Calendar, CalendarNotice

BATCH = 500


def recalculate_what_is_stale(now: Callable[[], datetime]) -> int:
    """Count anew the open applications of every calendar that has a new version and return how many dates moved."""
    moved = 0
    for calendar in Calendar.objects.filter(version__gt=F("recalculated")).order_by("id"):
        newest = CalendarNotice.objects.filter(calendar=calendar, since=calendar.version).values_list(
            "document", flat=True
        )
        document = "、".join(newest) or f"日历第 {calendar.version} 版"
        moved += recalculate(calendar=calendar.pk, now=now, document=document)
        Calendar.objects.filter(pk=calendar.pk, version=calendar.version).update(recalculated=calendar.version)
    return moved


def recalculate(*, calendar: int, now: Callable[[], datetime], document: str) -> int:
    """Count the open applications of a calendar anew and return how many dates moved; closed ones never change.

    :param now: gives the moment of each batch; one that somebody moved meanwhile is taken again.
    """
    rows = Matter.objects.filter(kind=reads.KIND, closed=False, version__gt=0, department__region__calendar_id=calendar)
    left, total = list(rows.order_by("id").values_list("id", flat=True)), 0
    while left:
        batch, left = left[:BATCH], left[BATCH:]
        changes = [change for matter in batch if (change := _change(matter, document))]
        moved = set(move_many(changes, "recalculate", at=now())) if changes else set()
        total += len(moved)
        left += [file.id for file, _, _ in changes if file.id not in moved]
    return total


def _change(matter: int, document: str) -> tuple[MatterFile, tuple[ClockState, ...], dict[str, Any]] | None:
    file = reads.load(matter)
    after = tuple(clock if clock.state == STOPPED else recounted(clock, file.rules) for clock in file.clocks)
    moved = _moved(file, after)
    return (file, after, {"document": document, "dates": moved}) if moved and not file.closed else None


def _moved(file: MatterFile, after: tuple[ClockState, ...]) -> list[dict[str, str]]:
    return [
        {"clock": new.name.value, "round": str(new.round), "from": str(old.due_on), "to": str(new.due_on)}
        for old, new in zip(file.clocks, after, strict=True)
        if (old.due_on, old.provisional) != (new.due_on, new.provisional)
    ]
