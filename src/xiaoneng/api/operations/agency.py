"""Agent service for programs: ask for it, the agents' worklist, a project with its plan, and one operation for each move."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.moving import Action, Kind, body_of, put_up
from xiaoneng.api.operations.drafts import typed
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.cases import DeclarationAsked, MovedTold
from xiaoneng.api.schemas.words import Answer, Body, Day, DocumentTold, Line, Number
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import document_told, moved_told
from xiaoneng.api.unchanged import if_unchanged
from xiaoneng.approval import reads as applications
from xiaoneng.approval.agency import actions, reads
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import preferences
from xiaoneng.people import reads as people
from xiaoneng.rules.acceptance import to_declaration
from xiaoneng.rules.agency import MOST_STEPS, PlannedStep, to_service
from xiaoneng.rules.grounds import NotFound, Obstructed
from xiaoneng.rules.procedures.agency import PROCEDURE
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

room = Room(tags=["代办"])
OWN = Bearer(Scope.APPLICATIONS_READ)
DESK = Bearer(Scope.CASES_READ)
READ_ANY = Bearer(Scope.CASES_READ, Scope.APPLICATIONS_READ)
ELSEWHERE = frozenset({"request", "take_on"})  # a request opens the case, and a plan has a body of its own
LISTED = 100
_Money = Annotated[int, Field(ge=0, le=2_000_000_000, description="单位万元")]


class PlanStepTold(Answer):
    """An approval of the plan with what became of it."""

    position: int
    title: str
    department: str
    due_on: date
    after: list[int]
    number: str = Field(description="申请人的办件编号；还没有收件的为空")
    state: str = Field(description="这件办件现在的状态")
    done_on: date | None
    late: bool


class AgencyTold(Answer):
    """A project with its agent, its plan and its light."""

    number: str
    version: int = Field(description="写在 If-Match 里，别人先办了就不会覆盖")
    project: str
    capital: int
    investment: int
    state: str
    state_label: str
    light: str
    due_on: date | None
    agent: str
    steps: list[PlanStepTold]
    documents: list[DocumentTold]


class Agencies(Answer):
    """Several projects."""

    rows: list[AgencyTold]


class ServiceAsked(Body):
    """The project and its two figures; without a declaration, what the account's profile knows."""

    project: Annotated[Line, Field(min_length=1)]
    capital: _Money = 0
    investment: _Money = 0
    declaration: DeclarationAsked | None = None


class StepAsked(Body):
    """One approval of a plan: what, by which department, by when, after which rows."""

    title: Line
    department: Line = ""
    due_on: Day
    after: Annotated[list[Annotated[int, Field(ge=1, le=MOST_STEPS)]], Field(max_length=MOST_STEPS)] = []


class PlanAsked(Body):
    """The plan of all approvals of a project, in their order."""

    steps: Annotated[list[StepAsked], Field(max_length=99)]


def visible(number: str, caller: Caller) -> MatterFile:
    """Return an agent case that the caller may see.

    :raises NotFound: there is none, or it is beyond the caller's reach; the answer does not say which.
    """
    file = reads.load(number.upper())
    if file.version == 0:
        raise NotFound(reads.NO_SUCH)
    reads.require_visible(file, caller.account, caller.now)
    return file


def agency_told(file: MatterFile, caller: Caller) -> AgencyTold:
    """Return a project as it stands."""
    service, running, today = reads.service(file), file.clock("agency"), local_day(caller.now)
    return AgencyTold(
        number=file.called, version=file.version, project=service.project, capital=service.capital, investment=service.investment,
        state=file.state, state_label=file.procedure.state(file.state).label,
        light="done" if file.closed else file.light(caller.now).value, due_on=running.due_on if running else None,
        agent=service.agent_name, documents=[document_told(each) for each in matters.documents(file.id)],
        steps=[
            PlanStepTold(
                position=each.position, title=each.title, department=each.department, due_on=each.due_on,
                after=list(each.after), number=each.number, state=each.state, done_on=each.done_on,
                late=each.late or each.overdue(today),
            )
            for each in service.steps
        ],
    )  # fmt: skip


@room.reads("/agency", Agencies, door=OWN, summary="我申请的代办")
def own_agencies(request: HttpRequest) -> Agencies:
    """Tell the projects for which the caller asked for an agent, the newest first."""
    caller = caller_of(request)
    rows = reads.of_applicant(caller.account).values_list("id", flat=True)[:LISTED]
    return Agencies(rows=[agency_told(reads.load(pk), caller) for pk in rows])


@room.reads("/agency/worklist", Agencies, door=DESK, summary="代办员的待办")
def agents_worklist(request: HttpRequest) -> Agencies:
    """Tell the projects that wait for an agent or are accompanied, what is due first on top."""
    caller = caller_of(request)
    rows = reads.awaiting(caller.account, local_day(caller.now)).values_list("id", flat=True)[:LISTED]
    return Agencies(rows=[agency_told(reads.load(pk), caller) for pk in rows])


@room.reads("/agency/{number}", AgencyTold, door=READ_ANY, summary="一个代办项目")
def read_agency(request: HttpRequest, number: Number) -> AgencyTold:
    """Tell a project with its plan: to its applicant, to agents and to those above them."""
    caller = caller_of(request)
    return agency_told(visible(number, caller), caller)


@room.changes("/agency", MovedTold, door=Bearer(Scope.APPLICATIONS_WRITE), summary="申请代办", status=201)
def request_agency(request: HttpRequest, asked: ServiceAsked) -> MovedTold:
    """Ask for an agent for a project that reaches one of the two thresholds."""
    caller = caller_of(request)
    form = typed(asked.declaration) if asked.declaration else people.declaration_of(caller.account)
    too_small = to_service(asked.capital, asked.investment, thresholds())
    obstacles = (*too_small, *to_declaration(applications.declared(form)))
    if obstacles:
        raise Obstructed(obstacles)
    moved = actions.request(
        project=actions.Project(asked.project, asked.capital, asked.investment), form=form, thresholds=thresholds(),
        by=caller.actor, at=clock.now(), key=key_of(request),
    )  # fmt: skip
    return moved_told(reads.load(moved.matter), "request", moved)


def thresholds() -> dict[str, int]:
    """Return from which figures on a project is accompanied, by the settings in force."""
    return {name: int(preferences.in_force(f"agency_{name}")) for name in ("capital", "investment")}


@room.changes(
    "/agency/{number}/moves/take_on", MovedTold, door=Bearer(Scope.CASES_MOVE), summary="代办：接单并排出计划",
    operation_id="agency_move_take_on", guarded=True,
)  # fmt: skip
def take_on(request: HttpRequest, number: Number, asked: PlanAsked) -> MovedTold:
    """Take a project on with the plan of all its approvals, their dates and what waits for what."""
    caller = caller_of(request)
    file = visible(number, caller)
    steps = [PlannedStep(each.title, each.department, each.due_on, tuple(each.after)) for each in asked.steps]
    moved = if_unchanged(
        request, file,
        lambda: actions.take_on(file.id, by=caller.actor, at=clock.now(), key=key_of(request), steps=steps),
    )  # fmt: skip
    return moved_told(file, "take_on", moved)


def open_to_people() -> dict[str, Action]:
    """Return the actions of those moves that a person may make on a project, by the table's names."""
    rows = [row for row in PROCEDURE.moves if row.roles != (Role.PLATFORM,) and row.name not in ELSEWHERE]
    return {row.name: getattr(actions, row.name) for row in rows}


_KIND = Kind("/agency", visible, "agency_move", "代办：")
for _name, _action in open_to_people().items():
    _body = body_of(PROCEDURE.move(_name), _action, "AgencyMove")
    assert _body is not None, f"{_name} has an argument without a form in JSON"
    put_up(room, PROCEDURE.move(_name), _action, _body, _KIND)
