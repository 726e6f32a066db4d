"""The import of a catalogue file: read it, understand each row, write what is new in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from xiaoneng.catalogue.actions import ensure_kinds
from xiaoneng.catalogue.imports import grouping, guessing, identity, reading, template, writing
from xiaoneng.catalogue.imports.meaning import Meaning, column_of, understand
from xiaoneng.catalogue.imports.reading import File
from xiaoneng.catalogue.imports.trouble import Problem, Unreadable
from xiaoneng.catalogue.sources import fitting, known, mappings
from xiaoneng.catalogue.sources.layout import BadMapping, Layout, from_text

__all__ = ["Report", "Tried", "Unreadable", "chosen_layout", "import_catalogue", "import_file", "try_out"]

Tell = Callable[[str], None]
SAMPLE = 200  # rows in which the mapping is looked for
STEP = 2000  # rows between two words about the progress


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did; `without_limit` counts the items that are shown but not open for application."""

    read: int
    created: int
    updated: int
    unchanged: int
    gone: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    seconds: float
    without_limit: int
    mapping: str
    title: str = ""
    left_out: tuple[str, ...] = ()  # sheets that were not read

    @property
    def vanished(self) -> int:
        """Count the items that an earlier file of this source brought in and this one lacks; they stay as they are."""
        return len(self.gone)

    def as_json(self) -> dict[str, Any]:
        """Return the report as the command prints it."""
        counted = {name: getattr(self, name) for name in ("read", "created", "updated", "unchanged", "vanished")}
        return counted | {"problems": [problem.as_json() for problem in self.problems], "seconds": self.seconds}


def import_catalogue(
    path: Path, *, at: datetime, mapping: str = "", tell: Tell = lambda text: None,
    constants: Mapping[str, str] | None = None, bare_days: str = "", sheet: str = "",
) -> Report:  # fmt: skip
    """Take the items of a file in as versions in force from `at`; what cannot be used is reported row by row.

    :param constants: what stands for columns that the file lacks: region, region_code, department, kind.
    :param bare_days: working_day or calendar_day, where a limit only says days.
    :param sheet: of a workbook; without it those that are one list with the fullest are taken.
    :raises Unreadable: the file as a whole cannot be used; nothing was changed
    """
    tell(f"正在读取 {path.name} ……")
    began = perf_counter()
    file = reading.read(path, sheet=sheet)
    layout = chosen_layout(file, mapping).with_constants(**(constants or {}))
    layout = replace(layout, bare_days=bare_days or layout.bare_days)
    if layout.sheet and not sheet:
        file = reading.read(path, sheet=layout.sheet)
    return replace(import_file(file, layout, at=at, tell=tell), seconds=round(perf_counter() - began, 2))


def import_file(file: File, layout: Layout, *, at: datetime, tell: Tell = lambda text: None) -> Report:
    """Take the items of a file that was read in under a mapping."""
    began = perf_counter()
    layout = grouping.with_a_place(file, layout)
    tried = _understood(file, layout, tell)
    tell(f"读到 {len(file.rows)} 行，{len(tried.meanings)} 项可用，正在写入 ……")
    done = writing.write(tried.meanings, tried.seen, file, layout, at, tell)
    problems = [*tried.problems, *_placed(done.problems, file)]
    return Report(
        read=len(file.rows),
        created=done.created,
        updated=done.updated,
        unchanged=done.unchanged,
        gone=done.gone,
        problems=tuple(problems) if file.parts else tuple(sorted(problems, key=lambda problem: problem.row)),
        seconds=round(perf_counter() - began, 2),
        without_limit=sum(
            each.content.statutory_n is None and each.content.promised_n is None for each in tried.meanings.values()
        ),
        mapping=layout.name,
        title=layout.title,
        left_out=file.left_out,
    )


def chosen_layout(file: File, mapping: str) -> Layout:
    """Return the mapping of this name (or in the file of this path), the one that fits, or else one that is guessed.

    :raises Unreadable: there is none of this name, or the columns say nothing to anybody
    """
    if file.form == "template":
        return template.LAYOUT
    if mapping:
        return _named(mapping)
    sample = (row.content for row in file.rows[:SAMPLE] if isinstance(row.content, Mapping))
    found = fitting(sample)
    if found is not None:
        return found
    columns = guessing.columns_of(file)
    guesses = guessing.guesses(columns)
    layout = guessing.layout_of(file, columns, guesses, title=f"按栏目推测（{file.name}）")
    if not any(guess.target == "name" for guess in guesses) or len(guesses) < 3:
        raise Unreadable(
            f"文件 {file.name} 的栏目与已有的对照表都对不上（可用：{known()}），也看不出哪一栏是事项名称。"
            "请核对是否选错了文件；确认无误的，在“导入目录”页面上逐栏对照，或者写一份对照表，用 --mapping 指定后再导入。"
        )
    return layout


def _named(mapping: str) -> Layout:
    found = mappings()
    if mapping in found:
        return found[mapping]
    if mapping.endswith(".toml") and Path(mapping).is_file():
        try:
            return from_text(Path(mapping).read_text(encoding="utf-8"))
        except (BadMapping, OSError, UnicodeDecodeError) as refusal:
            raise Unreadable(f"对照表 {mapping} 不能用：{refusal}") from None
    raise Unreadable(f"没有名为“{mapping}”的对照表。可用的有：{known()}。")


@dataclass(slots=True)
class Tried:
    """What a file says under a mapping: the usable items by row, every code that was seen, and the problems."""

    meanings: dict[int, Meaning]
    seen: set[str]
    problems: list[Problem]


def try_out(file: File, layout: Layout) -> Tried:
    """Understand a file under a mapping and write nothing."""
    return _understood(file, grouping.with_a_place(file, layout), lambda text: None)


def _understood(file: File, layout: Layout, tell: Tell) -> Tried:
    kinds = tuple(ensure_kinds())
    tried = Tried({}, set(), [])
    first: dict[str, int] = {}
    for count, (number, content) in enumerate(_contents(file, layout, tried.problems), start=1):
        meaning, code, found = understand(number, content, layout, kinds)
        if meaning is not None and code in first:
            meaning, code, found = _again(meaning, first, number, tried, layout, found, file)
        tried.seen.add(code)
        if meaning is not None:
            first[code] = number
            tried.meanings[number] = meaning
        tried.problems += found
        if count % STEP == 0:
            tell(f"已读懂 {count} 行 ……")
    tried.problems = _placed(tried.problems, file)
    if not layout.typed:
        tried.problems = grouping.folded(tried.problems)
    return tried


def _placed(problems: list[Problem], file: File) -> list[Problem]:
    """Return problems under the sheets and rows in which people find them."""
    if not file.parts:
        return problems
    places = ((each, *file.place(each.row)) for each in sorted(problems, key=lambda problem: problem.row))
    return [replace(each, row=row, sheet=sheet) for each, sheet, row in places]


def _contents(file: File, layout: Layout, problems: list[Problem]) -> Iterator[tuple[int, Mapping[str, object]]]:
    rows = file.rows
    if layout.fill_down or layout.grouped:
        rows = grouping.joined(rows, layout)
    for row in rows:
        if isinstance(row.content, Problem):
            problems.append(row.content)
        else:
            yield row.number, row.content


def _again(
    meaning: Meaning,
    first: Mapping[str, int],
    number: int,
    tried: Tried,
    layout: Layout,
    found: list[Problem],
    file: File,
) -> tuple[Meaning | None, str, list[Problem]]:
    """Decide about a row whose code came before: under a code of the source it is a slip, under one we made it may not be."""
    apart = f"{meaning.code[:27]}-{meaning.fingerprint[:8].upper()}"
    same = tried.meanings[first[meaning.code]].content == meaning.content or apart in first
    if (
        meaning.local_code
        and not layout.typed
        and tried.meanings[first[meaning.code]].content.name != meaning.content.name
    ):
        return _under_the_same_code(meaning, first, number, layout, found, file)
    if meaning.local_code:
        message = f"与{file.line(first[meaning.code])}的编码重复，本行未导入；请删去多余的一行，或更正编码。"
        return None, meaning.code, [Problem(number, layout.at("code"), meaning.local_code, message)]
    where = column_of(layout, "name")
    if same:
        message = f"与{file.line(first.get(apart, first[meaning.code]))}完全相同，本行未导入；请删去多余的一行。"
        return None, meaning.code, [Problem(number, where, meaning.content.name, message)]
    message = f"与{file.line(first[meaning.code])}同一部门、同一名称而内容不同，按另一个事项导入；请核对是否应当合并。"
    return replace(meaning, code=apart), apart, [*found, Problem(number, where, meaning.content.name, message)]


def _under_the_same_code(
    meaning: Meaning, first: Mapping[str, int], number: int, layout: Layout, found: list[Problem], file: File
) -> tuple[Meaning | None, str, list[Problem]]:
    """Take in what has the code of an earlier row and another name, as an item of its own."""
    own = identity.apart(meaning.code, meaning.content.name)
    where, earlier = layout.at("code"), file.line(first[meaning.code])
    if own in first:
        message = f"与{file.line(first[own])}的编码和名称都相同，本行未导入；请删去多余的一行，或更正编码。"
        return None, own, [Problem(number, where, meaning.local_code, message)]
    message = f"编码与{earlier}相同而名称不同，按另一个事项导入；请核对编码。"
    return replace(meaning, code=own, local_code=""), own, [*found, Problem(number, where, meaning.local_code, message)]
