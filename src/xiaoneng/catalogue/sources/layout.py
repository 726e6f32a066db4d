"""What is said of a layout of catalogue files: which column carries what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Names, for each thing that is known of an item, the column of the file that carries it."""

    name: str
    title: str
    code: str
    item: str
    department: str
    department_code: str
    region_code: str
    region: str
    kind: str
    statutory: str
    promised: str
    conditions: str
    materials: str
    themes: str
    audience: str
    online: str
    location: str
    phone: str
    complaint_phone: str
    aliases: tuple[str, ...]
    nothing: frozenset[str]  # the words with which the source says "none"
    code_lengths: frozenset[int]

    def fits(self, row: Mapping[str, object]) -> bool:
        """Tell whether a row has the columns without which nothing can come in."""
        return {self.code, self.item, self.department, self.kind}.issubset(row)
