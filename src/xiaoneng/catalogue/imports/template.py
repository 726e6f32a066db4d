"""Our own spreadsheet among the files that can be imported: whole items, each with all its parts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from xiaoneng.catalogue.imports import workbook
from xiaoneng.catalogue.imports.identity import Identity, made_code
from xiaoneng.catalogue.imports.limits import is_longer
from xiaoneng.catalogue.imports.trouble import Problem
from xiaoneng.catalogue.imports.workbook import Listed
from xiaoneng.catalogue.sources.layout import Layout

KEY = "\ufdd0item"  # under which a row of ours carries its item; no column can be called so
LAYOUT = Layout("xiaoneng", "效能平台的事项表格", {"name": ("事项名称",), "code": ("编码",)}, typed=True)
_REGION = re.compile(r"[1-9]\d{5}(\d{3}(\d{3})?)?", re.ASCII)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")


def rows(data: bytes) -> list[tuple[int, Mapping[str, object] | Problem]]:
    """Return the items of a filled-in spreadsheet as rows, and what could not be used as problems."""
    items, problems = workbook.read(data)
    found: list[tuple[int, Mapping[str, object] | Problem]] = [
        (number, {KEY: each, "编码": each.code, "事项名称": each.content.name}) for number, each in items.items()
    ]
    return found + [(problem.row, problem) for problem in problems]


def understood(
    number: int, item: Listed, kinds: Collection[str]
) -> tuple[Identity | None, list[Problem]]:  # fmt: skip
    """Return whose an item of the spreadsheet is, or nothing where it cannot come in, and why."""
    content, found = item.content, []
    asked = (
        ("实施部门", item.department, bool(item.department), "请填写实施部门。"),
        ("行政区划代码", item.region_code, bool(_REGION.fullmatch(item.region_code)), "应为 6、9 或 12 位数字，请更正。"),
        ("行政区划名称", item.region, bool(item.region), "请填写行政区划名称。"),
        ("事项类型", content.kind, content.kind in kinds, f"应为下列之一：{'、'.join(kinds)}。"),
        (
            "编码", item.code, not item.code or bool(_CODE.fullmatch(item.code)),
            "只能有字母、数字、点和横线，最长 40 位；没有编码的留空。",
        ),
    )  # fmt: skip
    for field, value, fits, remedy in asked:
        if not fits:
            found.append(Problem(number, field, value, f"{field}不能用，本行未导入；{remedy}"))
    if content.statutory and content.promised and is_longer(content.promised, content.statutory):
        message = f"承诺时限（{content.promised}）长于法定时限（{content.statutory}），本行未导入；请核对两个时限。"
        found.append(Problem(number, "承诺办结时限", str(content.promised), message))
    for word, n, unit in (
        ("法定", content.statutory_n, content.statutory_unit),
        ("承诺", content.promised_n, content.promised_unit),
    ):
        if (n is None) != (not unit):
            message = f"{word}时限的数字和单位要一起填，本行未导入；请补上另一项。"
            found.append(Problem(number, f"{word}办结时限", str(n if n is not None else unit), message))
    if found:
        return None, found
    who = Identity(item.code, item.code, item.department[:80], "", item.region_code, item.region[:60])
    if not item.code:
        who = Identity(made_code(who, content.name), "", who.department, "", who.region_code, who.region)
    return who, found
