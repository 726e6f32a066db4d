"""Search on a handful of items: hostile queries, marks, spelling, versions."""

from __future__ import annotations

import pytest
from guide_rows import MONDAY, TUESDAY, imported, row

from xiaoneng.catalogue import search
from xiaoneng.catalogue.actions import index_versions
from xiaoneng.catalogue.models import ItemVersion, Sought

pytestmark = pytest.mark.django_db
NAMES = (
    "道路货物运输经营许可",
    "ETC电子标签　办理",
    "建筑施工许可（延续）",
    "100%国有股权转让备案",
    "用户_名'变更\\登记",
    "水",
    "取水许可",
    "水利工程建设许可",
    "地下水取水许可审批",
)


@pytest.fixture
def items(tmp_path):
    """Import an item of each name."""
    plain = {"matter_short": "无", "matter_daily": "无", "theme_category": ["其他"], "DEPT_NAME": "安澜市政府办"}
    imported(tmp_path / "items.jsonl", *(row(TASK_NAME=name, **plain) for name in NAMES))


def names(text, **more):
    return [line.name for line in search.search(text, at=MONDAY, **more).rows]


def test_one_character_finds_every_name_that_has_it_the_equal_one_first(items):
    assert names("水") == ["水", "水利工程建设许可", "取水许可", "地下水取水许可审批"]


def test_two_characters_find_neighbours_only(items):
    assert names("取水") == ["取水许可", "地下水取水许可审批"]
    assert search.search("水建", at=MONDAY).approximate


def test_a_phrase_must_stand_as_it_is(items):
    assert names("下水取水") == ["地下水取水许可审批"]


def test_several_words_must_all_be_there_in_any_order(items):
    assert names("许可 地下 取水") == ["地下水取水许可审批"]


def test_words_that_nothing_has_together_find_what_has_most_of_them_and_what_few_have_leads(items):
    found = search.search("许可 股权", at=MONDAY)
    assert found.approximate and found.rows[0].name == "100%国有股权转让备案"
    assert {line.name for line in found.rows[1:]} == {name for name in NAMES if "许可" in name}
    assert names("延续 取水 地下")[0] == "地下水取水许可审批"


def test_a_slip_in_one_of_several_words_is_still_a_slip(items):
    assert names("建筑施工 许司")[0] == "建筑施工许可（延续）"


@pytest.mark.parametrize("text", ["etc", "ＥＴＣ", "Etc电子", "etc电子标签 办理", "ＥＴＣ电子标签　办理"])
def test_width_and_case_of_letters_do_not_matter(items, text):
    found = search.search(text, at=MONDAY)
    assert (found.total, found.approximate) == (1, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("%", "100%国有股权转让备案"),
        ("_", "用户_名'变更\\登记"),
        ("'", "用户_名'变更\\登记"),
        ("\\", "用户_名'变更\\登记"),
    ],
)
def test_signs_with_a_meaning_for_the_database_are_plain_characters(items, text, name):
    assert names(text) == [name]
    assert names(name) == [name]


HOSTILE = [
    "'", "''", '"', "\\", "\\'", "%", "%%", "_", "(", "(()", "&", "|", "!", "<->", ":*", "'水':*", "水:A", "水 & | !",
    "'; DROP TABLE catalogue_item; --", "\x00", "水\x00\x1f\x7f", "\ud83d", "😀", "👩\u200d⚕️许可", "\ue000", "\ue001水",
    "许" * 5000, "水 " * 2000, "ﷺ" * 400, " \t\n", "", "𠮷野", "a'b\\c\"d", "%s %(at)s", "\u202e可许", "é", "İ",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(text)[:20] for text in HOSTILE])
def test_no_query_breaks_the_search(items, text):
    found = search.search(text, at=MONDAY)
    assert len(found.rows) == min(found.total, 20)


def test_a_query_of_nothing_finds_nothing_and_is_not_called_approximate(items):
    assert search.search(" \u200b ", at=MONDAY) == search.Found(0, ())


def test_only_the_first_fifty_characters_count(items):
    assert len(search.normalised("许可" * 100)) == 50


def test_the_marks_around_a_name_cannot_be_typed(items):
    assert search.normalised("\ue000水\ue001") == "水"


def test_likeness_is_ranked_by_the_share_that_is_met(items):
    found = search.search("办道路货输经营", at=MONDAY)
    assert found.approximate and found.rows[0].name == "道路货物运输经营许可"


def test_page_numbers_out_of_range_give_an_empty_page_and_the_true_total(items):
    found = search.search("许可", at=MONDAY, offset=5000)
    assert (found.rows, found.total) == ((), 5)
    assert search.search("许可", at=MONDAY, limit=-1, offset=-5).total == 5
    assert search.browse(at=MONDAY, limit=-1, offset=-5).rows == ()


def test_an_item_is_found_by_alias_theme_and_department_but_its_name_comes_first(tmp_path):
    by_alias = row(TASK_NAME="商事主体设立", matter_daily="开饭店,办营业执照")
    by_theme = row(TASK_NAME="卫生许可", theme_category=["饭店经营"], matter_daily="无")
    by_department = row(TASK_NAME="排污许可", DEPT_NAME="安澜市饭店管理处", matter_daily="无")
    by_name = row(TASK_NAME="星级旅游饭店评定", matter_daily="无")
    imported(tmp_path / "items.jsonl", by_department, by_theme, by_alias, by_name)
    assert names("饭店")[:2] == ["星级旅游饭店评定", "商事主体设立"]
    assert set(names("饭店")[2:]) == {"卫生许可", "排污许可"}


def test_words_do_not_run_together_across_name_alias_and_department(tmp_path):
    imported(tmp_path / "items.jsonl", row(TASK_NAME="采矿", matter_short="山林", matter_daily="田地"))
    assert search.search("采矿山林", at=MONDAY).approximate
    assert search.search("山林田地", at=MONDAY).approximate
    assert not search.search("采矿 山林", at=MONDAY).approximate


def test_only_versions_in_force_are_found(tmp_path):
    given = row(TASK_NAME="旧名许可事项")
    imported(tmp_path / "a.jsonl", given)
    imported(tmp_path / "b.jsonl", given | {"TASK_NAME": "新名许可事项"}, at=TUESDAY)
    assert names("旧名") == ["旧名许可事项"]
    assert search.search("旧名许可", at=TUESDAY, limit=5).approximate
    assert [line.name for line in search.search("新名", at=TUESDAY).rows] == ["新名许可事项"]
    assert search.search("新名", at=MONDAY.replace(year=2020)).total == 0


def test_a_line_speaks_the_limits_and_says_that_it_is_open(tmp_path):
    given = row(TASK_NAME="某某备案", handle_time_limit="0(工作日)")
    imported(tmp_path / "items.jsonl", given)
    line = search.search("某某备案", at=MONDAY).rows[0]
    assert line == search.ItemLine(
        code=given["TASK_CODE"],
        name="某某备案",
        department="安澜市市场监督管理局",
        kind="行政许可",
        promised="当场办结",
        statutory="20 个工作日",
        open=True,
        closed_reason="",
        online=True,
        region="安澜市",
        level=1,
    )


def test_versions_that_came_in_without_words_can_be_indexed_afterwards(items):
    ids = list(ItemVersion.objects.filter(name="取水许可").values_list("id", flat=True))
    before = Sought.objects.filter(version__in=ids).values().get()
    Sought.objects.filter(version__in=ids).delete()
    assert names("取水") == ["地下水取水许可审批"]
    index_versions(ids)
    assert Sought.objects.filter(version__in=ids).values().get() == before
    index_versions(ids)  # twice is once


def test_a_version_that_ends_is_not_found_from_that_instant(items):
    version = ItemVersion.objects.get(name="取水许可")
    ItemVersion.objects.filter(pk=version.pk).update(in_force=(version.in_force.lower, TUESDAY))
    assert "取水许可" in names("取水")
    assert [line.name for line in search.search("取水", at=TUESDAY).rows] == ["地下水取水许可审批"]
