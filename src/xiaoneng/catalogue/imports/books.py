"""Workbooks from elsewhere: which sheets are the list, what merged cells mean, forms that stand upright."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import python_calamine

from xiaoneng.catalogue.imports import headings, sheets
from xiaoneng.catalogue.imports.trouble import Unreadable

ALIKE = 0.7  # of the columns of two sheets that are one list
SHEET = "工作表"  # the column that tells from which sheet a row is, where several are one list
FORM = 4  # labels that an upright form has at least
Numbered = tuple[int, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet among several that are one list: its name, and how many rows those before it count."""

    name: str
    before: int


@dataclass(frozen=True, slots=True)
class Book:
    """The rows of a workbook, the sheets that they are from if there are several, and the sheets that were not read."""

    rows: tuple[Numbered, ...]
    parts: tuple[Part, ...] = ()
    left_out: tuple[str, ...] = ()
    title: str = ""
    names: tuple[str, ...] = ()  # of all sheets that hold anything


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    length: int
    rows: tuple[Numbered, ...]
    title: str = ""

    @property
    def columns(self) -> frozenset[str]:
        """Return the names of its columns."""
        return frozenset(self.rows[0][1]) if self.rows else frozenset()

    @property
    def cells(self) -> int:
        """Count the cells that are filled."""
        return sum(1 for _, row in self.rows for cell in row.values() if cell)


def read(data: bytes, name: str, sheet: str = "") -> Book:
    """Return the rows of the sheet named, or of all sheets that are one list with the fullest.

    :raises Unreadable: it is no workbook, it is damaged, it has no such sheet, or nothing in it is a list
    """
    found = _sheets(data, name, sheet)
    listed = [each for each in found if each.rows]
    if not listed:
        raise Unreadable(sheets.NO_HEADING.format(name=name))
    fullest = max(listed, key=lambda each: each.cells)
    one = [each for each in listed if _alike(each.columns, fullest.columns)]
    names = tuple(sheets.sheet_names(data)) if sheet else tuple(each.name for each in found if each.length)
    left_out = tuple(each.name for each in found if each not in one and each.length)
    if len(one) == 1:
        return Book(fullest.rows, (), left_out, fullest.title, names)
    return Book(*_stacked(one), left_out, fullest.title, names)


def _alike(some: frozenset[str], others: frozenset[str]) -> bool:
    return len(some & others) >= ALIKE * len(some | others)


def _stacked(one: Sequence[_Sheet]) -> tuple[tuple[Numbered, ...], tuple[Part, ...]]:
    """Return the sheets as one table whose rows are counted through, each with the name of its sheet."""
    rows: list[Numbered] = []
    parts: list[Part] = []
    before = 0
    for each in one:
        parts.append(Part(each.name, before))
        rows += ((before + number, {**row, SHEET: each.name}) for number, row in each.rows)
        before += each.length
    return tuple(rows), tuple(parts)


def _sheets(data: bytes, name: str, sheet: str) -> list[_Sheet]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if sheet and sheet not in names:
            raise Unreadable(
                f"Excel 文件 {name} 里没有名为“{sheet}”的工作表。现有：{'、'.join(names)}。请选对后再导入。"
            )
        return [_sheet(book, each) for each in ([sheet] if sheet else names)]
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Unreadable(
            f"Excel 文件 {name} 打不开（可能已损坏或者设了密码），未导入任何内容。请在 Excel 里另存一份再导入。"
        ) from None


def _sheet(book: Any, name: str) -> _Sheet:
    known = book.get_sheet_by_name(name)
    table = [[sheets.cell_words(cell) for cell in row] for row in known.to_python(skip_empty_area=False)]
    length = len(table)
    if form := _form(table):
        return _Sheet(name, length, ((1, form),))
    columns, first = sheets.frame(table)
    if not columns:
        return _Sheet(name, length, ())
    _fill(table, first, known.merged_cell_ranges or ())
    return _Sheet(name, length, tuple(sheets.named(table, columns, first)), sheets.title(table, first))


def _fill(table: list[list[str]], first: int, merged: Sequence[Any]) -> None:
    """Write into every row below the heading what a merged cell that spans it says."""
    for (top, left), (bottom, _) in merged:
        if top < first or bottom <= top or top >= len(table) or left >= len(table[top]):
            continue
        for row in table[top + 1 : bottom + 1]:
            if left < len(row) and not row[left].strip():
                row[left] = table[top][left]


def _form(table: Sequence[Sequence[str]]) -> dict[str, object]:
    """Return what an upright form says, label by label: it has the labels of fields at the left, and values beside them."""
    pairs = [pair for row in table for pair in _pairs([cell.strip() for cell in row])]
    labels = [label for label, _ in pairs if headings.is_label(label)]
    if len(labels) < FORM or len(labels) < 0.5 * len(pairs) or len(set(labels)) < 0.8 * len(labels):
        return {}
    found: dict[str, object] = {}
    for label, value in pairs:
        found.setdefault(label, value)
    return found


def _pairs(row: Sequence[str]) -> Iterator[tuple[str, str]]:
    filled = [(place, cell) for place, cell in enumerate(row) if cell]
    if not filled or filled[0][0] > 1 or len(filled) > 4:
        return
    for (_, label), (_, value) in zip(filled[::2], filled[1::2], strict=False):
        yield label, value
