"""A calendar changed: the open applications that it touches are counted anew, one entry each with old and new date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import F

from xiaoneng.matters.models import Matter
from xiaoneng.matters.recount import Recount
from xiaoneng.org.models import Calendar, CalendarNotice
from xiaoneng.rules.procedures import Procedure, agency, joint
from xiaoneng.rules.procedures.application import PROCEDURE


def recalculate_what_is_stale(now: Callable[[], datetime]) -> int:
    """Count anew the open applications of every calendar that has a new version and return how many dates moved."""
    moved = 0
    for calendar in Calendar.objects.filter(version__gt=F("recalculated")).order_by("id"):
        newest = CalendarNotice.objects.filter(calendar=calendar, since=calendar.version).values_list(
            "document", flat=True
        )
        document = "、".join(newest) or f"日历或者办公时间第 {calendar.version} 版"
        moved += recalculate(calendar=calendar.pk, now=now, document=document)
        Calendar.objects.filter(pk=calendar.pk, version=calendar.version).update(recalculated=calendar.version)
    return moved


def recalculate(*, calendar: int, now: Callable[[], datetime], document: str) -> int:
    """Count the open applications of a calendar anew and return how many dates moved; closed ones never change.

    :param now: gives the moment of each batch; one that somebody moved meanwhile is taken again.
    """
    return sum(
        _recalculate(procedure, calendar, now, document) for procedure in (PROCEDURE, joint.PROCEDURE, agency.PROCEDURE)
    )


def _recalculate(procedure: Procedure, calendar: int, now: Callable[[], datetime], document: str) -> int:
    rows = Matter.objects.filter(
        kind=procedure.kind, closed=False, version__gt=0, department__region__calendar_id=calendar
    )
    ids = list(rows.order_by("id").values_list("id", flat=True))
    return Recount(procedure, "recalculate", document).run(ids, now)
