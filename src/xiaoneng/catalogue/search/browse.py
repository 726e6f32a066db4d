"""Leafing through the items in force by headings, and how many stand under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count as Number

from xiaoneng.catalogue import reads
from xiaoneng.catalogue.search import keys
from xiaoneng.catalogue.search.rows import KEYS, PAGE, Choice, Found, lines
from xiaoneng.kit import asking

_PAGE = f"""
SELECT version_id FROM catalogue_sought WHERE in_force @> %s AND {KEYS} @> %s::text[]
ORDER BY initials COLLATE "C", version_id LIMIT %s OFFSET %s"""
_TOTAL = f"SELECT count(*) FROM catalogue_sought WHERE in_force @> %s AND {KEYS} @> %s::text[]"
PERSON = "自然人"


@dataclass(frozen=True, slots=True)
class Count:
    """How many items stand under a heading; `key` is what `browse` takes."""

    key: str
    name: str
    n: int


def browse(
    *,
    at: datetime,
    department: int | None = None,
    kind: str = "",
    theme: str = "",
    audience: str = "",
    open_only: bool = False,
    choice: Choice | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """Return the items in force under some headings in the order of their initials."""
    chosen = (choice or Choice(department, kind, theme, audience, open=open_only)).keys()
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, [at, chosen])
        total = cursor.fetchone()[0]
        cursor.execute(_PAGE, [at, chosen, max(0, min(limit, PAGE)), max(0, offset)])
        return Found(total, lines([row[0] for row in cursor.fetchall()]))


def counts_by_department(at: datetime) -> tuple[Count, ...]:
    """Count the items in force of each department, most first."""
    return _counts(at, "item__department_id", "item__department__name")


def counts_by_kind(at: datetime) -> tuple[Count, ...]:
    """Count the items in force of each kind, most first."""
    return _counts(at, "kind__name", "kind__name")


def _counts(at: datetime, key: str, name: str) -> tuple[Count, ...]:
    rows = reads.in_force(at).values_list(key, name).annotate(n=Number("id")).order_by("-n", name)
    return tuple(Count(str(row[0]), row[1], row[2]) for row in rows)


def counts_by_theme(at: datetime) -> tuple[Count, ...]:
    """Count the items in force under each theme, most first; an item stands under each of its themes."""
    return _counts_of_list("themes", at)


def counts_by_audience(at: datetime) -> tuple[Count, ...]:
    """Count the items in force for each audience, most first."""
    return _counts_of_list("audience", at)


def _counts_of_list(column: str, at: datetime) -> tuple[Count, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT word, count(*) FROM catalogue_itemversion, unnest({column}) AS word
                WHERE in_force @> %s GROUP BY word ORDER BY count(*) DESC, word""",
            [at],
        )
        return tuple(Count(word, word, n) for word, n in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of the items for people or for enterprises: how many, and what some of them are called."""

    name: str
    who: str  # person | enterprise
    n: int
    examples: tuple[str, ...]


_THEMES = """
SELECT theme, who, count(*), (array_agg(DISTINCT called))[1:4] FROM (
  SELECT theme, who, coalesce(v.aliases[1], v.name) AS called
  FROM catalogue_itemversion v, unnest(v.themes) AS theme,
    unnest(ARRAY[CASE WHEN %s = ANY(v.audience) THEN 'person' END,
                 CASE WHEN v.audience <> ARRAY[%s]::varchar[] THEN 'enterprise' END]) AS who
  WHERE v.in_force @> %s AND who IS NOT NULL AND theme <> %s) AS each
GROUP BY theme, who ORDER BY count(*) DESC, theme"""
EXAMPLES, LONGEST_EXAMPLE = 3, 9


def themes(at: datetime) -> tuple[Theme, ...]:
    """Return the themes of the items in force, for people and for enterprises apart, each with short examples."""
    with connection.cursor() as cursor:
        cursor.execute(_THEMES, [PERSON, PERSON, at, keys.TELLS_NOTHING])
        return tuple(Theme(theme, who, n, _short(called)) for theme, who, n, called in cursor.fetchall())


def _short(called: Sequence[str]) -> tuple[str, ...]:
    ordered = sorted(called, key=len)
    return tuple([each for each in ordered if len(each) <= LONGEST_EXAMPLE][:EXAMPLES] or ordered[:1])


def total(at: datetime, who: str = "") -> int:
    """Count the items in force for people or for enterprises, or all."""
    return int(asking.only(_TOTAL, [at, Choice(who=who).keys()])[0])


_HEADINGS_OF = "SELECT heading, count(*) FROM catalogue_sought, unnest(headings) AS heading WHERE {} GROUP BY heading"


def headings_of(versions: Sequence[int]) -> dict[str, dict[str, int]]:
    """Count under which headings versions stand: for each kind of heading, how many under each."""
    return _headings(_HEADINGS_OF.format("version_id = ANY(%s)"), [list(versions)]) if versions else {}


def headings(at: datetime, choice: Choice) -> dict[str, dict[str, int]]:
    """Count under which headings the items in force of a choice stand."""
    return _headings(_HEADINGS_OF.format(f"in_force @> %s AND {KEYS} @> %s::text[]"), [at, choice.keys()])


def _headings(statement: str, values: list[Any]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for heading, n in cursor.fetchall():
            name, _, value = heading.removeprefix(keys.HEADING).partition(":")
            counted.setdefault(name, {})[value] = n
    return counted


def departments(at: datetime) -> tuple[Count, ...]:
    """Return the departments that have items in force, by name."""
    return tuple(sorted(counts_by_department(at), key=lambda count: count.name))
