"""Finding items that are in force: by words, or by leafing through."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count as Number
from django.db.models.functions import Length

from xiaoneng.catalogue import models, reads
from xiaoneng.catalogue.text import one_line
from xiaoneng.rules import units

LONGEST = 50  # characters of a query that are looked at
RANKED = 1000  # hits among which the best are sought; a longer list is no help to anybody
WEIGHED = 20_000  # likenesses of which the nearest are sought
PAGE = 200  # the longest page
START, END = "\ue000", "\ue001"  # the marks that item_words() sets around a name
SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")

EX_OFFICIO = "本事项由部门依职权办理，不需要申请。"
NO_LIMIT = "本事项尚未设定办理时限，暂不开放申请；可拨打咨询电话了解。"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """What a list says of an item."""

    code: str
    name: str
    department: str
    kind: str
    promised: str
    statutory: str
    open: bool
    closed_reason: str
    online: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of items and how many there are; approximate where nothing carries the very words."""

    total: int
    rows: tuple[ItemLine, ...]
    approximate: bool = False

    @property
    def reachable(self) -> int:
        """Return how many of them can be leafed to."""
        return min(self.total, RANKED)


# --- by words ---------------------------------------------------------------------------------------------------------
_ONE_PLACE = (
    "SELECT id FROM catalogue_itemversion WHERE in_force @> %(at)s AND search @@ {}::tsquery ORDER BY id LIMIT {}"
)
_COUNT = "SELECT count(*) FROM catalogue_itemversion WHERE in_force @> %(at)s AND search @@ %(any)s::tsquery"
_BEST = f"""
    WITH candidate AS (
      ({_ONE_PLACE.format("%(prefix)s", RANKED)}) UNION ({_ONE_PLACE.format("%(name)s", RANKED)})
      UNION ({_ONE_PLACE.format("%(any)s", RANKED)}))
    SELECT v.id FROM candidate JOIN catalogue_itemversion v USING (id)
    ORDER BY CASE WHEN v.search @@ %(exact)s::tsquery THEN 0 WHEN v.search @@ %(prefix)s::tsquery THEN 1
      WHEN v.search @@ %(name)s::tsquery THEN 2 WHEN v.search @@ %(named)s::tsquery THEN 3 ELSE 4 END,
      char_length(v.name), v.id
    LIMIT %(limit)s OFFSET %(offset)s"""
_NEAREST = f"""
    WITH candidate AS (
      SELECT id, char_length(name) AS length, search FROM catalogue_itemversion
      WHERE in_force @> %(at)s AND search @@ %(some)s::tsquery LIMIT {WEIGHED}),
    weighed AS (
      SELECT id, length, (SELECT count(*) FROM unnest(%(pairs)s::text[]) pair WHERE search @@ pair::tsquery) AS n,
        (SELECT count(*) FROM unnest(%(pairs)s::text[]) pair WHERE search @@ (pair || ':A')::tsquery) AS in_name
      FROM candidate),
    near AS (SELECT *, max(n) OVER () AS best FROM weighed)
    SELECT id, count(*) OVER () FROM near WHERE 2 * n > best ORDER BY n DESC, in_name DESC, length, id
    LIMIT %(limit)s OFFSET %(offset)s"""


def search(text: str, *, at: datetime, limit: int = 20, offset: int = 0) -> Found:
    """Return the items in force that carry all words of a text in name, alias, theme or department, best first.

    Where nothing carries them, the items that share the most pairs of characters are returned as approximate.
    """
    words = normalised(text).split()
    if not words:
        return Found(0, ())
    page: dict[str, Any] = {"limit": max(0, min(limit, PAGE)), "offset": max(0, min(offset, RANKED))}
    places: dict[str, Any] = {
        "at": at,
        "any": _all_of(words, ""),
        "name": _all_of(words, "A"),
        "named": _all_of(words, "AB"),
        "prefix": _phrase(START + " ".join(words), "A", open_end=True),
        "exact": _phrase(START + " ".join(words) + END, "A"),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, places)
        total = cursor.fetchone()[0]
        if not total:
            return _nearest(words, at, page)
        cursor.execute(_BEST, places | page)
        return Found(total, lines([row[0] for row in cursor.fetchall()]))


def _nearest(words: Sequence[str], at: datetime, page: dict[str, Any]) -> Found:
    pairs = [_lexeme(pair) for pair in dict.fromkeys(pair for word in words for pair in _pairs(word))]
    if not pairs:
        return Found(0, ())
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, page | {"at": at, "some": " | ".join(pairs), "pairs": pairs})
        rows = cursor.fetchall()
    return Found(rows[0][1] if rows else 0, lines([row[0] for row in rows]), approximate=True)


def normalised(text: str) -> str:
    """Return a query as items are compared: plain forms, small letters, nothing invisible, not too long."""
    return normalised_text(text[: 4 * LONGEST])[:LONGEST].strip()


def normalised_text(text: str) -> str:
    """Return a text as search_text() in the database compares it."""
    return one_line(unicodedata.normalize("NFKC", text).translate(SMALL))


def _pairs(word: str) -> list[str]:
    return [word[place : place + 2] for place in range(len(word) - 1)]


def _all_of(words: Sequence[str], weights: str) -> str:
    return " & ".join(f"({_phrase(word, weights, open_end=True)})" for word in words)


def _phrase(word: str, weights: str, *, open_end: bool = False) -> str:
    """Return the query for a word: its pairs one after another; a single character begins any pair."""
    if len(word) == 1 and open_end:
        return f"{_lexeme(word)}:*{weights}"
    mark = f":{weights}" if weights else ""
    return " <-> ".join(_lexeme(pair) + mark for pair in _pairs(word))


def _lexeme(pair: str) -> str:
    return "'" + pair.replace("\\", "\\\\").replace("'", "''") + "'"


# --- by leafing through -----------------------------------------------------------------------------------------------
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
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """Return the items in force under some headings, by department and name."""
    rows = reads.in_force(at)
    if department is not None:
        rows = rows.filter(item__department_id=department)
    if kind:
        rows = rows.filter(kind__name=kind)
    if theme:
        rows = rows.filter(themes__contains=[theme])
    if audience:
        rows = rows.filter(audience__contains=[audience])
    if open_only:
        rows = rows.filter(kind__on_application=True).exclude(statutory_n__isnull=True, promised_n__isnull=True)
    first = max(0, offset)
    ids = rows.order_by("item__department__name", Length("name"), "name", "id").values_list("id", flat=True)
    return Found(rows.count(), lines(list(ids[first : first + max(0, min(limit, PAGE))])))


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


def departments(at: datetime) -> tuple[Count, ...]:
    """Return the departments that have items in force, by name."""
    return tuple(sorted(counts_by_department(at), key=lambda count: count.name))


# --- the lines of both ------------------------------------------------------------------------------------------------
def lines(versions: Sequence[int]) -> tuple[ItemLine, ...]:
    """Return the lines of versions in the order in which they are named."""
    rows = models.ItemVersion.objects.filter(id__in=versions).select_related("item__department", "kind")
    by_id = {row.pk: _line(row) for row in rows.defer("search", "conditions")}
    return tuple(by_id[version] for version in versions if version in by_id)


def _line(row: models.ItemVersion) -> ItemLine:
    reason = closed_reason(
        on_application=row.kind.on_application, has_limit=row.statutory_n is not None or row.promised_n is not None
    )
    return ItemLine(
        code=row.item.code,
        name=row.name,
        department=row.item.department.name,
        kind=row.kind.name,
        promised=_spoken(row.promised_unit, row.promised_n),
        statutory=_spoken(row.statutory_unit, row.statutory_n),
        open=not reason,
        closed_reason=reason,
        online=row.online,
    )


def closed_reason(*, on_application: bool, has_limit: bool) -> str:
    """Return why nobody can apply for an item now, or nothing."""
    if not on_application:
        return EX_OFFICIO
    return "" if has_limit else NO_LIMIT


def _spoken(unit: str, n: int | None) -> str:
    if n is None:
        return ""
    return str(units.limit(unit, n)) if n else "当场办结"
