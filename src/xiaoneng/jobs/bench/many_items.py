"""A catalogue of any size for a bench: names put together from the words that real ones are made of (many_items.json).

Departments stand in regions of all four levels; the same draw gives the same catalogue each time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from xiaoneng.catalogue.actions import index_versions
from xiaoneng.org.models import Calendar, Department, Region

SEED = 20260323
BATCH = 5000
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PLACES = ((1, 1), (2, 12), (3, 20), (4, 7))  # level, how many regions of it

WORDS: Mapping[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
SAID_OF = 0.3  # of the items have an everyday name
AUDIENCES = (["自然人"], ["企业法人", "非法人企业"], ["自然人", "企业法人"], ["事业法人", "社会组织法人"])

_WRITE = """
WITH given AS (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[])
                 AS g (department, code, name, alias, theme, audience)),
item AS (INSERT INTO catalogue_item (code, department_id, source) SELECT code, department, '压测' FROM given
         RETURNING id, code)
INSERT INTO catalogue_itemversion (item_id, serial, in_force, name, kind_id, statutory_n, statutory_unit, promised_n,
  promised_unit, conditions, basis, audience, themes, aliases, location, phone, complaint_phone, result, online, source,
  fingerprint)
SELECT item.id, 1, tstzrange(%s, NULL), g.name, %s, 20, 'working_day', 8, 'working_day', '', '',
  string_to_array((%s::text[])[g.audience], ','), ARRAY[g.theme], array_remove(ARRAY[g.alias], ''), '', '', '', '', true,
  '压测', 'bench'
FROM given g JOIN item USING (code) RETURNING id"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item as it was drawn."""

    name: str
    alias: str
    theme: str
    audience: int


def build(size: int) -> None:
    """Fill an empty catalogue with this many items in force."""
    with transaction.atomic():
        departments = _departments()
        draw = random.Random(SEED)
        batch: list[tuple[int, str, Drawn]] = []
        for serial, item in enumerate(_items(draw, size), start=1):
            batch.append((draw.choice(departments), f"1133{serial:027d}", item))
            if len(batch) == BATCH or serial == size:
                _write(batch)
                batch.clear()


def _departments() -> list[int]:
    calendar = Calendar.objects.get(name="全国")
    made: list[int] = []
    for level, number in PLACES:
        for n in range(number):
            region = Region.objects.create(
                code=f"33{level}{n:03d}", name=f"压测{'市区镇村'[level - 1]}{n + 1}",
                sign="YC", level=level, calendar=calendar,
            )  # fmt: skip
            rows = [
                Department(region=region, code=f"{region.code}{m}", name=name, sign="压")
                for m, name in enumerate(WORDS["organs"])
            ]
            made += [row.pk for row in Department.objects.bulk_create(rows)]
    return made


def _items(draw: random.Random, size: int) -> Iterator[Drawn]:
    for _ in range(size):
        parts = (
            draw.choice(WORDS["objects"]),
            draw.choice(WORDS["doings"]),
            draw.choice(WORDS["acts"]),
            draw.choice(WORDS["brackets"]),
        )
        alias = draw.choice(WORDS["said"]) if draw.random() < SAID_OF else ""
        yield Drawn("".join(parts), alias, draw.choice(WORDS["themes"]), draw.randrange(len(AUDIENCES)) + 1)


def _write(batch: list[tuple[int, str, Drawn]]) -> None:
    items = [item for _, _, item in batch]
    columns: list[Any] = [
        [department for department, _, _ in batch], [code for _, code, _ in batch], [i.name for i in items],
        [i.alias for i in items], [i.theme for i in items], [i.audience for i in items],
    ]  # fmt: skip
    audiences = [",".join(each) for each in AUDIENCES]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*columns, LONG_AGO, "administrative_licence", audiences])
        versions = [row[0] for row in cursor.fetchall()]
    index_versions(versions)
