"""Tables: CSV in whatever encoding and with whatever separator, and workbooks; where the heading is found first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

import python_calamine

from xiaoneng.catalogue.imports.trouble import Unreadable

SEPARATORS = ",\t;|"
SAMPLE = 30  # rows among which heading and separator are looked for
Numbered = tuple[int, Mapping[str, object]]


def decoded(data: bytes) -> str | None:
    """Return bytes as text in the encoding that they seem to have, or nothing where they are no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _as_text(data.decode(encoding, "replace"))
    if b"\0" in data[:4096]:
        return None
    try:
        return _as_text(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.start > len(data) * 0.2:  # a stray line in an otherwise sound file
            return _as_text(data.decode("utf-8", "replace"))
    return _as_text(data.decode("gb18030" if _in_pairs(data) else "cp1252", "replace"))


def _as_text(text: str) -> str | None:
    head = text[:20_000]
    odd = sum(1 for sign in head if (ord(sign) < 32 and sign not in "\t\r\n\f\v\x07\x0b") or sign == "\ufffd")
    return text if odd <= len(head) * 0.02 else None


def _in_pairs(data: bytes) -> bool:
    """Tell whether high bytes mostly come two and two, as in Chinese encodings; accents of Europe come alone."""
    head = data[:50_000]
    high = [place for place, byte in enumerate(head) if byte >= 0x80]
    known = set(high)
    paired = sum(1 for place in high if place + 1 in known or place - 1 in known)
    return bool(high) and paired > 0.6 * len(high)


def csv_rows(text: str, name: str) -> Iterator[Numbered]:
    """Give the rows of a table in text by the names of its heading, counted as a spreadsheet counts them.

    :raises Unreadable: there is no heading of at least two columns
    """
    csv.field_size_limit(10_000_000)
    plain = text.removeprefix("\ufeff").replace("\0", "")
    separator = _separator(plain)
    table = csv.reader(io.StringIO(plain, newline=""), delimiter=separator)
    try:
        yield from _named(list(table), name)
    except csv.Error as error:
        raise Unreadable(
            f"表格 {name} 读不下去（{error}）。请另存为 UTF-8 编码的 .csv 或 .xlsx 文件后再导入。"
        ) from None


def _separator(text: str) -> str:
    """Return the sign that cuts the first rows into the most columns of the same number."""

    def evenness(separator: str) -> tuple[float, int]:
        """Tell how many rows have the usual number of columns, and what that number is."""
        try:
            rows = [
                row for row, _ in zip(csv.reader(io.StringIO(text), delimiter=separator), range(SAMPLE), strict=False)
            ]
        except csv.Error:
            return 0, 0
        widths = [len(row) for row in rows if row]
        most = max(set(widths), key=lambda each: (widths.count(each), each), default=0)
        return (widths.count(most) / len(widths) if most > 1 else 0), most

    return max(SEPARATORS, key=evenness)


def sheet_names(data: bytes) -> list[str]:
    """Return the names of the sheets of a workbook, none where it cannot be opened."""
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    except (python_calamine.CalamineError, OSError, ValueError):
        return []


def workbook_rows(data: bytes, name: str, sheet: str) -> Iterator[Numbered]:
    """Give the rows of the fullest sheet of a workbook, or of the one named.

    :raises Unreadable: it is no workbook, it is damaged, or it has no such sheet
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if sheet and sheet not in names:
            raise Unreadable(
                f"Excel 文件 {name} 里没有名为“{sheet}”的工作表。现有：{'、'.join(names)}。请选对后再导入。"
            )
        tables = [
            book.get_sheet_by_name(each).to_python(skip_empty_area=False) for each in ([sheet] if sheet else names)
        ]
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Unreadable(
            f"Excel 文件 {name} 打不开（可能已损坏或者设了密码），未导入任何内容。请在 Excel 里另存一份再导入。"
        ) from None
    fullest = max(tables, key=lambda table: sum(1 for row in table for cell in row if cell != ""), default=[])
    yield from _named([[cell_words(cell) for cell in row] for row in fullest], name)


def cell_words(value: object) -> str:
    """Return the value of a cell of a workbook as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def _named(table: Sequence[Sequence[str]], name: str) -> Iterator[Numbered]:
    place = _heading(table)
    if place is None:
        raise Unreadable(f"文件 {name} 中没有一行可以读懂：找不到两栏以上的表头。请在第一行写上各栏的名称，再导入。")
    below = table[place + 1] if place + 1 < len(table) else ()
    two = _is_second_heading(table[place], below)
    heading = _joined(table[place], below) if two else [cell.strip() for cell in table[place]]
    names, first = _distinct(heading), place + (2 if two else 1)
    for number, row in enumerate(table[first:], start=first + 1):
        if any(cell.strip() for cell in row):
            yield number, {column: row[n] if n < len(row) else "" for n, column in enumerate(names)}


def _heading(table: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the heading: the first row nearly as full as the fullest; titles above it are passed over."""
    filled = [sum(1 for cell in row if cell.strip()) for row in table[:SAMPLE]]
    fullest = max(filled, default=0)
    if fullest < 2:
        return None
    return next(place for place, count in enumerate(filled) if count >= max(2, 0.6 * fullest))


def _is_second_heading(heading: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether the row below a heading parts its merged cells: it stands under these alone, and has no numbers."""
    filled = [place for place, cell in enumerate(below) if cell.strip()]
    if len(filled) < 2 or any(cell.strip()[:1].isdigit() for cell in below):
        return False
    gaps = {place for place in range(1, len(below)) if place < len(heading) and not heading[place].strip()}
    wide = gaps | {place - 1 for place in gaps}  # a merged cell and what it spans
    return bool(gaps & set(filled)) and set(filled) <= wide


def _joined(heading: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the names of two rows of headings: 办理时限 over 法定 is 法定办理时限."""
    names, above = [], ""
    for place in range(max(len(heading), len(below))):
        own = heading[place].strip() if place < len(heading) else ""
        part = below[place].strip() if place < len(below) else ""
        above = own or above
        names.append(f"{part}{above}" if part else own)
    return names


def _distinct(names: Sequence[str]) -> list[str]:
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        plain = " ".join(name.split()) or f"第 {place} 栏"
        serial = 2
        fresh = plain
        while fresh in found:
            fresh, serial = f"{plain}（{serial}）", serial + 1
        found.append(fresh)
    return found
