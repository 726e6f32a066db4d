"""What a bench came to: its goals, its further figures, and the machine it ran on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure with the limit that it must hold."""

    name: str
    value: float
    unit: str
    limit: float
    better: str  # higher | lower
    words: str

    @property
    def ok(self) -> bool:
        """Tell whether the figure holds its limit."""
        return self.value >= self.limit if self.better == "higher" else self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        """Return the goal as the command prints it."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "limit": self.limit,
            "better": self.better,
            "ok": self.ok,
        }

    def as_line(self) -> str:
        """Return the goal as a person reads it."""
        sign = "≥" if self.better == "higher" else "≤"
        verdict = "达到" if self.ok else "未达到"
        return f"{verdict}  {self.words}：{self.value:g} {self.unit}（要求 {sign} {self.limit:g}）"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a bench has to say."""

    goals: Sequence[Goal]
    size: int
    seconds: float
    figures: dict[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as the command prints it."""
        return {
            "goals": [goal.as_json() for goal in self.goals],
            "size": self.size,
            "seconds": round(self.seconds, 2),
            "machine": machine(),
            "figures": self.figures,
            "notes": list(self.notes),
        }

    def as_text(self) -> str:
        """Return the report as a person reads it."""
        lines = [goal.as_line() for goal in self.goals]
        lines += [f"{name}：{value}" for name, value in self.figures.items()]
        return "\n".join([*lines, *self.notes, f"规模 {self.size}，用时 {self.seconds:.1f} 秒"])


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processors, how busy they were before, versions."""

    return {
        "processors": os.cpu_count(),
        "processor": _model(),
        "load_1min": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "postgresql": _postgresql(),
        "system": f"{platform.system()} {platform.release()}",
    }


def _postgresql() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        return str(cursor.fetchone()[0])


def _model() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        return ""
