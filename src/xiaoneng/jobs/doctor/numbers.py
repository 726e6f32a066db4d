"""Numbers: series run from 1 without gap, each number in one entry (8); request keys are used once (36)."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from xiaoneng.jobs.doctor.case import Case, Entry
from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults


class Series:
    """The numbers met so far, by series."""

    def __init__(self) -> None:
        self.drawn: dict[str, array[int]] = defaultdict(lambda: array("q"))

    def take(self, case: Case) -> Faults:
        """Take the numbers of a matter's entries in."""
        for entry in case.entries:
            for how, number in _numbers_of(entry):
                place = _place(how, number)
                if place is None:
                    yield Fault(8, f"编号 {number} 不合它的编号规则", entry.seq)
                else:
                    self.drawn[how["series"]].append(place)

    def check(self) -> Faults:
        """Check that each series runs from 1 to its last number, each drawn once."""
        stored: dict[str, int] = dict(rows("SELECT key, last FROM series"))
        for key in sorted(stored.keys() | self.drawn.keys()):
            met = sorted(self.drawn.get(key, ()))
            if len(set(met)) < len(met):
                yield Fault(8, f"编号序列 {key} 有号码用了两次")
            if sorted(set(met)) != list(range(1, stored.get(key, 0) + 1)):
                yield Fault(8, f"编号序列 {key} 发到 {stored.get(key, 0)} 号，日志中有 {len(met)} 个号，不连续")


def _numbers_of(entry: Entry) -> Iterator[tuple[dict[str, Any], str]]:
    for name in ("intake_number", "number"):
        if (name in entry.facts) != (name in entry.drawn):
            raise KeyError(name)
        if name in entry.facts:
            yield entry.facts[name], entry.drawn[name]
    yield from zip(entry.facts.get("documents", ()), entry.drawn.get("documents", ()), strict=True)


def _place(how: dict[str, Any], number: str) -> int | None:
    prefix, suffix = how["prefix"], how.get("suffix") or ""
    digits = number.removeprefix(prefix).removesuffix(suffix)
    fits = digits.isdecimal() and number == f"{prefix}{int(digits):0{how['width']}d}{suffix}"
    return int(digits) if fits else None


_REUSED = """
SELECT key::text, count(*) FROM entry WHERE key IS NOT NULL AND (%s::timestamptz IS NULL OR recorded_at >= %s)
GROUP BY key HAVING count(*) > 1"""


def keys(since: datetime | None) -> Faults:
    """Check that every idempotency key made one entry."""
    for key, times in rows(_REUSED, since, since):
        yield Fault(36, f"请求键 {key} 记了 {times} 条日志")
