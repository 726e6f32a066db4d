"""A false application: turned down by name with a warning, and licences of safety are closed for one year or three."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

import build
import joint
from build import moment
from xiaoneng.approval import certificates, notices, reads
from xiaoneng.approval.actions import accept, apply, commitment, review
from xiaoneng.approval.actions import certificates as issuing
from xiaoneng.approval.joint import accepting, filing
from xiaoneng.approval.models import Application
from xiaoneng.catalogue.models import ItemVersion, Result
from xiaoneng.jobs import doctor, time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account
from xiaoneng.rules.certificates import Asked
from xiaoneng.rules.falsehood import Bar, last_day
from xiaoneng.rules.grounds import NotAllowed, Obstructed

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, FRIDAY = moment("2026-03-02"), moment("2026-03-03"), moment("2026-03-06")
SAME = build.FORM
OTHER = build.FORM | {"name": "路人甲", "identity": "440524188001010014"}
FALSE = {"ground": "false", "falsehood": "安全评价报告系伪造", "reason": "出具单位证明没有出具过。"}


def item(where, safety=True, name="危险化学品经营许可"):
    version = build.item(where, name=name)
    ItemVersion.objects.filter(pk=version.pk).update(bears_on_safety=safety)
    return version


def walk(where, version, at, form=SAME):
    return build.application(where, version).drafted(at, form=form)


def refused_as_false(where, version, **form):
    found = walk(where, version, MONDAY, SAME | form).received(MONDAY).accepted(TUESDAY).reviewed(TUESDAY)
    basis = "《危险化学品安全管理条例》第三十五条"
    found.do(review.refuse, FRIDAY, where.head, basis=basis, **FALSE)
    return found


def obstacles(found, at, known=True):
    if known:
        build.known(found.city.citizen, reads.form_of(found.file))
    with pytest.raises(Obstructed) as refusal, time_machine.at(at):
        apply.submit(found.matter, by=found.city.citizen, at=at, key=None)
    return refusal.value.obstacles


def said(found) -> str:
    notice = notices.compose(matters.documents(found.matter)[-1])
    return "\n".join((*notice.paragraphs, *notice.closing))


def test_a_year_ends_on_the_day_of_the_same_name_and_what_was_filed_before_is_not_barred():
    assert last_day(date(2026, 3, 6), fraud=False) == date(2027, 3, 6)
    assert last_day(date(2026, 3, 6), fraud=True) == date(2029, 3, 6)
    assert last_day(date(2028, 2, 29), fraud=False) == date(2029, 2, 28)
    bar = Bar(FRIDAY, "A1", fraud=False)
    held = [bar.holds(moment(*at)) for at in (("2026-03-05",), ("2026-03-06", "10:01"), ("2027-03-06", "23:59"))]
    assert held == [False, True, True]
    assert not bar.holds(moment("2027-03-07", "00:00"))


def test_who_was_refused_for_false_material_may_not_apply_for_a_year_and_is_told_so():
    where = build.city()
    version = item(where)
    told = said(refused_as_false(where, version))
    assert "虚假的材料或者隐瞒的情况：安全评价报告系伪造" in told
    assert "第七十八条，决定不予准许，并给予警告" in told
    assert "至2027年3月6日（含当日），不得再次申请" in told
    assert "行政复议" in told
    last = walk(where, version, moment("2027-03-05"))
    (found,) = obstacles(last, moment("2027-03-06"))
    assert (found.code, str(found.basis)) == ("barred_item", "《行政许可法》第七十八条")
    assert "2027-03-06 以前（含当日）不能再次申请“危险化学品经营许可”" in found.message
    assert last.received(moment("2027-03-07")).file.state == "received"


def test_another_person_another_item_and_an_item_without_safety_are_not_barred():
    where = build.city()
    version, other, plain = item(where), item(where, name="烟花爆竹零售许可"), item(where, safety=False)
    refused_as_false(where, version)
    assert "不得再次申请" not in said(refused_as_false(where, plain))
    at = moment("2026-04-07")
    for found in (walk(where, version, at, OTHER), walk(where, other, at), walk(where, plain, at)):
        assert found.received(at).accepted(at).file.state == "reviewing"


def test_what_reaches_the_window_all_the_same_is_not_accepted_but_declined_with_the_earlier_decision_named():
    where = build.city()
    version = item(where)
    refused = refused_as_false(where, version)
    found = walk(where, version, FRIDAY, OTHER).received(moment("2026-03-09"))
    with pytest.raises(Obstructed, match="没有查到这位申请人被限制"):
        found.do(accept.not_accept, moment("2026-03-09"), where.clerk, ground="barred", reason="见前案。")
    # As if the earlier decision had been entered late, when this was handed in already.
    mark = reads.load(refused.matter).extra["identity_mark"]
    Application.objects.filter(pk=found.matter).update(identity_mark=mark)
    with pytest.raises(Obstructed, match="不能再次申请"):
        found.accepted(moment("2026-03-10"))
    found.do(accept.not_accept, moment("2026-03-10"), where.clerk, ground="barred", reason="见前案。")
    assert f"（办件 {refused.file.called}），你（单位）至2027年3月6日（含当日）不得再次申请" in said(found)


def test_an_application_is_not_accepted_as_false_only_where_what_is_false_is_named():
    where = build.city()
    version = item(where)
    found = walk(where, version, MONDAY).received(MONDAY)
    with pytest.raises(Obstructed, match="还没有写明哪一份材料虚假"):
        found.do(accept.not_accept, TUESDAY, where.clerk, **FALSE | {"falsehood": " "})
    with pytest.raises(Obstructed, match="情形没有选"):
        found.do(accept.not_accept, TUESDAY, where.clerk, **FALSE | {"ground": "not_needed"})
    found.do(accept.not_accept, TUESDAY, where.clerk, **FALSE)
    assert "决定不予受理，并给予警告" in said(found)
    (obstacle,) = obstacles(walk(where, version, FRIDAY), FRIDAY)
    assert "2027-03-03 以前" in obstacle.message


def test_a_refusal_knows_two_grounds_and_names_what_is_false():
    where = build.city()
    found = walk(where, item(where), MONDAY).received(MONDAY).accepted(TUESDAY).reviewed(TUESDAY)
    for wrong in ({"falsehood": ""}, {"ground": ""}, {"ground": "whim"}):
        with pytest.raises((Obstructed, NotAllowed)):
            found.do(review.refuse, FRIDAY, where.head, basis="第三十五条", **FALSE | wrong)
    assert found.file.state == "deciding"


def test_a_licence_got_by_fraud_is_closed_for_three_years_after_its_revocation():
    where = build.city()
    version = item(where)
    Result.objects.create(version=version, position=0, name="危险化学品经营许可证", kind="证照", validity="3年")
    found = walk(where, version, MONDAY).received(MONDAY).accepted(TUESDAY).reviewed(TUESDAY).granted(FRIDAY)
    with time_machine.at(FRIDAY):
        issuing.issue_what_is_granted(lambda: FRIDAY)
    held, on = certificates.of_case(found.matter), moment("2026-05-06")
    ground = Asked(ground="unqualified", reason="不具备条件。", compensation="没有损失。")
    fraud = replace(ground, ground="fraud", reason="以伪造的考核证明取得。")
    with time_machine.at(on):
        issuing.change(held.id, "revoke_certificate", by=where.head, at=on, key=None, asked=fraud)
    notice = notices.compose(matters.documents(held.id)[-1])
    assert any("至2029年5月6日（含当日），不得再次申请" in text for text in notice.paragraphs)
    again = walk(where, version, moment("2029-05-05"))
    (obstacle,) = obstacles(again, moment("2029-05-06"))
    assert (str(obstacle.basis), "2029-05-06 以前" in obstacle.message) == ("《行政许可法》第七十九条", True)
    assert again.received(moment("2029-05-07")).file.state == "received"


def test_a_licence_revoked_for_an_untrue_commitment_is_valid_no_longer_and_closed_for_three_years():
    where = build.city()
    version = item(where)
    Result.objects.create(version=version, position=0, name="危险化学品经营许可证", kind="证照", validity="3年")
    ItemVersion.objects.filter(pk=version.pk).update(committable=True)
    commits = SAME | {"way": "commitment", "promise": "1"}
    found = walk(where, version, MONDAY, commits).received(MONDAY).accepted(TUESDAY).granted(TUESDAY)
    with time_machine.at(TUESDAY):
        issuing.issue_what_is_granted(lambda: TUESDAY)
    found.delivered(TUESDAY)
    officers = [where.reviewer.account, where.clerk.account]
    asked = {"officers": officers, "result": "false", "findings": "储存设施不存在。"}
    found.do(commitment.record_check, FRIDAY, where.reviewer, **asked)
    found.do(commitment.revoke_on_promise, FRIDAY, where.head, reason="承诺不实。", basis="第六十九条第二款")
    held = certificates.of_case(found.matter)
    assert (held.state, held.standing(FRIDAY.date())) == ("revoked", "已撤销，待注销")
    assert "第七十九条" in said(found) and "至2029年3月6日" in said(found)
    again = walk(where, version, moment("2028-03-06"))
    assert [each.code for each in obstacles(again, moment("2028-03-07"))] == ["barred_item"]
    with time_machine.at(FRIDAY):
        report = doctor.examine(full=True)
    assert [(each.id, each.what) for each in report.findings if each.id <= 34] == []


def test_a_joint_case_runs_into_the_bar_of_each_of_its_items_and_an_item_alone_into_that_of_a_joint_case():
    case = joint.project({1: [], 2: []})
    ItemVersion.objects.filter(pk=case.versions[2].pk).update(bears_on_safety=True)
    case.received(MONDAY)
    case.do(accepting.not_accept, TUESDAY, case.lead.clerk, **FALSE)
    assert "“事项2”属于直接关系公共安全" in said(case) and "“事项1”" not in said(case)
    again = replace(case, matter=0).drafted(FRIDAY)
    with pytest.raises(Obstructed, match="现在不能申请“事项2”"):  # nobody knows yet who this is
        again.do(filing.submit, FRIDAY, case.lead.citizen)
    build.known(case.lead.citizen)
    with pytest.raises(Obstructed) as refusal:
        again.do(filing.submit, FRIDAY, case.lead.citizen)
    assert [each.code for each in refusal.value.obstacles] == ["barred_item"]
    alone = walk(case.cities[2], case.versions[2], FRIDAY)
    assert ["不能再次申请“事项2”" in each.message for each in obstacles(alone, FRIDAY)] == [True]
    client = Client()
    client.force_login(Account.objects.get(pk=case.lead.citizen.account))
    with time_machine.at(FRIDAY):
        for route, draft in (("public:joint_draft", again), ("public:draft", alone)):
            assert "不能再次申请“事项2”" in client.get(reverse(route, args=[draft.matter])).content.decode()
