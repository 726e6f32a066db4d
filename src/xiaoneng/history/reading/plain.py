"""A trace as every writer of XES writes it, cut at its quotation marks: many times as fast as a parser reads it.

Whether it is one is told by what stands between the quoted texts: it must be the tags of plain attributes and nothing
else. A file has few such shapes, so each is looked at once and known again, with its names and where their values stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter

from xiaoneng.history.reading.raw import RawCase, Row

_TAG = r'\s*<(?:string|date|int|float|boolean|id) key=" value="\s*/>'  # the quoted texts left out
_CASE = re.compile(rf"(?:{_TAG})+\s*")
_EVENT = re.compile(rf"(?:{_TAG})+\s*</event>\s*")
_NEVER = 1 << 40  # brackets; no text has as many: this is not plain
MOST_KEPT = 10_000  # of a file that writes everything differently each time

Pick = Callable[[list[str | None]], Row]


class _Shape:
    """What the texts of one shape have alike: the names in them, and how many opening brackets, none of them in a value."""

    def __init__(self, pieces: tuple[str, ...], form: re.Pattern[str]) -> None:
        self.keys = pieces[1::3]
        between = list(pieces)
        del between[1::3]
        written = '"'.join(between)
        self.brackets = written.count("<") if form.fullmatch(written) else _NEVER


class Plain:
    """Reads the plain traces of one file."""

    def __init__(self) -> None:
        self._shapes: dict[re.Pattern[str], dict[tuple[str, ...], _Shape]] = {_CASE: {}, _EVENT: {}}
        self._tables: dict[frozenset[_Shape], tuple[list[str], dict[_Shape, Pick]]] = {}

    def read(self, text: str, number: int) -> RawCase | None:
        """Return the case that a trace tells, or nothing if it is not plain."""
        if "&" in text:  # an entity, which the parser knows
            return None
        head, *parts = text.split("<event>")
        of_case = [self._cut(head, _CASE)] if head.strip() else []
        events = [self._cut(part, _EVENT) for part in parts]
        # One that is not plain promises more brackets than there are; a bracket in a value is one more than promised.
        promised = sum(shape.brackets for shape, _ in (*of_case, *events))
        if text.count("<") != len(parts) + promised:
            return None
        attributes = {key: value for shape, told in of_case for key, value in zip(shape.keys, told, strict=True)}
        return RawCase(number, attributes, *self._table(events))

    def _cut(self, text: str, form: re.Pattern[str]) -> tuple[_Shape, list[str]]:
        pieces = text.split('"')
        values = pieces[3::4]
        del pieces[3::4]
        known, asked = self._shapes[form], tuple(pieces)
        shape = known.get(asked)
        if shape is None:
            if len(known) >= MOST_KEPT:
                known.clear()
            shape = known[asked] = _Shape(asked, form)
        return shape, values

    def _table(self, events: Sequence[tuple[_Shape, list[str]]]) -> tuple[list[str], list[Row]]:
        """Return the columns of a trace's events and their rows; most traces have few kinds of events, and share these."""
        kinds = frozenset(shape for shape, _ in events)
        if kinds not in self._tables:
            if len(self._tables) >= MOST_KEPT:
                self._tables.clear()
            columns = sorted(set[str]().union(*(shape.keys for shape in kinds)))
            self._tables[kinds] = columns, {shape: _pick(shape.keys, columns) for shape in kinds}
        columns, picks = self._tables[kinds]
        return columns, [picks[shape]([*told, None]) for shape, told in events]


def _pick(keys: tuple[str, ...], columns: Sequence[str]) -> Pick:
    """Return what puts values under their columns; behind them stands nothing, which goes under those that are lacking."""
    places = {key: n for n, key in enumerate(keys)}  # of a name given twice the last counts
    wanted = [places.get(column, -1) for column in columns]
    if len(wanted) == 1:  # of a single place itemgetter gives no row
        only = wanted[0]
        return lambda values: (values[only],)
    pick: Pick = itemgetter(*wanted)
    return pick
