"""Rows of a catalogue file as its source writes them, made by hand, and their import."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from xiaoneng.catalogue.imports import Report, import_catalogue

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
_serial = count(1)


def code() -> str:
    """Give a new code of 31 characters."""
    return f"11990000MB2C8761442{next(_serial):012d}"


def row(**changes: object) -> dict[str, object]:
    """Give a whole row; `changes` replace columns, the value `...` takes one out."""
    whole: dict[str, object] = {
        "TASK_CODE": code(),
        "TASK_NAME": "食品经营许可",
        "DEPT_NAME": "安澜市市场监督管理局",
        "ORGCODE": "MB2C87614",
        "AREACODE": "990100",
        "AREA_CODE_TEXT": "安澜市",
        "TASK_TYPE_TEXT": "行政许可",
        "handle_time": "20(工作日)",
        "handle_time_limit": "5(工作日)",
        "accept_standard": "有与经营的食品相适应的场所。",
        "material_intro": ["食品经营许可申请书", "营业执照"],
        "theme_category": ["准营准办"],
        "service_object_name": ["企业法人", "自然人"],
        "ONLINECHECK": "1",
        "handle_location": "市民中心一楼",
        "consult_phone": "0990-12345",
        "complain_phone": "0990-12315",
        "matter_short": "食品证",
        "matter_daily": "开饭店,办食品证",
    }
    whole |= changes
    return {column: value for column, value in whole.items() if value is not ...}


def written(path: Path, *rows: object) -> Path:
    """Write rows to a file, one a line; text is written as it is."""
    lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in rows]
    data = ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def imported(path: Path, *rows: object, at: datetime = MONDAY) -> Report:
    """Write rows to a file and import it."""
    return import_catalogue(written(path, *rows), at=at)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """Give the five counts of a report."""
    return report.read, report.created, report.updated, report.unchanged, report.vanished
