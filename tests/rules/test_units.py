import pytest

from xiaoneng.rules.limits import CalendarDays, Hours, Months, WorkingDays, limit


def test_a_limit_is_written_in_its_own_unit():
    assert [str(one) for one in (WorkingDays(20), CalendarDays(15), Hours(4), Months(3))] == [
        "20 个工作日", "15 日", "4 小时", "3 个月",
    ]  # fmt: skip


def test_lengths_of_one_unit_add_up_and_compare():
    assert WorkingDays(20) + WorkingDays(10) == WorkingDays(30)
    assert WorkingDays(8) < WorkingDays(20)


def test_working_days_and_calendar_days_can_be_neither_added_nor_compared_nor_equal():
    with pytest.raises(TypeError, match="20 个工作日与10 日"):
        WorkingDays(20) + CalendarDays(10)
    with pytest.raises(TypeError):
        assert WorkingDays(20) < CalendarDays(30)
    assert WorkingDays(20) != CalendarDays(20)


@pytest.mark.parametrize(
    ("unit", "n", "made"),
    [
        ("working_day", 0, WorkingDays(0)),
        ("working_day", 20, WorkingDays(20)),
        ("calendar_day", 15, CalendarDays(15)),
        ("hour", 4, Hours(4)),
        ("month", 3, Months(3)),
    ],
)
def test_a_row_of_a_table_becomes_a_limit(unit, n, made):
    assert limit(unit, n) == made
    assert made.unit == unit


@pytest.mark.parametrize(
    ("unit", "n"),
    [
        ("week", 2),
        ("", 2),
        ("working_day", -1),
        ("working_day", 10_000),
        ("hour", 0),
        ("month", 0),
        ("hour", 1.5),
        ("hour", True),
    ],
)
def test_what_is_no_limit_is_refused_in_chinese(unit, n):
    with pytest.raises(ValueError, match="请"):
        limit(unit, n)
