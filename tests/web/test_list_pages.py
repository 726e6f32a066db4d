"""The published lists as anybody reads them, and who may take files in."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.catalogue import adjusting
from xiaoneng.catalogue.adjusting import Decision
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.imports import workbook
from xiaoneng.catalogue.models import NegativeEntry
from xiaoneng.jobs import time_machine
from xiaoneng.people.models import Account
from xiaoneng.rules.items.content import Duty, LegalBasis

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")
WHY = Decision("amend", "安政发〔2026〕3号", "压缩时限", "《条例》", "市政府常务会议", "2026年3月2日市政府网站")


@pytest.fixture
def changed(db):
    """An item whose second version is in force since Monday, and the clock on Tuesday."""
    gas = build.item(build.city())
    whole = replace(
        content_of(gas.pk), promised_n=3, legal_bases=(LegalBasis("城镇燃气管理条例", "administrative_regulation"),),
        duties=(Duty("依法审查", "应当受理而不受理的，追究责任"),),
    )  # fmt: skip
    adjusting.publish(gas.item.code, whole, WHY, effective_at=MONDAY, by=1, at=MONDAY)
    with time_machine.at(MONDAY + timedelta(days=1)):
        yield gas


def read(path):
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


def test_the_list_is_shown_as_of_today_and_of_any_past_day(changed):
    department = changed.item.department_id
    today = read(f"/powers/?department={department}")
    assert "承诺 3 个工作日" in today and "城镇燃气管理条例" in today
    past = read(f"/powers/?department={department}&on=2026-02-01")
    assert "承诺 8 个工作日" in past and "2026 年 2 月 1 日终了时的清单" in past
    assert "没有符合条件" in read(f"/powers/?department={department}&on=2019-01-01")
    for odd in ("?on=x", "?department=x&page=0", "?kind=%27", "?on=9999-99-99", "?q=%F0%9F%98%80"):
        read(f"/powers/{odd}")


def test_the_history_of_an_item_shows_its_decisions_and_versions_side_by_side(changed):
    code = changed.item.code
    page = read(f"/powers/items/{code}")
    assert "安政发〔2026〕3号" in page and "与上一版" in page
    side = read(f"/powers/items/{code}/compare?from=1&to=2")
    assert "8 个工作日" in side and "3 个工作日" in side and "<ins>《城镇燃气管理条例》</ins>" in side
    assert Client().get(f"/powers/items/{code}/compare?from=1&to=7").status_code == 404
    assert Client().get("/powers/items/nothing").status_code == 404


def test_what_was_cancelled_stays_readable_with_its_reason(changed):
    at = MONDAY + timedelta(hours=1)
    adjusting.end(changed.item.code, replace(WHY, disposition="cancel"), effective_at=at, by=1, at=at)
    page = read(f"/powers/items/{changed.item.code}")
    assert "已取消（安政发〔2026〕3号）" in page and "不能再据以办理" in page
    assert "取消：" in read("/powers/adjustments")


def test_responsibilities_and_the_negative_list_are_linked_with_the_powers(changed):
    page = read(f"/powers/responsibilities?department={changed.item.department_id}")
    assert "应当受理而不受理的" in page and f"/powers/items/{changed.item.code}" in page
    entry = NegativeEntry.objects.create(
        region=changed.item.department.region, number="1", sector="燃气", measure="with_leave", text="未获许可不得经营",
        basis="《城镇燃气管理条例》", document="安政发〔2026〕1号", in_force=(moment("2026-01-01"), None),
    )  # fmt: skip
    entry.items.add(changed.item)
    assert changed.item.code in read(f"/powers/negative?region={entry.region_id}")
    assert "还没有公布" in read(f"/powers/negative?region={entry.region_id}&on=2025-01-01")


def test_open_data_say_the_same_as_the_page_and_the_spreadsheet_can_be_read_back(changed):
    narrowed = f"?department={changed.item.department_id}"
    plain = json.loads(read(f"/powers/data.json{narrowed}"))
    assert [(each["code"], each["promised_n"]) for each in plain["items"]] == [(changed.item.code, 3)]
    assert changed.item.code in read(f"/powers/data.csv{narrowed}")
    items, problems = workbook.read(Client().get(f"/powers/data.xlsx{narrowed}").content)
    latest = changed.item.versions.order_by("-serial")[0].pk
    assert (items[2].content, problems) == (content_of(latest), [])


def test_only_those_who_keep_the_lists_take_files_in(changed):
    client = Client()
    assert client.get("/lists/import").status_code == 302
    client.force_login(Account.objects.get(pk=build.holder(changed.item.department, "路人", "reviewer").account))
    assert client.get("/lists/import").status_code == 409
    client.force_login(Account.objects.get(pk=build.holder(changed.item.department, "编办", "list_office").account))
    assert client.get("/lists/import").status_code == 200
