"""What a branch of a joint case lacks: asked once, within its five days, answered on one page; the others go on."""

from __future__ import annotations

import pytest

import build
import joint
from build import moment
from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions import apply, closing, in_branch, review, special
from xiaoneng.approval.actions.accept import Lack
from xiaoneng.approval.joint import accepting, at_window, filing, following, opening, reads, supplements, themes
from xiaoneng.approval.joint.reads import slot_of
from xiaoneng.approval.models import Application
from xiaoneng.jobs import doctor
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed
from xiaoneng.rules.limits import Light
from xiaoneng.rules.parallel import Outcome

pytestmark = pytest.mark.django_db
LACKS = [Lack("申请书没有签章", "法定代表人签章", "第三十一条", slot="0")]


def two(**more) -> joint.Joint:
    return joint.project({1: [], 2: []}, **more).received().accepted()


def asked(case: joint.Joint, place: int, day: str, lacks=LACKS) -> None:
    case.move(place, in_branch.ask_in_branch, moment(day), "reviewer", lacks=lacks)


def branch(case: joint.Joint, place: int):
    return applications.load(case.branch(place).matter)


def hand_in(case: joint.Joint, name: str, day: str) -> None:
    by = case.lead.citizen.account
    with joint.time_machine.at(moment(day)):
        supplements.attach(
            case.matter, by=by, slot=slot_of(name), name="新.png", stream=build.picture(), at=moment(day)
        )


def answered(case: joint.Joint, day: str, *places: int, note: str = "") -> int:
    return case.do(supplements.answer, moment(day), case.lead.citizen, branches=places, note=note)


def test_only_the_branch_that_asked_stands_still_and_the_whole_goes_on():
    case = two()
    asked(case, 1, "2026-03-04")
    first, second = branch(case, 1), branch(case, 2)
    assert (first.state, first.paused, second.state, second.paused) == ("supplementing", True, "reviewing", False)
    assert str(second.clock("promised").due_on) == "2026-03-12" and not case.file.paused
    hand_in(case, "申请书", "2026-03-06")
    assert answered(case, "2026-03-06", 1) == 1
    first = branch(case, 1)
    # Two working days were taken out of its own limit: 5 and 6 March.
    assert (first.state, first.paused, str(first.clock("promised").due_on)) == ("reviewing", False, "2026-03-16")
    assert str(case.file.clock("joint").due_on) == "2026-05-08"
    case.granted(1, moment("2026-03-09"))
    assert case.branch(1).now is Outcome.GRANTED


def test_the_whole_stands_still_while_every_branch_waits_for_the_applicant():
    case = two()
    asked(case, 1, "2026-03-04")
    asked(case, 2, "2026-03-05")
    assert case.file.paused
    hand_in(case, "申请书", "2026-03-10")
    answered(case, "2026-03-10", 1)
    assert not case.file.paused and str(case.file.clock("joint").due_on) == "2026-05-12"


def test_one_paper_answers_every_branch_that_asked_for_it_and_each_is_told_in_writing():
    case = two()
    asked(case, 1, "2026-03-04")
    asked(case, 2, "2026-03-04", [Lack("申请书没有签章", "", "", slot="0"), Lack("材料2缺页", "", "", slot="1")])
    waiting = supplements.asked(case.matter)
    assert [(each.line.position, len(each.lacks), str(each.due_on)) for each in waiting] == [
        (1, 1, "2026-03-25"), (2, 2, "2026-03-25")
    ]  # fmt: skip
    hand_in(case, "申请书", "2026-03-05")
    given = supplements.given(waiting)
    assert [(each.slot, each.name) for each in given] == [(slot_of("申请书"), "新.png")]
    rounds = [[row.round for row in matters.attachments(each.matter)][-1] for each in waiting]
    assert rounds == [1, 1]
    assert answered(case, "2026-03-05", 1, 2) == 2
    for place in (1, 2):
        kinds = [each.kind for each in matters.documents(case.branch(place).matter)]
        assert kinds == ["acceptance_notice", "branch_correction_notice", "branch_receipt"]


def test_a_file_taken_off_is_gone_from_every_branch():
    case = two()
    asked(case, 1, "2026-03-04")
    asked(case, 2, "2026-03-04")
    hand_in(case, "申请书", "2026-03-05")
    (given,) = supplements.given(supplements.asked(case.matter))
    supplements.detach(case.matter, by=case.lead.citizen.account, attachment=given.id, at=moment("2026-03-05"))
    assert supplements.given(supplements.asked(case.matter)) == ()
    with pytest.raises(Obstructed) as refusal:
        answered(case, "2026-03-05", 1, 2)
    assert [each.message for each in refusal.value.obstacles] == [
        "“事项1”还没有补交任何材料。", "“事项2”还没有补交任何材料。",
    ]  # fmt: skip
    with pytest.raises(Obstructed, match="还没有选"):
        answered(case, "2026-03-05", note="已补")


def test_one_branch_may_be_answered_before_the_other():
    case = two()
    asked(case, 1, "2026-03-04")
    asked(case, 2, "2026-03-04")
    answered(case, "2026-03-05", 2, note="材料2 原件已送窗口")
    assert [branch(case, place).state for place in (1, 2)] == ["supplementing", "reviewing"]
    with pytest.raises(Obstructed, match="还没有选"):
        answered(case, "2026-03-05", 2, note="再交")
    answered(case, "2026-03-06", 1, note="已签章")
    with pytest.raises(NotAllowed, match="没有分办件在等补正"):
        answered(case, "2026-03-06", 1, note="又一次")


def test_a_branch_asks_once_and_only_in_its_first_five_working_days():
    case = two()
    asked(case, 1, "2026-03-04")
    answered(case, "2026-03-05", 1, note="已补")
    with pytest.raises(Obstructed, match="已经告知过一次"):
        asked(case, 1, "2026-03-06")
    with pytest.raises(Obstructed, match="满五个工作日"):
        asked(case, 2, "2026-03-10")  # accepted on 2 March; the fifth working day is the 9th
    with pytest.raises(Obstructed, match="还没有写明要补正什么"):
        asked(case, 2, "2026-03-09", [])
    asked(case, 2, "2026-03-09")


def test_who_was_silent_for_the_whole_may_not_ask_in_a_branch():
    case = joint.project({1: [], 2: []}).received()
    with joint.time_machine.at(moment("2026-03-10")):
        assert accepting.settle_deemed(case.matter, moment("2026-03-10"))
    with pytest.raises(Obstructed, match="满五个工作日"):
        asked(case, 1, "2026-03-10")


def test_a_case_that_is_no_branch_is_never_asked_after_acceptance():
    walk = build.application().received(joint.MARCH).accepted(joint.MARCH)
    with pytest.raises(Obstructed, match="只有并联件的分办件"):
        walk.do(in_branch.ask_in_branch, moment("2026-03-03"), walk.city.reviewer, lacks=LACKS)


def test_nobody_reviews_a_branch_that_waits_and_none_asks_in_a_special_procedure():
    case = two()
    asked(case, 1, "2026-03-04")
    with pytest.raises(NotAllowed, match="不能审查"):
        case.move(1, review.review, moment("2026-03-05"), "reviewer", opinion="好")
    with pytest.raises(NotAllowed, match="不能提交补正材料"):
        case.move(1, apply.supplement, moment("2026-03-05"), "clerk", note="好")
    more = {"kind": "expert_review", "days": 5, "reason": "复杂"}
    case.move(2, special.suspend, moment("2026-03-05"), "reviewer", **more)
    with pytest.raises(NotAllowed, match="特别程序还没有结束"):
        asked(case, 2, "2026-03-05")


def test_silence_of_the_applicant_ends_the_branch_and_leaves_the_others_be():
    case = joint.project({1: [], 2: [], 3: [1]}).received().accepted()
    asked(case, 1, "2026-03-04")
    late = moment("2026-03-26")
    with joint.time_machine.at(late):
        assert closing.lapse_what_was_not_supplemented(lambda: late) == 1
        assert case.matter in following.waiting(late)
        following.settle(case.matter, late)
    lines = {line.position: line.now for line in reads.branches(case.matter)}
    assert lines == {1: Outcome.ENDED, 2: Outcome.OPEN, 3: Outcome.NEVER}


def test_a_stranger_neither_hands_in_nor_answers():
    case = two()
    asked(case, 1, "2026-03-04")
    with pytest.raises(NotFound):
        supplements.attach(
            case.matter, by=case.lead.stranger.account, slot=slot_of("申请书"), name="a.png", stream=build.picture(),
            at=moment("2026-03-05"),
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        case.do(supplements.answer, moment("2026-03-05"), case.lead.stranger, branches=[1], note="好")


def test_the_doctor_finds_nothing_amiss_in_an_asking_and_its_answer():
    case = two()
    asked(case, 1, "2026-03-04")
    hand_in(case, "申请书", "2026-03-06")
    answered(case, "2026-03-06", 1)
    asked(case, 2, "2026-03-09")
    with joint.time_machine.at(moment("2026-03-10")):
        report = doctor.examine(full=True)
    assert [each for each in report.findings if each.id in {8, 9, 10, 14, 15, 19, 24}] == []


def taken_in(case: joint.Joint, **more) -> joint.Joint:
    """Take a joint case in at the lead's window, all its papers seen on paper."""
    shared = reads.materials(each for each in themes.theme(case.theme.code, joint.MARCH).items)
    form = build.FORM | {"papers": ",".join(each.slot for each in shared if each.name not in more.get("without", ()))}
    with joint.time_machine.at(joint.MARCH):
        case.matter = opening.open_joint(
            theme=case.theme.code, chosen=(), by=case.lead.clerk.account, channel=Application.Channel.WINDOW,
            at=joint.MARCH, key=None, form=form,
        )  # fmt: skip
    case.do(filing.submit, joint.MARCH, case.lead.clerk)
    return case


def test_the_leads_window_takes_in_what_stands_at_its_counter_from_the_papers_to_the_supplement():
    case = taken_in(joint.project({1: [], 2: []}))
    case.do(accepting.request_correction, joint.MARCH, case.lead.clerk, lacks=LACKS)
    other = build.holder(case.lead.department, "同事", "window")
    with pytest.raises(NotAllowed):
        case.do(at_window.supplement, moment("2026-03-03"), case.cities[2].clerk, note="收到")
    case.do(at_window.supplement, moment("2026-03-03"), other, note="收到申请书", seen=[slot_of("申请书"), "junk"])
    supplement = next(line for line in matters.journal(case.matter) if line.move == "supplement")
    assert supplement.facts["what"]["papers"] == [slot_of("申请书")]
    case.accepted(moment("2026-03-04"))
    assert all(each.count for each in applications.handed(branch(case, 2)))


def test_a_window_of_another_department_does_not_take_it_in():
    case = joint.project({1: [], 2: []})
    shown = themes.theme(case.theme.code, joint.MARCH)
    with pytest.raises(NotAllowed, match="牵头收件"):
        at_window.require_window(shown, by=case.cities[2].clerk.account, at=joint.MARCH)
    assert [each.code for each in at_window.led_by_me(case.lead.clerk.account, joint.MARCH)] == [case.theme.code]
    assert at_window.led_by_me(case.cities[2].clerk.account, joint.MARCH) == ()


def test_a_branch_without_an_opinion_turns_red_and_no_time_ever_grants_it():
    case = two()
    much_later = moment("2026-09-01")
    for day in ("2026-03-16", "2026-05-11", "2026-09-01"):
        with joint.time_machine.at(moment(day)):
            following.settle(case.matter, moment(day))
    assert {line.now for line in reads.branches(case.matter)} == {Outcome.OPEN}
    assert {line.urged for line in reads.branches(case.matter)} == {3}
    assert reads.light(case.file, reads.branches(case.matter), much_later) is Light.RED
    moves = {line.move for place in (1, 2) for line in matters.journal(case.branch(place).matter)}
    assert moves == {"open_branch"}
