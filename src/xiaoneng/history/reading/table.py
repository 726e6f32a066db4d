"""A log as a table: a row an event, the columns of its case beginning with `case:` or, in some tools, `(case) `."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from xiaoneng.history.reading.raw import RawCase
from xiaoneng.history.reading.trouble import Problem, Unreadable

MOST = 3_000_000  # rows; a table is held whole, since the rows of a case may lie anywhere in it
LONGEST = 1 << 20  # characters read as one line
PREFIXES = ("case:", "(case) ")
NAMES = ("case:concept:name", "case_id", "caseid", "case id", "case", "办件编号", "编号")
RAGGED = "这一行有 {} 栏，表头有 {} 栏，没有导入。请检查分隔符和引号。"
TOO_LONG = f"表格超过 {MOST // 10_000} 万行。请按时间分成几份再导入。"
ENDLESS = "表格里有一行超过一百万字，不像一份日志。请检查文件，另存为 UTF-8 的 CSV 后再导入。"
CUT_OFF = "文件不完整或者损坏，没有导入。请重新取得完整的文件。"
NAMELESS = "这一行没有写明属于哪一件，没有导入。"


def cases(stream: BinaryIO, first: int | None = None) -> Iterator[RawCase | Problem]:
    """Give the cases of a table; their rows may lie anywhere in it.

    :param first: only so many rows are looked at.
    :raises Unreadable: this is no such table.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    try:
        yield from _cases(text, first)
    except csv.Error as broken:
        raise Unreadable(f"表格读不下去：{broken}。请另存为 UTF-8 的 CSV 后再导入。") from None
    except (EOFError, OSError, zlib.error):
        raise Unreadable(CUT_OFF) from None
    finally:
        text.detach()


def _cases(text: io.TextIOWrapper, first: int | None) -> Iterator[RawCase | Problem]:
    rows = _rows(text)
    head = next(rows, [])
    place = next((n for name in NAMES for n, column in enumerate(head) if column.strip().lower() == name), None)
    if place is None:
        raise Unreadable(f"表格里没有写明办件的一栏（认识的名称：{'、'.join(NAMES)}）。请改表头后再导入。")
    found: dict[str, list[list[str]]] = {}
    for number, row in enumerate(islice(rows, first), 2):
        if number > MOST:
            raise Unreadable(TOO_LONG)
        if len(row) != len(head):
            yield Problem("", number, "", "", RAGGED.format(len(row), len(head)))
        elif not row[place].strip():
            yield Problem("", number, head[place], "", NAMELESS)
        else:
            found.setdefault(row[place].strip(), []).append(row)
    form = _Form(head, head[place])
    for number, (name, lines) in enumerate(found.items(), 1):
        yield form.case(number, name, lines)


def _rows(text: io.TextIOWrapper) -> Iterator[list[str]]:
    sample = _line(text)
    separator = max(",;\t", key=sample.count)
    yield from csv.reader([sample], delimiter=separator)
    lines = iter(partial(_line, text), "")
    yield from (row for row in csv.reader(lines, delimiter=separator) if row)


def _line(text: io.TextIOWrapper) -> str:
    line = text.readline(LONGEST)
    if len(line) == LONGEST:  # a line without end shall fill no memory
        raise Unreadable(ENDLESS)
    return line.replace("\0", "\ufffd")  # no database takes a NUL


class _Form:
    """Where a table's columns stand: those of the case, by its attributes, and those of its events, sorted by name."""

    def __init__(self, head: list[str], name: str) -> None:
        places: dict[str, list[int]] = {}
        for place, column in enumerate(head):
            places.setdefault(column, []).append(place)
        self._of_case = [(_of_case(column), where) for column, where in places.items() if column.startswith(PREFIXES)]
        events = (column for column in places if column != name and not column.startswith(PREFIXES))
        self._of_events = [(column, places[column]) for column in sorted(events)]

    def case(self, number: int, name: str, lines: list[list[str]]) -> RawCase:
        """Return the case that some lines of the table tell; a column without a word in any of them is not there."""
        whole = list(zip(*lines, strict=True))
        attributes = {"concept:name": name}
        for attribute, where in self._of_case:
            value = next(filter(None, _told(whole, where)), None)
            if value is not None:
                attributes.setdefault(attribute, value)
        told = [(column, values) for column, where in self._of_events if any(values := _told(whole, where))]
        rows = list(zip(*(values for _, values in told), strict=True)) if told else [()] * len(lines)
        return RawCase(number, attributes, [column for column, _ in told], rows)


def _told(whole: list[tuple[str, ...]], where: list[int]) -> list[str | None]:
    """Return what stands under a name in each line; of a name that stands above several columns the last that tells."""
    if len(where) == 1:
        return [value or None for value in whole[where[0]]]
    return [next(filter(None, reversed(values)), None) for values in zip(*(whole[n] for n in where), strict=True)]


def _of_case(column: str) -> str:
    return next(column.removeprefix(prefix) for prefix in PREFIXES if column.startswith(prefix))
