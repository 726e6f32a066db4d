"""Insiders who let a friend through, pass on what is nearly late, sign unread, or change the calendar for a while.

Beside each stands somebody who does nearly the same and nothing wrong, and is not found.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from test_insiders import LATE, MONDAY, WHOLE, look

import build
from build import FORM, moment
from xiaoneng.approval.actions import apply, claims, correcting, drafts, recalculation, review, special
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org import calendars
from xiaoneng.org.models import Calendar
from xiaoneng.rules.workdays import DayKind, SpecialDay
from xiaoneng.supervision import models
from xiaoneng.trail.actions import By

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, FRIDAY = moment("2026-03-03"), moment("2026-03-04"), moment("2026-03-06")


def office():
    where = build.city()
    return where, build.item(where, materials=())


def of(where, version, n, day):
    """Let the n-th case be accepted on a day."""
    walk = build.application(where, version).drafted(day, form=FORM | {"content": f"第 {n} 处"}).received(day)
    return walk.accepted(day)


# --- out of turn ------------------------------------------------------------------------------------------------------
def line(days=("2026-03-02",), each=6):
    where, version = office()
    return where, version, [of(where, version, n, moment(day)) for day in days for n in range(each)]


def test_a_friend_who_is_served_before_the_whole_line_is_found():
    where, version, waiting = line()
    friend = of(where, version, 99, WEDNESDAY).reviewed(WEDNESDAY).granted(WEDNESDAY + timedelta(hours=2))
    waiting[0].reviewed(FRIDAY)
    assert look(LATE) == {"F-QUEUE-JUMP"}
    row = models.Finding.objects.get()
    assert row.cases[0] == friend.matter and set(row.cases[1:]) == {each.matter for each in waiting}
    assert row.person == where.head.account and '"越过的更早受理的件":6' in row.evidence


def test_a_licence_of_limited_number_that_goes_past_who_was_accepted_first_is_shown_with_its_reason():
    where, version = office()
    ItemVersion.objects.filter(pk=version.pk).update(quantity_limit="全市 30 个")
    first, later = of(where, version, 1, MONDAY), of(where, version, 2, TUESDAY)
    later.reviewed(WEDNESDAY)
    later.do(review.grant, FRIDAY, where.head, opinion="准予", out_of_order="先受理的尚在核查。")
    first.reviewed(FRIDAY).granted(moment("2026-03-09"))
    assert look(LATE) == {"F-PASSED-OVER"}
    row = models.Finding.objects.get()
    assert row.cases == [later.matter] and row.person == where.head.account
    assert first.file.called in row.evidence and "先受理的尚在核查" in row.evidence


def test_who_is_served_a_little_earlier_or_while_the_others_are_paused_jumps_no_queue():
    where, version, _ = line(each=4)
    of(where, version, 99, WEDNESDAY).reviewed(WEDNESDAY).granted(WEDNESDAY + timedelta(hours=2))
    where, version, waiting = line()
    for each in waiting:
        each.do(special.suspend, TUESDAY, where.reviewer, **WHOLE)
    of(where, version, 99, WEDNESDAY).reviewed(WEDNESDAY).granted(WEDNESDAY + timedelta(hours=2))
    assert look(FRIDAY) == set()


def test_a_slow_office_that_leaves_some_behind_for_everybody_lets_nobody_through():
    where, version, _ = line()
    for n in range(3):
        of(where, version, 50 + n, WEDNESDAY).reviewed(WEDNESDAY).granted(WEDNESDAY + timedelta(hours=2))
    assert look(FRIDAY) == set()


# --- passed on when it is too late ------------------------------------------------------------------------------------
LAST_DAY = moment("2026-03-12", "14:00")  # due on this day at the close of business


def claimed(number=1):
    where, version = office()
    walks = [of(where, version, n, MONDAY) for n in range(number)]
    other = build.holder(where.department, "另一位审查员", "reviewer")
    for walk in walks:
        with time_machine.at(TUESDAY):
            claims.take(walk.matter, by=where.reviewer.account, at=TUESDAY)
    return where, walks, other


def passed_on(walks, other, at):
    giver = walks[0].city.reviewer.account
    with time_machine.at(at):
        claims.hand_over(
            [each.matter for each in walks], giver=giver, receiver=other.account, note="请接着办", by=giver, at=at
        )


def test_who_gives_away_on_the_last_day_what_he_had_for_a_week_is_found_and_not_who_gets_it():
    where, walks, other = claimed()
    passed_on(walks, other, LAST_DAY)
    assert look(moment("2026-03-12", "16:00")) == set()  # it may still be saved
    assert look(LATE) == {"F-HANDED-ON"}
    assert models.Finding.objects.get().person == where.reviewer.account


def test_who_lays_it_back_on_the_last_day_is_found_as_well():
    where, walks, _ = claimed()
    with time_machine.at(LAST_DAY):
        claims.lay_back(walks[0].matter, by=where.reviewer.account, at=LAST_DAY)
    assert look(LATE) == {"F-HANDED-ON"}


def test_who_passes_on_early_or_what_was_saved_in_time_or_everything_at_once_is_not():
    _, early, other = claimed()
    passed_on(early, other, moment("2026-03-09"))
    _, saved, other = claimed()
    passed_on(saved, other, LAST_DAY)
    saved[0].do(special.suspend, LAST_DAY + timedelta(minutes=30), other, **WHOLE | {"kind": "testing"})
    where, ill, other = claimed(2)
    ill[1].do(special.suspend, moment("2026-03-05"), where.head, **WHOLE | {"kind": "testing"})
    passed_on(ill, other, LAST_DAY)  # one of the two is far from due: he hands on all that he has
    assert look(LATE) <= {"F-PAUSE-LATE"}


# --- signed unread ----------------------------------------------------------------------------------------------------
def signing(number, every):
    where, version = office()
    walks = [of(where, version, n, MONDAY) for n in range(number)]
    for n, walk in enumerate(walks):
        walk.reviewed(TUESDAY + timedelta(minutes=5 * n))
    for n, walk in enumerate(walks):
        walk.granted(WEDNESDAY + every * n)
    return where


def test_who_signs_twenty_in_a_minute_has_read_none_and_who_takes_his_time_is_not_found():
    signing(19, timedelta(seconds=1))
    signing(24, timedelta(seconds=30))
    assert look(FRIDAY) == set()
    where = signing(20, timedelta(seconds=2))
    assert look(FRIDAY) == {"F-UNREAD"}
    row = models.Finding.objects.get()
    assert (row.person, len(row.cases)) == (where.head.account, 20) and '"最密的时候连着办了":20' in row.evidence


# --- answered by himself, held back, turned round -------------------------------------------------------------------------
FIFTH_DAY = moment("2026-03-09", "09:30")  # of the five in which an application is accepted or not


def asked_late(at=FIFTH_DAY):
    where, version = office()
    walk = build.application(where, version).received(MONDAY)
    return walk.asked(at)


def test_the_clerk_who_answers_his_own_late_question_with_a_word_is_found():
    walk = asked_late()
    walk.do(apply.supplement, FIFTH_DAY + timedelta(hours=1), walk.city.clerk, note="已电话补正")
    assert look(moment("2026-03-10")) == {"F-SELF-ANSWERED"}


def test_who_asked_in_time_or_is_answered_by_the_applicant_or_by_a_colleague_who_hears_her_is_not():
    early = asked_late(TUESDAY)
    early.do(apply.supplement, WEDNESDAY, early.city.clerk, note="已电话补正")
    asked_late().supplemented(moment("2026-03-10"))
    late = asked_late()
    colleague = build.holder(late.city.department, "另一位窗口人员", "window")
    late.do(apply.supplement, moment("2026-03-10"), colleague, note="本人到场说明")
    assert look(moment("2026-03-11")) == set()


def at_the_window(version, where, opened, uploaded, submitted):
    with time_machine.at(opened):
        matter = drafts.open_draft(
            code=version.item.code, by=where.clerk.account, channel="window", at=opened, key=None, form=FORM
        )
    with time_machine.at(uploaded):
        for material in version.materials.all():
            drafts.attach(
                matter,
                by=where.clerk.account,
                slot=str(material.position),
                name="材料.png",
                stream=build.picture(),
                at=uploaded,
            )
    with time_machine.at(submitted):
        apply.submit(matter, by=where.clerk, at=submitted, key=None)
    return matter


def test_the_window_that_has_everything_and_registers_it_a_week_later_is_found():
    where = build.city()
    version = build.item(where)
    held = at_the_window(version, where, MONDAY, MONDAY, moment("2026-03-09"))
    at_the_window(version, where, MONDAY, moment("2026-03-09"), moment("2026-03-09"))  # she came back with the papers
    own = build.application(where, version).drafted(MONDAY, form=FORM | {"content": "另一处"})
    own.received(moment("2026-03-10"))  # her own draft, which she left lying
    assert look(moment("2026-03-11")) == {"F-HELD-BACK"}
    assert [row.cases for row in models.Finding.objects.all()] == [[held]]


def test_a_correction_that_turns_the_decision_round_is_found_and_one_of_a_name_is_not():
    where, version = office()
    for n, (wrong, right) in enumerate([("城南花园饭店", "城南花园大饭店"), ("不予许可的理由", "不予许可的事由")]):
        corrected(where, version, n, wrong, right)
    assert look(FRIDAY) == set()
    corrected(where, version, 9, "准予经营", "不予经营")
    assert look(FRIDAY) == {"F-TURNED"}


def corrected(where, version, n, wrong, right):
    walk = of(where, version, n, MONDAY).reviewed(TUESDAY).granted(WEDNESDAY)
    number = next(each.number for each in matters.documents(walk.matter) if each.kind == "grant_decision")
    walk.do(
        correcting.correct_document, WEDNESDAY + timedelta(hours=1), where.head, document=number, wrong=wrong, right=right,
        reason="笔误",
    )  # fmt: skip


# --- the calendar -----------------------------------------------------------------------------------------------------
DUE = date(2026, 3, 12)


def set_calendar(where, at, days, document="关于放假安排的通知"):
    """Publish an arrangement of the year, and count anew as the worker does."""
    calendar = Calendar.objects.get(regions=where.department.region_id)
    year = calendars.year_of(calendar.pk, 2026)
    with time_machine.at(at):
        by = By(where.head.account, "日历管理员")
        calendars.publish(
            calendar.pk, 2026, days(dict(year.days)), document, by=by, at=at, seen_version=calendar.version
        )
        recalculation.recalculate_what_is_stale(lambda: at)


def with_a_holiday(days):
    return days | {DUE: SpecialDay(DayKind.HOLIDAY, "系统维护")}


def without_it(days):
    return {day: special for day, special in days.items() if day != DUE}


def test_a_holiday_that_comes_for_three_days_and_hides_what_was_late_is_found():
    where, version = office()
    late = of(where, version, 1, MONDAY).reviewed(TUESDAY)
    set_calendar(where, moment("2026-03-12", "16:00"), with_a_holiday, "内部通知一")
    late.granted(moment("2026-03-13", "09:00"))
    assert look(moment("2026-03-13", "12:00")) == set()  # a holiday more is no trick by itself
    set_calendar(where, moment("2026-03-16"), without_it, "内部通知二")
    assert look(moment("2026-03-17")) == {"F-CALENDAR-BACK"}
    row = models.Finding.objects.get()
    assert row.cases == [late.matter] and '"改动的日子":"2026-03-12"' in row.evidence


def test_a_slip_in_the_calendar_that_hid_nothing_is_mended_without_a_word():
    where, version = office()
    walk = of(where, version, 1, MONDAY).reviewed(TUESDAY)
    set_calendar(where, WEDNESDAY, with_a_holiday, "内部通知一")
    set_calendar(where, WEDNESDAY + timedelta(hours=1), without_it, "内部通知二")
    walk.granted(FRIDAY)
    assert look(LATE) == set()
