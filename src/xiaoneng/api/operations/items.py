"""What everybody may ask: items, departments, procedures, and when a limit ends."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field, StringConstraints

from xiaoneng.api import paging
from xiaoneng.api.door import PUBLIC
from xiaoneng.api.problems import Problem
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import items as schemas
from xiaoneng.api.schemas.words import CLEAN, LARGEST, Answer, Body, Code
from xiaoneng.api.tells import basis_told, guide_told
from xiaoneng.catalogue import search as catalogue
from xiaoneng.catalogue.reads import version_in_force
from xiaoneng.kit import clock
from xiaoneng.org.official_calendar import national
from xiaoneng.rules.explain import explain
from xiaoneng.rules.limits import Deadline, Pause, deadline
from xiaoneng.rules.limits import limit as length_of
from xiaoneng.rules.procedures import Move, Procedure, all_procedures
from xiaoneng.rules.workdays import local_day

room = Room(tags=["事项与期限"])
FURTHEST = 100_000
Words = Annotated[str, StringConstraints(max_length=100, pattern=CLEAN)]


class ItemsAsked(Body):
    """What is looked for, and what narrows the search down."""

    q: Annotated[Words, Field(description="事项名称、别名、日常说法里的字词，或者拼音首字母")] = ""
    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    kind: Words = ""
    theme: Words = ""
    audience: Words = ""
    who: Literal["", "person", "enterprise"] = ""
    level: Annotated[int, Field(ge=0, le=4, description="0 省、1 市、2 县、3 乡镇、4 村")] | None = None
    online: Annotated[bool, Field(description="只要能网上申请的")] = False
    instant: Annotated[bool, Field(description="只要当场办结的")] = False
    cursor: paging.Cursor = ""
    limit: Annotated[int, Field(ge=1, le=20)] = 20


@room.reads("/items", schemas.ItemsFound, door=PUBLIC, summary="搜索事项；不写 q 时按条件浏览")
def search_items(
    request: HttpRequest,
    response: HttpResponse,
    asked: Annotated[ItemsAsked, Query()],
) -> schemas.ItemsFound:
    """Find items by words, best first, or by department, kind, theme and audience."""
    known = paging.read(asked.cursor, (int,))
    offset = min(known[0], FURTHEST) if known else 0
    now, limit = clock.now(), asked.limit
    choice = catalogue.Choice(**asked.model_dump(exclude={"q", "cursor", "limit"}))
    if asked.q.strip():
        found = catalogue.search(asked.q, at=now, choice=choice, limit=limit, offset=offset)
        reachable = found.reachable
    else:
        found = catalogue.browse(at=now, choice=choice, limit=limit, offset=offset)
        reachable = found.total
    more = offset + len(found.rows)
    following = paging.written([more]) if found.rows and more < reachable else None
    return schemas.ItemsFound(
        rows=[_line(each) for each in found.rows],
        next=paging.link(request, response, following),
        total=found.total,
        approximate=found.approximate,
    )


def _line(each: catalogue.ItemLine) -> schemas.ItemLine:
    return schemas.ItemLine(
        code=each.code, name=each.name, department=each.department, kind=each.kind, promised=each.promised,
        statutory=each.statutory, open=each.open, closed_reason=each.closed_reason, online=each.online,
    )  # fmt: skip


@room.reads("/items/{code}", schemas.ItemGuide, door=PUBLIC, summary="办事指南")
def item_guide(request: HttpRequest, code: Code) -> schemas.ItemGuide:
    """Tell what an item in force demands and promises."""
    return guide_told(version_in_force(code, clock.now()))


class Departments(Answer):
    """Every department with items in force."""

    rows: list[schemas.DepartmentTold]


@room.reads("/departments", Departments, door=PUBLIC, summary="有事项的部门")
def list_departments(request: HttpRequest) -> Departments:
    """List the departments that have items in force."""
    rows = catalogue.departments(clock.now())
    return Departments(rows=[schemas.DepartmentTold(id=int(r.key), name=r.name, items=r.n) for r in rows])


class Procedures(Answer):
    """Every kind of matter with its table of moves."""

    rows: list[schemas.ProcedureTold]


@room.reads("/procedures", Procedures, door=PUBLIC, summary="办理流程：状态、步骤、依据")
def list_procedures(request: HttpRequest) -> Procedures:
    """Tell the tables by which matters move."""
    return Procedures(rows=[_procedure(each) for each in all_procedures().values()])


def _procedure(each: Procedure) -> schemas.ProcedureTold:
    states = [
        schemas.StateTold(state=s.code, label=s.label, desk=s.desk.value if s.desk else None, closed=s.closed)
        for s in each.states
    ]
    return schemas.ProcedureTold(
        kind=each.kind, label=each.label, initial=each.initial, states=states, moves=[_move(m) for m in each.moves]
    )


def _move(row: Move) -> schemas.MoveTold:
    return schemas.MoveTold(
        move=row.name, label=row.label, sources=list(row.sources), targets=list(row.targets),
        roles=[role.value for role in row.roles], basis=basis_told(row.basis),
        clocks=[f"{each.effect.value}:{each.clock.value}" for each in row.clock],
        document=row.document.title if row.document else None, further=[each.title for each in row.further],
    )  # fmt: skip


@room.reads("/due", schemas.DueTold, door=PUBLIC, summary="推算到期日", method="POST")
def reckon_due(request: HttpRequest, asked: schemas.DueAsked) -> schemas.DueTold:
    """Tell when a limit ends by the national calendar, and how it was counted; nothing is kept."""
    try:
        length = length_of(asked.limit.unit, asked.limit.n)
        extension = length_of(asked.limit.unit, asked.extension) if asked.extension else None
        pauses = tuple(_pause(each) for each in asked.pauses)
        ends = deadline(length, asked.accepted_on, calendar=national(), pauses=pauses, extension=extension)
        told = explain(
            asked.accepted_on,
            None,
            length,
            pauses,
            extension,
            calendar=national(),
            today=_today(ends, asked.accepted_on),
        )
    except ValueError as wrong:
        raise Problem("invalid", str(wrong)) from None
    sentences = [schemas.SentenceTold(text=s.text, basis=s.basis, result=s.result) for s in told.sentences]
    if ends is None:
        return schemas.DueTold(due_on=None, yellow_at=None, red_at=None, provisional=False, sentences=sentences)
    return schemas.DueTold(
        due_on=ends.due_on, yellow_at=ends.yellow_at, red_at=ends.red_at, provisional=ends.provisional,
        sentences=sentences,
    )  # fmt: skip


def _pause(asked: schemas.PauseAsked) -> Pause:
    if asked.to is not None and asked.to < asked.from_:
        raise ValueError("暂停的结束日早于开始日，请更正。")
    return Pause(asked.from_, asked.to)


def _today(ends: Deadline | None, start: date) -> date:
    # An open pause is told up to today, and never beyond what was asked for.
    return ends.due_on if ends else max(start, local_day(clock.now()))
