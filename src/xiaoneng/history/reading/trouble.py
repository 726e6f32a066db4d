"""What an import of a log could not use, and where."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 80


class Unreadable(Exception):
    """The file as a whole cannot be used; the message says why and what to do next."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be used: in which case, in which event of it (from 1; 0 is the case itself), in which field."""

    case: str
    event: int
    field: str
    value: str
    message: str


def shown(value: str) -> str:
    """Return a value short enough to be read."""
    text = value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
