"""How many items have a key, about: where very many have it, an eighth of them is enough; where few, one look finds all.

Each process looks at a sample of the rows once in a while. Who errs here is slower and finds the same.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from xiaoneng.catalogue.initials import BREAK
from xiaoneng.catalogue.search import keys
from xiaoneng.catalogue.sought import PARTS

MANY = 20_000  # rows; with fewer an index is quick for every key
SAMPLE = 3000  # rows
SHARE = 0.02  # of the rows that have a key of which it is kept which ones
SEEN = 4  # rows of the sample; what fewer have is rare
SURE = 1.3  # by which an eighth must have more than is wanted
SECONDS = 900.0

_ROWS = "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'catalogue_sought'::regclass"
_SAMPLE = "SELECT name, rest FROM catalogue_sought TABLESAMPLE SYSTEM (%s)"


@dataclass(frozen=True, slots=True)
class Frequent:
    """What a sample of the rows told: for each common key the rows that have it in their names, and those that have it at all.

    A set of rows is a number with a bit for each row of the sample.
    """

    rows: int = 0  # of the catalogue, about
    sample: int = 0
    in_names: Mapping[str, int] = field(default_factory=dict)
    anywhere: Mapping[str, int] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()  # keys that more than a few rows have

    def many_named(self, pieces: Sequence[str], wanted: int) -> bool:
        """Tell whether one of so many parts of the rows has more names with all keys than are wanted."""
        return self._many(pieces, self.in_names, wanted)

    def many(self, pieces: Sequence[str], wanted: int) -> bool:
        """Tell whether one of so many parts of the rows has more rows with all keys than are wanted."""
        return self._many(pieces, self.anywhere, wanted)

    def few(self, pieces: Sequence[str]) -> bool:
        """Tell whether few rows have all keys, as far as is known."""
        return not self.seen.issuperset(pieces)

    def _many(self, pieces: Sequence[str], having: Mapping[str, int], wanted: int) -> bool:
        both = (1 << self.sample) - 1
        for piece in pieces:
            both &= having.get(piece, 0)
        return both.bit_count() * self.rows > SURE * PARTS * wanted * self.sample


_kept: tuple[float, Frequent] = (0.0, Frequent())


def frequent() -> Frequent:
    """Return what was common when this process last looked."""
    global _kept
    if time.monotonic() < _kept[0]:
        return _kept[1]
    _kept = (time.monotonic() + SECONDS, _kept[1])  # others go on with what is known meanwhile
    _kept = (time.monotonic() + SECONDS, _look())
    return _kept[1]


def forget() -> None:
    """Look anew at the next search."""
    global _kept
    _kept = (0.0, Frequent())


def _look() -> Frequent:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        rows = cursor.fetchone()[0]
        if rows < MANY:
            return Frequent(int(rows))
        cursor.execute(_SAMPLE, [min(100.0, 100.0 * SAMPLE / rows)])
        return of_sample(int(rows), cursor.fetchall())


def of_sample(rows: int, sample: Sequence[tuple[str, str]]) -> Frequent:
    """Return what a sample of so many rows tells.

    :param sample: names, and what else each row is found by.
    """
    named = [set(_pieces(name)) for name, _ in sample]
    anywhere = [has | set(_pieces(rest)) for has, (_, rest) in zip(named, sample, strict=True)]
    counted = Counter(piece for row in anywhere for piece in row)
    seen = frozenset(piece for piece, n in counted.items() if n >= SEEN)
    return Frequent(rows, len(sample), _having(named), _having(anywhere), seen)


def _having(rows: Sequence[set[str]]) -> dict[str, int]:
    counted = Counter(piece for row in rows for piece in row)
    having = {piece: 0 for piece, n in counted.items() if n >= SHARE * len(rows)}
    for place, row in enumerate(rows):
        for piece in row & having.keys():
            having[piece] |= 1 << place
    return having


def _pieces(text: str) -> Iterable[str]:
    for part in text.split(BREAK):
        for at in range(len(part)):
            for length in range(1, min(keys.LONG, len(part) - at) + 1):
                yield part[at : at + length]
