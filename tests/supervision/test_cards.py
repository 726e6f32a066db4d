"""Cards: issued once with frozen evidence, explained, appealed, withdrawn by two or by a recalculation; no case changes."""

import hashlib

import pytest
from django.db import DatabaseError, transaction

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Entry, Matter
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.supervision import actions, cards, issued_reads, models, notices, recalculation
from xiaoneng.supervision.cards import Cause

pytestmark = pytest.mark.django_db
RED = moment("2026-03-12", "17:00")  # eight working days after the second of March
AFTER = moment("2026-03-12", "17:00:05")


def do(action, at, *given, by, **more):
    with time_machine.at(at):
        return action(*given, by=by, at=at, **more)


def run(job, at, **more):
    with time_machine.at(at):
        return job(lambda: at, **more)


@pytest.fixture
def late():
    """A case that turned red and is on record as such, with its card issued by the platform."""
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    run(actions.record_red_lights, AFTER)
    assert run(cards.issue_what_is_called_for, AFTER) == 1
    return walk


def card_of(walk) -> models.Card:
    return models.Card.objects.select_related("matter").get(about_id=walk.matter)


def second_supervisor(walk):
    return build.holder(walk.city.department, "许知微", "supervisor", everywhere=True)


def test_a_red_light_on_record_calls_for_a_numbered_yellow_card_with_frozen_evidence(late):
    card = card_of(late)
    assert (card.rule, card.rule_version, card.level, card.since) == ("V-LATE-P", 1, "yellow", RED)
    assert card.matter.number.startswith(f"{late.city.department.region.sign}P20260312")
    assert card.person == late.city.reviewer.account  # the only one at the desk at which it lay
    first = matters.entry_at(card.matter_id, 1)
    assert first.facts["what"]["evidence_sha256"] == hashlib.sha256(card.evidence.encode()).hexdigest()
    frozen = issued_reads.evidence_of(card.matter_id)
    assert frozen["clock"]["name"] == "promised" and frozen["matter"]["version"] == 2
    assert matters.file(card.matter_id).clock("reply").due_on == moment("2026-03-17").date()


def test_a_worker_that_runs_twice_issues_no_second_card(late):
    assert run(cards.issue_what_is_called_for, moment("2026-03-13")) == 0
    assert models.Card.objects.count() == 1


def test_the_same_breach_is_carded_once_at_a_level_and_the_database_holds_it(late):
    with pytest.raises(NotAllowed, match="同一规则同一等级只发一张"):
        do(cards.issue, moment("2026-03-13"), late.matter, "V-LATE-P", by=late.city.supervisor, grounds="再发一张")
    copy = card_of(late)
    with pytest.raises(DatabaseError, match="one_card_for_a_breach_at_a_level"), transaction.atomic():
        other = build.application(late.city, late.version).received(moment("2026-03-13"))
        copy.pk, copy.matter_id = other.matter, other.matter
        copy.save(force_insert=True)


def test_nothing_in_a_card_can_be_changed_or_removed(late):
    for change in ({"points": 0}, {"evidence": "{}"}, {"level": "red"}):
        with pytest.raises(DatabaseError, match="牌一经发出不能改动"), transaction.atomic():
            models.Card.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Card.objects.all().delete()


def test_a_statutory_limit_run_out_gives_a_red_card_that_points_to_the_yellow_one(late):
    at = moment("2026-04-20")
    run(actions.record_red_lights, at)
    assert run(cards.issue_what_is_called_for, at) == 1
    red = models.Card.objects.get(level="red")
    assert red.rule == "V-LATE-S" and red.escalates_id == models.Card.objects.get(level="yellow").pk


def test_with_automatic_cards_switched_off_nothing_is_issued_by_itself():
    from xiaoneng.org.models import Setting

    Setting.objects.create(key="card_auto", value=False, changed_at=RED, changed_by="简明之")
    build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    run(actions.record_red_lights, AFTER)
    assert run(cards.issue_what_is_called_for, AFTER) == 0


def test_a_supervisor_issues_a_card_by_hand_only_with_grounds_and_only_once_for_one_form():
    walk = build.application().received(moment("2026-03-02"))
    at, key = moment("2026-03-03"), "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e99"
    with pytest.raises(NotAllowed, match="发牌的事实和理由"):
        do(cards.issue, at, walk.matter, "V-FEE", by=walk.city.supervisor, grounds=" ")
    from uuid import UUID

    once = do(cards.issue, at, walk.matter, "V-FEE", by=walk.city.supervisor, grounds="窗口收取复印费", key=UUID(key))
    twice = do(cards.issue, at, walk.matter, "V-FEE", by=walk.city.supervisor, grounds="窗口收取复印费", key=UUID(key))
    assert once.seq == twice.seq == 1 and twice.replayed and models.Card.objects.count() == 1
    told = "".join(notices.compose(matters.documents(once.matter)[0]).paragraphs)
    assert "窗口收取复印费" in told and "违规收费" in told


def test_who_is_no_supervisor_issues_no_card():
    walk = build.application().received(moment("2026-03-02"))
    for who in (walk.city.head, walk.city.clerk, walk.city.citizen):
        with pytest.raises(NotAllowed, match="效能监察员"), transaction.atomic():
            do(cards.issue, moment("2026-03-03"), walk.matter, "V-FEE", by=who, grounds="试试")


def test_a_card_is_explained_confirmed_and_final_after_the_days_for_an_appeal(late):
    card = card_of(late)
    with pytest.raises(NotAllowed, match="说明期限还没有到"):
        do(cards.confirm, moment("2026-03-16"), card.matter_id, opinion="属实", by=late.city.supervisor)
    do(cards.explain, moment("2026-03-16"), card.matter_id, text="专家排期冲突，已加派人手。", by=late.city.reviewer)
    do(cards.confirm, moment("2026-03-17"), card.matter_id, opinion="情况属实，维持。", by=late.city.supervisor)
    assert run(cards.settle_what_is_final, moment("2026-03-24", "16:59")) == 0
    assert run(cards.settle_what_is_final, moment("2026-03-24", "17:01")) == 1
    card.matter.refresh_from_db()
    assert card.matter.state == "final" and card.matter.closed


def test_the_platform_s_words_and_the_department_s_stand_beside_the_journal(late):
    card = card_of(late)
    do(cards.explain, moment("2026-03-16"), card.matter_id, text="专家排期冲突。", by=late.city.head)
    entry = Entry.objects.get(matter_id=card.matter_id, move="explain")
    assert "专家" not in entry.body and models.Said.objects.get(matter_id=card.matter_id).text == "专家排期冲突。"


def test_a_card_is_withdrawn_by_two_supervisors_and_its_points_come_back(late):
    card, other = card_of(late), second_supervisor(late)
    where = late.city.department.pk, moment("2026-03-01"), moment("2026-04-01")
    assert issued_reads.points_of(*where) == 1
    do(cards.appeal, moment("2026-03-13"), card.matter_id, text="系统停电半天，有公告为证。", by=late.city.head)
    do(cards.propose_withdrawal, moment("2026-03-16"), card.matter_id, reason="停电属实", by=late.city.supervisor)
    with pytest.raises(NotAllowed, match="另一名监察员"):
        do(cards.withdraw, moment("2026-03-16", "11:00"), card.matter_id, opinion="同意", by=late.city.supervisor)
    assert issued_reads.points_of(*where) == 1
    do(cards.withdraw, moment("2026-03-17"), card.matter_id, opinion="同意撤牌", by=other)
    assert issued_reads.points_of(*where) == 0
    moves = list(Entry.objects.filter(matter_id=card.matter_id).order_by("seq").values_list("move", flat=True))
    assert moves == ["issue_yellow", "appeal", "propose_withdrawal", "withdraw_card"]  # the history stays
    assert run(cards.issue_what_is_called_for, moment("2026-03-18")) == 0  # the same light is not carded again


def test_an_appeal_is_made_once_and_rejected_by_another_than_who_confirmed(late):
    card, other = card_of(late), second_supervisor(late)
    do(cards.explain, moment("2026-03-13"), card.matter_id, text="人手不足", by=late.city.reviewer)
    do(cards.confirm, moment("2026-03-16"), card.matter_id, opinion="维持", by=late.city.supervisor)
    do(cards.appeal, moment("2026-03-17"), card.matter_id, text="不服", by=late.city.head)
    with pytest.raises(NotAllowed, match="另一名监察员"):
        do(cards.reject_appeal, moment("2026-03-18"), card.matter_id, opinion="驳回", by=late.city.supervisor)
    do(cards.reject_appeal, moment("2026-03-18"), card.matter_id, opinion="驳回", by=other)
    with pytest.raises(NotAllowed):
        do(cards.appeal, moment("2026-03-19"), card.matter_id, text="再申诉", by=late.city.head)


def test_a_card_falls_when_a_new_calendar_makes_its_red_light_untrue(late):
    from xiaoneng.approval.actions import recalculation as approval
    from xiaoneng.org.models import Calendar, CalendarDay

    calendar, at = Calendar.objects.get(name="全国"), moment("2026-03-13", "09:30")
    calendar.version += 1
    calendar.save()
    CalendarDay.objects.create(
        calendar=calendar, day=moment("2026-03-10").date(), kind="holiday", name="市庆", since=calendar.version
    )
    run(recalculation.recalculate_what_is_stale, at)
    run(approval.recalculate_what_is_stale, at)
    assert run(cards.withdraw_what_is_untrue, at) == 1
    card = card_of(late)
    assert card.matter.state == "withdrawn" and not card.standing
    assert run(cards.issue_what_is_called_for, at) == 0
    later = moment("2026-03-13", "17:00:05")  # the day later at which it is really late
    run(actions.record_red_lights, later)
    assert run(cards.issue_what_is_called_for, later) == 1
    assert models.Card.objects.filter(about_id=late.matter).count() == 2


def test_no_act_of_supervision_changes_the_case_it_is_about(late):
    from xiaoneng.supervision import orders

    before = Matter.objects.values().get(pk=late.matter)
    entries = Entry.objects.filter(matter_id=late.matter).count()
    card, who = card_of(late), late.city.supervisor
    urged = do(orders.urge, moment("2026-03-13"), late.matter, wants="请尽快办理", by=who)
    do(orders.escalate, moment("2026-03-13", "11:00"), urged.matter, wants="限期办结", by=who)
    do(cards.issue, moment("2026-03-13", "12:00"), late.matter, "V-ABS", by=who, grounds="窗口无人")
    do(cards.propose_withdrawal, moment("2026-03-16"), card.matter_id, reason="核错", by=who)
    assert Matter.objects.values().get(pk=late.matter) == before
    assert Entry.objects.filter(matter_id=late.matter).count() == entries


def test_a_card_about_a_card_or_a_draft_is_refused(late):
    draft = build.application(late.city, late.version).drafted(moment("2026-03-13"))
    for about in (card_of(late).matter_id, draft.matter):
        with pytest.raises(NotAllowed, match="不能发牌"):
            do(cards.issue, moment("2026-03-13"), about, "V-OTHER", by=late.city.supervisor, grounds="试试")


def test_a_detector_s_finding_is_frozen_with_the_card_it_leads_to(late):
    found = {"pauses": 3, "peer_mean": 0.4}
    moved = do(
        cards.issue, moment("2026-03-13"), late.matter, "V-SUSP", by=late.city.supervisor, grounds="暂停异常", found=found,
        cause=Cause("promised", 1, RED),
    )  # fmt: skip
    assert issued_reads.evidence_of(moved.matter)["found"] == found
