"""Finding items by words: as typed, by the official words for everyday ones, by initials, by code."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from xiaoneng.catalogue.search import keys, likeness, said
from xiaoneng.catalogue.search.frequent import frequent
from xiaoneng.catalogue.search.rows import KEYS, PAGE, RANKED, Choice, Found, lines
from xiaoneng.kit import asking

EVERYTHING = Choice()
ENOUGH = 20  # hits; where the very words find fewer, other ways are gone too
BESIDES = (
    200  # hits of each of the other ways, and of names that begin with the words where there are too many of these
)
LAST = "\U0010ffff"
IN_NAME, ANYWHERE = "strpos(name, %s) > 0", "(strpos(name, %s) > 0 OR strpos(rest, %s) > 0)"
_CODE = re.compile(r"[0-9a-z]{4,40}")

# Names that have the words come first; then, while there is room, what has them elsewhere. Where even the names are too
# many to rank, those that begin with the words are fetched for themselves, so that the equal one is never left out.
_FIND = """
WITH named AS MATERIALIZED (
  SELECT version_id, name FROM catalogue_sought
  WHERE in_force @> %s{in_name} LIMIT {cap}),
elsewhere AS MATERIALIZED (
  SELECT version_id, name, rest, said FROM catalogue_sought
  WHERE (SELECT count(*) FROM named) < {cap} AND in_force @> %s{anywhere}
    AND version_id NOT IN (SELECT version_id FROM named) LIMIT {cap}),
begun AS MATERIALIZED (
  SELECT version_id, name FROM catalogue_sought
  WHERE (SELECT count(*) FROM named) >= {cap} AND name COLLATE "C" >= %s AND name COLLATE "C" < %s
    AND in_force @> %s AND headings @> %s::text[] LIMIT {besides})
SELECT array_agg(version_id ORDER BY class, char_length(name), version_id) FROM (
  SELECT version_id, name, CASE WHEN name = %s THEN 0 WHEN starts_with(name, %s) THEN 1 ELSE 2 END AS class FROM named
  UNION ALL SELECT version_id, name, CASE WHEN name = %s THEN 0 ELSE 1 END FROM begun
  UNION ALL SELECT version_id, name, CASE WHEN {in_alias} THEN 3 ELSE 4 END FROM elsewhere) AS hit"""
_EVERY = "SELECT array_agg(version_id) FROM catalogue_sought WHERE in_force @> %s{anywhere}"
# The same for several ways to say it, a handful for each, in the order of the ways.
_WAYS = f"""
SELECT array_agg(version_id ORDER BY place, NOT in_name, char_length(name), version_id),
  array_agg(place ORDER BY place, NOT in_name, char_length(name), version_id)
FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS way (given, place), LATERAL (
  SELECT version_id, name, strpos(name, given -> 'words' ->> 0) > 0 AS in_name FROM catalogue_sought
  WHERE in_force @> %s AND {KEYS} @> ARRAY(SELECT jsonb_array_elements_text(given -> 'keys'))
    AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(given -> 'words') AS word
                    WHERE strpos(name, word) = 0 AND strpos(rest, word) = 0)
  LIMIT {BESIDES}) AS hit"""
_BY_INITIALS = f"""
SELECT version_id FROM catalogue_sought
WHERE in_force @> %s AND {KEYS} @> %s::text[] AND strpos(initials, %s) > 0
ORDER BY NOT starts_with(initials, %s), char_length(initials), version_id LIMIT %s"""
_BY_CODE = """
SELECT s.version_id FROM catalogue_item i JOIN catalogue_itemversion v ON v.item_id = i.id
JOIN catalogue_sought s ON s.version_id = v.id
WHERE i.code ~>=~ %s AND i.code ~<~ %s AND s.in_force @> %s AND s.headings @> %s::text[] ORDER BY i.code LIMIT %s"""


@dataclass(slots=True)
class Hits:
    """What was found so far, each once, the best first."""

    ids: dict[int, None] = field(default_factory=dict)
    also: list[str] = field(default_factory=list)

    def add(self, found: Sequence[int]) -> bool:
        """Append what is new and tell whether anything is."""
        before = len(self.ids)
        self.ids.update(dict.fromkeys(found))
        return len(self.ids) > before


def search(text: str, *, at: datetime, limit: int = 20, offset: int = 0, choice: Choice = EVERYTHING) -> Found:
    """Return the items in force that carry all words of a text in name, alias, theme or department, best first.

    Where these are few, items follow that carry the official words for everyday ones, the initials typed, or the code.
    Where there is nothing at all, the most similar names are returned as approximate.
    """
    typed = keys.normalised(text)
    if not typed:
        return Found(0, ())
    hits, more = ranked(typed, at, choice)
    first = max(0, min(offset, RANKED))
    size = max(0, min(limit, PAGE))
    ids = list(hits.ids)
    if ids:
        return Found(len(ids), lines(ids[first : first + size]), False, more, tuple(hits.also), tuple(ids))
    ids = likeness.nearest(typed, at, choice)
    return Found(len(ids), lines(ids[first : first + size]), approximate=bool(ids), ids=tuple(ids))


def ranked(typed: str, at: datetime, choice: Choice = EVERYTHING) -> tuple[Hits, bool]:
    """Return what a normalised query finds, the best first, and whether there is more than could be ranked."""
    hits = Hits()
    found = _find(typed.split(), at, choice)
    more = len(found) > RANKED
    if _CODE.fullmatch(typed):
        hits.add(_by_code(typed, at, choice))
    hits.add(found[:RANKED])
    if len(found) < ENOUGH:
        _other_ways(typed, at, choice, hits)
    return hits, more


def every(text: str, at: datetime) -> list[int]:
    """Return the versions that carry all words of a text, however many: what a search looks at before it ranks."""
    has = _Has(keys.normalised(text).split(), [], frozenset())
    return asking.only(_EVERY.format(anywhere=has.condition(ANYWHERE)), [at, *has.values(ANYWHERE)])[0] or []


def _other_ways(typed: str, at: datetime, choice: Choice, hits: Hits) -> None:
    if keys.are_initials(typed):
        hits.add(_by_initials(typed, at, choice))
    ways = said.officially(typed)
    if not ways:
        return
    headings = choice.keys()
    given = json.dumps([{"words": words, "keys": keys.of_words(words) + headings} for words in ways])
    found, places = asking.only(_WAYS, [given, at])
    for place, words in enumerate(ways, start=1):
        if hits.add([version for version, at_ in zip(found or (), places or (), strict=True) if at_ == place]):
            hits.also.append(" ".join(words))


@dataclass(frozen=True, slots=True)
class _Has:
    """The condition that a row has words: by their keys, and then by looking, which for common words is all there is."""

    words: Sequence[str]
    headings: list[str]
    common: frozenset[str]
    mark: str = ""

    @property
    def _by_looking(self) -> bool:
        return not self.headings and all(piece in self.common for piece in keys.of_words(self.words))

    @property
    def _looked_for(self) -> list[str]:
        return [word for word in self.words if self._by_looking or len(word) > keys.LONG]

    def condition(self, where: str) -> str:
        """Return the condition as SQL."""
        by_keys = "" if self._by_looking else f" AND {KEYS} @> %s::text[]"
        return by_keys + f" AND {where}" * len(self._looked_for)

    def values(self, where: str) -> list[Any]:
        """Return its values."""
        by_keys = [] if self._by_looking else [keys.of_words(self.words, self.mark) + self.headings]
        return [*by_keys, *(word for word in self._looked_for for _ in range(where.count("%s")))]


def _find(words: Sequence[str], at: datetime, choice: Choice) -> list[int]:
    headings, typed, known = choice.keys(), " ".join(words), frequent()
    in_name = _Has(words, headings, known.in_names, keys.IN_NAME)
    anywhere = _Has(words, headings, known.anywhere)
    statement = _FIND.format(
        cap=RANKED + 1, besides=BESIDES, in_name=in_name.condition(IN_NAME), anywhere=anywhere.condition(ANYWHERE),
        in_alias=" AND ".join(["strpos(rest, %s) BETWEEN 1 AND said"] * len(words)),
    )  # fmt: skip
    values = [
        at, *in_name.values(IN_NAME), at, *anywhere.values(ANYWHERE),
        typed, typed + LAST, at, headings, typed, typed, typed, *words,
    ]  # fmt: skip
    return list(dict.fromkeys(asking.only(statement, values)[0] or ()))


def _by_initials(letters: str, at: datetime, choice: Choice) -> list[int]:
    with connection.cursor() as cursor:
        wanted = keys.of_initials(letters) + choice.keys()
        cursor.execute(_BY_INITIALS, [at, wanted, letters, letters, BESIDES])
        return [row[0] for row in cursor.fetchall()]


def _by_code(typed: str, at: datetime, choice: Choice) -> list[int]:
    code, headings = typed.upper(), choice.keys()
    with connection.cursor() as cursor:
        cursor.execute(_BY_CODE, [code, code + LAST, at, headings, BESIDES])
        return [row[0] for row in cursor.fetchall()]
