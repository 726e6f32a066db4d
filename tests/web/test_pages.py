"""Every page of the one path, asked for as each of its people would."""

import re

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.approval import reads
from xiaoneng.jobs import time_machine

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")


@pytest.fixture
def now(db):
    with time_machine.at(NOW):
        yield NOW


def signed_in(actor) -> Client:
    from xiaoneng.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def key_of(page) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', page.content.decode()).group(1)


@pytest.fixture
def walk(db):
    walk = build.application().received(moment("2026-03-01", "20:14")).accepted(moment("2026-03-02", "09:12"))
    return walk.suspended(moment("2026-03-09", "15:10")).resumed(moment("2026-03-20", "16:40"))


def test_the_public_pages_answer_without_signing_in(now, walk):
    client = Client()
    code = walk.version.item.code
    for address in (
        "/",
        "/search",
        "/search?q=燃气",
        "/search?q=气",
        f"/items/{code}",
        "/progress",
        "/verify",
        "/login",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
    assert "<mark>燃</mark>气经营许可证核发" in client.get("/search?q=燃").content.decode()
    assert "气经营许可证核发" not in client.get("/search?q=驾").content.decode()


def test_progress_opens_with_number_and_code_and_shows_the_day_count(now, walk):
    client = Client()
    file = walk.file
    answer = client.post("/progress", {"number": file.number, "code": reads.query_code(file)}, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200 and "3月25日" in text and "4月13日" in text and "第20日" in text


def test_a_lawful_day_in_a_year_without_its_notice_is_told_as_provisional_though_the_promise_is_not(db):
    at = moment("2026-12-10")
    walk = build.application().received(at).accepted(at)
    with time_machine.at(at):
        code = {"number": walk.file.number, "code": reads.query_code(walk.file)}
        text = Client().post("/progress", code, follow=True).content.decode()
    assert "法律规定的最后期限是" in text and "日期为暂定" in text and not walk.file.clock("promised").provisional


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(now, walk):
    client = Client()
    wrong = client.post("/progress", {"number": walk.file.number, "code": "AAAAAAAA"}).content.decode()
    unknown = client.post("/progress", {"number": "AL0000", "code": "AAAAAAAA"}).content.decode()
    assert "对不上" in wrong and "对不上" in unknown


def test_a_citizen_applies_from_the_item_page_to_the_receipt(now):
    where = build.city()
    version = build.item(where)
    client = signed_in(where.citizen)
    page = client.get(f"/items/{version.item.code}")
    draft = client.post(f"/items/{version.item.code}/apply", {"form_key": key_of(page)})
    assert draft.status_code == 302
    files = {f"material-{m.position}": ("照片.png", build.picture(), "image/png") for m in version.materials.all()}
    from django.core.files.uploadedfile import SimpleUploadedFile

    uploads = {name: SimpleUploadedFile(n, s.read(), t) for name, (n, s, t) in files.items()}
    saved = client.post(draft.url, {**build.FORM, **uploads, "do": "review"}, follow=True)
    assert saved.status_code == 200 and "还不能提交" not in saved.content.decode()
    number = draft.url.split("/")[-1]
    receipt = client.post(f"/drafts/{number}/submit", {"form_key": key_of(saved)}, follow=True)
    text = receipt.content.decode()
    assert "收件编号" in text and "2026032300001" in text and "<svg" in text


def test_a_draft_is_told_everything_that_is_wrong_at_once_and_is_not_deleted_by_one_click(now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    where = build.city()
    code, client = build.item(where).item.code, signed_in(where.citizen)
    draft = client.post(f"/items/{code}/apply", {"form_key": key_of(client.get(f"/items/{code}"))}).url
    program = SimpleUploadedFile("表.pdf", b"MZ", "application/pdf")
    wrong = client.post(draft, {**build.FORM, "phone": "12", "material-1": program, "do": "review"})
    text = wrong.content.decode()
    assert wrong.status_code == 400 and "这是程序" in text and 'href="#id_phone"' in text
    asked = client.post(draft, {**build.FORM, "content": "新写的一句", "do": "discard"}).content.decode()
    assert "要删除这份草稿吗" in asked and "新写的一句" in client.get(draft).content.decode()
    client.post(draft, {"do": "discard_for_good"})
    assert client.get(draft).status_code == 404


@pytest.mark.parametrize(
    ("audience", "offered", "refused", "told"),
    [
        (["自然人"], "person", "enterprise", "个体工商户由经营者以本人的姓名"),
        (["企业法人", "其他组织"], "enterprise", "person", "只向单位办理"),
    ],
)
def test_an_item_for_one_kind_of_applicant_offers_and_takes_no_other(now, audience, offered, refused, told):
    where = build.city()
    version = build.item(where)
    type(version).objects.filter(pk=version.pk).update(audience=audience)
    client, code = signed_in(where.citizen), version.item.code
    draft = client.post(f"/items/{code}/apply", {"form_key": key_of(client.get(f"/items/{code}"))}).url
    shown = client.get(draft).content.decode()
    assert f'value="{offered}"' in shown and f'value="{refused}"' not in shown
    client.post(draft, {**build.FORM, "kind": refused})
    assert told in client.get(f"{draft}/review").content.decode()
    client.post(draft, {**build.FORM, "kind": offered})
    assert told not in client.get(f"{draft}/review").content.decode()


def test_the_item_that_is_set_as_agent_service_is_asked_for_there_and_no_other_of_the_same_name(now):
    from xiaoneng.org.models import Setting
    from xiaoneng.web import in_force

    where = build.city()
    client, versions = signed_in(where.citizen), [build.item(where, name="重点项目代办") for _ in "ab"]
    Setting.objects.create(key="agency_item", value=versions[0].item.code, changed_at=now, changed_by="系统管理员")
    in_force.forget()
    for version in versions:
        type(version).objects.filter(pk=version.pk).update(online=False)
    pages = [client.get(f"/items/{version.item.code}").content.decode() for version in versions]
    assert [">申请代办</a>" in page for page in pages] == [True, False]
    in_force.forget()


def test_who_has_no_mouse_leaps_to_the_application(now):
    page = Client().get(f"/items/{build.item(build.city()).item.code}").content.decode()
    assert page.index('href="#apply"') < page.index("<nav") and 'id="apply" tabindex="-1"' in page


def test_an_applicant_whose_case_is_late_is_told_so_and_where_to_complain(now, walk):
    client = signed_in(walk.city.citizen)
    assert "最迟在这一天给您决定" in client.get(f"/progress/{walk.file.number}").content.decode()
    with time_machine.at(moment("2026-03-26")):
        late = client.get(f"/progress/{walk.file.number}").content.decode()
    assert "本应在这一天给您决定" in late and "12345 投诉" in late


def test_the_staff_pages_show_the_case_and_its_moves(now, walk):
    client = signed_in(walk.city.reviewer)
    assert walk.file.number in client.get("/desk/").content.decode()
    page = client.get(f"/desk/cases/{walk.file.number}")
    text = page.content.decode()
    assert page.status_code == 200 and "提交审查意见" in text and "要由部门负责人来办" in text


def test_a_review_posted_from_the_page_moves_the_case_and_a_repeat_changes_nothing(now, walk):
    client = signed_in(walk.city.reviewer)
    number = walk.file.number
    key = "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e11"
    for _ in range(2):
        answer = client.post(f"/desk/cases/{number}/review", {"form_key": key, "opinion": "符合条件"})
        assert answer.status_code == 302
    assert walk.file.state == "deciding" and walk.file.version == 5


def test_a_move_without_its_reason_says_what_is_missing_and_changes_nothing(now, walk):
    walk.reviewed(NOW)
    client = signed_in(walk.city.head)
    answer = client.post(
        f"/desk/cases/{walk.file.number}/refuse", {"form_key": "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e12", "reason": ""}
    )
    assert answer.status_code == 422 and "请填写不予许可的理由" in answer.content.decode()
    assert walk.file.state == "deciding"


def test_the_board_shows_the_light_and_a_poll_without_change_says_nothing(now, walk):
    client = signed_in(walk.city.supervisor)
    page = client.get("/supervise/")
    assert page.status_code == 200 and walk.city.department.name in page.content.decode()
    poll = re.search(r'hx-get="([^"]+)"', page.content.decode()).group(1).replace("&amp;", "&")
    assert client.get(poll).status_code == 204
    with time_machine.at(moment("2026-03-25", "17:00:01")):
        changed = client.get(poll)
    assert changed.status_code == 200 and "超期" in changed.content.decode()
    assert client.get(f"/supervise/matters/{walk.file.number}").status_code == 200
    assert client.get("/supervise/matters?light=yellow").status_code == 200


def test_somebody_elses_application_is_not_there(now, walk):
    stranger = signed_in(walk.city.stranger)
    assert stranger.get(f"/progress/{walk.file.number}").status_code == 302
    other = signed_in(build.city().clerk)
    assert other.get(f"/desk/cases/{walk.file.number}").status_code == 404
    assert stranger.get("/desk/").status_code == 404
    assert other.get("/supervise/").status_code == 404


def test_a_notice_prints_as_page_and_pdf_and_is_verified_by_its_code(now, walk):
    from xiaoneng.matters import reads as matters

    document = matters.documents(walk.matter)[1]
    client = Client()
    assert document.number in client.get(f"/notices/{document.verify_code}").content.decode()
    pdf = client.get(f"/notices/{document.verify_code}.pdf")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert "核验通过" in client.get(f"/verify?code={document.verify_code.lower()}").content.decode()
    assert "没有这个核验码" in client.get("/verify?code=AAAA").content.decode()


def test_window_intake_takes_papers_and_prints_a_receipt(now):
    where = build.city()
    version = build.item(where)
    client = signed_in(where.clerk)
    page = client.get(f"/desk/intake/{version.item.code}")
    bad = client.post(f"/desk/intake/{version.item.code}", {"form_key": key_of(page), "kind": "person", "phone": "1"})
    assert bad.status_code == 422 and "身份证号不对" in bad.content.decode()
    good = {**build.FORM, "papers": ["0", "1"], "form_key": key_of(page)}
    receipt = client.post(f"/desk/intake/{version.item.code}", good, follow=True)
    assert receipt.status_code == 200 and "查询码" in receipt.content.decode()
    again = client.post(f"/desk/intake/{version.item.code}", good, follow=True)
    assert again.content.decode().count("2026032300001") == receipt.content.decode().count("2026032300001") > 0


def test_the_applicant_supplements_and_withdraws_from_the_pages(now):
    walk = build.application().received(moment("2026-03-19")).asked(moment("2026-03-20"))
    client = signed_in(walk.city.citizen)
    page = client.get(f"/applications/{walk.matter}/supplement")
    assert "缺少经营场所证明" in page.content.decode()
    empty = client.post(f"/applications/{walk.matter}/supplement", {"form_key": key_of(page), "do": "submit"})
    assert empty.status_code == 422
    done = client.post(
        f"/applications/{walk.matter}/supplement",
        {"form_key": key_of(page), "do": "submit", "note": "已补"},
        follow=True,
    )
    assert done.status_code == 200 and walk.file.state == "received"
    page = client.get(f"/applications/{walk.matter}/withdraw")
    client.post(f"/applications/{walk.matter}/withdraw", {"form_key": key_of(page)})
    assert walk.file.state == "withdrawn"


def test_after_ten_wrong_codes_even_the_right_one_is_refused_for_a_while(now, walk):
    client, number, code = Client(), walk.file.number, reads.query_code(walk.file)
    for _ in range(10):
        client.post("/progress", {"number": number, "code": "AAAAAAAA"})
    closed = client.post("/progress", {"number": number, "code": code})
    assert closed.status_code == 200 and "试错的次数太多" in closed.content.decode()
    with time_machine.at(moment("2026-03-23", "10:35")):
        assert client.post("/progress", {"number": number, "code": code}).status_code == 302


def test_after_ten_wrong_passwords_the_account_is_closed_for_a_while(now, walk):
    from xiaoneng.people.models import Account

    name = Account.objects.get(pk=walk.city.clerk.account).username
    client = Client()
    for _ in range(10):
        client.post("/login", {"username": name, "password": "wrong"})
    closed = client.post("/login", {"username": name, "password": build.PASSWORD})
    assert "试错的次数太多" in closed.content.decode()
    with time_machine.at(moment("2026-03-23", "10:35")):
        assert client.post("/login", {"username": name, "password": build.PASSWORD}).status_code == 302


def test_a_case_taken_in_at_the_window_is_supplemented_and_withdrawn_there(now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    where = build.city()
    code = build.item(where).item.code
    clerk = signed_in(where.clerk)
    page = clerk.get(f"/desk/intake/{code}")
    form = {**build.FORM, "papers": ["0", "1"], "form_key": key_of(page)}
    number = clerk.post(f"/desk/intake/{code}", form).url.split("/")[-1]
    key = "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e{:02d}".format
    clerk.post(f"/desk/cases/{number}/request_correction", {"form_key": key(1), "lacks": "缺少经营场所证明"})
    bad = {"form_key": key(2), "note": "已补", "paper": SimpleUploadedFile("坏.pdf", b"no pdf")}
    refused = clerk.post(f"/desk/cases/{number}/supplement", bad)
    assert refused.status_code == 422 and "认不出这种文件" in refused.content.decode()
    good = {"form_key": key(3), "note": "收到租赁合同", "paper": SimpleUploadedFile("合同.png", build.picture().read())}
    assert clerk.post(f"/desk/cases/{number}/supplement", good).status_code == 302
    assert reads.load(number).state == "received"
    assert "其他材料" in clerk.get(f"/desk/cases/{number}").content.decode()
    request = {"form_key": key(4), "reason": "申请人当面书面申请撤回", "code": "23456789"}
    assert clerk.post(f"/desk/cases/{number}/withdraw", request).status_code == 422
    code = reads.query_code(reads.load(number))  # as the applicant shows it
    clerk.post(f"/desk/cases/{number}/withdraw", request | {"form_key": key(5), "code": code})
    assert reads.load(number).state == "withdrawn"


def test_what_ended_late_is_told_on_the_open_case_too(now):
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    walk.reviewed(moment("2026-03-19")).granted(moment("2026-03-20"))  # promised for the 12th
    page = signed_in(walk.city.clerk).get(f"/desk/cases/{walk.file.called}").content.decode()
    assert "正常（曾经超期）" in page


def test_a_clerk_of_another_department_is_told_before_typing(now):
    where = build.city()
    code = build.item(where).item.code
    answer = signed_in(build.city().clerk).get(f"/desk/intake/{code}")
    assert answer.status_code == 409 and "窗口收件" in answer.content.decode()


def test_after_a_move_the_page_tells_from_the_journal_what_was_done(now, walk):
    walk.reviewed(NOW)
    client = signed_in(walk.city.head)
    posted = {"form_key": "6f1f7d9e-4a64-4b5f-9a52-3f0f6f2f9e71", "opinion": "准予"}
    told = client.post(f"/desk/cases/{walk.file.number}/grant", posted, follow=True).content.decode()
    assert "“准予许可”已办，文书" in told
    assert (
        "已办"
        not in client.get(f"/desk/cases/{walk.file.number}?done=99").content.decode().split("<main")[1].split("日志")[0]
    )
