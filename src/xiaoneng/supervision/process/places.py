"""Where cases are handled, as the process view's filters offer it, and by which calendar its days are counted."""

from __future__ import annotations

from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.org.models import Department
from xiaoneng.org.reads import Reach
from xiaoneng.rules.procedures.application import PROCEDURE
from xiaoneng.rules.workdays import Calendar


def departments(reach: Reach) -> tuple[tuple[int, str], ...]:
    """Return the departments within reach that handle or handled cases, by name."""
    rows = Department.objects.filter(id__in=_busy()).order_by("name").values_list("id", "name")
    return tuple((pk, name) for pk, name in rows if reach.covers(pk))


def _busy() -> list[int]:
    return list(
        Matter.objects.filter(kind=PROCEDURE.kind, version__gt=0).values_list("department", flat=True).distinct()
    )


def calendar_of(department: int | None) -> Calendar:
    """Return the calendar under which a department works; for all together that of the first department."""
    if department is None or not Department.objects.filter(id=department).exists():
        department = _first()
    calendar, _ = org.calendar_of_department(department)
    return calendar


def _first() -> int:
    return Department.objects.order_by("id").values_list("id", flat=True)[0]
