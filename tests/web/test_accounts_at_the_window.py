"""The window opens an account, prints the password, and the person signs in with it; programs can do the same."""

import re
from uuid import uuid4

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.api.actions import tokens
from xiaoneng.jobs import time_machine
from xiaoneng.people.models import Account

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")
HER = {
    "do": "open", "card": "id_card", "name": "沈若溪", "identity": "11010519491231002X", "phone": "138 1234 2607",
    "address": "", "username": "",
}  # fmt: skip


@pytest.fixture
def where(db):
    with time_machine.at(NOW):
        yield build.city()


def hand(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def codes(page) -> list[str]:
    return re.findall(r'<dd class="code">([^<]+)</dd>', text_of(page))


def test_an_account_is_opened_signed_into_with_a_change_of_password_and_acts_for_a_firm(where):
    clerk, form = hand(where.clerk), HER | {"form_key": str(uuid4())}
    slip = clerk.post("/desk/accounts", form, follow=True)
    login, password = codes(slip)
    assert login == "13812342607" and codes(clerk.post("/desk/accounts", form, follow=True)) == [login, password]
    account = Account.objects.get(username=login).pk
    firm = {
        "act-paper": "legal", "act-uscc": "91330106MA2CFHX08T", "act-company": "安澜茶舍", "act-representative": "沈若溪",
        "act-last": "2026-12-31", "form_key": str(uuid4()),
    }  # fmt: skip
    assert "到 2026-12-31 为止" in text_of(clerk.post(f"/desk/accounts/{account}/authorise", firm, follow=True))
    her = Client()
    assert her.post("/login", {"username": login, "password": password}).status_code == 302
    assert her.get("/mine").headers["Location"].startswith("/account/password")
    new = {"old": password, "new": "Own-2026-words", "again": "Own-2026-words"}
    assert her.post("/account/password", new).status_code == 302
    mine = text_of(her.get("/mine"))
    assert "安澜茶舍" in mine and "到 2026-12-31 为止" in mine
    lost = {"password-card": "id_card", "form_key": str(uuid4())}
    again = clerk.post(f"/desk/accounts/{account}/password", lost, follow=True)
    assert codes(again)[1] != password and her.get("/mine").headers["Location"].startswith("/login")


def test_who_has_an_account_is_found_instead_of_given_a_second_and_nobody_elses_page_opens(where):
    clerk = hand(where.clerk)
    clerk.post("/desk/accounts", HER | {"form_key": str(uuid4())})
    other = hand(build.holder(where.department, "叶知秋", "window"))
    account = Account.objects.get(username="13812342607").pk
    assert other.get(f"/desk/accounts/{account}").status_code == 409  # whose card she has not seen
    page = other.post("/desk/accounts", HER | {"form_key": str(uuid4())}, follow=True)
    assert "没有再开一个" in text_of(page) and "138****2607" in text_of(page) and HER["identity"] not in text_of(page)
    unknown = {"do": "find", "find-identity": "33010619880307123X", "form_key": str(uuid4())}
    assert "没有这个证件号的账号" in text_of(other.post("/desk/accounts", unknown))


def test_all_that_is_wrong_is_told_on_one_page_and_a_reviewer_opens_nothing(where):
    wrong = {"do": "open", "card": "passport", "name": "", "identity": "1", "phone": "1", "address": "路" * 300}
    page = hand(where.clerk).post("/desk/accounts", wrong | {"form_key": str(uuid4())})
    assert page.status_code == 422
    assert all(f'id="id_{name}_error"' in text_of(page) for name in ("card", "name", "identity", "phone", "address"))
    optional = hand(where.clerk).post("/desk/accounts", HER | {"address": "路" * 300, "form_key": str(uuid4())})
    assert optional.status_code == 422 and not Account.objects.filter(username="13812342607").exists()
    refused = hand(where.reviewer).post("/desk/accounts", HER | {"form_key": str(uuid4())})
    assert refused.status_code == 409 and "窗口" in text_of(refused)


def test_a_new_phone_is_written_down_and_is_the_login_name_from_then_on(where):
    clerk = hand(where.clerk)
    clerk.post("/desk/accounts", HER | {"form_key": str(uuid4())})
    account = Account.objects.get(username="13812342607")
    her = hand(type("Her", (), {"account": account.pk}))
    there = f"/desk/accounts/{account.pk}/contact"
    wrong = clerk.post(there, {"reached-card": "id_card", "reached-phone": "1391234", "form_key": str(uuid4())})
    assert wrong.status_code == 422 and "1391234" in text_of(wrong)  # what was typed stays
    assert "还没有更改，请先处理这些" in text_of(wrong)
    new = {"reached-card": "id_card", "reached-phone": "13912340088", "form_key": str(uuid4())}
    assert "登录名 139****0088" in text_of(clerk.post(there, new, follow=True))
    assert her.get("/mine").status_code == 302  # her sessions under the old name are over
    assert hand(where.reviewer).post(there, new).status_code == 409
    other = hand(build.holder(where.department, "叶知秋", "window"))
    assert other.post(there, new).status_code == 409  # whose card she has not seen


def test_security_finds_an_applicant_closes_the_account_and_opens_it_again(where):
    hand(where.clerk).post("/desk/accounts", HER | {"form_key": str(uuid4())})
    account = Account.objects.get(username="13812342607")
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    her, security = (
        hand(type("Her", (), {"account": account.pk})),
        hand(build.holder(where.department, "严守正", "security_administrator", True)),
    )
    token = tokens.make(account.pk, name="程序", scopes=["applications:read"], days=9, at=NOW)

    def applications() -> int:
        return Client().get("/api/v1/applications", headers={"Authorization": f"Bearer {token}"}).status_code

    page = f"/manage/applicants/{account.pk}"
    assert security.get(page).status_code == 409  # nobody leafs through applicants
    assert "没有这个证件号" in text_of(security.post("/manage/applicants", {"said": "33010619880307123X"}))
    assert security.post("/manage/applicants", {"said": HER["identity"]}).headers["Location"] == page
    assert "110***********002X" in text_of(security.get(page)) and HER["identity"] not in text_of(security.get(page))
    assert her.get("/mine").status_code == 200 and applications() == 200
    assert security.post(f"{page}/disable", {"disable-reason": ""}).status_code == 422
    assert "已停用" in text_of(security.post(f"{page}/disable", {"disable-reason": "本人来信：被盗用"}, follow=True))
    assert her.get("/mine").status_code == 302 and applications() == 401
    assert "沈若溪" in text_of(security.get("/manage/applicants"))
    slip = Client().post("/login", {"username": "13812342607", "password": "wrong"})
    assert "登录名或密码不对" in text_of(slip) and "停用" not in text_of(slip)
    account.set_password("Own-2026-words")
    account.save(update_fields=["password"])
    told = Client().post("/login", {"username": "13812342607", "password": "Own-2026-words"})
    assert "这个账号已经停用" in text_of(told)
    assert security.post(f"{page}/disable", {"disable-reason": "再来一次"}).status_code == 409
    assert "本人来信：被盗用" in text_of(security.post(f"{page}/enable", {"enable-reason": "已核实"}, follow=True))
    assert her.get("/mine").status_code == 302 and applications() == 200  # she signs in anew


def test_whom_wrong_passwords_keep_out_is_unlocked_from_the_list_of_the_locked(where):
    hand(where.clerk).post("/desk/accounts", HER | {"form_key": str(uuid4())})
    account = Account.objects.get(username="13812342607").pk
    for _ in range(10):
        Client().post("/login", {"username": "13812342607", "password": "wrong"})
    security = hand(build.holder(where.department, "严守正", "security_administrator", True))
    assert f"/manage/applicants/{account}" in text_of(security.get("/manage/locked"))
    done = security.post(f"/manage/applicants/{account}/unlock", {"unlock-reason": "电话核实"}, follow=True)
    assert "已解锁" in text_of(done) and "没有锁定" in text_of(security.get("/manage/locked"))


def test_only_security_reaches_the_accounts_of_applicants(where):
    system = hand(build.holder(where.department, "简明之", "system_administrator", True))
    for client in (system, hand(where.clerk), hand(where.citizen)):
        assert client.get("/manage/applicants").status_code == 404
        assert (
            client.post(f"/manage/applicants/{where.citizen.account}/disable", {"disable-reason": "试"}).status_code
            == 404
        )


def test_programs_change_a_phone_and_close_an_account(where):
    def call(actor, scope, path, body):
        token = tokens.make(actor.account, name="程序", scopes=[scope], days=9, at=NOW)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        return Client().post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    her = {name: HER[name] for name in ("card", "name", "identity", "phone")}
    account = call(where.clerk, "accounts", "/applicants", her).json()["account"]
    new = {"identity": HER["identity"], "card": "id_card", "phone": "13912340088"}
    assert call(where.clerk, "accounts", "/applicants/contact", new).status_code == 200
    assert call(where.clerk, "accounts", "/applicants/contact", new).status_code == 422  # nothing new
    security = build.holder(where.department, "严守正", "security_administrator", True)
    found = call(security, "admin:security", "/admin/applicants/find", {"said": "13912340088"})
    assert (found.json()["account"], found.json()["identity"]) == (account, "110***********002X")
    for act, active in (("disable", False), ("enable", True)):
        assert (
            call(security, "admin:security", f"/admin/applicants/{account}/{act}", {"reason": "核实"}).status_code
            == 200
        )
        assert Account.objects.get(pk=account).is_active is active
    staff = call(security, "admin:security", f"/admin/applicants/{where.clerk.account}/disable", {"reason": "试"})
    assert staff.status_code == 404 and Account.objects.get(pk=where.clerk.account).is_active
    assert call(where.clerk, "accounts", f"/admin/applicants/{account}/disable", {"reason": "试"}).status_code == 403


def test_a_program_of_the_window_opens_an_account_and_never_learns_the_password(where):
    def call(actor, path, body):
        token = tokens.make(actor.account, name="程序", scopes=["accounts"], days=9, at=NOW)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        return Client().post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    her = {name: HER[name] for name in ("card", "name", "identity", "phone")}
    made = call(where.clerk, "/applicants", her)
    assert made.status_code == 201 and set(made.json()) == {"account", "slip"}
    assert len(codes(hand(where.clerk).get(made.json()["slip"]))) == 2
    assert call(where.clerk, "/applicants/find", {"identity": her["identity"]}).json()["username"] == "138****2607"
    assert call(where.clerk, "/applicants", her).status_code == 409
    assert call(where.reviewer, "/applicants", her).status_code == 403
