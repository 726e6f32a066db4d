"""Charges and certificates: what a case is charged, what somebody holds, whether a certificate is genuine and holds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field, StringConstraints

from xiaoneng.api.door import PUBLIC, Bearer, Caller, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.cases import visible
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Code, Day, Id, Line, LongText, Note, Number, Text
from xiaoneng.api.scopes import Scope
from xiaoneng.approval import certificates, fees
from xiaoneng.approval.actions import certificates as changes
from xiaoneng.approval.actions import fees as actions
from xiaoneng.approval.certificates import CertificateLine
from xiaoneng.approval.fees import ChargeLine
from xiaoneng.kit import clock, numbers
from xiaoneng.rules import certificates as rules
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.procedures.certificate import PROCEDURE as CERTIFICATE
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
    refunding: int = Field(description="决定退而还没有退的，单位分")
    refunded: int = Field(description="已经退的，单位分")


class TariffTold(Answer):
    """A fee that the case's item publishes."""

    name: str = Field(description="开缴款通知书时写在 tariff 里")
    amount: str = Field(description="公布的标准")
    unit: str
    basis: str


class Charges(Answer):
    """Charges."""

    rows: list[ChargeTold]


class CaseCharges(Charges):
    """The charges of a case, and the fees that can be demanded for it."""

    tariffs: list[TariffTold]


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
        due_on=line.due_on, state=line.state, state_label=line.state_label, refunding=line.refunding, refunded=line.refunded,
    )  # fmt: skip


def certificate_told(line: CertificateLine) -> CertificateTold:
    """Return a certificate as it stands today."""
    today = local_day(clock.now())
    return CertificateTold(
        code=line.code, number=line.number, title=line.title, holder=line.shown_holder, department=line.department,
        scope=line.scope, valid_from=line.valid_from, valid_until=line.valid_until, state=line.state,
        standing=line.standing(today), good=line.is_good(today),
    )  # fmt: skip


@room.reads("/cases/{number}/charges", CaseCharges, door=READ_ANY, summary="办件的收费")
def list_charges(request: HttpRequest, number: Number) -> CaseCharges:
    """Tell what a case is charged and what became of it, and which fees its item publishes."""
    file = visible(number, caller_of(request))
    tariffs = [
        TariffTold(name=each.name, amount=each.amount, unit=each.unit, basis=each.basis) for each in fees.tariffs(file)
    ]
    return CaseCharges(rows=[charge_told(each) for each in fees.of_case(file.id)], tariffs=tariffs)


@room.changes("/cases/{number}/charges", ChargeTold, door=Bearer(Scope.CASES_MOVE), summary="开缴款通知书", status=201)
def demand_fee(request: HttpRequest, number: Number, asked: DemandAsked) -> ChargeTold:
    """Demand a published fee by a numbered note; no money is taken by any program of a department."""
    caller = caller_of(request)
    file = visible(number, caller)
    moved = actions.demand(
        file.id, by=caller.actor, at=clock.now(), key=key_of(request), tariff=asked.tariff, units=asked.units
    )
    return charge_told(fees.one(moved.matter))


class ExemptAsked(DemandAsked):
    """Which published fee a case is exempted from, and on which ground."""

    ground: Text


class MoneyReasonAsked(Body):
    """Why."""

    reason: Text


class RefundAsked(Body):
    """Why a charge is paid back; a part with its amount and on which basis it was reckoned."""

    reason: Text
    basis: Text = ""
    amount: Annotated[int, Field(ge=1, le=2**53, description="单位分；不填就是还没有退的全部")] | None = None


@room.changes("/cases/{number}/exemptions", ChargeTold, door=Bearer(Scope.CASES_MOVE), summary="减免缴费", status=201)
def exempt_from_fee(request: HttpRequest, number: Number, asked: ExemptAsked) -> ChargeTold:
    """Exempt a case from a published fee, before or after it was demanded."""
    caller = caller_of(request)
    moved = actions.exempt(
        visible(number, caller).id, by=caller.actor, at=clock.now(), key=key_of(request), tariff=asked.tariff,
        units=asked.units, ground=asked.ground,
    )  # fmt: skip
    return charge_told(fees.one(moved.matter))


def _own_charge(number: str, charge: int, caller: Caller) -> int:
    """Return a charge of a case that the caller may see.

    :raises NotFound: the case has no such charge.
    """
    if charge not in {each.id for each in fees.of_case(visible(number, caller).id)}:
        raise NotFound("本件没有这张缴款通知书。请先查看办件的 charges。")
    return charge


@room.changes("/cases/{number}/charges/{id}/void", ChargeTold, door=Bearer(Scope.CASES_MOVE), summary="作废缴款通知书")
def void_charge(request: HttpRequest, number: Number, id: Id, asked: MoneyReasonAsked) -> ChargeTold:
    """Take a demand back that should not have been made."""
    caller = caller_of(request)
    charge = _own_charge(number, id, caller)
    actions.void_demand(charge, by=caller.actor, at=clock.now(), key=key_of(request), reason=asked.reason)
    return charge_told(fees.one(charge))


@room.changes(
    "/cases/{number}/charges/{id}/refund-order", ChargeTold, door=Bearer(Scope.CASES_MOVE), summary="决定退费"
)
def order_refund(request: HttpRequest, number: Number, id: Id, asked: RefundAsked) -> ChargeTold:
    """Decide that what was paid is paid back, all of it or a part; it is paid out at the till."""
    caller = caller_of(request)
    charge = _own_charge(number, id, caller)
    actions.order_refund(
        charge, by=caller.actor, at=clock.now(), key=key_of(request), reason=asked.reason, basis=asked.basis,
        amount=asked.amount,
    )  # fmt: skip
    return charge_told(fees.one(charge))


class ChangeAsked(Body):
    """What a change of a certificate must state; which of it depends on the change."""

    reason: Text
    ground: Annotated[str, Field(max_length=40, description="法定情形的代码")] = ""
    decision: Annotated[
        Line, Field(description="行政处罚决定书文号，暂扣、吊销才填；撤销文书的文号，登记被撤销才填")
    ] = ""
    organ: Annotated[Line, Field(description="撤销的机关；登记被撤销才填")] = ""
    made_on: Annotated[Day | None, Field(description="撤销文书的日期；登记被撤销才填")] = None
    compensation: Annotated[Note, Field(description="怎样补偿、赔偿；撤回，或者不因欺骗、贿赂的撤销才填")] = ""
    until: Annotated[Day | None, Field(description="延续的新有效期，或者暂扣到哪一天")] = None
    scope: Annotated[LongText, Field(description="变更后的许可内容；变更才填")] = ""


class RegisterAsked(BaseModel):
    """Which certificates of the register."""

    q: Annotated[str, StringConstraints(max_length=60, pattern=CLEAN)] = ""


@room.reads("/register", Certificates, door=Bearer(Scope.CASES_READ), summary="证照台账")
def list_register(request: HttpRequest, asked: Annotated[RegisterAsked, Query()]) -> Certificates:
    """Tell the certificates within the caller's reach, at most two hundred; with words, of this number, name or holder."""
    caller = caller_of(request)
    lines = certificates.register(caller.account, local_day(caller.now), words=asked.q)
    return Certificates(rows=[certificate_told(each) for each in lines[:200]])


def _put_up_change(row: Move) -> None:
    def make(request: HttpRequest, code: Code, asked: ChangeAsked) -> CertificateTold:
        caller = caller_of(request)
        line = certificates.by_code(numbers.normalise_code(code))
        certificates.require_visible(line, caller.account, local_day(caller.now))
        told = rules.Asked(
            asked.ground, asked.reason, asked.decision, asked.compensation, asked.until, asked.organ, asked.made_on
        )
        changes.change(
            line.id, row.name, by=caller.actor, at=clock.now(), key=key_of(request), asked=told, scope=asked.scope
        )
        return certificate_told(certificates.by_code(line.code))

    make.__annotations__.update(request=HttpRequest, code=Code, asked=ChangeAsked)
    make.__annotations__["return"] = CertificateTold
    make.__doc__ = f"{row.label}：由{'或'.join(role.label for role in row.roles)}办理。依据{row.basis}。"
    declare: Any = room.changes(
        f"/certificates/{{code}}/moves/{row.name}", CertificateTold, door=Bearer(Scope.CASES_MOVE),
        summary=f"证照：{row.label}", operation_id=f"certificate_move_{row.name}",
    )  # fmt: skip
    declare(make)


for _name in changes.CHANGES:
    _put_up_change(CERTIFICATE.move(_name))


@room.reads("/certificates/{code}", CertificateTold, door=PUBLIC, summary="核验证照")
def verify_certificate(request: HttpRequest, code: Code) -> CertificateTold:
    """Tell whether the certificate of a code is genuine and holds today."""
    return certificate_told(certificates.by_code(numbers.normalise_code(code)))


@room.reads("/certificates", Certificates, door=Bearer(Scope.APPLICATIONS_READ), summary="我的证照")
def own_certificates(request: HttpRequest) -> Certificates:
    """Tell what the caller holds."""
    caller = caller_of(request)
    held = certificates.held_by(caller.account, local_day(caller.now))
    return Certificates(rows=[certificate_told(each) for each in held])
