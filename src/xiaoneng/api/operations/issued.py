"""What supervision issued, for reading: cards, urging notices and orders, and the reminders about a case."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from xiaoneng.api import paging
from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.operations.cases import visible
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.issued import IssuedTold, ReminderTold
from xiaoneng.api.schemas.words import LARGEST, Answer, Number, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import issued_reads
from xiaoneng.supervision.issued_reads import Line, Wanted

room = Room(tags=["效能监察"])
DOOR = Bearer(Scope.SUPERVISION_READ)


class IssuedAsked(paging.Part):
    """Which cards or orders are asked for."""

    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    waits: Annotated[Literal["", "unit", "office"], Field(description="unit：等单位答复；office：等效能办核实")] = ""


class CardsAsked(IssuedAsked):
    """Which cards are asked for."""

    level: Literal["", "yellow", "red"] = ""


def _reach(caller: Caller) -> Reach:
    return org.reach_of(caller.account, [Role.SUPERVISOR], local_day(caller.now))


@room.reads("/supervision/cards", Page[IssuedTold], door=DOOR, summary="黄牌、红牌")
def list_cards(request: HttpRequest, response: HttpResponse, asked: Annotated[CardsAsked, Query()]) -> Page[IssuedTold]:
    """List the cards within the supervisor's reach, the oldest first."""
    caller = caller_of(request)
    wanted = Wanted(level=asked.level, department=asked.department or 0, waits=asked.waits)
    return _page(
        request, response, issued_reads.cards(_reach(caller), wanted), issued_reads.card_lines, asked, caller.now
    )


@room.reads("/supervision/orders", Page[IssuedTold], door=DOOR, summary="催办单、督办单")
def list_orders(
    request: HttpRequest, response: HttpResponse, asked: Annotated[IssuedAsked, Query()]
) -> Page[IssuedTold]:
    """List the urging notices and orders within the supervisor's reach, the oldest first."""
    caller = caller_of(request)
    wanted = Wanted(department=asked.department or 0, waits=asked.waits)
    return _page(
        request, response, issued_reads.orders(_reach(caller), wanted), issued_reads.order_lines, asked, caller.now
    )


def _page(
    request: HttpRequest, response: HttpResponse, rows: QuerySet[Any], lines: Any, asked: paging.Part, now: datetime
) -> Page[IssuedTold]:
    known = paging.read(asked.cursor, (int,))
    rows = rows.order_by("matter_id")
    found = list((rows.filter(matter_id__gt=known[0]) if known else rows)[: asked.limit + 1])
    page = found[: asked.limit]
    following = paging.written([page[-1].matter_id]) if len(found) > asked.limit else None
    rows_told = [told(line) for line in lines(page, now)]
    return Page[IssuedTold](rows=rows_told, next=paging.link(request, response, following))


def told(line: Line) -> IssuedTold:
    """Return a card or an order as a list shows it."""
    return IssuedTold(
        number=line.number, level=line.level, label=line.label, rule=line.rule, rule_label=line.rule_label,
        about=line.about_called, about_title=line.about_title, department=line.department,
        department_name=line.department_name, person=line.person_name, points=line.points, state=line.state,
        state_label=line.state_label, light=line.light, due_on=line.due_on, issued_at=line.issued_at, closed=line.closed,
        standing=line.standing,
    )  # fmt: skip


class Reminders(Answer):
    """The reminders about a case."""

    rows: list[ReminderTold]


@room.reads("/supervision/cases/{number}/reminders", Reminders, door=DOOR, summary="办件的逐级提醒")
def list_reminders(request: HttpRequest, number: Number) -> Reminders:
    """List the reminders about a case with what was answered, the first rung first."""
    file = visible(number, caller_of(request))
    names = ReminderTold.model_fields
    rows = (asdict(each) for each in issued_reads.reminders_about(file.id))
    return Reminders(rows=[ReminderTold(**{name: row[name] for name in names}) for row in rows])
