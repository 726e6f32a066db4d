"""What the supervisors see: the board, the red lights, the cases behind a figure, the lights of any instant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.operations.cases import Lit, lines, visible
from xiaoneng.api.problems import Problem
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import events as schemas
from xiaoneng.api.schemas.cases import CaseLine
from xiaoneng.api.schemas.words import Answer, Moment, Number, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.limits import Light
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day, remaining_work
from xiaoneng.supervision import reads

room = Room(tags=["效能监察"])
DOOR = Bearer(Scope.SUPERVISION_READ)
MOST_RED = 100


def _reach(caller: Caller) -> Reach:
    return org.reach_of(caller.account, [Role.SUPERVISOR], local_day(caller.now))


@room.reads("/supervision/board", schemas.BoardTold, door=DOOR, summary="监察看板：各部门的灯")
def read_board(request: HttpRequest) -> schemas.BoardTold:
    """Tell the lights of every department, the reddest first."""
    caller = caller_of(request)
    reach = _reach(caller)
    rows = reads.by_department(reach, caller.now)
    told = [
        schemas.DepartmentLights(
            department=r.department, name=r.name, red=r.red, yellow=r.yellow, paused=r.paused, green=r.green,
            total=r.total, on_time=r.on_time, decided=r.decided,
        )
        for r in rows
    ]  # fmt: skip
    sums = {name: sum(getattr(row, name) for row in rows) for name in ("red", "yellow", "paused", "green", "total")}
    return schemas.BoardTold(
        departments=told,
        newly_red=sum(row.turned_today for row in rows),
        due_today=sum(row.due_today for row in rows),
        **sums,
    )


class RedLights(Answer):
    """The cases that are red now, the latest first."""

    rows: list[schemas.RedTold]


@room.reads("/supervision/red", RedLights, door=DOOR, summary="正在亮的红灯")
def list_red(request: HttpRequest) -> RedLights:
    """List the cases that are red now, the latest first; a hundred at most, the others under the cases."""
    caller = caller_of(request)
    return RedLights(rows=[_red(each, caller.now) for each in reads.red_now(_reach(caller), caller.now, MOST_RED)])


def _red(row: reads.RedLine, now: datetime) -> schemas.RedTold:
    calendar, hours = org.calendar_of_department(row.department_id)
    return schemas.RedTold(
        number=row.called, title=row.title, department=row.department_id, department_name=row.department,
        step=row.step_name, desk=row.desk, since=row.since, overdue=str(remaining_work(now, row.since, calendar, hours)),
    )  # fmt: skip


@room.reads("/supervision/cases", Page[CaseLine], door=DOOR, summary="看板数字后面的办件")
def list_supervised(request: HttpRequest, response: HttpResponse, asked: Annotated[Lit, Query()]) -> Page[CaseLine]:
    """List the open cases within the supervisor's reach."""
    caller = caller_of(request)
    rows = reads.visible_to_supervisor(_reach(caller))
    rows = rows.filter(department_id=asked.department) if asked.department else rows
    rows = rows.filter(matters.having_light(Light(asked.light), caller.now)) if asked.light else rows
    return lines(request, response, rows, caller.now, asked)


class Records(Answer):
    """The red lights on record of a case."""

    rows: list[schemas.RecordTold]


@room.reads("/supervision/cases/{number}/records", Records, door=DOOR, summary="办件在案的红灯")
def list_red_lights_on_record(request: HttpRequest, number: Number) -> Records:
    """List the red lights on record of a case, with the seal that keeps them from being changed."""
    file = visible(number, caller_of(request))
    told = [
        schemas.RecordTold(
            clock=r.clock, round=r.round, since=r.since, recorded_at=r.recorded_at, step=r.step_name, seal=r.seal
        )
        for r in reads.records_of(file.id)
    ]
    return Records(rows=told)


@room.reads("/supervision/lights", schemas.LightsTold, door=DOOR, summary="按日志重算某一时刻的灯")
def count_lights(request: HttpRequest, as_of: Annotated[Moment | None, Query()] = None) -> schemas.LightsTold:
    """Count the lights of the cases that were open at an instant in the whole city, from the journal alone."""
    caller = caller_of(request)
    if not _reach(caller).everywhere:
        raise Problem("forbidden", "按日志重算的是全市的数字，只对全市的监察员开放；本部门的请看监察看板。")
    at = min(as_of or caller.now, caller.now).astimezone(UTC)
    return schemas.LightsTold(as_of=at, **reads.lights_as_of(at))
