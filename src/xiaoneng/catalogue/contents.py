"""Between rows and values: what a version says as a `Content`, and a `Content` as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.db import models as orm

from xiaoneng.catalogue import models
from xiaoneng.kit import bulk
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.items import content as words
from xiaoneng.rules.items.content import FLAT, LISTS, ROW_NAMES, Content

ROWS: Mapping[str, tuple[type[orm.Model], type[Any]]] = {
    "legal_bases": (models.LegalBasis, words.LegalBasis),
    "materials": (models.Material, words.Paper),
    "steps": (models.Step, words.Stage),
    "scenarios": (models.Scenario, words.Scenario),
    "fees": (models.Fee, words.Fee),
    "results": (models.Result, words.Result),
    "counters": (models.Counter, words.Counter),
    "questions": (models.Question, words.Question),
    "special_steps": (models.SpecialStep, words.SpecialStep),
    "intermediaries": (models.Intermediary, words.Intermediary),
    "duties": (models.Duty, words.Duty),
}
_COLUMNS = tuple(name for name in FLAT if name != "kind")


def content_of(version: int) -> Content:
    """Return everything that a version says.

    :raises NotFound: there is no such version.
    """
    found = contents_of([version])
    if version not in found:
        raise NotFound("没有这个事项版本。请回到事项列表重新选择。")
    return found[version]


def contents_of(versions: Iterable[int]) -> dict[int, Content]:
    """Return everything that several versions say, in a number of queries that does not depend on how many they are."""
    ids = list(versions)
    rows = models.ItemVersion.objects.filter(id__in=ids).values("id", "kind__name", *_COLUMNS)
    parts = {name: _parts(model, kind, ids) for name, (model, kind) in ROWS.items()}
    return {row["id"]: _content(row, {name: found.get(row["id"], []) for name, found in parts.items()}) for row in rows}


def _content(row: Mapping[str, Any], parts: Mapping[str, list[Any]]) -> Content:
    values: dict[str, Any] = {name: tuple(row[name]) if name in LISTS else row[name] for name in _COLUMNS}
    return Content(kind=row["kind__name"], **values | {name: tuple(rows) for name, rows in parts.items()})


def _parts(model: type[orm.Model], kind: type[Any], ids: list[int]) -> dict[int, list[Any]]:
    names = [each.name for each in fields(kind)]
    found: dict[int, list[Any]] = defaultdict(list)
    rows = model._default_manager.filter(version_id__in=ids).order_by("version_id", "position")
    for version, *values in rows.values_list("version_id", *names):
        plain = dict(zip(names, values, strict=True))
        if "scenarios" in plain:
            plain["scenarios"] = tuple(plain["scenarios"])
        found[version].append(kind(**plain))
    return found


def columns_of(content: Content) -> dict[str, Any]:
    """Return the flat part of a content as columns of a version, without its kind."""
    return {name: list(getattr(content, name)) if name in LISTS else getattr(content, name) for name in _COLUMNS}


def write_rows(pairs: Iterable[tuple[int, Content]], *, first: int = 1) -> None:
    """Write the rows of new versions, each given by its id; belongs into the transaction that writes the versions."""
    known = list(pairs)
    for part, (model, _) in ROWS.items():
        bulk.insert(
            model,
            (
                {"version_id": version, "position": position, **{name: getattr(row, name) for name in ROW_NAMES[part]}}
                for version, content in known
                for position, row in enumerate(getattr(content, part), start=first)
            ),
        )
