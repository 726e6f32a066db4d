"""What stands against putting an item on the list, and what a locality may change of what is fixed above."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from xiaoneng.rules.items.content import Content, Fee, Intermediary, LegalBasis, Paper, Rank, Scenario
from xiaoneng.rules.items.differences import differences
from xiaoneng.rules.items.inherited import Basics, obstacles_to_localising
from xiaoneng.rules.items.lawful import obstacles_to_publishing
from xiaoneng.rules.units import WorkingDays

TODAY = date(2026, 3, 2)
REGULATION = LegalBasis("城镇燃气管理条例", Rank.ADMINISTRATIVE_REGULATION, "国务院令第583号", "第十五条")
GAS = Content(
    "燃气经营许可证核发", "行政许可", 20, "working_day", promised_n=8, promised_unit="working_day",
    legal_bases=(REGULATION,), materials=(Paper("申请书"), Paper("安全管理制度")),
)  # fmt: skip


def refused(content: Content, on: date = TODAY) -> list[str]:
    return [obstacle.message for obstacle in obstacles_to_publishing(content, on)]


def test_a_licence_on_an_administrative_regulation_can_be_published():
    assert refused(GAS) == []


@pytest.mark.parametrize("rank", [Rank.NORMATIVE_DOCUMENT, Rank.DEPARTMENT_RULE, Rank.MUNICIPAL_RULE, Rank.UNKNOWN])
def test_a_licence_cannot_rest_on_a_lesser_norm_alone(rank):
    found = obstacles_to_publishing(replace(GAS, legal_bases=(replace(REGULATION, rank=rank),)), TODAY)
    assert [str(each.basis) for each in found] == ["《行政许可法》第十七条"]
    assert "不能设定行政许可" in found[0].message and "地方性法规" in found[0].remedy
    both = (REGULATION, replace(REGULATION, rank=rank))
    assert refused(replace(GAS, legal_bases=both)) == []


def test_a_provincial_rule_carries_a_licence_for_one_year():
    rule = LegalBasis("临时管理办法", Rank.PROVINCIAL_RULE, valid_from="2025-03-02")
    assert refused(replace(GAS, legal_bases=(rule,)), date(2026, 3, 2)) == []
    assert "已满一年" in refused(replace(GAS, legal_bases=(rule,)), date(2026, 3, 3))[0]


def test_a_penalty_may_rest_on_a_rule_but_not_on_a_document():
    fine = replace(GAS, kind="行政处罚", legal_bases=(replace(REGULATION, rank=Rank.MUNICIPAL_RULE),))
    assert refused(fine) == []
    assert "不能设定行政处罚" in refused(replace(fine, legal_bases=(LegalBasis("通知", Rank.NORMATIVE_DOCUMENT),)))[0]


def test_a_basis_that_has_ceased_is_named_and_does_not_count():
    gone = replace(REGULATION, valid_to="2025-12-31")
    found = refused(replace(GAS, legal_bases=(gone,)))
    assert len(found) == 1 and "不是现行有效" in found[0]


def test_without_any_basis_nothing_is_published():
    assert "没有写明设定依据" in refused(replace(GAS, legal_bases=()))[0]


def test_everything_else_that_is_wrong_is_said_at_once():
    bad = replace(
        GAS, promised_n=21, materials=(Paper("其他有关材料"), Paper("章程", scenarios=("变更",))),
        scenarios=(Scenario("新办"),),
        fees=(Fee("工本费", Decimal(10), Decimal(5)), Fee("检测费", basis="通知", basis_rank="normative_document")),
        intermediaries=(Intermediary("评估", "局通知", Rank.NORMATIVE_DOCUMENT),),
    )  # fmt: skip
    text = "".join(refused(bad))
    for words in (
        "长于法定时限",
        "兜底条款",
        "情形“变更”不在",
        "没有写明依据",
        "下限高于上限",
        "不能对行政许可设定收费",
        "中介服务“评估”",
    ):
        assert words in text


ABOVE = Basics(
    "440115001000", GAS.name, "行政许可", WorkingDays(20), ("《城镇燃气管理条例》",), ("申请书", "安全管理制度"), True
)


def test_a_locality_may_shorten_and_cut():
    eased = replace(GAS, statutory_n=15, promised_n=3, materials=(Paper("申请书"),))
    assert obstacles_to_localising(eased, ABOVE) == ()


def test_a_locality_may_not_rename_lengthen_add_or_charge():
    worse = replace(
        GAS, name="燃气证", statutory_n=25, materials=(Paper("申请书"), Paper("诚信承诺书")), legal_bases=(),
        fees=(Fee("工本费", basis="x"),),
    )  # fmt: skip
    found = obstacles_to_localising(worse, ABOVE)
    assert [each.code for each in found] == ["name", "legal_bases", "statutory_n", "materials", "fees"]
    assert all(each.remedy and each.basis for each in found)


def test_two_contents_are_told_apart_part_by_part():
    after = replace(GAS, promised_n=5, materials=(Paper("申请书"), Paper("身份证明", required=False)))
    found = {each.part: each for each in differences(GAS, after)}
    assert (found["promised_n"].before, found["promised_n"].after) == ("8 个工作日", "5 个工作日")
    assert (found["materials"].gone, found["materials"].come) == (("安全管理制度",), ("身份证明（非必要）",))
    assert differences(GAS, GAS) == ()


def test_a_content_survives_its_plain_form():
    whole = replace(
        GAS, fees=(Fee("工本费", Decimal("10.50"), Decimal("10.50")),), scenarios=(Scenario("新办"),), ways=("窗口",)
    )
    assert Content.from_json(whole.as_json()) == whole
