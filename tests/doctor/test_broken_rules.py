"""Where the program itself forgets a rule, its journal is in perfect order and the doctor still finds the rule broken."""

from __future__ import annotations

import pytest
from patients import NOW, record

import build
from build import moment
from xiaoneng.approval.actions import accept, acceptance, extension, review, special
from xiaoneng.matters import clocks
from xiaoneng.matters import move as kernel
from xiaoneng.rules.extension import Allowance
from xiaoneng.rules.grounds import DECISION_TIME
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.roles import Role


@pytest.fixture
def walk(patient):
    return patient.walk().received(moment("2026-03-02")).accepted(moment("2026-03-03"))


def found(patient) -> set[int]:
    record(NOW)
    return patient.ids()


def test_nothing_is_found_when_no_rule_is_forgotten(patient, walk):
    walk.suspended(moment("2026-03-04")).resumed(moment("2026-03-05")).extended(moment("2026-03-06"))
    assert found(patient) == set()


def test_a_case_suspended_while_red_and_resumed_stays_sound(patient, walk):
    walk.suspended(moment("2026-03-20")).extended(moment("2026-03-23")).resumed(moment("2026-03-25"))
    assert found(patient) == set()


def test_12_somebody_who_holds_no_post(patient, walk, monkeypatch):
    monkeypatch.setattr(kernel, "capacity", lambda *asked: (Role.REVIEWER, ""))
    walk.do(review.review, moment("2026-03-04"), walk.city.stranger, opinion="同意")
    monkeypatch.undo()
    assert found(patient) == {12}


def test_13_the_reviewer_decides(patient, walk, monkeypatch):
    walk.reviewed(moment("2026-03-04")).reviewed(moment("2026-03-05"))
    patient.root(
        """INSERT INTO org_holding (account_id, role_id, department_id, during, authority)
           SELECT %s, role_id, department_id, during, '' FROM org_holding WHERE role_id = 'head'""",
        walk.city.reviewer.account,
    )
    monkeypatch.setattr(review, "obstacles_to_decision", lambda *asked: ())
    walk.do(review.grant, moment("2026-03-06"), walk.city.reviewer, opinion="同意")
    assert found(patient) == {13}


def test_15_waiting_that_is_no_special_procedure(patient, walk, monkeypatch):
    monkeypatch.setitem(special.SPECIAL_PROCEDURES, "leave", "经办人休假")
    walk.do(special.suspend, moment("2026-03-04"), walk.city.reviewer, kind="leave", days=9, reason="休假")
    assert found(patient) == {15}


def test_16_a_limit_that_the_law_does_not_give(patient, monkeypatch):
    monkeypatch.setattr(accept, "SUPPLEMENT", WorkingDays(30))
    patient.walk().received(moment("2026-03-02")).asked(moment("2026-03-03"))
    assert found(patient) == {16}


def test_16_a_counter_that_counts_the_first_day(patient, monkeypatch):
    honest = clocks.deadline
    monkeypatch.setattr(clocks, "deadline", lambda limit, on, **more: honest(type(limit)(limit.n - 1), on, **more))
    patient.walk().received(moment("2026-03-02"))
    assert found(patient) == {16}


def test_16_a_clock_that_starts_a_day_later(patient, monkeypatch):
    honest = acceptance.local_day
    monkeypatch.setattr(acceptance, "local_day", lambda at: honest(at).replace(day=honest(at).day + 1))
    patient.walk().received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    assert found(patient) == {16}


def test_16_an_extension_longer_than_the_one_decided(patient, walk, monkeypatch):
    honest = clocks.extended
    monkeypatch.setattr(clocks, "extended", lambda clock, by, rules: honest(clock, WorkingDays(by.n + 2), rules))
    walk.extended(moment("2026-03-04"), days=3)
    assert found(patient) == {16}


def test_17_an_extension_of_twelve_days(patient, walk, monkeypatch):
    twelve = Allowance(WorkingDays(12), DECISION_TIME)
    monkeypatch.setattr(extension, "allowed", lambda file: twelve)
    walk.extended(moment("2026-03-04"), days=12)
    assert found(patient) == {17}


@pytest.mark.parametrize("days", [("2026-03-04", "2026-03-05"), ("2026-04-30",)])
def test_17_an_extension_given_twice_or_after_the_end(patient, walk, monkeypatch, days):
    monkeypatch.setattr(extension, "obstacles_to_extension", lambda *asked: ())
    for day in days:
        walk.extended(moment(day), days=3)
    assert found(patient) == {17}


def test_18_a_promise_longer_than_the_law(patient):
    where = patient.walk().city
    version = build.item(where, statutory=20, promised=8)
    patient.root("ALTER TABLE catalogue_itemversion DROP CONSTRAINT a_promise_is_not_longer_than_the_law")
    patient.root("UPDATE catalogue_itemversion SET promised_n = 25 WHERE id = %s", version.pk)
    build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    assert found(patient) == {18}


def test_19_a_light_that_nobody_recorded(patient, walk):
    assert patient.ids() == {19}


def test_limits_in_hours_and_months_are_counted_too(patient):
    where = patient.walk().city
    for unit, n in (("hour", 30), ("month", 2)):
        version = build.item(where, statutory=n, promised=None, unit=unit, name=f"以{unit}计")
        walk = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-03", "09:12"))
        walk.suspended(moment("2026-03-03")).resumed(moment("2026-03-10"))
    assert found(patient) == set()


def test_an_extension_after_the_promise_ran_out_leaves_it_red_and_is_sound(patient, walk):
    walk.extended(moment("2026-03-20"), days=3)
    assert found(patient) == set()
