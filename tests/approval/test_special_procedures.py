"""Special procedures and waits: each has its own clock, which can turn red while the limits stand still."""

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval import waits
from xiaoneng.approval.actions import apply, review, special
from xiaoneng.approval.models import Terms
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.limits import Light

pytestmark = pytest.mark.django_db
SPECIAL = {"kind": "expert_review", "days": 5, "reason": "涉及公共安全"}


@pytest.fixture
def walk():
    return build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))


def suspend(walk, day: str, **more) -> None:
    walk.do(special.suspend, moment(day), walk.city.reviewer, **SPECIAL | more)


def test_an_overrun_of_the_estimate_is_red_while_the_limits_stand_still(walk):
    suspend(walk, "2026-03-04")
    file = walk.file
    assert file.clock("special").due_on == date(2026, 3, 11) and file.clock("statutory").due_on is None
    assert file.light(moment("2026-03-11", "17:00")) is Light.PAUSED
    assert file.light(moment("2026-03-11", "17:01")) is Light.RED
    walk.resumed(moment("2026-03-13"))
    assert walk.file.late and walk.file.clock("statutory").due_on == date(2026, 4, 9)


def test_two_procedures_at_once_are_taken_out_once_and_count_again_after_the_last(walk):
    suspend(walk, "2026-03-09", days=9)
    suspend(walk, "2026-03-18", kind="testing")
    assert [each.label for each in waits.running(walk.file)] == ["专家评审", "检测"]
    with pytest.raises(Obstructed, match="还没有选是哪一项结束"):
        walk.do(special.resume, moment("2026-03-20"), walk.city.reviewer, result="通过")
    walk.do(special.resume, moment("2026-03-20"), walk.city.reviewer, result="通过", procedure=1)
    assert walk.file.paused and walk.file.clock("statutory").state == "paused"
    with pytest.raises(NotAllowed, match="特别程序还没有结束"):
        walk.reviewed(moment("2026-03-23"))
    walk.do(special.resume, moment("2026-03-25"), walk.city.reviewer, result="合格")
    assert walk.file.clock("statutory").due_on == date(2026, 4, 16)  # twelve days, not fourteen
    assert walk.file.clock("statutory").pauses[0].kind == "专家评审、检测"


def test_a_procedure_that_is_running_is_not_begun_again(walk):
    suspend(walk, "2026-03-04")
    with pytest.raises(Obstructed, match="专家评审正在进行"):
        suspend(walk, "2026-03-05")


def test_nothing_but_the_eight_pauses_a_statutory_limit(walk):
    with pytest.raises(Obstructed, match="八种特别程序"):
        suspend(walk, "2026-03-04", kind="site_check")


def test_withdrawing_stops_every_procedure_that_is_running(walk):
    suspend(walk, "2026-03-04")
    suspend(walk, "2026-03-05", kind="testing")
    walk.do(apply.withdraw, moment("2026-03-06"), walk.city.citizen, reason="不办了")
    assert {clock.state for clock in walk.file.clocks} == {"stopped"} and len(waits.running(walk.file)) == 0


def test_a_published_wait_holds_the_promise_and_not_the_statute(walk):
    asked = {"kind": "public_notice", "days": 5, "reason": "公示"}
    with pytest.raises(Obstructed, match="不计入承诺期限的情形：没有"):
        walk.do(special.wait, moment("2026-03-04"), walk.city.reviewer, **asked)
    Terms.objects.create(version=walk.version, waits=["public_notice"], set_at=moment("2026-01-05"))
    walk.do(special.wait, moment("2026-03-04"), walk.city.reviewer, **asked)
    file = walk.file
    assert file.clock("promised").due_on is None and file.clock("statutory").due_on == date(2026, 3, 30)
    assert file.light(moment("2026-03-05")) is Light.GREEN
    suspend(walk, "2026-03-05")
    walk.do(special.end_wait, moment("2026-03-11"), walk.city.reviewer, result="无异议")
    assert walk.file.clock("promised").state == "paused"  # the special procedure still holds it
    walk.do(special.resume, moment("2026-03-12"), walk.city.reviewer, result="通过")
    assert walk.file.clock("promised").due_on == date(2026, 3, 20)
    assert walk.file.clock("statutory").due_on == date(2026, 4, 7)


def test_no_decision_while_something_is_running(walk):
    Terms.objects.create(version=walk.version, waits=["payment"], set_at=moment("2026-01-05"))
    walk.reviewed(moment("2026-03-03"))
    walk.do(special.wait, moment("2026-03-04"), walk.city.head, kind="payment", days=3, reason="等缴费")
    with pytest.raises(Obstructed, match="等待还没有结束"):
        walk.granted(moment("2026-03-05"))
    assert review.obstacles_to_decision(walk.file, 0)[0].remedy == "请先登记它的结果，再作决定。"


def test_the_applicant_is_told_in_writing_of_each(walk):
    suspend(walk, "2026-03-04")
    assert matters.documents(walk.matter)[-1].kind == "special_procedure_notice"
