from datetime import date, datetime, time, timedelta

import pytest

from xiaoneng.rules.limits import (
    DELIVERY,
    PRE_ACCEPTANCE,
    CalendarDays,
    Hours,
    Light,
    Months,
    Pause,
    Threshold,
    WorkingDays,
    deadline,
    light,
    light_at,
    used,
    when_paused,
)
from xiaoneng.rules.units import WARNED
from xiaoneng.rules.workdays import CHINA, OfficeHours


def day(text: str) -> date:
    return date.fromisoformat(text)


def pause(start: str, end: str | None = None) -> Pause:
    return Pause(day(start), day(end) if end else None)


REVIEW, TESTING = pause("2026-03-09", "2026-03-20"), pause("2026-03-18", "2026-03-25")


@pytest.mark.parametrize(
    ("start", "limit", "pauses", "due"),
    [
        ("2025-09-26", WorkingDays(5), [], "2025-10-10"),
        ("2025-09-28", WorkingDays(5), [], "2025-10-11"),
        ("2025-01-24", WorkingDays(20), [], "2025-02-27"),
        ("2026-02-13", WorkingDays(5), [], "2026-02-27"),
        ("2026-03-02", WorkingDays(20), [], "2026-03-30"),
        ("2026-03-02", WorkingDays(20), [REVIEW], "2026-04-13"),
        ("2026-03-02", WorkingDays(8), [REVIEW], "2026-03-25"),
        ("2026-03-02", WorkingDays(20), [REVIEW, TESTING], "2026-04-16"),
        ("2026-03-02", WorkingDays(20), [TESTING, REVIEW], "2026-04-16"),
        ("2026-03-06", PRE_ACCEPTANCE, [], "2026-03-13"),
        ("2026-03-06", WorkingDays(20), [], "2026-04-03"),
        ("2025-09-20", CalendarDays(15), [], "2025-10-09"),
        ("2026-02-05", CalendarDays(15), [], "2026-02-24"),
        ("2026-03-02", DELIVERY, [], "2026-03-16"),
        ("2026-01-31", Months(1), [], "2026-02-28"),
        ("2024-01-31", Months(1), [], "2024-02-29"),
        ("2026-01-15", Months(3), [], "2026-04-15"),
        ("2026-07-01", Months(3), [], "2026-10-08"),
        ("2025-11-30", Months(3), [], "2026-02-28"),
    ],
)
def test_limits_end_on_the_day_the_law_says(official, start, limit, pauses, due):
    found = deadline(limit, day(start), calendar=official, pauses=pauses)
    assert found is not None
    assert found.due_on == day(due)
    assert found.red_at == datetime.combine(day(due), found.red_at.timetz())
    assert f"{found.red_at:%H:%M}" == "17:00"
    assert not found.provisional


def test_the_whole_limit_carries_its_extension(official):
    found = deadline(WorkingDays(20), day("2026-03-02"), calendar=official, extension=WorkingDays(10))
    assert found is not None
    assert found.limit == WorkingDays(30)
    assert found.due_on == day("2026-04-14")


def test_an_extension_in_another_unit_is_a_type_error(official):
    with pytest.raises(TypeError, match="单位不同"):
        deadline(WorkingDays(20), day("2026-03-02"), calendar=official, extension=CalendarDays(10))


def test_an_open_pause_hides_the_due_day(official):
    assert deadline(WorkingDays(20), day("2026-03-02"), calendar=official, pauses=[pause("2026-03-09")]) is None


@pytest.mark.parametrize("start", ["2026-03-09", "2026-03-10"])
def test_a_pause_that_opens_on_the_due_day_or_later_hides_nothing(official, start):
    found = deadline(WorkingDays(5), day("2026-03-02"), calendar=official, pauses=[pause(start)])
    assert found is not None
    assert found.due_on == day("2026-03-09")


def test_a_pause_that_ended_before_the_start_takes_nothing_out(official):
    found = deadline(WorkingDays(5), day("2026-03-02"), calendar=official, pauses=[pause("2026-02-01", "2026-02-27")])
    assert found is not None
    assert found.due_on == day("2026-03-09")


@pytest.mark.parametrize(
    ("limit", "start", "threshold", "yellow"),
    [
        (WorkingDays(8), "2026-03-02", None, "2026-03-10"),
        (WorkingDays(20), "2026-03-02", None, "2026-03-24"),
        (WorkingDays(20), "2026-03-02", Threshold(0, 2), "2026-03-26"),
        (WorkingDays(20), "2026-03-02", Threshold(0, 0), "2026-03-30"),
        (WorkingDays(20), "2026-03-02", Threshold(50, 1), "2026-03-16"),
        (WorkingDays(5), "2026-03-02", Threshold(0, 9), "2026-03-03"),
        (WorkingDays(2), "2026-03-06", None, "2026-03-09"),
        (WorkingDays(1), "2026-03-06", None, "2026-03-09"),
        (CalendarDays(15), "2026-03-02", None, "2026-03-14"),
        (CalendarDays(1), "2026-03-06", None, "2026-03-09"),
        (Months(1), "2026-03-02", None, "2026-03-26"),
        (Months(1), "2026-03-02", Threshold(0, 3), "2026-03-30"),
    ],
)
def test_a_light_turns_yellow_at_midnight_of_the_day_on_which_little_is_left(
    official, at, limit, start, threshold, yellow
):
    found = deadline(limit, day(start), calendar=official, threshold=threshold or WARNED)
    assert found is not None
    assert found.yellow_at == at(yellow, "00:00")


def test_yellow_waits_for_the_end_of_a_pause(official, at):
    found = deadline(WorkingDays(8), day("2026-03-02"), calendar=official, pauses=[REVIEW])
    assert found is not None
    assert found.yellow_at == at("2026-03-23", "00:00")


@pytest.mark.parametrize("numbers", [(20, -1), (-1, 1), (100, 1)])
def test_a_threshold_below_nothing_or_of_the_whole_is_refused(numbers):
    with pytest.raises(ValueError, match="预警天数"):
        Threshold(*numbers)


@pytest.mark.parametrize(("start", "due"), [("2026-03-06", "2026-03-06"), ("2026-03-07", "2026-03-09")])
def test_an_instant_case_is_yellow_from_opening_to_the_close_of_its_day(official, at, start, due):
    found = deadline(WorkingDays(0), day(start), calendar=official, pauses=[pause(start)])
    assert found is not None
    assert (found.due_on, found.yellow_at, found.red_at) == (day(due), at(due, "09:00"), at(due, "17:00"))


def test_hours_run_by_day_and_night_from_their_moment(official, at):
    start = at("2026-03-06", "16:00")
    found = deadline(Hours(10), day("2026-03-06"), calendar=official, started_at=start)
    assert found is not None
    assert (found.yellow_at, found.red_at) == (at("2026-03-07", "00:00"), at("2026-03-07", "02:00"))
    assert found.due_on == day("2026-03-07")


def test_hours_stand_still_on_the_days_of_a_pause(official, at):
    start, days = at("2026-03-06", "16:00"), [pause("2026-03-06", "2026-03-08")]
    found = deadline(Hours(10), day("2026-03-06"), calendar=official, started_at=start, pauses=days)
    assert found is not None
    assert found.red_at == at("2026-03-09", "02:00")
    hidden = deadline(Hours(10), day("2026-03-06"), calendar=official, started_at=start, pauses=[pause("2026-03-06")])
    assert hidden is None
    sooner = deadline(Hours(8), day("2026-03-06"), calendar=official, started_at=start, pauses=[pause("2026-03-06")])
    assert sooner is not None
    assert sooner.red_at == at("2026-03-07", "00:00")


def test_hours_without_a_moment_are_refused(official):
    with pytest.raises(ValueError, match="起算时刻"):
        deadline(Hours(4), day("2026-03-06"), calendar=official)


@pytest.mark.parametrize(
    ("limit", "start", "provisional"),
    [
        (WorkingDays(5), "2026-12-24", False),
        (WorkingDays(6), "2026-12-24", True),
        (CalendarDays(10), "2026-12-25", True),
        (CalendarDays(6), "2026-12-25", False),
        (Months(1), "2026-12-01", True),
        (WorkingDays(1), "2003-12-30", True),
        (WorkingDays(1), "2003-12-31", False),
    ],
)
def test_a_date_counted_through_a_year_without_notice_is_provisional(official, limit, start, provisional):
    found = deadline(limit, day(start), calendar=official)
    assert found is not None
    assert found.provisional is provisional


@pytest.mark.parametrize("limit", [WorkingDays(9999), CalendarDays(9999), Months(9999)])
def test_a_date_beyond_every_calendar_is_refused_in_chinese(official, limit):
    with pytest.raises(ValueError, match="超出可计算的范围"):
        deadline(limit, day("9990-06-01"), calendar=official)


def test_deciding_exactly_at_the_close_is_on_time_and_a_moment_later_is_not(official, at):
    found = deadline(WorkingDays(8), day("2026-03-02"), calendar=official, pauses=[REVIEW])
    assert light(found, at("2026-03-22", "23:59:59")) is Light.GREEN
    assert light(found, at("2026-03-23", "00:00")) is Light.YELLOW
    assert light(found, at("2026-03-25", "17:00")) is Light.YELLOW
    assert light(found, at("2026-03-25", "17:00") + timedelta(microseconds=1)) is Light.RED


def test_a_hidden_due_day_shows_as_paused(at):
    assert light(None, at("2026-03-10", "09:00")) is Light.PAUSED
    assert light_at(None, None, True, at("2026-03-10", "09:00")) is Light.PAUSED


def test_a_red_that_was_there_before_a_pause_is_not_shown_as_paused(at):
    assert light_at(None, at("2026-03-09", "17:00"), True, at("2026-03-10", "09:00")) is Light.RED
    assert light_at(None, at("2026-03-09", "17:00"), True, at("2026-03-09", "17:00")) is Light.PAUSED


def test_pausing_never_unlights_red(official, at):
    start, backdated = day("2026-03-02"), [pause("2026-03-05")]
    before = deadline(WorkingDays(5), start, calendar=official)
    after = deadline(WorkingDays(5), start, calendar=official, pauses=backdated)
    assert after is None
    assert when_paused(before, after, at("2026-03-09", "17:00")) is None
    assert when_paused(before, after, at("2026-03-09", "17:01")) is before


def test_each_light_has_a_word_and_a_shape():
    assert [f"{one.shape} {one.word}" for one in Light] == ["● 正常", "▲ 将到期", "■ 超期", "⏸ 暂停"]


@pytest.mark.parametrize(
    ("on", "days"), [("2026-03-02", 0), ("2026-03-09", 5), ("2026-03-15", 5), ("2026-03-23", 6), ("2026-03-25", 8)]
)
def test_days_used_stand_still_during_a_pause(official, on, days):
    assert used(day("2026-03-02"), "working_day", [REVIEW], official, day(on)) == days


def test_hours_are_not_counted_in_days(official):
    with pytest.raises(ValueError, match="小时"):
        used(day("2026-03-02"), "hour", [], official, day("2026-03-03"))


def test_the_red_instant_follows_the_regions_office_hours(official, at):
    summer = OfficeHours(((time(8), time(12)), (time(15), time(18, 30))))
    found = deadline(WorkingDays(5), day("2026-03-02"), calendar=official, hours=summer)
    assert found is not None
    assert found.red_at == at("2026-03-09", "18:30")
    assert found.red_at.tzinfo is CHINA
