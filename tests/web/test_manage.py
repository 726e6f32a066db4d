"""Administration as its three people do it, page by page; each change is on record."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.org import reads as org
from xiaoneng.org.models import Calendar, Holding, Region
from xiaoneng.people.models import Account
from xiaoneng.trail import actions as note
from xiaoneng.trail import reads as trail
from xiaoneng.trail.actions import By
from xiaoneng.web import exports, masking

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


@pytest.fixture(autouse=True)
def now(db):
    with time_machine.at(NOW):
        yield NOW


@pytest.fixture
def where():
    return build.city()


@pytest.fixture
def three(where):
    """Give the clients of the three administrators."""
    everybody = ("system", "security", "audit")
    return {who: signed_in(build.holder(where.department, who, f"{who}_administrator", True)) for who in everybody}


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_person_is_made_granted_a_role_and_can_work_and_all_of_it_is_on_record(where, three):
    form = {
        "name": "叶知秋",
        "username": "yezhiqiu",
        "department": where.department.pk,
        "post": "综合窗口",
        "window": "",
        "phone": "",
    }
    page = three["system"].post("/manage/people/new", form, follow=True)
    password = re.findall(r'<dd class="code">([^<]+)</dd>', text_of(page))[1]
    person = Account.objects.get(username="yezhiqiu")
    assert "已经显示过" in text_of(three["system"].get(f"/manage/people/{person.pk}/password"))  # once is once
    grant = {
        "role": "window",
        "reach": f"d{where.department.pk}",
        "since": "2026-03-23",
        "until": "",
        "authority": "安任1号",
    }
    answer = three["security"].post(f"/manage/people/{person.pk}/grant", {**grant, "stands_in_for": ""})
    assert answer.status_code == 302
    client = Client()
    assert client.post("/login", {"username": "yezhiqiu", "password": password}).url == "/desk/"
    assert client.get("/desk/").url.startswith("/account/password")
    assert org.roles_of(person.pk, where.department.pk, date(2026, 3, 23))[0].authority == "安任1号"
    seen = text_of(three["audit"].get("/manage/records?q=yezhiqiu"))
    assert all(what in seen for what in ("新建账号", "安排岗位", "授予角色")) and password not in seen


def test_a_stand_in_is_named_as_people_call_each_other_and_two_of_a_name_are_told_apart(where, three):
    away = build.holder(where.department, "沈砚", "reviewer")
    stand_in = build.holder(where.department, "顾行", "window")
    asked = {
        "role": "reviewer", "reach": f"d{where.department.pk}", "since": "2026-03-23", "until": "2026-03-27",
        "authority": "AB岗1号", "stands_in_for": "沈砚",
    }  # fmt: skip
    address = f"/manage/people/{stand_in.account}/grant"
    assert "没有叫“沈彦”的" in text_of(three["security"].post(address, {**asked, "stands_in_for": "沈彦"}))
    assert three["security"].post(address, asked).status_code == 302
    assert away.account in {row.stands_in_for_id for row in Holding.objects.filter(account_id=stand_in.account)}
    build.holder(where.department, "沈砚", "reviewer")
    assert "有 2 位，请改填登录名" in text_of(three["security"].post(address, asked))


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(where, three):
    answer = three["system"].post(
        "/manage/people/new", {"name": "叶知秋", "username": "叶", "department": "", "post": ""}
    )
    page = text_of(answer)
    assert answer.status_code == 422 and "请选择部门" in page and 'value="叶知秋"' in page
    assert not Account.objects.filter(name="叶知秋").exists()


def test_half_a_person_is_not_made_when_the_name_is_taken(where, three):
    form = {
        "name": "别人",
        "username": "taken",
        "department": where.department.pk,
        "post": "窗口",
        "window": "",
        "phone": "",
    }
    three["system"].post("/manage/people/new", form)
    again = three["system"].post("/manage/people/new", form)
    assert again.status_code == 422 and "已经有人用了" in text_of(again)
    assert Account.objects.filter(username="taken").count() == 1


def test_a_disabled_person_is_out_at_once_and_can_come_back(where, three):
    clerk, address = signed_in(where.clerk), f"/manage/people/{where.clerk.account}"
    bare = three["system"].post(f"{address}/disable", {"disable-reason": ""})
    assert bare.status_code == 422 and clerk.get("/desk/").status_code == 200
    three["system"].post(f"{address}/disable", {"disable-reason": "已调离"})
    assert clerk.get("/desk/").status_code == 302 and "已停用" in text_of(three["system"].get(address))
    three["security"].post(f"{address}/enable", {"enable-reason": "调回"})
    assert Account.objects.get(pk=where.clerk.account).is_active


def test_a_system_administrator_cannot_become_the_auditor_by_a_new_password(where, three):
    audit = Account.objects.get(name="audit")
    answer = three["system"].post(f"/manage/people/{audit.pk}/give_password", {"give_password-reason": "忘了"})
    assert answer.status_code == 409 and Account.objects.get(pk=audit.pk).check_password(build.PASSWORD)
    assert "重置密码" not in text_of(three["system"].get(f"/manage/people/{audit.pk}"))
    answer = three["security"].post(f"/manage/people/{audit.pk}/give_password", {"give_password-reason": "忘了"})
    assert answer.status_code == 302 and not Account.objects.get(pk=audit.pk).check_password(build.PASSWORD)


def test_a_locked_person_is_seen_and_unlocked_by_security(where, three):
    name = Account.objects.get(pk=where.clerk.account).username
    for _ in range(10):
        Client().post("/login", {"username": name, "password": "wrong"})
    assert name in text_of(three["security"].get("/manage/locked"))
    three["security"].post(f"/manage/people/{where.clerk.account}/unlock", {"unlock-reason": "本人来电"})
    assert Client().post("/login", {"username": name, "password": build.PASSWORD}).status_code == 302


def test_departments_and_windows_are_made_changed_and_removed_only_while_empty(where, three):
    system, region = three["system"], where.department.region_id
    form = {"region": region, "name": "数据局", "code": "D9", "sign": "安数", "phone": "", "address": ""}
    assert system.post("/manage/organisation/department/new", form).status_code == 302
    again = system.post("/manage/organisation/department/new", form)
    assert again.status_code == 422 and "已经有同名的部门" in text_of(again) and "机关代字已经" in text_of(again)
    assert (
        system.post("/manage/organisation/window/new", {"region": region, "name": "1 号窗口", "place": ""}).status_code
        == 302
    )
    refused = system.post(f"/manage/organisation/department/{where.department.pk}/remove")
    assert refused.status_code == 409 and "不能删除" in text_of(refused)
    row = where.department.region.departments.get(name="数据局")
    assert system.post(f"/manage/organisation/department/{row.pk}/remove").status_code == 302
    assert not where.department.region.departments.filter(name="数据局").exists()
    assert [line.what for line in trail.lines_of(trail.records(key=f"department:{row.pk}"))] == ["删除部门", "新建部门"]


def test_a_region_does_not_lie_below_itself_and_keeps_the_sign_of_its_numbers(where, three):
    region = where.department.region
    form = {"name": "安澜", "code": "339900", "sign": "ZZ", "parent": region.pk}
    page = text_of(three["system"].post(f"/manage/organisation/region/{region.pk}", form))
    assert "不能再改" in page and "上级不能是自己" in page
    assert Region.objects.get(pk=region.pk).sign == region.sign


def test_a_year_goes_from_lines_over_a_comparison_into_force(where, three):
    calendar = Calendar.objects.get(name="全国")
    address = f"/manage/calendars/{calendar.pk}/2027/edit"
    assert "暂定" in text_of(three["system"].get(f"/manage/calendars/{calendar.pk}/2027"))
    form = {"document": NOTICE, "days": "2027-01-01至2027-01-03 放假 元旦", "seen": calendar.version, "do": "compare"}
    page = text_of(three["system"].post(address, form))
    assert (
        "发布前核对" in page and "平常上班" in page and Calendar.objects.get(pk=calendar.pk).version == calendar.version
    )
    done = three["system"].post(address, {**form, "do": "publish"})
    assert done.status_code == 302 and Calendar.objects.get(pk=calendar.pk).version == calendar.version + 1
    assert NOTICE in text_of(three["system"].get(done.url))
    twice = three["system"].post(address, {**form, "do": "publish"})  # pressed twice
    assert twice.status_code == 409 and "被别人改过" in text_of(twice)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gbk"])
def test_a_year_is_read_from_a_file_too(three, kind):
    calendar = Calendar.objects.get(name="全国")
    if kind == "xlsx":
        book, stream = Workbook(), io.BytesIO()
        book.active.append([date(2027, 1, 1), "放假", "元旦"])
        book.save(stream)
        content = stream.getvalue()
    else:
        content = "2027-01-01,放假,元旦\r\n".encode("gbk" if kind == "gbk" else "utf-8-sig")
    form = {"document": NOTICE, "days": "", "seen": calendar.version, "do": "compare"}
    file = SimpleUploadedFile(f"a.{kind}", content)
    page = text_of(three["system"].post(f"/manage/calendars/{calendar.pk}/2027/edit", {**form, "file": file}))
    assert "2027-01-01 放假 元旦" in page and "发布前核对" in page


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xff\xfe\x00\x81", b"x" * (1024 * 1024 + 1)])
def test_a_file_that_is_none_is_refused_in_words(three, content):
    calendar = Calendar.objects.get(name="全国")
    form = {"document": NOTICE, "days": "", "do": "compare", "file": SimpleUploadedFile("a.xlsx", content)}
    answer = three["system"].post(f"/manage/calendars/{calendar.pk}/2027/edit", form)
    assert (answer.status_code == 422 and "文件" in text_of(answer)) or "表格打不开" in text_of(answer)


def test_office_hours_are_changed_for_days_to_come(where, three):
    address = f"/manage/organisation/region/{where.department.region_id}/hours"
    past = three["system"].post(address, {"hours": "9-12 15-18", "since": "2026-03-23", "reason": "夏令"})
    assert past.status_code == 422 and "只能从明天" in text_of(past)
    page = three["system"].post(address, {"hours": "9-12 15-18", "since": "2026-06-01", "reason": "夏令"}, follow=True)
    assert "09:00-12:00、15:00-18:00" in text_of(page) and "还没生效" in text_of(page)
    back = three["system"].post(address, {"do": "withdraw"}, follow=True)
    assert "还没生效的调整已撤销" in text_of(back) and "2026-06-01 起</td>" not in text_of(back)


def test_a_setting_is_changed_by_whose_it_is_takes_effect_and_goes_back(three):
    wrong = three["security"].post("/manage/settings", {"key": "password_length", "value": "3"})
    assert wrong.status_code == 422 and "8 到 64" in text_of(wrong)
    foreign = three["system"].post("/manage/settings", {"key": "password_length", "value": "12"})
    assert foreign.status_code == 409
    three["security"].post("/manage/settings", {"key": "password_length", "value": "12"})
    assert "至少 12 位" in text_of(three["security"].get("/account/password"))
    three["security"].post("/manage/settings", {"key": "password_length", "do": "default"})
    assert "至少 10 位" in text_of(three["security"].get("/account/password"))
    three["system"].post("/manage/settings", {"key": "site_name", "value": "宁海政务"})
    assert "宁海政务" in text_of(Client().get("/login"))


def test_the_audit_administrator_filters_exports_and_the_export_is_on_record(three):
    note.note_change(By(1, "=HYPERLINK(1)"), "修改设置", "＋甲", key="x", at=NOW, after={"a": "-1"})
    page = text_of(three["audit"].get("/manage/records?kind=change&since=2026-03-01&until=2026-03-23"))
    assert "＋甲" in page
    answer = three["audit"].post("/manage/records/export", {"kind": "change", "form": "csv"})
    assert "'=HYPERLINK(1)" in answer.content.decode("utf-8-sig") and "'＋甲" in answer.content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(three["audit"].post("/manage/records/export", {"form": "xlsx"}).content)).active
    assert "=HYPERLINK(1)" in {cell.value for row in sheet for cell in row if cell.data_type == "s"}
    exported = trail.lines_of(trail.records(kind="export"))
    assert len(exported) == 2 and {n: a for n, _, a in exported[1].changes}["行数"] == "1"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＠x"])
def test_no_cell_of_a_csv_is_a_formula(text):
    assert exports.harmless(text).startswith("'") or not exports.harmless(text).startswith(text[0])


def test_personal_data_are_seen_in_full_only_by_who_handles_the_case_and_says_why(where, three):
    walk = build.application(where).received(moment("2026-03-19"))
    number, clerk = walk.file.called, signed_in(where.clerk)
    account = where.clerk.account
    assert not masking.is_open(account, walk.file, NOW)
    short = clerk.post(f"/account/unmask/{number}", {"reason": "看"})
    assert short.status_code == 422
    assert clerk.post(f"/account/unmask/{number}", {"reason": "电话通知补正"}).status_code == 302
    assert masking.is_open(account, walk.file, NOW)
    assert masking.personal(walk.file, in_full=True)["identity"] == build.FORM["identity"]
    assert not masking.is_open(account, walk.file, moment("2026-03-23", "10:40"))  # a quarter of an hour
    supervisor = signed_in(where.supervisor).post(f"/account/unmask/{number}", {"reason": "想看一看"})
    assert supervisor.status_code == 409
    (line,) = trail.lines_of(trail.records(kind="unmask"))
    assert (line.name, line.about, line.reason) == ("陆远舟", f"办件 {number}", "电话通知补正")
    Holding.objects.filter(account_id=account).update(during=(date(2020, 1, 1), date(2026, 3, 23)))
    assert not masking.is_open(account, walk.file, NOW)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("安澜市临江路 88 号", "安澜市临江路***"),
        ("安澜市临江区创意园 2 号楼", "安澜市临江区创意园***"),
        ("", ""),
        ("柳浦村", "柳浦村***"),
    ],
)
def test_an_address_is_shown_without_its_house(address, shown):
    assert masking.masked_address(address) == shown
