"""Lists that leave the platform as files: harmless when opened in a spreadsheet, and each one recorded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from xiaoneng.kit import clock
from xiaoneng.rules.workdays import local
from xiaoneng.trail import actions as trail
from xiaoneng.web.access import by_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_UNWRITABLE = {code: None for code in range(32) if code not in (9, 10, 13)}


def table(
    request: HttpRequest, what: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, form: str = "xlsx",
    filters: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Return a list as a file, after noting who takes it, how many rows, under which conditions."""
    lines, now = [tuple(row) for row in rows], clock.now()
    form = form if form in ("csv", "xlsx") else "xlsx"
    trail.note_export(by_of(request), what, rows=len(lines), form=form, filters=filters or {}, at=now)
    content = _csv(header, lines) if form == "csv" else _xlsx(what, header, lines)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8" if form == "csv" else XLSX)
    name = quote(f"{what}-{local(now):%Y%m%d-%H%M}.{form}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def harmless(value: Any) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value).translate(_UNWRITABLE)
    return f"'{text}" if text.startswith(_ACTIVE) else text


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows([value if isinstance(value, int | float) else harmless(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(what: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(what[:30])
    sheet.append(list(header))
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    cell = WriteOnlyCell(sheet, str("" if value is None else value).translate(_UNWRITABLE)[:32_000])
    cell.data_type = "s"  # a text, whatever it begins with
    return cell
