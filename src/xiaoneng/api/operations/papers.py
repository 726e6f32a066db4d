"""What the desk takes along: its list as a table, all papers of a case; what others ask of it; settling on the spot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from xiaoneng.api import tables
from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations import findings
from xiaoneng.api.operations.cases import READ, CasesAsked, asked_for, visible
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.cases import MovedTold
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Number
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import moved_told
from xiaoneng.api.unchanged import require_unchanged
from xiaoneng.approval import consulting, reads
from xiaoneng.approval.actions import archive, instant
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.rules.limits import light_at
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local
from xiaoneng.supervision.findings import reads as found
from xiaoneng.trail import actions as trail

room = Room(tags=["办件"])
MOVE = Bearer(Scope.CASES_MOVE)
SUPERVISION = Bearer(Scope.SUPERVISION_READ)
MOST = 20_000
HEADER = ("编号", "事项", "申请人", "部门", "环节", "灯", "承诺到期", "法定到期", "曾超期", "已办结", "收件时间")
FOUND_HEADER = ("编号", "规则", "疑点", "来源", "单位", "经手人", "有关办件", "状态", "期限", "发现时间")
BYTES = "application/octet-stream"
Most = Annotated[int, Field(ge=1, le=MOST, description="最多多少行")]


class TableAsked(CasesAsked):
    """Which cases the table holds: those of the worklist that is asked for in the same words."""

    limit: Most = MOST


class FoundTable(findings.FindingsAsked):
    """Which findings the table holds."""

    limit: Most = MOST


@room.hands_out("/tables/cases", tables.CSV, door=READ, summary="工作台的表格（CSV），记入导出")
def cases_table(request: HttpRequest, asked: Annotated[TableAsked, Query()]) -> HttpResponse:
    """Hand out a worklist as a table; who takes it, how many rows and under which conditions is on record."""
    caller = caller_of(request)
    found = list(
        asked_for(caller, asked).select_related("department").order_by("closed", "red_at", "id")[: asked.limit]
    )
    ids = [row.pk for row in found]
    names, dues = reads.applicants_of(ids), matters.dues_of(ids)
    rows = [_row(each, names.get(each.pk, ""), dues.get(each.pk, {}), caller) for each in found]
    filters = {
        "范围": asked.view,
        "灯": asked.light,
        "部门": asked.department or "",
        "状态": asked.state,
        "包含": asked.q,
    }
    return tables.handed_out(request, "工作台", HEADER, rows, filters)


def _row(row: Matter, applicant: str, due: Mapping[str, date | None], caller: Caller) -> tuple[object, ...]:
    light = "done" if row.closed else light_at(row.yellow_at, row.red_at, row.paused, caller.now).value
    promised = due.get(ClockName.PROMISED, due.get(ClockName.PRE_ACCEPTANCE))
    return (
        str(row), row.title, applicant, row.department.name, row.step_name, light, promised or "",
        due.get(ClockName.STATUTORY) or "", "是" if row.late else "", "是" if row.closed else "",
        f"{local(row.opened_at):%Y-%m-%d %H:%M}",
    )  # fmt: skip


@room.hands_out("/tables/findings", tables.CSV, door=SUPERVISION, summary="监察发现的表格（CSV），记入导出")
def findings_table(request: HttpRequest, asked: Annotated[FoundTable, Query()]) -> HttpResponse:
    """Hand out findings as a table; that is put on record."""
    caller = caller_of(request)
    lines = found.lines(findings.asked_for(caller, asked)[: asked.limit], caller.now)
    rows = [
        (
            each.number, each.rule, each.rule_label, each.source_label, each.department_name, each.person_name, each.cases,
            each.state_label, each.due_on or "", f"{local(each.found_at):%Y-%m-%d %H:%M}",
        )
        for each in lines
    ]  # fmt: skip
    filters = {"规则": asked.rule, "状态": asked.state, "部门": asked.department or ""}
    return tables.handed_out(request, "监察发现", FOUND_HEADER, rows, filters)


@room.hands_out("/cases/{number}/papers", BYTES, door=READ, summary="一件的全部材料和文书（zip），记入导出")
def case_papers(request: HttpRequest, number: Number) -> FileResponse:
    """Hand out all materials and documents of a case as one zip; who takes it is on record."""
    caller, now = caller_of(request), clock.now()
    file = visible(number, caller)
    kept, count = archive.whole(reads.load(file.id), at=now)
    what = f"办件 {file.called} 全部材料和文书"
    trail.note_export(tables.by_of(request), what, rows=count, form="zip", filters={}, at=now)
    answer = FileResponse(kept, content_type=BYTES)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.called)}.zip"
    return answer


# --- on the spot, and for others --------------------------------------------------------------------------------------
class AtOnceAsked(Body):
    """Why the decision can be made on the spot."""

    opinion: Annotated[str, Field(min_length=1, max_length=1000, pattern=CLEAN)]


@room.changes("/cases/{number}/at-once", MovedTold, door=MOVE, summary="当场受理、准予并送达", guarded=True)
def settle_at_once(request: HttpRequest, number: Number, asked: AtOnceAsked) -> MovedTold:
    """Accept, grant and hand over a case in one transaction; if one of them cannot be, none is."""
    caller = caller_of(request)
    file = visible(number, caller)
    require_unchanged(request, file)
    moved = instant.settle_at_once(
        file.id, by=caller.actor, at=clock.now(), key=key_of(request), opinion=asked.opinion
    )  # fmt: skip
    return moved_told(matters.file(moved.matter), "deliver", moved)


class ConsultedTold(Answer):
    """A case about which a department is asked."""

    number: str
    title: str
    department: int
    department_name: str
    due_on: date


@room.reads("/consultations", list[ConsultedTold], door=READ, summary="其他部门征求本部门意见的办件")
def list_consultations(request: HttpRequest) -> list[ConsultedTold]:
    """List the cases about which one's department is asked, first due on top."""
    caller = caller_of(request)
    return [
        ConsultedTold(
            number=each.called, title=each.title, department=each.department, department_name=each.department_name,
            due_on=each.due_on,
        )
        for each in consulting.for_my_department(caller.account, caller.now)
    ]  # fmt: skip
