"""Limits as sources write them."""

import pytest

from xiaoneng.catalogue.imports.limits import NotALimit, is_longer, parse
from xiaoneng.rules.units import CalendarDays, Hours, Months, WorkingDays


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("30(工作日)", WorkingDays(30)),
        ("30（工作日）", WorkingDays(30)),
        ("30 个工作日", WorkingDays(30)),
        ("３０工作日", WorkingDays(30)),
        ("90(自然日)", CalendarDays(90)),
        ("24(小时)", Hours(24)),
        ("6个月", Months(6)),
        ("0(工作日)", WorkingDays(0)),
        ("当场办结", WorkingDays(0)),
        ("3650(自然日)", CalendarDays(3650)),
    ],
)
def test_limits_are_read_with_their_units(words, limit):
    assert parse(words) == limit


REFUSED = [
    "", "工作日", "20", "20天", "20日", "-1(工作日)", "1.5(工作日)", "3651(工作日)", "121个月", "0(小时)",
    "20(工作日)起", "几十(工作日)", "20(工作日)(工作日)", "1" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("words", REFUSED, ids=[words[:12] for words in REFUSED])
def test_words_that_set_no_clear_limit_are_refused_with_advice(words):
    with pytest.raises(NotALimit) as refusal:
        parse(words)
    assert "未采用" in str(refusal.value)


def test_a_promise_is_longer_only_where_that_is_certain():
    assert is_longer(WorkingDays(21), WorkingDays(20))
    assert not is_longer(WorkingDays(20), WorkingDays(20))
    assert is_longer(WorkingDays(31), CalendarDays(30))
    assert not is_longer(WorkingDays(30), CalendarDays(30))
    assert not is_longer(CalendarDays(30), WorkingDays(20))


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("二十个工作日", WorkingDays(20)), ("一百八十日历日", CalendarDays(180)), ("自受理之日起5个工作日内办结", WorkingDays(5)),
        ("受理后十五个工作日内作出决定", WorkingDays(15)), ("法定时限：两个月", Months(2)), ("当场办结", WorkingDays(0)),
    ],
)  # fmt: skip
def test_numerals_and_what_is_written_around_a_limit_are_read(words, limit):
    assert parse(words) == limit
