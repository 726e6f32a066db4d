"""The worklist: what turns red first on top, filters in the address, saved lists, the same questions for any length."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import build
from build import moment
from xiaoneng.approval import worklists
from xiaoneng.approval.worklists import Wanted
from xiaoneng.jobs import time_machine
from xiaoneng.people import reads as people
from xiaoneng.rules.limits import Light

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")  # a Monday


@pytest.fixture
def now(db):
    with time_machine.at(NOW):
        yield NOW


@pytest.fixture
def town(now):
    """Cases that stand at every light on the reviewer's desk, by name."""
    where = build.city()
    gas, water = build.item(where), build.item(where, name="城镇排水许可", promised=5)

    def case(version, day):
        return build.application(where, version).received(moment(day)).accepted(moment(day))

    red, today = case(water, "2026-03-13"), case(water, "2026-03-16")
    tomorrow, later = case(gas, "2026-03-12"), case(gas, "2026-03-20")
    paused = case(gas, "2026-03-10").suspended(moment("2026-03-13", "15:00"))
    was_red = case(water, "2026-03-10").suspended(moment("2026-03-18", "15:00"))  # paused after it had turned red
    return where, {
        "red": red,
        "today": today,
        "tomorrow": tomorrow,
        "later": later,
        "paused": paused,
        "was_red": was_red,
    }


def signed_in(actor) -> Client:
    from xiaoneng.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def numbers(text: str) -> list[str]:
    return re.findall(r'name="case" value="([^"]+)"', text)


def test_what_turned_red_first_stands_on_top_and_what_is_paused_at_the_end(town):
    where, cases = town
    text = signed_in(where.reviewer).get("/desk/").content.decode()
    order = ["was_red", "red", "today", "tomorrow", "later", "paused"]
    assert numbers(text) == [cases[name].file.number for name in order]


def test_the_time_left_is_told_in_working_days_and_hours(town):
    where, _ = town
    text = signed_in(where.reviewer).get("/desk/").content.decode()
    told = re.findall(r'<td class="left">([^<]*)</td>', text)
    # 5 working days from 13 March: red since Friday 17:00, 1 hour 24 minutes of office time ago
    assert told[1:4] == ["超 1 时 24 分", "5 时 36 分", "1 天 5 时"] and told[5] == "停在 5 天"
    assert "恢复后定" in text and "专家评审" in text


def test_each_light_counts_what_its_list_holds(town):
    where, _ = town
    client = signed_in(where.reviewer)
    tabs = re.findall(r'class="tab" href="([^"]+)".*?<b>(\d+)</b></a>', client.get("/desk/").content.decode(), re.S)
    assert [int(n) for _, n in tabs] == [6, 2, 2, 1, 1]
    for address, count in tabs:
        assert len(numbers(client.get(address.replace("&amp;", "&")).content.decode())) == int(count), address


def test_the_query_says_the_same_light_and_heading_as_the_rule(town):
    where, _ = town
    found = worklists.worklist(where.reviewer.account, Wanted(), now=NOW)
    lines = found.page(0, 50)
    for light in Light:
        counted = sum(each.count for each in found.choices["light"] if each.key == light.value)
        assert counted == sum(1 for line in lines if line.light(NOW) is light), light
    for group in worklists.GROUPS:
        assert found.groups.get(group, 0) == sum(1 for line in lines if worklists.group_of(line, NOW) == group), group


def test_pages_of_any_size_stand_in_the_one_order_that_takes_cases_in_turn(town):
    where, _ = town
    decided = build.application(where, build.item(where)).received(moment("2026-03-18")).accepted(moment("2026-03-18"))
    build.application(where, decided.version).received(moment("2026-03-19"))
    reviewer = where.reviewer.account
    for wanted in (Wanted(), Wanted(everything=True), Wanted(light="red"), Wanted(words="沈若溪")):
        found, ordered = worklists.worklist(reviewer, wanted, now=NOW), worklists.in_order(reviewer, wanted, now=NOW)
        assert len(ordered) == found.total > 1
        for size in (1, 2, 3, 50):
            paged = [line.id for first in range(0, found.total, size) for line in found.page(first, size)]
            assert paged == ordered, (wanted, size)


def test_filters_join_and_every_number_beside_a_filter_is_what_it_leaves(town):
    where, cases = town
    client = signed_in(where.reviewer)
    item = cases["red"].version.item_id
    text = client.get(f"/desk/?item={item}&light=red").content.decode()
    assert numbers(text) == [cases["was_red"].file.number, cases["red"].file.number]
    assert "城镇排水许可" in text and 'aria-label="事项：城镇排水许可，点击取消"' in text
    menu = re.findall(
        r'<li><a href="([^"]+)"[^>]*><span>([^<]+)</span><b>(\d+)</b>', client.get("/desk/").content.decode()
    )
    assert ("城镇排水许可", "3") in [(label, n) for _, label, n in menu]
    for address, label, count in menu:
        assert len(numbers(client.get(address.replace("&amp;", "&")).content.decode())) == int(count), label


def test_the_counts_of_a_filter_keep_to_the_other_filters_that_are_set(town):
    where, cases = town
    client = signed_in(where.reviewer)
    item = cases["red"].version.item_id
    tabs = re.findall(
        r'class="tab" href="([^"]+)".*?<b>(\d+)</b></a>', client.get(f"/desk/?item={item}").content.decode(), re.S
    )
    assert [int(n) for _, n in tabs] == [3, 2, 1, 0, 0]
    found = worklists.worklist(where.reviewer.account, Wanted(light="yellow"), now=NOW)
    assert {(each.label, each.count) for each in found.choices["item"]} == {
        ("城镇排水许可", 1),
        ("燃气经营许可证核发", 1),
    }
    assert sum(each.count for each in found.choices["light"]) == 6


def test_a_search_finds_by_applicant_title_and_end_of_number(town):
    where, cases = town
    client = signed_in(where.reviewer)
    assert len(numbers(client.get("/desk/?q=沈若溪").content.decode())) == 6
    assert len(numbers(client.get("/desk/?q=排水").content.decode())) == 3
    number = cases["later"].file.number
    assert numbers(client.get(f"/desk/?q={number[-9:].lower()}").content.decode()) == [number]
    assert "没有查到" in client.get("/desk/?q=没有这样的").content.decode()


@pytest.mark.parametrize(
    "query",
    ["light=violet", "item=x", "item=999999999999999", "department=-1", "whose=others", "page=999", "page=x", "step=" + "长" * 900,
     "q=%25%27%22--", "whose=mine&light=red&step=审查", "item=１２", "in=nonsense&of=X&done=9"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_answered_all_the_same(town, query):
    where, _ = town
    assert signed_in(where.reviewer).get(f"/desk/?{query}").status_code == 200
    assert signed_in(where.reviewer).get(f"/desk/all?{query}").status_code == 200


def test_somebody_elses_desk_is_empty_and_says_what_will_appear(town):
    text = signed_in(build.city().reviewer).get("/desk/").content.decode()
    assert numbers(text) == [] and "现在没有要您办的件" in text


def questions(client, address) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_long_list_asks_no_more_questions_than_a_short_one_and_pages(town):
    where, _ = town
    client = signed_in(where.reviewer)
    client.get("/desk/")  # what is read once for all is read now
    few = questions(client, "/desk/")
    for n in range(60):
        day = moment("2026-03-20") - timedelta(minutes=n)
        build.Walk(where, bare(where)).drafted(day, files=False).received(day).accepted(day)
    assert questions(client, "/desk/") <= few
    text = client.get("/desk/").content.decode()
    assert len(numbers(text)) == 50 and "共 66 件" in text and 'rel="next"' in text
    assert len(numbers(client.get("/desk/?page=2").content.decode())) == 16


_bare = {}


def bare(where):
    """Give an item that asks for no papers, one for each town."""
    if where.department.pk not in _bare:
        _bare[where.department.pk] = build.item(where, materials=(), name="房屋安全鉴定结果备案" * 6)
    return _bare[where.department.pk]


def test_a_saved_list_belongs_to_one_person_and_opens_what_was_filtered(town):
    where, cases = town
    client = signed_in(where.reviewer)
    item = cases["red"].version.item_id
    answer = client.post("/desk/views", {"name": " 排水 超期 ", "in": f"desk?light=red&item={item}"}, follow=True)
    text = answer.content.decode()
    assert "已存为常用列表“排水 超期”" in text and len(numbers(text)) == 2
    (view,) = people.saved_views(where.reviewer.account)
    assert (view.name, view.filters) == ("排水 超期", f"desk?light=red&item={item}")
    client.post("/desk/views", {"name": "排水 超期", "in": "all?light=yellow"})
    assert [each.filters for each in people.saved_views(where.reviewer.account)] == ["all?light=yellow"]
    signed_in(where.head).post(f"/desk/views/{view.id}/forget")
    assert people.saved_views(where.reviewer.account)
    client.post(f"/desk/views/{view.id}/forget")
    assert people.saved_views(where.reviewer.account) == ()


def test_a_list_without_a_name_or_a_thirteenth_one_is_not_saved(town):
    where, _ = town
    client = signed_in(where.reviewer)
    assert "1 到 20 个字" in client.post("/desk/views", {"name": "  ", "in": "desk?"}, follow=True).content.decode()
    for n in range(13):
        answer = client.post("/desk/views", {"name": f"第 {n} 个", "in": "x" * 2000}, follow=True)
    assert "最多存 12 个" in answer.content.decode()
    assert len(people.saved_views(where.reviewer.account)) == 12


def test_the_keys_named_on_the_page_are_those_of_the_table_of_moves(town):
    from xiaoneng.rules.procedures.application import PROCEDURE

    where, _ = town
    text = signed_in(where.reviewer).get("/desk/").content.decode()
    keys = set(re.search(r'data-move-keys="([a-z]+)"', text).group(1))
    assert keys == {row.key for row in PROCEDURE.moves if row.key and "reviewer" in row.roles}
    assert not {row.key for row in PROCEDURE.moves} & set("jkxuzm")  # those move about the pages


def test_a_long_table_comes_in_pages_that_keep_every_filter_and_each_other():
    from django.template import Context, Template
    from django.test import RequestFactory

    request = RequestFactory().get("/manage/", {"q": "许可", "departments": "2", "windows": "3"})
    template = Template(
        '{% paged rows "departments" 20 as some %}{% for row in some %}{{ row }} {% endfor %}'
        '{% include "parts/pager.html" with page=some %}'
    )
    told = template.render(Context({"request": request, "rows": iter(range(45))}))
    assert told.startswith("20 21 ") and " 39 <nav" in told and "共 45 条" in told
    assert "?q=%E8%AE%B8%E5%8F%AF&amp;departments=3&amp;windows=3" in told
    assert "nav" not in template.render(Context({"request": request, "rows": range(20)}))
