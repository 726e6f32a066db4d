"""What administration looks up: who is in office with which roles, and the organisation as a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet

from xiaoneng.org import models
from xiaoneng.rules.grounds import NotFound


@dataclass(frozen=True, slots=True)
class Held:
    """A holding as a page shows it; `state` is now, later or over."""

    id: int
    account: int
    name: str
    role: str
    code: str
    reach: str
    since: date
    last: date | None
    authority: str
    stands_in_for: str
    state: str


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff in a list."""

    account: int
    username: str
    name: str
    active: bool
    department: str
    post: str
    window: str
    roles: tuple[Held, ...]


def staff(
    *, words: str = "", department: int | None = None, role: str = "", state: str = "", on: date
) -> QuerySet[Any]:
    """Return the accounts of staff under some conditions; `people_of` makes them readable."""
    found = get_user_model()._default_manager.filter(kind="staff").order_by("staff__department_id", "id")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(staff__post__icontains=words))
    if department:
        found = found.filter(staff__department_id=department)
    if role:
        holders = models.Holding.objects.filter(role_id=role, during__contains=on).values("account_id")
        found = found.filter(pk__in=holders)
    if state in ("active", "disabled"):
        found = found.filter(is_active=state == "active")
    if state == "ending":
        found = found.filter(is_active=True, expires_on__range=(on, on + timedelta(30)))
    if state == "idle":
        found = found.filter(is_active=True).exclude(
            pk__in=models.Holding.objects.filter(during__contains=on).values("account_id")
        )
    return found


def people_of(rows: Iterable[Any], on: date) -> tuple[Person, ...]:
    """Return accounts with their posts and the roles they hold on a day."""
    rows = list(rows)
    posts = {
        row.account_id: row
        for row in models.Staff.objects.filter(account__in=rows).select_related("department", "window")
    }
    held: dict[int, list[Held]] = {}
    for each in holdings(models.Holding.objects.filter(account__in=rows, during__contains=on), on):
        held.setdefault(each.account, []).append(each)
    return tuple(_person(row, posts.get(row.pk), tuple(held.get(row.pk, ()))) for row in rows)


def _person(row: Any, post: models.Staff | None, roles: tuple[Held, ...]) -> Person:
    window = post.window.name if post and post.window else ""
    return Person(
        row.pk, row.username, row.name, row.is_active, post.department.name if post else "", post.post if post else "",
        window, roles,
    )  # fmt: skip


def holdings(rows: QuerySet[models.Holding], on: date) -> tuple[Held, ...]:
    """Return holdings as a page shows them, the latest first."""
    rows = rows.select_related("account", "role", "department", "region", "stands_in_for").order_by("-during", "id")
    return tuple(_held(row, on) for row in rows)


def _held(row: models.Holding, on: date) -> Held:
    last = row.during.upper - timedelta(1) if row.during.upper else None
    state = "later" if row.during.lower and row.during.lower > on else "over" if last and last < on else "now"
    reach = row.department.name if row.department else row.region.name if row.region else "全市"
    whom = row.stands_in_for.name if row.stands_in_for else ""
    return Held(
        row.pk, row.account_id, row.account.name, row.role.name, row.role_id, reach, row.during.lower, last,
        row.authority, whom, state,
    )  # fmt: skip


def holdings_of(account: int, on: date) -> tuple[Held, ...]:
    """Return every holding of an account, those that are over too."""
    return holdings(models.Holding.objects.filter(account_id=account), on)


def holding(pk: int, on: date) -> Held:
    """Return one holding.

    :raises NotFound: there is none.
    """
    found = holdings(models.Holding.objects.filter(pk=pk), on)
    if not found:
        raise NotFound("没有这个授权，可能刚被别人撤回。请重新打开这个人。")
    return found[0]


def held_on(on: date) -> tuple[Held, ...]:
    """Return every holding of a day, and those that begin later."""
    return holdings(models.Holding.objects.filter(Q(during__contains=on) | Q(during__startswith__gt=on)), on)


def stand_ins(on: date) -> tuple[Held, ...]:
    """Return who takes whose place on a day or will."""
    return tuple(each for each in held_on(on) if each.stands_in_for)


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody works, by ids, as a form fills itself."""

    department: int
    window: int | None
    post: str
    phone: str


def post_of(account: int) -> Post | None:
    """Return the post of an account, or nothing."""
    row = (
        models.Staff.objects.filter(account_id=account)
        .values_list("department_id", "window_id", "post", "phone")
        .first()
    )
    return Post(*row) if row else None


def roles() -> tuple[tuple[str, str], ...]:
    """Return every role that can be held, code and name."""
    return tuple(models.Role.objects.order_by("code").values_list("code", "name"))


@dataclass(frozen=True, slots=True)
class Place:
    """A region in the order of the tree, with how deep it lies and what it has."""

    id: int
    code: str
    name: str
    sign: str
    level: str
    depth: int
    calendar: str
    office_hours: str
    departments: int
    windows: int
    parent: int | None


def regions() -> tuple[Place, ...]:
    """Return every region, each below the one it belongs to."""
    rows = list(
        models.Region.objects.select_related("calendar")
        .annotate(organs=Count("departments", distinct=True), desks=Count("windows", distinct=True))
        .order_by("code")
    )
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[Place] = []
    left = [(row, 0) for row in reversed(below.get(None, []))]
    while left:
        row, depth = left.pop()
        found.append(
            Place(
                row.pk, row.code, row.name, row.sign, row.get_level_display(), depth, row.calendar.name,
                row.office_hours, row.organs, row.desks, row.parent_id,
            )
        )  # fmt: skip
        left += [(each, depth + 1) for each in reversed(below.get(row.pk, []))]
    return tuple(found)


def departments() -> QuerySet[models.Department]:
    """Return the departments with their regions, in order."""
    return (
        models.Department.objects.select_related("region")
        .annotate(people=Count("staff"))
        .order_by("region__code", "id")
    )


def windows() -> QuerySet[models.Window]:
    """Return the windows with their regions, in order."""
    return models.Window.objects.select_related("region").annotate(people=Count("staff")).order_by("region__code", "id")


@dataclass(frozen=True, slots=True)
class Almanac:
    """A calendar in a list: its version, the years with a notice, and whether matters are still being recounted."""

    id: int
    name: str
    version: int
    recalculated: int
    years: tuple[int, ...]
    regions: tuple[str, ...]


def calendars() -> tuple[Almanac, ...]:
    """Return every calendar."""
    rows = models.Calendar.objects.prefetch_related("regions", "notices").order_by("id")
    return tuple(
        Almanac(
            row.pk, row.name, row.version, row.recalculated,
            tuple(sorted({each.year for each in row.notices.all() if each.until is None})),
            tuple(each.name for each in row.regions.all()),
        )
        for row in rows
    )  # fmt: skip
