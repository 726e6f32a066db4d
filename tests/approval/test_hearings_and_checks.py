"""Interested parties, hearings, site checks, expert reviews, publications: lead times, persons, records, and the decision."""

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval import notices
from xiaoneng.approval.actions import inspections, proceedings, review, special
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.limits import Light

pytestmark = pytest.mark.django_db
HEARING = {"starts_at": moment("2026-03-16", "09:30"), "place": "三楼会议室"}
RECORD = {"attendees": "申请人代表\n邻居李四", "transcript": "李四反对夜间卸气。", "signed": True}


@pytest.fixture
def walk():
    return build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))


def schedule(walk, day: str = "2026-03-05", **more):
    asked = HEARING | {"chair": walk.city.head.account} | more
    walk.do(proceedings.schedule_hearing, moment(day), walk.city.reviewer, **asked)


def told(refused) -> list[str]:
    return [each.code for each in refused.value.obstacles]


def test_a_hearing_is_notified_seven_working_days_ahead(walk):
    with pytest.raises(Obstructed, match="最早 2026-03-16 举行"):
        schedule(walk, starts_at=moment("2026-03-13", "09:30"))
    schedule(walk)
    assert matters.documents(walk.matter)[-2].kind == "hearing_notice"
    with pytest.raises(NotAllowed, match="已经安排了听证"):
        schedule(walk)


def test_who_reviewed_the_case_does_not_chair_and_who_chairs_does_not_review(walk):
    where = walk.city
    where_reviewed = build.application(where, build.item(where, steps=(("初审", None), ("复审", None))))
    where_reviewed.received(moment("2026-03-02")).accepted(moment("2026-03-02")).reviewed(moment("2026-03-03"))
    with pytest.raises(Obstructed, match="不能主持听证"):
        schedule(where_reviewed, chair=where.reviewer.account)
    schedule(walk, chair=where.reviewer.account)
    with pytest.raises(NotAllowed, match="您主持本件的听证"):
        walk.reviewed(moment("2026-03-06"))


def test_a_chair_from_elsewhere_a_rest_day_and_no_place_are_all_named_at_once(walk):
    with pytest.raises(Obstructed) as refused:
        schedule(walk, starts_at=moment("2026-03-21"), place=" ", chair=walk.city.stranger.account)
    assert told(refused) == ["starts_at", "place", "chair"]


def test_a_hearing_with_its_pause_and_the_decision_rests_on_the_transcript(walk):
    walk.reviewed(moment("2026-03-04"))
    head, where = build.holder(walk.city.department, "林海", "head"), walk.city
    walk.do(special.suspend, moment("2026-03-05"), where.reviewer, kind="hearing", days=10, reason="利害关系人要求")
    schedule(walk)
    with pytest.raises(Obstructed) as refused:
        walk.do(proceedings.record_hearing, moment("2026-03-13"), where.reviewer, **RECORD | {"signed": False})
    assert told(refused) == ["early", "signed"]
    with pytest.raises(Obstructed, match=r"特别程序还没有结束.*听证已经安排"):
        walk.do(review.grant, moment("2026-03-16", "11:00"), head, opinion="准予")
    walk.do(proceedings.record_hearing, moment("2026-03-16", "12:00"), where.reviewer, **RECORD)
    walk.do(special.resume, moment("2026-03-16", "12:01"), where.reviewer, result="多数赞成")
    walk.do(review.grant, moment("2026-03-17"), head, opinion="准予")
    assert "根据听证笔录作出" in "".join(notices.compose(matters.documents(walk.matter)[-1]).paragraphs)
    assert walk.file.clock("statutory").pauses[0].end == date(2026, 3, 16)


def test_a_hearing_asked_for_in_time_is_owed_within_twenty_days(walk):
    where = walk.city
    parties = {"parties": "李四\n王五", "interest": "与储罐相邻"}
    walk.do(proceedings.inform_parties, moment("2026-03-03"), where.reviewer, **parties)
    walk.reviewed(moment("2026-03-04"))
    with pytest.raises(Obstructed, match="期限还没有满"):
        walk.granted(moment("2026-03-05"))
    walk.do(proceedings.request_hearing, moment("2026-03-10", "16:00"), where.clerk, asked_by="party")
    file = walk.file
    assert (file.clock("hearing_request").state, file.clock("hearing").due_on) == ("stopped", date(2026, 4, 8))
    with pytest.raises(Obstructed, match="还没有举行"):
        walk.granted(moment("2026-03-11"))
    with pytest.raises(Obstructed, match="应当组织听证"):
        walk.do(proceedings.decline_hearing, moment("2026-03-11"), where.reviewer, reason="不涉及重大利益")
    walk.do(proceedings.decline_hearing, moment("2026-03-11"), where.reviewer, reason="已协商", given_up=True)
    walk.granted(moment("2026-03-12"))
    assert "李四" not in str(matters.journal(walk.matter)[4].facts)


def test_one_partys_hearing_given_up_does_not_cut_short_the_five_days_of_the_others(walk):
    where = walk.city
    walk.do(proceedings.inform_parties, moment("2026-03-03"), where.reviewer, parties="李四\n王五", interest="相邻")
    walk.reviewed(moment("2026-03-04"))
    walk.do(proceedings.request_hearing, moment("2026-03-04", "11:00"), where.clerk, asked_by="party")
    walk.do(proceedings.decline_hearing, moment("2026-03-05"), where.reviewer, reason="已协商", given_up=True)
    with pytest.raises(Obstructed, match="期限还没有满"):
        walk.granted(moment("2026-03-06"))
    walk.granted(moment("2026-03-10", "17:01"))


def test_who_was_never_told_of_a_right_may_be_told_why_there_is_no_hearing(walk):
    walk.do(proceedings.request_hearing, moment("2026-03-03"), walk.city.clerk)
    walk.do(proceedings.decline_hearing, moment("2026-03-04"), walk.city.reviewer, reason="不涉及他人重大利益")
    assert walk.file.clock("hearing").state == "stopped"


def test_a_hearing_that_is_owed_and_not_held_turns_the_light_red(walk):
    walk.do(special.suspend, moment("2026-03-03"), walk.city.reviewer, kind="testing", days=60, reason="检测")
    walk.do(proceedings.request_hearing, moment("2026-03-03"), walk.city.clerk)
    assert walk.file.light(moment("2026-03-31", "17:00")) is Light.PAUSED
    assert walk.file.light(moment("2026-03-31", "17:01")) is Light.RED


def test_a_hearing_asked_for_after_the_five_days_is_refused(walk):
    walk.do(proceedings.inform_parties, moment("2026-03-03"), walk.city.reviewer, parties="李四", interest="相邻")
    with pytest.raises(Obstructed, match="超过 5 个工作日"):
        walk.do(proceedings.request_hearing, moment("2026-03-10", "17:01"), walk.city.clerk)


def test_one_officer_checks_no_site(walk):
    where, at = walk.city, moment("2026-03-04")
    found = {"place": "临江路 88 号", "findings": "间距符合", "passed": True}
    with pytest.raises(Obstructed, match="两名以上"):
        walk.do(inspections.record_site_check, at, where.reviewer, officers=[where.reviewer.account], **found)
    two = [where.reviewer.account, where.clerk.account]
    walk.do(
        inspections.schedule_site_check,
        at,
        where.reviewer,
        starts_at=moment("2026-03-05"),
        place="临江路",
        officers=two,
    )
    walk.do(inspections.record_site_check, moment("2026-03-05"), where.reviewer, officers=two, **found)
    rows = dict(notices.compose(matters.documents(walk.matter)[-1]).rows)
    assert set(rows["核查人员"].split("、")) == {"顾知行", "陆远舟"} and rows["结论"] == "符合"


def test_two_experts_are_too_few(walk):
    with pytest.raises(Obstructed, match="3 位以上"):
        walk.do(inspections.record_expert_review, moment("2026-03-04"), walk.city.reviewer, experts="甲\n乙\n甲",
                conclusion="通过", passed=True)  # fmt: skip


def test_a_publication_runs_its_days_before_its_result_and_the_decision(walk):
    where = walk.city
    walk.do(inspections.publish, moment("2026-03-04"), where.reviewer, days=5, place="门户网站", content="拟准予")
    walk.reviewed(moment("2026-03-05"))
    with pytest.raises(Obstructed, match="公示还没有登记结果"):
        walk.granted(moment("2026-03-06"))
    with pytest.raises(Obstructed, match="2026-03-11 下班才期满"):
        walk.do(inspections.close_publication, moment("2026-03-11"), where.reviewer, objections=0, handling="")
    walk.do(inspections.close_publication, moment("2026-03-12"), where.reviewer, objections=0, handling="")
    walk.granted(moment("2026-03-12", "11:00"))
    assert walk.file.state == "granted"


def test_what_is_called_off_no_longer_stands_in_the_way(walk):
    schedule(walk)
    walk.do(inspections.call_off, moment("2026-03-06"), walk.city.reviewer, kind="hearing", reason="申请人撤回听证要求")
    walk.reviewed(moment("2026-03-06")).granted(moment("2026-03-09"))
    assert matters.journal(walk.matter)[3].facts["what"]["place"] == "三楼会议室"
