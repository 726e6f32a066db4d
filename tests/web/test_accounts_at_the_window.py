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
