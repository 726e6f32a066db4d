"""Delivery: each way with its proof and its lawful day; what is on its way ends the ten days and stays watched."""

from __future__ import annotations

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval import notices
from xiaoneng.approval.actions import correcting, deliver, dispatch
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, Obstructed

pytestmark = pytest.mark.django_db
DAY = moment("2026-03-05")


@pytest.fixture
def walk():
    """A granted case on the day after its decision."""
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    return walk.reviewed(moment("2026-03-03")).granted(moment("2026-03-04"))


def serve(walk, at=DAY, **more):
    return walk.do(deliver.deliver, at, walk.city.clerk, **{"recipient": "沈若溪", **more})


def lacking(walk, **more) -> set[str]:
    with pytest.raises(Obstructed) as refusal:
        serve(walk, **more)
    return {each.code for each in refusal.value.obstacles}


def receipt(walk) -> dict[str, str]:
    document = next(each for each in matters.documents(walk.matter) if each.kind == "service_receipt")
    return dict(notices.compose(document).rows)


def test_every_way_is_refused_without_what_proves_it(walk):
    assert lacking(walk, way="direct", recipient=" ") == {"recipient"}
    assert lacking(walk, way="left") == {"refusal", "witnesses"}
    assert lacking(walk, way="post") == {"tracking"}
    assert lacking(walk, way="electronic") == {"consent"}
    assert lacking(walk, way="public_notice") == {"way"}
    assert lacking(walk, way="pigeon") == {"way"}
    assert lacking(walk, way="direct", served_on=date(2026, 3, 3)) == {"served_on"}
    assert lacking(walk, way="direct", served_on=date(2026, 3, 6)) == {"served_on"}
    assert walk.file.state == "granted"


def test_left_in_place_with_refusal_and_witnesses(walk):
    serve(walk, way="left", refusal="当面拒收，说不认这个决定", witnesses="柳浦社区王某、李某")
    told = receipt(walk)
    assert told["送达方式"] == "留置送达" and told["见证人"] == "柳浦社区王某、李某" and "拒收" in told["拒收事由"]
    facts = matters.journal(walk.matter)[0].facts["what"]
    assert "王某" not in str(facts) and set(facts["words"]) == {"refusal", "witnesses"}


def test_electronic_service_rests_on_the_consent_of_the_form():
    walk = build.application()
    walk.drafted(moment("2026-03-02"), form=build.FORM | {"delivery": "electronic"})
    walk.received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    walk.reviewed(moment("2026-03-03")).granted(moment("2026-03-04"))
    serve(walk, way="electronic")
    assert receipt(walk)["同意电子送达"] == "申请表中选择电子文书"


def test_a_letter_ends_the_ten_days_is_watched_and_counts_on_the_day_of_its_signature(walk):
    walk.do(dispatch.dispatch, DAY, walk.city.clerk, way="post", tracking="EX123456789CN")
    file = walk.file
    assert (file.state, file.step_name) == ("granted", "准予，邮寄在途")
    assert file.clock("delivery").state == "stopped" and str(file.clock("wait").due_on) == "2026-04-02"
    serve(walk, moment("2026-03-10"), way="post", served_on=date(2026, 3, 9))
    told = receipt(walk)
    assert told["送达日期"] == "2026年3月9日" and told["邮件号"] == "EX123456789CN"
    assert walk.file.clock("wait").state == "stopped" and not walk.file.late


def test_a_letter_whose_result_nobody_writes_down_turns_red(walk):
    walk.do(dispatch.dispatch, DAY, walk.city.clerk, way="post", tracking="EX1")
    assert walk.file.light(moment("2026-04-02", "16:59")).value == "yellow"
    assert walk.file.light(moment("2026-04-02", "17:01")).value == "red"


def test_a_public_notice_needs_its_place_and_reason_and_serves_after_thirty_days_by_itself(walk):
    with pytest.raises(Obstructed) as refusal:
        walk.do(dispatch.dispatch, DAY, walk.city.clerk, way="public_notice")
    assert {each.code for each in refusal.value.obstacles} == {"place", "reason"}
    walk.do(dispatch.dispatch, DAY, walk.city.clerk, way="public_notice", place="政府网站", reason="两次邮寄均退回")
    assert lacking(walk, at=moment("2026-04-04"), way="public_notice") == {"early"}
    for day, clock, served in (("2026-04-04", "23:59", 0), ("2026-04-05", "00:01", 1), ("2026-04-05", "00:02", 0)):
        at = moment(day, clock)
        with time_machine.at(at):
            assert dispatch.serve_what_was_published(lambda at=at: at) == served
    assert walk.file.state == "delivered" and receipt(walk)["送达日期"] == "2026年4月4日"
    assert not walk.file.late and matters.journal(walk.matter)[0].actor == 0


def test_a_published_decision_may_still_be_handed_over(walk):
    walk.do(dispatch.dispatch, DAY, walk.city.clerk, way="public_notice", place="政府网站", reason="下落不明")
    serve(walk, moment("2026-03-12"), way="direct")
    assert receipt(walk)["送达方式"] == "直接送达"


def test_a_returned_letter_may_be_published(walk):
    walk.do(dispatch.dispatch, DAY, walk.city.clerk, way="post", tracking="EX1")
    walk.do(dispatch.dispatch, moment("2026-03-12"), walk.city.clerk, way="public_notice", place="网站", reason="退回")
    running = [clock for clock in walk.file.clocks if clock.name == "wait" and clock.state == "running"]
    assert len(running) == 1 and walk.file.step_name == "准予，公告送达中"


def test_a_slip_is_corrected_by_a_further_document_and_the_first_one_stays(walk):
    grant = next(each for each in matters.documents(walk.matter) if each.kind == "grant_decision")
    before = notices.compose(grant)
    with pytest.raises(Obstructed) as refusal:
        correct(walk, document="没有这号", wrong="", right="", reason="")
    assert {each.code for each in refusal.value.obstacles} == {"document", "wrong", "right", "reason"}
    with pytest.raises(NotAllowed):
        correct(walk, by=walk.city.clerk, document=grant.number)
    serve(walk, way="direct")
    correct(walk, document=grant.number)
    told = notices.compose(matters.documents(walk.matter)[-1])
    assert told.title == "文书更正通知书" and grant.number in told.paragraphs[0]
    assert notices.compose(grant) == before and walk.file.closed


def correct(walk, by=None, **more):
    told = {"wrong": "面积 80 平方米", "right": "面积 88 平方米", "reason": "录入时漏写一位", **more}
    return walk.do(correcting.correct_document, moment("2026-03-09"), by or walk.city.head, **told)
