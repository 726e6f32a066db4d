"""Finding what a whole sentence means, where nothing carries all of its words: every item is weighed by what it shares with it.

A sentence is cut into clues: everyday words stand for all their official ones, what is left for its pairs of characters. A
clue that few items have tells more than one that many have, and one that none has tells nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

from django.db import connection

from xiaoneng.catalogue.initials import BREAK
from xiaoneng.catalogue.search import keys, likeness, said
from xiaoneng.catalogue.search.rows import KEYS, Choice

EACH = 80  # candidates for each clue
TOGETHER = 12  # pairs of clues that are looked for together
CLUES = 24
SHOWN = 50
IN_NAME, IN_ALIAS, AROUND = 1.0, 0.95, 0.4  # what a clue counts where it is found
LATER = 0.06  # the share by which each further official word counts less than the one before
KNOWN = 1.5  # what an everyday word counts beside a pair of characters
ALONE = 0.35  # what a single character counts beside a word
LEAST = 0.3  # of everything that the sentence says
WHOLE = 0.75  # of everything that it says is nearly all
SHARE = 0.7  # of the best that others must have
RARE = 0.6  # how much less a clue tells that many have
LIKE = 0.25  # what likeness of the whole counts
LONG, LONGEST = 0.002, 80  # what each character of a name takes away: long names have much in common with everything

_FOUND = f"""
SELECT DISTINCT ON (version_id) version_id, name, rest, said FROM (
  SELECT hit.* FROM jsonb_array_elements(%s::jsonb) AS way,
    LATERAL (SELECT version_id, name, rest, said FROM catalogue_sought
             WHERE in_force @> %s AND {KEYS} @> ARRAY(SELECT jsonb_array_elements_text(way)) LIMIT %s) AS hit) AS near"""


@dataclass(frozen=True, slots=True)
class Clue:
    """A part of a sentence: the words that it may be called by, and how much it counts before it is known how rare it is."""

    words: tuple[str, ...]
    counts: float = 1.0
    known: bool = False  # it is an everyday word


@dataclass(frozen=True, slots=True)
class _Row:
    version: int
    name: str
    aliases: str
    around: str

    def has(self, clue: Clue) -> float:
        """Return how well a clue is found in the row, 0 to 1."""
        return max((self._has(word) * (1 - LATER * place) for place, word in enumerate(clue.words)), default=0.0)

    def _has(self, word: str) -> float:
        if " " in word:
            return min(self._has(each) for each in word.split())
        if word in self.name:
            return IN_NAME
        if word in self.aliases:
            return IN_ALIAS
        return AROUND if word in self.around else 0.0


@dataclass(frozen=True, slots=True)
class Near:
    """The versions that share most with a sentence, best first.

    `also` are official words by which the first were found; `whole` where the best has nearly all that the sentence says.
    """

    ids: tuple[int, ...] = ()
    also: tuple[str, ...] = ()
    whole: bool = False


def nearest(typed: str, at: datetime, choice: Choice) -> Near:
    """Return the versions that share most with a sentence."""
    clues = list(_clues(typed))[:CLUES]
    if not clues:
        return Near()
    found_in = {row: [row.has(clue) for clue in clues] for row in _rows(clues, at, choice)}
    weights = [_weight(clue, [has[place] for has in found_in.values()]) for place, clue in enumerate(clues)]
    whole = sum(weights)
    # A single character that something has by chance is no answer.
    if not any(weight for clue, weight in zip(clues, weights, strict=True) if clue.counts > ALONE):
        return Near()
    scores = {
        row: sum(weight * max(0.0, each) for each, weight in zip(has, weights, strict=True)) / whole
        for row, has in found_in.items()
    }
    found = all(weight for clue, weight in zip(clues, weights, strict=True) if clue.counts > ALONE)
    near = _best(typed, clues, scores)
    return replace(near, whole=near.whole and found)


def _best(typed: str, clues: Sequence[Clue], scores: dict[_Row, float]) -> Near:
    best = max(scores.values(), default=0.0)
    if best < LEAST:
        return Near()
    near = [row for row, score in scores.items() if score >= SHARE * best]
    total = {
        row: scores[row]
        + LIKE * likeness.of(typed, [row.name, *row.aliases.split(BREAK)]) / 100
        - LONG * min(len(row.name), LONGEST)
        for row in near
    }
    ordered = sorted(near, key=lambda row: (-total[row], len(row.name), row.version))[:SHOWN]
    also = tuple(dict.fromkeys(_officials(clues, ordered[:3])))
    return Near(tuple(row.version for row in ordered), also, best >= WHOLE)


def _officials(clues: Iterable[Clue], first: Sequence[_Row]) -> Iterator[str]:
    for clue in clues:
        if clue.known:
            yield from (word for word in clue.words[1:] if any(word in row.name for row in first))


def _clues(typed: str) -> Iterator[Clue]:
    """Give the clues of a sentence: known words with what they stand for, what is left in pairs of characters."""
    for part, officials in said.parts_of(typed):
        if officials:
            yield Clue((part, *officials), KNOWN, known=True)
        elif len(part) < said.SHORTEST or part.isascii():
            yield Clue((part,), ALONE if len(part) < said.SHORTEST else 1.0)
        else:
            pairs = [part[at : at + 2] for at in range(len(part) - 1)]
            yield from (Clue((pair,), len(pairs) ** -0.5) for pair in pairs)
            yield from (Clue((sign,), ALONE / 2 * len(part) ** -0.5) for sign in part)


def _rows(clues: Sequence[Clue], at: datetime, choice: Choice) -> list[_Row]:
    headings = choice.keys()
    singles = [word.split() for clue in clues for word in clue.words if len(word) > 1 or len(clues) < 3]
    strong = [clue.words[:2] for clue in clues if clue.known]
    pairs = [
        [*one.split(), *other.split()] for some, others in combinations(strong, 2) for one in some for other in others
    ]
    ways = [keys.of_words(words) + headings for words in [*pairs[:TOGETHER], *singles]]
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [json.dumps([list(way) for way in dict.fromkeys(map(tuple, ways))]), at, EACH])
        return [_Row(version, name, rest[:said_], rest[said_:]) for version, name, rest, said_ in cursor.fetchall()]


def _weight(clue: Clue, found: Sequence[float]) -> float:
    """Return how much a clue tells: what few of the candidates have tells most, what none has nothing.

    :param found: how well it is found in each candidate.
    """
    n = sum(1 for has in found if has > AROUND)
    if clue.known and not n:  # nothing is called so; a theme may be
        n = sum(1 for has in found if has > 0)
    return clue.counts / (1.0 + RARE * math.log(n)) if n else 0.0
