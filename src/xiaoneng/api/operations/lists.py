"""Power lists for programs: rounds, a department's compilation with its items, what is said about it, and its moves."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import wraps
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, UploadedFile

from xiaoneng.api import paging, problems
from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.moving import Action, Kind, body_of, put_up
from xiaoneng.api.problems import Problem
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import lists as schemas
from xiaoneng.api.schemas.words import Code, Id, Number, ObstacleTold, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import move_told
from xiaoneng.api.unchanged import seen_of
from xiaoneng.catalogue import upkeep
from xiaoneng.catalogue.imports import workbook
from xiaoneng.catalogue.imports.cellwords import Wrong, flat_value, row_of
from xiaoneng.catalogue.imports.trouble import Unreadable
from xiaoneng.kit import clock
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.powerlists import actions, reads, remarks
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.items.content import FLAT, ROWS, Content
from xiaoneng.rules.procedures.power_list import PROCEDURE
from xiaoneng.rules.roles import ON_LISTS, Role
from xiaoneng.rules.workdays import local_day

room = Room(tags=["权责清单"])
READ, WRITE = Bearer(Scope.LISTS_READ), Bearer(Scope.LISTS_WRITE)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_SHEET = 20 * 1024 * 1024
# A round's opening puts every department to work; nobody makes that move on one compilation.
ELSEWHERE = frozenset({"assign"})
NO_SUCH_LIST = "没有这份清单编制，或者不在您的范围内。请用 GET /lists/rounds/{id} 查看有哪些。"


def reach_of(caller: Caller, *roles: Role) -> Reach:
    """Return for which departments the caller holds one of the roles.

    :raises NotAllowed: for none at all.
    """
    wanted = roles or ON_LISTS
    reach = org.reach_of(caller.account, wanted, local_day(caller.now))
    if not reach.everywhere and not reach.departments:
        names = "或者".join(role.label for role in wanted)
        raise NotAllowed(f"这个操作给{names}使用，您没有这个岗位。需要的请联系本单位管理员。")
    return reach


def visible(number: str, caller: Caller) -> MatterFile:
    """Return a compilation that the caller may see.

    :raises NotFound: there is none, or it is beyond the caller's reach; the answer does not say which.
    """
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NotFound(NO_SUCH_LIST)
    file = reads.file_of(int(number), by=caller.actor, at=caller.now)
    if not org.reach_of(caller.account, ON_LISTS, local_day(caller.now)).covers(file.department):
        raise NotFound(NO_SUCH_LIST)
    return file


# --- rounds -----------------------------------------------------------------------------------------------------------
@room.reads("/lists/rounds", list[schemas.RoundTold], door=READ, summary="清单编制轮次")
def list_rounds(request: HttpRequest) -> list[schemas.RoundTold]:
    """List the rounds, the newest first."""
    reach_of(caller_of(request))
    return [schemas.RoundTold(**asdict(each)) for each in reads.rounds()]


@room.changes("/lists/rounds", schemas.RoundTold, door=WRITE, summary="开一轮清单编制", status=201)
def open_round(request: HttpRequest, asked: schemas.RoundAsked) -> schemas.RoundTold:
    """Open a round and put each department to work with its present list."""
    caller = caller_of(request)
    reach_of(caller, Role.LIST_OFFICE)
    number = actions.open_round(**asked.model_dump(), by=caller.actor, at=clock.now())
    return schemas.RoundTold(**asdict(reads.round_of(number)))


@room.reads("/lists/rounds/{id}", schemas.RoundWhole, door=READ, summary="一轮编制：各部门到哪一步")
def read_round(request: HttpRequest, id: Id) -> schemas.RoundWhole:
    """Tell where the departments of a round stand, those that are late first."""
    caller = caller_of(request)
    reach = reach_of(caller)
    rows = reads.board(id, caller.now, None if reach.everywhere else reach.departments)
    return schemas.RoundWhole(**asdict(reads.round_of(id)), compilations=[compilation_told(each) for each in rows])


def compilation_told(line: reads.CompilationLine) -> schemas.CompilationTold:
    """Return where a compilation stands."""
    return schemas.CompilationTold(**_values(line))


def _values(line: reads.CompilationLine) -> dict[str, Any]:
    return {
        "id": line.matter, "round": line.round, "round_name": line.round_name, "department": line.department_id,
        "department_name": line.department, "state": line.state, "state_label": line.state_label, "light": line.light.value,
        "due_on": line.due_on, "late": line.late, "closed": line.closed, "items": line.items, "notice_ends": line.notice_ends,
    }  # fmt: skip


# --- one department's list --------------------------------------------------------------------------------------------
@room.reads("/lists/compilations/{number}", schemas.CompilationWhole, door=READ, summary="一个部门的清单编制")
def read_compilation(request: HttpRequest, number: Number) -> schemas.CompilationWhole:
    """Tell where a compilation stands, what the checks find, what was said, and which moves lead on."""
    caller = caller_of(request)
    file = visible(number, caller)
    held = {each.role for each in org.roles_of(caller.account, file.department, local_day(caller.now))}
    found = () if file.closed else actions.failings(file.id, caller.now)
    return schemas.CompilationWhole(
        **_values(reads.compilation(file.id, caller.now)), version=file.version, counts=reads.counts_of(file.id),
        failings=[ObstacleTold(**problems.told(each)) for each in found],
        remarks=[remark_told(each) for each in reads.remarks(file.id)],
        moves=[move_told(row, held, own=False) for row in PROCEDURE.leaving(file.state)],
    )  # fmt: skip


def remark_told(each: reads.RemarkLine) -> schemas.RemarkTold:
    """Return what somebody said, and the answer."""
    return schemas.RemarkTold(**{"source_label": each.label} | asdict(each))


@room.reads("/lists/compilations/{number}/items", Page[schemas.ProposalTold], door=READ, summary="清单里的事项")
def list_proposals(
    request: HttpRequest, response: HttpResponse, number: Number, asked: Annotated[paging.Part, Query()]
) -> Page[schemas.ProposalTold]:
    """List what a department proposes for each item, in the order of the codes."""
    file, known = visible(number, caller_of(request)), paging.read(asked.cursor, (str,))
    rows = sorted(reads.proposals(file.id), key=lambda each: each.code)
    found = [each for each in rows if known is None or each.code > known[0]][: asked.limit + 1]
    page = found[: asked.limit]
    following = paging.written([page[-1].code]) if len(found) > asked.limit else None
    return Page[schemas.ProposalTold](
        rows=[proposal_told(each) for each in page], next=paging.link(request, response, following)
    )


def proposal_told(each: reads.ProposalLine) -> schemas.ProposalTold:
    """Return what a department proposes for an item."""
    return schemas.ProposalTold(
        code=each.code, name=each.name, kind=each.kind, disposition=each.disposition, disposition_label=each.label,
        reason=each.reason, ground=each.ground, on_running=each.on_running, target=each.target,
        target_code=each.target_code, is_new=each.is_new, content=each.content.as_json(),
        version=reads.mark_of(each),
    )  # fmt: skip


@room.sets(
    "PUT", "/lists/compilations/{number}/items/{code}", schemas.ProposalTold, door=WRITE, marked=True,
    summary="填写一个事项怎样处理",
)  # fmt: skip
def propose_item(
    request: HttpRequest, number: Number, code: Code, asked: schemas.ProposalAsked
) -> schemas.ProposalTold:
    """Write down what is to become of an item, and what it says from then on; the same again changes nothing."""
    caller = caller_of(request)
    file = visible(number, caller)
    standing = next((each for each in reads.proposals(file.id) if each.code == code), None)
    content = _content(asked, standing.content if standing else Content(name="", kind=""))
    said = asked.model_dump(exclude={"parts", "rows"})
    made = actions.propose(
        file.id, code, content=content, by=caller.actor, at=clock.now(), seen=seen_of(request), **said
    )  # fmt: skip
    return proposal_told(reads.proposal(file.id, made))


def _content(asked: schemas.ProposalAsked, before: Content) -> Content:
    """Return what an item shall say.

    :raises Problem: parts that nobody knows, or values that mean nothing; all at once.
    """
    values: dict[str, Any] = {}
    wrong = []
    for name, words in asked.parts.items():
        try:
            values[name] = flat_value(name, words.strip()) if name in FLAT else _nobody_knows(name)
        except Wrong as refusal:
            wrong.append({"in": "body", "pointer": f"/parts/{name}", "detail": str(refusal)})
    for name, rows in asked.rows.items():
        try:
            values[name] = _rows(name, rows)
        except Wrong as refusal:
            wrong.append({"in": "body", "pointer": f"/rows/{name}", "detail": str(refusal)})
    content = replace(before, **values)
    for part, unit in (("statutory_n", "statutory_unit"), ("promised_n", "promised_unit")):
        if (getattr(content, part) is None) != (not getattr(content, unit)):
            wrong.append({"in": "body", "pointer": f"/parts/{part}", "detail": "数字和单位要一起填。"})
    if content.kind not in {each.name for each in upkeep.kinds()}:
        wrong.append({"in": "body", "pointer": "/parts/kind", "detail": "没有这个事项类型，见 GET /lists/kinds。"})
    if wrong:
        raise Problem("invalid", "有的栏目不能用，逐项见 errors。", errors=wrong)
    return content


def _nobody_knows(name: str) -> Any:
    raise Wrong(f"没有“{name}”这一栏。可以用：{'、'.join(FLAT)}。")


def _rows(name: str, rows: list[dict[str, str]]) -> tuple[Any, ...]:
    if name not in ROWS:
        raise Wrong(f"没有“{name}”这一栏。可以用：{'、'.join(ROWS)}。")
    return tuple(row_of(name, cells) for cells in rows)


# --- as a spreadsheet -------------------------------------------------------------------------------------------------
@room.hands_out("/lists/compilations/{number}/sheet", XLSX, door=READ, summary="清单表格，可以填好再传回")
def download_sheet(request: HttpRequest, number: Number) -> HttpResponse:
    """Hand out a department's list as the spreadsheet that can be filled in and handed in again."""
    file = visible(number, caller_of(request))
    rows = (workbook.Listed(e.code, file.department_name, "", "", e.content) for e in reads.proposals(file.id))
    answer = HttpResponse(workbook.write(rows, [each.name for each in upkeep.kinds()]), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="list-{file.id}.xlsx"'
    return answer


@room.changes("/lists/compilations/{number}/sheet", schemas.SheetTold, door=WRITE, summary="传回填好的清单表格")
def upload_sheet(request: HttpRequest, number: Number, file: Annotated[UploadedFile, File()]) -> schemas.SheetTold:
    """Take the department's spreadsheet in: changed items become amendments, new ones additions."""
    caller = caller_of(request)
    matter = visible(number, caller).id
    if (file.size or 0) > LARGEST_SHEET:
        raise NotAllowed("表格超过 20 MB。请拆开以后再传。")
    try:
        told = actions.take_spreadsheet(matter, file.read(), by=caller.actor, at=clock.now())
    except Unreadable as refusal:
        raise Problem("refused-file", str(refusal)) from None
    found = [each.as_json() for each in told.problems]
    return schemas.SheetTold(changed=told.changed, added=told.added, unchanged=told.unchanged, problems=found)


# --- what is said -----------------------------------------------------------------------------------------------------
@room.changes(
    "/lists/compilations/{number}/remarks", schemas.RemarkTold, door=WRITE, summary="记专家或者法制意见", status=201
)
def remark_on_list(request: HttpRequest, number: Number, asked: schemas.RemarkAsked) -> schemas.RemarkTold:
    """Write down what an expert says in the experts' review, or the legal office in its own."""
    caller = caller_of(request)
    file = visible(number, caller)
    reach_of(caller, Role.LIST_OFFICE, Role.LEGAL_OFFICE)
    source = "expert" if file.state == "expert_review" else "legal"
    made = remarks.remark(file.id, source=source, at=clock.now(), **asked.model_dump())
    return next(remark_told(each) for each in reads.remarks(file.id) if each.id == made)


@room.sets(
    "PUT",
    "/lists/compilations/{number}/remarks/{id}/answer",
    schemas.RemarkTold,
    door=WRITE,
    summary="答复一条意见",
    marked=True,
)
def answer_remark(request: HttpRequest, number: Number, id: Id, asked: schemas.RemarkAnswered) -> schemas.RemarkTold:
    """Say whether a remark is taken up, and why; the last answer stands."""
    caller = caller_of(request)
    file = visible(number, caller)
    if id not in {each.id for each in reads.remarks(file.id)}:
        raise NotFound("这份清单没有这条意见。请先读取清单的 remarks。")
    remarks.answer(id, text=asked.text, by=caller.actor, at=clock.now(), seen=seen_of(request))
    return next(remark_told(each) for each in reads.remarks(file.id) if each.id == id)


# --- its moves --------------------------------------------------------------------------------------------------------
def _keyless(action: Action) -> Action:
    # The verbs of a round know no key of their own: a request that is sent again is answered by the store of requests.
    @wraps(action)
    def act(which: int, *, key: Any, **given: Any) -> Moved:
        return action(which, **given)

    taken = inspect.signature(action, eval_str=True)
    asked = [each for name, each in taken.parameters.items() if name != "matter"]
    act.__signature__ = taken.replace(parameters=asked)  # type: ignore[attr-defined]
    return act


def open_to_people() -> Mapping[str, Action]:
    """Return the actions of those moves of a compilation that a person may make, by the table's names."""
    return {row.name: _keyless(getattr(actions, row.name)) for row in PROCEDURE.moves if row.name not in ELSEWHERE}


_KIND = Kind("/lists/compilations", visible, "list_move", "清单编制：", doors=(Scope.LISTS_WRITE,))
for _name, _action in open_to_people().items():
    _body = body_of(PROCEDURE.move(_name), _action, "ListMove")
    assert _body is not None, f"{_name} has an argument without a form in JSON"
    put_up(room, PROCEDURE.move(_name), _action, _body, _KIND)
