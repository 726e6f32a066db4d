"""Insiders who change the rules for a while, pass a case around, wait for the last hour, or answer and do nothing.

Beside each stands somebody who does nearly the same and nothing wrong, and is not found.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from test_insiders import LATE, MONDAY, WHOLE, look
from test_insiders_out_of_order import FRIDAY, TUESDAY, WEDNESDAY, of, office

import build
from build import FORM, moment
from xiaoneng.approval.actions import apply, claims, recalculation, special
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.org import places
from xiaoneng.supervision import models, orders
from xiaoneng.trail.actions import By

pytestmark = pytest.mark.django_db
BY = By(0, "系统管理员")


# --- the rules, for a while -------------------------------------------------------------------------------------------
def replaced(old: ItemVersion, promised: int, at: datetime) -> ItemVersion:
    """Publish the next version of an item with another promise and nothing else changed."""
    old.in_force = (old.in_force[0], at)
    old.save()
    steps = list(old.steps.all())
    fresh = ItemVersion.objects.create(
        item=old.item, serial=old.serial + 1, in_force=(at, None), name=old.name, kind=old.kind, statutory_n=20,
        statutory_unit="working_day", promised_n=promised, promised_unit="working_day", fingerprint=f"v{old.serial}",
    )  # fmt: skip
    for step in steps:
        step.pk, step.version = None, fresh
        step.save()
    return fresh


def test_a_promise_that_is_longer_for_two_weeks_and_the_cases_accepted_meanwhile_are_found():
    where, version = office()
    longer = replaced(version, 18, TUESDAY)
    case = of(where, longer, 1, WEDNESDAY)
    assert look(FRIDAY) == set()  # a longer promise is no trick by itself
    replaced(longer, 8, moment("2026-03-16"))
    assert look(moment("2026-03-17")) == {"F-LIMIT-BACK"}
    row = models.Finding.objects.get()
    assert row.cases == [case.matter] and '"延长到":18' in row.evidence and '"改回":8' in row.evidence


def test_a_promise_that_grows_shorter_or_is_mended_before_anybody_was_served_is_not():
    where, version = office()
    shorter = replaced(version, 5, TUESDAY)
    of(where, shorter, 1, TUESDAY + timedelta(hours=1))
    replaced(shorter, 4, FRIDAY)
    where, eased = office()
    longer = replaced(eased, 18, TUESDAY)
    of(where, longer, 1, TUESDAY + timedelta(hours=1))
    replaced(longer, 12, FRIDAY)  # still longer than at first: no way back
    where, slipped = office()
    wrong = replaced(slipped, 18, TUESDAY)
    build.application(where, wrong).received(TUESDAY + timedelta(hours=1))
    replaced(wrong, 8, WEDNESDAY)
    assert look(moment("2026-03-09")) == set()


def close_later(where, hours, since, at):
    with time_machine.at(at):
        places.change_hours(where.department.region_id, hours, since=since, by=BY, at=at, reason="通知")
        recalculation.recalculate_what_is_stale(lambda: at)


def on_its_last_day(closes, back):
    """Let a case be decided after five on its last day, while the office closes later until some day."""
    where, version = office()
    walk = of(where, version, 1, MONDAY).reviewed(TUESDAY)
    close_later(where, f"9:00-12:00 13:00-{closes}", date(2026, 3, 12), moment("2026-03-11"))
    walk.granted(moment("2026-03-12", "18:30"))
    close_later(where, "9:00-12:00 13:00-17:00", back, moment("2026-03-12", "19:00"))
    return walk


def test_an_office_that_closes_later_for_a_day_and_so_is_not_late_is_found():
    walk = on_its_last_day("23:30", date(2026, 3, 13))
    assert look(LATE) == {"F-HOURS-BACK"}
    row = models.Finding.objects.get()
    assert row.cases == [walk.matter] and '"原来下班":"17:00:00"' in row.evidence


def test_summer_hours_and_short_ones_that_saved_nothing_are_not():
    on_its_last_day("19:00", date(2026, 5, 6))
    where, version = office()
    walk = of(where, version, 1, MONDAY).reviewed(TUESDAY)
    close_later(where, "9:00-12:00 13:00-20:00", date(2026, 3, 9), FRIDAY)
    walk.granted(moment("2026-03-09", "18:30"))  # days before its last
    close_later(where, "9:00-12:00 13:00-17:00", date(2026, 3, 11), moment("2026-03-10"))
    assert look(LATE) == set()


EVENING = moment("2026-03-12", "18:30")  # after five, on the last day of what was accepted on Monday the second


def longer_week(ordered, saved=1, others=0, withdrawn=0, *, steps=("20:00",)):
    """Let an office close later from the twelfth on, and let cases be done that evening, then set it back."""
    where, version = office()
    cases = [of(where, version, n, MONDAY).reviewed(TUESDAY) for n in range(saved)]
    gone = [of(where, version, 50 + n, MONDAY) for n in range(withdrawn)]
    for n, closes in enumerate(steps):
        close_later(
            where, f"9:00-12:00 13:00-{closes}", date(2026, 3, 12) + timedelta(days=n), ordered + timedelta(minutes=n)
        )
    for case in cases:
        case.granted(EVENING)
    for case in gone:
        case.do(apply.withdraw, EVENING, where.citizen, reason="不办了")
    for n in range(others):
        form, day = FORM | {"content": f"晚上 {n}"}, EVENING - timedelta(days=1)
        build.application(where, version).drafted(day, form=form).received(day).accepted(EVENING)
    close_later(
        where, "9:00-12:00 13:00-17:00", date(2026, 3, 12) + timedelta(days=len(steps)), EVENING + timedelta(minutes=5)
    )
    return cases


def test_longer_hours_ordered_when_cases_are_nearly_due_or_that_served_little_else_are_found():
    near = moment("2026-03-10")
    by_steps = longer_week(near, steps=("20:00", "19:00"))  # not set back at once
    among_few = longer_week(near, saved=1, others=4)
    long_before = longer_week(TUESDAY, saved=3, others=3)
    assert look(LATE) == {"F-HOURS-BACK"}
    found = {tuple(row.cases) for row in models.Finding.objects.all()}
    assert found == {tuple(walk.matter for walk in each) for each in (by_steps, among_few, long_before)}


def test_longer_hours_announced_in_good_time_or_that_served_everybody_are_not_nor_what_an_applicant_does_in_them():
    longer_week(TUESDAY, saved=2)
    longer_week(TUESDAY, saved=3, others=4)
    longer_week(moment("2026-03-10"), saved=1, others=5)
    longer_week(moment("2026-03-10"), saved=0, withdrawn=1)
    assert look(LATE) == set()


# --- from hand to hand ------------------------------------------------------------------------------------------------
def passed_around(times, every=timedelta(days=1), start=TUESDAY):
    where, version = office()
    walk = of(where, version, 1, MONDAY)
    people = [where.reviewer.account, build.holder(where.department, "另一位审查员", "reviewer").account]
    for n in range(times):
        at, one = start + every * n, people[n % 2]
        with time_machine.at(at):
            claims.take(walk.matter, by=one, at=at)
        with time_machine.at(at + timedelta(hours=1)):
            claims.lay_back(walk.matter, by=one, at=at + timedelta(hours=1))
    return where, walk


def test_a_case_that_goes_from_hand_to_hand_for_days_while_nobody_works_is_found():
    _, walk = passed_around(4)
    assert look(moment("2026-03-09")) == {"F-PASSED-AROUND"}
    row = models.Finding.objects.get()
    assert (row.cases, row.person) == ([walk.matter], None) and '"转手次数":4' in row.evidence


def test_three_hands_or_four_in_an_hour_or_while_the_clocks_are_paused_are_not():
    passed_around(3)
    passed_around(4, every=timedelta(hours=1, minutes=10))
    where, version = office()
    paused = of(where, version, 7, MONDAY)
    paused.do(special.suspend, MONDAY + timedelta(hours=1), where.head, **WHOLE | {"kind": "testing"})
    people = [where.reviewer.account, build.holder(where.department, "第三位审查员", "reviewer").account]
    for n in range(5):
        at = TUESDAY + timedelta(days=n)
        with time_machine.at(at):
            claims.take(paused.matter, by=people[n % 2], at=at)
            claims.lay_back(paused.matter, by=people[n % 2], at=at + timedelta(hours=1))
    assert look(moment("2026-03-09")) == set()


def test_hands_between_which_somebody_did_his_part_are_not():
    where, walk = passed_around(2)
    walk.reviewed(moment("2026-03-05"))
    for day in ("2026-03-06", "2026-03-07"):
        at = moment(day)
        with time_machine.at(at):
            claims.take(walk.matter, by=where.head.account, at=at)
            claims.lay_back(walk.matter, by=where.head.account, at=at + timedelta(minutes=30))
    assert look(moment("2026-03-09")) == set()


# --- the last hour ----------------------------------------------------------------------------------------------------
LAST_HOUR = moment("2026-03-09", "16:10")  # of the five days in which an application is accepted or not


def taken_at(*moments: datetime):
    where, version = office()
    for n, at in enumerate(moments):
        form = FORM | {"content": f"{version.item.code} 第 {n} 处"}
        build.application(where, version).drafted(MONDAY, form=form).received(MONDAY).accepted(
            at + timedelta(minutes=n)
        )
    return where


def test_who_accepts_nearly_everything_in_the_last_hour_is_found_and_who_does_so_in_a_full_week_is_not():
    taken_at(*[LAST_HOUR] * 9)
    taken_at(*[TUESDAY] * 11, *[LAST_HOUR] * 10)
    assert look(LATE) == set()
    where = taken_at(*[LAST_HOUR] * 10)
    assert look(LATE) == {"F-BRINK"}
    row = models.Finding.objects.get()
    assert (row.person, len(row.cases)) == (where.clerk.account, 10)


# --- answered and not done --------------------------------------------------------------------------------------------
def urged(reviewed=None):
    where, version = office()
    walk = of(where, version, 1, MONDAY)
    with time_machine.at(FRIDAY):
        sent = orders.urge(walk.matter, wants="请说明何时办结。", by=where.supervisor, at=FRIDAY)
    answered = FRIDAY + timedelta(hours=1)
    with time_machine.at(answered):
        orders.answer(sent.matter, text="尽快办结。", by=where.reviewer, at=answered)
    if reviewed:
        walk.reviewed(reviewed)
    return where


def test_who_answers_that_it_will_be_done_and_lets_it_turn_red_is_found():
    where = urged()
    assert look(moment("2026-03-12", "16:00")) == set()  # it may still be done
    assert look(moment("2026-03-16")) == {"F-EMPTY-ANSWER"}
    assert models.Finding.objects.get().person == where.reviewer.account


def test_who_answers_and_does_his_part_is_not():
    urged(reviewed=moment("2026-03-09"))
    assert look(moment("2026-03-16")) == set()
