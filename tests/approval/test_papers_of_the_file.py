"""Documents that a case file must hold: what the applicant asked when taking it back, what the legal review said."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

import build
import joint
from build import moment
from xiaoneng.approval import notices, reads
from xiaoneng.approval.actions import apply, commitment, deferred, drafts, inspections, printing, proceedings, review
from xiaoneng.approval.joint import filing
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import doctor, time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account
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


def test_a_refusal_names_the_organ_and_the_court_that_the_item_publishes(walk):
    published = {"reconsideration": "浙江省烟草专卖局", "court": "安澜市临江区人民法院"}
    ItemVersion.objects.filter(pk=walk.version.pk).update(**published)
    walk.refused(DAY)
    notice, _ = told(walk.matter, "refusal_decision")
    assert all(each in notice.closing[0] for each in (*published.values(), "六十日", "六个月"))


def test_the_document_to_be_corrected_is_chosen_from_those_of_the_case(walk):
    walk.refused(DAY)
    with time_machine.at(DAY):
        client = Client()
        client.force_login(Account.objects.get(pk=walk.city.head.account))
        page = client.get(f"/desk/cases/{walk.file.called}").content.decode()
    offered = page.split('<select name="document"')[1].split("</select>")[0]
    assert all(each.number in offered for each in matters.documents(walk.matter))


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


def promising(form, **flags):
    where = build.city()
    version = build.item(where)
    version.materials.filter(position=1).update(deferrable=True, deferred_days=4)
    type(version).objects.filter(pk=version.pk).update(**flags or {"early_issue": False})
    walk = build.application(where, type(version).objects.get(pk=version.pk))
    walk.drafted(DAY, form=build.FORM | {"promise": "1"} | form, files=False)
    drafts.attach(walk.matter, by=where.citizen.account, slot="0", name="a.png", stream=build.picture(), at=DAY)
    return walk.received(DAY)


def test_a_promise_to_hand_in_later_stands_on_paper_with_what_until_when_and_what_follows():
    walk = promising({"deferred": "1"}).accepted(DAY)
    assert [each.title for each in matters.documents(walk.matter)][1:] == ["容缺受理通知书", "容缺受理承诺书"]
    notice, page = told(walk.matter, "deferred_docs_commitment")
    rows = dict(notice.rows)
    assert (notice.addressee, notice.items, rows["承诺人"]) == ("住房和城乡建设局", (("身份证明", ""),), "沈若溪")
    assert rows["补交期限"] == "受理后 4 个工作日，至2026年3月9日" and "2026年3月9日" in notice.paragraphs[0]
    assert "视为撤回申请" in notice.closing[0] and "本人账号" in rows["承诺方式"] and "身份证明" in page
    verified = Client().get(reverse("public:verify"), {"code": notice.verify_code}).content.decode()
    assert "核验通过" in verified and "<dd>住房和城乡建设局</dd>" in verified


def test_nobody_who_hands_in_everything_is_said_to_have_promised_anything(walk):
    kinds = {each.kind for each in matters.documents(walk.matter)}
    assert not kinds & {"deferred_docs_commitment", "commitment_letter"}


def test_a_commitment_stands_on_paper_with_the_conditions_told_the_words_and_the_check():
    flags = {"committable": True, "check_days": 15, "commitment_text": "承诺场所合格。", "conditions": "有固定场所。"}
    walk = promising({"way": "commitment"}, **flags)
    type(walk.version).objects.filter(pk=walk.version.pk).update(commitment_text="后来改的话")
    notice, page = told(walk.matter, "commitment_letter")
    rows = dict(notice.rows)
    assert "有固定场所。" in notice.paragraphs and notice.paragraphs[-1] == "二、申请人承诺：承诺场所合格。"
    assert (rows["承诺人"], rows["以承诺代替、暂不提交的材料"]) == ("沈若溪", "身份证明")
    assert rows["事后核查"] == "作出决定后 15 个工作日内" and "撤销决定" in notice.closing[0] and "承诺场所合格" in page


def test_what_a_check_finds_wrong_is_ordered_to_be_put_right_on_a_paper_of_its_own():
    walk = promising({"way": "commitment"}, committable=True).accepted(DAY).granted(DAY).delivered(DAY)
    by = walk.city.reviewer
    found = {"officers": [by.account, walk.city.clerk.account], "findings": "灭火器过期。", "days": 5}
    walk.do(commitment.record_check, DAY, by, result="correctable", **found)
    notice, page = told(walk.matter, "correction_order")
    rows = dict(notice.rows)
    assert rows["改正期限"] == "5 个工作日，至2026年3月10日" and "灭火器过期。" in notice.paragraphs
    assert "平台办件规则" in rows["依据"] and "灭火器过期" in page


def test_what_never_came_after_an_early_licence_may_be_ordered_once_instead_of_revoking():
    walk = promising({"deferred": "1"}, early_issue=True).accepted(DAY).reviewed(DAY).granted(DAY).delivered(DAY)
    over, head = moment("2026-03-10"), walk.city.head
    with time_machine.at(over):
        deferred.look_after(lambda: over)
    with pytest.raises(Obstructed) as refusal:
        walk.do(commitment.order_correction, over, head, text=" ", days=0)
    assert [each.code for each in refusal.value.obstacles] == ["days", "text"]
    walk.do(commitment.order_correction, over, head, text="补交身份证明。", days=3)
    notice, _ = told(walk.matter, "correction_order")
    assert "补交身份证明。" in notice.paragraphs and dict(notice.rows)["改正期限"] == "3 个工作日，至2026年3月13日"
    assert walk.file.state == "rectifying"
    late = moment("2026-03-16")
    with time_machine.at(late):
        deferred.look_after(lambda: late)
    with pytest.raises(Obstructed, match="已经责令改正过一次"):
        walk.do(commitment.order_correction, late, head, text="再补", days=3)
    with time_machine.at(late):
        assert [each for each in doctor.examine(full=True).findings if each.id <= 34] == []


def test_a_commitment_found_untrue_is_not_ordered_to_be_put_right():
    walk = promising({"way": "commitment"}, committable=True).accepted(DAY).granted(DAY).delivered(DAY)
    officers = [walk.city.reviewer.account, walk.city.clerk.account]
    found = {"officers": officers, "result": "false", "findings": "没有场所。"}
    walk.do(commitment.record_check, DAY, walk.city.reviewer, **found)
    with pytest.raises(Obstructed, match="只有先发证"):
        walk.do(commitment.order_correction, DAY, walk.city.head, text="改正", days=3)


@pytest.mark.parametrize(("public", "kinds"), [(True, 2), (False, 1)])
def test_a_public_hearing_is_announced_to_everybody_and_a_closed_one_is_not(walk, public, kinds):
    chair = build.holder(walk.city.department, "林海", "head")
    given = {"place": "三楼听证室", "chair": chair.account, "public": public, "reason": "涉及商业秘密"}
    moved = walk.do(
        proceedings.schedule_hearing, DAY, walk.city.reviewer, starts_at=moment("2026-03-20", "09:30"), **given
    )
    assert len(moved.numbers["documents"]) == kinds
    if public:
        notice, page = told(walk.matter, "hearing_announcement")
        rows = dict(notice.rows)
        assert (notice.addressee, rows["地点"], rows["时间"]) == (
            "公民、法人和其他组织",
            "三楼听证室",
            "2026年3月20日 09:30",
        )
        assert "沈若溪" not in str(notice) and "旁听" in page
