"""Cases: the worklist with its filters, a case whole, its journal, its explanations, its files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Query, UploadedFile
from pydantic import Field, StringConstraints

from xiaoneng.api import paging
from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.operations.drafts import take
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import cases as schemas
from xiaoneng.api.schemas.words import CLEAN, LARGEST, Answer, Code, Id, Number, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import (
    applicant_told,
    clock_told,
    document_told,
    entry_told,
    explanation_told,
    light_told,
    materials_told,
    move_told,
)
from xiaoneng.approval import explained, reads
from xiaoneng.kit import files
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.limits import Light
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day, remaining_work

room = Room(tags=["办件"])
READ = Bearer(Scope.CASES_READ)
READ_ANY = Bearer(Scope.CASES_READ, Scope.APPLICATIONS_READ)
WRITE_ANY = Bearer(Scope.CASES_MOVE, Scope.APPLICATIONS_WRITE)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
ORDER = ("closed", "paused", "turns_red", "id")
Words = Annotated[str, StringConstraints(max_length=60, pattern=CLEAN)]


def visible(number: str, caller: Caller) -> MatterFile:
    """Return a case that the caller may see.

    :raises NotFound: there is none, or it is beyond the caller's reach; the answer does not say which.
    """
    file = reads.load(number.upper())
    if file.version == 0:
        raise NotFound(matters.NO_SUCH_MATTER)
    reads.require_visible(file, caller.account, local_day(caller.now))
    return file


class Lit(paging.Part):
    """Which department and which light."""

    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    light: Literal["", "red", "yellow", "green", "paused"] = ""


class CasesAsked(Lit):
    """Which cases are asked for."""

    view: Annotated[Literal["mine", "all"], Field(description="mine：等我办的；all：岗位范围内全部")] = "mine"
    state: Words = ""
    closed: Annotated[bool, Field(description="也列出已办结的（view=all 时）")] = False
    q: Annotated[Words, Field(description="编号、事项或申请人里的字词")] = ""


@room.reads("/cases", Page[schemas.CaseLine], door=READ, summary="工作台：先红的在前")
def list_cases(
    request: HttpRequest, response: HttpResponse, asked: Annotated[CasesAsked, Query()]
) -> Page[schemas.CaseLine]:
    """List what waits for the caller, or all within reach, what turns red first on top."""
    caller = caller_of(request)
    return lines(request, response, asked_for(caller, asked), caller.now, asked)


def asked_for(caller: Caller, asked: CasesAsked) -> QuerySet[Matter]:
    """Return the cases of a worklist that the caller may see."""
    today = local_day(caller.now)
    mine = asked.view == "mine"
    rows = reads.awaiting(caller.account, today) if mine else reads.visible_to_staff(caller.account, today)
    rows = rows.filter(version__gt=0) if asked.closed else rows.filter(version__gt=0, closed=False)
    rows = rows.filter(matters.having_light(Light(asked.light), caller.now), closed=False) if asked.light else rows
    rows = rows.filter(department_id=asked.department) if asked.department else rows
    rows = rows.filter(state=asked.state) if asked.state else rows
    return _fitting(rows, asked.q.strip())


def _fitting(rows: QuerySet[Matter], words: str) -> QuerySet[Matter]:
    if not words:
        return rows
    number = words.upper().replace("-", "")
    return rows.filter(
        Q(number__endswith=number) | Q(intake_number__endswith=number) | Q(title__icontains=words)
        | Q(application__applicant_name__icontains=words)
    )  # fmt: skip


def lines(
    request: HttpRequest, response: HttpResponse, rows: QuerySet[Matter], now: datetime, asked: paging.Part
) -> Page[schemas.CaseLine]:
    """Return a part of some cases as a worklist shows them."""
    known, limit = paging.read(asked.cursor, (bool, bool, datetime, int)), asked.limit
    ordered = rows.annotate(turns_red=Coalesce("red_at", Value(NEVER))).order_by(*ORDER)
    found: list[Any] = list((ordered.filter(paging.after(ORDER, known)) if known else ordered)[: limit + 1])
    following = None
    if len(found) > limit:
        following = paging.written([getattr(found[limit - 1], name) for name in ORDER])
    page = found[:limit]
    ids = [row.pk for row in page]
    names, dues = reads.applicants_of(ids), matters.dues_of(ids)
    told = [_line(row, names.get(row.pk, ""), dues.get(row.pk, {}), now) for row in page]
    return Page[schemas.CaseLine](rows=told, next=paging.link(request, response, following))


def _line(row: Matter, applicant: str, due: dict[str, Any], now: datetime) -> schemas.CaseLine:
    return schemas.CaseLine(
        number=row.number or row.intake_number or "",
        title=row.title,
        applicant=applicant,
        department=row.department_id,
        state=row.state,
        state_label=matters.PROCEDURES[row.kind].state(row.state).label,
        step=row.step_name,
        desk=row.desk,
        light=light_told(row, now),
        remaining=_remaining(row, now),
        promised_due=due.get(ClockName.PROMISED, due.get(ClockName.PRE_ACCEPTANCE)),
        statutory_due=due.get(ClockName.STATUTORY),
    )


def _remaining(row: Matter, now: datetime) -> str:
    if row.closed or row.red_at is None:
        return ""
    calendar, hours = org.calendar_of_department(row.department_id)
    return str(remaining_work(now, row.red_at, calendar, hours))


@room.reads("/cases/{number}", schemas.CaseTold, door=READ_ANY, summary="办件全貌")
def read_case(request: HttpRequest, number: Number) -> schemas.CaseTold:
    """Tell a case whole: people (numbers masked), clocks, materials, documents, the moves that lead on."""
    caller = caller_of(request)
    file = visible(number, caller)
    own = reads.is_applicant(file, caller.account)
    held = {each.role for each in org.roles_of(caller.account, file.department, local_day(caller.now))}
    leaving = [row for row in file.procedure.leaving(file.state) if row.roles != (Role.PLATFORM,)]
    return schemas.CaseTold(
        number=file.called,
        case_number=file.number,
        intake_number=file.intake_number,
        version=file.version,
        title=file.title,
        department=file.department_name,
        department_id=file.department,
        state=file.state,
        state_label=file.procedure.state(file.state).label,
        step=file.step_name,
        desk=file.desk,
        channel=file.extra["channel"],
        applicant=applicant_told(file, own=own),
        content=reads.form_of(file).get("content", ""),
        light=light_told(file, caller.now),
        clocks=[clock_told(each) for each in file.clocks],
        materials=materials_told(file),
        documents=[document_told(each) for each in matters.documents(file.id)],
        moves=[move_told(row, held, own=own) for row in leaving],
    )


class Journal(Answer):
    """The journal of a case, the newest line first."""

    rows: list[schemas.EntryTold]


@room.reads("/cases/{number}/journal", Journal, door=READ, summary="办件日志（只增不改，逐条相扣）")
def read_journal(request: HttpRequest, number: Number) -> Journal:
    """Tell the chained journal of a case."""
    file = visible(number, caller_of(request))
    told = matters.journal(file.id)
    names = org.names_of_accounts({line.actor for line in told}) | {0: "平台"}
    return Journal(rows=[entry_told(file, line, names) for line in told])


class Explanations(Answer):
    """How each due day of a case was computed."""

    rows: list[schemas.ExplanationTold]


@room.reads("/cases/{number}/explanations", Explanations, door=READ_ANY, summary="期限逐日核对")
def read_explanations(request: HttpRequest, number: Number) -> Explanations:
    """Tell day by day how each due day was computed, with the provisions."""
    caller = caller_of(request)
    file = visible(number, caller)
    return Explanations(rows=[explanation_told(each) for each in explained.explanations_of(file, caller.now)])


@room.changes("/cases/{number}/files", schemas.FileTold, door=WRITE_ANY, summary="上传补正材料", status=201)
def upload_to_case(
    request: HttpRequest, number: Number, slot: Annotated[Code, Form()], file: Annotated[UploadedFile, File()]
) -> schemas.FileTold:
    """Put a file to a case that awaits its supplement; it counts once the supplement is submitted."""
    return take(request, visible(number, caller_of(request)).id, slot, file)


@room.hands_out("/cases/{number}/files/{id}", *files.SERVED, door=READ_ANY, summary="下载材料")
def download_file(request: HttpRequest, number: Number, id: Id) -> FileResponse:
    """Hand out a file of a case."""
    file = visible(number, caller_of(request))
    found = next((each for each in matters.attachments(file.id) if each.id == id), None)
    if found is None:
        raise NotFound("没有找到这个文件，可能已经移除。请先查看办件的 materials。")
    kept = files.open_kept(settings.FILES_DIRECTORY, found.sha256)
    return FileResponse(kept, as_attachment=True, filename=found.name, content_type=found.kind)
