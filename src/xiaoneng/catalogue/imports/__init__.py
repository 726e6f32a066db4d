"""The import of a catalogue file: read it, understand each row, write what is new in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from xiaoneng.catalogue.imports import reading, writing
from xiaoneng.catalogue.imports.meaning import Meaning, understand
from xiaoneng.catalogue.imports.reading import File, Unreadable
from xiaoneng.catalogue.imports.trouble import Problem
from xiaoneng.catalogue.sources import MAPPINGS, fitting, known
from xiaoneng.catalogue.sources.layout import Layout

__all__ = ["Report", "Unreadable", "import_catalogue"]

Tell = Callable[[str], None]
SAMPLE = 200  # rows in which the layout is looked for


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did; `without_limit` counts the items that are shown but not open for application."""

    read: int
    created: int
    updated: int
    unchanged: int
    vanished: int
    problems: tuple[Problem, ...]
    seconds: float
    without_limit: int
    mapping: str

    def as_json(self) -> dict[str, Any]:
        """Return the report as the command prints it."""
        counted = {name: getattr(self, name) for name in ("read", "created", "updated", "unchanged", "vanished")}
        return counted | {"problems": [asdict(problem) for problem in self.problems], "seconds": self.seconds}


def import_catalogue(path: Path, *, at: datetime, mapping: str = "", tell: Tell = lambda text: None) -> Report:
    """Take the items of a file in as versions in force from `at`; what cannot be used is reported row by row.

    :raises Unreadable: the file as a whole cannot be used; nothing was changed
    """
    began = perf_counter()
    tell(f"正在读取 {path.name} ……")
    file = reading.read(path)
    layout = _layout(file, mapping)
    meanings, seen, problems = _understood(file, layout)
    tell(f"读到 {len(file.rows)} 行，{len(meanings)} 行可用，正在写入 ……")
    done = writing.write(meanings, seen, file, layout, at, tell)
    problems += done.problems
    return Report(
        read=len(file.rows),
        created=done.created,
        updated=done.updated,
        unchanged=done.unchanged,
        vanished=done.vanished,
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
        seconds=round(perf_counter() - began, 2),
        without_limit=sum(meaning.statutory is None and meaning.promised is None for meaning in meanings.values()),
        mapping=layout.name,
    )


def _layout(file: File, mapping: str) -> Layout:
    if mapping:
        if mapping not in MAPPINGS:
            raise Unreadable(f"没有名为“{mapping}”的对照表。可用的有：{known()}。")
        return MAPPINGS[mapping]
    sample = (row.content for row in file.rows[:SAMPLE] if isinstance(row.content, Mapping))
    found = fitting(sample)
    if found is None:
        raise Unreadable(
            f"文件 {file.name} 的栏目与已有的对照表都对不上（可用：{known()}）。"
            "请核对是否选错了文件；确认无误的，用 --mapping 指定对照表再导入。"
        )
    return found


def _understood(file: File, layout: Layout) -> tuple[dict[int, Meaning], set[str], list[Problem]]:
    """Return the usable meanings by row, every code that was seen, and the problems."""
    meanings: dict[int, Meaning] = {}
    first: dict[str, int] = {}
    seen: set[str] = set()
    problems: list[Problem] = []
    for row in file.rows:
        if isinstance(row.content, Problem):
            problems.append(row.content)
            continue
        meaning, code, found = understand(row.number, row.content, layout)
        seen.add(code)
        if meaning is not None and code in first:
            found = [
                Problem(
                    row.number,
                    layout.code,
                    code,
                    f"与第 {first[code]} 行的编码重复，本行未导入；请删去多余的一行，或更正编码。",
                )
            ]
        elif meaning is not None:
            first[code] = row.number
            meanings[row.number] = meaning
        problems += found
    return meanings, seen, problems
