"""The register of administrative divisions: editions taken in, and what a code was called on a day."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from xiaoneng.catalogue import models
from xiaoneng.catalogue.imports.sheets import decoded
from xiaoneng.catalogue.imports.trouble import Unreadable
from xiaoneng.org.actions import level_of
from xiaoneng.rules.grounds import NotFound

FILES = ("provinces", "cities", "areas", "streets", "villages")
FIRST = date(1949, 10, 1)
_END = "UPDATE catalogue_division SET valid = daterange(lower(valid), %s) WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition of the register changed."""

    read: int
    fresh: int
    renamed: int
    abolished: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class DivisionLine:
    """A division as it was called during a period."""

    code: str
    name: str
    level: str
    parent_code: str
    since: date
    until: date | None
    source: str


def padded(code: str) -> str:
    """Return a division code in the length by which it is known: 11 -> 110000, 110101001 stays."""
    return code.ljust(6, "0") if len(code) < 6 else code


def parent_of(code: str) -> str:
    """Return the code of the division above, empty above a province."""
    for length in (9, 6, 4, 2):
        if len(code.rstrip("0") if len(code) == 6 else code) > length:
            return padded(code[:length])
    return ""


@transaction.atomic
def take_in(folder: Path, *, valid_from: date, source: str) -> Edition:
    """Take in an edition: names that changed get a new row from its day, what it lacks ends, what is the same stays.

    :raises Unreadable: the folder has none of the files, or the edition is older than one that is already there
    """
    rows = dict(_rows(folder))
    if not rows:
        raise Unreadable(
            f"{folder} 里没有区划文件（provinces.csv、cities.csv、areas.csv、streets.csv）。请检查路径后再导入。"
        )
    standing = {row.code: row for row in models.Division.objects.filter(valid__endswith__isnull=True)}
    newest = max((row.valid.lower for row in standing.values()), default=FIRST)
    if newest > valid_from:
        raise Unreadable(f"已有 {newest} 的区划版本，比 {valid_from} 新；请按时间先后导入各版。")
    first = not standing
    levels = {len(code) for code in rows}
    renamed = [code for code, name in rows.items() if code in standing and standing[code].name != name]
    # An edition that lacks a whole level, villages say, tells nothing about that level.
    abolished = [code for code in standing if code not in rows and len(code) in levels]
    fresh = [code for code in rows if code not in standing]
    with connection.cursor() as cursor:
        cursor.execute(_END, [valid_from, [standing[code].pk for code in renamed + abolished]])
    models.Division.objects.bulk_create(
        (
            models.Division(
                code=code, name=rows[code], level=level_of(code), parent_code=parent_of(code), source=source,
                valid=DateRange(FIRST if first else valid_from, None),
            )
            for code in fresh + renamed
        ),
        batch_size=2000,
    )  # fmt: skip
    return Edition(len(rows), len(fresh), len(renamed), len(abolished), len(rows) - len(fresh) - len(renamed))


def _rows(folder: Path) -> Iterator[tuple[str, str]]:
    for name in FILES:
        for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
            if path.is_file():
                raw = path.read_bytes()
                text = decoded(gzip.decompress(raw) if path.suffix == ".gz" else raw) or ""
                for row in csv.DictReader(io.StringIO(text)):
                    if row.get("code") and row.get("name"):
                        yield padded(row["code"].strip()), row["name"].strip()


def division_on(code: str, day: date) -> DivisionLine:
    """Return what a code was called on a day.

    :raises NotFound: no division had this code then
    """
    row = models.Division.objects.filter(code=padded(code), valid__contains=day).first()
    if row is None:
        raise NotFound(f"{day} 没有代码为 {code} 的行政区划。请核对代码和日期。")
    return _line(row)


def below(parent_code: str, day: date) -> tuple[DivisionLine, ...]:
    """Return the divisions directly below one on a day; below nothing stand the provinces."""
    rows = models.Division.objects.filter(parent_code=parent_code, valid__contains=day).order_by("code")
    return tuple(_line(row) for row in rows)


def names_of(code: str) -> tuple[DivisionLine, ...]:
    """Return every name that a code has had, newest first."""
    return tuple(_line(row) for row in models.Division.objects.filter(code=padded(code)).order_by("-valid"))


def _line(row: models.Division) -> DivisionLine:
    return DivisionLine(
        row.code, row.name, row.get_level_display(), row.parent_code, row.valid.lower, row.valid.upper, row.source
    )
