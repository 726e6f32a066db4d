"""Measures of items, situations and seasons: computed from what versions say, with their lawful exemptions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from xiaoneng.rules.items import reforms
from xiaoneng.rules.items.content import Content, Fee, Paper, Scenario, Stage
from xiaoneng.rules.items.scenarios import certain, demanded, obstacles_to_choosing, questions, settled
from xiaoneng.rules.items.seasons import closed_words, obstacles_out_of_season, opens
from xiaoneng.rules.units import CalendarDays, Hours, Months, WorkingDays

SHOP = (
    Scenario("自有", "店面是怎么来的？"), Scenario("租来的", "店面是怎么来的？"), Scenario("本人", "谁来办？"),
    Scenario("代办", "谁来办？"),
)  # fmt: skip
PAPERS = (
    Paper("申请书"), Paper("租赁合同", scenarios=("租来的",)), Paper("委托书", scenarios=("代办",)),
    Paper("房东同意代办书", scenarios=("租来的", "代办")),
)  # fmt: skip


def names(rows):
    return [row.name for row in rows]


def test_only_a_lawful_ground_keeps_an_item_outside_the_denominator():
    assert (
        reforms.exemption("涉及国家秘密的事项") == "secret" and reforms.exemption("设备检测环节在现场进行") == "testing"
    )
    assert reforms.exemption("窗口面积不够") == reforms.exemption("") == ""


@pytest.mark.parametrize(
    ("statutory", "promised", "share"),
    [(WorkingDays(20), WorkingDays(8), 0.6), (WorkingDays(20), CalendarDays(7), 0.75), (WorkingDays(20), WorkingDays(0), 1.0),
     (Months(1), Hours(24), 1 - 1 / 30), (WorkingDays(0), WorkingDays(0), None), (None, WorkingDays(3), None)],
)  # fmt: skip
def test_a_promise_is_compared_with_the_law_in_days_of_one_sort(statutory, promised, share):
    found = reforms.compression(statutory, promised)
    assert found is None if share is None else found == pytest.approx(share)


def test_what_two_versions_state_is_compared_and_what_one_leaves_out_is_not():
    before = Content(
        "取水", "行政许可", promised_n=10, promised_unit="working_day", form_fields=20,
        materials=(Paper("申请书"), Paper("无犯罪记录证明"), Paper("申请人身份证明"), Paper("照片", required=False)),
        fees=(Fee("工本费", Decimal(20), Decimal(20)),), steps=(Stage("accept", "受理", "window"), Stage("decide", "决定", "head")),
    )  # fmt: skip
    after = Content(
        "取水", "行政许可", promised_n=5, promised_unit="working_day", self_service=True, visits=0,
        materials=(Paper("申请书"), Paper("申请人身份证明")), steps=(Stage("decide", "决定", "head"),),
    )  # fmt: skip
    found = {cut.name: (cut.before, cut.after) for cut in reforms.cuts(before, after)}
    assert found == {
        "materials": (3, 2), "proofs": (1, 0), "fees": (1, 0), "waived": (0, 0), "steps": (2, 1), "days": (14, 7),
        "self_service": (0, 1),
    }  # fmt: skip
    assert reforms.abolished(before, after) == ("证明：无犯罪记录证明", "收费：工本费")


def test_an_item_with_situations_costs_what_the_heaviest_one_needs():
    assert reforms.burden(Content("开店", "行政许可", materials=PAPERS, scenarios=SHOP)).materials == 4
    light = Content("开店", "行政许可", materials=PAPERS[:2], scenarios=SHOP)
    assert reforms.burden(light).materials == 2


def test_answers_leave_exactly_their_materials_one_of_each_question():
    asked = questions(SHOP)
    assert [each.text for each in asked] == ["店面是怎么来的？", "谁来办？"]
    assert names(demanded(PAPERS, asked, ["自有", "本人"])) == ["申请书"]
    assert names(demanded(PAPERS, asked, ["租来的", "本人"])) == ["申请书", "租赁合同"]
    assert names(demanded(PAPERS, asked, ["租来的", "代办"])) == ["申请书", "租赁合同", "委托书", "房东同意代办书"]
    assert names(demanded(PAPERS, asked, ["自有"])) == ["申请书", "委托书"]


def test_nobody_is_said_to_lack_what_only_an_open_question_may_call_for():
    asked = questions(SHOP)
    assert names(certain(PAPERS, asked, [])) == names(certain(PAPERS, asked, ["自有"])) == ["申请书"]
    assert names(certain(PAPERS, asked, ["租来的"])) == ["申请书", "租赁合同"]
    assert names(certain(PAPERS, asked, ["租来的", "代办"])) == names(PAPERS)


def test_an_open_question_on_which_materials_hang_is_asked_and_foreign_answers_are_left_out():
    asked = questions(SHOP)
    assert settled(asked, ["代办", "胡说", "租来的", "自有"]) == ("租来的", "代办")
    found = obstacles_to_choosing(PAPERS, asked, ["租来的"])
    assert [each.code for each in found] == ["scenario"] and "谁来办" in found[0].message
    assert obstacles_to_choosing(PAPERS[:1], asked, []) == ()


@pytest.mark.parametrize(
    ("words", "on", "day"),
    [("每年 6 月 1 日至 7 月 15 日", "2026-06-01", None), ("每年 6 月 1 日至 7 月 15 日", "2026-07-15", None),
     ("每年 6 月 1 日至 7 月 15 日", "2026-07-16", "2027-06-01"), ("每年11月至次年2月", "2026-01-31", None),
     ("每年11月至次年2月", "2026-03-01", "2026-11-01"), ("3月1日-3月31日、9月1日-9月30日", "2026-05-01", "2026-09-01"),
     ("2026年3月1日至2026年4月30日", "2026-05-01", "9999-12-31"), ("农闲时节", "2026-05-01", None),
     ("13月1日至99月9日", "2026-05-01", None)],
)  # fmt: skip
def test_a_season_says_when_it_opens_next(words, on, day):
    assert opens(words, date.fromisoformat(on)) == (date.fromisoformat(day) if day else None)


def test_out_of_season_is_an_obstacle_that_names_the_day():
    season = "每年 6 月 1 日至 7 月 15 日"
    assert "2027 年 6 月 1 日" in closed_words(season, date(2026, 8, 1))
    assert [each.code for each in obstacles_out_of_season(season, date(2026, 8, 1))] == ["season"]
    assert obstacles_out_of_season(season, date(2026, 6, 8)) == ()
