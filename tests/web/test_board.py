"""The boards: every kind of matter, down from the city to a village's department, and every figure opens."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.org.models import Calendar, Department, Region
from xiaoneng.people.models import Account
from xiaoneng.supervision import tally
from xiaoneng.trail import reads as trail

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = moment("2026-03-30", "18:00")


def supervisor(where) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=where.supervisor.account))
    return client


@pytest.fixture
def levels():
    """Give a city with a county and a township in it, each with an office and one case that turned red."""
    city = build.city()
    above = city.department.region
    places = [city]
    for level, name in ((2, "临江区"), (3, "柳浦镇")):
        calendar = Calendar.objects.get(name="全国")
        above = Region.objects.create(
            code=f"33{level}99", name=name, sign=f"L{level}", level=level, parent=above, calendar=calendar
        )
        office = Department.objects.create(region=above, code=f"L{level}", name=f"{name}办事处", sign=f"办{level}")
        hands = [
            build.holder(office, who, role) for who, role in (("甲", "window"), ("乙", "reviewer"), ("丙", "head"))
        ]
        places.append(build.City(office, *hands, city.supervisor, city.citizen, city.stranger))
    for where in places:
        build.application(where, build.item(where)).received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    return places


def named(shown: str) -> set[str]:
    """Give the names in the rows of a board."""
    return set(re.findall(r'<td class="cut" title="([^"]+)"><a', shown))


def page(client, address):
    with time_machine.at(NOW):
        answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_city_sees_its_counties_and_goes_down_to_their_townships(levels):
    client = supervisor(levels[0])
    whole = page(client, "/supervise/")
    assert named(whole) == {"临江区", levels[0].department.name}
    assert "2 个部门" in whole
    county = page(client, f"/supervise/?region={levels[1].department.region_id}")
    assert "临江区办件监察" in county
    assert named(county) == {"柳浦镇", "临江区办事处"}


def test_every_figure_of_the_board_opens_what_it_counts(levels):
    client = supervisor(levels[0])
    tally.keep_up(NOW)
    shown = page(client, "/supervise/")
    links = set(re.findall(r'href="(/supervise/[^"]+)"', shown))
    assert len(links) > 12
    for each in links:
        page(client, each.replace("&amp;", "&"))
    red = page(client, f"/supervise/matters?region={levels[1].department.region_id}&light=red")
    assert "共 2 件" in red


def test_what_an_address_cannot_mean_is_left_out(levels):
    client = supervisor(levels[0])
    for odd in (
        "region=x",
        "region=999999",
        "region=99999999999999",
        "kind=odd",
        "light=odd",
        "department=¼",
        "only=x",
        "page=x",
    ):
        page(client, f"/supervise/?{odd}")
        page(client, f"/supervise/matters?{odd}")
    assert "不超过一年" in page(client, "/supervise/period?first=2020-01-01")
    assert "看不懂" in page(client, "/supervise/period?first=yesterday")


def test_a_period_adds_up(levels):
    client, where = supervisor(levels[0]), levels[0]
    early = build.application(where, build.item(where)).received(moment("2026-03-16")).accepted(moment("2026-03-17"))
    early.reviewed(moment("2026-03-18")).granted(moment("2026-03-19"))
    shown = page(client, "/supervise/period?first=2026-03-10&last=2026-03-30")
    total = re.search(r'class="total">(.*?)</tr>', shown, re.DOTALL)
    figures = [int(each) for each in re.findall(r'class="num.*?>(\d+)</(?:a|span)></td>', total[1])]
    carried, taken_on, *became = figures
    assert (carried, taken_on) == (3, 1)
    assert became == [1, 0, 0, 0, 0, 0, 3]
    assert carried + taken_on == sum(became)
    opened = [html.unescape(each) for each in re.findall(r'href="([^"]+)"', total[1])]
    counted = [int(re.search(r"共 (\d+) 件", page(client, each))[1]) for each in opened]
    assert counted == [each for each in figures if each]  # each figure opens exactly what it counts
    sheet = client.get(opened[0] + "&form=csv")
    assert len(sheet.content.decode("utf-8-sig").splitlines()) == 1 + carried
    whole = client.get("/supervise/period/export?first=2026-03-10&last=2026-03-30&form=csv").content.decode("utf-8-sig")
    assert whole.splitlines()[-1].split(",")[:3] == ["合计", "3", "1"]
    assert len(trail.lines_of(trail.records(kind="export"))) == 2


def test_who_runs_the_centre_reads_the_lights_of_cases_and_nothing_that_is_issued_about_people(levels):
    manager = build.holder(levels[0].department, "秦望舒", "centre_manager", True)
    client = Client()
    client.force_login(Account.objects.get(pk=manager.account))
    shown = page(client, "/supervise/")
    assert "住房和城乡建设局" in shown and "监察牌" not in shown and "办理情况" in shown
    assert "全部办件" not in shown  # she handles no case
    assert page(client, "/supervise/matters") and page(client, "/supervise/period?first=2026-03-10&last=2026-03-30")
    for closed in ("/supervise/cards", "/supervise/findings", "/supervise/process"):
        assert client.get(closed).status_code == 404, closed
    assert "共 0 件" in page(client, "/supervise/matters?kind=card") or "监察牌" not in page(
        client, "/supervise/?kind=card"
    )


def test_a_supervisor_of_one_county_sees_nothing_beyond_it(levels):
    from xiaoneng.org.models import Holding

    county = levels[1].department.region
    Holding.objects.filter(account_id=levels[0].supervisor.account).update(region=county)
    client = supervisor(levels[0])
    shown = page(client, "/supervise/")
    assert named(shown) == {"柳浦镇", "临江区办事处"}
    outside = page(client, f"/supervise/matters?region={levels[0].department.region_id}")
    assert "共 2 件" in outside


def test_everybody_sees_todays_figures_and_the_cases_behind_them_without_names(levels):
    build.application(levels[0], build.item(levels[0])).received(moment("2026-03-30")).accepted(
        moment("2026-03-30", "11:00")
    )
    client = Client()
    shown = page(client, "/today")
    links = {each.replace("&amp;", "&") for each in re.findall(r'href="(/today/cases[^"]+)"', shown)}
    assert any("only=accepted" in each for each in links) and any("only=red" in each for each in links)
    for each in links:
        behind = page(client, each)
        assert build.FORM["name"] not in behind and levels[0].citizen.name not in behind
    assert "1 件" in page(client, f"/today/cases?only=accepted&department={levels[0].department.pk}")
    for odd in ("only=odd", "department=x", "page=9999"):
        page(client, f"/today/cases?{odd}")


def test_the_big_screen_says_what_the_board_says(levels):
    client = Client()
    screen = page(client, "/today/screen")
    assert 'hx-get="/today/screen/now"' in screen
    now = page(client, "/today/screen/now")
    assert re.search(r'data-cell="red"[^>]*>\s*<a[^>]*>3</a>', now)


def test_a_matter_of_any_kind_can_be_read_by_its_supervisor(levels):
    client = supervisor(levels[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM matter WHERE kind = 'application' AND version > 0")
        matter = cursor.fetchone()[0]
    shown = page(client, f"/supervise/matters/of/{matter}")
    assert "受理" in shown and "日志" in shown
