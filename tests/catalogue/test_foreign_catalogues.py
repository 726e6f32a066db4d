"""Catalogues as other places keep them: several sheets, merged cells, upright forms, rows of one item, other languages."""

from __future__ import annotations

import csv
import json

import openpyxl
import pytest
from guide_rows import MONDAY, TUESDAY, counts

from xiaoneng.catalogue import reads
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.imports import import_catalogue
from xiaoneng.catalogue.imports.limits import both, parse
from xiaoneng.catalogue.models import Item
from xiaoneng.rules.units import CalendarDays, Months, WorkingDays

pytestmark = pytest.mark.django_db


def mine(name):
    return content_of(reads.version_in_force(Item.objects.get(versions__name=name).code, MONDAY).version_id)


def test_a_list_under_a_title_with_merged_cells_lines_between_and_sub_items(tmp_path):
    book = openpyxl.Workbook()
    book.active.title, book.active["B3"] = "封面", "安澜市市级行政许可事项清单"
    sheet = book.create_sheet("清单")
    for row in (
        ["安澜市市级行政许可事项清单（2026年版）"],
        ["填报单位：市审改办        填报日期：2026年3月12日，以此为准"],
        ["序号", "事项名称", None, "实施机关", "办理时限（工作日）", None],
        [None, "主项", "子项", None, "法定", "承诺"],
        ["一、市发展和改革委员会（共1项）"],
        [1, "固定资产投资项目节能审查", None, "市发展改革委", "15个工作日", "５"],
        ["二、市市场监督管理局（共2项）"],
        [2, "食品经营许可", "食品经营许可（新办）", "市市场监管局", 20, 6],
        [None, None, "食品经营许可（注销）", None, 20, "即办"],
        ["合计", None, "3项"],
        ["注：本清单自公布之日起施行。"],
    ):
        sheet.append(row)
    for cells in ("A1:F1", "B3:C3", "D3:D4", "E3:F3", "A8:A9", "B8:B9", "D8:D9"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    report = import_catalogue(tmp_path / "a.xlsx", at=MONDAY)
    assert (report.created, report.left_out) == (3, ("封面",))
    assert [(each.row, each.value[:2]) for each in report.problems] == [(10, "合计"), (11, "注：")]
    ended = mine("食品经营许可（注销）")
    assert (ended.kind, ended.statutory, ended.promised) == ("行政许可", WorkingDays(20), WorkingDays(0))
    item = Item.objects.get(versions__name="食品经营许可（注销）")
    assert (item.department.name, item.department.region.name) == ("市市场监管局", "安澜市")


def test_sheets_with_the_same_columns_are_one_list_and_a_problem_names_its_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["표지"])
    for dept, rows in {
        "건축과": [("건축허가", "20일"), ("대장 발급", "즉시")],
        "위생과": [("영업신고", "3시간")],
    }.items():
        sheet = book.create_sheet(dept)
        for row in (
            [f"{dept} 목록"],
            [],
            ["연번", "민원사무명", "처리기간", "수수료"],
            *([1, *each, "없음"] for each in rows),
        ):
            sheet.append(row)
    book.save(tmp_path / "k.xlsx")
    report = import_catalogue(tmp_path / "k.xlsx", at=MONDAY)
    assert report.created == 3
    assert [(each.sheet, each.row, each.value) for each in report.problems] == [("건축과", 4, "20일")]
    assert (mine("대장 발급").promised, str(mine("영업신고").promised)) == (WorkingDays(0), "3 小时")
    assert import_catalogue(tmp_path / "k.xlsx", at=TUESDAY, bare_days="working_day").updated == 1


def test_an_upright_form_on_each_sheet_is_an_item(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, days in (("出生医学证明补发", "3个工作日"), ("义诊活动备案", "当场办结")):
        sheet = book.create_sheet(name)
        sheet.append([f"{name}办事指南"])
        for row in (
            ("事项名称", name, "事项类型", "行政确认"), ("实施主体", "市卫生健康委员会", "咨询电话", "0372-5555555"),
            ("承诺办结时限", days), ("申请材料", "1.申请书\n2.身份证"),
        ):  # fmt: skip
            sheet.append(row)
    book.save(tmp_path / "forms.xlsx")
    assert import_catalogue(tmp_path / "forms.xlsx", at=MONDAY).created == 2
    proof = mine("出生医学证明补发")
    assert (proof.promised, [paper.name for paper in proof.materials]) == (WorkingDays(3), ["申请书", "身份证"])


def test_rows_whose_item_cells_are_empty_carry_further_materials_and_what_is_said_of_them(tmp_path):
    rows = [
        ["事项信息表"],
        ["事项名称", "事项编码", "权力类型", "实施主体名称", "办结时限", "材料名称", "材料形式", "份数", "是否必要"],
        [
            "公共场所卫生许可",
            "A1",
            "行政审批",
            "市卫健委",
            "法定：20个工作日；承诺：10个工作日",
            "申请表",
            "原件",
            "1",
            "是",
        ],
        ["", "", "", "", "", "平面图", "复印件", "２", "否"],
        ["护士执业注册", "", "其他类", "市卫健委", "20工作日/5工作日", "", "", "", ""],
        ["放射诊疗许可", "A2", "行政审批", "市卫健委", "当场办结", "申请表", "纸质", "1", "必要"],
    ]
    with (tmp_path / "g.csv").open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows(rows)
    report = import_catalogue(tmp_path / "g.csv", at=MONDAY)
    assert (report.created, report.problems) == (3, ())
    place = mine("公共场所卫生许可")
    assert (place.statutory, place.promised) == (WorkingDays(20), WorkingDays(10))
    assert [(each.name, each.kind, each.copies, each.required) for each in place.materials] == [
        ("申请表", "原件", 1, True),
        ("平面图", "复印件", 2, False),
    ]
    assert (mine("护士执业注册").promised, mine("护士执业注册").materials) == (WorkingDays(5), ())


def test_a_list_of_objects_inside_a_document_keeps_what_each_material_says(tmp_path):
    rows = [
        {
            "TASK_NAME": f"取水许可{n}", "TASK_CODE": f"S{n}", "TASK_TYPE_TEXT": "01", "DEPT_NAME": "水利局",
            "ANTICIPATE_DAY": 45, "ANTICIPATE_UNIT": "自然日", "PROMISE_DAY": 15, "PROMISE_UNIT": "工作日",
            "MATERIAL_LIST": [{"MATERIAL_NAME": "申请书", "MATERIAL_FORM": "电子", "COPIES": 2, "IS_NEED": "0"}],
        }
        for n in range(3)
    ]  # fmt: skip
    (tmp_path / "n.json").write_text(json.dumps({"code": 200, "data": {"records": {"total": 3, "items": rows}}}))
    report = import_catalogue(tmp_path / "n.json", at=MONDAY)
    assert (counts(report), report.problems) == ((3, 3, 0, 0, 0), ())
    water = mine("取水许可1")
    assert (water.kind, water.statutory, water.promised) == ("行政许可", CalendarDays(45), WorkingDays(15))
    assert [(each.name, each.kind, each.copies, each.required) for each in water.materials] == [
        ("申请书", "电子", 2, False)
    ]


def test_a_german_list_in_its_own_encoding(tmp_path):
    rows = "LeiKa-Schlüssel;Leistungsbezeichnung;Rechtsgrundlage(n);Zuständige Stelle;Bearbeitungsdauer;Gebühr;"
    rows += "Erforderliche Unterlagen\r\n"
    rows += "99107;Gaststättenerlaubnis;§ 2 GastG;Ordnungsamt;4 bis 6 Wochen;ab 250,00 EUR;Ausweis; \r\n"
    rows += "99050;Gewerbe Anmeldung;§ 14 GewO;Gewerbeamt;1 Werktag;gebührenfrei;keine\r\n"
    (tmp_path / "l.csv").write_bytes(rows.encode("cp1252"))
    report = import_catalogue(tmp_path / "l.csv", at=MONDAY)
    assert (report.created, report.problems) == (2, ())
    inn, trade = mine("Gaststättenerlaubnis"), mine("Gewerbe Anmeldung")
    assert (inn.promised, trade.promised, trade.fees, trade.materials) == (CalendarDays(42), WorkingDays(1), (), ())
    assert Item.objects.get(versions__name="Gewerbe Anmeldung").local_code == "99050"


def test_another_item_under_the_same_code_comes_in_and_is_named(tmp_path):
    rows = "code,name,department,type\nP-1,Food cart,Health,permit\nP-1,Block party,Health,permit\nP-1,Food cart,Health,permit\n"
    (tmp_path / "p.csv").write_text(rows)
    report = import_catalogue(tmp_path / "p.csv", at=MONDAY)
    assert (report.created, [each.row for each in report.problems]) == (2, [3, 4])
    assert "按另一个事项导入" in report.problems[0].message and "编码重复" in report.problems[1].message
    assert counts(import_catalogue(tmp_path / "p.csv", at=TUESDAY))[1:] == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("ca. 3 Wochen", CalendarDays(21)), ("até 30 dias úteis", WorkingDays(30)), ("2 nädalat", CalendarDays(14)),
        ("7일(공휴일 제외)", WorkingDays(7)), ("즉시(3시간)", WorkingDays(0)), ("45 dias corridos", CalendarDays(45)),
        ("3 Monate", Months(3)), ("about 2 months", Months(2)), ("sofort", WorkingDays(0)),
    ],
)  # fmt: skip
def test_limits_are_read_in_other_languages(words, meant):
    assert parse(words) == meant


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("法定：20；承诺：10", ("20", "10")), ("承诺时限5日 法定时限10日", ("10日", "5日")),
        ("20工作日/5工作日", ("20工作日", "5工作日")), ("法定20个工作日", ("", "")), ("20个工作日", ("", "")),
    ],
)  # fmt: skip
def test_one_cell_may_say_both_limits(words, said):
    assert both(words) == said
