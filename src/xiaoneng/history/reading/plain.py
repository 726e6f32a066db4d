"""A trace as every writer of XES writes it, cut at its quotation marks: many times as fast as a parser reads it.

Whether it is one is told by what stands between the quoted texts: it must be the tags of plain attributes and nothing
else. A file has few such shapes, so each is looked at once and known again.
"""

from __future__ import annotations

import re

_TAG = r'\s*<(?:string|date|int|float|boolean|id) key=" value="\s*/>'  # the quoted texts left out
_CASE = re.compile(rf"(?:{_TAG})+\s*")
_EVENT = re.compile(rf"(?:{_TAG})+\s*</event>\s*")
MOST_KEPT = 10_000  # of a file that writes everything differently each time

Attributes = dict[str, str]


class Plain:
    """Reads the plain traces of one file."""

    def __init__(self) -> None:
        self._shapes: dict[re.Pattern[str], dict[tuple[str, ...], int]] = {_CASE: {}, _EVENT: {}}
        self._keys: dict[tuple[str, ...], tuple[str, ...]] = {}

    def read(self, text: str) -> tuple[Attributes, list[Attributes]] | None:
        """Return the attributes of a trace and of its events, or nothing if it is not plain."""
        if "&" in text:  # an entity, which the parser knows
            return None
        head, *parts = text.split("<event>")
        case = self._attributes(head, _CASE) if head.strip() else {}
        events: list[Attributes] = []
        for part in parts:
            event = self._attributes(part, _EVENT)
            if event is None:
                return None
            events.append(event)
        return None if case is None else (case, events)

    def _attributes(self, text: str, form: re.Pattern[str]) -> Attributes | None:
        pieces = text.split('"')
        brackets = self._brackets(tuple(pieces[::2]), form)
        if text.count("<") != brackets:
            return None
        keys = tuple(pieces[1::4])
        if len(self._keys) >= MOST_KEPT:
            self._keys.clear()
        # One tuple of names for all events that have them: each name is hashed once.
        return dict(zip(self._keys.setdefault(keys, keys), pieces[3::4], strict=True))

    def _brackets(self, shape: tuple[str, ...], form: re.Pattern[str]) -> int:
        """Return how many opening brackets a text of a shape has, none of them in a value; -1 if the shape is not plain."""
        known = self._shapes[form]
        if shape not in known:
            if len(known) >= MOST_KEPT:
                known.clear()
            written = '"'.join(shape)
            known[shape] = written.count("<") if form.fullmatch(written) else -1
        return known[shape]
