"""A year's arrangement: read from lines, compared, published as a version; what stood before stays readable."""

from datetime import date

import pytest

from build import moment
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import calendars, reads
from xiaoneng.org.models import Calendar
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.workdays import DayKind
from xiaoneng.trail import reads as trail
from xiaoneng.trail.actions import By

BY, AT = By(0, "系统管理员"), moment("2026-11-05")
LINES = "2027-01-01至2027-01-03 放假 元旦\n2027/2/14，上班，春节调休\n# 说明\n\n2027年2月15日 休 除夕"
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


def test_lines_are_read_as_people_write_them():
    days = calendars.from_lines(LINES, 2027)
    assert sorted(days) == [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 2, 14), date(2027, 2, 15)]
    assert days[date(2027, 2, 14)].kind is DayKind.MAKEUP and days[date(2027, 2, 15)].name == "除夕"


def test_written_days_are_read_back_as_they_are():
    days = calendars.from_lines(LINES, 2027)
    assert calendars.from_lines(calendars.as_lines(days), 2027) == days


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2027-02-30 放假", "没有 2027-02-30 这一天"),
        ("2026-12-31 放假", "不是 2027 年"),
        ("2027-01-01", "放假还是上班"),
        ("元旦放假", "没有日期"),
        ("2027-01-03至2027-01-01 放假", "之前"),
        ("2027-01-01 放假\n2027-01-01 上班", "前面已经写成另一种"),
        ("2027-01-01至2027-12-31 放假", "超过一个月"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line, said):
    with pytest.raises(Amiss, match=said):
        calendars.from_lines(line, 2027)


@pytest.fixture
def national(db):
    return Calendar.objects.get(name="全国")


def publish(national, lines, document=NOTICE, seen=None):
    days = calendars.from_lines(lines, 2027)
    national.refresh_from_db()
    return calendars.publish(
        national.pk, 2027, days, document, by=BY, at=AT, seen_version=seen if seen is not None else national.version
    )


def test_a_published_year_is_no_longer_provisional_and_the_version_before_still_says_so(national):
    before = national.version
    after = publish(national, LINES)
    assert after == before + 1 and reads.calendar(national.pk, after).notices[2027] == NOTICE
    assert 2027 not in reads.calendar(national.pk, before).notices
    assert not reads.calendar(national.pk, after).is_working(date(2027, 1, 1))
    assert Calendar.objects.get(pk=national.pk).recalculated == before  # so that open matters are counted anew
    (line,) = trail.lines_of(trail.records(key=f"calendar:{national.pk}"))
    assert ("文件", "（暂定）", NOTICE) in line.changes and line.about == "全国 2027 年"


def test_a_later_document_replaces_and_each_version_keeps_its_own(national):
    first = publish(national, LINES)
    second = publish(national, "2027-01-01 放假 元旦\n2027-02-14 放假 春节", "关于调整的通知")
    old, new = reads.calendar(national.pk, first), reads.calendar(national.pk, second)
    assert (old.notices[2027], new.notices[2027]) == (NOTICE, "关于调整的通知")
    assert old.is_working(date(2027, 2, 14)) and not new.is_working(date(2027, 2, 14))
    assert date(2027, 1, 2) in old.special and date(2027, 1, 2) not in new.special


def test_two_administrators_at_once_the_second_is_told(national):
    seen = national.version
    publish(national, LINES)
    with pytest.raises(NotAllowed, match="被别人改过"):
        publish(national, "2027-01-01 放假 元旦", seen=seen)


def test_a_year_without_its_document_and_one_that_changes_nothing_are_refused(national):
    with pytest.raises(Amiss, match="文件名称"):
        publish(national, LINES, " ")
    publish(national, LINES)
    with pytest.raises(NotAllowed, match="完全一样"):
        publish(national, LINES)


def test_a_slip_is_pointed_at_before_publishing():
    days = calendars.from_lines("2027-01-04 上班 调休", 2027)
    assert any("平常的工作日" in text for text in calendars.obvious_faults(days))
    assert any("没有一天放假" in text for text in calendars.obvious_faults(days))
