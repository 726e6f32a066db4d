"""Orders with their replies, and calling to account: rules as data propose, a person decides, few may read."""

from datetime import date

import pytest
from django.db import transaction

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Entry
from xiaoneng.rules.accountability import Accumulation, Happening, Measure, called_for, months_before
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.supervision import accountability, accountability_reads, cards, models, orders
from xiaoneng.supervision.responsible import Person

pytestmark = pytest.mark.django_db
RED_TWICE = Accumulation("A", "两张红牌", "card", "red", 2, 12, Measure.ADMONISHMENT, 3)


def do(action, at, *given, by, **more):
    with time_machine.at(at):
        return action(*given, by=by, at=at, **more)


@pytest.fixture
def city():
    return build.city()


@pytest.fixture
def second(city):
    return build.holder(city.department, "许知微", "supervisor", everywhere=True)


def case_of(city, version=None):
    walk = build.application(city, version or build.item(city)).received(moment("2026-03-02"))
    return walk.accepted(moment("2026-03-02", "11:00"))


# --- orders -------------------------------------------------------------------------------------------------------------
def test_an_order_is_replied_to_returned_and_accepted_with_days_of_its_own(city):
    case = case_of(city)
    moved = do(
        orders.order, moment("2026-03-09"), case.matter, wants="查明原因，限期办结。", days=5, by=city.supervisor
    )
    number = matters.file(moved.matter).number
    assert matters.documents(moved.matter)[0].title == "督办单"
    assert matters.file(number).clock("reply").due_on == date(2026, 3, 16)
    do(orders.reply, moment("2026-03-11"), number, text="正在办。", by=city.head)
    do(orders.return_reply, moment("2026-03-12"), number, reason="没有写明办结时间。", days=2, by=city.supervisor)
    assert matters.file(number).clock("reply").due_on == date(2026, 3, 16)
    do(orders.reply, moment("2026-03-13"), number, text="三月十三日办结。", by=city.reviewer)
    do(orders.accept_reply, moment("2026-03-16"), number, opinion="属实。", by=city.supervisor)
    assert matters.file(number).closed and not matters.file(number).late


def test_urging_is_answered_or_turned_into_an_order_by_the_right_people_only(city):
    case = case_of(city)
    urged = do(orders.urge, moment("2026-03-09"), case.matter, wants="请答复。", by=city.supervisor)
    with pytest.raises(NotAllowed), transaction.atomic():
        do(orders.answer, moment("2026-03-10"), urged.matter, text="我替他答", by=city.supervisor)
    with pytest.raises(NotAllowed), transaction.atomic():
        do(orders.escalate, moment("2026-03-10"), urged.matter, wants="自己督办自己", by=city.head)
    do(orders.escalate, moment("2026-03-13"), urged.matter, wants="逾期未答，转督办。", by=city.supervisor)
    assert [d.title for d in matters.documents(urged.matter)] == ["催办单", "督办单"]
    with pytest.raises(NotAllowed):
        do(orders.urge, moment("2026-03-16"), urged.matter, wants=" ", by=city.supervisor)


# --- the rules of accumulation ------------------------------------------------------------------------------------------
def test_what_lies_further_back_than_the_window_no_longer_counts():
    on = date(2026, 3, 31)
    within, before = Happening("card", "red", date(2025, 4, 1)), Happening("card", "red", date(2025, 3, 31))
    now = Happening("card", "red", on)
    assert called_for([within, now], [RED_TWICE], on) == (RED_TWICE,)
    assert called_for([before, now], [RED_TWICE], on) == ()
    assert called_for([Happening("card", "yellow", on), now], [RED_TWICE], on) == ()


def test_a_month_before_the_last_of_march_is_the_last_of_february():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)


# --- from a card to a decision ------------------------------------------------------------------------------------------
def final_red_card(city, second, day: str, rule: str = "V-FEE"):
    """Issue a red card against the reviewer, appeal and have the appeal rejected."""
    case = case_of(city)
    who = Person(city.reviewer.account, city.reviewer.name)
    moved = do(
        cards.issue, moment(day, "09:00"), case.matter, rule, grounds="窗口收取复印费", person=who, by=city.supervisor
    )
    do(cards.appeal, moment(day, "10:00"), moved.matter, text="不服", by=city.head)
    do(cards.reject_appeal, moment(day, "11:00"), moved.matter, opinion="驳回", by=second)
    return models.Card.objects.get(pk=moved.matter)


def test_a_final_red_card_leads_to_a_proposal_and_a_second_one_to_a_graver_one(city, second):
    first = final_red_card(city, second, "2026-03-09")
    row = models.Accountability.objects.get()
    assert (row.person, row.source_id, row.proposed) == (city.reviewer.account, first.pk, "reminder")
    final_red_card(city, second, "2026-03-10")
    graver = models.Accountability.objects.order_by("-matter_id").first()
    assert graver.proposed == "admonishment" and graver.rule == "A-RED-2" and len(graver.sources) == 2


def test_the_journal_names_nobody_and_says_nothing_that_could_not_be_erased(city, second):
    final_red_card(city, second, "2026-03-09")
    matter = models.Accountability.objects.get().matter
    body = Entry.objects.get(matter=matter, seq=1).body
    assert city.reviewer.name not in body and f'"{city.reviewer.account}"' not in body and "红牌" not in body
    assert city.reviewer.name not in matter.title


def test_nobody_decides_before_the_person_spoke_or_let_her_days_pass(city, second):
    final_red_card(city, second, "2026-03-09")
    number = models.Accountability.objects.get().matter_id
    more = {"measure": "reminder", "points": 1, "reason": "属实"}
    with pytest.raises(NotAllowed, match="陈述申辩期限还没有到"):
        do(accountability.decide, moment("2026-03-10"), number, by=second, **more)
    with pytest.raises(NotAllowed), transaction.atomic():
        do(accountability.speak, moment("2026-03-10"), number, text="我替他说", by=city.head)
    do(accountability.speak, moment("2026-03-10"), number, text="当天系统故障。", by=city.reviewer)
    do(accountability.decide, moment("2026-03-11"), number, by=second, **more)
    row = models.Accountability.objects.get()
    assert (row.measure, row.points, row.decided_on) == ("reminder", 1, date(2026, 3, 11))
    with time_machine.at(moment("2026-03-19")):
        assert accountability.settle_what_is_final(lambda: moment("2026-03-19")) == 1


def test_an_appeal_is_heard_by_another_and_a_revoked_decision_restores_its_points(city, second):
    final_red_card(city, second, "2026-03-09")
    number = models.Accountability.objects.get().matter_id
    do(accountability.speak, moment("2026-03-10"), number, text="冤枉", by=city.reviewer)
    do(accountability.decide, moment("2026-03-11"), number, measure="education", points=2, reason="属实", by=second)
    do(accountability.appeal, moment("2026-03-12"), number, text="不服", by=city.reviewer)
    with pytest.raises(NotAllowed, match="另一名监察员"):
        do(accountability.revoke, moment("2026-03-13"), number, opinion="改正", by=second)
    do(accountability.revoke, moment("2026-03-13"), number, opinion="事实不清", by=city.supervisor)
    assert not models.Accountability.objects.get().standing


def test_what_rests_on_a_card_falls_with_it(city, second):
    card = final_red_card(city, second, "2026-03-09")
    models.Card.objects.filter(pk=card.pk).update(standing=False)
    at = moment("2026-03-10")
    with time_machine.at(at):
        accountability.fall_with("card", card.pk, at=at)
    row = models.Accountability.objects.select_related("matter").get()
    assert row.matter.state == "revoked" and not row.standing


def test_complaints_and_findings_come_in_by_the_same_door_once_each(city, second):
    where = {"person": city.head.account, "department": city.department.pk}
    at = moment("2026-03-09")
    assert do(accountability.propose, at, "complaint", 7, "态度", by=second, reason="查实", **where)
    assert do(accountability.propose, at, "finding", 7, "F-1", by=second, reason="查实", **where)
    assert do(accountability.propose, at, "finding", 7, "F-1", by=second, reason="查实", **where) is None
    assert {row.source_kind for row in models.Accountability.objects.all()} == {"complaint", "finding"}
    with pytest.raises(NotAllowed, match="已经提出过问责"):
        do(accountability.propose, at, "finding", 7, "F-1", by=second, measure="reminder", reason="再提", **where)


def test_rules_that_are_no_longer_in_force_propose_nothing(city, second):
    models.Accumulation.objects.filter(code="A-RED-1").update(until=date(2026, 3, 8))
    final_red_card(city, second, "2026-03-09")
    assert not models.Accountability.objects.exists()


def test_only_the_office_inspection_the_person_and_her_head_see_a_record(city, second):
    final_red_card(city, second, "2026-03-09")
    on, number = date(2026, 3, 10), models.Accountability.objects.get().matter_id
    inspector = build.holder(city.department, "纪检", "discipline_inspector", everywhere=True)
    leader = build.holder(city.department, "市长", "leader", everywhere=True)
    elsewhere = build.city()
    may = (city.reviewer, city.head, city.supervisor, second, inspector)
    others = (city.clerk, leader, elsewhere.head, build.holder(city.department, "同事", "reviewer"), city.citizen)
    for who in may:
        assert accountability.load(number, who, moment("2026-03-10"))
        assert accountability_reads.accountabilities(who.account, on).count() == 1
    for who in others:
        with pytest.raises(NotFound):
            accountability.load(number, who, moment("2026-03-10"))
        assert not accountability_reads.accountabilities(who.account, on).exists()
    with pytest.raises(NotAllowed), transaction.atomic():  # inspection reads all and changes nothing
        do(accountability.dismiss, moment("2026-03-20"), number, reason="算了", by=inspector)
