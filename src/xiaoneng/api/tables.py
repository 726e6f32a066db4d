"""Lists that programs take as a table: harmless when opened in a spreadsheet, and each one put on record."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from xiaoneng.api.door import caller_of
from xiaoneng.kit import clock
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

CSV = "text/csv"
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def by_of(request: HttpRequest) -> By:
    """Return who acts, as the record of administration wants it."""
    caller = caller_of(request)
    return By(caller.account, caller.name, request.META.get("REMOTE_ADDR", ""), f"令牌 {caller.prefix}")


def handed_out(
    request: HttpRequest, what: str, header: Sequence[str], rows: Sequence[Sequence[Any]], filters: Mapping[str, Any]
) -> HttpResponse:
    """Return a list as a table, after noting who takes it, how many rows, under which conditions."""
    trail.note_export(by_of(request), what, rows=len(rows), form="csv", filters=filters, at=clock.now())
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows([value if isinstance(value, int | float) else _harmless(value) for value in row] for row in rows)
    answer = HttpResponse(stream.getvalue().encode("utf-8-sig"), content_type=f"{CSV}; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="table.csv"'
    return answer


def _harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_ACTIVE) else text
