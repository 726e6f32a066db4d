"""The review chain: who signs which step, nobody twice, others asked, cases given back, and decisions at the window."""

from __future__ import annotations

import pytest

import build
from build import moment
from xiaoneng.approval import consulting, reads
from xiaoneng.approval.actions import accept, consult, review
from xiaoneng.catalogue.models import ItemVersion, SpecialStep, Step
from xiaoneng.jobs import doctor, time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org.models import Holding, Role, Setting
from xiaoneng.rules.grounds import NotAllowed, Obstructed

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("2026-03-02"), moment("2026-03-03")


def case(steps=(("初审", 2), ("复审", 2))) -> build.Walk:
    where = build.city()
    return build.application(where, build.item(where, steps=steps)).received(MONDAY).accepted(MONDAY)


def refused(action, walk, at, by, **more) -> str:
    with pytest.raises((Obstructed, NotAllowed)) as refusal:
        walk.do(action, at, by, **more)
    return str(refusal.value)


def set_to(key, value) -> None:
    Setting.objects.create(key=key, value=value, changed_at=MONDAY, changed_by="某人")


def sound(at) -> None:
    with time_machine.at(at):
        report = doctor.examine(full=True)
    assert [(each.id, each.what) for each in report.findings if each.id <= 23] == []


def also(walk, actor, role) -> None:
    Holding.objects.create(
        account_id=actor.account, role=Role.objects.get(code=role), department=walk.city.department,
        during=(build.LONG_AGO, None), authority="授权书〔2026〕7号",
    )  # fmt: skip


def test_a_step_is_signed_in_the_role_that_the_version_names():
    where = build.city()
    version = build.item(where, steps=(("初审", 2), ("分管领导审核", 1)))
    Step.objects.filter(version=version, name="分管领导审核").update(role="deputy_head")
    deputy = build.holder(where.department, "江临", "deputy_head")
    walk = build.application(where, version).received(MONDAY).accepted(MONDAY).reviewed(MONDAY)
    assert walk.file.desk == "deputy_head"
    assert "要由住房和城乡建设局的分管领导来办" in refused(review.review, walk, MONDAY, where.reviewer, opinion="符合")
    assert reads.awaiting(deputy.account, reads.day_of(MONDAY)).count() == 1
    walk.do(review.review, MONDAY, deputy, opinion="同意")
    assert matters.journal(walk.matter)[0].role == "deputy_head"
    walk.granted(TUESDAY)
    sound(TUESDAY)


def test_nobody_signs_two_steps_where_it_is_set_so_but_may_sign_her_own_again():
    set_to("sign_once", True)
    walk = case().reviewed(MONDAY)
    assert "已经签过本件的另一个环节" in refused(review.review, walk, MONDAY, walk.city.reviewer, opinion="符合")
    second = build.holder(walk.city.department, "许清和", "reviewer")
    walk.do(consult.send_back, MONDAY, second, step=1, reason="初审没有写明核对了哪些原件")
    walk.reviewed(MONDAY)
    walk.do(review.review, MONDAY, second, opinion="符合")
    assert walk.file.state == "deciding"


def test_a_decision_needs_as_many_people_as_are_set():
    set_to("least_signers", 4)
    walk = case(steps=(("审查", None),)).reviewed(MONDAY)
    assert "至少要由 4 个人签批，现在算上您只有 3 个" in refused(
        review.grant, walk, MONDAY, walk.city.head, opinion="准予"
    )
    second = build.holder(walk.city.department, "许清和", "reviewer")
    walk.do(consult.send_back, MONDAY, walk.city.head, step=1, reason="还差一级签批")
    walk.do(review.review, MONDAY, second, opinion="符合")
    walk.granted(MONDAY)


def test_who_accepted_does_not_decide_but_an_item_of_the_window_is_settled_there():
    walk = case(steps=())
    also(walk, walk.city.clerk, "head")
    assert "您受理了本件" in refused(review.grant, walk, MONDAY, walk.city.clerk, opinion="准予")
    ItemVersion.objects.filter(pk=walk.version.pk).update(window_authorised=True)
    spot = build.application(walk.city, build.item(walk.city, steps=()))
    ItemVersion.objects.filter(pk=spot.version.pk).update(case_type="即办件")
    chief = build.holder(walk.city.department, "梁思远", "chief_representative")
    spot.received(MONDAY).do(accept.accept, MONDAY, walk.city.clerk)
    spot.do(review.grant, MONDAY, chief, opinion="准予")
    sound(MONDAY)


def test_the_chief_representative_does_not_decide_what_needs_an_inspection():
    where = build.city()
    version = build.item(where, steps=())
    ItemVersion.objects.filter(pk=version.pk).update(case_type="即办件")
    SpecialStep.objects.create(version=version, position=1, kind="专家评审")
    chief = build.holder(where.department, "梁思远", "chief_representative")
    walk = build.application(where, version).received(MONDAY).accepted(MONDAY)
    assert "要由住房和城乡建设局的部门负责人" in refused(review.grant, walk, MONDAY, chief, opinion="准予")


def test_another_department_is_asked_while_the_clocks_go_on_and_the_decision_waits_for_it():
    walk, other = case(steps=(("审查", None),)), build.city()
    due = walk.file.clock("promised").due_on
    asked = {"department": other.department.pk, "question": "是否涉及地下管线", "days": 3}
    walk.do(consult.consult, MONDAY, walk.city.reviewer, **asked)
    assert walk.file.clock("promised").due_on == due and not walk.file.paused
    assert str(walk.file.clock("consult").due_on) == "2026-03-05"
    assert "已经在征求这个部门的意见" in refused(consult.consult, walk, MONDAY, walk.city.reviewer, **asked)
    walk.reviewed(MONDAY)
    assert "还没有答复" in refused(review.grant, walk, MONDAY, walk.city.head, opinion="准予")
    assert "没有征求您所在部门的意见" in refused(
        consult.answer_consultation, walk, MONDAY, walk.city.head, opinion="同意"
    )
    assert [each.matter for each in consulting.for_my_department(other.reviewer.account, MONDAY)] == [walk.matter]
    assert reads.may_see(walk.file, other.reviewer.account, reads.day_of(MONDAY))
    assert not reads.may_see(walk.file, build.city().reviewer.account, reads.day_of(MONDAY))
    walk.do(consult.answer_consultation, TUESDAY, other.reviewer, opinion="不涉及")
    walk.granted(TUESDAY)
    assert [each.state for each in consulting.all_asked(walk.file)] == ["answered"]
    sound(TUESDAY)


def test_silence_of_the_asked_is_no_consent_and_going_on_without_it_needs_a_reason():
    walk, other = case(steps=()), build.city()
    asked = {"department": other.department.pk, "question": "是否同意", "days": 3}
    walk.do(consult.consult, MONDAY, walk.city.head, **asked)
    assert "还没有写不再等候的理由" in refused(consult.close_consultation, walk, TUESDAY, walk.city.head, reason=" ")
    walk.do(consult.close_consultation, TUESDAY, walk.city.head, reason="所问事项已由图纸证明")
    assert "没有征求您" in refused(consult.answer_consultation, walk, TUESDAY, other.head, opinion="同意")
    walk.granted(TUESDAY)
    sound(TUESDAY)


def test_a_case_goes_back_to_a_step_before_and_its_limits_go_on():
    walk = case().reviewed(MONDAY).reviewed(MONDAY)
    due = walk.file.clock("promised").due_on
    assert "还没有选退回到哪个环节" in refused(consult.send_back, walk, MONDAY, walk.city.head, step=9, reason="不够")
    walk.do(consult.send_back, TUESDAY, walk.city.head, step=1, reason="现场情况没有写明")
    assert (walk.file.state, walk.file.step_name, walk.file.clock("promised").due_on) == ("reviewing", "初审", due)
    assert str(walk.file.clock("step").due_on) == "2026-03-05"
    sound(TUESDAY)
