"""The writing of an import: one transaction and a handful of statements, whatever the size of the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from xiaoneng.catalogue import models
from xiaoneng.catalogue.actions import ensure_kinds, index_versions
from xiaoneng.catalogue.contents import columns_of, write_rows
from xiaoneng.catalogue.imports.meaning import Meaning
from xiaoneng.catalogue.imports.reading import File
from xiaoneng.catalogue.imports.trouble import Problem
from xiaoneng.catalogue.sources.layout import Layout
from xiaoneng.kit import bulk
from xiaoneng.org.actions import ensure_departments, ensure_region
from xiaoneng.rules.items.content import Content

LOCK = 0x786E6361  # one import at a time
BATCH = 1000
FILE_NAME = 120  # characters of a file's name that a version's source keeps

_END = "UPDATE catalogue_itemversion SET in_force = tstzrange(lower(in_force), %s) WHERE id = ANY(%s)"


@dataclass(slots=True)
class Done:
    """What was written, and what could not be."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: tuple[tuple[str, str], ...] = ()
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Standing:
    """What the catalogue already has of an item: its row, its highest serial, and its versions that have not ended."""

    item: models.Item
    serial: int = 0
    alive: list[models.ItemVersion] = field(default_factory=list)

    def says(self, fingerprint: str) -> bool:
        """Tell whether the item stands as a row means it, with no end in sight."""
        return any(v.fingerprint == fingerprint and v.in_force.upper is None for v in self.alive)

    def obstacle(self, at: datetime) -> str:
        """Return what hinders a new version from `at`, or nothing."""
        if len(self.alive) > 1 or any(version.in_force.upper is not None for version in self.alive):
            return "这个事项已排定日后生效或失效的版本，本行的变更未导入；请先处理已排定的版本。"
        if any(version.in_force.lower >= at for version in self.alive):
            return "这个事项的现行版本比本次导入的时刻还新，本行的变更未导入；请稍后再导入一次。"
        return ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every new version rests on: the file, its layout, the instant, and the rows it points to."""

    file: File
    layout: Layout
    at: datetime
    departments: Mapping[tuple[str, str], int]
    kinds: Mapping[str, str]

    def department(self, meaning: Meaning) -> int:
        """Return the id of the department that a row names."""
        return self.departments[meaning.region_code, meaning.department]

    def origin(self, meaning: Meaning) -> str:
        """Return the name under which the items of this layout and region are counted together."""
        return f"{self.layout.name}/{meaning.region_code}"

    def source(self, row: int) -> str:
        """Return where a version comes from, so that anybody can find its row again."""
        return f"{self.file.name[-FILE_NAME:]} {self.file.line(row)}（SHA-256 {self.file.digest}）"


@dataclass(slots=True)
class Plan:
    """What is to be written: new items, items with another department, versions that end, versions that begin."""

    items: list[models.Item] = field(default_factory=list)
    moved: list[models.Item] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    begun: list[tuple[models.Item, dict[str, Any], Content]] = field(default_factory=list)


@transaction.atomic
def write(
    meanings: Mapping[int, Meaning],
    seen: set[str],
    file: File,
    layout: Layout,
    at: datetime,
    tell: Callable[[str], None],
) -> Done:
    """Write what is new or changed; `seen` are all codes of the file, the unusable ones among them."""
    _alone(tell)
    done, plan = Done(), Plan()
    ground = Ground(file, layout, at, _departments(meanings, layout, done), ensure_kinds())
    known = _standing({meaning.code for meaning in meanings.values()}, at)
    for row, meaning in meanings.items():
        _decide(row, meaning, known.get(meaning.code), ground, plan, done)
    _carry_out(plan, at, tell)
    done.gone = _vanished({ground.origin(meaning) for meaning in meanings.values()}, seen)
    return done


def _alone(tell: Callable[[str], None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            tell("另一次导入正在进行，等它结束后接着做 ……")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _departments(meanings: Mapping[int, Meaning], layout: Layout, done: Done) -> dict[tuple[str, str], int]:
    """Return the ids of all departments by region code and name; regions and departments that are missing come in."""
    named: dict[tuple[str, str], int] = {}
    codes: dict[str, dict[str, str]] = defaultdict(dict)
    for row, meaning in meanings.items():
        named.setdefault((meaning.region_code, meaning.region), row)
        codes[meaning.region_code].setdefault(meaning.department, meaning.department_code)
    regions = {}
    for (code, name), row in named.items():
        region = regions[code] = ensure_region(code, name)
        if region.name != name:
            message = f"区划 {code} 已登记为“{region.name}”，按登记的名称导入；请核对区划代码与名称。"
            done.problems.append(Problem(row, layout.at("region"), name, message))
    return {
        (code, name): department
        for code, region in regions.items()
        for name, department in ensure_departments(region, codes[code]).items()
    }


def _standing(codes: set[str], at: datetime) -> dict[str, Standing]:
    standing = {item.code: Standing(item) for item in models.Item.objects.filter(code__in=codes)}
    versions = models.ItemVersion.objects.filter(item__in=[known.item for known in standing.values()])
    by_item = {known.item.pk: known for known in standing.values()}
    for version in versions.only("item_id", "serial", "in_force", "fingerprint"):
        known = by_item[version.item_id]
        known.serial = max(known.serial, version.serial)
        if not version.in_force.isempty and (version.in_force.upper is None or version.in_force.upper > at):
            known.alive.append(version)
    return standing


def _decide(row: int, meaning: Meaning, known: Standing | None, ground: Ground, plan: Plan, done: Done) -> None:
    if known is None:
        known = Standing(models.Item(code=meaning.code))
        plan.items.append(known.item)
        done.created += 1
    elif known.says(meaning.fingerprint):
        done.unchanged += 1
        return
    elif obstacle := known.obstacle(ground.at):
        done.problems.append(Problem(row, ground.layout.at("code"), meaning.code, obstacle))
        return
    else:
        plan.moved.append(known.item)
        plan.ended += [version.pk for version in known.alive]
        done.updated += 1
    known.item.department_id = ground.department(meaning)
    known.item.source = ground.origin(meaning)
    known.item.local_code = meaning.local_code or None
    plan.begun.append((known.item, _version(row, meaning, known, ground), meaning.content))


def _version(row: int, meaning: Meaning, known: Standing, ground: Ground) -> dict[str, Any]:
    return {
        "serial": known.serial + 1,
        "in_force": f"[{ground.at.isoformat()},)",
        "kind_id": ground.kinds[meaning.content.kind],
        "source": ground.source(row),
        "fingerprint": meaning.fingerprint,
        **columns_of(meaning.content),
    }


def _carry_out(plan: Plan, at: datetime, tell: Callable[[str], None]) -> None:
    models.Item.objects.bulk_create(plan.items, batch_size=BATCH)
    models.Item.objects.bulk_update(plan.moved, ["department", "source", "local_code"], batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute(_END, [at, plan.ended])
    tell(f"正在写入 {len(plan.begun)} 个新版本 ……")
    rows = ({"item_id": item.pk, **row} for item, row, _ in plan.begun)
    ids = {item: version for version, item in bulk.insert(models.ItemVersion, rows, returning=("id", "item_id"))}
    tell("正在写入依据、材料、环节等内容 ……")
    write_rows((ids[item.pk], content) for item, _, content in plan.begun)
    tell("正在编入检索 ……")
    index_versions(list(ids.values()))
    bulk.plan_anew()


def _vanished(origins: set[str], seen: set[str]) -> tuple[tuple[str, str], ...]:
    """Return code and name of the items that an earlier file of the same source and region brought in and this one lacks."""
    earlier = models.Item.objects.filter(source__in=origins).exclude(code__in=seen)
    latest = models.ItemVersion.objects.filter(item__in=earlier, in_force__endswith__isnull=True)
    return tuple(latest.order_by("item__code").values_list("item__code", "name"))
