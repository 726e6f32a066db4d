"""Walks of whole cases whose every date was reckoned by hand from the law before the case was walked."""

from __future__ import annotations

import pytest

import build
from build import moment
from xiaoneng.approval.actions import closing, deemed, review, special
from xiaoneng.approval.models import Terms
from xiaoneng.jobs import doctor, time_machine
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.procedures.table import ClockName

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")


def due(walk: build.Walk, name: str) -> str:
    clock = walk.file.clock(ClockName(name))
    return str(clock and clock.due_on)


def look(at) -> None:
    with time_machine.at(at):
        deemed.accept_what_is_deemed_accepted(lambda: at)
        closing.lapse_what_was_not_supplemented(lambda: at)


def test_a_wait_and_an_expert_review_are_two_lists_united_for_the_promise_and_an_extension_adds_to_both():
    walk = build.application()
    Terms.objects.create(version=walk.version, waits=["site_check"], waits_basis="《办法》第八条", set_at=MONDAY)
    walk.received(MONDAY).accepted(MONDAY)
    walk.do(special.wait, moment("2026-03-04"), walk.city.reviewer, kind="site_check", days=5, reason="现场在山上")
    walk.suspended(moment("2026-03-09"))
    walk.do(special.end_wait, moment("2026-03-11"), walk.city.reviewer, result="已勘验")
    walk.resumed(moment("2026-03-20"))
    # The promise is short of 5-20 March, the statute of 10-20 March only.
    assert (due(walk, "promised"), due(walk, "statutory")) == ("2026-03-30", "2026-04-13")
    walk.extended(moment("2026-03-24"))
    assert (due(walk, "promised"), due(walk, "statutory")) == ("2026-04-14", "2026-04-27")
    with time_machine.at(moment("2026-03-24")):
        assert [each for each in doctor.examine(full=True).findings if each.id <= 34] == []


def test_a_wait_alone_leaves_the_statute_alone():
    walk = build.application()
    Terms.objects.create(version=walk.version, waits=["site_check"], waits_basis="《办法》第八条", set_at=MONDAY)
    walk.received(MONDAY).accepted(MONDAY)
    walk.do(special.wait, moment("2026-03-04"), walk.city.reviewer, kind="site_check", days=5, reason="现场在山上")
    walk.do(special.end_wait, moment("2026-03-11"), walk.city.reviewer, result="已勘验")
    assert (due(walk, "promised"), due(walk, "statutory")) == ("2026-03-19", "2026-03-30")


def test_a_special_procedure_begun_and_ended_on_one_day_takes_nothing_out():
    walk = build.application().received(MONDAY).accepted(MONDAY)
    walk.suspended(moment("2026-03-04", "09:00")).resumed(moment("2026-03-04", "16:00"))
    assert (due(walk, "promised"), due(walk, "statutory")) == ("2026-03-12", "2026-03-30")


def test_silence_over_a_worked_sunday_accepts_from_the_day_of_receipt():
    walk = build.application().received(moment("2026-09-18"))
    assert due(walk, "pre_acceptance") == "2026-09-24"
    look(moment("2026-09-24", "16:59"))
    assert walk.file.state == "received"
    look(moment("2026-09-24", "17:01"))
    assert (walk.file.state, due(walk, "promised"), due(walk, "statutory")) == ("reviewing", "2026-09-30", "2026-10-22")
    with pytest.raises(NotAllowed):
        walk.asked(moment("2026-09-24", "17:02"))


def test_what_comes_in_the_evening_before_the_holiday_is_received_after_it():
    walk = build.application().received(moment("2026-09-30", "18:00"))
    assert due(walk, "pre_acceptance") == "2026-10-14"  # 9, worked Saturday 10, 12, 13, 14


def test_a_supplement_after_hours_counts_from_the_next_day_and_acceptance_reaches_back_to_it():
    walk = build.application().received(MONDAY).asked(moment("2026-03-04"))
    walk.supplemented(moment("2026-03-20", "18:00"))
    assert due(walk, "pre_acceptance") == "2026-03-30"
    walk.accepted(moment("2026-03-25"))
    assert (due(walk, "statutory"), due(walk, "promised")) == ("2026-04-21", "2026-04-02")


def test_rounds_of_supplements_never_make_the_applicant_late_and_silence_ends_the_case_on_its_day():
    walk = build.application().received(MONDAY).asked(moment("2026-03-04")).supplemented(moment("2026-03-25", "09:00"))
    with pytest.raises(Obstructed, match="已经告知过一次"):
        walk.asked(moment("2026-03-25", "10:00"))
    walk.asked(moment("2026-03-25", "10:00"), reason_again="新交的产权证是另一处房屋的")
    assert due(walk, "supplement") == "2026-04-16" and not walk.file.late
    look(moment("2026-04-16", "16:59"))
    assert walk.file.state == "correcting"
    look(moment("2026-04-16", "17:01"))
    assert (walk.file.state, walk.file.late) == ("terminated", False)


def test_a_decision_before_the_holidays_is_delivered_within_ten_working_days():
    walk = build.application().received(moment("2026-09-28")).accepted(moment("2026-09-28"))
    walk.reviewed(moment("2026-09-29")).granted(moment("2026-09-30", "16:50"))
    assert due(walk, "delivery") == "2026-10-20"
    assert walk.file.light(moment("2026-10-20", "17:00")).value != "red"
    assert walk.file.light(moment("2026-10-20", "17:01")).value == "red"


@pytest.mark.parametrize(
    ("unit", "n", "accepted", "expected"),
    [
        ("calendar_day", 20, "2026-09-11", "2026-10-08"), ("month", 3, "2026-07-01", "2026-10-08"),
        ("month", 1, "2026-01-30", "2026-02-28"), ("working_day", 3, "2026-02-13", "2026-02-25"),
    ],
)  # fmt: skip
def test_a_limit_of_another_unit_rolls_over_the_holiday(unit, n, accepted, expected):
    where = build.city()
    walk = build.application(where, build.item(where, statutory=n, promised=n, unit=unit))
    walk.received(moment(accepted)).accepted(moment(accepted))
    assert due(walk, "statutory") == expected


def test_a_case_of_natural_days_cannot_be_lengthened_by_working_days():
    where = build.city()
    walk = build.application(where, build.item(where, unit="calendar_day")).received(MONDAY).accepted(MONDAY)
    with pytest.raises(Obstructed, match="没有规定可以按工作日延长"):
        walk.extended(moment("2026-03-04"))


def test_deciding_at_the_stroke_of_closing_is_in_time_and_a_minute_later_is_not():
    where = build.city()
    for clock, late in (("17:00", False), ("17:01", True)):
        walk = build.application(where, build.item(where)).received(MONDAY).accepted(MONDAY).reviewed(MONDAY)
        walk.do(review.grant, moment("2026-03-12", clock), where.head, opinion="准予")
        assert walk.file.late is late
