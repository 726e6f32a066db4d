"""Charges and certificates: what a case is charged, what somebody holds, whether a certificate is genuine and holds."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import PUBLIC, Bearer, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.cases import visible
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import Answer, Body, Code, Line, Number
from xiaoneng.api.scopes import Scope
from xiaoneng.approval import certificates, fees
from xiaoneng.approval.actions import fees as actions
from xiaoneng.approval.certificates import CertificateLine
from xiaoneng.approval.fees import ChargeLine
from xiaoneng.kit import clock, numbers
from xiaoneng.rules.workdays import local_day

room = Room(tags=["收费与证照"])
READ_ANY = Bearer(Scope.CASES_READ, Scope.APPLICATIONS_READ)


class ChargeTold(Answer):
    """A charge of a case."""

    id: int
    tariff: str
    units: int
    price: int = Field(description="单价，单位分")
    amount: int = Field(description="金额，单位分")
    note: str = Field(description="缴款通知书文号")
    due_on: date | None
    state: str = Field(examples=["demanded", "paid", "exempt", "void", "expired", "refunding", "refunded"])
    state_label: str


class Charges(Answer):
    """The charges of a case."""

    rows: list[ChargeTold]


class CertificateTold(Answer):
    """A certificate as everybody may see it."""

    code: str = Field(description="证照编码，一证一码")
    number: str
    title: str
    holder: str = Field(description="持有人；自然人只显示姓")
    department: str
    scope: str
    valid_from: date
    valid_until: date | None = Field(description="没有就是长期")
    state: str
    standing: str = Field(description="今天的情况，如有效、已过有效期、暂扣中")
    good: bool = Field(description="今天能不能用")


class Certificates(Answer):
    """The certificates that somebody holds."""

    rows: list[CertificateTold]


class DemandAsked(Body):
    """Which published fee, and how many units of it."""

    tariff: Line
    units: int = Field(1, ge=1, le=1_000_000)


def charge_told(line: ChargeLine) -> ChargeTold:
    """Return a charge."""
    return ChargeTold(
        id=line.id, tariff=line.tariff, units=line.units, price=line.price, amount=line.amount, note=line.note,
        due_on=line.due_on, state=line.state, state_label=line.state_label,
    )  # fmt: skip


def certificate_told(line: CertificateLine) -> CertificateTold:
    """Return a certificate as it stands today."""
    today = local_day(clock.now())
    return CertificateTold(
        code=line.code, number=line.number, title=line.title, holder=line.shown_holder, department=line.department,
        scope=line.scope, valid_from=line.valid_from, valid_until=line.valid_until, state=line.state,
        standing=line.standing(today), good=line.is_good(today),
    )  # fmt: skip


@room.reads("/cases/{number}/charges", Charges, door=READ_ANY, summary="办件的收费")
def list_charges(request: HttpRequest, number: Number) -> Charges:
    """Tell what a case is charged and what became of it."""
    return Charges(rows=[charge_told(each) for each in fees.of_case(visible(number, caller_of(request)).id)])


@room.changes("/cases/{number}/charges", ChargeTold, door=Bearer(Scope.CASES_MOVE), summary="开缴款通知书", status=201)
def demand_fee(request: HttpRequest, number: Number, asked: DemandAsked) -> ChargeTold:
    """Demand a published fee by a numbered note; no money is taken by any program of a department."""
    caller = caller_of(request)
    file = visible(number, caller)
    moved = actions.demand(
        file.id, by=caller.actor, at=clock.now(), key=key_of(request), tariff=asked.tariff, units=asked.units
    )
    return charge_told(fees.one(moved.matter))


@room.reads("/certificates/{code}", CertificateTold, door=PUBLIC, summary="核验证照")
def verify_certificate(request: HttpRequest, code: Code) -> CertificateTold:
    """Tell whether the certificate of a code is genuine and holds today."""
    return certificate_told(certificates.by_code(numbers.normalise_code(code)))


@room.reads("/certificates", Certificates, door=Bearer(Scope.APPLICATIONS_READ), summary="我的证照")
def own_certificates(request: HttpRequest) -> Certificates:
    """Tell what the caller holds."""
    return Certificates(rows=[certificate_told(each) for each in certificates.held_by(caller_of(request).account)])
