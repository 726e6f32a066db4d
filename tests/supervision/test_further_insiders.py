"""Further insiders, thought up without a look at the rules: each is found by the rule named or refused with words.

And edits made in the database by its owner: each is refused there, or seen by the doctor.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from test_insiders import DUE_SOON, LATE, MONDAY, accepted, again, look

import build
from build import FORM, moment
from xiaoneng.approval.actions import accept, apply, consult, correcting, dispatch, inspections, review, special
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, Obstructed

pytestmark = pytest.mark.django_db
FIFTH = moment("2026-03-09", "09:30")  # the last of the five days in which an application is accepted or not


def asks_for_a_paper_that_lies_there():
    where = build.city()
    walk = build.application(where, build.item(where)).received(MONDAY)
    lacks = [accept.Lack("申请书", "加盖公章", "条例", "0")]
    walk.do(accept.request_correction, FIFTH, where.clerk, lacks=lacks)
    walk.supplemented(moment("2026-03-10")).accepted(moment("2026-03-10", "15:00"))
    return "F-PRETEXT", LATE


def does_not_accept_on_the_fifth_day_what_he_accepts_a_week_later():
    where = build.city()
    walk = build.application(where, build.item(where)).received(MONDAY)
    walk.do(accept.not_accept, FIFTH, where.clerk, ground="not_needed", reason="经研究依法不需要取得许可")
    again(walk, moment("2026-03-16")).accepted(moment("2026-03-16", "15:00"))
    return "F-SAME-AGAIN", moment("2026-03-17")


def refuses_on_the_last_day_what_he_grants_when_it_comes_again():
    walk = accepted().reviewed(moment("2026-03-03"))
    walk.do(
        review.refuse, DUE_SOON, walk.city.head, reason="场所不符合规划要求。", basis="《城镇燃气管理条例》第十五条"
    )
    second = again(walk, moment("2026-03-13")).accepted(moment("2026-03-13", "15:00"))
    second.reviewed(moment("2026-03-16")).granted(moment("2026-03-17"))
    return "F-SAME-AGAIN", moment("2026-03-18")


def talks_her_into_withdrawing_two_days_before_it_would_turn_yellow():
    walk = accepted()
    walk.do(apply.withdraw, moment("2026-03-06"), walk.city.citizen, reason="窗口说材料要重新报")
    again(walk, moment("2026-03-09")).accepted(moment("2026-03-09", "15:00"))
    return "F-SAME-AGAIN", LATE


def stops_the_clock_under_four_names_in_a_row():
    walk = accepted()
    for n, kind in enumerate(("testing", "inspection", "appraisal", "expert_review")):
        day = MONDAY + timedelta(days=n + 1)
        walk.do(special.suspend, day, walk.city.reviewer, kind=kind, days=5, reason="涉及公共安全")
        if kind != "expert_review":
            walk.do(special.resume, day + timedelta(hours=2), walk.city.reviewer, result="样品不足")
    return "F-PAUSE-CHAIN", LATE


def sends_it_back_when_his_own_step_is_about_to_be_late():
    walk = accepted(steps=(("初审", 2), ("复审", 2)))
    walk.reviewed(moment("2026-03-03"))
    walk.do(consult.send_back, moment("2026-03-05", "16:00"), walk.city.reviewer, step=1, reason="再核实一下")
    return "F-STEP-RESET", LATE


def posts_it_again_and_again_so_that_nothing_is_due():
    walk = accepted().reviewed(moment("2026-03-03")).granted(moment("2026-03-04"))
    for n in range(3):
        walk.do(
            dispatch.dispatch, moment("2026-03-05") + timedelta(days=n), walk.city.clerk, way="post", tracking=f"EMS{n}"
        )
    return "F-SENT-AROUND", LATE


def calls_the_site_check_off_and_on_again():
    walk = accepted()
    officers = [walk.city.reviewer.account, walk.city.head.account]
    for n in (3, 4):
        at = moment(f"2026-03-0{n}")
        walk.do(inspections.schedule_site_check, at, walk.city.reviewer, starts_at=at + timedelta(days=2), place="城东",
                officers=officers)  # fmt: skip
        walk.do(inspections.call_off, at + timedelta(hours=3), walk.city.reviewer, kind="site_check", reason="改日再去")
    return "F-SESSION-MOVED", LATE


def moves_the_date_of_a_decision_by_a_correction():
    walk = accepted().reviewed(moment("2026-03-03")).granted(moment("2026-03-04"))
    number = next(each.number for each in matters.documents(walk.matter) if each.kind == "grant_decision")
    walk.do(correcting.correct_document, LATE, walk.city.head, document=number, wrong="2026年3月4日", right="2026年3月2日",
            reason="日期笔误")  # fmt: skip
    return "F-DATE-CORRECTED", LATE


FOUND = (
    asks_for_a_paper_that_lies_there, does_not_accept_on_the_fifth_day_what_he_accepts_a_week_later,
    refuses_on_the_last_day_what_he_grants_when_it_comes_again,
    talks_her_into_withdrawing_two_days_before_it_would_turn_yellow, stops_the_clock_under_four_names_in_a_row,
    sends_it_back_when_his_own_step_is_about_to_be_late, posts_it_again_and_again_so_that_nothing_is_due,
    calls_the_site_check_off_and_on_again, moves_the_date_of_a_decision_by_a_correction,
)  # fmt: skip


@pytest.mark.parametrize("insider", FOUND, ids=lambda each: each.__name__)
def test_the_further_insider_is_found(insider):
    rule, at = insider()
    assert rule in look(at)


def accepts_what_the_applicant_withdrew(walk):
    walk.do(apply.withdraw, moment("2026-03-03"), walk.city.citizen, reason="不办了")
    walk.do(accept.accept, moment("2026-03-04"), walk.city.clerk)


def reviews_for_another_department(walk):
    walk.do(review.review, moment("2026-03-03"), build.city().reviewer, opinion="符合条件。")


def ends_a_special_procedure_that_was_never_begun(walk):
    walk.do(special.resume, moment("2026-03-03"), walk.city.reviewer, result="通过")


@pytest.mark.parametrize(
    "insider",
    [
        accepts_what_the_applicant_withdrew,
        reviews_for_another_department,
        ends_a_special_procedure_that_was_never_begun,
    ],
)
def test_the_further_insider_is_refused(insider):
    walk = accepted()
    with pytest.raises((NotAllowed, Obstructed)):
        insider(walk)


def test_who_changes_what_he_was_refused_for_and_comes_again_is_no_trick():
    walk = accepted().reviewed(moment("2026-03-03"))
    walk.do(
        review.refuse, DUE_SOON, walk.city.head, reason="场所不符合规划要求。", basis="《城镇燃气管理条例》第十五条"
    )
    second = again(walk, moment("2026-03-13"), content="换了符合规划的场所，" + FORM["content"])
    second.accepted(moment("2026-03-13", "15:00")).reviewed(moment("2026-03-16")).granted(moment("2026-03-17"))
    assert look(moment("2026-03-18")) == set()
