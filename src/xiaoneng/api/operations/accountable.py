"""Calling to account by programs: who may see which record, proposals by hand, and the rules of accumulation."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query

from xiaoneng.api import paging
from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.issuing import BOTH_SIDES, possible, supervised
from xiaoneng.api.operations.organisation import Done
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import issued as schemas
from xiaoneng.api.schemas.cases import MovedTold
from xiaoneng.api.schemas.words import Number, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tables import by_of
from xiaoneng.api.tells import moved_told
from xiaoneng.api.unchanged import seen_of
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.accountability import Measure, Source
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import accountability as procedure
from xiaoneng.rules.procedures import card
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import accountability, accumulating, models
from xiaoneng.supervision import accountability_reads as reads
from xiaoneng.supervision.findings import actions as findings
from xiaoneng.supervision.findings import carded
from xiaoneng.supervision.findings import reads as found

room = Room(tags=["效能监察"])
READ, MOVE = Bearer(Scope.SUPERVISION_READ), Bearer(Scope.SUPERVISION_MOVE)
NO_CARD = "没有找到这张牌，或者它不在您的职责范围内。请用 GET /supervision/cards 查看有哪些。"


class AccountabilityAsked(paging.Part):
    """Which records are asked for."""

    state: Literal[("", *(each.code for each in procedure.PROCEDURE.states[1:]))] = ""  # type: ignore[valid-type]


@room.reads("/supervision/records", Page[schemas.AccountabilityTold], door=BOTH_SIDES, summary="问责")
def list_accountability(
    request: HttpRequest, response: HttpResponse, asked: Annotated[AccountabilityAsked, Query()]
) -> Page[schemas.AccountabilityTold]:
    """List the records that the caller may see: one's own, one's people's as head, those within the office's reach."""
    caller, known = caller_of(request), paging.read(asked.cursor, (int,))
    rows = reads.accountabilities(caller.account, local_day(caller.now), asked.state).order_by("matter_id")
    some = list((rows.filter(matter_id__gt=known[0]) if known else rows)[: asked.limit + 1])
    page = some[: asked.limit]
    following = paging.written([page[-1].matter_id]) if len(some) > asked.limit else None
    told = [_told(each) for each in reads.accountability_lines(page, caller.now)]
    return Page[schemas.AccountabilityTold](rows=told, next=paging.link(request, response, following))


def _told(line: reads.AccountabilityLine) -> schemas.AccountabilityTold:
    return schemas.AccountabilityTold(
        number=line.number, person=line.person, person_name=line.person_name, department=line.department,
        department_name=line.department_name, source=line.source_kind, source_label=line.source_label, rule=line.rule,
        rule_label=line.rule_label, proposed=line.proposed, proposed_points=line.proposed_points, measure=line.measure,
        points=line.points, state=line.state, state_label=line.state_label, light=line.light, due_on=line.due_on,
        proposed_at=line.proposed_at, decided_on=line.decided_on, closed=line.closed, standing=line.standing,
    )  # fmt: skip


@room.reads("/supervision/records/{number}", schemas.AccountabilityWhole, door=BOTH_SIDES, summary="一件问责")
def read_accountability(request: HttpRequest, number: Number) -> schemas.AccountabilityWhole:
    """Tell one record with the moves that lead on."""
    caller = caller_of(request)
    file, row = accountability.load(number, caller.actor, caller.now)
    line = _told(reads.accountability_lines([row], caller.now)[0])
    own = (Role.CONCERNED,) if row.person == caller.account else ()
    return schemas.AccountabilityWhole(**line.model_dump(), version=file.version, moves=possible(file, caller, *own))


# --- proposals --------------------------------------------------------------------------------------------------------
@room.changes("/supervision/cards/{number}/proposals", MovedTold, door=MOVE, summary="据牌提出问责", status=201)
def propose_from_card(request: HttpRequest, number: Number, asked: schemas.CalledToAccount) -> MovedTold:
    """Propose to call somebody to account for a card."""
    caller = caller_of(request)
    file = supervised(number, caller)
    if file.kind != card.PROCEDURE.kind:
        raise NotFound(NO_CARD)
    level = models.Card.objects.values_list("level", flat=True).get(pk=file.id)
    return _proposed(request, caller, file, Source.CARD, level, asked)


@room.changes("/supervision/findings/{number}/proposals", MovedTold, door=MOVE, summary="据发现提出问责", status=201)
def propose_from_finding(request: HttpRequest, number: Number, asked: schemas.CalledToAccount) -> MovedTold:
    """Propose to call somebody to account for a finding that was found true."""
    caller = caller_of(request)
    file = supervised(number, caller)
    row = found.one(file.id)
    if row is None:
        raise NotFound(findings.NO_SUCH_FINDING)
    if file.state not in carded.TRUE:
        raise NotAllowed("认定属实以后才能提出问责。请先听取单位说明并作出认定。")
    return _proposed(request, caller, file, Source.FINDING, row.rule, asked)


def _proposed(
    request: HttpRequest, caller: Caller, file: MatterFile, source: Source, rule: str, asked: schemas.CalledToAccount
) -> MovedTold:
    if asked.person not in org.people_at(file.department):
        raise NotAllowed("责任人不是这个单位的工作人员。请重新选择。")
    moved = accountability.propose(
        source, file.id, rule, department=file.department, by=caller.actor, at=clock.now(), key=key_of(request),
        **asked.model_dump(),
    )  # fmt: skip
    assert moved is not None  # a measure is named, so no rule is asked
    return moved_told(matters.file(moved.matter), "propose", moved)


# --- the rules of accumulation ----------------------------------------------------------------------------------------
@room.reads("/supervision/accumulations", list[schemas.AccumulationTold], door=READ, summary="累计规则，现行的和以前的")
def list_accumulations(request: HttpRequest) -> list[schemas.AccumulationTold]:
    """List every rule of accumulation there was, those in force first."""
    return [
        schemas.AccumulationTold(
            code=each.code, label=each.label, source=each.source, source_label=Source(each.source).label, rule=each.rule,
            count=each.count, months=each.months, measure=each.measure, measure_label=Measure(each.measure).label,
            points=each.points, basis=each.basis, since=each.since, until=each.until, version=accumulating.mark_of(each),
        )
        for each in reads.accumulations()
    ]  # fmt: skip


def _of_the_city(request: HttpRequest) -> None:
    caller = caller_of(request)
    if not org.reach_of(caller.account, [Role.SUPERVISOR], local_day(caller.now)).everywhere:
        raise NotAllowed("累计规则是全市的，由全市的效能监察员修改。请转给有这个岗位的同事。")


@room.changes("/supervision/accumulations", Done, door=MOVE, summary="新增或者修改一条累计规则", marked=True)
def change_accumulation(request: HttpRequest, asked: schemas.AccumulationAsked) -> Done:
    """Let a rule say something from a day to come; what was proposed by it before stays."""
    _of_the_city(request)
    said = asked.model_dump(exclude={"code", "since"})
    wording = accumulating.Wording(**said)
    accumulating.change(
        asked.code, wording, since=asked.since, by=by_of(request), at=clock.now(), seen=seen_of(request)
    )  # fmt: skip
    return Done(text=f"{asked.code} 从 {asked.since} 起按新的规定；记入管理留痕。")


@room.changes("/supervision/accumulations/{number}/end", Done, door=MOVE, summary="停用一条累计规则", marked=True)
def end_accumulation(request: HttpRequest, number: Number, asked: schemas.AccumulationEnded) -> Done:
    """Let a rule hold for the last time on a day."""
    _of_the_city(request)
    accumulating.end(
        number, last=asked.last, reason=asked.reason, by=by_of(request), at=clock.now(), seen=seen_of(request)
    )
    return Done(text=f"{number} 到 {asked.last} 为止；记入管理留痕。")
