"""Whole columns are counted as one due day is, and the index as walking from day to day."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from xiaoneng.jobs.many_due import Columns
from xiaoneng.org.official_calendar import national
from xiaoneng.rules.intervals import Pause
from xiaoneng.rules.workdays import Calendar

DAYS = [date(2019, 12, 25) + timedelta(days=n) for n in range(0, 2600, 13)]


def walked(start: date, n: int, pauses: tuple[Pause, ...] = (), calendar: Calendar | None = None) -> date:
    days, day = calendar or national(), start
    while n:
        day += timedelta(days=1)
        n -= days.is_working(day) and not any(pause.excludes(day) for pause in pauses)
    return day


def test_a_column_of_due_days_is_the_due_days():
    limits = [1 + n % 45 for n in range(len(DAYS))]
    found = Columns(national()).due(pa.array(DAYS, pa.date32()), pa.array(limits, pa.int32()))
    assert found.to_pylist() == [walked(day, n) for day, n in zip(DAYS, limits, strict=True)]


@pytest.mark.parametrize("first", [-3, 0, 2, 30])
def test_the_index_counts_through_pauses_as_walking_does(first):
    for day in DAYS[::4]:
        start = day + timedelta(days=first)
        pauses = (
            Pause(start, start + timedelta(days=9)),
            Pause(start + timedelta(days=12), start + timedelta(days=16)),
        )
        assert national().due_after(day, 20, pauses) == walked(day, 20, pauses)


def test_outside_the_index_days_are_counted_year_by_year():
    far = Calendar("x", 1, {}, {})
    assert far.due_after(date(2079, 12, 25), 10, ()) == date(2080, 1, 8)
    assert far.due_after(date(1989, 12, 29), 1, ()) == date(1990, 1, 1)
    assert far.due_after(date(2079, 12, 20), 10, (Pause(date(2079, 12, 22), date(2080, 1, 5)),)) == date(2080, 1, 17)
    assert far.due_after(date(2079, 12, 20), 10, (Pause(date(2079, 12, 22)),)) is None


@pytest.mark.parametrize("edge", [date(1989, 12, 31), date(2079, 12, 31)])
@pytest.mark.parametrize("begun", [-8, -1, 0, 1, 6])
@pytest.mark.parametrize("paused", [-9, -2, 0, 1, 3])
def test_across_the_index_s_edges_the_count_is_the_walk(edge, begun, paused):
    far, start, stood = Calendar("x", 1, {}, {}), edge + timedelta(days=begun), edge + timedelta(days=paused)
    pauses = (Pause(stood, stood + timedelta(days=4)), Pause(stood + timedelta(days=6), stood + timedelta(days=7)))
    for n in (1, 4, 9):
        assert far.due_after(start, n) == walked(start, n, (), far)
        assert far.due_after(start, n, pauses) == walked(start, n, pauses, far)


def test_a_column_that_leaves_the_index_says_so_and_gives_no_day():
    columns, limits = Columns(national()), pa.array([3, 3], pa.int32())
    for outside in (date(1989, 12, 29), date(1969, 7, 20), date(2079, 12, 29)):
        with pytest.raises(pa.ArrowIndexError):
            columns.due(pa.array([date(2026, 3, 2), outside], pa.date32()), limits)
