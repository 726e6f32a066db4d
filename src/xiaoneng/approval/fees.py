"""Questions about charges: what a case owes, what the till has to do, what a day brought in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiaoneng.approval.fees_models import Charge, Payment
from xiaoneng.catalogue.contents import content_of
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Entry
from xiaoneng.matters.move import Actor
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotFound, Obstacle
from xiaoneng.rules.items.content import Fee
from xiaoneng.rules.procedures import application
from xiaoneng.rules.procedures import fee as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import CHINA, local_day

PROCEDURE = procedure.PROCEDURE
TO_BE_SETTLED = timedelta(days=30)  # how long a head is reminded of what was paid for a case that came to nothing
NO_SUCH = "没有找到这张缴款通知书。请核对文号或者办件编号。"
_COLUMNS = {
    name: f"f.{name}"
    for name in (
        "case_id",
        "tariff",
        "units",
        "price",
        "amount",
        "demanded_by",
        "note",
        "due_on",
        "refunding",
        "refunded",
    )
}
_JOINS = "JOIN approval_charge f ON f.matter_id = m.id"


def load(which: int, key: UUID | None = None, *, by: Actor | None = None, at: datetime | None = None) -> MatterFile:
    """Return a charge's matter with what it has beside it, in one query.

    :raises NotFound: there is no such charge.
    """
    account, on = (by.account, local_day(at)) if by and at else (0, None)
    try:
        file = matters.file(which, key, by=account, on=on, columns=_COLUMNS, joins=_JOINS)
    except NotFound:
        raise NotFound(NO_SUCH) from None
    return replace(file, number=file.extra["note"] or "（待开单）")


def tariffs(file: MatterFile) -> tuple[Fee, ...]:
    """Return what the version that a case is pinned to publishes as its fees."""
    return content_of(file.item_version).fees if file.item_version else ()


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge as a page shows it."""

    id: int
    case: int
    case_called: str
    item: str
    department: str
    tariff: str
    units: int
    price: int
    amount: int
    note: str
    demanded_on: date
    due_on: date | None
    state: str
    state_label: str
    refunding: int
    refunded: int

    @property
    def left(self) -> int:
        """Return what was paid and has not been paid back, in fen."""
        return self.amount - self.refunded

    @property
    def is_owed(self) -> bool:
        """Tell whether it waits for its payment."""
        return self.state == procedure.DEMANDED


def of_case(case: int) -> tuple[ChargeLine, ...]:
    """Return the charges of a case, in order."""
    return _lines(Charge.objects.filter(case_id=case).order_by("matter_id"))


def paid_for_nothing(account: int, now: datetime) -> tuple[ChargeLine, ...]:
    """Return what was paid in cases that ended lately without a grant, for the head who says whether it goes back."""
    reach = org.reach_of(account, (Role.HEAD,), local_day(now))
    if not reach.everywhere and not reach.departments:
        return ()
    granted = Entry.objects.filter(matter_id=OuterRef("case_id"), move__in=("grant", "deem_renewed"))
    ended = Q(case__closed=True) | Q(case__state=application.REFUSED)
    rows = Charge.objects.filter(ended, ~Exists(granted), matter__state=procedure.PAID, refunding=0, refunded=0)
    rows = rows.filter(case__changed_at__gte=now - TO_BE_SETTLED)
    within = rows if reach.everywhere else rows.filter(case__department_id__in=reach.departments)
    return _lines(within.order_by("case__changed_at")[:20])


def one(charge: int) -> ChargeLine:
    """Return one charge.

    :raises NotFound: there is none.
    """
    found = _lines(Charge.objects.filter(matter_id=charge))
    if not found:
        raise NotFound(NO_SUCH)
    return found[0]


def owed(words: str = "", most: int = 100) -> tuple[ChargeLine, ...]:
    """Return what waits to be paid, the oldest first; with words, of this note or this case."""
    rows = Charge.objects.filter(matter__state=procedure.DEMANDED)
    said = words.strip()
    if said:
        rows = (
            rows.filter(note=said)
            | rows.filter(case__number=said.upper())
            | rows.filter(case__intake_number=said.upper())
        )
    return _lines(rows.order_by("demanded_on", "matter_id")[:most])


def to_pay_back(most: int = 100) -> tuple[ChargeLine, ...]:
    """Return what a head has ordered to be paid back."""
    return _lines(Charge.objects.filter(matter__state=procedure.REFUNDING).order_by("matter_id")[:most])


def holds_up(case: int) -> tuple[ChargeLine, ...]:
    """Return the charges of a case that wait to be paid."""
    return _lines(Charge.objects.filter(case_id=case, matter__state=procedure.DEMANDED).order_by("matter_id"))


def obstacles_to_grant(file: MatterFile) -> tuple[Obstacle, ...]:
    """Return what a case owes and keeps it from being granted; a refusal waits for no money."""
    if not file.extra["owed"]:
        return ()
    message = f"缴款通知书 {file.extra['owed']} 还没有缴款。"
    return (Obstacle("owed", message, procedure.IN_TIME, "请等缴款，或者减免、作废这张通知书。"),)


def _lines(rows: QuerySet[Charge]) -> tuple[ChargeLine, ...]:
    return tuple(
        ChargeLine(
            row.pk, row.case_id, str(row.case), row.case.title, row.matter.department.name, row.tariff, row.units,
            row.price, row.amount, row.note, row.demanded_on, row.due_on, row.matter.state,
            _standing(row), row.refunding, row.refunded,
        )
        for row in rows.select_related("case", "matter__department")
    )  # fmt: skip


def _standing(row: Charge) -> str:
    label = PROCEDURE.state(row.matter.state).label
    return f"{label}，已退一部分" if row.matter.state == procedure.PAID and row.refunded else label


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to pay."""

    order: UUID
    charge: int
    provider: str
    amount: int
    begun_at: datetime
    state: str
    label: str


def attempts(charge: int) -> tuple[Attempt, ...]:
    """Return the attempts to pay a charge, the newest first."""
    rows = Payment.objects.filter(charge_id=charge).order_by("-id")
    return tuple(_attempt(row) for row in rows)


def attempt(order: UUID) -> Attempt:
    """Return the attempt of an order.

    :raises NotFound: there is none.
    """
    row = Payment.objects.filter(order=order).first()
    if row is None:
        raise NotFound("没有这个缴款订单。请从“我的”里重新发起缴款。")
    return _attempt(row)


def _attempt(row: Payment) -> Attempt:
    return Attempt(row.order, row.charge_id, row.provider, row.amount, row.begun_at, row.state, row.get_state_display())


@dataclass(frozen=True, slots=True)
class Taken:
    """A line of a day's account: money that came in, that was paid back, or that went back at once."""

    at: datetime
    kind: str
    note: str
    case_called: str
    department: str
    tariff: str
    number: str
    provider: str
    way: str
    amount: int  # fen; what goes out is negative


_KINDS = {"pay": "收款", "refund": "退款", "return_surplus": "重复到账退回"}


def day(on: date, departments: Iterable[int] | None = None) -> tuple[Taken, ...]:
    """Return what a day moved, from the journals: every receipt, refund and returned surplus, in order.

    Money that came twice and went back at once weighs nothing; it is listed so that the bank's list can be compared.
    """
    from xiaoneng.matters.models import Entry

    begin = datetime.combine(on, time(), CHINA)
    rows = Entry.objects.filter(
        matter__kind=PROCEDURE.kind, move__in=list(_KINDS), at__gte=begin, at__lt=begin + timedelta(days=1)
    )
    if departments is not None:
        rows = rows.filter(matter__department_id__in=list(departments))
    found = list(rows.select_related("matter__department", "matter__charge__case").order_by("recorded_at", "id"))
    return tuple(_taken(row) for row in found)


def _taken(row: Any) -> Taken:
    what, charge = row.facts["what"], row.matter.charge
    drawn = matters.as_json(row.numbers).get("documents", [""])
    sign = {"pay": 1, "refund": -1, "return_surplus": 0}[row.move]
    return Taken(
        row.at, _KINDS[row.move], charge.note, str(charge.case), row.matter.department.name, charge.tariff, drawn[0],
        what.get("provider", ""), what.get("way", ""), sign * what.get("refund", what["amount"]),
    )  # fmt: skip


def balance(lines: Sequence[Taken]) -> dict[str, int]:
    """Return a day's sums in fen: in, out, net, and how many receipts."""
    income = sum(line.amount for line in lines if line.amount > 0)
    paid_back = -sum(line.amount for line in lines if line.amount < 0)
    count = sum(line.amount > 0 for line in lines)
    return {"income": income, "paid_back": paid_back, "net": income - paid_back, "count": count}
