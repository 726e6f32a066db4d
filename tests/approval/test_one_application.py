"""One application on its way: the clock, the numbers and the journal at every step."""

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval.actions import accept, deemed
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.limits import Light

pytestmark = pytest.mark.django_db


def test_the_example_of_the_progress_page_falls_due_on_25_march_and_13_april():
    walk = build.application().received(moment("2026-03-01", "20:14")).accepted(moment("2026-03-02", "09:12"))
    walk.suspended(moment("2026-03-09", "15:10")).resumed(moment("2026-03-20", "16:40"))
    assert walk.file.clock("promised").due_on == date(2026, 3, 25)
    assert walk.file.clock("statutory").due_on == date(2026, 4, 13)


def test_a_receipt_on_sunday_evening_counts_from_monday():
    walk = build.application().received(moment("2026-03-01", "20:14"))
    clock = walk.file.clock("pre_acceptance")
    assert (clock.started_on, clock.due_on) == (date(2026, 3, 2), date(2026, 3, 9))


def test_the_intake_number_comes_with_submission_and_the_case_number_with_acceptance():
    walk = build.application().received(moment("2026-03-02"))
    assert walk.file.intake_number.endswith("2026030200001")
    assert walk.file.number is None
    walk.accepted(moment("2026-03-03"))
    assert walk.file.number.endswith("2026030300001")


def test_a_whole_life_ends_closed_with_seven_entries_and_a_numbered_document_for_each_notice():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    walk.reviewed(moment("2026-03-04")).granted(moment("2026-03-05")).delivered(moment("2026-03-06"))
    file = walk.file
    assert (file.state, file.closed, file.late, file.version) == ("delivered", True, False, 5)
    assert [d.kind for d in matters.documents(file.id)] == [
        "receipt_of_materials", "acceptance_notice", "grant_decision", "service_receipt",
    ]  # fmt: skip
    sign = walk.city.department.sign
    assert matters.documents(file.id)[1].number == f"{sign}受字〔2026〕1号"


def test_a_pause_lights_paused_and_never_unlights_red():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.suspended(moment("2026-03-09"))
    assert walk.file.light(moment("2026-03-23")) is Light.PAUSED
    late = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    late.suspended(moment("2026-03-13", "09:00"))  # the eighth day was 12 March
    assert late.file.light(moment("2026-03-13", "10:00")) is Light.RED


def test_five_days_of_silence_are_acceptance_from_the_day_of_receipt():
    walk = build.application().received(moment("2026-03-06"))
    at = moment("2026-03-20", "08:00")
    from xiaoneng.jobs import time_machine

    with time_machine.at(at):
        assert deemed.accept_what_is_deemed_accepted(lambda: at) == 1
        assert deemed.accept_what_is_deemed_accepted(lambda: at) == 0
    file = walk.file
    assert file.state == "reviewing" and file.late
    assert file.clock("statutory").started_on == date(2026, 3, 6)
    assert file.clock("statutory").due_on == date(2026, 4, 3)
    facts = matters.journal(file.id)[0].facts["what"]
    assert facts["deemed"] and facts["true_at"].startswith("2026-03-13T09:00")


def test_accepting_with_a_material_missing_names_every_missing_material():
    walk = build.application()
    form = build.FORM | {"papers": "0,1"}
    walk.drafted(moment("2026-03-02"), form=form, files=False)
    walk.received(moment("2026-03-02"))
    walk.accepted(moment("2026-03-02"))  # papers seen at the window count
    bare = build.application()
    bare.drafted(moment("2026-03-02"), files=False)
    with pytest.raises(Obstructed) as refused:
        bare.received(moment("2026-03-02"))
    assert [each.code for each in refused.value.obstacles] == ["material-0", "material-1"]


def test_a_second_correction_notice_is_refused_without_a_reason_and_marked_with_one():
    walk = build.application().received(moment("2026-03-02")).asked(moment("2026-03-03"))
    walk.supplemented(moment("2026-03-05"))
    with pytest.raises(Obstructed, match="已经告知过一次"):
        walk.asked(moment("2026-03-06"))
    walk.asked(moment("2026-03-06"), reason_again="现场才能看出")
    assert matters.journal(walk.matter)[0].facts["what"]["again"] is True


def test_an_extension_is_given_once_and_only_before_the_end():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.extended(moment("2026-03-10"))
    assert walk.file.clock("statutory").due_on == date(2026, 4, 14)
    with pytest.raises(Obstructed, match="已经延长过一次"):
        walk.extended(moment("2026-03-11"))
    ended = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    with pytest.raises(Obstructed, match="期限已经届满"):
        ended.extended(moment("2026-03-31"))


def test_who_reviewed_does_not_decide():
    where = build.city()
    from xiaoneng.org.models import Holding, Role

    Holding.objects.create(
        account_id=where.reviewer.account, role=Role.objects.get(code="head"), department=where.department,
        during=(build.LONG_AGO, None),
    )  # fmt: skip
    walk = build.application(where).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.reviewed(moment("2026-03-03"))
    from xiaoneng.approval.actions import review

    with pytest.raises(Obstructed, match="不能再作决定"):
        walk.do(review.grant, moment("2026-03-04"), where.reviewer, opinion="准予")


def test_a_clerk_of_another_department_is_told_who_may_act():
    walk = build.application().received(moment("2026-03-02"))
    with pytest.raises(NotAllowed, match="窗口人员"):
        walk.do(accept.accept, moment("2026-03-02"), build.city().clerk)


def test_a_move_that_the_state_does_not_allow_says_what_is_possible_instead():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    with pytest.raises(NotAllowed, match=r"审查中.*现在可以：审查"):
        walk.accepted(moment("2026-03-02"))


def test_the_decision_on_what_is_no_licence_is_not_called_one():
    from xiaoneng.catalogue.models import PowerKind

    where = build.city()
    version = build.item(where)
    version.kind = PowerKind.objects.get(name="公共服务")
    version.save()
    walk = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.reviewed(moment("2026-03-02")).granted(moment("2026-03-03"))
    assert matters.documents(walk.matter)[-1].title == "准予决定书"


def test_after_a_supplement_the_acceptance_counts_from_the_day_it_was_complete():
    walk = build.application().received(moment("2026-03-02")).asked(moment("2026-03-03"))
    walk.supplemented(moment("2026-03-05", "18:30")).accepted(moment("2026-03-10"))
    assert walk.file.clock("statutory").started_on == date(2026, 3, 6)  # after hours: the next working day
    assert walk.file.clock("promised").due_on == date(2026, 3, 18)


def test_an_extension_never_puts_a_red_light_out():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.extended(moment("2026-03-13"))  # the eighth day was 12 March; the statutory limit still runs
    file = walk.file
    assert file.clock("promised").due_on == date(2026, 3, 12)
    assert file.clock("statutory").due_on == date(2026, 4, 14)
    assert file.light(moment("2026-03-13", "10:01")) is Light.RED
    walk.reviewed(moment("2026-03-16")).granted(moment("2026-03-17"))
    assert walk.file.late


def test_a_limit_in_months_is_not_extended_by_working_days():
    where = build.city()
    walk = build.application(where, build.item(where, statutory=3, promised=None, unit="month"))
    walk.received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    with pytest.raises(Obstructed, match="没有规定可以按工作日延长"):
        walk.extended(moment("2026-03-10"))


@pytest.mark.parametrize("late_answer", ["accepted", "asked"])
def test_after_five_days_of_silence_no_late_answer_counts_and_the_acceptance_is_recorded(late_answer):
    walk = build.application().received(moment("2026-03-06"))
    with pytest.raises(NotAllowed, match="已视为受理"):
        getattr(walk, late_answer)(moment("2026-03-16", "09:30"))  # the five days ended on Friday the 13th
    assert walk.file.state == "reviewing"
    assert walk.file.clock("statutory").started_on == date(2026, 3, 6)


def test_acceptance_is_never_dated_in_the_future():
    walk = build.application().received(moment("2026-03-02")).asked(moment("2026-03-03"))
    walk.supplemented(moment("2026-03-06", "18:30")).accepted(moment("2026-03-06", "18:40"))
    assert walk.file.clock("statutory").started_on == date(2026, 3, 6)


def test_acceptance_asks_for_what_the_version_in_force_demands_and_finds_it_by_name():
    from xiaoneng.catalogue.models import ItemVersion, Material

    where = build.city()
    old = build.item(where, materials=("申请书", "身份证明"))
    walk = build.application(where, old).received(moment("2026-03-02"))
    old.in_force = (old.in_force[0], moment("2026-03-03"))
    old.save()
    new = ItemVersion.objects.create(
        item=old.item, serial=2, in_force=(moment("2026-03-03"), None), name=old.name, kind=old.kind, statutory_n=20,
        statutory_unit="working_day", promised_n=5, promised_unit="working_day", fingerprint="y",
    )  # fmt: skip
    for position, name in enumerate(("安全承诺书", "申请书")):
        Material.objects.create(version=new, position=position, name=name)
    with pytest.raises(Obstructed) as refused:
        walk.accepted(moment("2026-03-04"))
    assert [each.message for each in refused.value.obstacles] == ["还差“安全承诺书”。"]


@pytest.mark.parametrize(("kind", "named"), [("行政许可", True), ("公共服务", False)])
def test_only_the_notices_of_a_licence_name_the_licensing_law(kind, named):
    from xiaoneng.approval import notices
    from xiaoneng.catalogue.models import PowerKind

    where = build.city()
    version = build.item(where)
    version.kind = PowerKind.objects.get(name=kind)
    version.save()
    walk = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.reviewed(moment("2026-03-02")).granted(moment("2026-03-03"))
    for document in matters.documents(walk.matter)[1:]:
        text = "".join(notices.compose(document).paragraphs)
        assert ("行政许可法" in text) is named and "。" in text
