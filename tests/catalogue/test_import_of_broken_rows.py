"""What an import cannot use it reports row by row, and takes in everything else."""

from __future__ import annotations

import json

import pytest
from guide_rows import MONDAY, code, counts, imported, row

from xiaoneng.catalogue import reads
from xiaoneng.catalogue.models import Item
from xiaoneng.org.models import Department

pytestmark = pytest.mark.django_db
TWICE = code()

# (what is wrong, the row as it stands in the file, the column that is reported, a piece of the advice)
UNUSABLE = [
    ("a line that was cut off", '{"TASK_CODE": "1144', "", "被截断"),
    ("a line that is no JSON", "事项,部门,时限", "", "JSON"),
    ("a line that is a list", "[1, 2]", "", "不是 JSON 对象"),
    ("a line that is a number", "12", "", "不是 JSON 对象"),
    ("a line nested without end", "[" * 100_000, "", "JSON"),
    ("no code", row(TASK_CODE=...), "TASK_CODE", "缺少实施编码"),
    ("a code of nothing", row(TASK_CODE=None), "TASK_CODE", "缺少实施编码"),
    ("a blank code", row(TASK_CODE="  \u200b "), "TASK_CODE", "缺少实施编码"),
    ("a code too short", row(TASK_CODE="1199000"), "TASK_CODE", "这里是 7 位"),
    ("a code of 32 characters", row(TASK_CODE=code() + "1"), "TASK_CODE", "这里是 32 位"),
    ("a code with small letters", row(TASK_CODE=code().lower()), "TASK_CODE", "大写字母"),
    ("a code with an odd sign", row(TASK_CODE=code()[:-1] + "'"), "TASK_CODE", "大写字母"),
    ("a code that is a number", row(TASK_CODE=1199000), "TASK_CODE", "应为可显示的文字"),
    ("no name", row(TASK_NAME=""), "TASK_NAME", "缺少事项名称"),
    ("the word for none as a name", row(TASK_NAME="无"), "TASK_NAME", "缺少事项名称"),
    ("a name that is a number", row(TASK_NAME=42), "TASK_NAME", "应为可显示的文字"),
    ("a name too long", row(TASK_NAME="长" * 301), "TASK_NAME", "超过 300 字"),
    ("a name with half a character", json.dumps(row(TASK_NAME="\ud83d许可")), "TASK_NAME", "可显示"),
    ("no department", row(DEPT_NAME=" "), "DEPT_NAME", "缺少实施部门"),
    ("a department that is a list", row(DEPT_NAME=["市监局"]), "DEPT_NAME", "应为可显示的文字"),
    ("a department name too long", row(DEPT_NAME="局" * 81), "DEPT_NAME", "超过 80 字"),
    ("no region", row(AREACODE=None), "AREACODE", "缺少行政区划代码"),
    ("a region code that is a word", row(AREACODE="安澜市"), "AREACODE", "6、9 或 12 位数字"),
    ("no name of the region", row(AREA_CODE_TEXT=""), "AREA_CODE_TEXT", "缺少行政区划名称"),
    ("no kind", row(TASK_TYPE_TEXT=""), "TASK_TYPE_TEXT", "缺少事项类型"),
    ("a kind that nobody knows", row(TASK_TYPE_TEXT="行政审批"), "TASK_TYPE_TEXT", "行政许可、行政处罚"),
    ("a kind by its number", row(TASK_TYPE_TEXT=1), "TASK_TYPE_TEXT", "应为可显示的文字"),
]


@pytest.mark.parametrize(
    ("content", "field", "advice"), [case[1:] for case in UNUSABLE], ids=[case[0] for case in UNUSABLE]
)
def test_an_unusable_row_creates_nothing_and_is_reported(tmp_path, content, field, advice):
    before = Item.objects.count()
    good = row()
    report = imported(tmp_path / "items.jsonl", good, content, row())
    assert counts(report) == (3, 2, 0, 0, 0)
    assert Item.objects.count() == before + 2
    assert [(problem.row, problem.field) for problem in report.problems] == [(2, field)]
    assert advice in report.problems[0].message and len(report.problems[0].value) <= 80
    report.problems[0].value.encode()


# (what is wrong, the columns, the column that is reported, advice, what stands then)
LESS = [
    ("limit in words", {"handle_time": "尽快办理"}, "handle_time", "读不懂", {"statutory": None}),
    ("limit without unit", {"handle_time": "20"}, "handle_time", "工作日还是自然日", {"statutory": None}),
    ("days that may be either", {"handle_time": "20(天)"}, "handle_time", "工作日还是自然日", {"statutory": None}),
    ("unknown unit", {"handle_time": "20(季度)"}, "handle_time", "不认识的时限单位", {"statutory": None}),
    ("negative limit", {"handle_time": "-5(工作日)"}, "handle_time", "不小于 0", {"statutory": None}),
    ("half a day", {"handle_time_limit": "2.5(工作日)"}, "handle_time_limit", "整数", {"promised": None}),
    ("absurd limit", {"handle_time": "3651(工作日)"}, "handle_time", "不合常理", {"statutory": None}),
    ("endless digits", {"handle_time": "9" * 5000 + "(工作日)"}, "handle_time", "不合常理", {"statutory": None}),
    ("no hour at all", {"handle_time_limit": "0(小时)"}, "handle_time_limit", "至少为 1", {"promised": None}),
    ("limit as number", {"handle_time": 20}, "handle_time", "应为可显示的文字", {"statutory": None}),
    ("promise over law", {"handle_time_limit": "21(工作日)"}, "handle_time_limit", "长于法定时限", {"promised": None}),
    (
        "working days over calendar days",
        {"handle_time": "20(自然日)", "handle_time_limit": "21(工作日)"},
        "handle_time_limit",
        "长于法定时限",
        {"promised": None},
    ),
    ("no list", {"material_intro": None}, "material_intro", "应为列表", {"materials": ()}),
    ("list as object", {"material_intro": {"a": "b"}}, "material_intro", "应为列表", {"materials": ()}),
    (
        "null among materials",
        {"material_intro": ["申请书", None]},
        "material_intro",
        "文字",
        {"materials": ("申请书",)},
    ),
    ("number among materials", {"material_intro": [7, "申请书"]}, "material_intro", "文字", {"materials": ("申请书",)}),
    ("catch-all", {"material_intro": ["申请书", "其他材料"]}, "material_intro", "兜底", {"materials": ("申请书",)}),
    (
        "relevant material",
        {"material_intro": ["有关材料", "申请书"]},
        "material_intro",
        "兜底",
        {"materials": ("申请书",)},
    ),
    (
        "whatever the law requires",
        {"material_intro": ["3.法律、法规规定的其他材料"]},
        "material_intro",
        "兜底",
        {"materials": ()},
    ),
    ("material twice", {"material_intro": ["申请书", "申请书 "]}, "material_intro", "重复", {"materials": ("申请书",)}),
    (
        "material too long",
        {"material_intro": ["书" * 301]},
        "material_intro",
        "超过 300 字",
        {"materials": ("书" * 299 + "…",)},
    ),
    ("no themes", {"theme_category": None}, "theme_category", "应为列表", {"themes": ()}),
    ("theme too long", {"theme_category": ["准营", "题" * 31]}, "theme_category", "超过 30 字", {"themes": ("准营",)}),
    ("audience as text", {"service_object_name": "自然人"}, "service_object_name", "应为列表", {"audience": ()}),
    ("online unknown", {"ONLINECHECK": "maybe"}, "ONLINECHECK", "应为 1 或 0", {"online": False}),
    ("online as number", {"ONLINECHECK": 1}, "ONLINECHECK", "应为 1 或 0", {"online": False}),
    ("conditions as number", {"accept_standard": 1}, "accept_standard", "应为可显示的文字", {"conditions": ""}),
    (
        "a story for a phone",
        {"consult_phone": "请在工作时间来电。" * 30 + "电话：020-83815010"},
        "consult_phone",
        "只取了其中的号码",
        {"phone": "020-83815010"},
    ),
    ("alias too long", {"matter_short": "名" * 61}, "matter_short", "超过 60 字", {}),
    ("organ code too long", {"ORGCODE": "1" * 31}, "ORGCODE", "超过 30 字", {}),
]


@pytest.mark.parametrize(
    ("columns", "field", "advice", "stands"), [case[1:] for case in LESS], ids=[case[0] for case in LESS]
)
def test_a_field_that_cannot_be_used_is_left_out_and_reported(tmp_path, columns, field, advice, stands):
    given = row(**columns)
    report = imported(tmp_path / "items.jsonl", given)
    assert counts(report) == (1, 1, 0, 0, 0)
    assert [(problem.row, problem.field) for problem in report.problems] == [(1, field)]
    assert advice in report.problems[0].message and len(report.problems[0].value) <= 80
    plan = reads.version_in_force(str(given["TASK_CODE"]), MONDAY)
    for name, value in stands.items():
        now = tuple(each.name for each in plan.materials) if name == "materials" else getattr(plan, name)
        assert now == value, name
    if "statutory" not in stands:
        assert plan.statutory is not None


def test_a_promise_over_the_law_leaves_the_statutory_limit_standing(tmp_path):
    given = row(handle_time="20(工作日)", handle_time_limit="21(工作日)")
    imported(tmp_path / "items.jsonl", given)
    plan = reads.version_in_force(str(given["TASK_CODE"]), MONDAY)
    assert (str(plan.statutory), plan.promised) == ("20 个工作日", None)


def test_a_promise_in_another_unit_than_the_law_is_let_pass(tmp_path):
    given = row(handle_time="30(自然日)", handle_time_limit="7（工作日）")
    report = imported(tmp_path / "items.jsonl", given)
    plan = reads.version_in_force(str(given["TASK_CODE"]), MONDAY)
    assert (str(plan.statutory), str(plan.promised), report.problems) == ("30 日", "7 个工作日", ())


def test_nought_working_days_means_on_the_spot_and_is_a_limit(tmp_path):
    given = row(handle_time_limit="0(工作日)")
    report = imported(tmp_path / "items.jsonl", given)
    assert reads.version_in_force(str(given["TASK_CODE"]), MONDAY).promised.n == 0
    assert report.problems == ()


def test_an_item_without_any_limit_is_no_problem_but_is_counted(tmp_path):
    report = imported(tmp_path / "items.jsonl", row(handle_time="无", handle_time_limit="无"), row())
    assert (report.problems, report.without_limit) == ((), 1)


def test_the_second_row_of_a_code_is_reported_and_the_first_one_wins(tmp_path):
    first, second = row(TASK_CODE=TWICE, TASK_NAME="先来"), row(TASK_CODE=TWICE, TASK_NAME="后到")
    report = imported(tmp_path / "items.jsonl", first, second)
    assert counts(report) == (2, 1, 0, 0, 0)
    assert [(problem.row, problem.field, problem.value) for problem in report.problems] == [(2, "TASK_CODE", TWICE)]
    assert "第 1 行" in report.problems[0].message
    assert reads.version_in_force(TWICE, MONDAY).name == "先来"


def test_everything_that_is_wrong_with_a_row_is_said_at_once(tmp_path):
    report = imported(tmp_path / "items.jsonl", row(TASK_CODE="1", TASK_NAME="", TASK_TYPE_TEXT="?"), row())
    assert [problem.field for problem in report.problems] == ["TASK_CODE", "TASK_NAME", "TASK_TYPE_TEXT"]


def test_rows_are_counted_by_the_lines_of_the_file_blank_ones_included(tmp_path):
    report = imported(tmp_path / "items.jsonl", row(), "", "   ", "{", row())
    assert (report.read, [problem.row for problem in report.problems]) == (3, [4])


def test_a_line_in_another_encoding_is_reported_and_the_others_come_in(tmp_path):
    from xiaoneng.catalogue.imports import import_catalogue

    path = tmp_path / "items.jsonl"
    imported(path, row())
    path.write_bytes(path.read_bytes() + '{"TASK_NAME": "许可"}\n'.encode("gbk"))
    report = import_catalogue(path, at=MONDAY)
    assert [(problem.row, problem.field) for problem in report.problems] == [(2, "")]
    assert "UTF-8" in report.problems[0].message


def test_materials_written_as_one_text_are_taken_apart(tmp_path):
    given = row(material_intro="1. 申请书；2.营业执照\n（三）身份证")
    imported(tmp_path / "items.jsonl", given)
    plan = reads.version_in_force(str(given["TASK_CODE"]), MONDAY)
    assert [material.name for material in plan.materials] == ["申请书", "营业执照", "身份证"]


@pytest.mark.parametrize(
    "name", ["其他身份证件", "项目其他佐证照片", "法院判决书等材料", "有关部门的批准文件", "2023年审计报告"]
)
def test_a_material_that_says_what_is_meant_is_no_catch_all(tmp_path, name):
    given = row(material_intro=[name])
    report = imported(tmp_path / "items.jsonl", given)
    assert report.problems == ()
    assert [m.name for m in reads.version_in_force(str(given["TASK_CODE"]), MONDAY).materials] == [name]


def test_control_characters_do_not_reach_the_names(tmp_path):
    given = row(TASK_NAME=" 食品\x00经营\u200b许可\n", accept_standard="一\r\n二\x07")
    imported(tmp_path / "items.jsonl", given)
    plan = reads.version_in_force(str(given["TASK_CODE"]), MONDAY)
    assert (plan.name, plan.conditions) == ("食品 经营许可", "一\n二")


def test_a_region_that_is_known_by_another_name_keeps_it_and_is_reported_once(tmp_path):
    imported(tmp_path / "items.jsonl", row())
    report = imported(tmp_path / "more.jsonl", row(AREA_CODE_TEXT="宁海市"), row(AREA_CODE_TEXT="宁海市"))
    assert report.created == 2
    assert [(problem.row, problem.field, problem.value) for problem in report.problems] == [
        (1, "AREA_CODE_TEXT", "宁海市")
    ]


def test_one_name_of_a_department_is_one_department(tmp_path):
    imported(tmp_path / "items.jsonl", row(DEPT_NAME="安澜市司法局"), row(DEPT_NAME=" 安澜市司法局  "))
    assert Department.objects.filter(region__code="990100", name="安澜市司法局").count() == 1
