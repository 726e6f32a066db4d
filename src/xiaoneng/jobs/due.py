"""xiaoneng due: when does each limit of a table end. It needs no database, only the official calendar."""

import argparse
import csv
import io
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO, TypeVar

from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.org.official_calendar import national
from xiaoneng.rules.limits import CalendarDays, Deadline, Limit, Months, Pause, WorkingDays, deadline, limit

HELP = "按官方日历计算一张表里每条时限的到期日（不需要数据库）"
REQUIRED = ("accepted_on", "working_days")
ADDED = ("due_on", "provisional")
UNITS = (WorkingDays.unit, CalendarDays.unit, Months.unit)
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
WHOLE = re.compile(r"\d{1,6}", re.ASCII)
ENCODINGS = ("utf-8-sig", "gb18030")
UNREAD: Limit = WorkingDays(0)
WHY_NOT = {FileNotFoundError: "没有这个文件", IsADirectoryError: "这是一个目录", PermissionError: "没有读取权限"}

Row = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """One row's question: a limit from a day on, with the pauses and the extension that apply to it."""

    accepted_on: date
    limit: Limit
    pauses: tuple[Pause, ...]
    extension: Limit | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.description = HELP
    parser.add_argument(
        "--vectors",
        required=True,
        metavar="文件.csv",
        help="列：accepted_on、working_days，可选 unit（working_day、calendar_day、month）、"
        "pauses（起/止;起/止，未结束的不写止）、extension；其余列原样保留；"
        "增加 due_on 和 provisional 两列后输出",
    )


def execute(args: argparse.Namespace) -> int:
    """Print the table with its due days; 2 and nothing printed when the table cannot be computed."""
    try:
        return run(io.StringIO(read(Path(args.vectors)), newline=""), sys.stdout)
    except CannotRun as refusal:
        print(refusal, file=sys.stderr)
        return 2


def read(path: Path) -> str:
    """Read a table as UTF-8, or as the Chinese encoding that spreadsheets still write.

    :raises CannotRun: when the file cannot be opened or is no text.
    """
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        why = next((words for kind, words in WHY_NOT.items() if isinstance(trouble, kind)), "读取失败")
        raise CannotRun(f"打不开文件 {path}：{why}。请核对路径和读取权限。") from trouble
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotRun(f"文件 {path} 不是文本文件。请另存为 UTF-8 编码的 CSV 后重试。")


def run(infile: TextIO, outfile: TextIO) -> int:
    """Write the table with due_on and provisional, or name all its faults on standard error and write nothing."""
    try:
        columns, rows = answered(infile)
    except CannotRun as refusal:
        print(refusal, file=sys.stderr)
        return 2
    collected = io.StringIO()
    writer = csv.DictWriter(collected, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    outfile.write(collected.getvalue())
    return 0


def answered(infile: TextIO) -> tuple[list[str], list[Row]]:
    """Read the whole table and answer every row.

    :raises CannotRun: with all faults of the table at once.
    """
    reader = csv.reader(infile, strict=True)
    try:
        columns = header(reader)
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as trouble:
        raise CannotRun(f"第 {reader.line_num} 行不是有效的 CSV（{trouble}）。请另存为 CSV 后重试。") from trouble
    rows, faults = [], []
    for line, cells in lines:
        try:
            rows.append(answer(row_of(columns, cells)))
        except ValueError as fault:
            faults.append(f"第 {line} 行：{fault}")
    if faults:
        raise CannotRun("\n".join([*faults, f"共 {len(faults)} 行有误，没有输出任何结果。请更正后重试。"]))
    return columns + [name for name in ADDED if name not in columns], rows


def header(lines: Iterator[list[str]]) -> list[str]:
    """Read the column names.

    :raises CannotRun: when a required column is missing or a name stands twice.
    """
    columns = [name.strip() for name in next(lines, [])]
    if missing := [name for name in REQUIRED if name not in columns]:
        raise CannotRun(f"第 1 行：缺少列 {'、'.join(missing)}。第一行须是列名，至少有 {'、'.join(REQUIRED)}。")
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise CannotRun(f"第 1 行：列名 {'、'.join(twice)} 重复。请保留其中一列。")
    return columns


def row_of(columns: list[str], cells: list[str]) -> Row:
    """Pair a line's cells with the columns.

    :raises ValueError: when there are more or fewer cells than columns.
    """
    if len(cells) != len(columns):
        raise ValueError(f"应有 {len(columns)} 个字段，实有 {len(cells)} 个，请核对逗号和引号。")
    return dict(zip(columns, cells, strict=True))


def answer(row: Row) -> Row:
    """Add the due day to a row; it is empty while an open pause hides it.

    :raises ValueError: naming the fields at fault.
    """
    asked = question(row)
    try:
        found = due(asked)
    except ValueError as fault:
        raise ValueError(f"字段 accepted_on、working_days：{fault}") from fault
    due_on = found.due_on.isoformat() if found else ""
    return row | {"due_on": due_on, "provisional": "yes" if found and found.provisional else "no"}


def due(asked: Question) -> Deadline | None:
    """Compute the deadline that a row asks for.

    :raises ValueError: when the date runs out of the calendar.
    """
    return deadline(
        asked.limit,
        asked.accepted_on,
        calendar=national(),
        pauses=asked.pauses,
        extension=asked.extension,
    )


@dataclass(slots=True)
class Fields:
    """A row being read: every field at fault is remembered, so that all are named at once."""

    row: Row
    faults: list[str] = field(default_factory=list)

    def read(self, name: str, reader: Callable[[str], T], otherwise: T) -> T:
        """Read one field, or remember what is wrong with it and go on with a stand-in."""
        text = self.row.get(name, "").strip()
        try:
            return reader(text)
        except ValueError as fault:
            self.faults.append(f"字段 {name}（“{text}”）：{fault}")
            return otherwise


def question(row: Row) -> Question:
    """Read what a row asks.

    :raises ValueError: naming the fields at fault.
    """
    fields = Fields(row)
    accepted_on = fields.read("accepted_on", day, date.min)
    unit = fields.read("unit", unit_of, WorkingDays.unit)
    length: Limit = fields.read("working_days", lambda text: limit(unit, whole(text)), UNREAD)
    excluded: tuple[Pause, ...] = fields.read("pauses", pauses, ())
    extension = fields.read("extension", lambda text: longer(unit, text), None)
    if fields.faults:
        raise ValueError("".join(fields.faults))
    return Question(accepted_on, length, excluded, extension)


def longer(unit: str, text: str) -> Limit | None:
    """Read an extension; an empty one and one of nought are none.

    :raises ValueError: when it is no whole number.
    """
    n = whole(text) if text else 0
    return limit(unit, n) if n else None


def unit_of(text: str) -> str:
    """Read the unit, working days when it is empty; hours need a moment and not a day.

    :raises ValueError: when it is no unit of days.
    """
    unit = text or WorkingDays.unit
    if unit not in UNITS:
        raise ValueError(f"单位应为 {'、'.join(UNITS)} 之一，请更正。")
    return unit


def day(text: str) -> date:
    """Read a day.

    :raises ValueError: when it is no existing day written as 2026-03-02.
    """
    if ISO_DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("没有这一天，请更正。") from None
    raise ValueError("日期应写成 2026-03-02 的样子，请更正。")


def whole(text: str) -> int:
    """Read a whole number.

    :raises ValueError: when it is none.
    """
    if WHOLE.fullmatch(text):
        return int(text)
    raise ValueError("应为不带符号和小数的整数，请更正。")


def pauses(text: str) -> tuple[Pause, ...]:
    """Read pauses written as from/to;from/to, where an open one has no to.

    :raises ValueError: when a part is no such pair or ends before it starts.
    """
    return tuple(pause(part.strip()) for part in text.split(";") if part.strip())


def pause(text: str) -> Pause:
    """Read one pause.

    :raises ValueError: when it is no pair of days.
    """
    start, slash, end = text.partition("/")
    if not slash:
        raise ValueError("每段暂停应写成 起/止，未结束的写成 起/，多段之间用英文分号隔开，请更正。")
    return Pause(day(start.strip()), day(end.strip()) if end.strip() else None)
