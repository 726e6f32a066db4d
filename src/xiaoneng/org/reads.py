"""Questions about the organisation; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Q

from xiaoneng.org import models
from xiaoneng.rules.roles import Administrator, Role
from xiaoneng.rules.workdays import Calendar, DayKind, OfficeHours, SpecialDay

_ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds for a department on a day, and the authority it rests on."""

    role: Role
    authority: str


# The roles of an account (first value) on a day (second) for the department that an outer query calls `d`.
ROLES_FOR_D = """
    (SELECT json_agg(json_build_array(h.role_id, h.authority) ORDER BY h.id) FROM org_holding h
     WHERE h.account_id = %s AND h.during @> %s::date
       AND (h.department_id = d.id OR (h.department_id IS NULL AND (h.region_id IS NULL OR h.region_id IN (
             WITH RECURSIVE up AS (
               SELECT r.id, r.parent_id FROM org_region r WHERE r.id = d.region_id
               UNION ALL SELECT r.id, r.parent_id FROM org_region r JOIN up ON r.id = up.parent_id)
             SELECT id FROM up)))))"""


# The same in two steps: nearly everybody holds roles for departments, and only who holds one for a region needs the rest.
HOLDINGS_FOR_D = """
    (SELECT json_agg(json_build_array(h.id, h.role_id, h.authority, h.region_id)) FROM org_holding h
     WHERE h.account_id = %s AND h.during @> %s::date AND (h.department_id = d.id OR h.department_id IS NULL))"""


def held_for(account: int, department: int, on: date, holdings: list[Any] | None) -> tuple[Held, ...]:
    """Return the roles that HOLDINGS_FOR_D found, asking once more where one is held for a region."""
    if any(region is not None for *_, region in holdings or ()):
        return roles_of(account, department, on)
    return held_of([[role, authority] for _, role, authority, _ in sorted(holdings or (), key=itemgetter(0))])


def roles_of(account: int, department: int, on: date) -> tuple[Held, ...]:
    """Return the roles that an account holds for a department on a day, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ROLES_FOR_D} FROM org_department d WHERE d.id = %s", [account, on, department])
        row = cursor.fetchone()
    return held_of(row[0] if row else None)


def held_of(found: list[list[str]] | None) -> tuple[Held, ...]:
    """Return what ROLES_FOR_D found; a role that no move names is left out."""
    return tuple(Held(_ROLES[code], authority) for code, authority in found or () if code in _ROLES)


@dataclass(frozen=True, slots=True)
class Reach:
    """The departments for which an account holds one of some roles; `everywhere` spares the list."""

    everywhere: bool
    departments: frozenset[int]

    def covers(self, department: int) -> bool:
        """Tell whether a department lies within this reach."""
        return self.everywhere or department in self.departments


def reach_of(account: int, roles: Iterable[str], on: date) -> Reach:
    """Return for which departments an account holds any of the roles on a day."""
    holdings = models.Holding.objects.filter(account_id=account, role_id__in=list(roles), during__contains=on)
    return _reach(list(holdings.values_list("department_id", "region_id")))


def reaches_of(account: int, roles: Iterable[str], on: date) -> dict[str, Reach]:
    """Return for which departments an account holds each of the roles on a day, in one question."""
    asked = list(roles)
    holdings = models.Holding.objects.filter(account_id=account, role_id__in=asked, during__contains=on)
    rows = list(holdings.values_list("role_id", "department_id", "region_id"))
    return {role: _reach([row[1:] for row in rows if row[0] == role]) for role in asked}


def _reach(rows: Sequence[tuple[int | None, int | None]]) -> Reach:
    if any(department is None and region is None for department, region in rows):
        return Reach(True, frozenset())
    named = {department for department, _ in rows if department is not None}
    for region in {region for _, region in rows if region is not None}:
        named |= set(models.Department.objects.filter(region_id__in=_below(region)).values_list("id", flat=True))
    return Reach(False, frozenset(named))


def _above(department: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE up AS (
                 SELECT r.id, r.parent_id FROM org_region r JOIN org_department d ON d.region_id = r.id WHERE d.id = %s
                 UNION ALL SELECT r.id, r.parent_id FROM org_region r JOIN up ON r.id = up.parent_id) SELECT id FROM up""",
            [department],
        )
        return [row[0] for row in cursor.fetchall()]


def _below(region: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE down AS (SELECT id FROM org_region WHERE id = %s
               UNION ALL SELECT r.id FROM org_region r JOIN down ON r.parent_id = down.id) SELECT id FROM down""",
            [region],
        )
        return [row[0] for row in cursor.fetchall()]


def all_roles_of(account: int, on: date) -> frozenset[Role]:
    """Return every role an account holds anywhere on a day."""
    codes = models.Holding.objects.filter(account_id=account, during__contains=on).values_list("role_id", flat=True)
    return frozenset(Role(code) for code in codes if code in set(Role))


@dataclass(frozen=True, slots=True)
class StaffCard:
    """What a page says of a member of staff."""

    account: int
    name: str
    post: str
    department: str
    department_id: int
    window: str


def staff_card(account: int) -> StaffCard | None:
    """Return the card of the member of staff behind an account, or nothing."""
    row = (
        models.Staff.objects.filter(account_id=account)
        .values_list("account__name", "post", "department__name", "department_id", "window__name")
        .first()
    )
    return StaffCard(account, row[0], row[1], row[2], row[3], row[4] or "") if row else None


def holders_of(role: Role, department: int, on: date, limit: int = 3) -> tuple[str, ...]:
    """Return the names of those who hold a role for a department on a day, nearest reach first."""
    everywhere = Q(department__isnull=True, region__isnull=True)
    near = Q(department_id=department) | everywhere | Q(region_id__in=_above(department))
    held = models.Holding.objects.filter(near, role_id=role.value, during__contains=on, account__is_active=True)
    names = held.order_by("department_id", "id").values_list("account__name", flat=True)[: limit * 2]
    return tuple(dict.fromkeys(names))[:limit]


@lru_cache(maxsize=64)
def calendar(calendar_id: int, version: int) -> Calendar:
    """Return one version of a calendar; versions never change, so each is read once."""
    standing = Q(since__lte=version) & (Q(until__isnull=True) | Q(until__gt=version))
    days = models.CalendarDay.objects.filter(standing, calendar_id=calendar_id).values_list("day", "kind", "name")
    settled = models.CalendarNotice.objects.filter(standing, calendar_id=calendar_id)
    notices = settled.values_list("year", "document")
    special = {day: SpecialDay(DayKind(kind), name) for day, kind, name in days}
    return Calendar(region=str(calendar_id), version=version, special=special, notices=dict(notices))


def calendar_of_department(department: int) -> tuple[Calendar, OfficeHours]:
    """Return the calendar and the office hours under which a department works."""
    row = models.Department.objects.values_list(
        "region__calendar_id", "region__calendar__version", "region__office_hours"
    ).get(id=department)
    return calendar(row[0], row[1]), office_hours(row[2])


@lru_cache(maxsize=256)
def office_hours(text: str) -> OfficeHours:
    """Return office hours from their text, `09:00-12:00,13:00-17:00`, with what follows for later days if there is any.

    :raises ValueError: it is not written so, or the days are out of order.
    """
    now, *changes = text.split(";")
    dated = [each.partition("=") for each in changes]
    later = tuple((date.fromisoformat(day), OfficeHours(_sessions(hours))) for day, _, hours in dated)
    if any(one >= next_ for (one, _), (next_, _) in pairwise(later)):
        raise ValueError("办公时间的变更日期须按先后排列。")
    return OfficeHours(_sessions(now), later)


def _sessions(text: str) -> tuple[tuple[time, time], ...]:
    pairs = [part.split("-") for part in text.split(",")]
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)


def departments_named(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of departments by id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM org_department WHERE id = ANY(%s)", [list(ids)])
        return dict(cursor.fetchall())


def names_of_accounts(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of members of staff by account."""
    return dict(models.Staff.objects.filter(account_id__in=list(ids)).values_list("account_id", "account__name"))


def calendars_of(departments: Iterable[int]) -> dict[int, tuple[Calendar, OfficeHours]]:
    """Return the calendars and the office hours under which several departments work, in one query."""
    rows = models.Department.objects.filter(id__in=set(departments)).values_list(
        "id", "region__calendar_id", "region__calendar__version", "region__office_hours"
    )
    return {pk: (calendar(which, version), office_hours(hours)) for pk, which, version, hours in rows}


def colleagues_at(role: str, department: int, on: date) -> dict[int, str]:
    """Return the members of staff who hold a role for a department on a day, by account."""
    everywhere = Q(department__isnull=True, region__isnull=True)
    near = Q(department_id=department) | everywhere | Q(region_id__in=_above(department))
    held = models.Holding.objects.filter(near, role_id=role, during__contains=on, account__is_active=True)
    return dict(held.order_by("account__name").values_list("account_id", "account__name"))


def nearest_at(role: str, department: int, on: date) -> dict[int, str]:
    """Return those who hold a role for a department, by account: its own people if it has any, else those above."""
    held = models.Holding.objects.filter(role_id=role, during__contains=on, account__is_active=True)
    own = dict(held.filter(department_id=department).order_by("id").values_list("account_id", "account__name"))
    return own or colleagues_at(role, department, on)


def people_at(department: int) -> dict[int, str]:
    """Return the members of staff of a department, by account."""
    rows = models.Staff.objects.filter(department_id=department, account__is_active=True)
    return dict(rows.order_by("account__name").values_list("account_id", "account__name"))


def holds_any(account: int, roles: Iterable[str], on: date) -> bool:
    """Tell whether an account holds any of the roles anywhere on a day."""
    return models.Holding.objects.filter(account_id=account, role_id__in=list(roles), during__contains=on).exists()


def administrator_of(account: int, on: date) -> frozenset[Administrator]:
    """Return which of the three administrators an account is on a day; one at most, which the database holds."""
    known = [each.value for each in Administrator]
    held = models.Holding.objects.filter(account_id=account, role_id__in=known, during__contains=on)
    return frozenset(Administrator(code) for code in held.values_list("role_id", flat=True))


def regions_of(department: int) -> list[int]:
    """Return the region of a department and all above it."""
    return _above(department)


def regions_below(region: int) -> list[int]:
    """Return a region and all within it."""
    return _below(region)


def calendars_known() -> tuple[tuple[int, str, int], ...]:
    """Return every calendar: its id, its name and its version in force."""
    return tuple(models.Calendar.objects.order_by("id").values_list("id", "name", "version"))


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region as a board groups by it."""

    id: int
    name: str
    level: int
    parent: int | None


def regions() -> dict[int, RegionLine]:
    """Return every region by id, upper levels first."""
    rows = models.Region.objects.order_by("level", "code").values_list("id", "name", "level", "parent_id")
    return {row[0]: RegionLine(*row) for row in rows}


def departments_in(regions: Iterable[int]) -> tuple[int, ...]:
    """Return the departments of some regions."""
    return tuple(models.Department.objects.filter(region_id__in=list(regions)).values_list("id", flat=True))
