"""Office hours change from a day to come, as a version of the calendar; what has passed keeps its hours."""

from datetime import date, time

import pytest

import build
from build import moment
from xiaoneng.approval.actions import recalculation
from xiaoneng.jobs import time_machine
from xiaoneng.jobs.doctor import dates, ground
from xiaoneng.jobs.doctor.reading import cases
from xiaoneng.kit.amiss import Amiss
from xiaoneng.matters import reads as matters
from xiaoneng.org import places, reads
from xiaoneng.org.models import Calendar, Region
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.workdays import OfficeHours, local, remaining_work
from xiaoneng.trail.actions import By

BY = By(0, "系统管理员")
AT = moment("2026-03-04")
SUMMER = "09:00-12:00,15:00-18:00"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9:00-12:00 13:30-17:30", "09:00-12:00,13:30-17:30"),
        ("9：00—12：00，14-18", "09:00-12:00,14:00-18:00"),
        ("08:30~17:00", "08:30-17:00"),
    ],
)
def test_hours_are_read_as_people_type_them(typed, kept):
    assert places.hours_from(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "九点到五点", "9-8", "9:00-12:00 11:00-17:00", "25:00-26:00", "9-10 10-11 12-13 14-15"]
)
def test_hours_that_are_none_are_refused(typed):
    with pytest.raises(Amiss, match=r"办公时间|三段"):
        places.hours_from(typed)


def test_each_day_has_the_hours_that_hold_on_it():
    hours = reads.office_hours(f"09:00-12:00,13:00-17:00;2026-06-01={SUMMER}")
    assert hours.on(date(2026, 5, 31)).closes == time(17) and hours.on(date(2026, 6, 1)).closes == time(18)
    assert local(hours.close_of_business(date(2026, 6, 1))).time() == time(18)


def test_time_left_is_counted_under_the_hours_of_each_day():
    long = OfficeHours(((time(8), time(12)), (time(13), time(19))))
    hours = OfficeHours(later=((date(2026, 3, 24), long),))
    calendar = reads.Calendar("000000", 1, {}, {2026: ""})
    span = remaining_work(moment("2026-03-23", "16:00"), moment("2026-03-24", "19:00"), calendar, hours)
    assert (span.days, span.minutes) == (1, 4 * 60)  # an hour today and ten tomorrow; a day of today's has seven


@pytest.mark.django_db
def test_a_change_moves_the_end_of_days_to_come_with_an_entry_and_the_doctor_counts_the_same():
    where = build.city()
    version = build.item(where)
    walk = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    promised, first = walk.file.clock("promised"), walk.file.clock("pre_acceptance")
    assert local(promised.red_at).time() == time(17) and promised.due_on == date(2026, 3, 12)
    before = Calendar.objects.get(name="全国").version
    region = where.department.region_id
    places.change_hours(region, "9:00-12:00 15:00-18:00", since=date(2026, 3, 10), by=BY, at=AT, reason="夏令")
    with time_machine.at(AT):
        assert recalculation.recalculate_what_is_stale(lambda: AT) == 1
    moved = walk.file.clock("promised")
    assert local(moved.red_at).time() == time(18) and moved.due_on == promised.due_on
    assert moved.calendar_version == before + 1 and walk.file.clock("pre_acceptance") == first
    told = {each["clock"]: each for each in matters.journal(walk.matter)[0].facts["what"]["dates"]}
    assert (told["promised"]["from_hour"], told["promised"]["to_hour"]) == ("17:00", "18:00")
    assert faults_of_dates(AT) == []
    walk.reviewed(AT)
    places.withdraw_hours(region, by=BY, at=AT, reason="撤销")
    with time_machine.at(AT):
        recalculation.recalculate_what_is_stale(lambda: AT)
    assert local(walk.file.clock("promised").red_at).time() == time(17)
    assert faults_of_dates(AT) == []


def faults_of_dates(now):
    facts = ground.read(now)
    found = []
    for case in cases(None):
        facts.learn(entry.item_version for entry in case.entries if entry.item_version)
        found += list(dates.check(case, facts))
    return found


@pytest.mark.django_db
def test_the_doctor_would_see_a_change_that_was_not_versioned():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    Region.objects.filter(pk=walk.city.department.region_id).update(office_hours=SUMMER)
    assert {fault.id for fault in faults_of_dates(AT)} == {16}


@pytest.mark.django_db
def test_a_day_that_has_begun_keeps_its_hours():
    region = build.city().department.region_id
    for since in (date(2026, 3, 4), date(2026, 3, 1)):
        with pytest.raises(Amiss, match="只能从明天"):
            places.change_hours(region, "9-12 15-18", since=since, by=BY, at=AT, reason="夏令")
    with pytest.raises(Amiss, match="一样"):
        places.change_hours(region, "9-12 13-17", since=date(2026, 3, 5), by=BY, at=AT, reason="夏令")
    with pytest.raises(NotAllowed, match="不用撤销"):
        places.withdraw_hours(region, by=BY, at=AT, reason="")
