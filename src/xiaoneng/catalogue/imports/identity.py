"""Whose item a row is and how it is called: its code, its department, its region."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from xiaoneng.catalogue.imports.cells import Cells
from xiaoneng.catalogue.sources.layout import Layout

DEPARTMENT, REGION = 80, 60
NATIONAL = re.compile(r"[0-9A-Z]{31}(?:[0-9A-Z]{2})?")
_UNFIT = re.compile(r"[^0-9A-Za-z._-]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who exercises an item where, and the codes under which it is known; without a code one is made."""

    code: str
    local_code: str
    department: str
    department_code: str
    region_code: str
    region: str


def identify(cells: Cells, layout: Layout) -> Identity | None:
    """Return whose item a row is, or nothing where that cannot be told; all that is missing is noted."""
    local, code = _code(cells, layout)
    department = cells.needed(_column(layout, "department"), "实施部门", DEPARTMENT)
    region_code, region = _region(cells, layout)
    if not (department and region_code and region) or (layout.typed and not code):
        return None
    if local and not code:
        code = own_code(region_code, local)
    department_code = cells.text(_column(layout, "department_code"), "机构代码", 30)
    return Identity(code, local, department, department_code, region_code, region)


def _column(layout: Layout, target: str) -> str:
    return layout.at(target) or f"[{target}]"


def _code(cells: Cells, layout: Layout) -> tuple[str, str]:
    """Return the code that the source gives, and the same if it is of the national form."""
    column = layout.at("code")
    if layout.typed:
        code = _strict_code(cells, layout)
        return code, code
    local = cells.text(column, "编码", 60) if column else ""
    return local, local if NATIONAL.fullmatch(local) else ""


def _strict_code(cells: Cells, layout: Layout) -> str:
    column = layout.at("code")
    code = cells.needed(column, "实施编码", 40)
    if not code:
        return ""
    lengths = "或 ".join(f"{length} " for length in sorted(layout.code_lengths))
    if layout.code_lengths and len(code) not in layout.code_lengths:
        cells.report(column, code, f"实施编码应为 {lengths}位，这里是 {len(code)} 位，本行未导入；请核对编码。")
    elif not re.fullmatch(r"[0-9A-Z]+", code):
        cells.report(column, code, "实施编码只能由数字和大写字母组成，本行未导入；请核对编码。")
    else:
        return code
    return ""


def _region(cells: Cells, layout: Layout) -> tuple[str, str]:
    column = _column(layout, "region_code")
    code = cells.needed(column, "行政区划代码", 12)
    name = cells.needed(_column(layout, "region"), "行政区划名称", REGION)
    if code and not re.fullmatch(r"[1-9]\d{5}(\d{3}(\d{3})?)?", code, re.ASCII):
        cells.report(column, code, "行政区划代码应为 6、9 或 12 位数字，本行未导入；请核对。")
        code = ""
    return code, name


def own_code(region_code: str, local: str) -> str:
    """Return the code of an item whose source numbers it in its own way: the same number of two regions differs."""
    plain = _UNFIT.sub("-", local).strip("-")
    # A number that lost signs or is too long could be that of another item: its hash tells them apart.
    if plain == local and len(plain) <= 27:
        return f"{region_code}-{plain}"
    return f"{region_code}-{plain[:14]}-{_hash(local)}"


def made_code(who: Identity, name: str) -> str:
    """Return the code of an item that its source does not number: the same name of the same department, the same code."""
    return f"{who.region_code}-{_hash(f'{who.department}|{name}', 16)}"


def apart(code: str, name: str) -> str:
    """Return the code of an item that its source numbers like another one."""
    return f"{code[:27]}-{_hash(name, 8)}"


def _hash(text: str, length: int = 12) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length].upper()
