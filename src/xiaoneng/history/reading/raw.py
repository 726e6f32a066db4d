"""A case as its file tells it, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawCase:
    """A case: its place in the file (from 1), its attributes, and its events in the order of the file."""

    number: int
    attributes: dict[str, str]
    events: list[dict[str, str]]
