"""Closing a department: what must have happened to its items, its open cases and its people first, told all at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.matters.models import Matter
from xiaoneng.org import places
from xiaoneng.org.models import Department, Holding
from xiaoneng.rules.grounds import LICENSING, Basis, NotFound, Obstacle, Obstructed
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail.actions import By

BY_SOMEBODY = Basis(LICENSING, 22, "", "行政许可由具有行政许可权的行政机关在其法定职权范围内实施")
SHOWN = 3


def obstacles_to_closing(department: int, at: datetime) -> tuple[Obstacle, ...]:
    """Return everything that must be settled before a department can be closed."""
    found: list[Obstacle] = []
    items = ItemVersion.objects.filter(item__department_id=department, in_force__contains=at).order_by("name")
    if n := items.count():
        names = "、".join(items.values_list("name", flat=True)[:SHOWN])
        found.append(
            Obstacle(
                "items", f"清单里还有它的 {n} 个事项：{names}{'等' if n > SHOWN else ''}。", BY_SOMEBODY,
                "请先在一轮清单编制里转移、取消或者由接续部门承接，公布以后再撤销部门。",
            )
        )  # fmt: skip
    cases = Matter.objects.filter(department_id=department, closed=False, version__gt=0).order_by("id")
    if n := cases.count():
        numbers = "、".join(str(each) for each in cases[:SHOWN])
        found.append(
            Obstacle(
                "cases", f"还有 {n} 件没有办结：{numbers}{'等' if n > SHOWN else ''}。", BY_SOMEBODY,
                "请先办结；部门撤销以后没有人能在这些办件上签字。",
            )
        )  # fmt: skip
    held = Holding.objects.filter(department_id=department, during__contains=local_day(at)).count()
    if held:
        found.append(
            Obstacle(
                "people", f"还有 {held} 个任职挂在这个部门。", BY_SOMEBODY,
                "请安全管理员先在“角色”里结束这些任职，或者改到接续部门。",
            )
        )  # fmt: skip
    return tuple(found)


@transaction.atomic
def close_department(department: int, *, successor: int | None, reason: str, by: By, at: datetime) -> None:
    """Close a department from today on; it stays on record and in every document that it issued.

    :raises NotFound: there is no such department.
    :raises Obstructed: items, cases or people hang on it, or no reason is given.
    """
    row = Department.objects.select_for_update().filter(pk=department).first()
    if row is None:
        raise NotFound(places.GONE)
    obstacles = list(obstacles_to_closing(department, at))
    if not reason.strip():
        obstacles.append(
            Obstacle("reason", "还没有写明依据。", BY_SOMEBODY, "请写明批准撤销的文件，例如机构改革方案的文号。")
        )
    if obstacles:
        raise Obstructed(obstacles)
    places.close_department(department, successor, on=local_day(at), by=by, at=at, reason=reason)
