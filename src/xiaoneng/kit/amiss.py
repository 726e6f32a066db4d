"""What was filled in cannot be taken: each fault with the field it belongs to."""

from __future__ import annotations

from collections.abc import Iterable


class Amiss(Exception):
    """Carries every fault at once, as pairs of a field's name (empty: of none) and a sentence that says what to do."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults: tuple[tuple[str, str], ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "".join(text for _, text in self.faults)
