"""Files of other cities and countries: their columns are guessed, their dirt is cleaned or named, row by row."""

from __future__ import annotations

import json

import openpyxl
import pytest
from guide_rows import MONDAY, TUESDAY, counts

from xiaoneng.catalogue import reads
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.imports import Unreadable, import_catalogue
from xiaoneng.catalogue.models import Item
from xiaoneng.catalogue.sources import save
from xiaoneng.catalogue.sources.layout import BadMapping, Layout, from_text, to_text
from xiaoneng.rules.units import WorkingDays

pytestmark = pytest.mark.django_db

HANGZHOU = """2023年权力清单,,,,,,,,,
序号,权力事项名称,实施主体,权力类别,设定依据,法定时限（工作日）,承诺时限（工作日）,申请材料,收费标准,咨询电话
1,烟花爆竹经营许可,杭州市应急管理局,行政许可,《烟花爆竹安全管理条例》（国务院令第455号）第十六条,20,7,"1.申请书
2.营业执照",不收费,0571-12345678
2,取水许可,,行政许可,《取水许可条例》（国务院令第460号）第二条,45,10,1.申请表；2.论证报告,工本费 10 元,0571-87654321
3,对违法取水的处罚,杭州市林业水利局,行政处罚,《中华人民共和国水法》第六十九条,,,,,
"""
NEW_YORK = [
    ["Permit ID", "Permit Name", "Issuing Agency", "Category", "Description", "Processing Time", "Fee", "Apply Online"],
    ["P-001", "Food Cart Permit", "Department of Health", "Permit", "Food &amp; drink", "10 business days", "$200", "Yes"],
    ["P-002", "Cafe License", "Consumer Affairs", "License", "<p>Operate a cafe</p>", "4-6 weeks", "Free", "No"],
    ["P-003", "Block Party", "Mayor&#39;s Office", "Permit", "Parties\x07", "60 days", "", "maybe"],
]  # fmt: skip
CANADA = {"result": {"records": [
    {"id": 101, "title": {"en": "Renew passport"}, "organization": {"name": "Passport Office"},
     "serviceType": "Certificate",
     "requiredDocuments": [{"name": "Old passport"}, {"name": "Photo"}], "serviceStandard": {"value": 20, "unit": "business days"}},
    {"id": 102, "title": {"en": "Childcare benefit"}, "organization": {"name": "Benefits Agency"}, "serviceType": "Benefit",
     "requiredDocuments": [], "serviceStandard": {"value": 8, "unit": "weeks"}},
]}}  # fmt: skip


def mine(report, name):
    return content_of(reads.version_in_force(Item.objects.get(versions__name=name).code, MONDAY).version_id)


def test_a_list_of_a_chinese_city_in_its_own_encoding_with_a_title_and_merged_cells(tmp_path):
    path = tmp_path / "清单.csv"
    path.write_bytes(HANGZHOU.encode("gb18030"))
    report = import_catalogue(path, at=MONDAY)
    assert (counts(report), report.problems) == ((3, 3, 0, 0, 0), ())
    water = mine(report, "取水许可")
    assert (str(water.statutory), str(water.promised)) == ("45 个工作日", "10 个工作日")
    assert [paper.name for paper in water.materials] == ["申请表", "论证报告"]
    assert (water.fees[0].low, water.legal_bases[0].rank) == (10, "administrative_regulation")
    item = Item.objects.get(versions__name="取水许可")
    assert (item.department.name, item.department.region.name) == ("杭州市应急管理局", "杭州市")
    assert mine(report, "烟花爆竹经营许可").fees == ()
    assert mine(report, "对违法取水的处罚").kind == "行政处罚"


def test_permits_of_a_city_abroad_in_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    for row in NEW_YORK:
        book.active.append([cell.replace("\x07", "") for cell in row])
    book.save(tmp_path / "permits.xlsx")
    report = import_catalogue(tmp_path / "permits.xlsx", at=MONDAY)
    assert counts(report) == (3, 3, 0, 0, 0)
    cart, cafe = mine(report, "Food Cart Permit"), mine(report, "Cafe License")
    assert (str(cart.promised), cart.exercise_content, cart.online) == ("10 个工作日", "Food & drink", True)
    assert (str(cafe.promised), cafe.exercise_content, cafe.fees) == ("42 日", "Operate a cafe", ())
    assert [(p.row, p.field, p.value) for p in report.problems] == [
        (4, "Processing Time", "60 days"),
        (4, "Apply Online", "maybe"),
    ]


def test_services_of_a_country_as_one_nested_document(tmp_path):
    (tmp_path / "services.json").write_text(json.dumps(CANADA))
    report = import_catalogue(tmp_path / "services.json", at=MONDAY)
    assert (counts(report), report.problems) == ((2, 2, 0, 0, 0), ())
    passport = mine(report, "Renew passport")
    assert (passport.kind, str(passport.promised)) == ("行政确认", "20 个工作日")
    assert [paper.name for paper in passport.materials] == ["Old passport", "Photo"]
    assert str(mine(report, "Childcare benefit").promised) == "56 日"
    assert Item.objects.get(versions__name="Renew passport").department.name == "Passport Office"


def test_a_repeat_of_an_unknown_file_changes_nothing_and_what_it_lacks_is_shown(tmp_path):
    (tmp_path / "services.json").write_text(json.dumps(CANADA))
    import_catalogue(tmp_path / "services.json", at=MONDAY)
    assert counts(import_catalogue(tmp_path / "services.json", at=TUESDAY)) == (2, 0, 0, 2, 0)
    shorter = {"result": {"records": CANADA["result"]["records"][:1]}}
    (tmp_path / "services.json").write_text(json.dumps(shorter))
    report = import_catalogue(tmp_path / "services.json", at=TUESDAY)
    assert (report.vanished, report.gone[0][1]) == (1, "Childcare benefit")
    assert reads.version_in_force(report.gone[0][0], TUESDAY).name == "Childcare benefit"


def test_rows_that_list_one_material_each_are_one_item(tmp_path):
    (tmp_path / "rows.csv").write_text(
        "事项编码,事项名称,部门,类型,材料名称,承诺办结时限,承诺办结时限单位\n"
        "A1,食品经营许可,市场监管局,01,申请书,5,1\nA1,食品经营许可,市场监管局,01,营业执照,5,1\n"
        "A2,卫生许可,卫健委,01,申请书,10,1\nA2,卫生许可,卫健委,01,检测报告,10,2\n"
    )
    report = import_catalogue(tmp_path / "rows.csv", at=MONDAY, constants={"region": "安澜市", "region_code": "339977"})
    assert report.created == 2 and report.problems == ()
    assert [m.name for m in reads.version_in_force("339977-A1", MONDAY).materials] == ["申请书", "营业执照"]


def test_two_items_of_one_name_without_codes_are_both_taken_in_and_named(tmp_path):
    rows = "".join(f"Permit,Office,permit,555-010{n}\n" for n in (0, 1, 1))
    (tmp_path / "a.csv").write_text(f"name,agency,type,phone\n{rows}")
    report = import_catalogue(tmp_path / "a.csv", at=MONDAY)
    assert report.created == 2
    assert [(p.row, p.field) for p in report.problems] == [(3, "name"), (4, "name")]
    assert counts(import_catalogue(tmp_path / "a.csv", at=TUESDAY))[1:] == (0, 0, 2, 0)


def test_a_kind_that_nobody_knows_is_named_once_with_how_often(tmp_path):
    rows = "".join(f"S{n},服务{n},民政局,怪类\n" for n in range(9))
    (tmp_path / "a.csv").write_text(f"事项编码,事项名称,部门,事项类型\n{rows}")
    report = import_catalogue(tmp_path / "a.csv", at=MONDAY)
    assert report.created == 9 and len(report.problems) == 1
    assert (report.problems[0].value, "共 9 行" in report.problems[0].message) == ("怪类", True)


def test_columns_that_say_nothing_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    with pytest.raises(Unreadable, match="看不出哪一栏是事项名称"):
        import_catalogue(tmp_path / "a.csv", at=MONDAY)


def test_a_mapping_is_a_small_file_that_can_be_saved_and_found_again(tmp_path):
    layout = Layout(
        "ningbo", '宁波"清单"', {"name": ("事项",), "department": ("局",), "kind": ("类",)},
        {"region": "宁波市", "region_code": "330200"},
        {"审": "行政许可"}, {"promised": "working_day"},
    )  # fmt: skip
    assert from_text(to_text(layout)) == layout
    save(layout, by=1, at=MONDAY)
    (tmp_path / "n.csv").write_text("事项,局,类\n取水许可,水利局,审\n")
    report = import_catalogue(tmp_path / "n.csv", at=MONDAY)
    assert (report.mapping, report.created) == ("ningbo", 1)
    with pytest.raises(BadMapping, match="平台自带"):
        save(Layout("guangdong", "", {"name": ("a",)}), by=1, at=MONDAY)
    (tmp_path / "own.toml").write_text('name = "own"\n[columns]\nname = "事项"\nfoo = "x"\n')
    with pytest.raises(Unreadable, match="不认识的栏目：foo"):
        import_catalogue(tmp_path / "n.csv", at=MONDAY, mapping=str(tmp_path / "own.toml"))


TWO_HEADINGS = """云海市行政权力事项目录,,,,,,
序号,职权名称,职权类别,实施主体,,办理时限,
,,,部门,承办科室,法定（工作日）,承诺（工作日）
1,取水许可,行政许可,云海市水利局,水资源科,二十,8
2,河道建设项目审批,行政许可,云海市水利局,水政科,20,10
,小计：2 项,,,,,
"""
BRITISH = """Service Name,Licensing authority,Service category,Target completion period,Statutory period,Documents required
Street trading licence,Borough of Elmbridge,Licence,10 working days,,Passport; Public liability insurance
Temporary event notice,Borough of Elmbridge,Notification,5 working days,10 working days,Form
Waste permit,Borough of Elmbridge,Permit,same day,,
"""


def test_two_rows_of_headings_are_one_and_a_row_of_totals_is_no_item(tmp_path):
    path = tmp_path / "目录.csv"
    path.write_text(TWO_HEADINGS, encoding="utf-8")
    report = import_catalogue(path, at=MONDAY)
    assert (counts(report)[1], [(each.row, each.field) for each in report.problems]) == (2, [(6, "职权名称")])
    assert "合计" in report.problems[0].message
    water = mine(report, "取水许可")
    assert (water.statutory, water.promised, water.undertaken_by) == (WorkingDays(20), WorkingDays(8), "水资源科")


def test_a_british_list_has_its_target_as_the_promise_and_its_statutory_period_as_the_limit(tmp_path):
    path = tmp_path / "services.csv"
    path.write_text(BRITISH, encoding="utf-8")
    report = import_catalogue(path, at=MONDAY)
    assert (counts(report), report.problems) == ((3, 3, 0, 0, 0), ())
    notice = mine(report, "Temporary event notice")
    assert (notice.statutory, notice.promised) == (WorkingDays(10), WorkingDays(5))
    assert mine(report, "Waste permit").promised == WorkingDays(0)


def test_everything_that_is_wrong_with_a_row_is_named_at_once(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(
        "名称,部门,类型,法定时限,承诺时限\n,某局,行政许可,三百年,很快\n正常事项,某局,行政许可,20个工作日,5个工作日\n",
        encoding="utf-8",
    )
    report = import_catalogue(path, at=MONDAY)
    assert [each.field for each in report.problems if each.row == 2] == ["名称", "法定时限", "承诺时限"]


def test_a_title_in_another_language_stands_in_for_one_that_is_missing(tmp_path):
    path = tmp_path / "items.json"
    rows = [{"id": f"E{n}", "title": {"en": "Building permit"}, "provider": {"name": "City Office"}} for n in range(2)]
    rows.append({"id": "E9", "title": {"et": "Lasteaia koht"}, "provider": {"name": "City Office"}})
    path.write_text(json.dumps({"meta": {"version": 3}, "result": {"items": rows}}), encoding="utf-8")
    import_catalogue(path, at=MONDAY)
    assert Item.objects.filter(versions__name="Lasteaia koht").exists()
