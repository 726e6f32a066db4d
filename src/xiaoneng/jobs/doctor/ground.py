"""What matters are judged by: calendars, holders of roles and item versions, read once as plain rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from xiaoneng.jobs.doctor.almanac import Almanac
from xiaoneng.jobs.doctor.reading import rows

Limit = tuple[str, int]  # unit and number


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """What one version of an item sets, and when it is in force."""

    id: int
    name: str
    since: datetime | None
    until: datetime | None
    statutory: Limit | None
    promised: Limit | None
    steps: dict[int, Limit]
    item: int = 0

    def in_force(self, first: datetime, last: datetime) -> bool:
        """Tell whether it was in force at some time from the first moment to the last."""
        return (self.since is None or self.since <= last) and (self.until is None or first < self.until)


@dataclass(frozen=True, slots=True)
class Terms:
    """What special law or local rules say of an item's version: how long it may be extended, what its promise omits."""

    extension: Limit | None = None
    waits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """The holding of a role during days: for a department, for a region and what lies in it, or everywhere."""

    role: str
    department: int | None
    region: int | None
    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        """Tell whether the role is held on the day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass
class Ground:
    """The reference data of one examination."""

    now: datetime
    holdings: dict[int, list[Holding]] = field(default_factory=lambda: defaultdict(list))
    regions_of: dict[int, list[int]] = field(default_factory=dict)  # of a department: its region and all above
    versions: dict[int, ItemVersion] = field(default_factory=dict)
    terms: dict[int, Terms] = field(default_factory=dict)
    warnings: list[tuple[date, int, int | None, str, tuple[int, int] | None]] = field(default_factory=list)
    _places: dict[int, tuple[int, str]] = field(default_factory=dict)  # of a department: calendar and office hours
    _hours: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))  # by region and version
    _days: dict[int, list[tuple[date, str, int, int | None]]] = field(default_factory=lambda: defaultdict(list))
    _notices: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    _almanacs: dict[tuple[int, int, str], Almanac] = field(default_factory=dict)

    def almanac(self, department: int, version: int) -> Almanac:
        """Return the calendar of a department in one version, as it stood."""
        calendar, hours = self._places[department][0], self._hours_at(department, version)
        key = calendar, version, hours
        if key not in self._almanacs:
            stood = [(d, kind) for d, kind, a, b in self._days[calendar] if a <= version and (b is None or version < b)]
            self._almanacs[key] = Almanac(
                [d for d, kind in stood if kind == "holiday"], [d for d, kind in stood if kind == "makeup"],
                [year for year, since in self._notices[calendar] if since <= version], hours,
            )  # fmt: skip
        return self._almanacs[key]

    def _hours_at(self, department: int, version: int) -> str:
        written = [each for each in self._hours[self.regions_of[department][0]] if each[0] <= version]
        return max(written)[1] if written else self._places[department][1]

    def holds(self, account: int, role: str, department: int, day: date) -> bool:
        """Tell whether an account held a role for a department on a day."""
        above = self.regions_of[department]
        return any(
            each.role == role and each.covers(day)
            and (each.department == department
                 or (each.department is None and (each.region is None or each.region in above)))
            for each in self.holdings.get(account, ())
        )  # fmt: skip

    def warns(self, kind: str, version: int | None, day: date) -> tuple[int, int]:
        """Return from when lights warn whose clock started on a day: what the item, else the kind, else all have."""
        item = self.versions[version].item if version in self.versions else -1
        for scope in ((item, ""), (None, kind), (None, "")):
            begun = [each for each in self.warnings if each[0] <= day and each[2:4] == scope]
            numbers = max(begun, key=lambda each: each[:2])[4] if begun else None
            if numbers is not None:
                return numbers
        return 20, 1

    def terms_of(self, version: int | None) -> Terms:
        """Return the terms of an item's version; most have none of their own."""
        return self.terms.get(version or 0, Terms())

    def learn(self, versions: Iterable[int]) -> None:
        """Read the item versions that are not known yet."""
        unknown = [each for each in set(versions) if each not in self.versions]
        if not unknown:
            return
        steps: dict[int, dict[int, Limit]] = defaultdict(dict)
        for version, position, days, unit in rows(_STEPS, unknown):
            steps[version][position] = (unit, days)
        for id_, name, since, until, s_n, s_unit, p_n, p_unit, item in rows(_VERSIONS, unknown):
            statutory = None if s_n is None else (s_unit, s_n)
            promised = None if p_n is None else (p_unit, p_n)
            self.versions[id_] = ItemVersion(id_, name, since, until, statutory, promised, steps[id_], item)


_STEPS = "SELECT version_id, position, days, unit FROM catalogue_step WHERE version_id = ANY (%s) AND days IS NOT NULL"
_VERSIONS = """
SELECT id, name, lower(in_force), upper(in_force), statutory_n, statutory_unit, promised_n, promised_unit, item_id
FROM catalogue_itemversion WHERE id = ANY (%s)"""


def read(now: datetime) -> Ground:
    """Read the reference data."""
    ground = Ground(now)
    for account, *values in rows(
        "SELECT account_id, role_id, department_id, region_id, lower(during), upper(during) FROM org_holding"
    ):
        ground.holdings[account].append(Holding(*values))
    _read_places(ground)
    for calendar, *values in rows("SELECT calendar_id, day, kind, since, until FROM org_calendarday"):
        ground._days[calendar].append((values[0], values[1], values[2], values[3]))
    for calendar, year, since in rows("SELECT calendar_id, year, since FROM org_calendarnotice"):
        ground._notices[calendar].append((year, since))
    for region, since, hours in rows("SELECT region_id, since, office_hours FROM org_hoursversion"):
        ground._hours[region].append((since, hours))
    for version, n, unit, waits in rows("SELECT version_id, extension_n, extension_unit, waits FROM approval_terms"):
        ground.terms[version] = Terms((unit, n) if n else None, tuple(waits))
    for since, id_, item, kind, percent, least in rows(
        "SELECT since, id, item_id, kind, percent, least FROM matters_warningrule"
    ):
        ground.warnings.append((since, id_, item, kind, None if percent is None else (percent, least)))
    return ground


def _read_places(ground: Ground) -> None:
    regions: dict[int, tuple[Any, ...]] = {
        row[0]: row[1:] for row in rows("SELECT id, parent_id, calendar_id, office_hours FROM org_region")
    }
    for department, region in rows("SELECT id, region_id FROM org_department"):
        _, calendar, hours = regions[region]
        ground._places[department] = calendar, hours
        above: list[int] = []
        while region is not None and region not in above:
            above.append(region)
            region = regions[region][0]
        ground.regions_of[department] = above
