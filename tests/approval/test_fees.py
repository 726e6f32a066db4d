"""Money: only what is published, its lower bound, once, and never at a window."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.approval import fees as reads
from xiaoneng.approval import notices
from xiaoneng.approval.actions import apply, fees, review
from xiaoneng.approval.models import Charge, Payment, Terms
from xiaoneng.approval.payments import ABANDONED, FAILED, SUCCEEDED, TestBank
from xiaoneng.catalogue.models import Fee
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.procedures import application
from xiaoneng.rules.procedures import fee as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.web.access import routes

pytestmark = pytest.mark.django_db
DAY = moment("2026-03-03")
LAW = "《城镇燃气管理条例》第十五条"


def tariff(version, name="证照工本费", low="10.50", high="10.50", rank="administrative_regulation", **more):
    Fee.objects.create(
        version=version, position=Fee.objects.filter(version=version).count(), name=name,
        low=None if low is None else Decimal(low), high=None if high is None else Decimal(high), unit="证",
        basis=more.pop("basis", LAW), basis_rank=rank, **more,
    )  # fmt: skip


@pytest.fixture
def walk():
    """A case under review whose item publishes a fee."""
    walk = build.application()
    tariff(walk.version, exemption="小微企业")
    return walk.received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))


def demanded(walk, at=DAY, units=2, name="证照工本费"):
    moved = walk.do(fees.demand, at, walk.city.reviewer, key=uuid4(), tariff=name, units=units)
    return moved.matter


def cashier(walk):
    return build.holder(walk.city.department, "钱多多", "cashier", everywhere=True)


def told(obstructed) -> set[str]:
    return {each.code for each in obstructed.value.obstacles}


def at(moment_, action, *args, **more):
    with time_machine.at(moment_):
        return action(*args, at=moment_, **more)


def test_a_note_demands_units_times_the_lower_bound_in_whole_fen(walk):
    tariff(walk.version, "检测费", low="100", high="300")
    line = reads.one(demanded(walk, units=3, name="检测费"))
    assert (line.price, line.amount, line.state, str(line.due_on)) == (10_000, 30_000, "demanded", "2026-03-24")
    assert line.note == f"{walk.city.department.sign}缴字〔2026〕1号"
    told = notices.compose(matters.documents(line.id)[0])
    assert "按下限收" in told.paragraphs[0] and ("金额", "300.00 元") in told.rows and LAW in str(told.rows)


def test_what_is_not_published_or_has_no_lawful_basis_or_no_lower_bound_cannot_be_demanded(walk):
    tariff(walk.version, "评审费", rank="normative_document")
    tariff(walk.version, "资料费", basis="")
    tariff(walk.version, "占道费", low=None, high="80")
    for name, code in (("押金", "tariff"), ("评审费", "basis"), ("资料费", "basis"), ("占道费", "amount")):
        with pytest.raises(Obstructed) as refusal:
            demanded(walk, name=name)
        assert code in {each.code for each in refusal.value.obstacles}
    with pytest.raises(Obstructed):
        demanded(walk, units=0)
    assert not Charge.objects.exists()


def test_a_fee_of_a_case_is_charged_once_and_a_void_note_makes_room_for_another(walk):
    first = demanded(walk)
    with pytest.raises(NotAllowed, match="一项只收一次"):
        demanded(walk)
    at(DAY, fees.void_demand, first, by=walk.city.reviewer, key=None, reason="数量写错")
    assert demanded(walk, units=1) != first


def test_a_case_with_an_unpaid_note_is_refused_or_waits_and_is_not_granted(walk):
    charge = demanded(walk)
    walk.reviewed(moment("2026-03-04"))
    with pytest.raises(Obstructed) as refusal:
        walk.granted(moment("2026-03-04", "11:00"))
    assert told(refusal) == {"owed"}
    at(
        moment("2026-03-04", "12:00"),
        fees.exempt,
        walk.matter,
        by=walk.city.head,
        key=None,
        tariff="证照工本费",
        ground="小微企业",
    )
    assert reads.one(charge).state == "exempt"
    walk.granted(moment("2026-03-04", "14:00"))


def test_a_refusal_waits_for_no_money(walk):
    demanded(walk)
    walk.reviewed(moment("2026-03-04")).refused(moment("2026-03-04", "11:00"))
    assert walk.file.state == "refused"


def test_the_cashier_takes_exactly_what_is_owed_and_issues_a_numbered_receipt_once(walk):
    charge, till = demanded(walk), cashier(walk)
    key = uuid4()
    with pytest.raises(Obstructed) as refusal:
        at(DAY, fees.collect, charge, by=till, key=uuid4(), amount=2000, way="cash")
    assert told(refusal) == {"amount"}
    first = at(DAY, fees.collect, charge, by=till, key=key, amount=2100, way="cash")
    again = at(DAY, fees.collect, charge, by=till, key=key, amount=2100, way="cash")
    assert first.numbers["documents"] == [f"{walk.city.department.sign}票字〔2026〕1号"] == again.numbers["documents"]
    assert again.replayed and Payment.objects.filter(charge_id=charge).count() == 1
    with pytest.raises(NotAllowed):
        at(DAY, fees.collect, charge, by=till, key=uuid4(), amount=2100, way="cash")


def test_nobody_of_a_window_takes_money_and_nobody_takes_what_he_demanded(walk):
    charge = demanded(walk)
    for who in (walk.city.clerk, walk.city.reviewer, walk.city.head):
        with pytest.raises((NotAllowed, Obstructed)):
            at(DAY, fees.collect, charge, by=who, key=None, amount=2100, way="cash")
    both = cashier(walk)
    from xiaoneng.org.models import Holding
    from xiaoneng.org.models import Role as RoleRow

    Holding.objects.create(
        account_id=both.account, role=RoleRow.objects.get(code="window"), during=(build.LONG_AGO, None)
    )
    with pytest.raises(Obstructed) as refusal:
        at(DAY, fees.collect, charge, by=both, key=None, amount=2100, way="cash")
    assert told(refusal) == {"window"} and reads.one(charge).state == "demanded"


def test_no_move_that_touches_money_is_open_to_a_window_and_no_route_of_the_desk_leads_to_one(walk):
    moving = {"pay", "refund", "return_surplus"}
    assert {row.name for row in procedure.PROCEDURE.moves if Role.CASHIER in row.roles} == moving
    assert all(Role.WINDOW not in procedure.PROCEDURE.move(name).roles for name in moving)
    assert not moving & {row.name for row in application.PROCEDURE.moves}
    charge = demanded(walk)
    from xiaoneng.people.models import Account

    with time_machine.at(DAY):
        clerk = Client()
        clerk.force_login(Account.objects.get(pk=walk.city.clerk.account))
        tills = [name for name, route in routes() if name.startswith("till:")]
        assert tills
        assert clerk.get("/till/").status_code == 404
        asked = {"form_key": str(uuid4()), "amount": "21.00", "way": "cash", "do": "collect"}
        for path in (f"/till/{charge}/collect", f"/till/{charge}/refund"):
            assert clerk.post(path, asked).status_code == 404
    assert reads.one(charge).state == "demanded"


def pay(charge, result=SUCCEEDED, when=DAY, amount=None, order=None):
    if order is None:
        order, _ = at(when, fees.begin, charge, through="test")
    owed = reads.attempt(order).amount
    message = TestBank().message(order, result, owed if amount is None else amount)
    with time_machine.at(when):
        return order, fees.hear("test", message, at=when)


def test_a_callback_pays_once_however_often_it_comes(walk):
    charge = demanded(walk)
    order, state = pay(charge)
    assert state == "paid" and reads.one(charge).state == "paid"
    assert pay(charge, order=order)[1] == "paid"
    moves = [line.move for line in matters.journal(charge)]
    assert moves == ["pay", "demand"]


def test_of_two_payments_that_both_arrive_the_second_goes_back_and_is_on_record(walk):
    charge = demanded(walk)
    first, _ = at(DAY, fees.begin, charge, through="test")
    second, _ = at(DAY, fees.begin, charge, through="test")
    assert pay(charge, order=first)[1] == "paid" and pay(charge, order=second)[1] == "surplus"
    assert pay(charge, order=second)[1] == "surplus"
    assert [line.move for line in matters.journal(charge)] == ["return_surplus", "pay", "demand"]
    taken = reads.day(DAY.date())
    assert [each.kind for each in taken] == ["收款", "重复到账退回"]
    assert reads.balance(taken) == {"income": 2100, "paid_back": 0, "net": 2100, "count": 1}


def test_failed_and_abandoned_attempts_leave_the_note_owed_and_a_late_success_still_counts(walk):
    charge = demanded(walk)
    assert pay(charge, FAILED)[1] == "failed" and pay(charge, ABANDONED)[1] == "abandoned"
    order, _ = at(DAY, fees.begin, charge, through="test")
    assert fees.abandon_what_was_left(DAY + timedelta(hours=3)) == 1
    assert reads.one(charge).state == "demanded"
    assert pay(charge, order=order, when=DAY + timedelta(hours=4))[1] == "paid"


def test_a_forged_callback_and_a_wrong_amount_pay_nothing(walk):
    charge = demanded(walk)
    order, _ = at(DAY, fees.begin, charge, through="test")
    forged = TestBank().message(order, SUCCEEDED, 2100) | {"amount": "1"}
    with pytest.raises(NotAllowed, match="签名"):
        fees.hear("test", forged, at=DAY)
    with pytest.raises(NotAllowed, match="金额不符"):
        pay(charge, order=order, amount=1)
    assert reads.one(charge).state == "demanded"


def test_a_refund_is_ordered_by_a_head_and_paid_back_at_the_till(walk):
    charge, till = demanded(walk), cashier(walk)
    pay(charge)
    with pytest.raises(NotAllowed):
        at(DAY, fees.refund, charge, by=till, key=None)
    with pytest.raises(Obstructed):
        at(DAY, fees.order_refund, charge, by=walk.city.head, key=None, reason=" ")
    at(DAY, fees.order_refund, charge, by=walk.city.head, key=None, reason="申请人符合免征条件")
    later = DAY + timedelta(days=1)
    at(later, fees.refund, charge, by=till, key=None)
    assert reads.one(charge).state == "refunded"
    assert reads.balance(reads.day(later.date()))["net"] == -2100


def test_who_heads_the_department_is_told_of_what_was_paid_for_a_case_that_came_to_nothing(walk):
    charge, city = demanded(walk), walk.city
    pay(charge)
    assert reads.paid_for_nothing(city.head.account, DAY) == ()  # it may still be granted
    walk.do(apply.withdraw, DAY, city.citizen, reason="不办了")
    later = DAY + timedelta(hours=1)
    assert [each.id for each in reads.paid_for_nothing(city.head.account, later)] == [charge]
    assert reads.paid_for_nothing(city.reviewer.account, later) == ()
    with time_machine.at(later):
        client = Client()
        client.force_login(Account.objects.get(pk=city.head.account))
        assert "请决定是否退费" in client.get("/desk/").content.decode()
    at(later, fees.order_refund, charge, by=city.head, key=None, reason="没有办理")
    assert reads.paid_for_nothing(city.head.account, later) == ()


def test_a_part_is_paid_back_with_its_basis_and_another_part_later_but_never_more_than_was_paid(walk):
    charge, till, head = demanded(walk), cashier(walk), walk.city.head
    pay(charge)
    with pytest.raises(Obstructed, match="还没有写依据"):
        at(DAY, fees.order_refund, charge, by=head, key=None, reason="多计数量", amount=800)
    for wrong in (0, -1, 2101):
        with pytest.raises(Obstructed, match=r"已缴而没有退的是 21\.00 元"):
            at(DAY, fees.order_refund, charge, by=head, key=None, reason="多计数量", basis="按实际", amount=wrong)
    part = {"reason": "多计数量", "basis": "按实际数量计收", "amount": 800}
    at(DAY, fees.order_refund, charge, by=head, key=None, **part)
    with pytest.raises(NotAllowed):
        at(DAY, fees.order_refund, charge, by=head, key=None, **part)
    later = DAY + timedelta(days=1)
    at(later, fees.refund, charge, by=till, key=None)
    line = reads.one(charge)
    assert (line.state, line.state_label, line.refunded, line.left) == ("paid", "已缴款，已退一部分", 800, 1300)
    assert reads.balance(reads.day(later.date())) == {"income": 0, "paid_back": 800, "net": -800, "count": 0}
    with pytest.raises(Obstructed, match=r"已缴而没有退的是 13\.00 元"):
        at(later, fees.order_refund, charge, by=head, key=None, reason="再退", basis="规定", amount=1301)
    at(later, fees.order_refund, charge, by=head, key=None, reason="免收")
    at(later, fees.refund, charge, by=till, key=None)
    assert (reads.one(charge).state, reads.one(charge).refunded) == ("refunded", 2100)
    assert reads.balance(reads.day(later.date()))["net"] == -2100
    orders = [notices.compose(each) for each in matters.documents(charge) if each.kind == "refund_order"]
    assert "退回一部分" in orders[0].paragraphs[0] and dict(orders[0].rows)["本次退款"] == "8.00 元"
    assert "全部退回" in orders[1].paragraphs[0] and dict(orders[1].rows)["本次退款"] == "13.00 元"


def test_a_note_lapses_after_its_fifteen_working_days_and_a_payment_that_comes_then_goes_back(walk):
    charge = demanded(walk)
    order, _ = at(DAY, fees.begin, charge, through="test")
    on_time, over = moment("2026-03-24", "23:00"), moment("2026-03-25", "00:10")
    with time_machine.at(on_time):
        assert fees.expire_what_was_not_paid(on_time) == 0
    with time_machine.at(over):
        assert fees.expire_what_was_not_paid(over) == 1
    assert pay(charge, order=order, when=over + timedelta(hours=1))[1] == "surplus"


def test_the_promise_waits_for_the_payment_only_where_the_item_says_so_and_the_statute_never(walk):
    demanded(walk)
    assert not walk.file.clock("promised").pauses
    other = build.application(walk.city)
    tariff(other.version)
    Terms.objects.create(version=other.version, waits=["payment"], set_at=moment("2026-01-05"))
    other.received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    charge = demanded(other)
    assert other.file.clock("promised").state == "paused" and other.file.clock("statutory").state == "running"
    pay(charge, when=moment("2026-03-06"))
    promised = other.file.clock("promised")
    assert promised.state == "running" and str(promised.pauses[0].end) == "2026-03-06"
    assert matters.journal(other.matter)[0].move == "end_wait"
    other.do(review.review, moment("2026-03-09"), other.city.reviewer, opinion="符合条件。")
