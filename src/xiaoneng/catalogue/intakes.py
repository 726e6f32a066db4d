"""Files that editors hand in on a page: kept, mapped column by column, tried out, and taken in by the worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from xiaoneng.catalogue import models
from xiaoneng.catalogue.imports import chosen_layout, guessing, import_file, reading, try_out
from xiaoneng.catalogue.imports.kinds import kind_of
from xiaoneng.catalogue.imports.plain import flat
from xiaoneng.catalogue.imports.reading import File
from xiaoneng.catalogue.imports.trouble import Problem, Unreadable
from xiaoneng.catalogue.sources.layout import Layout, from_text, to_text
from xiaoneng.kit import files
from xiaoneng.rules.grounds import NotAllowed, NotFound

State = models.Intake.State
LARGEST = 50 * 1024 * 1024
KEPT = timedelta(days=30)
SHOWN = 200  # problems kept with the report
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """A file handed in, as a page shows it."""

    id: int
    name: str
    by: int
    at: datetime
    state: str
    state_label: str
    progress: str
    report: dict[str, Any] | None

    @property
    def is_running(self) -> bool:
        """Tell whether the worker has it or will have it."""
        return self.state in (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of the file: its heading, some values, and the field that it is taken to carry."""

    name: str
    examples: tuple[str, ...]
    target: str
    empty: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What would come in under a mapping: counts, the first items, the problems, words for kinds that nobody knows."""

    rows: int
    usable: int
    first: tuple[Any, ...]
    problems: tuple[Problem, ...]
    more_problems: int


def _folder() -> Path:
    return Path(settings.HOME) / "imports"


def hand_in(name: str, stream: BinaryIO, *, by: int, at: datetime) -> int:
    """Keep a file, look into it and return the intake with a mapping that fits or is guessed.

    :raises Unreadable: it is too large, or cannot be read as a whole
    """
    stream.seek(0, 2)
    if stream.tell() > LARGEST:
        raise Unreadable("文件超过 50 MB。请拆成几个文件，或者请系统管理员用命令 xiaoneng import catalogue 导入。")
    _clear_out(at)
    kept = files.keep(stream, _folder())
    try:
        file = reading.read(_folder() / kept.path, files.safe_name(name))
    except Unreadable:
        _forget(kept.sha256)
        raise
    row = models.Intake.objects.create(
        name=files.safe_name(name)[:200], sha256=kept.sha256, size=kept.size, by=by, at=at,
        mapping=to_text(proposed(file)),
    )  # fmt: skip
    return row.pk


def proposed(file: File, sheet: str = "") -> Layout:
    """Return the mapping that fits a file (or a sheet of it), or one guessed from its columns however little they say."""
    return replace(_proposed(file), sheet=sheet)


def _proposed(file: File) -> Layout:
    try:
        return chosen_layout(file, "")
    except Unreadable:
        columns = guessing.columns_of(file)
        layout = guessing.layout_of(file, columns, guessing.guesses(columns), title=f"按栏目推测（{file.name}）")
        first = columns[0].name if columns else "1"
        return layout if layout.at("name") else replace(layout, columns={"name": (first,), **layout.columns})


def _clear_out(at: datetime) -> None:
    """Remove the kept files of intakes older than a month; what they brought in and their reports stay."""
    young = set(models.Intake.objects.filter(at__gt=at - KEPT).values_list("sha256", flat=True))
    for path in files.orphans(_folder(), young, at - KEPT):
        path.unlink(missing_ok=True)


def _forget(sha256: str) -> None:
    if not models.Intake.objects.filter(sha256=sha256).exists():
        (_folder() / sha256[:2] / sha256[2:4] / sha256).unlink(missing_ok=True)


def line(intake: int) -> IntakeLine:
    """Return an intake as a page shows it.

    :raises NotFound: there is none
    """
    return _line(_row(intake))


def lines(limit: int = 20) -> tuple[IntakeLine, ...]:
    """Return the latest intakes, newest first."""
    return tuple(_line(row) for row in models.Intake.objects.order_by("-id")[:limit])


def _row(intake: int) -> models.Intake:
    row = models.Intake.objects.filter(pk=intake).first()
    if row is None:
        raise NotFound("没有这次导入。请从导入列表里打开。")
    return row


def _line(row: models.Intake) -> IntakeLine:
    return IntakeLine(
        row.pk, row.name, row.by, row.at, row.state, row.get_state_display(), row.progress, row.report
    )  # fmt: skip


def file_of(intake: int, sheet: str = "") -> File:
    """Return the file of an intake.

    :raises Unreadable: it was removed meanwhile, or has no such sheet
    """
    row = _row(intake)
    path = _folder() / row.sha256[:2] / row.sha256[2:4] / row.sha256
    if not path.is_file():
        raise Unreadable("这个文件已经过了保留期。请重新上传。")
    return reading.read(path, row.name, sheet)


def mapping_of(intake: int) -> Layout:
    """Return the mapping that an intake is read under."""
    return from_text(_row(intake).mapping)


def seen(file: File, layout: Layout) -> tuple[SeenColumn, ...]:
    """Return the columns of a file with examples and what each is taken to carry."""
    carried = {column: target for target, several in layout.columns.items() for column in several}
    return tuple(
        SeenColumn(
            column.name, tuple(value[:60] for value in dict.fromkeys(column.values))[:EXAMPLES],
            carried.get(column.name, ""), not column.values,
        )
        for column in guessing.columns_of(file)
    )  # fmt: skip


def unknown_kinds(file: File, layout: Layout) -> tuple[tuple[str, int, str], ...]:
    """Return the source's words for kinds, how often each stands, and our kind as far as it is known."""
    column = layout.at("kind")
    if not column:
        return ()
    rows = (flat(row.content) for row in file.rows if isinstance(row.content, Mapping))
    counted = Counter(str(row.get(column) or "").strip() for row in rows)
    known = tuple(models.PowerKind.objects.values_list("name", flat=True))
    return tuple((word, n, kind_of(word, known, layout.kinds)) for word, n in counted.most_common(40) if word)


def trial(file: File, layout: Layout, *, shown: int = 10, problems: int = 100) -> Trial:
    """Return what would come in under a mapping; nothing is written."""
    tried = try_out(file, layout)
    first = tuple((number, meaning) for number, meaning in list(tried.meanings.items())[:shown])
    ordered = tried.problems if file.parts else sorted(tried.problems, key=lambda each: each.row)
    return Trial(len(file.rows), len(tried.meanings), first, tuple(ordered[:problems]), max(0, len(ordered) - problems))


@transaction.atomic
def remap(intake: int, layout: Layout) -> None:
    """Keep another mapping for an intake.

    :raises NotAllowed: it is being imported, or has been
    """
    row = _locked(intake)
    row.mapping = to_text(layout)
    row.state = State.MAPPING
    row.save(update_fields=["mapping", "state"])


@transaction.atomic
def ask_for(intake: int, *, queue: Callable[[int], object]) -> None:
    """Have an intake imported by the worker; asking twice imports once.

    :param queue: puts the job into the queue, in this transaction.
    :raises NotAllowed: it has been imported already
    """
    row = _locked(intake)
    row.state, row.progress, row.report = State.WAITING, "等后台任务接手 ……", None
    row.save(update_fields=["state", "progress", "report"])
    queue(intake)


def _locked(intake: int) -> models.Intake:
    row = models.Intake.objects.select_for_update().filter(pk=intake).first()
    if row is None:
        raise NotFound("没有这次导入。请从导入列表里打开。")
    if row.state in (State.WAITING, State.RUNNING):
        raise NotAllowed("这个文件正在导入，请等它结束。")
    if row.state == State.DONE:
        raise NotAllowed("这个文件已经导入。内容有变的，请上传新的文件。")
    return row


def run(intake: int, *, now: Callable[[], datetime]) -> None:
    """Import an intake, tell its progress, and keep its report; a file that cannot be used says so."""
    claimed = models.Intake.objects.filter(pk=intake, state__in=[State.WAITING, State.RUNNING])
    if not claimed.update(state=State.RUNNING, progress="正在读取文件 ……"):
        return

    def tell(text: str) -> None:
        """Keep what the page shows of the progress."""
        models.Intake.objects.filter(pk=intake).update(progress=text[:200])

    try:
        layout = mapping_of(intake)
        report = import_file(file_of(intake, layout.sheet), layout, at=now(), tell=tell)
    except Unreadable as refusal:
        models.Intake.objects.filter(pk=intake).update(state=State.FAILED, progress=str(refusal)[:200])
        return
    except Exception:
        words = "系统出了问题，没有导入任何内容；问题已经记录。请重试一次，还不行的请联系系统管理员。"
        models.Intake.objects.filter(pk=intake).update(state=State.FAILED, progress=words)
        raise
    plain = report.as_json() | {
        "problems": [problem.as_json() for problem in report.problems[:SHOWN]], "problem_count": len(report.problems),
        "left_out": report.left_out, "gone": [list(each) for each in report.gone[:SHOWN]], "without_limit": report.without_limit,
    }  # fmt: skip
    models.Intake.objects.filter(pk=intake).update(state=State.DONE, progress="", report=plain)
