"""Two lists side by side: the same power is found by code, name and basis; what is only likely a person decides."""

from __future__ import annotations

import pytest

import build
from build import moment
from xiaoneng.catalogue.models import Item, ItemVersion, LegalBasis, Material, PowerKind
from xiaoneng.powerlists import comparing
from xiaoneng.powerlists.likeness import Known, duplicates, matched
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.units import WorkingDays

NOW = moment("2026-03-02")


def known(n, name, region="安澜市", code="", kind="行政许可", department="住建局", laws=(), promised=10, materials=3):
    return Known(
        n, code or f"X{n}", name, kind, department, region, frozenset(laws), WorkingDays(promised), materials
    )  # fmt: skip


def national(basic, organ="11339900MB0A100027"):
    return f"{organ}3{basic}"


def test_the_same_code_is_the_same_power_whatever_it_is_called():
    ours = known(1, "燃气证", code=national("000117001000"))
    theirs = known(2, "燃气经营许可证核发", "邻市", code=national("000117001000", "11330100MB0A10000X"))
    found = matched([ours], [theirs])
    assert [(pair.ours.id, pair.theirs.id) for pair in found.same] == [(1, 2)]
    assert found.likely == found.only_ours == found.lacking == ()


def test_names_that_differ_in_brackets_and_endings_are_the_same():
    found = matched([known(1, "城镇燃气经营许可证核发（新办）")], [known(2, "城镇燃气经营许可证", "邻市")])
    assert len(found.same) == 1


def test_a_common_law_makes_a_likely_pair_of_two_names_and_another_law_parts_them():
    ours = known(1, "占用城市道路从事施工审批", laws=["城市道路管理条例"])
    same = known(2, "占用挖掘城市道路审批", "邻市", laws=["城市道路管理条例"])
    other = known(3, "占用挖掘城市道路审批", "邻市", laws=["公路法"])
    assert [pair.theirs.id for pair in matched([ours], [same]).likely] == [2]
    assert matched([ours], [other]).likely == ()


def test_a_penalty_is_never_matched_with_a_licence_of_the_same_name():
    found = matched([known(1, "取水")], [known(2, "取水", "邻市", kind="行政处罚")])
    assert (len(found.same), len(found.likely)) == (0, 0)
    assert [each.id for each in found.only_ours] == [1] and [each.id for each in found.lacking] == [2]


def test_what_one_neighbour_has_is_not_only_ours():
    ours = [known(1, "取水许可"), known(2, "诚信承诺登记")]
    found = matched(ours, [known(3, "取水许可", "甲市"), known(4, "养犬登记", "乙市"), known(5, "养犬登记", "甲市")])
    assert [each.id for each in found.only_ours] == [2]
    assert [each.name for each in found.lacking] == ["养犬登记"]


def test_two_departments_with_one_power_are_a_duplicate():
    rows = [
        known(1, "户外广告设置审批"),
        known(2, "户外广告设置许可", department="城管局"),
        known(3, "户外广告设置审批"),
    ]
    pairs = {(pair.ours.id, pair.theirs.id) for pair in duplicates(rows)}
    assert pairs == {(1, 2), (2, 3)}


def listed(where, name, promised, materials, law):
    n = Item.objects.count() + 1
    version = ItemVersion.objects.create(
        item=Item.objects.create(code=f"CMP{n}", department=where), serial=1, in_force=(moment("2020-01-01"), None), name=name,
        kind=PowerKind.objects.get(name="行政许可"), promised_n=promised, promised_unit="working_day", fingerprint="x",
    )  # fmt: skip
    LegalBasis.objects.create(version=version, position=1, law=law)
    for position in range(materials):
        Material.objects.create(version=version, position=position, name=f"材料{position}")
    return version


@pytest.mark.django_db
def test_a_comparison_becomes_a_worklist_in_which_each_line_is_decided_with_a_reason():
    ours, theirs = build.city().department, build.city().department
    slow = listed(ours, "取水许可", 20, 6, "水法")
    listed(theirs, "取水许可", 7, 4, "水法")
    odd = listed(ours, "诚信承诺登记", 3, 1, "某通知")
    listed(theirs, "养犬登记", 3, 1, "养犬条例")
    number = comparing.compare(ours.region_id, [theirs.region_id], by=7, at=NOW)
    line = comparing.comparison(number)
    assert {kind: n for kind, _, n, _ in line.counts} == {
        "only_ours": 1, "lacking": 1, "other_name": 0, "slower": 1, "more_materials": 1, "duplicate": 0,
    }  # fmt: skip
    assert line.totals["n"] == {"ours": 2, "theirs": 2}
    slower = comparing.findings(number, "slower", limit=10)[0]
    assert slower.ours.code == slow.item.code and "7 个工作日" in slower.words
    lonely = comparing.findings(number, "only_ours", limit=10)[0]
    assert lonely.ours.code == odd.item.code
    with pytest.raises(Obstructed) as refusal:
        comparing.decide(lonely.id, verdict="shorten", reason=" ", by=7, at=NOW)
    assert [each.code for each in refusal.value.obstacles] == ["verdict", "reason"]
    comparing.decide(lonely.id, verdict="cancel", reason="没有法律依据", by=7, at=NOW)
    decided = comparing.findings(number, "only_ours", limit=10)[0]
    assert (decided.verdict_label, decided.reason, decided.decided_by) == ("拟取消", "没有法律依据", 7)
    assert {kind: n for kind, _, _, n in comparing.comparison(number).counts}["only_ours"] == 0


@pytest.mark.django_db
def test_an_empty_list_or_oneself_cannot_be_compared_with():
    ours, empty = build.item(build.city()).item.department, build.city().department
    with pytest.raises(Obstructed, match="还没有在用的事项"):
        comparing.compare(ours.region_id, [empty.region_id], by=7, at=NOW)
    with pytest.raises(NotAllowed, match="别的地区"):
        comparing.compare(ours.region_id, [ours.region_id], by=7, at=NOW)
