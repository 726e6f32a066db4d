"""Paying online what one's own case is charged: the ways that are open, an order, and what became of each."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import Answer, Body, Code, Id, Instant, Number
from xiaoneng.api.scopes import Scope
from xiaoneng.approval import fees, reads
from xiaoneng.approval.actions import fees as actions
from xiaoneng.approval.fees import Attempt, ChargeLine
from xiaoneng.approval.payments import providers
from xiaoneng.kit import clock
from xiaoneng.rules.grounds import NotFound

room = Room(tags=["收费与证照"])


class WayTold(Answer):
    """A way of paying online."""

    through: str
    label: str


class PaymentTold(Answer):
    """An order and what became of it."""

    order: UUID
    through: str
    amount: int = Field(description="单位分")
    begun_at: Instant
    state: str
    state_label: str


class PaymentsTold(Answer):
    """The ways of paying a charge, and the orders there were."""

    ways: list[WayTold]
    rows: list[PaymentTold]


class PayAsked(Body):
    """Through which provider."""

    through: Annotated[Code, Field(description="ways 里的 through")]


class BegunTold(Answer):
    """An order that was begun: at its address the payer pays; nothing is paid by this answer."""

    order: UUID
    address: str = Field(description="付款的地址，请付款人打开")
    amount: int = Field(description="单位分")


def _own(number: str, charge: int, caller: Caller) -> ChargeLine:
    file = reads.load(number.upper())
    line = next((each for each in fees.of_case(file.id) if each.id == charge), None)
    if line is None or not reads.is_applicant(file, caller.account):
        raise NotFound(fees.NO_SUCH)
    return line


def _told(each: Attempt) -> PaymentTold:
    return PaymentTold(
        order=each.order, through=each.provider, amount=each.amount, begun_at=each.begun_at, state=each.state,
        state_label=each.label,
    )  # fmt: skip


@room.reads(
    "/cases/{number}/charges/{id}/payments",
    PaymentsTold,
    door=Bearer(Scope.APPLICATIONS_READ),
    summary="缴款渠道和记录",
)
def list_payments(request: HttpRequest, number: Number, id: Id) -> PaymentsTold:
    """Tell the applicant by which ways a charge can be paid online and what became of each order."""
    line = _own(number, id, caller_of(request))
    ways = [WayTold(through=each.code, label=each.label) for each in providers() if each.online]
    return PaymentsTold(ways=ways, rows=[_told(each) for each in fees.attempts(line.id)])


@room.changes(
    "/cases/{number}/charges/{id}/payments", BegunTold, door=Bearer(Scope.APPLICATIONS_WRITE), summary="发起网上缴款",
    status=201,
)  # fmt: skip
def begin_payment(request: HttpRequest, number: Number, id: Id, asked: PayAsked) -> BegunTold:
    """Begin a payment; it counts when the provider tells that it has arrived."""
    line = _own(number, id, caller_of(request))
    order, address = actions.begin(line.id, through=asked.through, at=clock.now())
    return BegunTold(order=order, address=address, amount=line.amount)
