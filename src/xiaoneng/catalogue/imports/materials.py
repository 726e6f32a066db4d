"""The list of application materials that a row states."""

from __future__ import annotations

import re

from xiaoneng.catalogue.imports.cells import Cells
from xiaoneng.catalogue.text import some_lines

LONGEST = 300
WHAT = "申请材料"
_NUMBERED = re.compile(r"^(?:[（(]?\d{1,2}[）)]|\d{1,2}[.、．](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[）)、])\s*")
_PIECES = re.compile(r"[\n；;]+")
# A name that says no more than "other", "relevant" or "required" material: no applicant can know what is meant.
_EMPTY_WORDS = (
    "其他 其它 有关 相关 等 各种 各类 必要 必需 需要 要求 规定 应当 所需 提供 提交 补充 证明 辅助 佐证 法律 法规 规章 "
    "行政机关 审批机关 部门 单位 申请 办理 认为 的 和 及 与 、"
)
_VAGUE = "|".join(_EMPTY_WORDS.split())
_CATCH_ALL = re.compile(
    rf"(?:{_VAGUE})*(?:其他|其它|有关|相关|等|必要|需要|所需|规定|要求)(?:{_VAGUE})*(?:材料|资料|文件|证件)?"
)
_LONGEST_CATCH_ALL = 40  # a longer name says something


def materials(cells: Cells, column: str) -> tuple[str, ...]:
    """Return the materials in their order; what is no clear demand is left out and noted."""
    value = cells.row.get(column)
    if isinstance(value, str):
        value = _PIECES.split(some_lines(value))
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


def is_catch_all(name: str) -> bool:
    """Tell whether a name demands material without saying which: 其他材料, 有关材料, 法律法规规定的其他材料."""
    core = re.sub(r"[\s（）()“”\"。.，,]", "", name)
    if len(core) > _LONGEST_CATCH_ALL:
        return False
    return core in ("材料", "资料", "文件", "证件") or _CATCH_ALL.fullmatch(core) is not None
