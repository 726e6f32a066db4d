"""How cases really run, for programs of supervisors: our own from their journals, and imported history beside it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from xiaoneng.api import paging
from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import process as schemas
from xiaoneng.api.schemas.words import CLEAN, LARGEST, Body, Id, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.history import reads as history
from xiaoneng.history.models import Case
from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day, start_of_day
from xiaoneng.supervision.process import mining
from xiaoneng.supervision.process.imported import imported, in_days
from xiaoneng.supervision.process.own import Asked, Own, in_working_days, own
from xiaoneng.supervision.process.places import calendar_of

room = Room(tags=["实际流程"])
DOOR = Bearer(Scope.SUPERVISION_READ)
EVER = date(1990, 1, 1)
Step = Annotated[str, Field(max_length=120, pattern=CLEAN)]


class ProcessAsked(Body):
    """Which cases are looked at: those of an item, of a department, filed in the last so many days."""

    item: Annotated[str, Field(max_length=40, pattern=CLEAN, description="实施编码；不填就是全部事项")] = ""
    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    days: Annotated[int, Field(ge=0, le=3660, description="近多少天收的件；0 是全部")] = 90


class BehindAsked(ProcessAsked):
    """Which figure's cases: of a step, of a passage, of a way, of a deviation; of none, all of them."""

    step: Step = ""
    again: Annotated[Step, Field(description="办了不止一次的环节")] = ""
    source: Annotated[Step, Field(description="与 target 一起：一环节之后接着另一环节")] = ""
    target: Step = ""
    way: Annotated[str, Field(max_length=12, pattern=r"^[0-9a-f]*$", description="路径的 mark")] = ""
    left: Annotated[str, Field(max_length=20, pattern=CLEAN, description="偏离的 code")] = ""
    cursor: paging.Cursor = ""
    limit: Annotated[int, Field(ge=1, le=paging.MOST)] = 50


def _found(caller: Caller, asked: ProcessAsked) -> Own:
    today = local_day(caller.now)
    since = start_of_day(today - timedelta(days=asked.days) if asked.days else EVER)
    reach = org.reach_of(caller.account, [Role.SUPERVISOR], today)
    return own(Asked(asked.item, asked.department, since, caller.now), reach)


@room.reads("/supervision/process", schemas.OwnProcessTold, door=DOOR, summary="办件的实际流程")
def read_process(request: HttpRequest, asked: Annotated[ProcessAsked, Query()]) -> schemas.OwnProcessTold:
    """Tell how the cases within reach really ran, and where they left the declared steps."""
    found = _found(caller_of(request), asked)
    between = in_working_days(calendar_of(asked.department))
    deviations = [schemas.DeviationTold(code=d.code, label=d.label, cases=len(d.cases)) for d in found.deviations]
    process = _process(mining.mined(found.traces, between), "个工作日", {})
    return schemas.OwnProcessTold(**process.model_dump(), cut=found.cut, deviations=deviations)


def _process(whole: mining.Process, unit: str, labels: dict[str, str]) -> schemas.ProcessTold:
    return schemas.ProcessTold(
        cases=whole.cases, events=whole.events, unit=unit, half=whole.half, nine_tenths=whole.nine_tenths,
        all_ways=whole.all_ways,
        steps=[schemas.RanStep(**asdict(each), label=labels.get(each.name, each.name)) for each in whole.steps],
        passages=[schemas.RanPassage(**asdict(each)) for each in whole.passages],
        ways=[
            schemas.RanWay(mark=each.mark, steps=[list(some) for some in each.way], cases=each.cases, half=each.half)
            for each in whole.ways
        ],
        bottlenecks=[schemas.RanPassage(**asdict(each)) for each in whole.bottlenecks()],
    )  # fmt: skip


@room.reads("/supervision/process/cases", Page[schemas.RanCase], door=DOOR, summary="实际流程一个数字后面的办件")
def list_process_cases(
    request: HttpRequest, response: HttpResponse, asked: Annotated[BehindAsked, Query()]
) -> Page[schemas.RanCase]:
    """List the cases behind a figure of the process, the newest first."""
    known = paging.read(asked.cursor, (int,))
    ids = sorted(_chosen(_found(caller_of(request), asked), asked), reverse=True)
    some = [each for each in ids if known is None or each < known[0]][: asked.limit + 1]
    page = some[: asked.limit]
    rows = Matter.objects.select_related("department").filter(pk__in=page).order_by("-id")
    following = paging.written([page[-1]]) if len(some) > asked.limit else None
    return Page[schemas.RanCase](rows=[_ran(row) for row in rows], next=paging.link(request, response, following))


def _ran(row: Matter) -> schemas.RanCase:
    return schemas.RanCase(
        number=str(row), title=row.title, department=row.department_id, department_name=row.department.name,
        step=row.step_name, opened_at=row.opened_at,
    )  # fmt: skip


def _chosen(found: Own, asked: BehindAsked) -> list[int]:
    if asked.left:
        return [case for each in found.deviations if each.code == asked.left for case in each.cases]
    if asked.step:
        return mining.taking(found.traces, asked.step)
    if asked.again:
        return mining.repeating(found.traces, asked.again)
    if asked.source or asked.target:
        return mining.passing(found.traces, (asked.source, asked.target))
    if asked.way:
        return mining.going(found.traces, asked.way)
    return [trace.case for trace in found.traces]


# --- imported history -------------------------------------------------------------------------------------------------
@room.reads("/supervision/histories", list[schemas.LogTold], door=DOOR, summary="导入的历史日志")
def list_histories(request: HttpRequest) -> list[schemas.LogTold]:
    """List the logs that were taken in, the newest first."""
    return [schemas.LogTold(**asdict(each)) for each in history.logs()]


@room.reads("/supervision/histories/{id}", schemas.LogWhole, door=DOOR, summary="一份历史日志：数字和实际流程")
def read_history(request: HttpRequest, id: Id) -> schemas.LogWhole:
    """Tell what a log says of its cases, and how they ran."""
    line, told = history.log(id), imported(id)
    said = asdict(history.figures(id))
    figures = schemas.LogFigures(**{name: said[name] for name in schemas.LogFigures.model_fields})
    process = _process(mining.mined(told.traces, in_days), "天", told.labels)
    return schemas.LogWhole(**asdict(line), figures=figures, process=process)


class PastAsked(paging.Part):
    """Which cases of a log."""

    which: Literal["", "open", "ended", "late", "in_time"] = ""


_WHICH: dict[str, dict[str, Any]] = {
    "": {}, "open": {"ended_at__isnull": True}, "ended": {"ended_at__isnull": False}, "late": {"late": True},
    "in_time": {"late": False, "ended_at__isnull": False, "due_at__isnull": False},
}  # fmt: skip


@room.reads("/supervision/histories/{id}/cases", Page[schemas.PastCase], door=DOOR, summary="历史日志里的办件")
def list_past_cases(
    request: HttpRequest, response: HttpResponse, id: Id, asked: Annotated[PastAsked, Query()]
) -> Page[schemas.PastCase]:
    """List the cases of a log in the order in which they were taken in."""
    history.log(id)
    known = paging.read(asked.cursor, (int,))
    rows = history.cases(id).filter(**_WHICH[asked.which]).order_by("matter_id")
    some = list((rows.filter(matter_id__gt=known[0]) if known else rows)[: asked.limit + 1])
    page = some[: asked.limit]
    following = paging.written([page[-1].matter_id]) if len(some) > asked.limit else None
    return Page[schemas.PastCase](rows=[_past(row) for row in page], next=paging.link(request, response, following))


def _past(row: Case) -> schemas.PastCase:
    return schemas.PastCase(
        id=row.matter_id, name=row.name, events=row.events, started_at=row.started_at, ended_at=row.ended_at,
        due_at=row.due_at, late=row.late,
    )  # fmt: skip


@room.reads(
    "/supervision/histories/{id}/cases/{case}", schemas.PastStory, door=DOOR, summary="一件历史办件，按来源的原样"
)
def read_past_case(request: HttpRequest, id: Id, case: Id) -> schemas.PastStory:
    """Tell a case as its source tells it."""
    story = history.story(history.log(id).id, case)
    labels, people = story.column("label"), story.column("resource")
    steps = [
        schemas.PastStep(
            at=story.at[n], name=name, label=labels[n] if labels else "", who=people[n] if people else "",
            due=story.due.get(str(n)),
        )
        for n, name in enumerate(story.column("activity"))
    ]  # fmt: skip
    source = history.name_of_source(case)
    return schemas.PastStory(name=story.name, source=source, attributes=story.attributes, steps=steps)
