"""The known layouts of catalogue files; a new one is a module with a table of columns, entered in MAPPINGS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiaoneng.catalogue.sources.guangdong import GUANGDONG
from xiaoneng.catalogue.sources.layout import Layout

MAPPINGS: Mapping[str, Layout] = {layout.name: layout for layout in (GUANGDONG,)}


def fitting(rows: Iterable[Mapping[str, object]]) -> Layout | None:
    """Return the layout whose necessary columns all stand in one of these rows, or nothing."""
    for row in rows:
        for layout in MAPPINGS.values():
            if layout.fits(row):
                return layout
    return None


def known() -> str:
    """Return the names of the known layouts for a message."""
    return "、".join(f"{layout.name}（{layout.title}）" for layout in MAPPINGS.values())
