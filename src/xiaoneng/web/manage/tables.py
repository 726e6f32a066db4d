"""A small table in a file, read as lines: text, CSV or a spreadsheet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from python_calamine import CalamineError, CalamineWorkbook

from xiaoneng.kit.amiss import Amiss

LARGEST = 1024 * 1024
MOST_ROWS = 500


def lines_of(file: UploadedFile[Any]) -> str:
    """Return the rows of a file as lines, cells parted by blanks.

    :raises Amiss: it is too large or no such file.
    """
    if (file.size or 0) > LARGEST:
        raise Amiss([("days", "文件超过 1 MB，不像是一年的放假安排。请核对选的文件。")])
    content = file.read()
    if content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        return _from_workbook(content)
    for code in ("utf-8-sig", "gb18030"):
        try:
            return str(content.decode(code)).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise Amiss([("days", "看不懂这个文件。请用文本、CSV 或者 Excel 文件，一行一天。")])


def _from_workbook(content: bytes) -> str:
    import io

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(nrows=MOST_ROWS)
    except (CalamineError, ValueError, OSError):
        raise Amiss([("days", "这个表格打不开。请另存为 .xlsx 或者 CSV 后再试。")]) from None
    return "\n".join(" ".join(_said(cell) for cell in row if cell not in ("", None)) for row in rows)


def _said(cell: Any) -> str:
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
