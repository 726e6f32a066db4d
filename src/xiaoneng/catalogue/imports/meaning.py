"""What one row of a catalogue file says of an item, in our words."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from xiaoneng.catalogue.actions import KINDS
from xiaoneng.catalogue.imports.cells import Cells
from xiaoneng.catalogue.imports.limits import NotALimit, is_longer, parse
from xiaoneng.catalogue.imports.materials import materials
from xiaoneng.catalogue.imports.trouble import Problem
from xiaoneng.catalogue.sources.layout import Layout
from xiaoneng.catalogue.text import one_line
from xiaoneng.rules.units import Limit

KIND_NAMES = frozenset(name for _, name, _ in KINDS)
NAME, DEPARTMENT, REGION, WORD, ALIAS, PHONES = 300, 80, 60, 30, 60, 200  # the lengths that the database holds
_APART = re.compile(r"[，,；;\s]+")
_APART_IN_A_LIST = re.compile(r"[，,；;、\s]+")
_BRACKET = re.compile(r"[()（）\[\]【】]")
_PHONE = re.compile(
    r"(?<!\d)(?:\d{3,4}[-－—]\d{7,8}(?:转\d+)?|1[3-9]\d{9}|\d{3,4}-\d{5}|[48]00-?\d{3}-?\d{4}|\d{7,8}|1[12]\d{3}|9\d{4,5})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """An item as a row states it, with everything unusable left out."""

    code: str
    name: str
    department: str
    department_code: str
    region_code: str
    region: str
    kind: str
    statutory: Limit | None
    promised: Limit | None
    conditions: str
    materials: tuple[str, ...]
    themes: tuple[str, ...]
    audience: tuple[str, ...]
    aliases: tuple[str, ...]
    online: bool
    location: str
    phone: str
    complaint_phone: str

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the meaning: the same for a repetition, another for a change."""
        plain = {name: getattr(self, name) for name in _MEANT}
        plain |= {"statutory": _plain(self.statutory), "promised": _plain(self.promised)}
        return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# What only names the surroundings is no part of what the item demands.
_MEANT = tuple(one.name for one in fields(Meaning) if one.name not in ("department_code", "region"))


def _plain(limit: Limit | None) -> str:
    return f"{limit.n} {limit.unit}" if limit else ""


def understand(number: int, row: Mapping[str, object], layout: Layout) -> tuple[Meaning | None, str, list[Problem]]:
    """Return what a row means (nothing where it cannot come in), the code it carries, and its problems."""
    cells = Cells(number, row, layout.nothing)
    code = _code(cells, layout)
    name = cells.needed(layout.item, "事项名称", NAME)
    department = cells.needed(layout.department, "实施部门", DEPARTMENT)
    region_code, region = _region(cells, layout)
    kind = _kind(cells, layout)
    written = row.get(layout.code)
    carried = one_line(written) if isinstance(written, str) else ""
    if not (code and name and department and region_code and region and kind):
        return None, carried, cells.problems
    statutory, promised = _limits(cells, layout)
    meaning = Meaning(
        code=code,
        name=name,
        department=department,
        department_code=cells.text(layout.department_code, "机构代码", 30),
        region_code=region_code,
        region=region,
        kind=kind,
        statutory=statutory,
        promised=promised,
        conditions=cells.text(layout.conditions, "受理条件", lines=True),
        materials=materials(cells, layout.materials),
        themes=cells.words(layout.themes, "主题分类", WORD),
        audience=cells.words(layout.audience, "服务对象", WORD),
        aliases=_aliases(cells, layout, name),
        online=_online(cells, layout),
        location=cells.text(layout.location, "办理地点", lines=True),
        phone=_phone(cells, layout.phone, "咨询电话"),
        complaint_phone=_phone(cells, layout.complaint_phone, "投诉电话"),
    )
    return meaning, code, cells.problems


def _code(cells: Cells, layout: Layout) -> str:
    code = cells.needed(layout.code, "实施编码", 40)
    if not code:
        return ""
    lengths = "或 ".join(f"{length} " for length in sorted(layout.code_lengths))
    if len(code) not in layout.code_lengths:
        cells.report(layout.code, code, f"实施编码应为 {lengths}位，这里是 {len(code)} 位，本行未导入；请核对编码。")
    elif not re.fullmatch(r"[0-9A-Z]+", code):
        cells.report(layout.code, code, "实施编码只能由数字和大写字母组成，本行未导入；请核对编码。")
    else:
        return code
    return ""


def _region(cells: Cells, layout: Layout) -> tuple[str, str]:
    code = cells.needed(layout.region_code, "行政区划代码", 12)
    name = cells.needed(layout.region, "行政区划名称", REGION)
    if code and not re.fullmatch(r"[1-9]\d{5}(\d{3}(\d{3})?)?", code, re.ASCII):
        cells.report(layout.region_code, code, "行政区划代码应为 6、9 或 12 位数字，本行未导入；请核对。")
        code = ""
    return code, name


def _kind(cells: Cells, layout: Layout) -> str:
    kind = cells.needed(layout.kind, "事项类型", NAME)
    if kind and kind not in KIND_NAMES:
        cells.report(
            layout.kind,
            kind,
            f"不认识的事项类型，本行未导入；应为下列之一：{'、'.join(name for _, name, _ in KINDS)}。",
        )
        return ""
    return kind


def _limits(cells: Cells, layout: Layout) -> tuple[Limit | None, Limit | None]:
    statutory = _limit(cells, layout.statutory, "法定办结时限")
    promised = _limit(cells, layout.promised, "承诺办结时限")
    if statutory and promised and is_longer(promised, statutory):
        message = f"承诺时限（{promised}）长于法定时限（{statutory}），承诺未采用，暂按法定时限办理；请核对两个时限。"
        cells.report(layout.promised, cells.row[layout.promised], message)
        promised = None
    return statutory, promised


def _limit(cells: Cells, column: str, what: str) -> Limit | None:
    words = cells.text(column, what)
    try:
        return parse(words) if words else None
    except NotALimit as refusal:
        cells.report(column, words, f"{what}：{refusal}")
        return None


def _aliases(cells: Cells, layout: Layout, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for column in layout.aliases:
        words = cells.text(column, "别名")
        apart = _APART if _BRACKET.search(words) else _APART_IN_A_LIST
        pieces = [piece for piece in apart.split(words) if piece and piece != name]
        found += [fit for piece in pieces if (fit := cells.fitting(column, "别名", piece, ALIAS))]
    return tuple(dict.fromkeys(found))


def _online(cells: Cells, layout: Layout) -> bool:
    value = cells.row.get(layout.online)
    known = {"1": True, "0": False, "是": True, "否": False}
    if isinstance(value, str) and value.strip() in known:
        return known[value.strip()]
    cells.report(layout.online, value, "看不出是否可以网上办理（应为 1 或 0），暂按不能网上办理；请更正。")
    return False


def _phone(cells: Cells, column: str, what: str) -> str:
    words = cells.text(column, what)
    if len(words) <= PHONES:
        return words
    numbers = "、".join(dict.fromkeys(_PHONE.findall(words)))[:PHONES]
    cells.report(
        column, words, f"{what}超过 {PHONES} 字，只取了其中的号码（{numbers or '没有找到'}）；请在来源处只填号码。"
    )
    return numbers
