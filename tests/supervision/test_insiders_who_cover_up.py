"""Insiders who cover lateness up: by a pause that outlasts its reason, by another item, by an older case ended for a newer,
by deliveries that reach nobody, by a holiday after the fact, by a colleague's name, or by a friend in the efficiency office.

All of them play at once, each in a city of its own, and the rule that is named finds each; so do their honest neighbours,
and nothing is found.
"""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from test_insiders import DUE_SOON, LATE, MONDAY, WHOLE, accepted, again, also, look, somebody
from test_insiders_out_of_order import (
    FRIDAY,
    LAST_DAY,
    TUESDAY,
    WEDNESDAY,
    claimed,
    of,
    office,
    passed_on,
    set_calendar,
)
from test_insiders_who_seem_in_time import replaced

import build
import joint
from build import FORM, moment
from xiaoneng.approval.actions import (
    apply,
    claims,
    closing,
    consult,
    deliver,
    dispatch,
    drafts,
    in_branch,
    inspections,
    special,
)
from xiaoneng.approval.actions.accept import Lack
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import time_machine
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.workdays import DayKind, SpecialDay
from xiaoneng.supervision import actions, cards, models, orders

pytestmark = pytest.mark.django_db
AFTER = moment("2026-03-20")
# Who lends gives away as well; and one applicant asks for the same in all these cities at once.
BESIDE = {"F-HANDED-ON", "F-DOUBLE"}
EXPERTS = {"experts": "甲\n乙\n丙", "conclusion": "通过", "passed": True}


def paused_for_experts(spoke, resumed, paused=TUESDAY):
    walk = accepted()
    if spoke < paused:
        walk.do(inspections.record_expert_review, spoke, walk.city.reviewer, **EXPERTS)
    walk.do(special.suspend, paused, walk.city.reviewer, **WHOLE)
    if spoke >= paused:
        walk.do(inspections.record_expert_review, spoke, walk.city.reviewer, **EXPERTS)
    walk.do(special.resume, resumed, walk.city.reviewer, result="原则通过")


def comes_again_under_another_item(ended=DUE_SOON, **form):
    walk = accepted()
    walk.do(apply.withdraw, ended, walk.city.citizen, reason="换个事项报")
    other = build.application(walk.city, build.item(walk.city, name="燃气经营许可证换发"))
    other.drafted(moment("2026-03-13"), form=FORM | form).received(moment("2026-03-13"))


def comes_again_as_somebody_else(**form):
    walk = accepted()
    walk.do(apply.withdraw, DUE_SOON, walk.city.citizen, reason="换个名字报")
    again(walk, moment("2026-03-13"), name="林听雨", identity="110105194912310062", content="燃气经营", **form)


def ends_one_of_two(older=True):
    walk = accepted()
    second = again(walk, moment("2026-03-09")).accepted(moment("2026-03-09", "15:00"))
    ended, kept = (walk, second) if older else (second, walk)
    said = {"ground": "duplicate", "reason": "与另一件重复", "other": kept.file.called}
    ended.do(closing.terminate, moment("2026-03-09", "16:00"), walk.city.head, **said)


def gives_up_waiting(for_the_same=True):
    walk = accepted()
    first, second = build.city().department.pk, build.city().department.pk
    for n, asked in enumerate((first, first if for_the_same else second)):
        at = TUESDAY + timedelta(days=n)
        walk.do(consult.consult, at, walk.city.reviewer, department=asked, question="是否符合规划？", days=1)
        walk.do(consult.close_consultation, at + timedelta(hours=20), walk.city.reviewer, reason="再问一次")


def delivers_to(recipient):
    walk = accepted().reviewed(TUESDAY).granted(WEDNESDAY)
    walk.do(deliver.deliver, WEDNESDAY + timedelta(hours=1), walk.city.clerk, way="direct", recipient=recipient)


def publishes(after_a_letter=False):
    walk = accepted().reviewed(TUESDAY).granted(WEDNESDAY)
    if after_a_letter:
        walk.do(dispatch.dispatch, FRIDAY, walk.city.clerk, way="post", tracking="EMS2")
    walk.do(dispatch.dispatch, LATE, walk.city.clerk, way="public_notice", place="门户网站", reason="联系不上")


def posts_three(*numbers):
    where, version = office()
    for n, number in enumerate(numbers):
        who = {
            "identity": somebody(n),
            "name": "林听" + "雨雪风"[n],
            "address": f"临江路 {n} 号",
            "content": f"第 {n} 处",
        }
        walk = build.application(where, version).drafted(MONDAY, form=FORM | who).received(MONDAY).accepted(MONDAY)
        walk.reviewed(TUESDAY).granted(WEDNESDAY)
        walk.do(dispatch.dispatch, FRIDAY, where.clerk, way="post", tracking=number)


def promises(*, steps, unit="working_day"):
    where, version = office()
    longer = replaced(version, steps[0], TUESDAY)
    longer.promised_unit = unit
    ItemVersion.objects.filter(pk=longer.pk).update(promised_unit=unit)
    of(where, longer, 1, WEDNESDAY)
    for n, promised in enumerate(steps[1:]):
        longer = replaced(longer, promised, FRIDAY + timedelta(days=n))


def lends(there_meanwhile=True):
    where, walks, other = claimed(2)
    passed_on(walks[:1], other, LAST_DAY)
    if there_meanwhile:
        walks[1].reviewed(moment("2026-03-13"))
    with time_machine.at(LATE):
        mine = {"giver": other.account, "receiver": where.reviewer.account, "by": other.account}
        claims.hand_over([walks[0].matter], note="还给你", at=LATE, **mine)


def fills_figures(times=5, differently=False):
    where, version = office()
    for n in range(times):
        at = TUESDAY + timedelta(hours=n)
        walk = build.application(where, version)
        walk.drafted(at, form=FORM | ({"content": f"第 {n} 辆车"} if differently else {})).received(at).accepted(at)
        walk.reviewed(at + timedelta(minutes=20)).granted(at + timedelta(minutes=40))


def enters_it_once_more(paper, draft_paper):
    where = build.city()
    version = build.item(where, materials=("申请书",))

    def begun(at, content):
        with time_machine.at(at):
            matter = drafts.open_draft(
                code=version.item.code, by=where.clerk.account, channel="window", at=at, key=None, form=FORM
            )
            stream = io.BytesIO(content)
            drafts.attach(matter, by=where.clerk.account, slot="0", name="一.png", stream=stream, at=at)
        return matter

    begun(MONDAY, draft_paper)
    matter, at = begun(moment("2026-03-09"), paper), moment("2026-03-09", "10:10")
    with time_machine.at(at):
        apply.submit(matter, by=where.clerk, at=at, key=None)


def asks_in_a_branch(slot):
    whole = joint.project({1: []}).received().accepted()
    lacks = [Lack("申请书", "加盖公章", "条例", slot)]
    whole.move(1, in_branch.ask_in_branch, moment("2026-03-06"), "clerk", lacks=lacks)
    whole.move(1, in_branch.answer_in_branch, moment("2026-03-10"), "clerk", note="已电话补正")


def withdraws_cards(number, also_elsewhere=False):
    offices = [office() for _ in range(2)]
    for where, version in offices:
        for n in range(number):
            of(where, version, n, MONDAY)
    friends = [
        build.holder(offices[0][0].department, name, "supervisor", everywhere=True) for name in ("许知微", "方可")
    ]
    at = moment("2026-03-13")
    with time_machine.at(at):
        actions.record_red_lights(lambda: at)
        cards.issue_what_is_called_for(lambda: at)
        spared = [where.department.pk for where, _ in offices[: 1 + also_elsewhere]]
        for card in models.Card.objects.filter(matter__department__in=spared):
            cards.propose_withdrawal(card.matter_id, reason="情况特殊", by=friends[0], at=at)
            cards.withdraw(card.matter_id, opinion="同意", by=friends[1], at=at)


def test_who_covers_up_is_found_by_the_rule_that_is_named():
    paper = build.picture().getvalue()
    played = {
        "F-PAUSE-IDLE": (
            lambda: paused_for_experts(TUESDAY + timedelta(hours=1), moment("2026-03-16")),
            lambda: paused_for_experts(MONDAY + timedelta(hours=1), moment("2026-03-16")),
        ),
        "F-OTHER-ITEM": (comes_again_under_another_item,),
        "F-REFILED": (comes_again_as_somebody_else,),
        "F-OLDER-ENDED": (ends_one_of_two,),
        "F-ASKED-AGAIN": (gives_up_waiting,),
        "F-OWN-HANDS": (lambda: delivers_to("陆远舟"),),
        "F-NOTICE-FIRST": (publishes,),
        "F-ONE-LETTER": (lambda: posts_three("EMS1", "EMS1", "ems1"),),
        "F-LIMIT-BACK": (
            lambda: promises(steps=(18, 9)), lambda: promises(steps=(18, 12, 8)),
            lambda: promises(steps=(1, 8), unit="month"),
        ),
        "F-LENT": (lends,),
        "F-PADDED": (fills_figures,),
        "F-HELD-BACK": (lambda: enters_it_once_more(paper, paper),),
        "F-PRETEXT": (lambda: asks_in_a_branch("0"),),
        "F-SPARED": (lambda: withdraws_cards(10),),
    }  # fmt: skip
    for tricks in played.values():
        for trick in tricks:
            trick()
    assert look(AFTER) - BESIDE == set(played)
    for rule, tricks in played.items():
        assert models.Finding.objects.filter(rule=rule).count() == len(tricks), rule


def test_who_does_nearly_the_same_and_nothing_wrong_is_not_found():
    paused_for_experts(FRIDAY, moment("2026-03-10"))  # a weekend and two days to write it up
    comes_again_under_another_item(WEDNESDAY)  # she saw early that it was the wrong one
    comes_again_under_another_item(content="另一处经营场所")
    comes_again_as_somebody_else(address="城北路 1 号")  # the same agent's telephone
    ends_one_of_two(older=False)
    gives_up_waiting(for_the_same=False)
    delivers_to("林听雨")
    publishes(after_a_letter=True)
    posts_three("EMS3", "EMS3", "EMS4")
    promises(steps=(18, 12))
    lends(there_meanwhile=False)
    fills_figures(4)
    fills_figures(6, differently=True)
    enters_it_once_more(build.picture().getvalue(), build.picture().getvalue())
    asks_in_a_branch("")
    withdraws_cards(10, also_elsewhere=True)
    assert look(AFTER) <= BESIDE


# --- a holiday after the fact -----------------------------------------------------------------------------------------
def made_a_holiday(worked):
    where, version = office()
    late = of(where, version, 1, MONDAY).reviewed(TUESDAY)
    for n in range(worked):
        of(where, version, 50 + n, moment("2026-03-12") + timedelta(minutes=n))

    def days(stood):
        return stood | {date(2026, 3, 12): SpecialDay(DayKind.HOLIDAY, "台风停工")}

    set_calendar(where, moment("2026-03-12", "16:30"), days, "紧急通知")
    late.granted(moment("2026-03-13", "09:00"))
    return late


def test_a_storm_that_sends_people_home_is_a_holiday():
    made_a_holiday(4)
    assert look(LATE) == set()


def test_a_day_made_a_holiday_though_people_worked_on_it_is_found():
    late = made_a_holiday(5)
    assert look(LATE) == {"F-CALENDAR-LATE"}
    row = models.Finding.objects.get()
    assert row.cases == [late.matter] and '"那天照常办了的件":5' in row.evidence


# --- who judges himself -----------------------------------------------------------------------------------------------
def test_nobody_judges_the_unit_in_which_she_handles_cases():
    where, version = office()
    walk = of(where, version, 1, MONDAY)
    also(walk, where.supervisor, "head")
    at = moment("2026-03-13")
    with time_machine.at(at):
        actions.record_red_lights(lambda: at)
        cards.issue_what_is_called_for(lambda: at)
        card = models.Card.objects.get().matter_id
        sent = orders.urge(walk.matter, wants="请说明何时办结。", by=where.supervisor, at=at).matter
        with pytest.raises(NotAllowed, match="不能监察自己的单位"):
            cards.propose_withdrawal(card, reason="情况特殊", by=where.supervisor, at=at)
        with pytest.raises(NotAllowed, match="不能监察自己的单位"):
            orders.cancel(sent, reason="不再需要", by=where.supervisor, at=at)
        other = build.holder(where.department, "许知微", "supervisor", everywhere=True)
        cards.propose_withdrawal(card, reason="情况特殊", by=other, at=at)
