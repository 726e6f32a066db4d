"""The ladder of reminders: in working time, each rung once however late or often the worker runs, answers kept."""

from datetime import timedelta

import pytest

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.org.models import Setting
from xiaoneng.org.official_calendar import national
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.urging import after_work, called_for, ladder
from xiaoneng.rules.workdays import OFFICE_HOURS
from xiaoneng.supervision import issued_reads, models, urging

FRIDAY = moment("2026-03-13", "16:00")


@pytest.mark.parametrize(
    ("start", "hours", "until"),
    [
        (moment("2026-03-13", "16:00"), 2, moment("2026-03-16", "10:00")),  # over a weekend
        (moment("2026-03-13", "11:30"), 1, moment("2026-03-13", "13:30")),  # over lunch
        (moment("2026-03-12", "17:00"), 0, moment("2026-03-13", "09:00")),  # after hours: the next opening
        (moment("2026-03-12", "17:00"), 7, moment("2026-03-13", "17:00")),
        (moment("2026-03-14", "10:00"), 0, moment("2026-03-16", "09:00")),
    ],
)
def test_hours_of_the_ladder_are_office_hours(start, hours, until):
    assert after_work(start, timedelta(hours=hours), national(), OFFICE_HOURS) == until


def test_each_rung_comes_due_at_its_own_instant_however_late_one_asks():
    rungs, red = ladder(deputy=0, head=7, supervisor=14), moment("2026-03-12", "17:00")
    calls = called_for(rungs, moment("2026-03-11", "00:00"), red, moment("2026-03-20"), national(), OFFICE_HOURS)
    assert [(call.rung.number, call.due_at) for call in calls] == [
        (1, moment("2026-03-11", "09:00")), (2, moment("2026-03-13", "09:00")), (3, moment("2026-03-13", "17:00")),
        (4, moment("2026-03-16", "17:00")),
    ]  # fmt: skip


@pytest.fixture
def case(db):
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02", "11:00"))
    walk.deputy = build.holder(walk.city.department, "分管领导", "deputy_head")
    return walk


def remind(at) -> int:
    with time_machine.at(at):
        return urging.remind_who_is_due(lambda: at)


def told(case) -> list[tuple[int, list[int]]]:
    rows = models.Reminder.objects.filter(about_id=case.matter).order_by("rung")
    return [(row.rung, row.recipients) for row in rows]


def test_the_ladder_climbs_from_the_handler_to_the_supervisor_and_tells_each_once(case):
    assert remind(moment("2026-03-09")) == 0  # green
    assert remind(moment("2026-03-11", "09:30")) == 1
    assert remind(moment("2026-03-13", "09:01")) == 1
    assert remind(moment("2026-03-13", "17:01")) == 1
    assert remind(moment("2026-03-16", "17:01")) == 1
    city = case.city
    assert told(case) == [
        (1, [city.reviewer.account]), (2, [case.deputy.account]), (3, [city.head.account]), (4, [city.supervisor.account]),
    ]  # fmt: skip
    assert remind(moment("2026-03-17")) == 0


def test_a_worker_that_was_dead_for_days_records_every_rung_with_its_true_instant(case):
    assert remind(moment("2026-03-30")) == 4
    rows = models.Reminder.objects.filter(about_id=case.matter).order_by("rung")
    assert [row.due_at for row in rows][:2] == [moment("2026-03-10", "09:00"), moment("2026-03-13", "09:00")]
    assert {row.recorded_at for row in rows} == {moment("2026-03-30")}


def test_whoever_claimed_the_case_is_the_one_who_is_told(case):
    from xiaoneng.approval.actions import claims

    other = build.holder(case.city.department, "同事", "reviewer")
    claims.take(case.matter, by=other.account, at=moment("2026-03-03"))
    remind(moment("2026-03-11", "09:30"))
    assert told(case) == [(1, [other.account])]


def test_the_hours_are_settings_and_the_whole_ladder_can_be_switched_off(case):
    Setting.objects.create(key="urge_head", value=100, changed_at=FRIDAY, changed_by="简明之")
    assert remind(moment("2026-03-16", "17:01")) == 3  # all but the head
    Setting.objects.create(key="urge_on", value=False, changed_at=FRIDAY, changed_by="简明之")
    build.application(case.city, case.version).received(moment("2026-03-02"))
    assert remind(moment("2026-03-30")) == 0


def test_a_paused_case_is_left_in_peace(case):
    case.suspended(moment("2026-03-05"))
    assert remind(moment("2026-03-20")) == 0


def test_an_answer_is_given_once_by_somebody_who_was_told(case):
    remind(moment("2026-03-11", "09:30"))
    row = models.Reminder.objects.get(about_id=case.matter)
    with pytest.raises(NotFound):
        urging.answer(row.pk, text="我来答", by=case.city.head.account, at=FRIDAY)
    assert issued_reads.how_many_wait(case.city.reviewer.account, FRIDAY) == 1
    urging.answer(row.pk, text="等气象数据，周一办结。", by=case.city.reviewer.account, at=FRIDAY)
    with pytest.raises(NotAllowed, match="已经有人答复"):
        urging.answer(row.pk, text="再答", by=case.city.reviewer.account, at=FRIDAY)
    assert issued_reads.reminders_about(case.matter)[0].answer == "等气象数据，周一办结。"
    assert issued_reads.how_many_wait(case.city.reviewer.account, FRIDAY) == 0
