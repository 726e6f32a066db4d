"""The further parts of an item that a row may carry: each is read by the sort of value that it holds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from xiaoneng.catalogue.imports.cells import Cells
from xiaoneng.catalogue.sources.layout import Layout
from xiaoneng.rules.items.content import Fee, LegalBasis, Rank
from xiaoneng.rules.items.labels import PARTS, Part

YES = frozenset(
    {"1", "是", "可", "可以", "支持", "有", "true", "yes", "y", "t", "√", "✓", "online", "si", "sí", "oui", "ja"}
)
NO = frozenset(
    {"0", "2", "否", "不", "不可以", "不支持", "无", "没有", "false", "no", "n", "f", "×", "offline", "non", "nein", ""}
)
SHORT = 20  # characters that every part with choices has room for
HERE = frozenset(
    [
        "name",
        "kind",
        "aliases",
        "online",
        "phone",
        "complaint_phone",
        "statutory_n",
        "statutory_unit",
        "promised_n",
        "promised_unit",
    ]
)
FREE = re.compile(
    r"不收费|免费|无收费|不收取|^否$|^0+(?:\.0+)?\s*元?$|\bfree\b|no fee|no charge|nil|gratuit|gratis|"
    r"gebührenfrei|kostenfrei|kostenlos|tasuta|무료|無料",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(?![\d.%])")
_FOREIGN = re.compile(r"[$€£₩₽원円]|USD|EUR|GBP|SGD|BRL|KRW|JPY|dollar|euro|pound|\bkr\b|zł|Kč|руб", re.IGNORECASE)
_LAW = re.compile(
    r"《([^》]{2,100})》\s*(?:[（(]([^（）()]*(?:令|号|〔|\[)[^（）()]*)[）)])?"
    r"\s*((?:第[一二三四五六七八九十百千零〇\d]+[条款项目编章节]?(?:之[一二三四五六七八九十]+)?[、，,和及至\s]*)*)"
)


def further(cells: Cells, layout: Layout) -> dict[str, Any]:
    """Return every further part that the mapping names a column for."""
    found: dict[str, Any] = {}
    for name, part in PARTS.items():
        if name in HERE or not (layout.at(name) or name in layout.constants):
            continue
        column = layout.at(name) or f"[{name}]"
        found[name] = _read(cells, column, part, layout)
    if column := layout.at("summary"):
        _add_summary(found, cells.text(column, "事项说明", lines=True))
    if column := layout.at("legal_bases"):
        text = cells.text(column, "设定依据", lines=True)
        found["legal_bases"] = legal_bases(text)
        found["basis"] = found.get("basis") or text
    if column := layout.at("fees"):
        found["fees"] = _fees(cells, column, layout)
    return found


def _read(cells: Cells, column: str, part: Part, layout: Layout) -> Any:
    if part.sort == "words":
        return cells.words(column, part.label, part.longest)
    if part.sort == "mark":
        return mark(cells, column, part.label)
    if part.sort == "number":
        return number(cells, column, part.label)
    texts = [cells.text(each, part.label, lines=part.sort == "text") for each in layout.all_at(part.name) or (column,)]
    text = (
        "\n".join(each for each in texts if each) if part.sort == "text" else " ".join(each for each in texts if each)
    )
    if part.choices and text and text not in part.choices:
        return _chosen(cells, column, part, text)
    if part.sort == "line" and len(text) > part.longest:
        cells.report(
            column, text, f"{part.label}超过 {part.longest} 字，只保留了前 {part.longest - 1} 字；请在来源处缩短。"
        )
        return text[: part.longest - 1] + "…"
    return text


def _chosen(cells: Cells, column: str, part: Part, text: str) -> str:
    """Return the one choice that a text has in it, or a short text as it is; anything else is left out and noted."""
    named = [each for each in part.choices if each in text]
    if len(named) == 1:
        return named[0]
    if len(text) <= SHORT:
        return text
    cells.report(column, text, f"{part.label}应为：{'、'.join(part.choices)}，未采用；请改为其中一个。")
    return ""


def mark(cells: Cells, column: str, what: str) -> bool:
    """Return yes or no; a text that is neither counts as yes if it is an address, else as no, and is noted."""
    text = cells.text(column, what).casefold()
    if text in YES or text.startswith(("http://", "https://", "是", "可")):
        return True
    if text not in NO and not text.startswith(("否", "不")):
        cells.report(column, text, f"看不出{what}是还是否（应为是或否），暂按否；请更正。")
    return False


def number(cells: Cells, column: str, what: str) -> int | None:
    """Return a small whole number, or nothing, noted."""
    text = cells.text(column, what)
    found = re.fullmatch(r"(\d{1,4})(?:\.0)?\s*次?", text)
    if text and not found:
        cells.report(column, text, f"{what}应为不小于 0 的整数，未采用；请更正。")
    return int(found[1]) if found else None


def legal_bases(text: str) -> tuple[LegalBasis, ...]:
    """Return the norms that a text cites: 《城镇燃气管理条例》（国务院令第583号）第十五条."""
    found: dict[tuple[str, str], LegalBasis] = {}
    for law, document, article in _LAW.findall(text):
        basis = LegalBasis(law.strip(), rank_of(law, document), document.strip()[:120], article.strip(" 、，,")[:120])
        found.setdefault((basis.law, basis.article), basis)
    return tuple(found.values())


def rank_of(law: str, document: str) -> Rank:
    """Return the rank that name and number of a norm give away; what they do not is left open."""
    if "国务院令" in document or "国务院令" in law:
        return Rank.ADMINISTRATIVE_REGULATION
    if law.startswith("国务院") and "决定" in law:
        return Rank.STATE_COUNCIL_DECISION
    if law.endswith("法") and not law.endswith(("办法", "做法", "方法")):
        return Rank.LAW
    if "主席令" in document:
        return Rank.LAW
    if re.search(r"[省区]人民政府令|[省区]政府令", document):
        return Rank.PROVINCIAL_RULE
    if re.search(r"(?:部|委|署|总局|局|行|会)令", document):
        return Rank.DEPARTMENT_RULE
    if re.match(r".{2,12}[省市州自治区]", law) and law.endswith("条例"):
        return Rank.LOCAL_REGULATION
    if re.search(r"发[〔\[(（]|通知|意见|函[〔\[]", document + law):
        return Rank.NORMATIVE_DOCUMENT
    return Rank.UNKNOWN


def _fees(cells: Cells, column: str, layout: Layout) -> tuple[Fee, ...]:
    text = cells.text(column, "收费标准")
    if not text or FREE.search(text) or text.casefold() in NO:
        return ()
    basis = cells.text(layout.at("fee_basis"), "收费依据") if layout.at("fee_basis") else ""
    if text.casefold() in YES:  # that there is a fee; how much stands beside it
        text = basis or "收费"
    amounts = sorted(Decimal(whole.replace(",", "") + part) for whole, part in _AMOUNT.findall(text))
    if not amounts or _FOREIGN.search(text) or len(text) > 60 or amounts[-1] >= Decimal(10) ** 12:
        return (Fee(text[:119] + "…" if len(text) > 120 else text, basis=basis[:300]),)
    rank = next((each.rank for each in legal_bases(basis)), Rank.UNKNOWN)
    name = "收费" if text.replace(",", "").replace(".", "").isdigit() else text
    return (Fee(name, amounts[0], amounts[-1], basis=basis[:300], basis_rank=rank),)


def _add_summary(found: dict[str, Any], text: str) -> None:
    """Put what the source says of an item in general where the guide tells what the item is about."""
    if text and not found.get("exercise_content"):
        found["exercise_content"] = text
