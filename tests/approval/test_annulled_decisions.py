"""A decision against the applicant that is annulled: recorded with its document, and what rested on it falls away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from test_false_applications import FALSE, FRIDAY, MONDAY, SAME, TUESDAY, item, obstacles, refused_as_false, said, walk

import build
import joint
from build import moment
from xiaoneng.approval import certificates, promises, reads
from xiaoneng.approval.actions import accept, annulment, commitment
from xiaoneng.approval.actions import certificates as issuing
from xiaoneng.approval.joint import accepting, filing
from xiaoneng.approval.joint import annulment as of_the_whole
from xiaoneng.catalogue.models import ItemVersion, Result
from xiaoneng.jobs import doctor, time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account
from xiaoneng.rules.annulment import Annulment, to_annulment
from xiaoneng.rules.certificates import Asked
from xiaoneng.rules.grounds import NotAllowed, Obstructed

pytestmark = pytest.mark.django_db
KEY, OTHER_KEY = "9f1d0f6e-6c0f-4a43-8a8b-d5b54dc14fb0", "9f1d0f6e-6c0f-4a43-8a8b-d5b54dc14fb1"
LATER, NEXT = moment("2026-04-20"), moment("2026-04-21")
BY = {
    "way": "reconsideration", "organ": "安澜市人民政府", "decision": "安政复决〔2026〕8号", "made_on": date(2026, 4, 17),
    "reason": "鉴定意见表明评价报告是真实的，原决定主要事实不清。",
}  # fmt: skip


def healthy(at):
    with time_machine.at(at):
        return [(each.id, each.what) for each in doctor.examine(full=True).findings if each.id <= 34]


def test_an_annulment_names_its_way_its_organ_its_document_its_day_and_its_reason():
    told = Annulment("court", "安澜市中级人民法院", "（2026）浙行终1号", date(2026, 4, 17), "事实不清")
    assert to_annulment(told, date(2026, 3, 6), date(2026, 4, 20)) == ()
    wrong = [replace(told, **each) for each in ({"way": "friend"}, {"organ": " "}, {"decision": ""}, {"reason": ""})]
    wrong += [replace(told, made_on=day) for day in (None, date(2026, 3, 5), date(2026, 4, 21))]
    codes = [[found.code for found in to_annulment(each, date(2026, 3, 6), date(2026, 4, 20))] for each in wrong]
    assert codes == [["way"], ["organ"], ["decision"], ["reason"], ["made_on"], ["made_on"], ["made_on"]]
    assert [each.code for each in to_annulment(told, None, date(2026, 4, 20))] == ["decision"]


def test_a_bar_falls_away_with_the_refusal_that_it_rests_on_and_the_applicant_is_told():
    where = build.city()
    version = item(where)
    found = refused_as_false(where, version).delivered(FRIDAY)
    assert obstacles(walk(where, version, MONDAY), LATER)[0].code == "barred_item"
    with pytest.raises(NotAllowed):
        found.do(annulment.annul_decision, LATER, where.reviewer, **BY)
    found.do(annulment.annul_decision, LATER, where.head, **BY)
    text = said(found)
    assert "不予许可决定" in text and "不得再次申请的限制不再适用" in text
    assert walk(where, version, NEXT).received(NEXT).accepted(NEXT).file.state == "reviewing"
    with pytest.raises(Obstructed, match="已经登记过"):
        found.do(annulment.annul_decision, NEXT, where.head, **BY)
    assert healthy(NEXT) == []


def test_what_was_handed_in_while_barred_is_barred_no_more_and_nobody_can_turn_it_down_for_that():
    where = build.city()
    version = item(where)
    first = walk(where, version, MONDAY).received(MONDAY)
    first.do(accept.not_accept, TUESDAY, where.clerk, **FALSE)
    at_window = walk(where, version, FRIDAY, build.FORM | {"identity": "440524188001010014"}).received(
        moment("2026-04-17")
    )
    mark = reads.load(first.matter).extra["identity_mark"]
    reads.models.Application.objects.filter(pk=at_window.matter).update(identity_mark=mark)
    with pytest.raises(Obstructed, match="不能再次申请"):
        at_window.accepted(LATER)
    first.do(annulment.annul_decision, LATER, where.head, **BY | {"way": "own", "organ": "本机关"})
    with pytest.raises(Obstructed, match="没有查到这位申请人被限制"):
        at_window.do(accept.not_accept, LATER, where.clerk, ground="barred", reason="见前案。")
    assert at_window.accepted(LATER).file.state == "reviewing"


def test_a_grant_whose_revocation_is_annulled_stands_again_with_its_certificate_and_its_holder_may_promise_again():
    where = build.city()
    version = item(where)
    Result.objects.create(version=version, position=0, name="危险化学品经营许可证", kind="证照", validity="3年")
    ItemVersion.objects.filter(pk=version.pk).update(committable=True)
    found = walk(where, version, MONDAY, SAME | {"way": "commitment", "promise": "1"})
    found.received(MONDAY).accepted(TUESDAY).granted(TUESDAY)
    with time_machine.at(TUESDAY):
        issuing.issue_what_is_granted(lambda: TUESDAY)
    found.delivered(TUESDAY)
    officers = [where.reviewer.account, where.clerk.account]
    found.do(commitment.record_check, FRIDAY, where.reviewer, officers=officers, result="false", findings="没有。")
    found.do(commitment.revoke_on_promise, FRIDAY, where.head, reason="承诺不实。", basis="第六十九条第二款")
    mark = found.file.extra["identity_mark"]
    assert promises.barred_until(mark, LATER.date()) is not None
    found.do(annulment.annul_decision, LATER, where.head, **BY)
    held = certificates.of_case(found.matter)
    assert (found.file.state, held.state, held.standing(LATER.date())) == ("delivered", "valid", "有效")
    assert promises.barred_until(mark, LATER.date()) is None
    assert walk(where, version, NEXT).received(NEXT).accepted(NEXT).file.state == "reviewing"
    assert healthy(NEXT) == []


def test_a_certificate_whose_revocation_is_annulled_is_valid_again_even_when_it_was_cancelled_since():
    where = build.city()
    version = item(where)
    Result.objects.create(version=version, position=0, name="危险化学品经营许可证", kind="证照", validity="3年")
    found = walk(where, version, MONDAY).received(MONDAY).accepted(TUESDAY).reviewed(TUESDAY).granted(FRIDAY)
    with time_machine.at(FRIDAY):
        issuing.issue_what_is_granted(lambda: FRIDAY)
    held = certificates.of_case(found.delivered(FRIDAY).matter)

    def change(name, at, **more):
        with time_machine.at(at):
            issuing.change(held.id, name, by=where.head, at=at, key=None, asked=Asked(**more))

    change("revoke_certificate", moment("2026-04-06"), ground="fraud", reason="伪造。")
    change("cancel_certificate", moment("2026-04-07"), ground="ended", reason="已经撤销。")
    assert obstacles(walk(where, version, LATER), LATER)[0].code == "barred_item"
    told = {"ground": "court", "reason": "主要证据不足。", "made_on": date(2026, 4, 17)}
    with pytest.raises(Obstructed) as refusal:
        change("annul_decision", LATER, **told | {"made_on": date(2026, 4, 1)})
    assert [each.code for each in refusal.value.obstacles] == ["organ", "decision", "made_on"]
    change("annul_decision", LATER, organ="安澜市中级人民法院", decision="（2026）浙行终1号", **told)
    assert certificates.of_case(found.matter).standing(LATER.date()) == "有效"
    assert walk(where, version, NEXT).received(NEXT).file.state == "received"
    assert healthy(NEXT) == []


def test_a_grant_is_not_annulled_this_way():
    where = build.city()
    found = walk(where, item(where), MONDAY).received(MONDAY).accepted(TUESDAY).reviewed(TUESDAY).granted(FRIDAY)
    found.delivered(FRIDAY)
    with pytest.raises(Obstructed, match="没有可以登记撤销"):
        found.do(annulment.annul_decision, LATER, where.head, **BY)


def test_the_non_acceptance_of_a_joint_case_is_annulled_from_its_page_and_its_items_are_open_again():
    case = joint.project({1: [], 2: []})
    ItemVersion.objects.filter(pk=case.versions[2].pk).update(bears_on_safety=True)
    build.known(case.lead.citizen)
    case.received(MONDAY)
    client = Client()
    client.force_login(Account.objects.get(pk=case.lead.clerk.account))
    with time_machine.at(TUESDAY):  # the page asks what is false, or nobody could answer
        page = client.post(
            reverse("staff:joint_move", args=[case.file.called, "not_accept"]), FALSE | {"form_key": KEY}
        )
        assert page.status_code == 302
    again = replace(case, matter=0).drafted(FRIDAY)
    with pytest.raises(Obstructed, match="不能再次申请“事项2”"):
        again.do(filing.submit, FRIDAY, case.lead.citizen)
    client.force_login(Account.objects.get(pk=case.lead.head.account))
    with time_machine.at(LATER):
        sent = BY | {"made_on": "2026-04-17", "form_key": OTHER_KEY}
        page = client.post(reverse("staff:joint_move", args=[case.file.called, "annul_decision"]), sent)
        assert page.status_code == 302
        assert BY["reason"] in client.get(reverse("staff:joint", args=[case.file.called])).content.decode()
    with pytest.raises(Obstructed, match="已经登记过"):
        case.do(of_the_whole.annul_decision, NEXT, case.lead.head, **BY)
    again.do(filing.submit, NEXT, case.lead.citizen)
    again.do(accepting.accept, NEXT, case.lead.clerk)
    assert again.file.state == "running"
    assert [d.title for d in matters.documents(case.matter)][-1] == "并联审批原决定撤销告知书"
    assert healthy(NEXT) == []
