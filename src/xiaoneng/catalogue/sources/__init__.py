"""The known mappings of catalogue files: those that come with the platform, and those that editors have saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from xiaoneng.catalogue.models import SavedMapping
from xiaoneng.catalogue.sources.layout import BadMapping, Layout, from_text, to_text

HERE = Path(__file__).parent


@cache
def built_in() -> Mapping[str, Layout]:
    """Return the mappings that come with the platform, by name."""
    layouts = (from_text(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.toml")))
    return {layout.name: layout for layout in layouts}


def mappings() -> dict[str, Layout]:
    """Return every known mapping by name; a saved one that cannot be read any more is left out."""
    found = dict(built_in())
    for row in SavedMapping.objects.order_by("name"):
        try:
            found[row.name] = from_text(row.text)
        except BadMapping:
            continue
    return found


def fitting(rows: Iterable[Mapping[str, object]]) -> Layout | None:
    """Return the mapping whose necessary columns all stand in one of these rows, or nothing."""
    layouts = sorted(mappings().values(), key=lambda each: -sum(len(columns) for columns in each.columns.values()))
    for row in rows:
        for layout in layouts:
            if layout.fits(row) if layout.name in built_in() else layout.fits_exactly(row):
                return layout
    return None


def known() -> str:
    """Return the names of the known mappings for a message."""
    return "、".join(f"{layout.name}（{layout.title}）" for layout in mappings().values())


def save(layout: Layout, *, by: int, at: datetime) -> None:
    """Keep a mapping under its name, in place of an earlier one of that name.

    :raises BadMapping: the name belongs to a mapping that comes with the platform.
    """
    if layout.name in built_in():
        raise BadMapping(f"“{layout.name}”是平台自带的对照表，不能覆盖。请换一个名称。")
    SavedMapping.objects.update_or_create(
        name=layout.name,
        defaults={"title": layout.title, "text": to_text(layout), "made_by": by, "made_at": at},
    )
