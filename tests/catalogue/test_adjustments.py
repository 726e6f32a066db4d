"""A change of the list is a new version with its decision; cases that run keep theirs; nothing off the list begins."""

from dataclasses import replace
from datetime import timedelta

import pytest

import build
from build import moment
from xiaoneng.approval.actions import drafts
from xiaoneng.catalogue import adjusting, history, reads
from xiaoneng.catalogue.adjusting import Decision
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.models import BasicItem, PowerKind
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed
from xiaoneng.rules.items.content import Fee, LegalBasis, Paper, Question, Rank, Scenario
from xiaoneng.rules.items.inherited import SAME_AT_ALL_LEVELS

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")
BASES = (LegalBasis("城镇燃气管理条例", Rank.ADMINISTRATIVE_REGULATION, "国务院令第583号", "第十五条"),)
WHY = Decision(
    "amend",
    "安政发〔2026〕3号",
    "压缩时限",
    "《优化营商环境条例》第三十六条",
    "市政府常务会议",
    "2026年3月2日市政府网站",
)


@pytest.fixture
def gas(db):
    return build.item(build.city(), materials=("申请书", "营业执照"))


def changed(version, **parts):
    return replace(content_of(version.pk), legal_bases=BASES, **parts)


def test_a_change_is_a_new_version_and_both_can_be_seen(gas):
    whole = changed(
        gas, promised_n=3, fees=(Fee("工本费", basis="《价格法》", basis_rank="law"),), scenarios=(Scenario("新办"),),
        materials=(Paper("申请书", scenarios=("新办",)),), questions=(Question("要多久", "三天"),), visits=1,
    )  # fmt: skip
    code = gas.item.code
    new = adjusting.publish(code, whole, WHY, effective_at=MONDAY, by=1, at=MONDAY)
    assert content_of(new) == whole
    assert reads.version_in_force(code, MONDAY - timedelta(seconds=1)).promised.n == 8
    assert reads.version_in_force(code, MONDAY).promised.n == 3
    latest, first = history.history(code)
    assert (latest.serial, first.serial, first.until) == (2, 1, MONDAY)
    assert (latest.adjustment.document, latest.adjustment.approver) == ("安政发〔2026〕3号", "市政府常务会议")
    parts = {each.part for each in history.compared(code, 1, 2)[2]}
    assert {"promised_n", "materials", "fees", "questions", "visits", "legal_bases"} <= parts


def test_a_running_case_keeps_its_version_and_a_new_one_gets_the_next(gas):
    walk = build.Walk(gas_city(gas), gas).received(moment("2026-02-26")).accepted(moment("2026-02-27"))
    new = adjusting.publish(gas.item.code, changed(gas, promised_n=3), WHY, effective_at=MONDAY, by=1, at=MONDAY)
    assert walk.file.item_version == gas.pk
    assert build.Walk(gas_city(gas), gas).drafted(MONDAY, files=False).file.item_version == new


def gas_city(version):
    """Give the department of an item people of its own."""
    where, home = build.city(), version.item.department
    staff = [build.holder(home, role, role) for role in ("window", "reviewer", "head", "supervisor")]
    return build.City(home, *staff, where.citizen, where.stranger)


@pytest.mark.parametrize(("what", "more"), [
    ("cancel", {}), ("freeze", {}), ("transfer", {"target": "市燃气协会"}), ("delegate", {"target": "临江区"}),
])  # fmt: skip
def test_what_has_left_the_list_opens_no_case_no_fee_no_penalty(gas, what, more):
    walk = build.Walk(gas_city(gas), gas).received(moment("2026-02-26")).accepted(moment("2026-02-27"))
    adjusting.end(gas.item.code, replace(WHY, disposition=what, **more), effective_at=MONDAY, by=1, at=MONDAY)
    for act in ("case", "fee", "penalty"):
        with pytest.raises(Obstructed, match="清单之外无权力"):
            history.require_in_force(gas.item.code, MONDAY, act)
    with pytest.raises(NotFound, match="安政发〔2026〕3号"):
        drafts.open_draft(code=gas.item.code, by=1, channel="online", at=MONDAY, key=None, form=build.FORM)
    walk.reviewed(MONDAY).granted(MONDAY + timedelta(hours=1))
    assert walk.file.state == "granted"


def test_an_item_that_was_never_there_opens_nothing(db):
    with pytest.raises(Obstructed, match="没有编码为"):
        history.require_in_force("nothing", MONDAY, "penalty")


def test_a_frozen_item_comes_back_as_it_stood(gas):
    adjusting.publish(gas.item.code, changed(gas), WHY, effective_at=MONDAY, by=1, at=MONDAY)
    later = MONDAY + timedelta(days=1)
    adjusting.end(gas.item.code, replace(WHY, disposition="freeze"), effective_at=later, by=1, at=MONDAY)
    with pytest.raises(NotAllowed, match="没有被冻结"):
        adjusting.thaw(build.item(build.city()).item.code, WHY, effective_at=later, by=1, at=later)
    back = adjusting.thaw(gas.item.code, replace(WHY, disposition="thaw"), effective_at=later, by=1, at=later)
    assert content_of(back) == changed(gas)


def test_a_decision_without_document_reason_approver_or_notice_is_refused_with_all_at_once(gas):
    bare = Decision("merge", "", " ", "", "", "")
    with pytest.raises(Obstructed) as refusal:
        adjusting.end(gas.item.code, bare, effective_at=MONDAY - timedelta(days=1), by=1, at=MONDAY)
    codes = [each.code for each in refusal.value.obstacles]
    assert codes == ["document", "reason", "ground", "approver", "notice", "target_code", "effective_at"]


def test_what_is_already_scheduled_is_not_overrun(gas):
    adjusting.publish(gas.item.code, changed(gas), WHY, effective_at=MONDAY + timedelta(days=9), by=1, at=MONDAY)
    with pytest.raises(NotAllowed, match="排定"):
        adjusting.publish(gas.item.code, changed(gas), WHY, effective_at=MONDAY, by=1, at=MONDAY)


def test_an_item_of_the_basic_catalogue_may_only_be_eased(gas):
    basic = BasicItem.objects.create(
        code="440115001000", name="燃气经营许可证核发", kind=PowerKind.objects.get(name="行政许可"), statutory_n=20,
        statutory_unit="working_day", materials=["申请书", "营业执照"],
    )  # fmt: skip
    gas.item.basic = basic
    gas.item.save()
    with pytest.raises(Obstructed) as refusal:
        adjusting.publish(
            gas.item.code, changed(gas, name="燃气证", statutory_n=25), WHY, effective_at=MONDAY, by=1, at=MONDAY
        )
    assert {each.basis for each in refusal.value.obstacles} == {SAME_AT_ALL_LEVELS}
    adjusting.publish(gas.item.code, changed(gas, statutory_n=15), WHY, effective_at=MONDAY, by=1, at=MONDAY)


def test_a_new_item_comes_in_by_a_decision(gas):
    made = adjusting.publish(
        "11990000MB2C87614400000000001", changed(gas, name="新设事项"), replace(WHY, disposition="add"),
        effective_at=MONDAY, by=1, at=MONDAY, department=gas.item.department_id,
    )  # fmt: skip
    assert reads.plan(made).name == "新设事项"
    assert history.require_in_force("11990000MB2C87614400000000001", MONDAY, "case").version_id == made
