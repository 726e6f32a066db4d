"""The one place where money is taken, for the cashier's programs: what is owed, collecting, paying back, a day's account."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field, StringConstraints

from xiaoneng.api.door import Bearer, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.things import Charges, ChargeTold, charge_told
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Day, Id, Instant
from xiaoneng.api.scopes import Scope
from xiaoneng.approval import fees
from xiaoneng.approval.actions import fees as actions
from xiaoneng.kit import clock
from xiaoneng.rules.workdays import local_day

room = Room(tags=["收费处"])
TILL = Bearer(Scope.TILL)
_Words = Annotated[str, StringConstraints(max_length=60, pattern=CLEAN)]


class OwedAsked(BaseModel):
    """Which note, or which case."""

    q: _Words = ""


class DayAsked(BaseModel):
    """Which day; today where none is named."""

    on: Day | None = None


class CollectAsked(Body):
    """How much was handed over, in fen, and how."""

    amount: Annotated[int, Field(ge=1, le=2**53, description="实收金额，单位分，须等于应缴金额")]
    way: Literal[tuple(actions.PAID_BY)]  # type: ignore[valid-type]


class TakenTold(Answer):
    """A line of a day's account."""

    at: Instant
    kind: str
    note: str = Field(description="缴款通知书文号")
    case: str
    department: str
    tariff: str
    number: str = Field(description="收据或退费凭证的文号")
    provider: str
    way: str
    amount: int = Field(description="单位分；退出去的是负数，重复到账原路退回的是 0")


class DayAccountTold(Answer):
    """A day's account, from the journals."""

    on: date
    income: int
    paid_back: int
    net: int
    count: int
    rows: list[TakenTold]


@room.reads("/till/owed", Charges, door=TILL, summary="待缴款")
def list_owed(request: HttpRequest, asked: Annotated[OwedAsked, Query()]) -> Charges:
    """Tell what waits to be paid, the oldest first; with words, of this note or this case."""
    return Charges(rows=[charge_told(each) for each in fees.owed(asked.q)])


@room.reads("/till/refunds", Charges, door=TILL, summary="待退费")
def list_to_pay_back(request: HttpRequest) -> Charges:
    """Tell what heads have ordered to be paid back."""
    return Charges(rows=[charge_told(each) for each in fees.to_pay_back()])


@room.changes("/till/charges/{id}/collect", ChargeTold, door=TILL, summary="收款并开收据")
def collect_charge(request: HttpRequest, id: Id, asked: CollectAsked) -> ChargeTold:
    """Record at the counter what was paid; the numbered receipt is issued with it."""
    caller = caller_of(request)
    actions.collect(
        fees.one(id).id, by=caller.actor, at=clock.now(), key=key_of(request), amount=asked.amount, way=asked.way
    )
    return charge_told(fees.one(id))


@room.changes("/till/charges/{id}/refund", ChargeTold, door=TILL, summary="退款并开退费凭证")
def pay_back_charge(request: HttpRequest, id: Id) -> ChargeTold:
    """Record that what a head has ordered was paid back the way it came."""
    caller = caller_of(request)
    actions.refund(fees.one(id).id, by=caller.actor, at=clock.now(), key=key_of(request))
    return charge_told(fees.one(id))


@room.reads("/till/day", DayAccountTold, door=TILL, summary="日对账")
def read_day(request: HttpRequest, asked: Annotated[DayAsked, Query()]) -> DayAccountTold:
    """Tell a day's account line by line, from the journals, with its sums."""
    on = asked.on or local_day(caller_of(request).now)
    lines = fees.day(on)
    rows = [
        TakenTold(
            at=each.at, kind=each.kind, note=each.note, case=each.case_called, department=each.department,
            tariff=each.tariff, number=each.number, provider=each.provider, way=each.way, amount=each.amount,
        )
        for each in lines
    ]  # fmt: skip
    return DayAccountTold(on=on, rows=rows, **fees.balance(lines))
