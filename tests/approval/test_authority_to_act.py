"""Who submits in another's name: nobody is kept from it, everybody is told, and nothing is granted before it is shown."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

import build
import joint
from build import moment
from xiaoneng.approval import authority
from xiaoneng.approval.actions import accept, deemed, drafts, review
from xiaoneng.approval.joint import accepting, filing
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people import mandates
from xiaoneng.people.mandates import Authority
from xiaoneng.people.models import Account
from xiaoneng.rules.grounds import Obstructed
from xiaoneng.trail.actions import By

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = moment("2026-03-02"), moment("2026-03-03")
NIGHT = moment("2026-03-02", "23:10")
FIRM = build.FORM | {"kind": "enterprise", "name": "安澜燃气有限公司", "identity": "91330106MA2CFHX08T"}
OTHER = build.FORM | {"name": "路人甲", "identity": "440524188001010014"}


def entitle(where, paper="attorney", at=TUESDAY):
    said = Authority(FIRM["identity"], FIRM["name"], "沈若溪", paper, date(2026, 12, 31))
    clerk = where.clerk
    mandates.authorise(where.citizen.account, said, by=By(clerk.account, clerk.name), at=at)


def submitted(where, form=FIRM, at=NIGHT):
    build.known(where.citizen)
    return build.application(where).drafted(at, form=form).received(at)


def refused(action, walk, by, at=TUESDAY, **more):
    with pytest.raises(Obstructed) as refusal:
        walk.do(action, at, by, **more)
    return [each.code for each in refusal.value.obstacles]


def pages(walk, who, at, *routes):
    client = Client()
    client.force_login(Account.objects.get(pk=who.account))
    with time_machine.at(at):
        return [client.get(reverse(route, args=[which])).content.decode() for route, which in routes]


def test_at_night_a_person_submits_for_a_firm_without_a_mandate_is_told_and_not_accepted_before_a_paper_was_seen():
    where = build.city()
    build.known(where.citizen)
    walk = build.application(where).drafted(NIGHT, form=FIRM)
    told = "没有登记对“安澜燃气有限公司”的授权"
    draft, check = pages(
        walk, where.citizen, NIGHT, ("public:draft", walk.matter), ("public:draft_review", walk.matter)
    )
    assert told in draft and told in check and "disabled>确认提交" not in check
    walk.received(NIGHT)
    (page,) = pages(walk, where.clerk, TUESDAY, ("staff:case", walk.file.called))
    assert "没有登记过授权" in page and "核对了哪种授权证明" in page
    assert refused(accept.accept, walk, where.clerk) == ["authority"]
    assert refused(accept.accept, walk, where.clerk, authority="because") == ["authority"]
    walk.do(accept.accept, TUESDAY, where.clerk, authority="attorney")
    assert matters.entry_at(walk.matter, 2).facts["what"]["authority"] == "attorney"
    (page,) = pages(walk, where.clerk, TUESDAY, ("staff:case", walk.file.called))
    assert "没有登记过授权" not in page and "核对了授权委托书" in page
    assert walk.reviewed(TUESDAY).granted(TUESDAY).file.state == "granted"


def test_a_supplement_of_the_paper_or_a_mandate_entered_meanwhile_lets_it_be_accepted():
    where = build.city()
    walk = submitted(where)
    lack = accept.Lack("授权委托书", "写明事项、权限和期限", "《民法典》第一百六十五条")
    walk.do(accept.request_correction, TUESDAY, where.clerk, lacks=[lack])
    drafts.attach(
        walk.matter, by=where.citizen.account, slot=drafts.OTHER, name="委托书.png", stream=build.picture(), at=TUESDAY
    )
    walk.supplemented(TUESDAY).do(accept.accept, TUESDAY, where.clerk, authority="attorney")
    assert walk.file.state == "reviewing"
    second = submitted(where)
    entitle(where)
    assert second.accepted(TUESDAY).file.state == "reviewing"


def test_who_holds_a_mandate_is_the_legal_representative_or_applies_for_herself_is_asked_nothing():
    for paper in ("attorney", "legal"):
        where = build.city()
        build.known(where.citizen)
        entitle(where, paper, MONDAY)
        walk = build.application(where).drafted(NIGHT, form=FIRM)
        assert authority.advice(walk.file, NIGHT) == ()
        assert walk.received(NIGHT).accepted(TUESDAY).file.state == "reviewing"
    own = submitted(build.city(), build.FORM)
    assert "authority" not in matters.entry_at(own.matter, 1).facts["what"]
    assert own.accepted(TUESDAY).file.state == "reviewing"


def test_who_submits_for_another_person_shows_that_she_may():
    where = build.city()
    walk = submitted(where, OTHER)
    assert refused(accept.accept, walk, where.clerk) == ["authority"]
    walk.do(accept.accept, TUESDAY, where.clerk, authority="confirmed")


def test_what_silence_accepts_is_not_granted_before_authority_is_shown_and_may_be_refused():
    where = build.city()
    walk = submitted(where)
    at = moment("2026-03-11")
    with time_machine.at(at):
        deemed.settle(walk.file, at)
    walk.reviewed(at)
    assert refused(review.grant, walk, where.head, at, opinion="准予") == ["authority"]
    walk.do(review.grant, at, where.head, opinion="准予", authority="legal")
    assert walk.file.state == "granted"


def test_a_joint_case_is_asked_once_for_all_its_items():
    case = joint.project({1: [], 2: []})
    build.known(case.lead.citizen)
    case.drafted(NIGHT)
    drafts.save_draft(case.matter, by=case.lead.citizen.account, form=FIRM)
    (page,) = pages(case, case.lead.citizen, NIGHT, ("public:joint_draft", case.matter))
    assert "没有登记对“安澜燃气有限公司”的授权" in page
    case.do(filing.submit, NIGHT, case.lead.citizen)
    (page,) = pages(case, case.lead.clerk, TUESDAY, ("staff:joint", case.file.called))
    assert "没有登记过授权" in page
    assert refused(accepting.accept, case, case.lead.clerk) == ["authority"]
    client = Client()
    client.force_login(Account.objects.get(pk=case.lead.clerk.account))
    with time_machine.at(TUESDAY):
        url = reverse("staff:joint_move", args=[case.file.called, "accept"])
        assert client.post(url, {"form_key": str(uuid4()), "authority": "attorney"}).status_code == 302
    assert case.file.state == "running"
    case.granted(1, TUESDAY)
    assert case.branch(1).now.value == "granted"
