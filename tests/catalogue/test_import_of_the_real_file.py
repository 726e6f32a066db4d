"""The 2,024 items of a province as its site published them."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

import shared_data
from xiaoneng.catalogue import reads, search
from xiaoneng.catalogue.imports import import_catalogue
from xiaoneng.catalogue.models import Item, ItemVersion, Material
from xiaoneng.org.models import Department, Region

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NEITHER = Q(statutory_n__isnull=True, promised_n__isnull=True)


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker):
    """Import the file once for this module, and take everything back afterwards."""
    path = shared_data.needed() / "catalogue" / "guangdong_items_province_2024.jsonl.gz"
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        with CaptureQueriesContext(connection) as queries:
            report = import_catalogue(path, at=AT)
        yield report, len(queries), path
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


def expected():
    """Give what an independent count of the same file found."""
    return json.loads((shared_data.needed() / "EXPECTED.json").read_text())["guangdong_province_items"]


def mine():
    return ItemVersion.objects.filter(item__source="guangdong/440000")


def test_every_item_comes_in_with_its_department_and_kind(province):
    report, _, _ = province
    assert (report.read, report.created, report.updated, report.unchanged) == (2024, 2024, 0, 0)
    assert Item.objects.filter(source="guangdong/440000").count() == expected()["codes"]
    assert Department.objects.filter(region__code="440000").count() == expected()["departments"]
    kinds = {count.name: count.n for count in search.counts_by_kind(AT)}
    assert kinds == expected()["types"]


def test_both_limits_come_in_with_their_units(province):
    assert mine().filter(statutory_n__isnull=True).count() == expected()["statutory_missing"]
    assert mine().filter(promised_n__isnull=True).count() == expected()["promised_missing"]
    natural = mine().filter(Q(statutory_unit="calendar_day") | Q(promised_unit="calendar_day")).count()
    assert natural == expected()["natural_day_units"]
    one_day = mine().filter(promised_n=1, promised_unit="working_day").count()
    assert one_day == expected()["promised_1_workday"]


def test_the_mean_reduction_is_that_of_the_file(province):
    pairs = [
        (row.statutory_n, row.promised_n)
        for row in mine()
        if row.statutory_n and row.promised_n is not None and row.statutory_unit == row.promised_unit
    ]
    mean = 100 * sum(1 - promised / statutory for statutory, promised in pairs) / len(pairs)
    assert round(mean, 2) == expected()["mean_reduction_pct_same_unit"]


def test_the_materials_are_those_listed_and_the_word_for_none_is_no_material(province):
    _, _, path = province
    # The independent count took the word 无, where it stands instead of a list, for one material.
    none = gzip.decompress(path.read_bytes()).decode().count('"material_intro": "无"')
    assert Material.objects.filter(version__in=mine()).count() + none == expected()["materials_total"]
    assert not Material.objects.filter(version__in=mine(), name="无").exists()


def test_themes_and_the_online_mark_come_in(province):
    assert len(search.counts_by_theme(AT)) == expected()["themes"]
    assert mine().filter(online=True).count() == expected()["online"]


def test_items_without_any_limit_are_shown_but_not_open(province):
    report, _, _ = province
    assert mine().filter(NEITHER).count() == report.without_limit == 512
    code = mine().filter(NEITHER).values_list("item__code", flat=True)[0]
    plan = reads.version_in_force(code, AT)
    assert not plan.has_limit
    line = search.lines([plan.version_id])[0]
    assert not line.open and "尚未设定办理时限" in line.closed_reason
    assert search.browse(at=AT, open_only=True).total == 2024 - 512


def test_nothing_of_the_real_file_is_refused_but_texts_that_are_too_long(province):
    report, _, _ = province
    assert {problem.field for problem in report.problems} == {"consult_phone"}


def test_an_item_stands_as_its_row_says(province):
    plan = reads.version_in_force("11440000006939756B2440101007000", AT)
    assert plan.name == "临时价格干预范围事项提价申报"
    assert (plan.department, plan.kind) == ("广东省发展和改革委员会", "行政许可")
    assert (str(plan.statutory), str(plan.promised)) == ("30 个工作日", "7 个工作日")
    assert [material.name for material in plan.materials] == ["提价申报申请报告"]
    assert plan.phone == "020-34121084"
    assert plan.conditions.startswith("《广东省实施〈中华人民共和国价格法〉办法》第二十九条")
    assert plan.source.startswith("guangdong_items_province_2024.jsonl.gz 第 1 行（SHA-256 ")


def test_the_default_chain_applies_since_the_file_has_no_steps(province):
    plan = reads.version_in_force("11440000006939756B2440101007000", AT)
    assert [step.kind for step in plan.steps] == ["accept", "review", "decide"]


def test_the_region_comes_in_on_the_national_calendar(province):
    region = Region.objects.get(code="440000")
    assert (region.name, region.level, region.parent, region.calendar.name) == ("广东省", 0, None, "全国")


def test_every_department_has_a_sign_of_its_own(province):
    signs = list(Department.objects.filter(region__code="440000").values_list("sign", flat=True))
    assert len(set(signs)) == len(signs) == expected()["departments"]
    assert Department.objects.get(name="广东省司法厅").sign == "粤司法"


def test_a_second_run_changes_nothing(province):
    report, _, path = province
    before = ItemVersion.objects.count(), Department.objects.count()
    again = import_catalogue(path, at=datetime(2026, 3, 3, tzinfo=UTC))
    assert (again.read, again.created, again.updated, again.unchanged, again.vanished) == (2024, 0, 0, 2024, 0)
    assert (ItemVersion.objects.count(), Department.objects.count()) == before
    assert again.problems == report.problems


def test_the_import_takes_few_statements(province):
    _, queries, _ = province
    assert queries < 40


def test_every_version_can_be_found_at_once(province):
    assert not mine().filter(sought__isnull=True).exists()


# --- search on the same items -----------------------------------------------------------------------------------------
def texts():
    """Give what the search looks through, each part apart."""
    rows = mine().select_related("item__department")
    return [
        [search.normalised_text(part) for part in [row.name, row.item.department.name, *row.aliases, *themes(row)]]
        for row in rows
    ]


def themes(row):
    return [theme for theme in row.themes if theme != "其他"]


def test_two_hundred_substrings_of_names_are_found_as_often_as_a_plain_scan_finds_them(province):
    random.seed(20260302)
    scanned = texts()
    names = [parts[0] for parts in scanned]
    for _ in range(200):
        name = random.choice(names)
        length = random.choice((1, 1, 2, 2, 3, 4, 6, 10))
        start = random.randrange(len(name))
        words = name[start : start + length].split()
        if not words:
            continue
        plain = sum(all(any(word in part for part in parts) for word in words) for parts in scanned)
        found = search.search(" ".join(words), at=AT, limit=1)
        assert (found.total, found.approximate) == (plain, False), words


def test_leafing_through_shows_every_hit_once(province):
    total = search.search("公证", at=AT, limit=1).total
    pages = [search.search("公证", at=AT, limit=50, offset=start).rows for start in range(0, total, 50)]
    codes = [line.code for page in pages for line in page]
    assert len(codes) == len(set(codes)) == total > 200


def test_an_exact_name_comes_first_then_beginnings_then_the_middle_of_names(province):
    names = [line.name for line in search.search("律师执业证书补证、换证", at=AT).rows]
    assert names[0] == "律师执业证书补证、换证"
    names = [line.name for line in search.search("护照", at=AT).rows]
    assert names[0].startswith("护照") or not any(name.startswith("护照") for name in names)
    names = [line.name for line in search.search("公证", at=AT, limit=200).rows]
    begins = [name.startswith("公证") for name in names]
    assert begins == sorted(begins, reverse=True) and any(begins) and not all(begins)


def test_everyday_words_find_something_even_if_no_item_carries_them(province):
    found = search.search("开个小饭店", at=AT)
    assert "食品经营" in found.also and any("食品经营" in line.name for line in found.rows)
    found = search.search("星级饭馆", at=AT)
    assert found.approximate and any("饭店" in line.name for line in found.rows)


def test_the_counts_of_the_departments_add_up(province):
    counts = search.counts_by_department(AT)
    assert len(search.departments(AT)) == 166
    assert sum(count.n for count in counts) == 2024
    assert [count.n for count in counts] == sorted((count.n for count in counts), reverse=True)
    first = counts[0]
    assert search.browse(at=AT, department=int(first.key)).total == first.n == 289


def test_browsing_narrows_by_kind_theme_and_audience(province):
    assert search.browse(at=AT, kind="行政裁决").total == 3
    assert search.browse(at=AT, theme="结婚").total == 3
    assert search.browse(at=AT, kind="行政许可", audience="企业法人").total < 272
    assert search.browse(at=AT, kind="没有这一类").total == 0
