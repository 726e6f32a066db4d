"""Two versions of an item side by side: only what differs, in the order of the guide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xiaoneng.rules.items.content import ROWS, Content, Fee, LegalBasis, Paper, Stage
from xiaoneng.rules.items.labels import PARTS, UNITS, label

NOTHING = "（无）"
_FOLDED = {"statutory_n": ("statutory_unit", "statutory"), "promised_n": ("promised_unit", "promised")}


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that differs: before, after, and for parts made of rows what went and what came."""

    part: str
    label: str
    before: str
    after: str
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()

    @property
    def by_rows(self) -> bool:
        """Tell whether the part is a list of rows."""
        return bool(self.gone or self.come)


def differences(before: Content, after: Content) -> tuple[Difference, ...]:
    """Return every part in which two contents differ."""
    return (*_flat(before, after), *_rows(before, after))


def _flat(before: Content, after: Content) -> Iterator[Difference]:
    hidden = {unit for unit, _ in _FOLDED.values()}
    for name in PARTS:
        if name in hidden:
            continue
        source = _FOLDED[name][1] if name in _FOLDED else name
        old, new = words(getattr(before, source)), words(getattr(after, source))
        if old != new:
            yield Difference(name, label(name), old or NOTHING, new or NOTHING)


def _rows(before: Content, after: Content) -> Iterator[Difference]:
    for name in ROWS:
        old, new = [line(each) for each in getattr(before, name)], [line(each) for each in getattr(after, name)]
        if old != new:
            gone = tuple(each for each in old if each not in new)
            come = tuple(each for each in new if each not in old)
            yield Difference(name, label(name), f"{len(old)} 条", f"{len(new)} 条", gone, come)


def words(value: Any) -> str:
    """Return a flat value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple) else str(value)


def line(row: Any) -> str:
    """Return a row of an item on one line."""
    if isinstance(row, LegalBasis):
        return str(row)
    if isinstance(row, Fee):
        return f"{row.name}：{row.amount}{f'，减免：{row.exemption}' if row.exemption else ''}"
    if isinstance(row, Paper):
        more = [] if row.required else ["非必要"]
        more += [f"{row.copies} 份"] if row.copies != 1 else []
        more += [f"限{'、'.join(row.scenarios)}"] if row.scenarios else []
        more += ["可容缺"] if row.deferrable else []
        return row.name + (f"（{'，'.join(more)}）" if more else "")
    if isinstance(row, Stage):
        return row.name + (f" {row.days} {UNITS.get(row.unit, row.unit)}" if row.days is not None else "")
    values = [words(getattr(row, name)) for name in type(row).__slots__]
    return "，".join(value for value in values if value)
