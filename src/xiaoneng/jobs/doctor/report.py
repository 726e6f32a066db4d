"""What an examination comes to: findings, warnings and what was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """Something wrong in one matter: the number of the rule it breaks, what is wrong, and in which entry."""

    id: int
    what: str
    seq: int | None = None


Faults = Iterator[Fault]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and where."""

    id: int
    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Warning_:
    """Something about the state of operation that somebody should look at; no record is in doubt."""

    what: str
    where: str


@dataclass(slots=True)
class Report:
    """The result of an examination."""

    installation: str = ""
    name: str = ""
    real_clock: bool = True
    findings: dict[Finding, None] = field(default_factory=dict)  # in order, each once
    warnings: list[Warning_] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)

    def add(self, fault: Fault, where: str) -> None:
        """Take a fault in."""
        place = f"{where} 第 {fault.seq} 条" if fault.seq is not None else where
        self.findings[Finding(fault.id, fault.what, place)] = None

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """Return the report as other programs read it."""
        return {
            "findings": [{"id": each.id, "what": each.what, "where": each.where} for each in self.findings],
            "warnings": [{"what": each.what, "where": each.where} for each in self.warnings],
            "checked": dict(self.checked),
            "installation": self.installation,
            "real_clock": self.real_clock,
        }
