"""Findings beyond lateness for programs of the efficiency office: the list, one of them, and what follows from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from xiaoneng.api import paging
from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.cases import MovedTold
from xiaoneng.api.schemas.issued import FindingTold, FindingWhole
from xiaoneng.api.schemas.words import LARGEST, Body, LongText, Number, Page, Text
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import moved_told
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import models
from xiaoneng.supervision.findings import actions, carded, reads

room = Room(tags=["效能监察"])
READ, MOVE = Bearer(Scope.SUPERVISION_READ), Bearer(Scope.SUPERVISION_MOVE)
State = Literal["", "found", "asked", "explained", "confirmed", "rectified", "dismissed"]


class FindingsAsked(paging.Part):
    """Which findings are asked for."""

    rule: Annotated[str, Field(max_length=20, description="规则代码，例如 F-PAUSE-LATE")] = ""
    state: State = ""
    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None


def _reach(caller: Caller) -> Reach:
    return org.reach_of(caller.account, [Role.SUPERVISOR], local_day(caller.now))


@room.reads("/supervision/findings", Page[FindingTold], door=READ, summary="监察发现")
def list_findings(
    request: HttpRequest, response: HttpResponse, asked: Annotated[FindingsAsked, Query()]
) -> Page[FindingTold]:
    """List the findings within the supervisor's reach, the oldest first."""
    caller, known = caller_of(request), paging.read(asked.cursor, (int,))
    rows = asked_for(caller, asked).order_by("matter_id")
    found = list((rows.filter(matter_id__gt=known[0]) if known else rows)[: asked.limit + 1])
    page = found[: asked.limit]
    following = paging.written([page[-1].matter_id]) if len(found) > asked.limit else None
    rows_told = [told(row, line) for row, line in zip(page, reads.lines(page, caller.now), strict=True)]
    return Page[FindingTold](rows=rows_told, next=paging.link(request, response, following))


def asked_for(caller: Caller, asked: FindingsAsked) -> QuerySet[models.Finding]:
    """Return the findings within the caller's reach that fit, the newest first."""
    rule = asked.rule.replace("\0", "")
    return reads.findings(_reach(caller), rule=rule, state=asked.state, department=asked.department or 0)


def told(row: models.Finding, line: reads.FindingLine) -> FindingTold:
    """Return a finding as a list shows it."""
    return FindingTold(**_line(row, line))


def _line(row: models.Finding, line: reads.FindingLine) -> dict[str, Any]:
    return {
        "number": line.number, "rule": line.rule, "rule_version": row.rule_version, "rule_label": line.rule_label,
        "source": row.source, "source_label": line.source_label, "department": line.department,
        "department_name": line.department_name, "person": line.person_name, "cases": line.cases, "state": line.state,
        "state_label": line.state_label, "light": line.light, "due_on": line.due_on, "found_at": line.found_at,
        "closed": line.closed,
    }  # fmt: skip


def _visible(number: str, caller: Caller) -> tuple[MatterFile, models.Finding]:
    file, row = actions.load(number, caller.actor, caller.now)
    if not _reach(caller).covers(file.department):
        raise NotFound(actions.NO_SUCH_FINDING)
    return file, row


@room.reads("/supervision/findings/{number}", FindingWhole, door=READ, summary="一条监察发现")
def read_finding(request: HttpRequest, number: Number) -> FindingWhole:
    """Tell one finding with the facts frozen when it was found."""
    caller = caller_of(request)
    _, row = _visible(number, caller)
    digest = hashlib.sha256(row.evidence.encode()).hexdigest()
    line = _line(row, reads.lines([row], caller.now)[0])
    cases = [each.called for each in reads.cases_of(row.cases)]
    return FindingWhole(**line, evidence=row.evidence, evidence_sha256=digest, case_numbers=cases)


class AskFinding(Body):
    """What the department is to explain."""

    wants: LongText


class DecideFinding(Body):
    """Why a finding is true, or why there is nothing in it."""

    opinion: LongText


def _moved(request: HttpRequest, number: str, name: str, act: Callable[..., Moved], **said: str) -> MovedTold:
    caller = caller_of(request)
    file, _ = _visible(number, caller)
    moved = act(file.id, by=caller.actor, at=clock.now(), key=key_of(request), **said)
    return moved_told(file, name, moved)


@room.changes("/supervision/findings/{number}/moves/ask", MovedTold, door=MOVE, summary="请单位说明")
def ask_about_finding(request: HttpRequest, number: Number, asked: AskFinding) -> MovedTold:
    """Send a suspicion to the department, which has some working days to explain."""
    return _moved(request, number, "ask", actions.ask, wants=asked.wants)


@room.changes("/supervision/findings/{number}/moves/confirm", MovedTold, door=MOVE, summary="认定属实")
def confirm_finding(request: HttpRequest, number: Number, asked: DecideFinding) -> MovedTold:
    """Decide that a finding is true; the department has to put it right."""
    return _moved(request, number, "confirm", actions.confirm, opinion=asked.opinion)


@room.changes("/supervision/findings/{number}/moves/dismiss", MovedTold, door=MOVE, summary="认定不成立")
def dismiss_finding(request: HttpRequest, number: Number, asked: DecideFinding) -> MovedTold:
    """Decide that there is nothing in it, with the reason."""
    return _moved(request, number, "dismiss", actions.dismiss, opinion=asked.opinion)


class CardFinding(Body):
    """Which card: about which of the cases (the first, where none is named), under which rule, and why."""

    about: Annotated[str, Field(max_length=40, description="有关办件的编号；不填就是第一件")] = ""
    rule: Annotated[str, Field(max_length=20, description="发牌规则的代码，例如 V-SUSP；不填按发现规则对应")] = ""
    level: Literal["", "yellow", "red"] = ""
    grounds: Text


@room.changes("/supervision/findings/{number}/card", MovedTold, door=MOVE, summary="据此发牌")
def card_from_finding(request: HttpRequest, number: Number, asked: CardFinding) -> MovedTold:
    """Issue a card from a finding that was found true; its rule, version and facts go with it."""
    caller = caller_of(request)
    file, row = _visible(number, caller)
    about = matters.file(asked.about.replace("\0", "")).id if asked.about else (row.cases or [file.id])[0]
    rule = asked.rule or carded.SUGGESTED.get(row.rule, "V-OTHER")
    moved = carded.issue(
        file.id, about=about, rule=rule, level=asked.level, grounds=asked.grounds, by=caller.actor, at=clock.now(),
        key=key_of(request),
    )  # fmt: skip
    return moved_told(matters.file(moved.matter), matters.entry_at(moved.matter, 1).move, moved)
