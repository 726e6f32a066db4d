"""Logs that supervisors hand in on a page or by a program: looked into, kept until the worker has taken them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from xiaoneng.history.actions import import_log, mapping_for
from xiaoneng.history.models import Intake
from xiaoneng.history.reading import mapping as known
from xiaoneng.history.reading.trouble import Unreadable
from xiaoneng.kit import files
from xiaoneng.rules.grounds import NotFound

State = Intake.State
LARGEST = 50 * 1024 * 1024
SHOWN = 200  # problems kept with the report


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """A log handed in: how far it is, and what came of it."""

    id: int
    name: str
    called: str
    mapping: str
    by: int
    at: datetime
    state: str
    state_label: str
    progress: str
    report: dict[str, Any] | None


def mappings() -> tuple[tuple[str, str], ...]:
    """Return the mappings that logs can be read under, by name and title."""
    return tuple((name, each.title) for name, each in known.built_in().items())


def hand_in(
    name: str, stream: BinaryIO, *, mapping: str, called: str, by: int, at: datetime, queue: Callable[[int], object]
) -> int:
    """Keep a log for the worker and return its intake; a log that came in before changes nothing when it comes again.

    :param queue: puts the job into the queue, in the same transaction.
    :raises Unreadable: it is too large or no log, or there is no such mapping; nothing was kept
    """
    stream.seek(0, 2)
    if stream.tell() > LARGEST:
        raise Unreadable("文件超过 50 MB。请先用 gzip 压缩，或者请系统管理员用命令 xiaoneng import log 导入。")
    kept, plain = files.keep(stream, _folder()), files.safe_name(name)[:200]
    try:
        chosen = mapping_for(_folder() / kept.path, mapping, plain)
    except BaseException:
        _forget(kept.sha256)
        raise
    with transaction.atomic():
        row = Intake.objects.create(
            name=plain, called=called.strip()[:120], mapping=chosen, sha256=kept.sha256, by=by, at=at,
            progress="等后台任务接手 ……",
        )  # fmt: skip
        queue(row.pk)
    return row.pk


def line(intake: int) -> IntakeLine:
    """Return what became of a log that was handed in.

    :raises NotFound: there is none
    """
    row = Intake.objects.filter(pk=intake).first()
    if row is None:
        raise NotFound("没有这次导入。请从历史日志的导入列表里打开。")
    return _line(row)


def lines(limit: int = 20) -> tuple[IntakeLine, ...]:
    """Return the logs that were handed in lately, the newest first."""
    return tuple(_line(row) for row in Intake.objects.order_by("-id")[:limit])


def run(intake: int, *, now: Callable[[], datetime]) -> None:
    """Take a log in, tell its progress and keep its report; one that cannot be used says so."""
    claimed = Intake.objects.filter(pk=intake, state__in=[State.WAITING, State.RUNNING])
    if not claimed.update(state=State.RUNNING, progress="正在读取文件 ……"):
        return
    row = Intake.objects.get(pk=intake)
    if not _path(row.sha256).exists():  # the same log came in through another intake just before, and its file went
        _end(row, State.FAILED, "上传的文件已经不在了，请重新上传一次；已经收下的办件不会重复。", None)
        return

    def tell(text: str) -> None:
        """Keep what the page shows of the progress."""
        Intake.objects.filter(pk=intake).update(progress=text[:200])

    try:
        report = import_log(
            _path(row.sha256), now=now, mapping=row.mapping, name=row.called, tell=tell, file=row.name
        )  # fmt: skip
    except Unreadable as refusal:
        _end(row, State.FAILED, str(refusal)[:200], None)
        return
    except Exception:
        words = "系统出了问题，问题已经记录；已经收下的办件保留。请重新上传一次，还不行的请联系系统管理员。"
        _end(row, State.FAILED, words, None)
        raise
    told = asdict(report)
    problems = told.pop("problems")
    told |= {"problems": problems[:SHOWN], "problem_count": len(problems) + told.pop("more_problems")}
    _end(row, State.DONE, "", told)


def _end(row: Intake, state: str, progress: str, report: dict[str, Any] | None) -> None:
    Intake.objects.filter(pk=row.pk).update(state=state, progress=progress, report=report)
    _forget(row.sha256)


def _forget(sha256: str) -> None:
    # The entries hold the whole log, so nobody needs the file after it came in.
    if not Intake.objects.filter(sha256=sha256, state__in=[State.WAITING, State.RUNNING]).exists():
        _path(sha256).unlink(missing_ok=True)


def _path(sha256: str) -> Path:
    return _folder() / sha256[:2] / sha256[2:4] / sha256


def _folder() -> Path:
    return Path(settings.HOME) / "histories"


def _line(row: Intake) -> IntakeLine:
    return IntakeLine(
        row.pk, row.name, row.called, row.mapping, row.by, row.at, row.state, row.get_state_display(), row.progress,
        row.report,
    )  # fmt: skip
