"""Insiders who combine what is allowed: send applicants to and fro, borrow their keys, throw drafts away, answer with a stamp.

All of them play at once, each in a city of its own, and the rule that is named finds each; so do their honest neighbours,
and nothing is found. At the end those whom nothing lets do it.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from test_insiders import DUE_SOON, LATE, MONDAY, WHOLE, accepted, also, look
from test_insiders_out_of_order import FRIDAY, TUESDAY, WEDNESDAY, of, office
from test_insiders_who_seem_in_time import BY, replaced

import build
from build import FORM, moment
from xiaoneng.approval.actions import accept, apply, claims, deliver, dispatch, drafts, extension, review, special
from xiaoneng.approval.actions.accept import Lack
from xiaoneng.jobs import time_machine
from xiaoneng.kit.amiss import Amiss
from xiaoneng.matters import thresholds
from xiaoneng.org import places
from xiaoneng.people import applicants
from xiaoneng.people.passwords import PasswordPolicy
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed
from xiaoneng.rules.units import Threshold
from xiaoneng.supervision import actions, models, orders
from xiaoneng.trail.actions import By

pytestmark = pytest.mark.django_db
MOMENTS = tuple(moment(day) for day in ("2026-03-20", "2026-05-06", "2026-07-20"))
# One applicant asks for the same in all these cities at once; who lets posted letters lie is late as well.
BESIDE = {"F-DOUBLE"}
FIFTH = moment("2026-03-09", "09:30")  # the last of the five days in which an application is accepted or not
NEARLY = moment("2026-03-10", "15:00")  # yellow, by the rule that holds for all
REFUSED = {"reason": "场所不符合规划要求。", "basis": "《城镇燃气管理条例》第十五条"}


def asks_in_the_last_hour(number=10, early=0):
    """Ask for a paper in the last hour of the five days, again and again, so that the five days begin anew."""
    where, version = office()
    for n in range(number + early):
        form = FORM | {"content": f"{version.item.code} 第 {n} 处"}
        walk = build.application(where, version).drafted(MONDAY, form=form).received(MONDAY)
        at = moment("2026-03-09", "16:10") if n < number else TUESDAY
        walk.do(
            accept.request_correction, at + timedelta(minutes=n), where.clerk, lacks=[Lack("租赁合同", "原件", "条例")]
        )
        if n % 3:  # not so many that the share of notices alone would tell
            walk.supplemented(at + timedelta(hours=1)).accepted(at + timedelta(hours=2))


def sends_to_and_fro(back=True, content=None):
    """Not ours but theirs, says the one; not ours but theirs, says the other."""
    where, other = build.city(), build.city()
    there = build.item(other, name="经营场所核查")
    first = build.application(where, build.item(where)).received(MONDAY)
    unlike = {"ground": "not_ours", "reason": "不属于本单位职权范围"}
    first.do(accept.not_accept, TUESDAY, where.clerk, right_organ=other.department.name, **unlike)
    second = build.application(other, there).drafted(WEDNESDAY, form=FORM | ({"content": content} if content else {}))
    second.received(WEDNESDAY)
    if back:
        second.do(accept.not_accept, FRIDAY, other.clerk, right_organ=where.department.name, **unlike)
    else:
        second.accepted(FRIDAY)


def stops_it_for_months_in_three_pieces(days=40):
    walk = accepted()
    for n, kind in enumerate(("testing", "inspection", "appraisal")):
        day = moment("2026-03-03") + timedelta(days=n * (days + 1))
        walk.do(special.suspend, day, walk.city.reviewer, kind=kind, days=35, reason="涉及公共安全")
        walk.do(special.resume, day + timedelta(days=days), walk.city.reviewer, result="通过")


def extends_with_a_stamp(number=10, differently=False):
    where, version = office()
    for n in range(number):
        walk = of(where, version, n, MONDAY + timedelta(minutes=n))
        reason = f"第 {n} 件要等第 {n} 号图纸复核" if differently else "案情复杂，需要进一步核实"
        walk.do(extension.extend, TUESDAY, where.head, days=5, reason=reason)


def answers_with_a_stamp(number=10, differently=False):
    where, version = office()
    for n in range(number):
        walk, at = of(where, version, n, MONDAY), WEDNESDAY + timedelta(minutes=n)
        with time_machine.at(at):
            sent = orders.urge(walk.matter, wants="请说明何时办结。", by=where.supervisor, at=at)
            text = f"第 {n} 处周五前办结。" if differently else "已安排专人加紧办理。"
            orders.answer(sent.matter, text=text, by=where.reviewer, at=at)
        walk.reviewed(FRIDAY + timedelta(minutes=30 * n))


def borrows_her_key(given=DUE_SOON - timedelta(hours=2), ended=DUE_SOON):
    """Give the applicant a new password at the counter and take her application back in her name."""
    walk = accepted()
    with time_machine.at(given):
        by = By(walk.city.clerk.account, walk.city.clerk.name)
        applicants.give_new_password(
            walk.city.citizen.account, card="id_card", policy=PasswordPolicy(), by=by, at=given, key=uuid4()
        )
    walk.do(apply.withdraw, ended, walk.city.citizen, reason="不办了")


def turns_away_and_takes_in_under_another_item(at=FIFTH, **form):
    where = build.city()
    walk = build.application(where, build.item(where)).received(MONDAY)
    walk.do(accept.not_accept, at, where.clerk, ground="not_needed", reason="经研究依法不需要取得许可")
    other = build.application(where, build.item(where, promised=18, name="燃气经营许可证换发"))
    other.drafted(moment("2026-03-10"), form=FORM | form).received(moment("2026-03-10"))


def at_the_counter(opened, submitted, *, materials=(), discarded=None, paper=None, scanned_anew=None):
    """Write an application at the counter on one day and register it on another, or throw it away and write it again."""
    where = build.city()
    version = build.item(where, materials=materials)

    def begun(at, paper):
        with time_machine.at(at):
            matter = drafts.open_draft(
                code=version.item.code, by=where.clerk.account, channel="window", at=at, key=None, form=FORM
            )
            for slot in range(len(materials)):
                drafts.attach(
                    matter, by=where.clerk.account, slot=str(slot), name="一.png", stream=io.BytesIO(paper), at=at
                )
        return matter

    matter = begun(opened, paper)
    if discarded:
        with time_machine.at(discarded):
            drafts.discard(matter, by=where.clerk.account, at=discarded)
        matter = begun(submitted - timedelta(minutes=10), scanned_anew or paper)
    with time_machine.at(submitted):
        apply.submit(matter, by=where.clerk, at=submitted, key=None)


def posts_it_on_the_last_day_and_passes_it_on(arrived=False, early=False):
    """Write a letter's number down on the last of the ten days, and be rid of the case."""
    walk = accepted().reviewed(TUESDAY).granted(WEDNESDAY)
    where, other = walk.city, build.holder(walk.city.department, "第二窗口", "window")
    posted = moment("2026-03-06" if early else "2026-03-18", "15:00")
    with time_machine.at(moment("2026-03-05")):
        claims.take(walk.matter, by=where.clerk.account, at=moment("2026-03-05"))
    walk.do(dispatch.dispatch, posted, where.clerk, way="post", tracking=f"EMS{walk.matter}")
    mine = {"giver": where.clerk.account, "receiver": other.account, "by": where.clerk.account}
    with time_machine.at(posted + timedelta(hours=1)):
        claims.hand_over([walk.matter], note="已寄出，请登记签收", at=posted + timedelta(hours=1), **mine)
    if arrived:
        walk.delivered(moment("2026-03-25"))


def refuses_early_and_grants_the_very_same(paper, other_paper):
    where = build.city()
    version = build.item(where, materials=("申请书",))
    for at, content in ((MONDAY, paper), (moment("2026-03-09"), other_paper)):
        walk = build.application(where, version).drafted(at, files=False)
        stream = io.BytesIO(content)
        drafts.attach(walk.matter, by=where.citizen.account, slot="0", name="一.png", stream=stream, at=at)
        walk.received(at).accepted(at).reviewed(at + timedelta(days=1))
        if at == MONDAY:
            walk.do(review.refuse, WEDNESDAY, where.head, **REFUSED)
        else:
            walk.granted(at + timedelta(days=1, hours=2))


def promises_more_when_it_was_filed(granted):
    """Publish a longer promise while the application waits to be accepted."""
    where, version = office()
    walk = build.application(where, version).received(MONDAY)
    replaced(version, 18, TUESDAY)
    walk.accepted(WEDNESDAY).reviewed(FRIDAY).granted(granted)


def warns_later_for_a_while(back=True, stopped=NEARLY):
    """Let the lights warn late for a week, and stop the clock when they would have warned."""
    where, version = office()
    with time_machine.at(MONDAY - timedelta(days=3)):
        _warn(version, Threshold(0, 1), MONDAY - timedelta(days=3))
    walk = of(where, version, 1, MONDAY)
    walk.do(special.suspend, stopped, where.reviewer, **WHOLE | {"kind": "testing"})
    if back:
        with time_machine.at(DUE_SOON):
            _warn(version, Threshold(40, 1), DUE_SOON)


def _warn(version, threshold, at):
    since = (at + timedelta(hours=8)).date() + timedelta(days=1)
    thresholds.change(
        kind="", item=version.item.code, threshold=threshold, since=since, reason="调整预警", by=BY, at=at
    )


def test_who_combines_is_found_by_the_rule_that_is_named():
    paper = build.picture().getvalue()
    week = moment("2026-03-09")
    played = {
        "F-BRINK": (asks_in_the_last_hour,),
        "F-SHUTTLED": (sends_to_and_fro,),
        "F-PAUSE-LONG": (stops_it_for_months_in_three_pieces,),
        "F-SAME-REASON": (extends_with_a_stamp,),
        "F-SAME-ANSWER": (answers_with_a_stamp,),
        "F-BORROWED-KEY": (borrows_her_key,),
        "F-OTHER-ITEM": (turns_away_and_takes_in_under_another_item,),
        "F-HELD-BACK": (
            lambda: at_the_counter(MONDAY, week),
            lambda: at_the_counter(MONDAY, week, materials=("申请书",), paper=paper, discarded=week - timedelta(hours=1)),
        ),
        "F-POSTED-AWAY": (posts_it_on_the_last_day_and_passes_it_on,),
        "F-SAME-AGAIN": (lambda: refuses_early_and_grants_the_very_same(paper, paper),),
        "F-LIMIT-MEANWHILE": (lambda: promises_more_when_it_was_filed(moment("2026-03-17")),),
        "F-WARNED-LATE": (warns_later_for_a_while,),
    }  # fmt: skip
    for tricks in played.values():
        for trick in tricks:
            trick()
    assert set().union(*map(look, MOMENTS)) - BESIDE == set(played)
    for rule, tricks in played.items():
        assert models.Finding.objects.filter(rule=rule).count() == len(tricks), rule


def test_who_does_nearly_the_same_and_nothing_wrong_is_not_found():
    paper, other = build.picture().getvalue(), build.picture().getvalue()
    week = moment("2026-03-09")
    asks_in_the_last_hour(9)
    asks_in_the_last_hour(10, early=11)
    sends_to_and_fro(back=False)
    sends_to_and_fro(content="另一处经营场所")
    stops_it_for_months_in_three_pieces(days=20)
    extends_with_a_stamp(9)
    extends_with_a_stamp(10, differently=True)
    answers_with_a_stamp(9)
    answers_with_a_stamp(10, differently=True)
    borrows_her_key(given=moment("2026-03-09"))
    borrows_her_key(given=FRIDAY, ended=FRIDAY + timedelta(hours=1))  # far from due
    turns_away_and_takes_in_under_another_item(TUESDAY)  # told on the second day
    turns_away_and_takes_in_under_another_item(content="另一处经营场所")
    at_the_counter(MONDAY, FRIDAY)
    at_the_counter(
        MONDAY, week, materials=("申请书",), paper=paper, discarded=MONDAY + timedelta(hours=1), scanned_anew=other
    )
    posts_it_on_the_last_day_and_passes_it_on(arrived=True)
    posts_it_on_the_last_day_and_passes_it_on(early=True)
    refuses_early_and_grants_the_very_same(paper, other)
    promises_more_when_it_was_filed(moment("2026-03-16"))
    warns_later_for_a_while(back=False)
    warns_later_for_a_while(stopped=TUESDAY)
    assert set().union(*map(look, MOMENTS)) <= BESIDE


# --- those whom nothing lets do it ------------------------------------------------------------------------------------
def takes_it_back_as_a_colleague_of_the_applicant(walk):
    walk.do(apply.withdraw, DUE_SOON, walk.city.stranger, reason="我替她撤")


def reviews_and_decides_as_the_heads_stand_in(walk):
    also(walk, walk.city.reviewer, "chief_representative")
    walk.reviewed(TUESDAY).do(review.grant, WEDNESDAY, walk.city.reviewer, opinion="准予许可。")


def hands_it_to_who_has_no_desk(walk):
    with time_machine.at(TUESDAY):
        claims.take(walk.matter, by=walk.city.reviewer.account, at=TUESDAY)
        passed = claims.hand_over(
            [walk.matter], giver=walk.city.reviewer.account, receiver=walk.city.citizen.account, note="给你",
            by=walk.city.reviewer.account, at=TUESDAY,
        )  # fmt: skip
    if not passed.went:
        raise NotAllowed(passed.stayed[0][1])


def discards_what_was_filed(walk):
    drafts.discard(walk.matter, by=walk.city.citizen.account, at=TUESDAY)


def moves_the_department_to_another_calendar(walk):
    other = build.city()
    row = walk.city.department
    values = {"region": other.department.region_id, "name": row.name, "sign": row.sign, "code": row.code}
    places.save_department(row.pk, values, by=BY, at=TUESDAY)


@pytest.mark.parametrize(
    "insider",
    [
        takes_it_back_as_a_colleague_of_the_applicant, reviews_and_decides_as_the_heads_stand_in, hands_it_to_who_has_no_desk,
        discards_what_was_filed, moves_the_department_to_another_calendar,
    ],
)  # fmt: skip
def test_the_insider_is_refused(insider):
    walk = accepted()
    due = walk.file.clock("promised").due_on
    with pytest.raises((NotAllowed, NotFound, Obstructed, Amiss)):
        insider(walk)
    assert walk.file.clock("promised").due_on == due


def test_a_hand_over_that_is_said_to_have_been_in_time_is_late_by_the_day_on_which_it_was_put_down():
    walk = accepted().reviewed(TUESDAY).granted(WEDNESDAY)
    said = {"way": "direct", "recipient": FORM["name"], "served_on": date(2026, 3, 18)}
    walk.do(deliver.deliver, moment("2026-03-20"), walk.city.clerk, **said)
    assert walk.file.late


def test_a_case_of_a_closed_department_still_turns_red_and_is_put_on_record():
    walk = accepted()
    with time_machine.at(TUESDAY):
        places.close_department(
            walk.city.department.pk, None, on=date(2026, 3, 4), by=BY, at=TUESDAY, reason="机构改革"
        )
    with time_machine.at(LATE):
        assert actions.record_red_lights(lambda: LATE) == 1
