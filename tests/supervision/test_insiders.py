"""Insiders who hide lateness or wrongdoing through the moves that the platform offers: each is prevented or found.

The tricks are those of the threat model and of the catalogue of violations, written as somebody would play them. An
honest crowd stands beside them, and nothing is found in it.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from stdnum.cn.ric import calc_check_digit

import build
from build import FORM, moment
from xiaoneng.approval import reads
from xiaoneng.approval.actions import (
    accept,
    apply,
    closing,
    consult,
    deliver,
    drafts,
    extension,
    fees,
    inspections,
    review,
    special,
)
from xiaoneng.approval.models import Terms
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.kit import bulk
from xiaoneng.matters.move import Change, move
from xiaoneng.org.models import Holding
from xiaoneng.org.models import Role as RoleRow
from xiaoneng.rules import findings as rules
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import models
from xiaoneng.supervision.findings import detect

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")
DUE_SOON = moment("2026-03-12", "09:30")  # the last of eight working days: yellow, not red yet
LATE = moment("2026-03-16")
WHOLE = {"kind": "expert_review", "days": 10, "reason": "涉及公共安全，需要专家评审"}


def look(at) -> set[str]:
    """Run all detectors and name the rules under which anything was found, ever."""
    with time_machine.at(at):
        detect.in_cases(lambda: at)
        detect.in_habits(lambda: at)
    return set(models.Finding.objects.values_list("rule", flat=True))


def accepted(**more):
    where = build.city()
    return build.application(where, build.item(where, **more)).received(MONDAY).accepted(MONDAY)


def also(walk, who, role: str) -> None:
    Holding.objects.create(
        account_id=who.account, role=RoleRow.objects.get(code=role), department=walk.city.department,
        during=(build.LONG_AGO, None),
    )  # fmt: skip


def again(walk, at, **form):
    """Let the same thing be applied for anew, with other words where they are given."""
    return build.application(walk.city, walk.version).drafted(at, form=FORM | form).received(at)


# --- those who stop the clock -----------------------------------------------------------------------------------------
def stops_the_clock_on_the_last_day():
    walk = accepted()
    walk.do(special.suspend, DUE_SOON, walk.city.reviewer, **WHOLE)
    return "F-PAUSE-LATE", DUE_SOON


def stops_the_clock_when_it_is_late_already():
    walk = accepted()
    walk.do(special.suspend, LATE, walk.city.head, **WHOLE)
    return "F-PAUSE-LATE", LATE


def waits_for_a_site_check_on_the_last_day():
    walk = accepted()
    Terms.objects.create(version=walk.version, waits=["site_check"], waits_basis="《办法》第八条", set_at=MONDAY)
    walk.do(special.wait, DUE_SOON, walk.city.reviewer, kind="site_check", days=5, reason="等天气转好再去核查")
    return "F-PAUSE-LATE", DUE_SOON


def stops_the_clock_twice_for_the_same():
    walk = accepted()
    walk.do(special.suspend, moment("2026-03-03"), walk.city.reviewer, **WHOLE | {"kind": "testing"})
    walk.do(special.resume, moment("2026-03-05"), walk.city.reviewer, result="样品不合格")
    walk.do(special.suspend, moment("2026-03-06"), walk.city.reviewer, **WHOLE | {"kind": "testing"})
    return "F-PAUSE-AGAIN", LATE


def estimates_a_year_so_that_the_pause_never_turns_red():
    walk = accepted()
    walk.do(special.suspend, moment("2026-03-03"), walk.city.reviewer, **WHOLE | {"days": 250})
    return "F-PAUSE-LONG", LATE


def names_experts_and_asks_none():
    walk = accepted()
    walk.do(special.suspend, moment("2026-03-03"), walk.city.reviewer, **WHOLE)
    walk.do(special.resume, moment("2026-03-12"), walk.city.reviewer, result="原则通过")
    return "F-PAUSE-EMPTY", LATE


# --- those who send the applicant round -------------------------------------------------------------------------------
def asked_once(lacks=None):
    where = build.city()
    walk = build.application(where, build.item(where)).received(MONDAY)
    walk.do(
        accept.request_correction,
        moment("2026-03-06"),
        where.clerk,
        lacks=lacks or [accept.Lack("缺租赁合同", "原件", "条例")],
    )
    return walk.supplemented(moment("2026-03-09"))


def asks_a_second_time():
    walk = asked_once()
    lacks = [accept.Lack("再补一份说明", "加盖公章", "条例")]
    walk.do(accept.request_correction, moment("2026-03-13"), walk.city.clerk, lacks=lacks, reason_again="上次没看清")
    return "F-SECOND-NOTICE", LATE


def asks_again_for_what_lay_there_from_the_first():
    walk = asked_once([accept.Lack("缺身份证明", "清晰", "条例", "1")])
    lacks = [accept.Lack("申请书没有签名", "本人签名", "条例", "0")]
    walk.do(accept.request_correction, moment("2026-03-13"), walk.city.clerk, lacks=lacks, reason_again="刚刚发现")
    return "F-FIRST-ASKED", LATE


def gives_a_case_back_again_and_again():
    walk = accepted(steps=(("初审", 3),))
    for day in ("2026-03-03", "2026-03-04", "2026-03-05"):
        walk.reviewed(moment(day)).do(consult.send_back, moment(day, "15:00"), walk.city.head, step=1, reason="再看看")
    return "F-SENT-BACK", LATE


# --- those who begin anew or let it fade ------------------------------------------------------------------------------
def withdraws_at_the_window_with_the_code_and_files_anew():
    walk = accepted()
    code = reads.query_code(walk.file)
    walk.do(apply.withdraw, moment("2026-03-05"), walk.city.clerk, reason="申请人口头要求", code=code)
    again(walk, moment("2026-03-06"))
    return "F-REFILED", LATE


def talks_the_applicant_into_withdrawing_on_the_last_day():
    walk = accepted()
    walk.do(apply.withdraw, DUE_SOON, walk.city.citizen, reason="窗口说重报更快")
    again(walk, moment("2026-03-13"))
    return "F-REFILED", LATE


def files_anew_under_the_spouse_s_name_with_the_same_papers():
    where = build.city()
    version = build.item(where, materials=("申请书",))
    paper = build.picture().getvalue()
    walks = [build.application(where, version) for _ in range(2)]
    for walk, form, at in zip(walks, (FORM, FORM | {"name": "林听雨", "identity": "110105194912310062"}),
                              (MONDAY, moment("2026-03-13")), strict=True):  # fmt: skip
        walk.drafted(at, form=form, files=False)
        drafts.attach(walk.matter, by=where.citizen.account, slot="0", name="一.png", stream=io.BytesIO(paper), at=at)
        walk.received(at)
        if walk is walks[0]:
            walk.accepted(at).do(apply.withdraw, DUE_SOON, where.citizen, reason="换个名字报")
    return "F-REFILED", LATE


def terminates_what_is_about_to_turn_red():
    walk = accepted()
    walk.do(closing.terminate, DUE_SOON, walk.city.head, ground="death", reason="联系不上申请人")
    return "F-ENDED-LATE", DUE_SOON


def has_the_window_withdraw_what_is_late():
    walk = accepted()
    code = reads.query_code(walk.file)
    walk.do(apply.withdraw, LATE, walk.city.clerk, reason="申请人来电", code=code)
    return "F-ENDED-LATE", LATE


# --- those who refuse without saying why ------------------------------------------------------------------------------
def refuses_in_two_words():
    walk = accepted().reviewed(moment("2026-03-03"))
    walk.do(review.refuse, moment("2026-03-04"), walk.city.head, reason="不行", basis="《城镇燃气管理条例》第十五条")
    return "F-NO-REASON", LATE


def does_not_accept_and_says_nothing():
    where = build.city()
    walk = build.application(where, build.item(where)).received(MONDAY)
    walk.do(accept.not_accept, moment("2026-03-03"), where.clerk, ground="not_needed", reason="无")
    return "F-NO-REASON", LATE


# --- those who work beside the system ---------------------------------------------------------------------------------
def types_in_what_was_decided_on_paper():
    walk = accepted()
    walk.reviewed(moment("2026-03-02", "10:03")).granted(moment("2026-03-02", "10:05"))
    return "F-OUT", LATE


def enters_the_day_s_paper_at_midnight():
    where = build.city()
    at = moment("2026-03-02", "23:40")
    walk = build.application(where, build.item(where, materials=()))
    walk.matter = drafts.open_draft(
        code=walk.version.item.code, by=where.clerk.account, channel="window", at=at, key=None, form=FORM
    )
    walk.do(apply.submit, at, where.clerk)
    return "F-NIGHT", LATE


def says_that_it_was_handed_over_long_ago():
    walk = accepted().reviewed(moment("2026-03-03")).granted(moment("2026-03-04"))
    walk.do(deliver.deliver, moment("2026-03-24"), walk.city.clerk, way="direct", recipient=FORM["name"],
            served_on=date(2026, 3, 5))  # fmt: skip
    return "F-LATE-ENTRY", moment("2026-03-25")


def claims_an_earlier_hour():
    where = build.city()
    walk = build.application(where, build.item(where)).received(MONDAY)
    at = moment("2026-03-09")
    with time_machine.at(at):
        change = Change(facts={"ground": "not_needed", "reason": "依法不需要许可", "right_organ": ""})
        move(walk.file, "not_accept", by=where.clerk, at=at, change=change, claimed_at=moment("2026-03-04"))
    return "F-LATE-ENTRY", LATE


# --- those who do alone or twice what others should do ----------------------------------------------------------------
def accepts_and_reviews_alone():
    walk = accepted()
    also(walk, walk.city.clerk, "reviewer")
    walk.do(review.review, moment("2026-03-03"), walk.city.clerk, opinion="符合条件。")
    return "F-ONE-PERSON", LATE


def accepts_twice_what_was_asked_for_once():
    walk = accepted()
    other = build.holder(walk.city.department, "第二窗口", "window")
    second = again(walk, moment("2026-03-03"))
    second.do(accept.accept, moment("2026-03-03"), other)
    return "F-DOUBLE", LATE


def is_in_two_places_at_once():
    walk = accepted()
    second = again(walk, MONDAY, content="另一处").accepted(MONDAY)
    officers = [walk.city.reviewer.account, walk.city.head.account]
    for each, place, hour in ((walk, "城东", "09:30"), (second, "城西", "09:45")):
        each.do(inspections.schedule_site_check, moment("2026-03-03"), walk.city.reviewer,
                starts_at=moment("2026-03-05", hour), place=place, officers=officers)  # fmt: skip
    return "F-GHOST-CHECK", LATE


def writes_up_a_site_check_before_it_takes_place():
    walk = accepted()
    officers = [walk.city.reviewer.account, walk.city.head.account]
    walk.do(inspections.schedule_site_check, moment("2026-03-03"), walk.city.reviewer,
            starts_at=moment("2026-03-06", "09:30"), place="城东", officers=officers)  # fmt: skip
    walk.do(inspections.record_site_check, moment("2026-03-04"), walk.city.reviewer, officers=officers, place="城东",
            findings="符合", passed=True)  # fmt: skip
    return "F-GHOST-CHECK", LATE


def collects_at_the_window_and_carries_everything_home():
    where = build.city()
    version = build.item(where, steps=(), materials=())
    ItemVersion.objects.filter(pk=version.pk).update(window_authorised=True)
    for n in range(10):
        walk = build.application(where, version).drafted(MONDAY, form=FORM | {"content": f"第 {n} 件"}).received(MONDAY)
        walk.accepted(MONDAY).granted(moment("2026-03-05"))
    return "F-MAILBOX", LATE


FOUND = (
    stops_the_clock_on_the_last_day, stops_the_clock_when_it_is_late_already, waits_for_a_site_check_on_the_last_day,
    stops_the_clock_twice_for_the_same, estimates_a_year_so_that_the_pause_never_turns_red, names_experts_and_asks_none,
    asks_a_second_time, asks_again_for_what_lay_there_from_the_first, gives_a_case_back_again_and_again,
    withdraws_at_the_window_with_the_code_and_files_anew, talks_the_applicant_into_withdrawing_on_the_last_day,
    files_anew_under_the_spouse_s_name_with_the_same_papers, terminates_what_is_about_to_turn_red,
    has_the_window_withdraw_what_is_late, refuses_in_two_words, does_not_accept_and_says_nothing,
    types_in_what_was_decided_on_paper, enters_the_day_s_paper_at_midnight, says_that_it_was_handed_over_long_ago,
    claims_an_earlier_hour, accepts_and_reviews_alone, accepts_twice_what_was_asked_for_once, is_in_two_places_at_once,
    writes_up_a_site_check_before_it_takes_place, collects_at_the_window_and_carries_everything_home,
)  # fmt: skip


@pytest.mark.parametrize("insider", FOUND, ids=lambda each: each.__name__)
def test_the_insider_is_found(insider):
    rule, at = insider()
    assert rule in look(at)
    known = models.Finding.objects.count()
    look(at + timedelta(minutes=10))
    assert models.Finding.objects.count() == known  # once found, never again
    row = models.Finding.objects.filter(rule=rule).first()
    assert row.cases and row.matter.state == "found" and row.matter.number


# --- those whom nothing lets do it ------------------------------------------------------------------------------------
def back_dates_an_acceptance(walk):
    with time_machine.at(LATE):
        accept.accept(walk.matter, by=walk.city.clerk, at=MONDAY, key=None)


def writes_into_the_database(walk):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matter SET red_at = NULL WHERE id = %s", [walk.matter])


def moves_the_clock_of_record(walk):
    with connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE FUNCTION xn_clock() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'")


def pauses_for_lunch(walk):
    walk.do(special.suspend, DUE_SOON, walk.city.reviewer, kind="lunch", days=5, reason="人手不足")


def extends_what_is_late(walk):
    walk.do(extension.extend, moment("2026-04-20"), walk.city.head, days=10, reason="来不及")


def extends_by_himself(walk):
    walk.do(extension.extend, moment("2026-03-05"), walk.city.reviewer, days=10, reason="来不及")


def demands_a_deposit(walk):
    walk.do(fees.demand, moment("2026-03-03"), walk.city.reviewer, tariff="押金", units=1)


def goes_to_the_site_alone(walk):
    walk.do(inspections.record_site_check, moment("2026-03-04"), walk.city.reviewer, officers=[walk.city.reviewer.account] * 2,
            place="城东", findings="符合", passed=True)  # fmt: skip


def withdraws_without_the_applicant(walk):
    walk.do(apply.withdraw, DUE_SOON, walk.city.clerk, reason="电话", code="23456789")


def refuses_without_a_word(walk):
    walk.reviewed(moment("2026-03-03")).do(review.refuse, moment("2026-03-04"), walk.city.head, reason=" ", basis="")


def decides_what_she_reviewed(walk):
    also(walk, walk.city.reviewer, "head")
    walk.reviewed(moment("2026-03-03")).do(review.grant, moment("2026-03-04"), walk.city.reviewer, opinion="准予许可。")


def asks_for_more_after_acceptance(walk):
    walk.asked(moment("2026-03-04"))


PREVENTED = (
    back_dates_an_acceptance, writes_into_the_database, moves_the_clock_of_record, pauses_for_lunch, extends_what_is_late,
    extends_by_himself, demands_a_deposit, goes_to_the_site_alone, withdraws_without_the_applicant, refuses_without_a_word,
    decides_what_she_reviewed, asks_for_more_after_acceptance,
)  # fmt: skip


@pytest.mark.parametrize("insider", PREVENTED, ids=lambda each: each.__name__)
def test_the_insider_is_refused(insider):
    walk = accepted()
    due = walk.file.clock("promised").due_on
    with pytest.raises((NotAllowed, Obstructed, DatabaseError)), transaction.atomic():
        insider(walk)
    assert walk.file.clock("promised").due_on == due and not walk.file.closed


def test_nobody_puts_off_what_the_law_deems_accepted():
    walk = build.application().received(MONDAY)
    with pytest.raises((NotAllowed, Obstructed)):
        walk.asked(moment("2026-03-11"))


def test_a_longer_limit_in_the_catalogue_helps_no_case_that_was_accepted_before():
    walk = accepted()
    due = walk.file.clock("promised").due_on
    ItemVersion.objects.filter(pk=walk.version.pk).update(promised_n=20)
    walk.reviewed(moment("2026-03-03"))
    assert walk.file.clock("promised").due_on == due


# --- the crowd --------------------------------------------------------------------------------------------------------
def honest(where, version, n: int, identity: str) -> None:
    """Walk one honest case: mostly plain, now and then a notice, a refusal, an expert review, a withdrawal."""
    day = local_day(MONDAY) + timedelta(days=7 * (n % 4) + n // 4 % 3)
    walk = build.application(where, version).drafted(
        moment(day, "09:00"), form=FORM | {"content": f"第 {n} 处经营场所", "identity": identity}
    )
    walk.received(moment(day, "09:05"))
    if n % 17 == 3:
        walk.do(apply.withdraw, moment(day, "15:00"), where.citizen, reason="改日再办")
        return
    if n % 10 == 4:
        walk.asked(moment(day, "10:00")).supplemented(moment(day, "14:00"))
    walk.accepted(moment(day, "15:00"))
    if n % 4 == 1:
        return
    on = moment(day + timedelta(days=1))
    if n % 12 == 5:
        walk.do(special.suspend, on, where.reviewer, **WHOLE)
        walk.do(
            inspections.record_expert_review, on, where.reviewer, experts="甲\n乙\n丙", conclusion="通过", passed=True
        )
        walk.do(special.resume, on, where.reviewer, result="原则通过")
    walk.reviewed(on)
    ended = walk.refused(on + timedelta(hours=5)) if n % 20 == 6 else walk.granted(on + timedelta(hours=5))
    ended.delivered(on + timedelta(hours=6))


def somebody(number: int) -> str:
    """Return the identity number of somebody: in each city another applicant comes again and again."""
    first = f"33010219900101{number:03d}"
    return first + calc_check_digit(first + "0")


def crowd(cities: int, each: int) -> None:
    """Walk the honest cases of so many cities."""
    for number, where in enumerate(build.city() for _ in range(cities)):
        bulk.plan_anew()  # in the test's one transaction nobody tells the database how large its tables have become
        version = build.item(where, materials=())
        for n in range(each):
            honest(where, version, n, somebody(number))


def test_nothing_is_found_in_an_honest_crowd_and_only_the_bad_among_good_ones_stands_out():
    crowd(4, 39)
    assert look(moment("2026-04-02")) == set()
    bad = build.city()
    version = build.item(bad, materials=())
    for n in range(32):
        walk = build.application(bad, version).drafted(MONDAY, form=FORM | {"content": f"第 {n} 处"}).received(MONDAY)
        if n < 10:
            walk.do(accept.not_accept, MONDAY, bad.clerk, ground="not_needed", reason="经研究依法不需要许可")
        elif n < 20:
            walk.asked(MONDAY)
    assert look(moment("2026-04-02")) == {"F-RETURNS", "F-REFUSALS", "F-SAME-REASON"}
    assert set(models.Finding.objects.values_list("matter__department", flat=True)) == {bad.department.pk}


def test_what_piles_up_is_decided_in_the_last_days_of_the_month():
    where = build.city()
    version = build.item(where, materials=())
    for n in range(20):
        walk = build.application(where, version).drafted(MONDAY, form=FORM | {"content": f"第 {n} 处"}).received(MONDAY)
        walk.accepted(MONDAY).reviewed(moment("2026-03-05"))
        walk.granted(moment("2026-03-31", f"{9 + n % 8:02}:30"))
    assert look(moment("2026-03-30")) == set()
    assert look(moment("2026-04-01")) == {"F-MONTH-END"}


def test_every_rule_that_nothing_lets_break_names_a_test_that_is_there():
    for rule in rules.RULES:
        if rule.met is rules.Met.PREVENTED:
            path, _, name = rule.shown_by.partition("::")
            assert f"def {name}(" in (Path(__file__).parents[2] / path).read_text(), rule.code
