"""Verbs of charges: demand, exempt, pay, pay back. No window takes money, and one payment counts once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction

from xiaoneng.approval import fees, reads, waits
from xiaoneng.approval.actions import special
from xiaoneng.approval.fees_models import Charge, Payment
from xiaoneng.approval.payments import ABANDONED, COUNTER, SUCCEEDED, Order, Outcome, provider
from xiaoneng.matters import actions as matters
from xiaoneng.matters.move import PLATFORM, Actor, Change, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import fees as rules
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.items.content import Fee
from xiaoneng.rules.procedures import application, fee
from xiaoneng.rules.procedures.fee import IN_TIME, SEPARATED
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day

IN_HAND = (application.REVIEWING, application.DECIDING, application.GRANTED)
IN_SUBSTANCE = (application.REVIEWING, application.DECIDING)
PAID_BY = {"cash": "现金", "card": "刷卡", "scan": "扫码", "transfer": "转账"}
_CALLBACK = UUID("6d3f5b1e-5f0a-4c68-9a55-6f6a2d0a7c11")  # the space of keys that orders make


@transaction.atomic
def demand(which: int | str, *, by: Actor, at: datetime, key: UUID | None, tariff: str, units: int = 1) -> Moved:
    """Demand a published fee of a case by a numbered note; where the promise leaves payment out, it stands still.

    :raises Obstructed: the fee is not published, has no lawful basis or no lower bound.
    :raises NotAllowed: the case is in no state in which fees are charged, or this fee is charged already.
    """
    case = _case(which, by, at)
    listed = _listed(case, tariff)
    obstacles = rules.to_demand(listed, units, case.plan.kind)
    if obstacles:
        raise Obstructed(obstacles)
    assert listed is not None
    file = _opened(case, listed, units, by, at, key)
    due_on = file.rules.calendar.nth_working(local_day(at), rules.PAY_WITHIN.n)
    facts = _facts(file) | {"basis": listed.basis, "due_on": due_on.isoformat()}
    moved = move(file, "demand", by=by, at=at, change=Change(facts=facts), key=key)
    if not moved.replayed:
        Charge.objects.filter(matter_id=file.id).update(note=moved.numbers["documents"][0], due_on=due_on)
        _stand_still(case, by, at)
    return moved


@transaction.atomic
def exempt(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, tariff: str, ground: str, units: int = 1
) -> Moved:
    """Exempt a case from a published fee, before or after it was demanded, with the ground.

    :raises Obstructed: no ground is written, or the fee is none that could be charged.
    """
    case = _case(which, by, at)
    listed = _listed(case, tariff)
    obstacles = (
        *rules.to_demand(listed, units, case.plan.kind),
        *rules.to_exemption(ground, listed.exemption if listed else ""),
    )
    if obstacles:
        raise Obstructed(obstacles)
    assert listed is not None
    live = Charge.objects.filter(case_id=case.id, tariff=listed.name, live=True).first()
    file = fees.load(live.pk, key, by=by, at=at) if live else _opened(case, listed, units, by, at, key)
    facts = _facts(file) | {"ground": ground.strip(), "basis": listed.exemption_basis}
    moved = move(file, "exempt", by=by, at=at, change=Change(facts=facts), key=key)
    if not moved.replayed:
        _go_on(file, "已经减免", at)
    return moved


def _case(which: int | str, by: Actor, at: datetime) -> MatterFile:
    case = reads.load(which, by=by, at=at, lock=True)
    if case.state not in IN_HAND:
        now = case.procedure.state(case.state).label
        raise NotAllowed(f"办件 {case.called} 现在是“{now}”，不能收费。受理以后、办结以前才能开缴款通知书。")
    return case


def _listed(case: MatterFile, name: str) -> Fee | None:
    return next((each for each in fees.tariffs(case) if each.name == name), None)


def _opened(case: MatterFile, listed: Fee, units: int, by: Actor, at: datetime, key: UUID | None) -> MatterFile:
    matter, fresh = matters.open_matter(
        kind=fee.PROCEDURE.kind, state=fee.PLANNED, department=case.department, item_version=case.item_version,
        title=f"{case.title}：{listed.name}", by=by.account, at=at, key=key,
    )  # fmt: skip
    if fresh:
        price = rules.price(listed) or 0
        try:
            with transaction.atomic():
                Charge.objects.create(
                    matter_id=matter, case_id=case.id, tariff=listed.name, units=units, price=price,
                    amount=price * units, demanded_by=by.account, demanded_on=local_day(at),
                )  # fmt: skip
        except IntegrityError:
            raise NotAllowed(f"办件 {case.called} 的“{listed.name}”已经开过单或者已经减免，一项只收一次。") from None
    return fees.load(matter, key, by=by, at=at)


def _facts(file: MatterFile) -> dict[str, Any]:
    told = file.extra
    return {
        "case": told["case_id"], "tariff": told["tariff"], "units": told["units"], "price": told["price"],
        "amount": told["amount"],
    }  # fmt: skip


def _stand_still(case: MatterFile, by: Actor, at: datetime) -> None:
    """Let the promise wait for the payment where the item's terms say so; the statutory limit goes on."""
    in_substance = case.state in IN_SUBSTANCE
    if (
        in_substance
        and "payment" in waits.terms_of(case.item_version).waits
        and not waits.is_held(case, ClockName.WAIT)
    ):
        special.wait(case.id, by=by, at=at, key=None, kind="payment", days=rules.PAY_WITHIN.n, reason="等待缴款")


def _go_on(file: MatterFile, result: str, at: datetime) -> None:
    case = reads.load(file.extra["case_id"])
    if fees.holds_up(case.id) or case.state not in IN_SUBSTANCE:
        return
    for each in waits.running(case, ClockName.WAIT):
        if each.kind == "payment":
            special.end_wait(case.id, by=PLATFORM, at=at, key=None, result=result, procedure=each.round)


@transaction.atomic
def void_demand(charge: int, *, by: Actor, at: datetime, key: UUID | None, reason: str) -> Moved:
    """Take a demand back that should not have been made.

    :raises Obstructed: no reason is written.
    """
    file = fees.load(charge, key, by=by, at=at)
    if file.replay is None and not reason.strip():
        raise Obstructed([Obstacle("reason", "还没有写作废的理由。", IN_TIME, "请写明为什么作废。")])
    moved = move(
        file, "void_demand", by=by, at=at, change=Change(facts=_facts(file) | {"reason": reason.strip()}), key=key
    )
    return _ended(file, moved, "缴款通知书已经作废", at)


def expire_what_was_not_paid(now: datetime) -> int:
    """Let every demand lapse whose time to pay is over, and return how many; twice is once."""
    overdue = Charge.objects.filter(matter__state=fee.DEMANDED, due_on__lt=local_day(now))
    ended = 0
    for charge in list(overdue.values_list("matter_id", flat=True)):
        with transaction.atomic():
            file = fees.load(charge)
            try:
                moved = move(file, "expire_demand", by=PLATFORM, at=now, change=Change(facts=_facts(file)))
            except NotAllowed:  # paid in this moment
                continue
            _ended(file, moved, "逾期没有缴款，缴款通知书失效", now)
            ended += 1
    return ended


def _ended(file: MatterFile, moved: Moved, result: str, at: datetime) -> Moved:
    if not moved.replayed:
        Charge.objects.filter(matter_id=file.id).update(live=False)
        _go_on(file, result, at)
    return moved


# --- paying -------------------------------------------------------------------------------------------------------------
def begin(charge: int, *, through: str, at: datetime) -> tuple[UUID, str]:
    """Begin a payment online and return its order and the address at which to pay.

    :raises NotAllowed: nothing is owed any more, or this way of paying is not online.
    """
    file, way = fees.load(charge), provider(through)
    if file.state != fee.DEMANDED:
        now = file.procedure.state(file.state).label
        raise NotAllowed(f"缴款通知书 {file.called} 现在是“{now}”，不用再缴。")
    if not way.online:
        raise NotAllowed("这个渠道要到收费窗口现场缴。请带上缴款通知书。")
    order = Order(uuid4(), charge, file.extra["amount"], file.title)
    Payment.objects.create(charge_id=charge, order=order.order, provider=way.code, amount=order.amount, begun_at=at)
    return order.order, way.begin(order)


def hear(through: str, message: Mapping[str, str], *, at: datetime) -> str:
    """Take in what a provider says of an order and return what the attempt came to; the same message twice is once.

    :raises NotAllowed: the message is not the provider's, or its amount is not the one owed.
    """
    outcome = provider(through).hear(message)
    with transaction.atomic():
        row = Payment.objects.select_for_update().filter(order=outcome.order, provider=through).first()
        if row is None:
            raise NotAllowed("没有这个缴款订单，没有入账。请核对订单号。")
        if row.state in (Payment.State.PAID, Payment.State.SURPLUS):
            return row.state
        if outcome.result != SUCCEEDED:
            return _end(
                row, Payment.State.ABANDONED if outcome.result == ABANDONED else Payment.State.FAILED, outcome, at
            )
        if outcome.amount != row.amount:
            raise NotAllowed(f"到账 {rules.yuan(outcome.amount)}，应缴 {rules.yuan(row.amount)}，金额不符，没有入账。")
        return _end(row, _arrived(row, outcome, at), outcome, at)


def _end(row: Payment, state: str, outcome: Outcome, at: datetime) -> str:
    Payment.objects.filter(pk=row.pk).update(state=state, ended_at=at, reference=outcome.reference)
    return state


def _arrived(row: Payment, outcome: Outcome, at: datetime) -> str:
    """Let money that arrived pay the charge; what comes a second time, or too late, goes back to where it came from."""
    facts = {"order": str(row.order), "provider": row.provider, "reference": outcome.reference}
    Charge.objects.select_for_update().get(pk=row.charge_id)  # two banks at the same moment: one after the other
    file = fees.load(row.charge_id)
    if file.state == fee.DEMANDED:
        _pay(file, PLATFORM, at, uuid5(_CALLBACK, str(row.order)), facts)
        return Payment.State.PAID
    change = Change(to=file.state, facts=_facts(file) | facts | {"why": file.state})
    move(file, "return_surplus", by=PLATFORM, at=at, change=change, key=uuid5(_CALLBACK, f"back:{row.order}"))
    return Payment.State.SURPLUS


def _pay(file: MatterFile, by: Actor, at: datetime, key: UUID | None, facts: dict[str, Any]) -> Moved:
    moved = move(file, "pay", by=by, at=at, change=Change(facts=_facts(file) | facts), key=key)
    if not moved.replayed:
        _go_on(file, f"已缴款，收据 {moved.numbers['documents'][0]}", at)
    return moved


@transaction.atomic
def collect(charge: int, *, by: Actor, at: datetime, key: UUID | None, amount: int, way: str) -> Moved:
    """Record at the counter what was paid, and issue its numbered receipt.

    :param amount: what was handed over, in fen; it must be what is owed, no more and no less.
    :raises Obstructed: somebody of a window or the writer of the note would take it, or the amount is another one.
    """
    file = fees.load(charge, key, by=by, at=at)
    if file.replay is None and file.state == fee.DEMANDED:
        _may_take(file, by, at)
        obstacles = []
        if way not in PAID_BY:
            obstacles.append(Obstacle("way", "请选择怎样付的。", SEPARATED, f"可以是：{'、'.join(PAID_BY.values())}。"))
        if amount != file.extra["amount"]:
            message = f"应收 {rules.yuan(file.extra['amount'])}，填的是 {rules.yuan(amount)}。"
            obstacles.append(Obstacle("amount", message, SEPARATED, "请按缴款通知书的金额收，不多收也不少收。"))
        if obstacles:
            raise Obstructed(obstacles)
    order = key or uuid4()
    moved = _pay(file, by, at, key, {"order": str(order), "provider": COUNTER, "way": PAID_BY.get(way, "")})
    if not moved.replayed:
        Payment.objects.create(
            charge_id=charge, order=order, provider=COUNTER, amount=amount, begun_at=at, ended_at=at,
            state=Payment.State.PAID, reference=moved.numbers["documents"][0],
        )  # fmt: skip
    return moved


def _may_take(file: MatterFile, by: Actor, at: datetime) -> None:
    roles = [each.role for each in org.roles_of(by.account, file.department, local_day(at))]
    obstacles = rules.to_collection(roles, file.extra["demanded_by"], by.account)
    if obstacles:
        raise Obstructed(obstacles)


# --- paying back --------------------------------------------------------------------------------------------------------
@transaction.atomic
def order_refund(
    charge: int, *, by: Actor, at: datetime, key: UUID | None, reason: str, basis: str = "", amount: int | None = None
) -> Moved:
    """Decide that a charge is paid back, all that is left of it or a part, with reason and basis.

    :param amount: in fen; nothing means all that has not been paid back yet.
    :raises Obstructed: no reason is written, a part has no basis, or it is more than was paid in sum.
    """
    file = fees.load(charge, key, by=by, at=at)
    left = file.extra["amount"] - file.extra["refunded"]
    back = left if amount is None else amount
    obstacles = rules.to_refund(reason, basis, back, left) if file.replay is None and file.state == fee.PAID else ()
    if obstacles:
        raise Obstructed(obstacles)
    told = {"reason": reason.strip(), "basis": basis.strip(), "refund": back, "before": file.extra["refunded"]}
    moved = move(file, "order_refund", by=by, at=at, change=Change(facts=_facts(file) | told), key=key)
    if not moved.replayed:
        Charge.objects.filter(matter_id=charge).update(refunding=back)
    return moved


@transaction.atomic
def refund(charge: int, *, by: Actor, at: datetime, key: UUID | None) -> Moved:
    """Record at the counter that what a head has ordered was paid back the way it came.

    :raises Obstructed: somebody of a window or the writer of the note would pay it out.
    """
    file = fees.load(charge, key, by=by, at=at)
    if file.replay is None and file.state == fee.REFUNDING:
        _may_take(file, by, at)
    paid = Payment.objects.filter(charge_id=charge, state=Payment.State.PAID).first()
    back, before = file.extra["refunding"], file.extra["refunded"]
    told = {"provider": paid.provider if paid else COUNTER, "order": str(paid.order) if paid else ""}
    told |= {"refund": back, "before": before}
    whole = before + back >= file.extra["amount"]
    change = Change(to=fee.REFUNDED if whole else fee.PAID, facts=_facts(file) | told)
    moved = move(file, "refund", by=by, at=at, change=change, key=key)
    if not moved.replayed:
        Charge.objects.filter(matter_id=charge).update(refunding=0, refunded=before + back)
    return moved


def abandon_what_was_left(now: datetime, after: timedelta = timedelta(hours=2)) -> int:
    """Call off the attempts to pay that nobody finished, and return how many; a late success still counts."""
    left = Payment.objects.filter(state=Payment.State.OPEN, begun_at__lt=now - after)
    return left.update(state=Payment.State.ABANDONED, ended_at=now)
