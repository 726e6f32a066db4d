"""Figures beyond the board: today's for everybody, matters of every kind, a period from the journal, what is behind rates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from xiaoneng.api import paging
from xiaoneng.api.door import PUBLIC, Bearer, Caller, caller_of
from xiaoneng.api.operations.cases import lines
from xiaoneng.api.operations.reforms import since_of
from xiaoneng.api.problems import Problem
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import figures as schemas
from xiaoneng.api.schemas.cases import CaseLine, EntryTold
from xiaoneng.api.schemas.words import CLEAN, LARGEST, Answer, Body, Day, LightTold, Number, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import entry_told, light_told
from xiaoneng.catalogue import measures
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.items.reforms import LABELS
from xiaoneng.rules.limits import Light
from xiaoneng.rules.milestones import FOR_PEOPLE, supervised
from xiaoneng.rules.roles import ON_LISTS, Role
from xiaoneng.rules.workdays import local_day, start_of_day
from xiaoneng.supervision import on_the_spot, reads, tally_periods
from xiaoneng.supervision.tally_reads import DepartmentLights

room = Room(tags=["效能监察"])
DOOR = Bearer(Scope.SUPERVISION_READ)
LONGEST = timedelta(days=366)
Kind = Annotated[
    str, Field(max_length=40, pattern=CLEAN, description="哪一类，如 application、joint_case；不填是各类合计")
]


# --- today, for everybody ---------------------------------------------------------------------------------------------
@room.reads("/today", schemas.TodayTold, door=PUBLIC, summary="今天的办件数字")
def read_today(request: HttpRequest) -> schemas.TodayTold:
    """Tell today's figures, of the whole city and by department; nobody is named."""
    now = clock.now()
    rows = reads.by_department(Reach(True, frozenset()), now, FOR_PEOPLE)
    told = [_today(each) for each in rows]
    return schemas.TodayTold(as_of=now, departments=told, **_today(reads.together("全市", rows)).counts())


def _today(row: DepartmentLights) -> schemas.DepartmentToday:
    return schemas.DepartmentToday(
        department=row.department, name=row.name, accepted=row.accepted_today, decided=row.decided_today, open=row.total,
        yellow=row.yellow, red=row.red,
    )  # fmt: skip


# --- matters of every kind --------------------------------------------------------------------------------------------
class MattersAsked(paging.Part):
    """Which matters are asked for; of every kind that carries a light, where none is named."""

    kind: Kind = ""
    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    light: Literal["", "red", "yellow", "green", "paused"] = ""
    today: Annotated[Literal["", "accepted", "decided"], Field(description="今天受理的，或者今天办结的")] = ""


def _kinds(kind: str) -> list[str]:
    if kind and kind not in supervised():
        wrong = {"in": "query", "pointer": "/kind", "detail": f"没有这一类。可以用：{'、'.join(supervised())}。"}
        raise Problem("invalid", "有的查询参数不能用，逐项见 errors。", errors=[wrong])
    return [kind] if kind else []


def _reach(caller: Caller, *roles: Role) -> Reach:
    return org.reach_of(caller.account, roles or [Role.SUPERVISOR], local_day(caller.now))


@room.reads("/supervision/matters", Page[CaseLine], door=DOOR, summary="各类事项和任务，不只是办件")
def list_matters(
    request: HttpRequest, response: HttpResponse, asked: Annotated[MattersAsked, Query()]
) -> Page[CaseLine]:
    """List the matters of every kind within reach: cases, joint cases, lists, and whatever else carries a light."""
    caller = caller_of(request)
    kinds, reach = _kinds(asked.kind), _reach(caller)
    open_now = reads.visible_to_supervisor(reach, kinds)
    rows = reads.done_today(reach, caller.now, asked.today, kinds) if asked.today else open_now
    rows = rows.filter(department_id=asked.department) if asked.department else rows
    rows = rows.filter(matters.having_light(Light(asked.light), caller.now), closed=False) if asked.light else rows
    return lines(request, response, rows, caller.now, asked)


class MatterWhole(Answer):
    """A matter of any kind: where it stands, and its chained journal."""

    id: int
    kind: str
    kind_label: str
    number: str
    title: str
    department: int
    state: str
    state_label: str
    light: LightTold
    version: int
    journal: list[EntryTold]


@room.reads("/supervision/matters/{number}", MatterWhole, door=DOOR, summary="任何一类的一件，和它的日志")
def read_matter(request: HttpRequest, number: Number) -> MatterWhole:
    """Tell a matter of any kind by its number, or by the id of one that has none, with its journal."""
    caller = caller_of(request)
    plain = number.isascii() and number.isdigit() and len(number) < 10
    file = matters.file(int(number) if plain else number.upper())
    if file.kind not in supervised() or not file.version or not _reach(caller).covers(file.department):
        raise NotFound(matters.NO_SUCH_MATTER)
    told = matters.journal(file.id)
    names = org.names_of_accounts({line.actor for line in told}) | {0: "平台"}
    return MatterWhole(
        id=file.id, kind=file.kind, kind_label=file.procedure.label, number=file.called, title=file.title,
        department=file.department, state=file.state, state_label=file.procedure.state(file.state).label,
        light=light_told(file, caller.now), version=file.version, journal=[entry_told(file, each, names) for each in told],
    )  # fmt: skip


class PeriodAsked(Body):
    """Which period: from a day to a day, this month so far where none is named; of one kind of matter, or of all."""

    first: Day | None = None
    last: Day | None = None
    kind: Kind = ""


@room.reads(
    "/supervision/period", schemas.PeriodTold, door=DOOR, summary="一段时间的收支：结转、受理、办结、超期、剩余"
)
def read_period(request: HttpRequest, asked: Annotated[PeriodAsked, Query()]) -> schemas.PeriodTold:
    """Tell from the journal what became of the matters of a period, by department."""
    caller = caller_of(request)
    first, last, until = _period(asked, caller.now)
    rows = tally_periods.period(_reach(caller), start_of_day(first), until, _kinds(asked.kind))
    told = [
        schemas.PeriodLine(**{name: getattr(row, name) for name in schemas.PeriodLine.model_fields}) for row in rows
    ]
    return schemas.PeriodTold(first=first, last=last, until=until, departments=told)


def _period(asked: PeriodAsked, now: datetime) -> tuple[date, date, datetime]:
    today = local_day(now)
    first, last = asked.first or today.replace(day=1), asked.last or today
    if not date(2000, 1, 1) <= first <= last <= today or last - first > LONGEST:
        raise Problem("invalid", "请选不超过一年的一段时间，开始不晚于结束，结束不晚于今天。")
    return first, last, min(start_of_day(last + timedelta(days=1)), now)


class PeriodMattersAsked(PeriodAsked, paging.Part):
    """Which figure of a period, of which department; all that the period counts where none is named."""

    figure: Literal[
        "", "carried_over", "taken_on", "early", "on_time", "late", "ended_otherwise", "undue", "overdue", "paused"
    ] = ""
    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None


@room.reads("/supervision/period/matters", Page[CaseLine], door=DOOR, summary="一段时间里每个数字后面的件")
def list_period_matters(
    request: HttpRequest, response: HttpResponse, asked: Annotated[PeriodMattersAsked, Query()]
) -> Page[CaseLine]:
    """List the matters that a figure of a period counts."""
    caller = caller_of(request)
    first, _, until = _period(asked, caller.now)
    rows = tally_periods.behind(
        _reach(caller), start_of_day(first), until, _kinds(asked.kind), figure=asked.figure,
        department=asked.department or 0,
    )  # fmt: skip
    return lines(request, response, rows, caller.now, asked)


# --- behind the rates of the reform -----------------------------------------------------------------------------------
class OfDepartment(Body):
    """Whose items."""

    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None


def _within(caller: Caller, asked: OfDepartment) -> list[int] | None:
    reach = _reach(caller, *ON_LISTS, Role.SUPERVISOR)
    if asked.department is not None:
        return [asked.department] if reach.covers(asked.department) else []
    return None if reach.everywhere else list(reach.departments)


@room.reads("/supervision/reforms/items", list[schemas.ItemMeasured], door=DOOR, summary="改革指标后面的事项")
def list_measured_items(request: HttpRequest, asked: Annotated[OfDepartment, Query()]) -> list[schemas.ItemMeasured]:
    """Tell each item with what the rates count of it, and on which ground it stands outside their denominators."""
    caller = caller_of(request)
    rows = measures.measures(caller.now, _within(caller, asked))
    return [
        schemas.ItemMeasured(
            code=row.code, name=row.name, department=row.department, department_name=row.department_name,
            exempt=row.exempt_words if row.exempt else "", stationed=row.stationed, authorised=row.authorised,
            concentrated=row.concentrated, single_window=row.single_window, self_service=row.self_service, unit=row.unit,
            compression=row.compression, instant=row.instant,
        )
        for row in rows
    ]  # fmt: skip


class SinceAsked(OfDepartment):
    """Since which day, a year ago where none is named."""

    since: Day | None = None


@room.reads("/supervision/reforms/cuts", list[schemas.ItemCut], door=DOOR, summary="三减一加后面的事项")
def list_cut_items(request: HttpRequest, asked: Annotated[SinceAsked, Query()]) -> list[schemas.ItemCut]:
    """Tell each item that changed since a day, with every measure before and after."""
    caller = caller_of(request)
    rows = measures.cuts(since_of(caller, asked.since), caller.now, _within(caller, asked))
    return [
        schemas.ItemCut(code=row.code, name=row.name, measure=cut.name, label=LABELS[cut.name], before=cut.before, after=cut.after)
        for row in rows
        for cut in row.cuts
        if cut.before != cut.after
    ]  # fmt: skip


@room.reads("/supervision/reforms/decided", list[schemas.DecidedTold], door=DOOR, summary="当场办结率后面的办件")
def list_decided(request: HttpRequest, asked: Annotated[SinceAsked, Query()]) -> list[schemas.DecidedTold]:
    """Tell the cases decided since a day, those on the spot first."""
    caller = caller_of(request)
    rows = on_the_spot.cases(since_of(caller, asked.since), caller.now, _within(caller, asked))
    return [
        schemas.DecidedTold(
            number=row.called, title=row.title, department_name=row.department, accepted_at=row.accepted_at,
            decided_at=row.decided_at, on_the_spot=row.on_the_spot, granted=row.granted,
        )
        for row in rows
    ]  # fmt: skip
