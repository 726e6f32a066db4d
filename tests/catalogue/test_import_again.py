"""A file that comes again: what is the same stays, what changed opens a new version, what is missing is left alone."""

from __future__ import annotations

import threading

import psycopg
import pytest
from django.db import connection
from guide_rows import MONDAY, TUESDAY, counts, imported, row, written

from xiaoneng.catalogue import reads, search
from xiaoneng.catalogue.imports import Unreadable, import_catalogue
from xiaoneng.catalogue.imports.writing import LOCK
from xiaoneng.catalogue.models import Item, ItemVersion, PowerKind
from xiaoneng.org.models import Department

pytestmark = pytest.mark.django_db


def versions(given):
    return list(ItemVersion.objects.filter(item__code=given["TASK_CODE"]).order_by("serial"))


def test_a_changed_row_closes_the_old_version_and_opens_the_next(tmp_path):
    given = row()
    imported(tmp_path / "a.jsonl", given)
    report = imported(tmp_path / "b.jsonl", given | {"handle_time_limit": "3(工作日)"}, at=TUESDAY)
    assert counts(report) == (1, 0, 1, 0, 0)
    old, new = versions(given)
    assert (old.in_force.lower, old.in_force.upper) == (MONDAY, TUESDAY)
    assert (new.in_force.lower, new.in_force.upper, new.serial) == (TUESDAY, None, 2)
    assert (old.promised_n, new.promised_n) == (5, 3)
    assert reads.version_in_force(given["TASK_CODE"], MONDAY).promised.n == 5
    assert reads.version_in_force(given["TASK_CODE"], TUESDAY).promised.n == 3


def test_a_change_of_one_material_is_a_change(tmp_path):
    given = row()
    imported(tmp_path / "a.jsonl", given)
    report = imported(tmp_path / "b.jsonl", given | {"material_intro": ["食品经营许可申请书"]}, at=TUESDAY)
    assert report.updated == 1
    old, new = versions(given)
    assert (old.materials.count(), new.materials.count()) == (2, 1)


def test_other_spelling_of_the_same_meaning_is_no_change(tmp_path):
    given = row()
    imported(tmp_path / "a.jsonl", given)
    same = given | {"handle_time": " 20（工作日）", "TASK_NAME": "食品经营许可 ", "visit_number": "7"}
    assert counts(imported(tmp_path / "b.jsonl", same, at=TUESDAY)) == (1, 0, 0, 1, 0)
    assert len(versions(given)) == 1


def test_an_item_that_moves_to_another_department_is_found_there(tmp_path):
    given = row()
    imported(tmp_path / "a.jsonl", given)
    imported(tmp_path / "b.jsonl", given | {"DEPT_NAME": "安澜市行政审批局"}, at=TUESDAY)
    item = Item.objects.get(code=given["TASK_CODE"])
    assert item.department.name == "安澜市行政审批局"
    assert search.search("行政审批局", at=TUESDAY).total == 1


def test_what_a_later_file_lacks_is_counted_and_left_as_it_is(tmp_path):
    stays, goes = row(), row()
    imported(tmp_path / "a.jsonl", stays, goes)
    report = imported(tmp_path / "b.jsonl", stays, at=TUESDAY)
    assert counts(report) == (1, 0, 0, 1, 1)
    assert reads.version_in_force(goes["TASK_CODE"], TUESDAY).name


def test_an_item_of_another_region_or_one_whose_row_is_broken_has_not_vanished(tmp_path):
    here, there, broken = row(), row(AREACODE="990200", AREA_CODE_TEXT="宁海市"), row()
    imported(tmp_path / "a.jsonl", here, there, broken)
    report = imported(tmp_path / "b.jsonl", here, broken | {"TASK_TYPE_TEXT": "?"}, at=TUESDAY)
    assert (report.vanished, len(report.problems)) == (0, 1)


def test_a_change_at_the_very_instant_of_the_standing_version_is_put_off(tmp_path):
    given = row()
    imported(tmp_path / "a.jsonl", given)
    report = imported(tmp_path / "b.jsonl", given | {"TASK_NAME": "改名"})
    assert counts(report) == (1, 0, 0, 0, 0)
    assert "稍后再导入" in report.problems[0].message
    assert len(versions(given)) == 1


def test_an_item_whose_end_is_already_fixed_is_not_touched(tmp_path):
    given = row()
    imported(tmp_path / "a.jsonl", given)
    ItemVersion.objects.filter(item__code=given["TASK_CODE"]).update(in_force=(MONDAY, TUESDAY.replace(year=2030)))
    report = imported(tmp_path / "b.jsonl", given | {"TASK_NAME": "改名"}, at=TUESDAY)
    assert report.updated == 0 and "已排定" in report.problems[0].message


def test_an_item_that_had_ended_comes_back_as_the_next_version(tmp_path):
    given = row()
    imported(tmp_path / "a.jsonl", given)
    ItemVersion.objects.filter(item__code=given["TASK_CODE"]).update(in_force=(MONDAY, MONDAY.replace(hour=2)))
    assert counts(imported(tmp_path / "b.jsonl", given, at=TUESDAY)) == (1, 0, 1, 0, 0)
    assert [version.serial for version in versions(given)] == [1, 2]


def test_kinds_exercised_ex_officio_come_in_but_are_not_open(tmp_path):
    given = row(TASK_TYPE_TEXT="行政处罚")
    imported(tmp_path / "a.jsonl", given)
    plan = reads.version_in_force(given["TASK_CODE"], MONDAY)
    line = search.lines([plan.version_id])[0]
    assert (plan.on_application, line.open) == (False, False)
    assert "依职权" in line.closed_reason
    unasked = set(PowerKind.objects.filter(on_application=False).values_list("name", flat=True))
    assert unasked == {"行政处罚", "行政强制", "行政征收", "行政检查"}


def test_a_file_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch):
    from xiaoneng.catalogue.imports import writing

    def full(*args):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(writing, "_vanished", full)
    before = Item.objects.count(), Department.objects.count(), ItemVersion.objects.count()
    with pytest.raises(RuntimeError):
        imported(tmp_path / "a.jsonl", row(DEPT_NAME="新来的局"))
    assert (Item.objects.count(), Department.objects.count(), ItemVersion.objects.count()) == before


def test_a_second_import_at_the_same_time_waits_for_the_first(tmp_path):
    known = connection.settings_dict
    other = psycopg.connect(host=known["HOST"], port=known["PORT"], dbname=known["NAME"], user=known["USER"])
    other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        if "另一次导入" in text:
            threading.Timer(0.2, other.close).start()

    report = import_catalogue(written(tmp_path / "a.jsonl", row()), at=MONDAY, tell=tell)
    assert report.created == 1
    assert any("另一次导入正在进行" in text for text in told)


def test_the_mapping_is_chosen_by_the_columns_and_can_be_named(tmp_path):
    path = written(tmp_path / "a.jsonl", "{", row())
    assert import_catalogue(path, at=MONDAY).mapping == "guangdong"
    assert import_catalogue(path, at=MONDAY, mapping="guangdong").unchanged == 1
    with pytest.raises(Unreadable, match="没有名为“jiangsu”的对照表。可用的有：guangdong"):
        import_catalogue(path, at=MONDAY, mapping="jiangsu")


def test_a_file_with_other_columns_is_refused_with_the_mappings_that_there_are(tmp_path):
    with pytest.raises(Unreadable, match="对照表都对不上（可用：guangdong"):
        imported(tmp_path / "a.jsonl", {"name": "许可", "dept": "局"})
