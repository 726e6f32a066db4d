"""An editor takes in a spreadsheet that nobody knows: by keyboard alone, with a wrong file first and a second look."""

from __future__ import annotations

import re

import openpyxl
import pytest
from screens import PHONE, WIDE, fits, tells

import build
from xiaoneng.catalogue.models import Item
from xiaoneng.org.models import Holding, Role

pytestmark = pytest.mark.browser
HEAD = ["服务", "哪个单位", "性质", "几天办好（工作日）", "带什么", "电话"]
CARRIES = {
    "服务": "name", "哪个单位": "department", "性质": "kind", "几天办好（工作日）": "promised", "带什么": "materials",
    "电话": "phone",
}  # fmt: skip
ROWS = [
    ["占道施工审批", "宁海市城管局", "审批类", "5", "申请书；施工方案", "0999-1234567"],
    ["犬只登记", "宁海市公安局", "登记类", "1", "免疫证明", "0999-7654321"],
    ["", "宁海市公安局", "登记类", "1", "", ""],
]


@pytest.fixture
def spreadsheet(tmp_path):
    book = openpyxl.Workbook()
    for row in (["宁海市便民服务一览"], HEAD, *ROWS):
        book.active.append(row)
    book.save(tmp_path / "宁海.xlsx")
    return tmp_path / "宁海.xlsx"


def test_a_spreadsheet_of_unknown_columns_is_mapped_tried_and_taken_in(live, visit, spreadsheet, tmp_path):
    live.look(lambda: office(live.city.head))
    page = visit("head", "/lists/import", WIDE)
    (tmp_path / "leer.csv").write_text("")
    page.set_input_files("[name=file]", tmp_path / "leer.csv")
    page.keyboard.press("Enter")
    page.click("main form button.button")
    tells(page.locator("[data-obstacles]"), "是空的")

    page.set_input_files("[name=file]", spreadsheet)
    page.click("main form button.button")
    page.wait_for_url(re.compile(r"/lists/import/\d+"))
    choose(page, CARRIES)
    choose(page, {"电话": "department"})
    page.press("button[value=try]", "Enter")
    tells(page.locator("[data-obstacles]"), "都对照到了同一项")
    choose(page, CARRIES)
    page.select_option("[name=bare_days]", "working_day")
    page.press("button[value=try]", "Enter")
    page.wait_for_selector("#preview")
    tells(page.locator("#preview"), "可用 2 项", "5 个工作日")
    assert "缺少事项名称" in page.inner_text("#problems") and live.look(lambda: mine().count()) == 0
    page.press("button[value=import]", "Enter")
    page.wait_for_selector("text=已导入", timeout=60_000)
    assert live.look(lambda: sorted(mine().values_list("versions__name", flat=True))) == ["占道施工审批", "犬只登记"]
    small = visit("head", page.url.replace(live.address, ""), PHONE)
    assert fits(small)


def choose(page, carries):
    """Say of each column what it carries."""
    for heading, field in carries.items():
        page.get_by_role("combobox", name=heading, exact=True).select_option(field)


def office(actor):
    """Give an account the post of those who keep the lists."""
    Holding.objects.create(
        account_id=actor.account, role=Role.objects.get(code="list_office"), during=(build.LONG_AGO, None)
    )


def mine():
    return Item.objects.filter(department__region__name="宁海市")
