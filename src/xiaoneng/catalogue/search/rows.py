"""What lists say of items, and what a search hands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from xiaoneng.catalogue.search import keys
from xiaoneng.kit import asking
from xiaoneng.rules import units

RANKED = 300  # hits among which the best are sought; a longer list is no help to anybody
KEYS = "sought_keys(name, rest, initials, headings)"  # as the index has them
PAGE = 200  # the longest page
EX_OFFICIO = "本事项由部门依职权办理，不需要申请。"
NO_LIMIT = "本事项尚未设定办理时限，暂不开放申请；可拨打咨询电话了解。"

_LINES = """
    SELECT json_agg(json_build_array(i.code, v.name, d.name, k.name, v.promised_unit, v.promised_n, v.statutory_unit,
      v.statutory_n, k.on_application, v.online, r.name, r.level, v.season) ORDER BY place)
    FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)
    JOIN catalogue_itemversion v USING (id) JOIN catalogue_item i ON i.id = v.item_id
    JOIN catalogue_powerkind k ON k.code = v.kind_id JOIN org_department d ON d.id = i.department_id
    JOIN org_region r ON r.id = d.region_id"""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """What a list says of an item."""

    code: str
    name: str
    department: str
    kind: str
    promised: str
    statutory: str
    open: bool
    closed_reason: str
    online: bool
    region: str
    level: int
    season: str = ""  # when it is open, where it is not open all the year


@dataclass(frozen=True, slots=True)
class Found:
    """A page of items and how many there are.

    Approximate where nothing carries the very words; `more` where there are more than `total`, which then is as many as
    are ranked; `also` the words under which was looked too.
    """

    total: int
    rows: tuple[ItemLine, ...]
    approximate: bool = False
    more: bool = False
    also: tuple[str, ...] = ()
    ids: tuple[int, ...] = field(default=(), compare=False, repr=False)  # of everything ranked, for headings_of()
    beside: int = 0  # how many follow those that carry the very words, found in other ways

    @property
    def reachable(self) -> int:
        """Return how many of them can be leafed to."""
        return min(self.total, RANKED) + self.beside


@dataclass(frozen=True, slots=True)
class Choice:
    """The headings under which everything found must stand."""

    department: int | None = None
    kind: str = ""
    theme: str = ""
    audience: str = ""
    who: str = ""  # person | enterprise
    level: int | None = None
    online: bool = False
    instant: bool = False
    open: bool = False  # it can be applied for

    def keys(self) -> list[str]:
        """Return the keys of the headings."""
        chosen: tuple[tuple[str, object], ...] = (
            ("department", self.department), ("kind", self.kind), ("theme", self.theme), ("audience", self.audience),
            ("who", self.who), ("level", self.level), ("online", int(self.online) or None),
            ("instant", int(self.instant) or None), ("open", int(self.open) or None),
        )  # fmt: skip
        return [keys.heading(name, value) for name, value in chosen if value not in (None, "")]


def lines(versions: Sequence[int]) -> tuple[ItemLine, ...]:
    """Return the lines of versions in the order in which they are named."""
    if not versions:
        return ()
    return told(asking.only(_LINES, [list(versions)])[0])


def told(rows: str | list[Any] | None) -> tuple[ItemLine, ...]:
    """Return the lines that the database tells as JSON."""
    # A listener's connection leaves JSON as it came.
    return tuple(_line(*row) for row in (orjson.loads(rows) if isinstance(rows, str) else rows or ()))


def _line(
    code: str, name: str, department: str, kind: str, promised_unit: str, promised_n: int | None, statutory_unit: str,
    statutory_n: int | None, on_application: bool, online: bool, region: str, level: int,
    season: str,
) -> ItemLine:  # fmt: skip
    has_limit = statutory_n is not None or promised_n is not None
    reason = closed_reason(on_application=on_application, has_limit=has_limit)
    promised, statutory = _spoken(promised_unit, promised_n), _spoken(statutory_unit, statutory_n)
    return ItemLine(
        code, name, department, kind, promised, statutory, not reason, reason, online, region, level, season
    )  # fmt: skip


def closed_reason(*, on_application: bool, has_limit: bool) -> str:
    """Return why nobody can apply for an item now, or nothing."""
    if not on_application:
        return EX_OFFICIO
    return "" if has_limit else NO_LIMIT


@lru_cache(maxsize=1000)
def _spoken(unit: str, n: int | None) -> str:
    if n is None:
        return ""
    return str(units.limit(unit, n)) if n else "当场办结"
