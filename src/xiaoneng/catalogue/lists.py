"""The three published lists as of any day: powers, responsibilities, and the negative list for investment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, QuerySet

from xiaoneng.catalogue import models
from xiaoneng.catalogue.contents import contents_of
from xiaoneng.catalogue.imports.workbook import Listed
from xiaoneng.rules.items.content import Duty, LegalBasis
from xiaoneng.rules.units import Limit, limit

BATCH = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of a list is asked for; what is empty narrows nothing."""

    department: int | None = None
    region: int | None = None
    kind: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class PowerLine:
    """A power as the list shows it."""

    version_id: int
    code: str
    name: str
    kind: str
    department: str
    region: str
    level: str
    bases: tuple[LegalBasis, ...]
    basis_text: str
    fees: tuple[str, ...]
    statutory: Limit | None
    promised: Limit | None
    duties: tuple[Duty, ...]
    since: datetime
    serial: int


@dataclass(frozen=True, slots=True)
class Total:
    """How many powers there are of a kind, a department or a region."""

    key: str
    name: str
    n: int


@dataclass(frozen=True, slots=True)
class NegativeLine:
    """A line of the negative list, with the items that it is linked to."""

    number: str
    sector: str
    measure: str
    text: str
    basis: str
    document: str
    region: str
    items: tuple[tuple[str, str], ...]


def _chosen(at: datetime, choice: Choice) -> QuerySet[models.ItemVersion]:
    rows = models.ItemVersion.objects.filter(in_force__contains=at)
    if choice.department is not None:
        rows = rows.filter(item__department_id=choice.department)
    if choice.region is not None:
        rows = rows.filter(item__department__region_id=choice.region)
    if choice.kind:
        rows = rows.filter(kind__name=choice.kind)
    if choice.words:
        rows = rows.filter(name__contains=choice.words)
    return rows


def count(at: datetime, choice: Choice) -> int:
    """Count the powers in force at an instant."""
    return _chosen(at, choice).count()


def powers(at: datetime, choice: Choice, *, limit: int, offset: int = 0) -> tuple[PowerLine, ...]:
    """Return a page of the list of powers as it stood at an instant, by department, kind and name."""
    order = ("item__department_id", "kind_id", "name", "item__code")
    ids = list(_chosen(at, choice).order_by(*order).values_list("id", flat=True)[offset : offset + limit])
    return lines_of(ids)


def duties(at: datetime, choice: Choice, *, limit: int, offset: int = 0) -> tuple[PowerLine, ...]:
    """Return a page of the list of responsibilities: the powers whose duties are written down."""
    rows = _chosen(at, choice).filter(duty_rows__isnull=False).distinct()
    ids = list(rows.order_by("item__department_id", "id").values_list("id", flat=True)[offset : offset + limit])
    return lines_of(ids)


def count_duties(at: datetime, choice: Choice) -> int:
    """Count the powers whose duties are written down."""
    return _chosen(at, choice).filter(duty_rows__isnull=False).distinct().count()


def lines_of(versions: list[int]) -> tuple[PowerLine, ...]:
    """Return versions as lines of a list, in the order given, in a few queries."""
    rows = models.ItemVersion.objects.filter(id__in=versions).select_related("item__department__region", "kind")
    by_id = {row.pk: row for row in rows}
    contents = contents_of(versions)
    return tuple(
        PowerLine(
            version, row.item.code, row.name, row.kind.name, row.item.department.name, row.item.department.region.name,
            row.exercise_level or row.item.department.region.get_level_display(), contents[version].legal_bases,
            row.basis, tuple(f"{fee.name} {fee.amount}" for fee in contents[version].fees),
            _limit(row.statutory_unit, row.statutory_n), _limit(row.promised_unit, row.promised_n),
            contents[version].duties, row.in_force.lower, row.serial,
        )
        for version in versions
        if (row := by_id.get(version)) is not None
    )  # fmt: skip


def _limit(unit: str, n: int | None) -> Limit | None:
    return limit(unit, n) if n is not None else None


def listed(at: datetime, choice: Choice) -> Iterator[Listed]:
    """Give every item of the list with all that it says, for a spreadsheet or for open data."""
    ids = iter(list(_chosen(at, choice).order_by("item__department_id", "item__code").values_list("id", flat=True)))
    while batch := list(islice(ids, BATCH)):
        contents = contents_of(batch)
        rows = models.ItemVersion.objects.filter(id__in=batch).select_related("item__department__region")
        whose = {row.pk: row.item for row in rows}
        for version in batch:
            item, region = whose[version], whose[version].department.region
            yield Listed(item.code, item.department.name, region.code, region.name, contents[version])


def totals_by_kind(at: datetime, choice: Choice) -> tuple[Total, ...]:
    """Return how many powers there are of each kind."""
    rows = _chosen(at, choice).values("kind__name").annotate(n=Count("id")).order_by("-n", "kind__name")
    return tuple(Total(row["kind__name"], row["kind__name"], row["n"]) for row in rows)


def totals_by_department(at: datetime, choice: Choice) -> tuple[Total, ...]:
    """Return how many powers each department has."""
    rows = _chosen(at, choice).values("item__department_id", "item__department__name").annotate(n=Count("id"))
    ordered = rows.order_by("-n", "item__department__name")
    return tuple(Total(str(row["item__department_id"]), row["item__department__name"], row["n"]) for row in ordered)


def totals_by_region(at: datetime, choice: Choice) -> tuple[Total, ...]:
    """Return how many powers there are in each region."""
    names = ("item__department__region_id", "item__department__region__name")
    rows = _chosen(at, choice).values(*names).annotate(n=Count("id")).order_by("-n", names[1])
    return tuple(Total(str(row[names[0]]), row[names[1]], row["n"]) for row in rows)


def negative(at: datetime, *, region: int | None = None) -> tuple[NegativeLine, ...]:
    """Return the negative list as it stood at an instant, with the items in force that it is linked to."""
    rows = models.NegativeEntry.objects.filter(in_force__contains=at).select_related("region")
    if region is not None:
        rows = rows.filter(region_id=region)
    found = []
    for row in rows.order_by("region_id", "number").prefetch_related("items"):
        versions = models.ItemVersion.objects.filter(item__in=row.items.all(), in_force__contains=at)
        items = tuple(versions.order_by("item__code").values_list("item__code", "name"))
        found.append(
            NegativeLine(
                row.number, row.sector, row.get_measure_display(), row.text, row.basis, row.document, row.region.name, items
            )
        )  # fmt: skip
    return tuple(found)
