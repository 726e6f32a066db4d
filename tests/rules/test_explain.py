from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import naive
from xiaoneng.org.official_calendar import national
from xiaoneng.rules.explain import CellKind, explain
from xiaoneng.rules.limits import CalendarDays, Hours, Months, Pause, WorkingDays
from xiaoneng.rules.tracks import Wording
from xiaoneng.rules.workdays import CHINA

REVIEW = Pause(date(2026, 3, 9), date(2026, 3, 20), "专家评审", date(2026, 3, 9))
TESTING = Pause(date(2026, 3, 18), date(2026, 3, 25), "检验")
SECOND_OF_MARCH = date(2026, 3, 2)


@pytest.fixture
def gas_licence(official):
    """A gas licence: accepted on 2 March, expert review from 9 to 20 March, promised in 8 and due in 20 days."""
    return explain(
        SECOND_OF_MARCH, WorkingDays(8), WorkingDays(20), [REVIEW], calendar=official, today=date(2026, 3, 23)
    )


def told(explanation):
    return [(one.text, one.basis, one.result) for one in explanation.sentences]


def test_the_sentences_lead_from_acceptance_to_both_dates(gas_licence):
    assert told(gas_licence) == [
        ("3月2日受理，当天不计，3月3日起算", "《民法典》第二百零一条", "第 0 日"),
        ("3月3日至9日，计入 5 个工作日", "《行政许可法》第八十二条：按工作日计，不含法定节假日", "第 5 日"),
        (
            "3月9日专家评审开始，20日结束：10日至20日的 9 个工作日不计",
            "《行政许可法》第四十五条，已于3月9日书面告知",
            "仍是第 5 日",
        ),
        ("3月23日起继续数，数满 8 日", "", "承诺 3月25日"),
        ("4月4日至6日清明放假，数满 20 日", "国务院办公厅关于2026年部分节假日安排的通知", "法定 4月13日"),
    ]


def test_the_calendar_shows_every_day_from_monday_to_sunday(gas_licence):
    rows = [[f"{cell.date_text} {cell.label}".strip() for cell in week.cells] for week in gas_licence.weeks]
    assert rows[0] == ["3/2 受理日", "3 第1日", "4 第2日", "5 第3日", "6 第4日", "7 休", "8 休"]
    assert rows[1] == ["9 第5日", "10 暂停", "11 暂停", "12 暂停", "13 暂停", "14 休", "15 休"]
    assert rows[4] == ["30 第11日", "31 第12日", "4/1 第13日", "2 第14日", "3 第15日", "4 清明", "5 清明"]
    assert rows[6] == ["13 第20日", "14", "15", "16", "17", "18", "19"]
    assert [week.counted for week in gas_licence.weeks] == [4, 1, 0, 5, 5, 4, 1]


def test_today_and_both_due_days_are_marked(gas_licence):
    cells = {cell.day: cell for week in gas_licence.weeks for cell in week.cells}
    assert cells[date(2026, 3, 23)].mark == "今天"
    assert cells[date(2026, 3, 25)].mark == "承诺"
    assert cells[date(2026, 4, 13)].mark == "法定"
    assert [day for day, cell in cells.items() if cell.promised_due] == [date(2026, 3, 25)]
    assert [day for day, cell in cells.items() if cell.statutory_due] == [date(2026, 4, 13)]
    assert cells[date(2026, 4, 14)].kind is CellKind.OUTSIDE


def test_what_is_left_and_how_to_read_the_table_is_said(gas_licence):
    assert gas_licence.title == "3月2日至4月13日"
    assert gas_licence.intro == (
        "从受理第二天数起，休息日、假日和暂停期间不数。第 8 日是承诺期限，第 20 日是法定期限。"
    )
    assert (gas_licence.promised_left, gas_licence.statutory_left) == (2, 14)


def test_clocks_with_different_pauses_are_told_one_after_the_other(official):
    explained = explain(
        SECOND_OF_MARCH,
        WorkingDays(8),
        WorkingDays(20),
        [REVIEW, TESTING],
        WorkingDays(10),
        calendar=official,
        today=date(2026, 3, 23),
        promised_pauses=[REVIEW],
    )
    texts = [one.text for one in explained.sentences]
    assert "承诺：3月23日起继续数，数满 8 日" in texts
    assert "法定：经批准延长 10 个工作日，期限由 20 个工作日改为 30 个工作日" in texts
    assert (
        "法定：3月9日专家评审开始，20日结束；3月18日检验开始，25日结束："
        "3月10日至25日的 12 个工作日不计，重叠的日子只算一次"
    ) in texts
    assert explained.sentences[-1].result == "法定 4月30日"
    cells = {cell.day: cell for week in explained.weeks for cell in week.cells}
    assert (cells[date(2026, 3, 25)].label, cells[date(2026, 3, 25)].promised_number) == ("暂停", 8)


def test_a_make_up_day_and_the_holiday_it_pays_for_are_named(official):
    explained = explain(
        date(2025, 9, 26), None, WorkingDays(5), calendar=official, today=date(2025, 9, 28),
        wording=Wording(start="收件"),
    )  # fmt: skip
    makeup = explained.weeks[0].cells[6]
    assert (makeup.kind, makeup.label, makeup.mark) == (CellKind.MAKEUP, "第1日", "今天 班")
    assert explained.weeks[0].cells[4].label == "收件日"
    assert explained.sentences[1].text == (
        "9月28日起数，9月28日调休上班、计入，10月1日至8日国庆节、中秋放假，数满 5 日"
    )
    assert explained.promised is None


def test_calendar_days_count_on_rest_days_and_roll_forward_at_the_end(official):
    explained = explain(date(2026, 2, 5), None, CalendarDays(15), calendar=official, today=date(2026, 2, 6))
    assert told(explained)[1:] == [
        ("2月6日起数，数满 15 日", "按自然日计，休息日、节假日也计入", "第 15 日"),
        ("2月20日是春节休息日，顺延到休息结束的次日", "《民法典》第二百零三条第一款", "法定 2月24日"),
    ]
    cells = {cell.day: cell for week in explained.weeks for cell in week.cells}
    assert cells[date(2026, 2, 7)].label == "第2日"
    assert (cells[date(2026, 2, 21)].kind, cells[date(2026, 2, 24)].kind) == (CellKind.HOLIDAY, CellKind.DUE)


def test_months_are_told_by_their_corresponding_day(official):
    explained = explain(date(2026, 1, 31), None, Months(1), calendar=official, today=date(2026, 2, 2))
    assert told(explained)[1] == ("1 个月后的对应日是2月28日，合 28 日", "《民法典》第二百零二条", "共 28 日")


def test_an_open_pause_leaves_the_end_unsaid_and_shows_up_to_today(official):
    hearing = Pause(date(2026, 3, 9), None, "听证")
    explained = explain(SECOND_OF_MARCH, None, WorkingDays(20), [hearing], calendar=official, today=date(2026, 3, 24))
    assert explained.statutory is None
    assert explained.sentences[-1].text == "3月9日听证开始，尚未结束：3月10日起不计"
    assert explained.sentences[-1].result == "停在第 5 日"
    assert explained.weeks[-1].cells[1].mark == "今天"


def test_a_year_without_notice_is_said_to_be_provisional(official):
    explained = explain(date(2026, 12, 21), None, WorkingDays(20), calendar=official, today=date(2026, 12, 21))
    assert explained.provisional
    assert explained.sentences[-1].text.startswith("2027年的放假安排尚未公布")
    assert explained.sentences[-2].result == "法定 2027年1月18日"
    assert [cell.provisional for cell in explained.weeks[1].cells] == [False] * 4 + [True] * 3


def test_a_case_on_the_spot_and_a_limit_in_hours_are_told_too(official):
    on_the_spot = explain(SECOND_OF_MARCH, WorkingDays(0), None, calendar=official, today=SECOND_OF_MARCH)
    assert told(on_the_spot) == [
        ("3月2日受理", "", "当日"),
        ("当场办结", "《民法典》第二百零三条第二款", "承诺 3月2日 17:00"),
    ]
    by_the_hour = explain(
        SECOND_OF_MARCH, None, Hours(4), calendar=official, today=SECOND_OF_MARCH,
        started_at=datetime(2026, 3, 2, 22, tzinfo=CHINA), wording=Wording(start="派单"),
    )  # fmt: skip
    assert told(by_the_hour)[1] == ("连续计算 4 小时", "", "法定 3月3日 02:00")


def test_each_pause_of_several_is_told_by_itself(official):
    later = Pause(date(2026, 3, 24), date(2026, 3, 26), "检验")
    explained = explain(
        SECOND_OF_MARCH, None, WorkingDays(10), [REVIEW, later], calendar=official, today=SECOND_OF_MARCH
    )
    assert [(text, result) for text, _, result in told(explained)][1:] == [
        ("3月3日至9日，计入 5 个工作日", "第 5 日"),
        ("3月9日专家评审开始，20日结束：10日至20日的 9 个工作日不计", "仍是第 5 日"),
        ("3月21日至24日，计入 2 个工作日", "第 7 日"),
        ("3月24日检验开始，26日结束：25日至26日的 2 个工作日不计", "仍是第 7 日"),
        ("3月27日起继续数，数满 10 日", "法定 3月31日"),
    ]


@pytest.mark.parametrize("elsewhere", [Pause(date(2026, 2, 2), date(2026, 3, 2)), Pause(date(2026, 3, 9))])
def test_a_pause_before_the_start_or_after_the_last_day_is_not_told(official, elsewhere):
    explained = explain(SECOND_OF_MARCH, None, WorkingDays(5), [elsewhere], calendar=official, today=SECOND_OF_MARCH)
    assert [result for _, _, result in told(explained)] == ["第 0 日", "法定 3月9日"]


def test_rest_days_are_paused_days_where_calendar_days_count(official):
    explained = explain(SECOND_OF_MARCH, None, CalendarDays(15), [REVIEW], calendar=official, today=SECOND_OF_MARCH)
    saturday = explained.weeks[1].cells[5]
    assert (saturday.day, saturday.kind, saturday.label) == (date(2026, 3, 14), CellKind.PAUSED, "暂停")
    assert told(explained)[2][0] == "3月9日专家评审开始，20日结束：10日至20日的 11 日不计"


def test_clocks_that_end_together_share_one_sentence(official):
    explained = explain(SECOND_OF_MARCH, WorkingDays(5), WorkingDays(5), calendar=official, today=SECOND_OF_MARCH)
    assert [one.result for one in explained.sentences] == ["第 0 日", "承诺、法定 3月9日"]


def test_without_any_limit_there_is_nothing_to_explain(official):
    with pytest.raises(ValueError, match="没有时限"):
        explain(SECOND_OF_MARCH, None, None, calendar=official, today=SECOND_OF_MARCH)


limits = st.builds(WorkingDays, st.integers(0, 40)) | st.builds(CalendarDays, st.integers(0, 40))
limits |= st.builds(Months, st.integers(1, 3))
march_to_may = st.dates(date(2026, 3, 1), date(2026, 5, 31))
some_pauses = st.lists(st.tuples(march_to_may, st.none() | st.integers(0, 20)), max_size=3)


@settings(max_examples=80, deadline=None)
@given(march_to_may, st.none() | limits, limits, some_pauses, some_pauses, march_to_may)
def test_the_calendar_shows_the_very_numbers_that_a_naive_counter_finds(start, promised, statutory, own, shared, today):
    official = national()
    spans = [(begin, None if n is None else date.fromordinal(begin.toordinal() + n)) for begin, n in shared]
    explained = explain(
        start, promised, statutory, [Pause(*span) for span in spans], calendar=official, today=today,
        promised_pauses=[Pause(begin, begin) for begin, _ in own],
    )  # fmt: skip
    expected = naive.due(start, statutory.n, statutory.unit, official.is_working, spans)
    assert (explained.statutory and explained.statutory.due_on) == expected
    cells = [cell for week in explained.weeks for cell in week.cells]
    unit = "working_day" if isinstance(statutory, WorkingDays) else "calendar_day"
    for cell in cells:
        if cell.number:
            assert cell.number == naive.used(start, unit, official.is_working, spans, cell.day)
            assert cell.label == f"第{cell.number}日"
    if expected:
        assert [cell.day for cell in cells if cell.statutory_due] == [expected]
    assert sum(week.counted for week in explained.weeks) == max((cell.number or 0 for cell in cells), default=0)
    assert all(one.text and one.result for one in explained.sentences)
