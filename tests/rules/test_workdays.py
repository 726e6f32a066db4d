from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoneng.org.official_calendar import national
from xiaoneng.rules.workdays import (
    CHINA,
    Calendar,
    DayKind,
    OfficeHours,
    SpecialDay,
    close_of_business,
    local_day,
    receipt_day,
    remaining_work,
    working_time,
)

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 3, day) for day in (6, 7, 8, 9))


def test_a_make_up_sunday_is_worked_and_a_holiday_monday_is_not(official):
    assert official.kind(date(2025, 9, 28)) is DayKind.MAKEUP
    assert official.is_working(date(2025, 9, 28))
    assert official.kind(date(2026, 4, 6)) is DayKind.HOLIDAY
    assert not official.is_working(date(2026, 4, 6))
    assert official.name(date(2026, 4, 6)) == "清明"
    assert official.kind(FRIDAY) is DayKind.WORKING
    assert official.kind(SATURDAY) is DayKind.REST


def test_a_year_without_its_notice_is_provisional_and_rests_on_weekends_only(official):
    assert official.is_provisional(2027)
    assert not official.is_provisional(2026)
    assert official.is_working(date(2027, 1, 1))
    assert not official.is_working(date(2027, 1, 2))


def test_the_next_working_day_is_the_day_itself_when_it_works(official):
    assert official.next_working(FRIDAY) == FRIDAY
    assert official.next_working(SATURDAY) == MONDAY
    assert official.following_working(FRIDAY) == MONDAY
    assert official.preceding_working(MONDAY) == FRIDAY


@settings(deadline=None)
@given(st.dates(date(2004, 1, 1), date(2028, 6, 1)), st.integers(-40, 800))
def test_counting_by_table_agrees_with_walking_day_by_day(after, length):
    official, until = national(), after + timedelta(days=length)
    walked = [day for n in range(1, length + 1) if official.is_working(day := after + timedelta(days=n))]
    assert official.working_days_between(after, until) == len(walked)
    if walked:
        assert official.nth_working(after, len(walked)) == walked[-1]
        assert official.preceding_working(walked[-1] + timedelta(days=1)) == walked[-1]


def test_counting_beyond_the_calendar_is_refused_in_chinese(official):
    with pytest.raises(ValueError, match="超出可计算的范围"):
        official.nth_working(date(9998, 12, 1), 40)


def test_a_year_without_any_working_day_is_refused_instead_of_searched_for_ever():
    days = (date(2030, 1, 1) + timedelta(days=n) for n in range(365))
    asleep = Calendar("999999", 1, {day: SpecialDay(DayKind.HOLIDAY, "休") for day in days}, {2030: "通知"})
    with pytest.raises(ValueError, match="2030 年的日历中没有一个工作日"):
        asleep.following_working(date(2030, 5, 1))


def test_two_calendars_do_not_share_their_days():
    plain = Calendar("000000", 1, {}, {2026: "通知"})
    local = Calendar("640000", 1, {FRIDAY: SpecialDay(DayKind.HOLIDAY, "开斋节")}, {2026: "通知"})
    assert plain.next_working(FRIDAY) == FRIDAY
    assert local.next_working(FRIDAY) == MONDAY


@pytest.mark.parametrize("sessions", [(), ((time(9), time(9)),), ((time(13), time(17)), (time(9), time(12)))])
def test_office_hours_must_be_in_order(sessions):
    with pytest.raises(ValueError, match="办公时间"):
        OfficeHours(sessions)


def test_a_legal_day_ends_at_the_close_of_business_in_china(at):
    assert close_of_business(FRIDAY) == datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
    assert close_of_business(FRIDAY, OfficeHours(((time(9), time(18)),))) == at("2026-03-06", "18:00")


def test_the_day_is_told_by_chinas_clocks():
    assert local_day(datetime(2026, 3, 6, 17, 0, tzinfo=UTC)) == SATURDAY
    with pytest.raises(ValueError, match="时区"):
        local_day(datetime(2026, 3, 6, 17, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "moment", "received"),
    [
        ("2026-03-06", "07:30", "2026-03-06"),
        ("2026-03-06", "12:30", "2026-03-06"),
        ("2026-03-06", "17:00", "2026-03-06"),
        ("2026-03-06", "17:00:01", "2026-03-09"),
        ("2026-03-07", "10:00", "2026-03-09"),
        ("2026-03-08", "23:59", "2026-03-09"),
        ("2025-09-28", "10:00", "2025-09-28"),
        ("2025-09-30", "20:00", "2025-10-09"),
    ],
)
def test_what_arrives_after_close_or_on_a_rest_day_is_received_on_the_next_working_day(
    official, at, day, moment, received
):
    assert receipt_day(at(day, moment), official) == date.fromisoformat(received)


@pytest.mark.parametrize(
    ("now", "until", "words"),
    [
        (("2026-03-23", "12:00"), ("2026-03-25", "17:00"), "2 天 4 时"),
        (("2026-03-25", "09:24"), ("2026-03-25", "16:00"), "5 时 36 分"),
        (("2026-03-25", "16:24"), ("2026-03-25", "17:00"), "36 分"),
        (("2026-03-25", "15:00"), ("2026-03-25", "17:00"), "2 时"),
        (("2026-03-25", "16:59:30"), ("2026-03-25", "17:00"), "不足 1 分"),
        (("2026-03-25", "12:10"), ("2026-03-25", "12:50"), "不足 1 分"),
        (("2026-03-26", "20:00"), ("2026-03-25", "17:00"), "超 1 天"),
        (("2026-03-27", "10:00"), ("2026-03-25", "17:00"), "超 1 天 1 时"),
        (("2026-03-25", "17:30"), ("2026-03-25", "17:00"), "刚刚超期"),
        (("2026-04-03", "16:00"), ("2026-04-07", "10:00"), "2 时"),
    ],
)
def test_remaining_time_counts_office_hours_only(official, at, now, until, words):
    assert str(remaining_work(at(*now), at(*until), official)) == words


minutes = st.integers(0, 60 * 24 * 12)


@settings(max_examples=40, deadline=None)
@given(minutes, minutes, st.dates(date(2025, 9, 1), date(2026, 10, 1)))
def test_working_time_agrees_with_counting_every_minute(first, last, day):
    official, hours = national(), OfficeHours()
    first, last = sorted((first, last))
    opens = datetime.combine(day, time(), CHINA)
    walked = sum(
        official.is_working((moment := opens + timedelta(minutes=n)).date())
        and any(start <= moment.time() < end for start, end in hours.sessions)
        for n in range(first, last)
    )
    span = working_time(opens + timedelta(minutes=first), opens + timedelta(minutes=last), official, hours)
    assert span == timedelta(minutes=walked)
