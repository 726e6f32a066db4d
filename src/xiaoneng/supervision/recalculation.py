"""A calendar changed: the open cards, orders and records of accountability that it touches are counted anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import F

from xiaoneng.matters.models import Matter
from xiaoneng.matters.recount import Recount
from xiaoneng.org.models import Calendar
from xiaoneng.rules.procedures import accountability, card, supervision_order


def recalculate_what_is_stale(now: Callable[[], datetime]) -> int:
    """Count anew what supervision has open under every calendar with a new version; return how many dates moved.

    Belongs before the applications' own recalculation, which marks a calendar as done.
    """
    moved = 0
    for calendar in Calendar.objects.filter(version__gt=F("recalculated")).order_by("id"):
        document = f"日历或者办公时间第 {calendar.version} 版"
        for procedure in (card.PROCEDURE, supervision_order.PROCEDURE, accountability.PROCEDURE):
            rows = Matter.objects.filter(
                kind=procedure.kind, closed=False, version__gt=0, department__region__calendar_id=calendar.pk
            )
            ids = list(rows.order_by("id").values_list("id", flat=True))
            moved += Recount(procedure, "recalculate", document).run(ids, now)
    return moved
