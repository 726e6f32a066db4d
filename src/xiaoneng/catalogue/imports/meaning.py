"""What one row of a catalogue file says of an item, in our words."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from xiaoneng.catalogue.imports import identity, parts, template
from xiaoneng.catalogue.imports.cells import Cells
from xiaoneng.catalogue.imports.identity import Identity
from xiaoneng.catalogue.imports.kinds import kind_of
from xiaoneng.catalogue.imports.limits import NotALimit, at_once, both, is_longer, parse, unit_named
from xiaoneng.catalogue.imports.materials import materials
from xiaoneng.catalogue.imports.plain import flat
from xiaoneng.catalogue.imports.trouble import Problem
from xiaoneng.catalogue.imports.workbook import Listed
from xiaoneng.catalogue.sources.layout import Layout
from xiaoneng.catalogue.text import one_line
from xiaoneng.rules.items.content import Content, Paper
from xiaoneng.rules.items.labels import UNITS
from xiaoneng.rules.units import Limit

IN_LANGUAGES = ("name", "department")  # what sources give in several languages
_LANGUAGE = re.compile(r"[a-z]{2}(?:[_-][A-Za-z]{2,4})?")
NAME, DEPARTMENT, REGION, WORD, ALIAS, PHONES = 300, 80, 60, 30, 60, 200  # the lengths that the database holds
_APART = re.compile(r"[，,；;\s]+")
_APART_IN_A_LIST = re.compile(r"[，,；;、\s]+")
_BRACKET = re.compile(r"[()（）\[\]【】]")
_PHONE = re.compile(
    r"(?<!\d)(?:\d{3,4}[-－—]\d{7,8}(?:转\d+)?|1[3-9]\d{9}|\d{3,4}-\d{5}|[48]00-?\d{3}-?\d{4}|\d{7,8}|1[12]\d{3}|9\d{4,5})(?!\d)"
)
_TOTAL = re.compile(
    r"(?:小|合|总|共)\s*计(?:[:：\s\d项个条共]|$)|(?:(?:sub|grand )?total|gesamt|summe|insgesamt|kokku|totaal|итого)\b(?!\s+[a-z])|"
    r"(?:합계|소계|총계|계|計|合計)$",
    re.IGNORECASE,
)
_REMARK = re.compile(r"(?:注|备注|说明|填表说明|注释|附注|note|remark|anmerkung)s?\s*[:：]", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """An item as a row states it, with everything unusable left out."""

    code: str
    local_code: str
    department: str
    department_code: str
    region_code: str
    region: str
    content: Content

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the meaning: the same for a repetition, another for a change."""
        # What only names the surroundings is no part of what the item demands, and what is not said is left out.
        plain = [self.code, self.department, self.region_code, self.content.online, *self.content.said()]
        return hashlib.sha256(json.dumps(plain, ensure_ascii=False, default=str).encode()).hexdigest()


def _total(cells: Cells, layout: Layout) -> list[Problem]:
    """Tell that a row is a sum under others, which is its only problem; nothing if it is none."""
    if layout.typed:
        return []
    column, words = _first(cells, layout)
    if _TOTAL.match(words):
        cells.report(column, words, "这一行像是小计或者合计，不是事项，未导入；确是事项的，请改名称。")
    elif _REMARK.match(words) and not cells.text(layout.at("name"), "事项名称"):
        cells.report(column, words, "这一行像是表下的说明，不是事项，未导入；确是事项的，请补上名称。")
    return cells.problems


def _first(cells: Cells, layout: Layout) -> tuple[str, str]:
    """Return the column and the words that a row begins with, or those of its name if they say that it is a sum."""
    name = layout.at("name")
    said = one_line(str(cells.row.get(name) or ""))
    if _TOTAL.match(said):
        return name, said
    return next(
        ((column, one_line(str(each))) for column, each in cells.row.items() if str(each or "").strip()), ("", "")
    )


def understand(
    number: int, row: Mapping[str, object], layout: Layout, kinds: Collection[str]
) -> tuple[Meaning | None, str, list[Problem]]:
    """Return what a row means (nothing where it cannot come in), the code it carries, and its problems."""
    if isinstance(item := row.get(template.KEY), Listed):
        own, problems = template.understood(number, item, kinds)
        return (_meaning(own, own.code, item.content) if own else None), item.code, problems
    row = completed(row, layout)
    if problems := _total(Cells(number, row, layout.nothing, typed=layout.typed), layout):
        return None, _carried(row, layout), problems
    cells = Cells(number, row, layout.nothing, typed=layout.typed)
    who = identity.identify(cells, layout)
    name = cells.needed(layout.at("name"), "事项名称", NAME)
    kind = _kind(cells, layout, kinds)
    if not (who and name and kind):
        _parts(cells, layout, name)  # whoever mends the row learns at once of everything that is wrong in it
        return None, _carried(row, layout), cells.problems
    code = who.code or identity.made_code(who, name)
    content = Content(name=name, kind=kind, **_parts(cells, layout, name))
    return _meaning(who, code, content), code, cells.problems


def _meaning(who: Identity, code: str, content: Content) -> Meaning:
    return Meaning(code, who.local_code, who.department, who.department_code, who.region_code, who.region, content)


def completed(row: Mapping[str, object], layout: Layout) -> Mapping[str, object]:
    """Return a row with every value as text (unless its types are meant) and with what the mapping gives for all rows."""
    plain = dict(row) if layout.typed else flat(row)
    for target, value in layout.constants.items():
        column = layout.at(target) or f"[{target}]"
        if not str(plain.get(column) or "").strip():
            plain[column] = value
    if len(names := layout.all_at("name")) > 1:
        plain[names[0]] = next((plain[each] for each in reversed(names) if str(plain.get(each) or "").strip()), "")
    for target in IN_LANGUAGES:
        if (column := layout.at(target)) and not str(plain.get(column) or "").strip():
            plain[column] = _in_another_language(plain, column) or plain.get(column)
    return plain


def _in_another_language(plain: Mapping[str, object], column: str) -> object:
    """Return what stands beside an empty title.en, such as title.et, or a title that is in no language."""
    above, dot, last = column.rpartition(".")
    if dot and isinstance(plain.get(above), str) and plain[above]:
        return plain[above]
    if not dot or not _LANGUAGE.fullmatch(last):
        return None
    beside = (name for name in plain if name.startswith(above + dot) and _LANGUAGE.fullmatch(name[len(above) + 1 :]))
    return next((plain[name] for name in beside if plain[name]), None)


def column_of(layout: Layout, target: str) -> str:
    """Return the column that carries a field, or the place of the constant that stands for it."""
    return layout.at(target) or (f"[{target}]" if target in layout.constants else "")


def _carried(row: Mapping[str, object], layout: Layout) -> str:
    written = row.get(layout.at("code"))
    return one_line(written) if isinstance(written, str) else ""


def _kind(cells: Cells, layout: Layout, kinds: Collection[str]) -> str:
    column = column_of(layout, "kind")
    if not column and layout.other_kind:
        return layout.other_kind
    written = cells.needed(column, "事项类型", NAME) if not layout.other_kind else cells.text(column, "事项类型", NAME)
    if not written:
        return layout.other_kind
    found = kind_of(written, kinds, layout.kinds) if not layout.typed else (written if written in kinds else "")
    if found in kinds:
        return found
    if layout.other_kind:
        cells.report(
            column, written, f"不认识的事项类型，暂按“{layout.other_kind}”导入；请在对照表里写明它相当于哪一种。"
        )
        return layout.other_kind
    cells.report(column, written, f"不认识的事项类型，本行未导入；应为下列之一：{'、'.join(kinds)}。")
    return ""


def _parts(cells: Cells, layout: Layout, name: str) -> dict[str, Any]:
    statutory, promised = _limits(cells, layout)
    found: dict[str, Any] = {
        "statutory_n": statutory.n if statutory else None,
        "statutory_unit": statutory.unit if statutory else "",
        "promised_n": promised.n if promised else None,
        "promised_unit": promised.unit if promised else "",
        "materials": _materials(cells, layout),
        "aliases": _aliases(cells, layout, name),
        "online": _online(cells, layout),
        "phone": _phone(cells, layout.at("phone"), "咨询电话"),
        "complaint_phone": _phone(cells, layout.at("complaint_phone"), "投诉电话"),
    }
    return parts.further(cells, layout) | found


def _materials(cells: Cells, layout: Layout) -> tuple[Paper, ...]:
    column = layout.at("materials")
    return materials(cells, column) if column else ()


def _limits(cells: Cells, layout: Layout) -> tuple[Limit | None, Limit | None]:
    cells.row = _parted(cells, layout)
    statutory = _limit(cells, layout, "statutory", "法定办结时限")
    promised = _limit(cells, layout, "promised", "承诺办结时限")
    if statutory and promised and is_longer(promised, statutory):
        message = f"承诺时限（{promised}）长于法定时限（{statutory}），承诺未采用，暂按法定时限办理；请核对两个时限。"
        cells.report(layout.at("promised"), cells.row[layout.at("promised")], message)
        promised = None
    return statutory, promised


def _parted(cells: Cells, layout: Layout) -> Mapping[str, object]:
    """Return the row with both limits in columns of their own, where one cell says both: 法定：20；承诺：10."""
    for target, other in (("promised", "statutory"), ("statutory", "promised")):
        column = layout.at(target)
        said = cells.row.get(column)
        if column and isinstance(said, str) and not layout.typed and any(words := both(said)):
            beside = layout.at(other) or f"[{other}]"
            told = dict(zip(("statutory", "promised"), words, strict=True))
            return {**cells.row, column: told[target], beside: cells.row.get(beside) or told[other]}
    return cells.row


def _limit(cells: Cells, layout: Layout, which: str, what: str) -> Limit | None:
    column = layout.at(which) or f"[{which}]"
    words = cells.text(column, what) if column in cells.row else ""
    if not words:
        return None
    said = cells.text(layout.at(f"{which}_unit"), f"{what}单位") if layout.at(f"{which}_unit") else ""
    named = unit_named(said)
    bare = named or layout.units.get(which, "") or layout.bare_days
    # A number that stands beside a unit of its own is that unit, whatever it is; one without may only be days.
    text = f"{words}({UNITS.get(named, said)})" if said and _NUMBER.fullmatch(words) else words
    if at_once(said):
        text = said
    try:
        return parse(text, bare)
    except NotALimit as refusal:
        cells.report(column, words, f"{what}：{refusal}")
        return None


def _aliases(cells: Cells, layout: Layout, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for column in layout.all_at("aliases"):
        words = cells.text(column, "别名")
        apart = _APART if _BRACKET.search(words) else _APART_IN_A_LIST
        if words.isascii():
            apart = re.compile(r"\s*[,;|]\s*")  # words of Latin letters have blanks inside
        pieces = [piece for piece in apart.split(words) if piece and piece != name]
        found += [fit for piece in pieces if (fit := cells.fitting(column, "别名", piece, ALIAS))]
    return tuple(dict.fromkeys(found))


def _online(cells: Cells, layout: Layout) -> bool:
    column = layout.at("online")
    if not column:
        return False
    if not layout.typed:
        return parts.mark(cells, column, "网上办理")
    value = cells.row.get(column)
    known = {"1": True, "0": False, "是": True, "否": False}
    if isinstance(value, str) and value.strip() in known:
        return known[value.strip()]
    cells.report(column, value, "看不出是否可以网上办理（应为 1 或 0），暂按不能网上办理；请更正。")
    return False


def _phone(cells: Cells, column: str, what: str) -> str:
    words = cells.text(column, what) if column else ""
    if len(words) <= PHONES:
        return words
    numbers = "、".join(dict.fromkeys(_PHONE.findall(words)))[:PHONES]
    cells.report(
        column, words, f"{what}超过 {PHONES} 字，只取了其中的号码（{numbers or '没有找到'}）；请在来源处只填号码。"
    )
    return numbers
