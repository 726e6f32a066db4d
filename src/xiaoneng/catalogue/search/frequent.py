"""Which keys so many items have that an index only gets in the way: what they lead to is met at every step anyway.

Each process looks at a sample of the rows once in a while. Who errs here is slower and finds the same.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from xiaoneng.catalogue.initials import BREAK
from xiaoneng.catalogue.search import keys

MANY = 20_000  # rows; with fewer an index is quick for every key
SAMPLE = 3000  # rows
SHARE = 0.06  # of the rows that have a common key
SECONDS = 900.0

_ROWS = "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'catalogue_sought'::regclass"
_SAMPLE = "SELECT name, rest FROM catalogue_sought TABLESAMPLE SYSTEM (%s)"


@dataclass(frozen=True, slots=True)
class Frequent:
    """The keys that are common in names, and those that are common anywhere."""

    in_names: frozenset[str] = frozenset()
    anywhere: frozenset[str] = frozenset()
    rows: int = 0  # of the catalogue, about


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
            return Frequent(rows=int(rows))
        cursor.execute(_SAMPLE, [min(100.0, 100.0 * SAMPLE / rows)])
        sample = cursor.fetchall()
    named = [set(_pieces(name)) for name, _ in sample]
    anywhere = [has | set(_pieces(rest)) for has, (_, rest) in zip(named, sample, strict=True)]
    return Frequent(_of_many(named), _of_many(anywhere), int(rows))


def _of_many(rows: list[set[str]]) -> frozenset[str]:
    counted = Counter(piece for row in rows for piece in row)
    return frozenset(piece for piece, n in counted.items() if n >= SHARE * len(rows))


def _pieces(text: str) -> Iterable[str]:
    for part in text.split(BREAK):
        for at in range(len(part)):
            for length in range(1, min(keys.LONG, len(part) - at) + 1):
                yield part[at : at + length]
