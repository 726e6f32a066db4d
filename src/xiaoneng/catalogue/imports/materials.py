"""The list of application materials that a row states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from xiaoneng.catalogue.imports.cells import Cells
from xiaoneng.catalogue.imports.parts import NO
from xiaoneng.catalogue.imports.plain import Told
from xiaoneng.catalogue.text import one_line, some_lines
from xiaoneng.rules.items.content import Paper
from xiaoneng.rules.items.lawful import is_catch_all

LONGEST = 300
WHAT = "申请材料"
MOST = 99  # copies; more is no number of copies
_NUMBERED = re.compile(r"^(?:[（(]?\d{1,2}[）)]|\d{1,2}[.、．](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[）)、])\s*")
_PIECES = re.compile(r"[\n；;]+")
_PIECES_OR_BARS = re.compile(r"[\n；;|]+|(?<=\w)、(?=\d)")
# What sources say of a material beside its name, by what their keys have in them; the first that fits counts.
_ABOUT = (
    ("copies", re.compile(r"份数|copies|copy_?num|quanti|count|数量|anzahl", re.IGNORECASE)),
    ("required", re.compile(r"必要|必须|是否必|need|must|requir|mandator|obrigat|obligat|necess|pflicht", re.IGNORECASE)),
    ("kind", re.compile(r"形式|类型|原件|form|type|tipo", re.IGNORECASE)),
    ("source", re.compile(r"来源|source|origem|origen", re.IGNORECASE)),
    ("basis", re.compile(r"依据|basis|legal", re.IGNORECASE)),
    ("note", re.compile(r"须知|说明|要求|备注|note|remark|hint|descri|observ", re.IGNORECASE)),
)  # fmt: skip
_OPTIONAL = re.compile(r"非必要|不必|可选|选填|容缺|否|optional", re.IGNORECASE)
_LENGTHS = {"kind": 20, "source": 60, "basis": 300, "note": 300}


def is_about(column: str) -> str:
    """Return what a column beside the materials says of each of them, or nothing."""
    return next((part for part, pattern in _ABOUT if pattern.search(column)), "")


def materials(cells: Cells, column: str) -> tuple[Paper, ...]:
    """Return the materials in their order; what is no clear demand is left out and noted."""
    value = cells.row.get(column)
    if isinstance(value, str):
        value = (_PIECES if cells.typed else _PIECES_OR_BARS).split(some_lines(value))
    if value is None and not cells.typed:
        return ()
    if not isinstance(value, list):
        cells.report(column, value, "申请材料应为列表，未采用；请改为列表，不需要材料的写“无”。")
        return ()
    found: dict[str, Paper] = {}
    for member in value:
        if name := _material(cells, column, member):
            if name in found:
                cells.report(column, name, "申请材料重复列出，只保留一份；请核对是否另有所指。")
            found.setdefault(name, Paper(name, **_about(member.about if isinstance(member, Told) else {})))
    return tuple(found.values())


def _about(said: Mapping[str, str]) -> dict[str, Any]:
    """Return what is said of a material beside its name, as parts of it; what cannot be read keeps the default."""
    found: dict[str, Any] = {}
    for key, words in said.items():
        part, text = is_about(key.rpartition(".")[2]), one_line(words)
        if not text or not part or part in found:
            continue
        if part == "copies":
            if (number := re.match(r"\d{1,3}", text)) and 0 < int(number[0]) <= MOST:
                found[part] = int(number[0])
        elif part == "required":
            found[part] = not (text.casefold() in NO or _OPTIONAL.search(text))
        elif not text.isdigit():
            found[part] = text[: _LENGTHS[part]]
    return found


def _material(cells: Cells, column: str, member: object) -> str:
    name = _NUMBERED.sub("", cells.word(column, WHAT, member))
    if not name or cells.is_nothing(name):
        return ""
    if is_catch_all(name):
        cells.report(column, name, "兜底性的材料名称，申请人无从知道要交什么，未采用；请写明具体材料。")
        return ""
    if len(name) > LONGEST:
        cells.report(column, name, f"材料名称超过 {LONGEST} 字，只保留了前 {LONGEST - 1} 字；请把说明移出名称。")
        return name[: LONGEST - 1] + "…"
    return name
