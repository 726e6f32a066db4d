"""Tables: CSV in whatever encoding and with whatever separator; where the heading of a table is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

import python_calamine

from xiaoneng.catalogue.imports.trouble import Unreadable

SEPARATORS = ",\t;|"
SAMPLE = 30  # rows among which heading and separator are looked for
SECTION = "分节"  # the column that tells under which line across the table a row stands
NO_HEADING = "文件 {name} 中没有一行可以读懂：找不到两栏以上的表头。请在第一行写上各栏的名称，再导入。"
_MARKED = re.compile(r"[:：]")
_SECTION = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．章节部分]+|[（(][一二三四五六七八九十]{1,3}[)）])\s*(.{2,40}?)\s*(?:[（(][^（()）]*[)）])?"
)
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


def csv_rows(text: str, name: str) -> tuple[list[Numbered], str]:
    """Return the rows of a table in text by the names of its heading, counted as a spreadsheet does, and what is above it.

    :raises Unreadable: there is no heading of at least two columns
    """
    csv.field_size_limit(10_000_000)
    plain = text.removeprefix("\ufeff").replace("\0", "")
    separator = _separator(plain)
    table = csv.reader(io.StringIO(plain, newline=""), delimiter=separator)
    try:
        known = list(table)
        names, first = frame(known)
        rows = list(named(known, names, first))
    except csv.Error as error:
        raise Unreadable(
            f"表格 {name} 读不下去（{error}）。请另存为 UTF-8 编码的 .csv 或 .xlsx 文件后再导入。"
        ) from None
    if not names:
        raise Unreadable(NO_HEADING.format(name=name))
    return rows, title(known, first)


def title(table: Sequence[Sequence[str]], first: int) -> str:
    """Return what stands above the heading of a table in one cell, and is no remark such as 填报单位：某局."""
    above = ([cell.strip() for cell in row if cell.strip()] for row in table[:first])
    return next((row[0][:200] for row in above if len(row) == 1 and not _MARKED.search(row[0])), "")


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


def frame(table: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Return the names of the columns of a table and the place of its first row; no names where it has no heading."""
    place = _heading(table)
    if place is None:
        return [], 0
    below = table[place + 1] if place + 1 < len(table) else ()
    two = _is_second_heading(table[place], below)
    heading = _joined(table[place], below) if two else [cell.strip() for cell in table[place]]
    return _distinct(heading), place + (2 if two else 1)


def named(table: Sequence[Sequence[str]], names: Sequence[str], first: int) -> Iterator[Numbered]:
    """Give the rows of a table by the names of its columns, and with the line across the table under which each stands."""
    section, parted = "", any(_section(row) for row in table[first:])
    for number, row in enumerate(table[first:], start=first + 1):
        if parted and (begun := _section(row)):
            section = begun
        elif any(cell.strip() for cell in row):
            content = {column: row[n] if n < len(row) else "" for n, column in enumerate(names)}
            yield number, content | {SECTION: section} if parted else content


def _section(row: Sequence[str]) -> str:
    """Return what a row across the whole table says that parts it, 二、市民政局（共 3 项）, or nothing."""
    filled = [cell.strip() for cell in row if cell.strip()]
    found = _SECTION.fullmatch(filled[0]) if len(filled) == 1 and len(row) > 2 and row[0].strip() else None
    return found[1].strip() if found else ""


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
        names.append(f"{part}{above}" if part and part != above else own or part)
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
