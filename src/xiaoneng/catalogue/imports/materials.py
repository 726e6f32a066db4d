"""The list of application materials that a row states."""

from __future__ import annotations

import re

from xiaoneng.catalogue.imports.cells import Cells
from xiaoneng.catalogue.text import some_lines
from xiaoneng.rules.items.lawful import is_catch_all

LONGEST = 300
WHAT = "申请材料"
_NUMBERED = re.compile(r"^(?:[（(]?\d{1,2}[）)]|\d{1,2}[.、．](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[）)、])\s*")
_PIECES = re.compile(r"[\n；;]+")
_PIECES_OR_BARS = re.compile(r"[\n；;|]+|(?<=\w)、(?=\d)")


def materials(cells: Cells, column: str) -> tuple[str, ...]:
    """Return the materials in their order; what is no clear demand is left out and noted."""
    value = cells.row.get(column)
    if isinstance(value, str):
        value = (_PIECES if cells.typed else _PIECES_OR_BARS).split(some_lines(value))
    if value is None and not cells.typed:
        return ()
    if not isinstance(value, list):
        cells.report(column, value, "申请材料应为列表，未采用；请改为列表，不需要材料的写“无”。")
        return ()
    found: dict[str, None] = {}
    for member in value:
        if name := _material(cells, column, member):
            if name in found:
                cells.report(column, name, "申请材料重复列出，只保留一份；请核对是否另有所指。")
            found[name] = None
    return tuple(found)


def _material(cells: Cells, column: str, member: object) -> str:
    name = _NUMBERED.sub("", cells.word(column, WHAT, member))
    if not name or name in cells.nothing:
        return ""
    if is_catch_all(name):
        cells.report(column, name, "兜底性的材料名称，申请人无从知道要交什么，未采用；请写明具体材料。")
        return ""
    if len(name) > LONGEST:
        cells.report(column, name, f"材料名称超过 {LONGEST} 字，只保留了前 {LONGEST - 1} 字；请把说明移出名称。")
        return name[: LONGEST - 1] + "…"
    return name
