import json
from datetime import date, timedelta

from xiaoneng.org.official_calendar import national, special_days
from xiaoneng.rules.workdays import DayKind


def days_of(year):
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def test_every_year_has_as_many_working_days_as_officially_counted(official, shared):
    expected = json.loads((shared / "EXPECTED.json").read_text())["working_days_per_year"]
    counted = {year: sum(map(official.is_working, days_of(int(year)))) for year in expected}
    assert counted == expected


def test_the_calendar_agrees_with_the_official_notices_on_every_day(official, shared):
    arranged = {}
    for file in sorted((shared / "calendar" / "holiday-cn").glob("20*.json")):
        days = json.loads(file.read_text())["days"]
        arranged |= {date.fromisoformat(day["date"]): not day["isOffDay"] for day in days}
    disagree = [
        day
        for year in range(2007, 2027)
        for day in days_of(year)
        if official.is_working(day) != arranged.get(day, day.weekday() < 5)
    ]
    assert arranged
    assert disagree == []


def test_a_year_names_the_document_behind_it_and_its_amendment(official):
    assert official.notices[2026] == "国务院办公厅关于2026年部分节假日安排的通知"
    assert "延长2020年春节假期" in official.notices[2020]
    assert 2027 not in official.notices


def test_the_rows_for_a_calendar_table_are_in_order_and_named_in_chinese():
    rows = list(special_days())
    assert rows == sorted(rows)
    assert (date(2026, 4, 5), DayKind.HOLIDAY, "清明") in rows
    assert (date(2025, 9, 28), DayKind.MAKEUP, "国庆节") in rows
    assert all(name and not name.isascii() for _, _, name in rows)


def test_the_national_calendar_is_built_once():
    assert national() is national()
    assert national().region == "000000"
