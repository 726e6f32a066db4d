"""Finding what is most like the words typed, where nothing has them: slips of the pen, of the keyboard, of the ear."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from rapidfuzz import fuzz

from xiaoneng.catalogue.initials import BREAK, initials
from xiaoneng.catalogue.search import keys
from xiaoneng.catalogue.search.rows import KEYS, Choice

EACH = 150  # candidates for each way to have slipped
MOST = 2500  # candidates in all
SHOWN = 50
LEAST = 40.0  # percent of likeness
PART = 0.95  # what being like a part of a name counts
SHARE = 0.8  # of the best likeness that others must have

_NEAR = f"""
SELECT DISTINCT ON (version_id) version_id, name, rest, said FROM (
  SELECT hit.* FROM jsonb_array_elements(%s::jsonb) AS way,
    LATERAL (SELECT version_id, name, rest, said FROM catalogue_sought
             WHERE in_force @> %s AND {KEYS} @> ARRAY(SELECT jsonb_array_elements_text(way)) LIMIT %s) AS hit LIMIT %s) AS near"""


def nearest(typed: str, at: datetime, choice: Choice) -> list[int]:
    """Return the versions whose name or alias is most like the words typed, the most similar first."""
    headings = choice.keys()
    for ways in (_slips(typed), _parts(typed)):
        wanted = [list(way) + headings for way in ways]
        found = {
            version: (of(typed, [name, *rest[:said].split(BREAK)]), len(name))
            for version, name, rest, said in (_candidates(wanted, at) if wanted else ())
        }
        best = max((likeness for likeness, _ in found.values()), default=0.0)
        if best >= LEAST:
            near = [version for version, (likeness, _) in found.items() if likeness >= max(LEAST, SHARE * best)]
            return sorted(near, key=lambda version: (-found[version][0], found[version][1], version))[:SHOWN]
    return []


def _candidates(ways: list[list[str]], at: datetime) -> list[tuple[int, str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [json.dumps(ways), at, EACH, MOST])
        return list(cursor.fetchall())


def of(typed: str, called: Sequence[str]) -> float:
    """Return how like a query is to the likest of several names, 0 to 100."""
    return max(max(fuzz.ratio(typed, each), fuzz.partial_ratio(typed, each) * PART) for each in called if each)


def _slips(typed: str) -> list[tuple[str, ...]]:
    """Return what is left of the keys when one or two neighbouring characters are wrong, too many or missing."""
    word = typed.replace(" ", "")
    ways = [_without(word, at, at + size) for size in (1, 2) for at in range(len(word) - size + 1)]
    if len(word) == 2:
        ways = [tuple(word)]  # both somewhere
    sounds = initials(word)
    if len(sounds) > 1 and sounds != word:
        ways.append(tuple(keys.of_initials(sounds)))
    return [way for way in dict.fromkeys(ways) if way]


def _without(word: str, start: int, end: int) -> tuple[str, ...]:
    left, right = word[:start], word[end:]
    return tuple(keys.of_words(part for part in (left, right) if part))


def _parts(typed: str) -> Iterable[tuple[str, ...]]:
    """Return the keys of each run of three characters, then of two: a sentence that only touches what an item is called."""
    word = typed.replace(" ", "")
    threes = [tuple(keys.of_words([word[at : at + 3]])) for at in range(len(word) - 2)]
    twos = [(word[at : at + 2],) for at in range(len(word) - 1)]
    return list(dict.fromkeys([*threes, *twos]))
