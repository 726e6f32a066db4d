"""Measures of the reform, computed from the versions of items: who is stationed and authorized, what was cut since when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from xiaoneng.catalogue import models
from xiaoneng.catalogue.contents import contents_of
from xiaoneng.rules.items import reforms
from xiaoneng.rules.items.reforms import Cut
from xiaoneng.rules.units import limit

BATCH = 500
_COLUMNS = (
    "id", "item__code", "name", "item__department_id", "item__department__name", "stationed", "window_authorised",
    "single_window", "self_service", "undertaken_by", "unstationed_ground", "statutory_unit", "statutory_n",
    "promised_unit", "promised_n",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemMeasures:
    """What counts of one item: `exempt` names the lawful ground on which it stands outside the denominator."""

    version: int
    code: str
    name: str
    department: int
    department_name: str
    exempt: str
    ground: str
    stationed: bool
    authorised: bool
    concentrated: bool
    single_window: bool
    self_service: bool
    unit: str  # which unit of the department undertakes it
    compression: float | None
    instant: bool

    @property
    def exempt_words(self) -> str:
        """Return the lawful ground in words."""
        return reforms.exemption_words(self.exempt)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; `share` is None of none, never 0 or 100 percent."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        """Return the share, or None where there is nothing to count."""
        return self.n / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class DepartmentMeasures:
    """A department's items: how many, how many are exempt, and the rates of the others."""

    department: int
    name: str
    items: int
    exempt: int
    unit: str  # the unit in which the department's approvals are concentrated, if any
    stationed: Rate
    authorised: Rate
    concentrated: Rate
    single_window: Rate
    self_service: Rate
    instant: Rate
    compression: float | None  # the mean over the items that have both limits
    compressed: int


@dataclass(frozen=True, slots=True)
class ItemCuts:
    """What changed in an item between two versions of it."""

    code: str
    name: str
    department: int
    department_name: str
    before: int  # serial numbers of the versions
    after: int
    cuts: tuple[Cut, ...]
    abolished: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SumOfCuts:
    """A measure over several items, before and after, of those that state it in both versions."""

    name: str
    label: str
    before: float
    after: float
    items: int  # that changed

    @property
    def share(self) -> float | None:
        """Return the change as a share of what was before; None where nothing was."""
        return (self.before - self.after) / self.before if self.before else None


def measures(at: datetime, departments: Collection[int] | None = None) -> tuple[ItemMeasures, ...]:
    """Return what counts of every item in force that people apply for, by department and code."""
    rows = list(_asked_for(at, departments).order_by("item__department_id", "item__code").values_list(*_COLUMNS))
    units = _units((row[3], row[9]) for row in rows)
    return tuple(_measured(row, units) for row in rows)


def _asked_for(at: datetime, departments: Collection[int] | None) -> QuerySet[models.ItemVersion]:
    rows = models.ItemVersion.objects.filter(in_force__contains=at, kind__on_application=True)
    return rows if departments is None else rows.filter(item__department_id__in=list(departments))


def _units(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Return the unit in which each department's approvals are concentrated: the one that undertakes most of them."""
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for department, unit in rows:
        counted[department][unit.strip()] += bool(unit.strip())
    return {department: max(found, key=lambda unit: (found[unit], unit)) for department, found in counted.items()}


def _measured(row: Sequence[object], units: dict[int, str]) -> ItemMeasures:
    (version, code, name, department, called, stationed, authorised, single, self_service, unit, ground, s_unit, s_n,
     p_unit, p_n) = row  # fmt: skip
    statutory = limit(str(s_unit), int(str(s_n))) if s_n is not None else None
    promised = limit(str(p_unit), int(str(p_n))) if p_n is not None else None
    exempt = "" if stationed else reforms.exemption(str(ground))
    unit = str(unit).strip()
    return ItemMeasures(
        int(str(version)), str(code), str(name), int(str(department)), str(called), exempt, str(ground), bool(stationed),
        bool(authorised), bool(unit) and unit == units[int(str(department))], bool(single), bool(self_service), unit,
        reforms.compression(statutory, promised), p_n == 0,
    )  # fmt: skip


def by_department(rows: Iterable[ItemMeasures]) -> tuple[DepartmentMeasures, ...]:
    """Return the rates of each department, the least stationed first."""
    grouped: dict[int, list[ItemMeasures]] = defaultdict(list)
    for row in rows:
        grouped[row.department].append(row)
    found = [together(each, each[0].department, each[0].department_name) for each in grouped.values()]
    return tuple(sorted(found, key=lambda each: (each.stationed.share is None, each.stationed.share or 0, each.name)))


def together(rows: Sequence[ItemMeasures], department: int = 0, name: str = "合计") -> DepartmentMeasures:
    """Return the rates of several items."""
    counted = [row for row in rows if not row.exempt]
    shorter = [row.compression for row in rows if row.compression is not None]
    units = {row.unit for row in rows if row.concentrated}

    def rate(part: str, of: Sequence[ItemMeasures] = counted) -> Rate:
        return Rate(sum(getattr(row, part) for row in of), len(of))

    return DepartmentMeasures(
        department, name, len(rows), len(rows) - len(counted), units.pop() if len(units) == 1 else "", rate("stationed"),
        rate("authorised"), rate("concentrated"), rate("single_window"), rate("self_service", rows), rate("instant", rows),
        sum(shorter) / len(shorter) if shorter else None, len(shorter),
    )  # fmt: skip


def cuts(since: datetime, at: datetime, departments: Collection[int] | None = None) -> tuple[ItemCuts, ...]:
    """Return what changed in the items in force since an instant, or since their first version, by department and code."""
    now = dict(_asked_for(at, departments).values_list("item_id", "id"))
    later = models.ItemVersion.objects.filter(item__in=now, in_force__endswith__gt=since, in_force__isempty=False)
    then = dict(later.order_by("item_id", "serial").distinct("item_id").values_list("item_id", "id"))
    pairs = [(then[item], now[item]) for item in now if item in then and then[item] != now[item]]
    found = [each for start in range(0, len(pairs), BATCH) for each in _cuts(pairs[start : start + BATCH])]
    return tuple(sorted(found, key=lambda each: (each.department, each.code)))


def _cuts(pairs: Sequence[tuple[int, int]]) -> Iterable[ItemCuts]:
    ids = [version for pair in pairs for version in pair]
    contents = contents_of(ids)
    rows = models.ItemVersion.objects.filter(id__in=ids).select_related("item__department")
    known = {row.pk: row for row in rows}
    for old, new in pairs:
        item = known[new].item
        yield ItemCuts(
            item.code, known[new].name, item.department_id, item.department.name, known[old].serial, known[new].serial,
            reforms.cuts(contents[old], contents[new]), reforms.abolished(contents[old], contents[new]),
        )  # fmt: skip


def sums(rows: Iterable[ItemCuts]) -> tuple[SumOfCuts, ...]:
    """Return each measure summed over several items before and after."""
    before, after, changed = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        for each in row.cuts:
            before[each.name] += each.before  # type: ignore[assignment]
            after[each.name] += each.after  # type: ignore[assignment]
            changed[each.name] += each.before != each.after
    return tuple(
        SumOfCuts(name, label, before[name], after[name], changed[name])
        for name, label, _ in reforms.MEASURES
        if name in before
    )
