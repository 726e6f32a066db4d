"""Urging, ordering and carding by programs of the efficiency office, and every move of what was issued, on both sides."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import HttpRequest

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.moving import Action, Kind, body_of, put_up
from xiaoneng.api.operations.issued import told
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import issued as schemas
from xiaoneng.api.schemas.cases import MovedTold, PossibleMove
from xiaoneng.api.schemas.words import Id, Number
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import basis_told, move_told, moved_told
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules import cards as rules
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import Move, Procedure, card, finding, supervision_order
from xiaoneng.rules.procedures.accountability import PROCEDURE as ACCOUNTABILITY
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import accountability, cards, issued_reads, orders, urging
from xiaoneng.supervision.findings import actions as findings
from xiaoneng.supervision.findings import reads as found
from xiaoneng.supervision.responsible import Person

room = Room(tags=["效能监察"])
READ = Bearer(Scope.SUPERVISION_READ)
MOVE = Bearer(Scope.SUPERVISION_MOVE)
BOTH_SIDES = Bearer(Scope.SUPERVISION_READ, Scope.CASES_READ)
UNIT = Bearer(Scope.CASES_MOVE)
EVERYWHERE = Reach(True, frozenset())
NO_SUCH = "没有找到这张牌或者这份督办，或者它不在您的职责范围内。请用 GET /supervision/cards 或 /supervision/orders 查看有哪些。"


def supervised(number: str, caller: Caller) -> MatterFile:
    """Return a matter of any kind within the supervisor's reach.

    :raises NotFound: there is none, or it lies without.
    """
    file = matters.file(number.upper())
    reach = org.reach_of(caller.account, [Role.SUPERVISOR], local_day(caller.now))
    if not file.version or not reach.covers(file.department):
        raise NotFound(matters.NO_SUCH_MATTER)
    return file


def possible(file: MatterFile, caller: Caller, *more: Role) -> list[PossibleMove]:
    """Return the moves that lead on, and whether the caller holds a role for each."""
    held = {each.role for each in org.roles_of(caller.account, file.department, local_day(caller.now))} | set(more)
    rows = (row for row in file.procedure.leaving(file.state) if set(row.roles) - {Role.PLATFORM})
    return [move_told(row, held, own=False) for row in rows]


# --- issuing ----------------------------------------------------------------------------------------------------------
def _issued(
    request: HttpRequest, number: str, name: str, verb: Callable[..., Moved], said: Mapping[str, Any]
) -> MovedTold:
    caller = caller_of(request)
    about = supervised(number, caller)
    moved = verb(about.id, **said, by=caller.actor, at=clock.now(), key=key_of(request))
    return moved_told(matters.file(moved.matter), name, moved)


@room.changes("/supervision/cases/{number}/urge", MovedTold, door=MOVE, summary="催办", status=201)
def urge_department(request: HttpRequest, number: Number, asked: schemas.WantsAsked) -> MovedTold:
    """Urge the department about a case: a notice that asks for an answer within some working days."""
    return _issued(request, number, "urge", orders.urge, asked.model_dump())


@room.changes("/supervision/cases/{number}/order", MovedTold, door=MOVE, summary="督办", status=201)
def order_department(request: HttpRequest, number: Number, asked: schemas.WantsAsked) -> MovedTold:
    """Order the department to handle a case and to reply by a due day."""
    return _issued(request, number, "order", orders.order, asked.model_dump())


@room.changes("/supervision/cases/{number}/card", MovedTold, door=MOVE, summary="发牌", status=201)
def issue_card(request: HttpRequest, number: Number, asked: schemas.CardAsked) -> MovedTold:
    """Issue a card about a case, with its facts as they are at this instant."""
    known = rules.rule(asked.rule)
    level = asked.level or (known.level.value if known else "")
    people = org.people_at(supervised(number, caller_of(request)).department)
    if asked.person is not None and asked.person not in people:
        raise NotAllowed("责任人不是这个单位的工作人员。不确定的不要填，按经办记录确定。")
    person = Person(asked.person, people[asked.person]) if asked.person is not None else None
    said = {"rule": asked.rule, "level": level, "grounds": asked.grounds, "person": person}
    return _issued(request, number, f"issue_{level}", cards.issue, said)


@room.reads("/supervision/card-rules", list[schemas.CardRuleTold], door=READ, summary="发牌规则")
def list_card_rules(request: HttpRequest) -> list[schemas.CardRuleTold]:
    """List the rules under which cards are issued, each with its ground."""
    return [
        schemas.CardRuleTold(
            code=each.code, version=each.version, level=each.level.value, label=each.label, basis=basis_told(each.basis)
        )
        for each in rules.RULES
    ]


# --- one of them ------------------------------------------------------------------------------------------------------
def _visible_of(kind: str) -> Callable[[str, Caller], MatterFile]:
    def visible(number: str, caller: Caller) -> MatterFile:
        file = matters.file(number.upper())
        if file.kind != kind or not issued_reads.may_see(file.department, caller.account, local_day(caller.now)):
            raise NotFound(NO_SUCH)
        return file

    return visible


_card, _order = _visible_of(card.PROCEDURE.kind), _visible_of(supervision_order.PROCEDURE.kind)


@room.reads("/supervision/cards/{number}", schemas.IssuedWhole, door=BOTH_SIDES, summary="一张牌")
def read_card(request: HttpRequest, number: Number) -> schemas.IssuedWhole:
    """Tell a card with its frozen facts and the moves that lead on, to the office and to the department concerned."""
    caller = caller_of(request)
    file = _card(number, caller)
    row = issued_reads.cards(EVERYWHERE).get(pk=file.id)
    line = told(issued_reads.card_lines([row], caller.now)[0])
    return _whole(line, file, caller, row.evidence)


@room.reads("/supervision/orders/{number}", schemas.IssuedWhole, door=BOTH_SIDES, summary="一份催办单或者督办单")
def read_order(request: HttpRequest, number: Number) -> schemas.IssuedWhole:
    """Tell an urging notice or an order with the moves that lead on."""
    caller = caller_of(request)
    file = _order(number, caller)
    line = told(issued_reads.order_lines([issued_reads.orders(EVERYWHERE).get(pk=file.id)], caller.now)[0])
    return _whole(line, file, caller, "")


def _whole(line: schemas.IssuedTold, file: MatterFile, caller: Caller, evidence: str) -> schemas.IssuedWhole:
    return schemas.IssuedWhole(
        **line.model_dump(), version=file.version, evidence=evidence, moves=possible(file, caller)
    )


# --- what waits for a department --------------------------------------------------------------------------------------
@room.changes("/supervision/reminders/{id}/answer", schemas.ReminderAnswered, door=UNIT, summary="答复一条提醒")
def answer_reminder(request: HttpRequest, id: Id, asked: schemas.ReminderAnswered) -> schemas.ReminderAnswered:
    """Answer a reminder that was sent to the caller: why, and what will be done by when; an answer is given once."""
    urging.answer(id, text=asked.text, by=caller_of(request).account, at=clock.now())
    return asked


# --- their moves ------------------------------------------------------------------------------------------------------
_CARD = {row.name: row.name for row in card.PROCEDURE.moves} | {"withdraw_card": "withdraw"}
_RECORD = {row.name: row.name for row in ACCOUNTABILITY.moves} | {"appeal_decision": "appeal"}


def _finding(number: str, caller: Caller) -> MatterFile:
    file, row = findings.load(number, caller.actor, caller.now)
    if not found.may_see(row, caller.account, local_day(caller.now)):
        raise NotFound(findings.NO_SUCH_FINDING)
    return file


def _record(number: str, caller: Caller) -> MatterFile:
    return accountability.load(number, caller.actor, caller.now)[0]


def _nameless(action: Action) -> Action:
    # Which matter it is stands in the address, so it is no part of the body.
    @wraps(action)
    def act(which: int, **given: Any) -> Moved:
        return action(which, **given)

    taken = inspect.signature(action, eval_str=True)
    act.__signature__ = taken.replace(  # type: ignore[attr-defined]
        parameters=[each for name, each in taken.parameters.items() if name != "number"]
    )
    return act


def doors_of(row: Move) -> tuple[Scope, ...]:
    """Return which doors lead to a move: the office's, that of the people concerned, or both."""
    people = set(row.roles) - {Role.PLATFORM}
    office = (Scope.SUPERVISION_MOVE,) if Role.SUPERVISOR in people else ()
    return (*office, *((Scope.CASES_MOVE,) if people - {Role.SUPERVISOR} else ()))


def _put_up_all(procedure: Procedure, kind: Kind, actions: Any, named: Mapping[str, str], but: frozenset[str]) -> None:
    for row in procedure.moves:
        if row.name in but or not set(row.roles) - {Role.PLATFORM}:
            continue
        action = _nameless(getattr(actions, named.get(row.name, row.name)))
        body = body_of(row, action, kind.prefix.title().replace("_", ""))
        assert body is not None, f"{row.name} has an argument without a form in JSON"
        put_up(room, row, action, body, replace(kind, doors=doors_of(row)))


# What is issued begins with its own operation, and three moves of a finding have had theirs from the beginning.
_put_up_all(
    card.PROCEDURE, Kind("/supervision/cards", _card, "card_move", "牌："), cards, _CARD,
    frozenset({"issue_yellow", "issue_red"}),
)  # fmt: skip
_put_up_all(
    supervision_order.PROCEDURE, Kind("/supervision/orders", _order, "order_move", "督办："), orders, {},
    frozenset({"urge", "order"}),
)  # fmt: skip
_put_up_all(
    finding.PROCEDURE, Kind("/supervision/findings", _finding, "finding_move", "监察发现："), findings, {},
    frozenset({"find", "ask", "confirm", "dismiss"}),
)  # fmt: skip
_put_up_all(
    ACCOUNTABILITY, Kind("/supervision/records", _record, "record_move", "问责："), accountability, _RECORD,
    frozenset({"propose"}),
)  # fmt: skip
