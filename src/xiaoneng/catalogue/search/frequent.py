"""How many items have a key, about: where very many have it, an eighth of them is enough; where few, one look finds all.

Each process looks at a sample of the rows once in a while. Who errs here is slower and finds the same.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from xiaoneng.catalogue.initials import BREAK
from xiaoneng.catalogue.search import keys
from xiaoneng.catalogue.sought import PARTS

MANY = 20_000  # rows; with fewer an index is quick for every key
SAMPLE = 3000  # rows
SEEN = 4  # rows of the sample; what fewer have is rare
SURE = 1.3  # by which an eighth must have more than is wanted
SECONDS = 900.0

_ROWS = "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'catalogue_sought'::regclass"
_SAMPLE = "SELECT name, rest FROM catalogue_sought TABLESAMPLE SYSTEM (%s)"


@dataclass(frozen=True, slots=True)
class Frequent:
    """What a sample of the rows told: for each key that is not rare the rows whose names have it, and those that have it at all.

    A set of rows is a number with a bit for each row of the sample.
    """

    rows: int = 0  # of the catalogue, about
    sample: int = 0
    in_names: Mapping[str, int] = field(default_factory=dict)
    anywhere: Mapping[str, int] = field(default_factory=dict)

    def many_named(self, pieces: Sequence[str], wanted: int) -> bool:
        """Tell whether one of so many parts of the rows has more names with all keys than are wanted."""
        return self._all(pieces, self.in_names) * self.rows > SURE * PARTS * wanted * self.sample

    def many(self, pieces: Sequence[str], wanted: int) -> bool:
        """Tell whether one of so many parts of the rows has more rows with all keys than are wanted."""
        return self._all(pieces, self.anywhere) * self.rows > SURE * PARTS * wanted * self.sample

    def few(self, pieces: Sequence[str]) -> bool:
        """Tell whether few rows have all keys, as far as is known."""
        return self._all(pieces, self.anywhere) < SEEN

    def _all(self, pieces: Sequence[str], having: Mapping[str, int]) -> int:
        """Count the rows of the sample that have all keys."""
        rows = (1 << self.sample) - 1
        for piece in pieces:
            rows &= having.get(piece, 0)
        return rows.bit_count()


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
    return Frequent(rows, len(sample), _having(named), _having(anywhere))


def _having(rows: Sequence[set[str]]) -> dict[str, int]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for piece in row:
            places[piece].append(place)
    return {piece: _bits(found, len(rows)) for piece, found in places.items() if len(found) >= SEEN}


def _bits(places: Sequence[int], size: int) -> int:
    bits = bytearray(size // 8 + 1)
    for place in places:
        bits[place // 8] |= 1 << place % 8
    return int.from_bytes(bits, "little")


def _pieces(text: str) -> Iterable[str]:
    for part in text.split(BREAK):
        for at in range(len(part)):
            for length in range(1, min(keys.LONG, len(part) - at) + 1):
                yield part[at : at + length]
