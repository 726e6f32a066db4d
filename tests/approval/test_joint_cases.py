"""A joint case: one application, several departments, each branch its own clock, the whole forty-five days."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

import joint
from build import moment
from joint import MARCH
from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions import extension, special
from xiaoneng.approval.joint import accepting, filing, following, reads, together
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed
from xiaoneng.rules.limits import Light
from xiaoneng.rules.parallel import Outcome
from xiaoneng.web import shown_joint

pytestmark = pytest.mark.django_db


def outcomes(case: joint.Joint) -> dict[int, Outcome]:
    return {line.position: line.now for line in reads.branches(case.matter)}


def last(case: joint.Joint, move: str) -> dict:
    return next(line.facts["what"] for line in matters.journal(case.matter) if line.move == move)


def test_one_paper_serves_every_branch_that_asks_for_it():
    case = joint.project().drafted(files=False)
    shared = reads.materials(reads.branches(case.matter))
    assert [(each.name, len(each.asked_by)) for each in shared] == [
        ("申请书", 3), ("材料1", 1), ("材料2", 1), ("材料3", 1)
    ]  # fmt: skip
    for each in shared:
        case.attach(each.slot, MARCH)
    case.received().accepted()
    first, second = (matters.attachments(case.branch(place).matter) for place in (1, 2))
    assert first[0].sha256 == second[0].sha256
    assert [each.name for each in applications.handed(applications.load(case.branch(1).matter))] == ["申请书", "材料1"]
    assert all(each.count for each in applications.handed(applications.load(case.branch(2).matter)))


def test_a_submission_names_what_is_missing_for_all_branches_at_once():
    case = joint.project().drafted(files=False)
    with pytest.raises(Obstructed) as refusal:
        case.received()
    assert [each.message for each in refusal.value.obstacles] == [
        "还差“申请书”。", "还差“材料1”。", "还差“材料2”。", "还差“材料3”。",
    ]  # fmt: skip


def test_acceptance_opens_what_waits_for_nothing_and_starts_the_forty_five_days():
    case = joint.project().received().accepted()
    assert outcomes(case) == {1: Outcome.OPEN, 2: Outcome.OPEN, 3: Outcome.WAITING}
    assert str(case.file.clock("joint").due_on) == "2026-05-08"
    branch = applications.load(case.branch(1).matter)
    assert (branch.state, str(branch.clock("promised").due_on)) == ("reviewing", "2026-03-12")


def test_a_branch_opens_when_those_it_depends_on_are_granted_and_counts_from_that_day():
    case = joint.project().received().accepted().granted(1, moment("2026-03-06"))
    assert outcomes(case)[3] is Outcome.OPEN
    third = applications.load(case.branch(3).matter)
    assert str(third.clock("promised").started_on) == "2026-03-06"


def test_a_refusal_ends_those_that_depend_on_it_with_the_reason_and_leaves_the_others_be():
    case = joint.project({1: [], 2: [], 3: [1], 4: [3]}).received().accepted().refused(1, moment("2026-03-06"))
    assert outcomes(case) == {1: Outcome.REFUSED, 2: Outcome.OPEN, 3: Outcome.NEVER, 4: Outcome.NEVER}
    assert last(case, "advance")["ended"] == [{"position": 3, "because": [1]}, {"position": 4, "because": [3]}]
    case.granted(2, moment("2026-03-09"))
    assert case.file.state == "delivering"
    assert last(case, "conclude")["result"] == "partly"


def test_only_a_granted_branch_carries_the_tick_of_what_is_fulfilled():
    at = moment("2026-03-09")
    case = joint.project({1: [], 2: [], 3: [1]}).received().accepted().refused(1, at).granted(2, at)
    rows = shown_joint.branches(reads.branches(case.matter), at)
    assert [(row["light"], row["told"]) for row in rows] == [
        ("refused", "不予"), ("done", "准予"), ("", "前置事项未通过，不再启动"),
    ]  # fmt: skip
    marks = [render_to_string("parts/light.html", {"light": row["light"], "text": row["told"]}) for row in rows[:2]]
    assert "light-refused" in marks[0] and "不予" in marks[0] and "light-done" in marks[1]
    assert re.findall(r' d="(.+?)"', marks[0]) != re.findall(r' d="(.+?)"', marks[1])  # by its shape, not its colour


def test_the_whole_is_done_when_every_branch_is_delivered_and_the_applicant_came_once():
    case = joint.project({1: [], 2: []}).received().accepted()
    case.granted(1, moment("2026-03-06")).granted(2, moment("2026-03-09"))
    case.do(together.hand_over, moment("2026-03-10"), case.lead.clerk, way="direct", recipient="沈若溪")
    assert case.file.state == "done" and case.file.closed
    assert {applications.load(line.matter).state for line in reads.branches(case.matter)} == {"delivered"}


def test_silence_never_grants_a_branch_it_climbs_to_the_next_desk():
    case = joint.project({1: [], 2: []}).received().accepted()
    for day, rung in (("2026-03-12", 1), ("2026-03-16", 2), ("2026-05-06", 3)):
        with joint.time_machine.at(moment(day)):
            following.settle(case.matter, moment(day))
        assert {line.urged for line in reads.branches(case.matter)} == {rung}
    assert set(outcomes(case).values()) == {Outcome.OPEN}
    urged = last(case, "escalate")["urged"]
    assert [each["level"] for each in urged] == [3, 3]


def test_the_light_of_the_whole_is_the_worst_of_its_own_and_its_open_branches():
    case = joint.project({1: [], 2: []}).received().accepted()
    case.granted(2, moment("2026-03-06"))
    late = moment("2026-03-16")
    assert case.file.light(late) is Light.GREEN
    assert reads.light(case.file, reads.branches(case.matter), late) is Light.RED
    case.granted(1, late)
    assert reads.light(case.file, reads.branches(case.matter), late) is Light.GREEN


def test_the_whole_stands_still_only_while_every_open_branch_does():
    case = joint.project({1: [], 2: []}).received().accepted()
    asked = {"kind": "expert_review", "days": 10, "reason": "涉及公共安全"}
    case.move(1, special.suspend, moment("2026-03-04"), "reviewer", **asked)
    assert not case.file.paused
    case.move(2, special.suspend, moment("2026-03-05"), "reviewer", **asked)
    assert case.file.paused
    case.move(1, special.resume, moment("2026-03-10"), "reviewer", result="通过")
    assert not case.file.paused
    assert (
        str(case.file.clock("joint").due_on) == "2026-05-12"
    )  # three working days were taken out, the Saturday is worked


def test_a_late_record_of_the_pause_counts_the_same_days():
    case = joint.project({1: [], 2: []}).received().accepted()
    asked = {"kind": "expert_review", "days": 10, "reason": "涉及公共安全"}
    for place, day in ((1, "2026-03-04"), (2, "2026-03-05")):
        with joint.time_machine.at(moment(day)):
            special.suspend(
                case.branch(place).matter, by=case.cities[place].reviewer, at=moment(day), key=None, **asked
            )
    with joint.time_machine.at(moment("2026-03-09")):
        following.settle(case.matter, moment("2026-03-09"))
    with joint.time_machine.at(moment("2026-03-10")):
        special.resume(
            case.branch(1).matter, by=case.cities[1].reviewer, at=moment("2026-03-10"), key=None, result="好"
        )
    with joint.time_machine.at(moment("2026-03-20")):
        following.settle(case.matter, moment("2026-03-20"))
    assert str(case.file.clock("joint").due_on) == "2026-05-12"


def test_no_branch_promises_a_day_after_the_whole():
    case = joint.project({1: [], 2: [1]}, days=10).received().accepted().granted(1, moment("2026-03-12"))
    whole, branch = case.file.clock("joint"), applications.load(case.branch(2).matter)
    assert branch.clock("promised").due_on == whole.due_on
    assert str(branch.clock("promised").limit) == "2 个工作日"


def test_a_branch_is_not_extended_beyond_the_whole_and_the_whole_only_by_the_government():
    case = joint.project({1: [], 2: []}, days=10).received().accepted()
    longer = {"days": 10, "reason": "需要外省协查"}
    with pytest.raises(Obstructed, match="晚于全程期限"):
        case.move(1, extension.extend, moment("2026-03-06"), "head", **longer)
    with pytest.raises(NotAllowed, match="政府负责人"):
        case.do(together.extend, moment("2026-03-06"), case.lead.head, **longer)
    with pytest.raises(Obstructed, match="1 到 15"):
        case.do(together.extend, moment("2026-03-06"), case.leader, days=16, reason="复杂")
    case.do(together.extend, moment("2026-03-06"), case.leader, days=15, reason="需要外省协查")
    assert case.file.clock("joint").extension == 15
    with pytest.raises(Obstructed, match="延长过一次"):
        case.do(together.extend, moment("2026-03-09"), case.leader, days=1, reason="还要")
    case.move(1, extension.extend, moment("2026-03-06"), "head", **longer)


def test_one_notice_asks_for_everything_that_any_branch_lacks():
    case = joint.project({1: [], 2: []}).received()
    version = case.versions[2]
    replaced = joint.build.item(case.cities[2], materials=("申请书", "环评批复"), name="事项2")
    type(version).objects.filter(pk=version.pk).update(in_force=(moment("2020-01-01"), MARCH))
    type(version).objects.filter(pk=replaced.pk).update(item=version.item, serial=2, in_force=(MARCH, None))
    accepting._pin(case.file, MARCH)
    case.do(
        accepting.request_correction,
        MARCH,
        case.lead.clerk,
        lacks=[accepting.Lack("平面图没有签章", "设计单位签章", "")],
    )
    told = last(case, "request_correction")["lacks"]
    assert [each["text"] for each in told] == ["平面图没有签章", "补交“环评批复”"]
    shared = {each.name: each.slot for each in reads.materials(reads.branches(case.matter))}
    case.attach(shared["环评批复"], MARCH).do(filing.supplement, moment("2026-03-05"), case.lead.citizen)
    case.accepted(moment("2026-03-09"))
    assert str(case.file.clock("joint").started_on) == "2026-03-05"
    assert outcomes(case) == {1: Outcome.OPEN, 2: Outcome.OPEN}


def test_a_joint_case_nobody_answers_in_five_days_is_accepted_by_the_law():
    case = joint.project({1: [], 2: []}).received()
    at = moment("2026-03-10")
    with joint.time_machine.at(at):
        assert accepting.record_what_time_made_true(lambda: at) >= 1
    assert str(case.file.clock("joint").started_on) == "2026-03-02"
    assert outcomes(case)[1] is Outcome.OPEN


def test_a_joint_check_takes_two_people_of_two_departments():
    case = joint.project({1: [], 2: []}).received().accepted()
    own = [case.lead.reviewer.account, case.lead.head.account]
    asked = {"kind": "site_check", "starts_at": moment("2026-03-05"), "place": "滨水街 41 号"}
    with pytest.raises(Obstructed, match="都在一个部门"):
        case.do(together.arrange, MARCH, case.lead.reviewer, people=own, **asked)
    both = [case.lead.reviewer.account, case.cities[2].reviewer.account]
    case.do(together.arrange, MARCH, case.lead.reviewer, people=both, **asked)
    with pytest.raises(Obstructed, match="时间还没有到"):
        case.do(together.record, MARCH, case.lead.reviewer, kind="site_check", people=both, findings="好", passed=True)
    case.do(together.record, moment("2026-03-05", "11:00"), case.lead.reviewer, kind="site_check", people=both,
            findings="符合", passed=True)  # fmt: skip
    assert together.arranged(case.matter) == ()


def test_what_is_needed_only_sometimes_is_left_out_and_nobody_waits_for_it():
    case = joint.project({1: [], 2: [1], 3: [2]}, {2: "要设户外招牌"}).received().accepted()
    assert [(line.position, line.after) for line in reads.branches(case.matter)] == [(1, ()), (3, (1,))]


def test_the_next_stage_opens_to_whom_the_last_was_granted_and_to_nobody_else():
    first = joint.project({1: []})
    second = joint.project({1: []})
    second.theme.after, second.lead = first.theme, first.lead
    second.theme.save()
    with pytest.raises(Obstructed, match="前一阶段"):
        second.drafted()
    first.received().accepted().granted(1, moment("2026-03-06"))
    second.drafted(moment("2026-03-09"))
    assert reads.about(second.matter).previous == first.file.number


def test_a_branch_taken_back_ends_alone_and_its_successors_with_it():
    case = joint.project().received().accepted()
    from xiaoneng.approval.actions import apply

    with joint.time_machine.at(moment("2026-03-04")):
        apply.withdraw(case.branch(1).matter, by=case.lead.citizen, at=moment("2026-03-04"), key=None, reason="不办了")
        following.follow(case.branch(1).matter, moment("2026-03-04"))
    assert outcomes(case) == {1: Outcome.ENDED, 2: Outcome.OPEN, 3: Outcome.NEVER}


def test_a_single_application_is_no_joint_case():
    walk = joint.build.application().received(MARCH)
    with pytest.raises(NotFound):
        reads.load(walk.matter)
