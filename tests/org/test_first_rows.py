"""The rows that everything else stands on: the national calendar, the roles, regions, departments and their signs."""

from datetime import date

import pytest

from xiaoneng.org import actions, official_calendar, reads
from xiaoneng.org.models import Calendar, CalendarDay, CalendarNotice, Region, Role
from xiaoneng.org.signs import sign
from xiaoneng.rules.roles import GRANTED


@pytest.mark.django_db
def test_the_national_calendar_stands_in_the_database_as_the_notices_arrange_it():
    row = actions.ensure_national_calendar()
    stored, official = reads.calendar(row.pk, row.version), official_calendar.national()
    assert dict(stored.special) == dict(official.special)
    assert dict(stored.notices) == dict(official.notices)


@pytest.mark.django_db
def test_a_second_time_nothing_is_added():
    row = actions.ensure_national_calendar()
    before = CalendarDay.objects.count(), CalendarNotice.objects.count(), row.version
    again = actions.ensure_national_calendar()
    assert (CalendarDay.objects.count(), CalendarNotice.objects.count(), again.version) == before
    assert Calendar.objects.filter(name="全国").count() == 1


@pytest.mark.django_db
def test_a_year_whose_notice_came_out_since_is_a_new_version_and_the_old_one_stays(monkeypatch):
    notices, days = official_calendar.notices(), list(official_calendar.special_days())
    last = max(notices)
    monkeypatch.setattr(official_calendar, "notices", lambda: notices | {last + 1: "下一年的通知"})
    monkeypatch.setattr(official_calendar, "special_days", lambda: [*days, (date(last + 1, 1, 1), days[0][1], "元旦")])
    row = actions.ensure_national_calendar()
    assert row.version == official_calendar.VERSION + 1
    assert last + 1 in reads.calendar(row.pk, row.version).notices
    assert last + 1 not in reads.calendar(row.pk, row.version - 1).notices
    assert date(last + 1, 1, 1) not in reads.calendar(row.pk, row.version - 1).special


@pytest.mark.django_db
def test_every_role_that_can_be_granted_has_a_row():
    actions.ensure_roles()
    assert {(role.value, role.label) for role in GRANTED} <= set(Role.objects.values_list("code", "name"))


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("440000", "PROVINCE"),
        ("440100", "CITY"),
        ("440106", "COUNTY"),
        ("440106001", "TOWNSHIP"),
        ("440106001000", "TOWNSHIP"),
        ("440106001002", "VILLAGE"),
        ("440000000000", "PROVINCE"),
    ],
)
def test_the_level_of_a_region_is_read_from_its_code(code, level):
    assert actions.level_of(code) == Region.Level[level]


@pytest.mark.django_db
def test_the_same_names_get_the_same_departments_and_signs():
    region = actions.ensure_region("990300", "宁海市")
    names = {"宁海市司法局": "1", "宁海市公安局": "2", "宁海市公安局交通警察支队": "3"}
    first = actions.ensure_departments(region, names)
    assert actions.ensure_departments(region, names) == first
    signs = dict(region.departments.values_list("name", "sign"))
    assert signs["宁海市司法局"] == "宁海司法" and signs["宁海市公安局"] == "宁海公安"
    assert len(set(signs.values())) == 3


@pytest.mark.parametrize(
    ("name", "code", "region", "expected"),
    [
        ("广东省司法厅", "440000", "广东省", "粤司法"),
        ("国家税务总局广东省税务局", "440000", "广东省", "粤国家"),
        ("中共广东省委宣传部（广东省新闻出版局）", "440000", "广东省", "粤宣传"),
        ("省侨联", "440000", "广东省", "粤侨联"),
        ("安澜市住房和城乡建设局", "990100", "安澜市", "安澜住房"),
        ("（）", "440000", "广东省", "粤机关"),
        ("！！", "440000", "", "粤机关"),
    ],
)
def test_a_sign_is_made_from_the_name_without_its_region_and_rank(name, code, region, expected):
    assert sign(name, code, region, ()) == expected


def test_a_sign_that_is_taken_gets_longer_and_at_last_a_number():
    taken: set[str] = set()
    for _ in range(30):
        made = sign("广东省司法厅", "440000", "广东省", taken)
        assert made not in taken and len(made) <= 10
        taken.add(made)
