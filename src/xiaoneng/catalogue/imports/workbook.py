"""Our own spreadsheet: one sheet of items and one for each part that is rows; written, filled in, and read back."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import openpyxl
import python_calamine
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xiaoneng.catalogue.imports.cellwords import Wrong, flat_value, flat_words, row_of, row_words
from xiaoneng.catalogue.imports.sheets import cell_words
from xiaoneng.catalogue.imports.trouble import Problem, Unreadable, shown
from xiaoneng.rules.items.content import FLAT, Content
from xiaoneng.rules.items.labels import PARTS, ROW_COLUMNS, ROW_LABELS, UNITS

ITEMS = "事项"
WHOSE = (("code", "编码"), ("department", "实施部门"), ("region_code", "行政区划代码"), ("region", "行政区划名称"))
HEADS = {label: name for name, label in WHOSE} | {PARTS[name].label: name for name in FLAT}
_SHEETS = {label: name for name, label in ROW_LABELS.items()}
_MARK = PatternFill("solid", fgColor="EEF2F6")


@dataclass(frozen=True, slots=True)
class Listed:
    """An item with whose it is, as a line of the spreadsheet."""

    code: str
    department: str
    region_code: str
    region: str
    content: Content


def write(items: Iterable[Listed], kinds: Sequence[str]) -> bytes:
    """Return the workbook of some items; of none it is the empty form."""
    known = list(items)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = ITEMS
    units = {part.label: tuple(UNITS.values()) for part in PARTS.values() if part.sort == "unit"}
    _head(sheet, list(HEADS), {part.label: part.choices for part in PARTS.values()} | units | {"事项类型": kinds})
    for each in known:
        whose = [each.code, each.department, each.region_code, each.region]
        sheet.append([*whose, *(_safe(flat_words(name, getattr(each.content, name))) for name in FLAT)])
    for part, columns in ROW_COLUMNS.items():
        rows = book.create_sheet(ROW_LABELS[part])
        _head(rows, ["编码", *(label for _, label in columns)], {})
        for each in known:
            for row in getattr(each.content, part):
                words = [row_words(part, name, getattr(row, name)) for name, _ in columns]
                rows.append([each.code, *(_safe(word) for word in words)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(words: str) -> str:
    """Return words that no spreadsheet takes for a formula or refuses to hold."""
    plain = "".join(sign for sign in words if sign >= " " or sign in "\n\t")[:32_000]
    return f"'{plain}" if plain[:1] in ("=", "+", "-", "@") and len(plain) > 1 else plain


def _head(sheet: Worksheet, labels: Sequence[str], choices: Mapping[str, Sequence[str]]) -> None:
    sheet.append(list(labels))
    sheet.freeze_panes = "B2"
    for n, label in enumerate(labels, start=1):
        cell = sheet.cell(1, n)
        cell.font, cell.fill, cell.alignment = Font(bold=True), _MARK, Alignment(vertical="top", wrap_text=True)
        sheet.column_dimensions[get_column_letter(n)].width = min(40, max(12, 2 * len(label) + 4))
        if choices.get(label):
            rule = DataValidation("list", formula1=f'"{",".join(choices[label])}"', allow_blank=True)
            if len(rule.formula1) < 256:
                sheet.add_data_validation(rule)
                rule.add(f"{get_column_letter(n)}2:{get_column_letter(n)}5000")


def is_ours(sheet_names: Sequence[str]) -> bool:
    """Tell whether a workbook is our own form, by its sheets."""
    return ITEMS in sheet_names and ROW_LABELS["materials"] in sheet_names and ROW_LABELS["duties"] in sheet_names


def read(data: bytes) -> tuple[dict[int, Listed], list[Problem]]:
    """Return the items of a filled-in workbook by their rows, and every cell that cannot be used.

    :raises Unreadable: it is no workbook, or not our form
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not is_ours(book.sheet_names):
            raise Unreadable("这不是清单的表格：缺少“事项”等工作表。请下载表格，在其中填写后再上传。")
        tables = {name: _table(book, name) for name in book.sheet_names}
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Unreadable("这个 Excel 文件打不开（可能已损坏或者设了密码）。请在 Excel 里另存一份再上传。") from None
    problems: list[Problem] = []
    rows = {part: _rows_by_code(part, tables.get(label, []), problems) for label, part in _SHEETS.items()}
    items = _items(tables[ITEMS], rows, problems)
    codes = {each.code for each in items.values()}
    for part, found in rows.items():
        for code in set(found) - codes:
            message = f"工作表“{ROW_LABELS[part]}”里的编码 {code} 不在“事项”里，这几行未采用；请核对编码。"
            problems.append(Problem(0, ROW_LABELS[part], code, message))
    return items, problems


def _table(book: Any, name: str) -> list[list[str]]:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [[cell_words(cell).removeprefix("'").strip() for cell in row] for row in rows]


def _rows_by_code(part: str, table: Sequence[Sequence[str]], problems: list[Problem]) -> dict[str, list[Any]]:
    names = {label: name for name, label in ROW_COLUMNS[part]}
    found: dict[str, list[Any]] = defaultdict(list)
    head = table[0] if table else []
    for number, row in enumerate(table[1:], start=2):
        cells = dict(zip(head, row, strict=False))
        code = cells.pop("编码", "")
        given = {names[label]: words for label, words in cells.items() if label in names}
        if not any(given.values()):
            continue
        try:
            found[code].append(row_of(part, given))
        except Wrong as refusal:
            words = shown("，".join(word for word in given.values() if word))
            problems.append(Problem(number, ROW_LABELS[part], words, str(refusal)))
    return found


def _items(
    table: Sequence[Sequence[str]], rows: Mapping[str, Mapping[str, list[Any]]], problems: list[Problem]
) -> dict[int, Listed]:
    found: dict[int, Listed] = {}
    head = table[0] if table else []
    for number, row in enumerate(table[1:], start=2):
        cells = dict(zip(head, row, strict=False))
        if not any(cells.values()):
            continue
        values: dict[str, Any] = {}
        for label, name in HEADS.items():
            words = cells.get(label, "")
            try:
                values[name] = flat_value(name, words) if name in PARTS else words
            except Wrong as refusal:
                problems.append(Problem(number, label, shown(words), f"{refusal}该项未采用。"))
        code, department, region_code, region = (str(values.pop(name, "")) for name, _ in WHOSE)
        if not values.get("name") or not values.get("kind"):
            message = "缺少事项名称或者事项类型，本行未导入；请补上。"
            problems.append(Problem(number, "事项名称", values.get("name", ""), message))
            continue
        parts = {part: tuple(by_code.get(code, ())) for part, by_code in rows.items()}
        known = {each.name for each in fields(Content)}
        content = Content(**{name: value for name, value in (values | parts).items() if name in known})
        found[number] = Listed(code, department, region_code, region, content)
    return found
