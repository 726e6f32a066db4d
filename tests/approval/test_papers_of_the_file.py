"""Documents that a case file must hold: what the applicant asked when taking it back, what the legal review said."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

import build
import joint
from build import moment
from xiaoneng.approval import notices, reads
from xiaoneng.approval.actions import apply, inspections, printing, review
from xiaoneng.approval.joint import filing
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import Obstructed

pytestmark = pytest.mark.django_db
DAY = moment("2026-03-03")
AGREED = {"result": "agree", "opinion": "主体适格，程序合法，适用法律正确。"}


@pytest.fixture
def walk():
    return build.application().received(DAY).accepted(DAY).reviewed(DAY)


def told(matter: int, kind: str):
    document = next(each for each in matters.documents(matter) if each.kind == kind)
    with time_machine.at(DAY):
        assert printing.print_document(document, at=DAY)  # it can be printed
        page = Client().get(reverse("public:notice", args=[document.verify_code]))
    assert page.status_code == 200
    return notices.compose(document), page.content.decode()


def test_a_withdrawal_stands_on_paper_with_who_asked_how_and_why(walk):
    walk.do(apply.withdraw, DAY, walk.city.citizen, reason="改变经营计划")
    notice, page = told(walk.matter, "withdrawal_request")
    rows = dict(notice.rows)
    assert (notice.title, rows["申请人"], rows["撤回的原因"]) == ("撤回申请书", "沈若溪", "改变经营计划")
    assert "本人账号" in rows["提出方式"] and "改变经营计划" in page and walk.file.called in notice.paragraphs[0]


def test_a_withdrawal_at_the_window_says_that_the_applicant_confirmed_it_by_code(walk):
    walk.do(apply.withdraw, DAY, walk.city.clerk, reason="书面申请", code=reads.query_code(walk.file))
    assert "以查询码确认" in dict(told(walk.matter, "withdrawal_request")[0].rows)["提出方式"]


def test_a_whole_joint_case_is_taken_back_on_paper_too():
    case = joint.project({1: [], 2: []}).received()
    case.do(filing.withdraw, DAY, case.lead.citizen, reason="不办了")
    assert told(case.matter, "joint_withdrawal_request")[0].title == "并联审批撤回申请书"


def test_a_legal_review_is_written_by_somebody_who_has_not_handled_the_case(walk):
    city = walk.city
    lawyer = build.holder(city.department, "法制科", "reviewer")
    with pytest.raises(Obstructed) as refusal:
        walk.do(inspections.record_legal_review, DAY, city.reviewer, result="", opinion=" ")
    assert [each.code for each in refusal.value.obstacles] == ["result", "opinion", "separation"]
    walk.do(inspections.record_legal_review, DAY, lawyer, **AGREED)
    notice, page = told(walk.matter, "legal_review_opinion")
    rows = dict(notice.rows)
    assert (rows["审核结论"], rows["审核人员"], rows["申请人"]) == ("同意", "法制科", "沈若溪")
    assert AGREED["opinion"] in notice.paragraphs and AGREED["opinion"] in page


def test_nothing_is_decided_against_the_legal_review_nor_by_its_writer(walk):
    city = walk.city
    other = build.holder(city.department, "林海", "head")
    walk.do(inspections.record_legal_review, DAY, other, result="disagree", opinion="缺少听证程序。")
    with pytest.raises(Obstructed, match="法制审核没有同意"):
        walk.do(review.grant, DAY, city.head, opinion="准予")
    walk.do(inspections.record_legal_review, DAY, other, **AGREED)
    with pytest.raises(Obstructed, match="作过本件的法制审核"):
        walk.do(review.grant, DAY, other, opinion="准予")
    walk.do(review.grant, DAY, city.head, opinion="准予")
    assert walk.file.state == "granted"


def test_the_legal_review_is_for_the_file_and_not_for_the_applicants_page(walk):
    lawyer = build.holder(walk.city.department, "法制科", "reviewer")
    walk.do(inspections.record_legal_review, DAY, lawyer, **AGREED)
    client = Client()
    client.force_login(build_account(walk.city.citizen))
    with time_machine.at(DAY):
        page = client.get(reverse("public:progress", args=[walk.file.called])).content.decode()
    assert "受理通知书" in page and "法制审核意见书" not in page


def build_account(actor):
    from xiaoneng.people.models import Account

    return Account.objects.get(pk=actor.account)
