"""What somebody with every right changes in cards, words and reminders: the doctor names exactly the rule that it breaks."""

from uuid import uuid4

import pytest
from django.db import transaction
from patients import NOW

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor
from xiaoneng.org.models import Department, Staff
from xiaoneng.supervision import accountability, cards, models, orders, urging
from xiaoneng.supervision.findings import actions as findings


def named(post: str) -> Actor:
    row = Staff.objects.select_related("account").filter(post=post).order_by("id").first()
    return Actor(row.account_id, row.account.name)


@pytest.fixture
def supervised(patient):
    """Let supervision take hold of the sound city: cards, an order, a reminder, a record, one card withdrawn by two."""
    office, head = named("supervisor"), named("head")
    second = build.holder(
        Department.objects.get(staff__account_id=office.account), "许知微", "supervisor", everywhere=True
    )
    late, whole, paused = (patient.matters[name] for name in ("late", "whole", "paused"))
    at = NOW
    with time_machine.at(at):
        assert cards.issue_what_is_called_for(lambda: at) > 0
        one = cards.issue(whole, "V-OTHER", by=office, at=at, grounds="抽查").matter
        cards.appeal(one, text="不服", by=head, at=at)
        cards.propose_withdrawal(one, reason="核错", by=office, at=at)
        cards.withdraw(one, opinion="同意", by=second, at=at)
        orders.order(paused, wants="查明原因", by=office, at=at)
        record = accountability.propose(
            "complaint",
            1,
            "",
            person=head.account,
            department=matters.file(late).department,
            by=office,
            at=at,
            reason="查实",
        )
        accountability.speak(record.matter, text="陈述", by=head, at=at)
        accountability.decide(record.matter, measure="reminder", points=1, reason="属实", by=second, at=at)
        urging.remind_who_is_due(lambda: at)
    assert patient.ids() == set()  # sound as it stands
    return patient, models.Card.objects.filter(standing=True).order_by("pk").first(), one


def test_the_evidence_of_a_card_is_what_the_journal_says(supervised):
    patient, card, _ = supervised
    patient.root(
        "UPDATE supervision_card SET evidence = replace(evidence, 'late', 'soon') WHERE matter_id = %s", card.pk
    )
    assert patient.ids() == {7}


def test_the_points_of_a_card_are_what_the_journal_says(supervised):
    patient, card, _ = supervised
    patient.root("UPDATE supervision_card SET points = 0 WHERE matter_id = %s", card.pk)
    assert patient.ids() == {7}


def test_a_card_stands_once_for_a_breach_at_a_level(supervised):
    patient, card, withdrawn = supervised
    patient.root("ALTER TABLE xn.supervision_card DROP CONSTRAINT IF EXISTS one_card_for_a_breach_at_a_level")
    patient.root("DROP INDEX IF EXISTS xn.one_card_for_a_breach_at_a_level")
    other = models.Card.objects.get(pk=withdrawn)
    patient.root(
        "UPDATE supervision_card SET about_id = %s, rule = %s, level = %s, standing = true WHERE matter_id = %s",
        card.about_id, card.rule, card.level, other.pk,
    )  # fmt: skip
    assert 20 in patient.ids()


def test_a_withdrawn_card_cannot_be_set_standing_again_in_silence(supervised):
    patient, card, withdrawn = supervised
    patient.root("UPDATE supervision_card SET standing = true WHERE matter_id = %s", withdrawn)
    assert patient.ids() == {20}
    patient.root("UPDATE supervision_card SET standing = false WHERE matter_id = %s", withdrawn)
    patient.root("UPDATE supervision_card SET standing = false WHERE matter_id = %s", card.pk)
    assert patient.ids() == {20}


def test_a_card_that_was_taken_out_of_the_register_is_missed(supervised):
    patient, card, _ = supervised
    patient.root("DELETE FROM supervision_card WHERE matter_id = %s", card.pk)
    assert patient.ids() == {8}


def test_words_and_persons_are_those_of_the_journal(supervised):
    patient, _, withdrawn = supervised
    patient.root("UPDATE supervision_said SET text = '无事' WHERE matter_id = %s AND name = 'grounds'", withdrawn)
    assert patient.ids() == {34}
    patient.root("UPDATE supervision_said SET text = '抽查' WHERE matter_id = %s AND name = 'grounds'", withdrawn)
    patient.root("UPDATE supervision_accountability SET person = person + 1")
    assert patient.ids() == {12, 34}  # the person named, and who spoke for herself


def test_a_reminder_stands_once_and_not_before_its_time(supervised):
    patient, _, _ = supervised
    patient.root("UPDATE supervision_reminder SET due_at = recorded_at + interval '1 hour' WHERE rung = 1")
    assert patient.ids() == {21}


def test_one_supervisor_alone_withdraws_no_card(supervised):
    patient, _, withdrawn = supervised
    office = named("supervisor").account
    seq = patient.root("SELECT seq FROM entry WHERE matter_id = %s AND move = 'withdraw_card'", withdrawn)[0][0]
    patient.root("UPDATE entry SET actor = %s WHERE matter_id = %s AND seq = %s", office, withdrawn, seq)
    assert 13 in patient.ids() and moment("2026-06-01", "12:00") == NOW


OTHERWISE = (
    {
        "UPDATE supervision_finding SET cases = '{}'": "的登记与日志不符",
        "UPDATE supervision_order SET about_id = (SELECT min(id) FROM matter)": "督办",
        "UPDATE supervision_redlight SET desk = 'window'": "岗位与日志不符",
    },
    {
        "UPDATE supervision_finding SET person = NULL": "当事人与固定的证据不符",
        "UPDATE supervision_card SET person = NULL, person_name = '无'": "责任人",
        "UPDATE supervision_accountability SET points = 0": "处理方式或者扣分",
        "UPDATE supervision_redlight SET recorded_at = recorded_at + interval '1 hour'": "登记的时刻",
    },
    {
        "UPDATE supervision_finding SET evidence = '{'": "固定的证据与日志记下的哈希不符",
        "UPDATE supervision_redlight SET department_id = (SELECT max(id) + 1 FROM org_department)": "单位、环节",
    },
)


def test_findings_orders_and_red_lights_are_what_the_journal_says(supervised):
    patient, _, _ = supervised
    whole, head = patient.matters["whole"], named("head")
    with time_machine.at(NOW):
        findings.find_by_hand(
            "patrol", matters.file(whole).department, note="窗口没有人", by=named("supervisor"), at=NOW, key=uuid4(),
            cases=(whole,), person=head.account,
        )  # fmt: skip
    assert patient.ids() == set()
    for changes in OTHERWISE:
        with transaction.atomic():
            for change in changes:
                patient.root(change)
            said = [finding.what for finding in patient.examine().findings]
            assert all(any(word in what for what in said) for word in changes.values()), said
            transaction.set_rollback(True)
