"""Logs of other places handed in by programs of supervisors; what came in is read beside the process."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, BinaryIO, cast

from django.http import HttpRequest
from ninja import File, Form, UploadedFile
from procrastinate.contrib.django import app
from pydantic import Field

from xiaoneng.api.door import Bearer, caller_of
from xiaoneng.api.operations.process import DOOR, room
from xiaoneng.api.problems import Problem
from xiaoneng.api.schemas import process as schemas
from xiaoneng.api.schemas.words import CLEAN, Body, Id
from xiaoneng.api.scopes import Scope
from xiaoneng.history import intakes
from xiaoneng.history.reading.trouble import Unreadable
from xiaoneng.kit import clock

MOVE = Bearer(Scope.SUPERVISION_MOVE)


class LogAsked(Body):
    """How a log is read and called."""

    mapping: Annotated[str, Field(max_length=60, pattern=CLEAN, description="对照表的名称；不填就自动选择")] = ""
    called: Annotated[str, Field(max_length=120, pattern=CLEAN, description="日志的名称；不填就用文件名")] = ""


@room.reads("/supervision/history-mappings", list[schemas.LogMapping], door=DOOR, summary="历史日志的对照表")
def list_log_mappings(request: HttpRequest) -> list[schemas.LogMapping]:
    """List the mappings under which logs can be read."""
    return [schemas.LogMapping(name=name, title=title) for name, title in intakes.mappings()]


@room.reads("/supervision/history-imports", list[schemas.LogIntake], door=DOOR, summary="历史日志的导入")
def list_log_imports(request: HttpRequest) -> list[schemas.LogIntake]:
    """List the logs that were handed in lately, the newest first."""
    return [_told(each) for each in intakes.lines(100)]


@room.reads("/supervision/history-imports/{id}", schemas.LogIntake, door=DOOR, summary="一次历史日志导入")
def read_log_import(request: HttpRequest, id: Id) -> schemas.LogIntake:
    """Tell how far a log is, and what came of it."""
    return _told(intakes.line(id))


def _told(line: intakes.IntakeLine) -> schemas.LogIntake:
    told = asdict(line)
    return schemas.LogIntake(**{name: told[name] for name in schemas.LogIntake.model_fields})


@room.changes(
    "/supervision/history-imports", schemas.LogIntake, door=MOVE, summary="导入一份历史日志（XES 或 CSV）", status=201
)
def hand_in_log(
    request: HttpRequest, file: Annotated[UploadedFile, File()], asked: Annotated[LogAsked, Form()]
) -> schemas.LogIntake:
    """Hand a log in; the worker takes it in as history, and the same log again changes nothing."""
    caller = caller_of(request)
    try:
        made = intakes.hand_in(
            file.name or "日志", cast(BinaryIO, file.file), mapping=asked.mapping, called=asked.called, by=caller.account,
            at=clock.now(), queue=lambda number: app.configure_task("import_log").defer(intake=number),
        )  # fmt: skip
    except Unreadable as refusal:
        raise Problem("refused-file", str(refusal)) from None
    return _told(intakes.line(made))
