"""The pages of joint cases and of agent service: from the theme to the last delivery, and an agent's plan."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import build
import joint
from build import moment
from xiaoneng.approval.agency import reads as agency
from xiaoneng.approval.joint import reads, themes
from xiaoneng.approval.joint.reads import slot_of
from xiaoneng.approval.models import Branch
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.people.models import Account

pytestmark = pytest.mark.django_db
KEY = "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e%02d"
NOW = moment("2026-03-02", "10:00")


def client_of(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def post(client, route, args, n, **form):
    return client.post(reverse(route, args=args), {"form_key": KEY % n, **form})


def test_one_application_in_the_browser_for_three_departments():
    case = joint.project(conditions={2: "要设户外招牌"})
    with time_machine.at(NOW):
        mine = client_of(case.lead.citizen)
        assert "要设户外招牌" in mine.get(reverse("public:theme", args=[case.theme.code])).content.decode()
        assert case.theme.name in Client().get(reverse("public:themes")).content.decode()
        opened = post(mine, "public:theme_apply", [case.theme.code], 1, items="2", project="江鲜楼")
        pk = int(opened.url.split("/")[-2])
        again = post(mine, "public:theme_apply", [case.theme.code], 1, items="2", project="江鲜楼")
        assert again.url == opened.url
        form = mine.get(opened.url).content.decode()
        assert form.count("3 个事项共用一份") == 1
        for each in reads.materials(reads.branches(pk)):
            answer = mine.post(opened.url, {"form_key": KEY % 2, **build.FORM, f"material-{each.slot}": build_file()})
            assert answer.status_code == 302
        review = mine.get(reverse("public:joint_review", args=[pk]))
        assert review.status_code == 200 and "还没有交" not in review.content.decode()
        done = post(mine, "public:joint_submit", [pk], 3)
        page = mine.get(done.url).content.decode()
        assert "这是您的收件凭证" in page and "等前置事项" in page
        number = reads.load(pk).intake_number
        lead, other = client_of(case.lead.clerk), client_of(case.cities[2].reviewer)
        assert number in lead.get(reverse("staff:joints")).content.decode()
        assert "统一受理" in lead.get(reverse("staff:joint", args=[number])).content.decode()
        assert post(lead, "staff:joint_move", [number, "accept"], 4).status_code == 302
        branch = Branch.objects.get(joint_id=pk, position=2).matter
        worklist = other.get(reverse("staff:worklist")).content.decode()
        assert branch.number in worklist and ">并联</a>" in worklist
        assert "并联件的一个分办" in other.get(reverse("staff:case", args=[branch.number])).content.decode()
        assert mine.get(reverse("public:progress", args=[branch.number])).status_code == 200
        assert other.get(reverse("staff:joint", args=[reads.load(pk).number])).status_code == 200
        assert reads.load(pk).number in mine.get(reverse("public:mine")).content.decode()
        progress = mine.get(reverse("public:progress", args=[reads.load(pk).number]))
        assert progress.url == reverse("public:joint", args=[reads.load(pk).number])
        stranger = client_of(case.lead.stranger)
        assert stranger.get(reverse("public:joint", args=[number])).url == reverse("public:progress_query")
        elsewhere = client_of(build.city().clerk)
        assert elsewhere.get(reverse("staff:joint", args=[number])).status_code == 404


def build_file():
    return SimpleUploadedFile("材料.png", build.picture().read(), "image/png")


def test_a_move_that_may_not_be_made_yet_shows_what_stands_against_it():
    case = joint.project({1: [], 2: []}).received().accepted()
    with time_machine.at(NOW):
        lead = client_of(case.lead.reviewer)
        people = [str(case.lead.reviewer.account), str(case.lead.head.account)]
        answer = post(lead, "staff:joint_move", [case.file.called, "arrange"], 1, kind="site_check", place="现场",
                      starts_at="2026-03-05T09:00", people=people)  # fmt: skip
        assert (answer.status_code, "都在一个部门" in answer.content.decode()) == (422, True)
        people[1] = str(case.cities[2].reviewer.account)
        answer = post(lead, "staff:joint_move", [case.file.called, "arrange"], 2, kind="site_check", place="现场",
                      starts_at="2026-03-05T09:00", people=people)  # fmt: skip
        assert answer.status_code == 302
        assert "联合踏勘" in lead.get(reverse("staff:joint", args=[case.file.called])).content.decode()


def test_a_grant_on_the_case_page_opens_what_waited_for_it():
    case = joint.project({1: [], 2: [1]}).received().accepted()
    with time_machine.at(moment("2026-03-04")):
        number = case.branch(1).number
        post(client_of(case.lead.reviewer), "staff:move", [number, "review"], 1, opinion="好", step=1)
        post(client_of(case.lead.head), "staff:move", [number, "grant"], 2, opinion="准予")
        assert case.branch(2).number


def test_the_page_of_the_whole_names_what_was_refused_and_where_its_remedies_stand():
    case = joint.project({1: [], 2: [], 3: [1]}).received().accepted()
    page = reverse("public:joint", args=[case.file.called])
    with time_machine.at(moment("2026-03-06")):
        assert "没有准予" not in client_of(case.lead.citizen).get(page).content.decode()
        case.refused(1, moment("2026-03-06"))
        told = client_of(case.lead.citizen).get(page).content.decode()
    assert "没有准予：事项1。没有前置关系的其他事项照常办理。理由和复议、起诉的期限写在那一项的决定书上" in told


def test_an_agent_takes_a_project_on_in_the_browser():
    city = build.city()
    agent = build.holder(city.department, "帮办", "agency_service")
    with time_machine.at(NOW):
        mine, desk = client_of(city.citizen), client_of(agent)
        wrong = {**build.FORM, "phone": "12"}
        small = post(mine, "public:agency", [], 1, **wrong, project="小店", capital="10", investment="20")
        assert (small.status_code, "没有达到代办标准" in small.content.decode()) == (422, True)
        assert "手机号不对" in small.content.decode()  # told together
        asked = post(mine, "public:agency", [], 2, project="新材料厂", investment="6000", **build.FORM)
        number = asked.url.split("/")[-1]
        assert "新材料厂" in desk.get(reverse("staff:projects")).content.decode()
        for day in ("三月六日", "99999999999-3-6"):
            bad = post(desk, "staff:project_move", [number, "take_on"], 3, plan=f"备案 | 发改 | {day}")
            assert (bad.status_code, "第 1 行读不懂" in bad.content.decode()) == (422, True)
        plan = "备案 | 发改 | 2026年3月6日\n用地预审\t自规\t2026/3/13\t1"  # as people write days, and as tables paste
        assert post(desk, "staff:project_move", [number, "take_on"], 4, plan=plan).status_code == 302
        assert "用地预审" in mine.get(reverse("public:agency_case", args=[number])).content.decode()
        told = desk.get(reverse("staff:project", args=[number])).content.decode()
        assert "代办服务计划表" in told and "申请人看到的" in told and "还有 2 项没有办完" in told
        project, masked = agency.load(number), "138****2607"
        assert masked in told
        post(desk, "account:unmask", [project.called], 7, reason="电话约现场踏勘")
        assert "13812342607" in desk.get(reverse("staff:project", args=[number])).content.decode()
        assert project.called not in desk.get(reverse("staff:projects") + "?ended=1").content.decode()
        assert client_of(city.stranger).get(reverse("public:agency_case", args=[number])).status_code == 404
        assert client_of(city.head).get(reverse("staff:project", args=[number])).status_code == 404
        asked = post(mine, "public:agency_case", [number], 5)
        assert "确定不再需要代办吗" in asked.content.decode() and agency.load(number).state == "serving"
        assert post(mine, "public:agency_case", [number], 6, do="withdraw").status_code == 302
        assert agency.load(number).state == "withdrawn"
        assert "新材料厂" in desk.get(reverse("staff:projects") + "?ended=1").content.decode()


def test_a_refused_file_hides_no_other_fault_of_a_joint_draft_and_the_whole_is_taken_back_after_a_second_look():
    case = joint.project()
    with time_machine.at(NOW):
        mine = client_of(case.lead.citizen)
        draft = post(mine, "public:theme_apply", [case.theme.code], 1, items="1", project="江鲜楼").url
        slot = reads.materials(reads.branches(int(draft.split("/")[-2])))[0].slot
        program = SimpleUploadedFile("表.pdf", b"MZ", "application/pdf")
        wrong = mine.post(draft, {**build.FORM, "phone": "12", f"material-{slot}": program, "do": "review"})
        text = wrong.content.decode()
        assert wrong.status_code == 400 and "这是程序" in text and 'href="#id_phone"' in text
        taken = joint.project({1: [], 2: []}).received(NOW)
        owner, address = client_of(taken.lead.citizen), reverse("public:joint_withdraw", args=[taken.matter])
        assert "都不再办理" in owner.get(address).content.decode() and taken.file.state == "received"
        assert owner.post(address, {"form_key": KEY % 9, "reason": "选址变了"}).status_code == 302
        assert reads.load(taken.matter).state == "withdrawn"


def test_a_clerk_takes_a_joint_case_in_at_her_counter_and_hands_the_receipt_out():
    case = joint.project(conditions={2: "要设户外招牌"})
    shared = reads.materials(each for each in themes.theme(case.theme.code, NOW).items)
    form = build.FORM | {"papers": [each.slot for each in shared if each.name != "材料3"], "items": ["2"]}
    with time_machine.at(NOW):
        desk = client_of(case.lead.clerk)
        assert case.theme.name in desk.get(reverse("staff:intake")).content.decode()
        page = desk.get(reverse("staff:joint_intake", args=[case.theme.code])).content.decode()
        assert "要设户外招牌" in page and page.count("用于：事项1、事项2、事项3") == 1
        short = post(desk, "staff:joint_intake", [case.theme.code], 1, **form)
        assert (short.status_code, "还差“材料3”" in short.content.decode()) == (422, True)
        bad = {f"material-{slot_of('材料3')}": SimpleUploadedFile("x.exe", b"MZ")}
        assert post(desk, "staff:joint_intake", [case.theme.code], 1, **form, **bad).status_code == 422
        scan = {f"material-{slot_of('材料3')}": build_file()}
        done = post(desk, "staff:joint_intake", [case.theme.code], 1, **form, **scan)
        receipt = desk.get(done.url).content.decode()
        assert "这是您的收件凭证" in receipt and "查询码" in receipt
        again = post(desk, "staff:joint_intake", [case.theme.code], 1, **form)
        assert again.url == done.url
        elsewhere = client_of(case.cities[2].clerk)
        assert elsewhere.get(reverse("staff:joint_intake", args=[case.theme.code])).status_code == 409
        number = done.url.split("/")[-1].split("?")[0]
        assert "撤回" in desk.get(reverse("staff:joint", args=[number])).content.decode()
        assert post(desk, "staff:joint_move", [number, "withdraw"], 5, reason="书面", code="AAAA").status_code == 422
        assert "查询码" not in elsewhere.get(reverse("public:joint", args=[number])).content.decode()


def test_a_citizen_answers_on_one_page_what_two_departments_asked_for():
    case = joint.project({1: [], 2: []}).received().accepted()
    day = moment("2026-03-04")
    with time_machine.at(day):
        for place in (1, 2):
            desk = client_of(case.cities[place].reviewer)
            number = case.branch(place).number
            page = desk.get(reverse("staff:case", args=[number])).content.decode()
            assert "分办件一次性告知补正" in page and "再次告知" not in page
            answer = post(
                desk, "staff:move", [number, "ask_in_branch"], place, **{"want-0": "没有签章 | 法定代表人签章"}
            )
            assert answer.status_code == 302
        mine = client_of(case.lead.citizen)
        progress = mine.get(reverse("public:joint", args=[case.file.called])).content.decode()
        assert "去补正" in progress and "其他事项照常办理" in progress
        branch = mine.get(reverse("public:progress", args=[case.branch(2).number])).content.decode()
        where = reverse("public:joint_supplement", args=[case.matter])
        assert where in branch
        # What waits for the applicant says so and gives its own day; no special procedure goes on.
        assert "请在这一天之前补正" in branch and "等您补正" in branch and "特别程序" not in branch
        assert "等您补正" in progress and "（分办）" not in progress
        page = mine.get(where).content.decode()
        assert page.count("没有签章（法定代表人签章）") == 2 and page.count("用于：事项1、事项2") == 1
        slot = slot_of("申请书")
        assert mine.post(where, {"form_key": KEY % 7, f"material-{slot}": build_file()}).status_code == 200
        none = mine.post(where, {"form_key": KEY % 7, "do": "submit"})
        assert (none.status_code, "还没有选这次补齐" in none.content.decode()) == (422, True)
        done = mine.post(where, {"form_key": KEY % 7, "do": "submit", "branches": ["1", "2"]}, follow=True)
        assert "2 个事项的补正材料已经提交" in done.content.decode() and "去补正" not in done.content.decode()
        twice = mine.post(where, {"form_key": KEY % 7, "do": "submit", "branches": ["1", "2"]})
        assert twice.status_code == 409
        kinds = [each.verify_code for each in matters.documents(case.branch(1).matter)]
        assert all(Client().get(reverse("public:notice", args=[code])).status_code == 200 for code in kinds)


def test_a_window_takes_in_what_a_branch_asked_for():
    case = joint.project({1: [], 2: []}).received().accepted()
    with time_machine.at(moment("2026-03-04")):
        number, desk = case.branch(2).number, client_of(case.cities[2].clerk)
        asked = post(client_of(case.cities[2].reviewer), "staff:move", [number, "ask_in_branch"], 1, lacks="平面图")
        assert asked.status_code == 302
        page = desk.get(reverse("staff:case", args=[number])).content.decode()
        assert "收下补正材料" in page
        done = post(desk, "staff:move", [number, "answer_in_branch"], 2, note="收到平面图", seen=["1"])
        assert done.status_code == 302 and case.branch(2).state == "reviewing"
