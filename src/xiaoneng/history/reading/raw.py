"""A case as its file tells it, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

Row = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class RawCase:
    """A case: its place in the file (from 1), its attributes, and its events in the order of the file, a row an event.

    :param columns: what the events tell, sorted by name; an event that lacks one of them has nothing there.
    """

    number: int
    attributes: dict[str, str]
    columns: Sequence[str]
    rows: Sequence[Row]

    @classmethod
    def of(cls, number: int, attributes: dict[str, str], events: Sequence[Mapping[str, str]]) -> Self:
        """Return the case whose events each tell their attributes by name."""
        columns = sorted(set[str]().union(*events))
        return cls(number, attributes, columns, [tuple(map(event.get, columns)) for event in events])
