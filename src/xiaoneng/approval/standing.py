"""Where an application stands, as little of it as tells whether anything was done since somebody last looked."""

from __future__ import annotations

from dataclasses import dataclass

from xiaoneng.kit import asking
from xiaoneng.matters import reads as matters


@dataclass(frozen=True, slots=True)
class Standing:
    """An application's matter and the head of its journal, which changes with whatever is done."""

    matter: int
    head: bytes


def standing(number: str) -> Standing | None:
    """Return where the application of a number (either of its two) stands, or nothing where there is none."""
    one, values = matters.which_one(number)
    row = asking.first(f"SELECT m.id, m.head FROM matter m WHERE m.id = {one} AND m.kind = 'application'", values)
    return Standing(row[0], bytes(row[1])) if row else None
