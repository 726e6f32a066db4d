"""Search by what people say, mistype and abbreviate: synonyms, initials, codes, slips; and by headings."""

from __future__ import annotations

import pytest
from guide_rows import MONDAY, imported, row

from xiaoneng.catalogue import actions, search
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.catalogue.search import Choice, frequent, said
from xiaoneng.rules.grounds import NotAllowed

pytestmark = pytest.mark.django_db
NAMES = (
    "食品经营许可", "食品经营许可（变更）", "企业设立登记", "新生儿出生登记", "提取住房公积金支付房租",
    "个体工商户营业执照补发", "银行卡收单备案", "老年人福利补贴", "重庆小面推广奖励",
)  # fmt: skip


@pytest.fixture
def items(tmp_path):
    """Import an item of each name."""
    plain = {"matter_short": "无", "matter_daily": "无", "theme_category": ["其他"], "DEPT_NAME": "安澜市政府办"}
    imported(tmp_path / "items.jsonl", *(row(TASK_NAME=name, **plain) for name in NAMES))


def names(text, **more):
    return [line.name for line in search.search(text, at=MONDAY, **more).rows]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("开一家小吃店", "食品经营许可"), ("我要注册公司", "企业设立登记"), ("孩子上户口", "新生儿出生登记"),
        ("提取公积金付房租", "提取住房公积金支付房租"),
        ("老人办高龄津贴", "老年人福利补贴"), ("个体户", "个体工商户营业执照补发"),
    ],
)  # fmt: skip
def test_everyday_words_find_what_the_office_calls_otherwise(items, text, name):
    found = search.search(text, at=MONDAY)
    assert name in [line.name for line in found.rows] and not found.approximate and found.also


def test_what_carries_the_very_words_comes_before_what_synonyms_find(items):
    actions.put_synonym("老年人", "营业执照")
    assert names("老年人") == ["老年人福利补贴", "个体工商户营业执照补发"]


def test_a_new_synonym_counts_at_once_and_a_dropped_one_no_more(items):
    assert "银行卡收单备案" not in names("刷卡机")
    actions.put_synonym("刷卡机", "收单")
    actions.put_synonym("刷卡机", "收单")
    (line,) = [each for each in said.synonyms() if each.word == "刷卡机"]
    assert names("刷卡机") == ["银行卡收单备案"]
    actions.drop_synonym(line.id)
    assert "银行卡收单备案" not in names("刷卡机")


@pytest.mark.parametrize(("word", "official"), [("", "登记"), ("登记", " "), ("登记", "登记"), ("字" * 31, "登记")])
def test_a_synonym_needs_two_words_of_bearable_length(items, word, official):
    with pytest.raises(NotAllowed):
        actions.put_synonym(word, official)


@pytest.mark.parametrize(
    ("letters", "name"),
    [
        ("spjyxk", "食品经营许可"),
        ("SPJYXK", "食品经营许可"),
        ("jyxk", "食品经营许可"),
        ("yhk", "银行卡收单备案"),
        ("cqxm", "重庆小面推广奖励"),
    ],
)
def test_initials_find_the_name_read_aloud_as_people_read_it(items, letters, name):
    assert names(letters)[0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("食品经菅许可", "食品经营许可"), ("食品经许可", "食品经营许可"), ("食品品经营许可", "食品经营许可"),
        ("食品营经许可", "食品经营许可"),
        ("实品经营许可", "食品经营许可"), ("营业职照", "个体工商户营业执照补发"),
    ],
)  # fmt: skip
def test_a_slip_finds_the_nearest_name_and_says_that_it_is_not_the_very_words(items, text, name):
    found = search.search(text, at=MONDAY)
    assert found.rows[0].name == name and found.approximate


def test_what_is_like_nothing_finds_nothing(items):
    assert search.search("zzzzqqqq", at=MONDAY) == search.Found(0, ())


def test_the_code_finds_its_item_whole_or_from_its_start(items):
    code = search.search("企业设立登记", at=MONDAY).rows[0].code
    assert names(code) == names(code.lower()) == ["企业设立登记"]
    assert "企业设立登记" in names(code[:12])


def test_headings_narrow_down_what_words_find(tmp_path):
    imported(
        tmp_path / "items.jsonl",
        row(
            TASK_NAME="甲许可",
            service_object_name=["自然人"],
            theme_category=["户籍办理"],
            handle_time_limit="0(工作日)",
        ),
        row(TASK_NAME="乙许可", service_object_name=["企业法人"], theme_category=["准营准办"], ONLINECHECK="0"),
    )
    assert names("许可", choice=Choice(who="person")) == ["甲许可"]
    assert names("许可", choice=Choice(who="enterprise")) == ["乙许可"]
    assert names("许可", choice=Choice(theme="准营准办")) == ["乙许可"]
    assert names("许可", choice=Choice(online=True)) == ["甲许可"]
    assert names("许可", choice=Choice(instant=True)) == ["甲许可"]
    assert names("许可", choice=Choice(level=4)) == []
    assert names("许可", choice=Choice(level=1, kind="行政许可")) == ["甲许可", "乙许可"]
    assert [line.name for line in search.browse(at=MONDAY, choice=Choice(who="person")).rows] == ["甲许可"]


def test_headings_are_counted_of_what_was_found_and_of_everything(items):
    found = search.search("食品经营", at=MONDAY)
    assert search.headings_of(found.ids)["level"] == {"1": 2}
    assert search.headings(MONDAY, Choice())["level"] == {"1": len(NAMES)}


def test_a_department_of_another_name_is_found_by_it_once_it_is_indexed(items):
    version = ItemVersion.objects.select_related("item__department").get(name="企业设立登记")
    department = version.item.department
    type(department).objects.filter(pk=department.pk).update(name="商事登记局")
    actions.index_department(department.pk)
    assert "企业设立登记" in names("商事登记局")


COMMON = ("许可", "登记", "政府办", "食品经营许可", "可", "许可 食品", "没有")


def test_what_is_thought_common_or_rare_is_looked_for_in_other_ways_and_found_the_same(items, monkeypatch):
    def told(**known):
        class Told(frequent.Frequent):
            few = staticmethod(lambda pieces: known["few"])
            many = staticmethod(lambda pieces, wanted: known["many"])
            many_named = staticmethod(lambda pieces, wanted: known["many"])

        monkeypatch.setattr("xiaoneng.catalogue.search.words.frequent", lambda: Told())
        return {text: search.search(text, at=MONDAY) for text in COMMON}

    before = told(few=True, many=False)
    assert before["许可"].total and told(few=False, many=True) == told(few=False, many=False) == before


def test_a_sample_tells_which_keys_very_many_rows_have_and_which_few():
    rows = [("食品许可", "局")] * 30 + [("食品登记", "局")] * 60 + [("水", "局")] * 10
    known = frequent.of_sample(100_000, rows)
    assert known.many_named(["食品"], 300) and known.many(["局"], 300) and not known.many_named(["局"], 300)
    assert known.many_named(["食品", "品许可"], 300) and not known.many_named(["水", "品许可"], 300)
    assert not known.many_named(["食品"], 10_000)
    assert known.few(["殡葬"]) and known.few(["食品", "殡葬"]) and not known.few(["水"])


def test_more_than_can_be_ranked_are_counted_and_the_equal_name_still_comes_first(tmp_path):
    rows = [row(TASK_NAME=f"第{n}号许可") for n in range(320)]
    imported(tmp_path / "items.jsonl", *rows, row(TASK_NAME="许可"))
    found = search.search("许可", at=MONDAY)
    assert found.rows[0].name == "许可" and (found.total, found.reachable, found.more) == (321, 300, False)
    pages = [search.search("第", at=MONDAY, limit=30, offset=30 * n) for n in range(10)]
    assert all([line.name for line in page.rows] for page in pages)
    assert len({line.code for page in pages for line in page.rows}) == 300
    assert len(search.every("许可", MONDAY)) == 321


def test_of_very_many_it_is_only_said_that_there_are_more(tmp_path, monkeypatch):
    imported(tmp_path / "items.jsonl", *(row(TASK_NAME=f"第{n}号许可") for n in range(320)))
    monkeypatch.setattr("xiaoneng.catalogue.search.words.frequent", lambda: frequent.Frequent(rows=100_000))
    found = search.search("许可", at=MONDAY)
    assert (found.total, found.more) == (300, True)


def test_what_other_ways_find_follows_and_is_counted_apart(items):
    actions.put_synonym("老年人", "营业执照")
    found = search.search("老年人", at=MONDAY)
    assert (found.total, found.beside, found.reachable) == (1, 1, 2)


def test_leaving_out_words_around_what_is_meant_does_not_look_for_a_single_character(items):
    assert said.officially("给银") == []
