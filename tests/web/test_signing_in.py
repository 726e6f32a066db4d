"""The door: lock-out, the second factor, what is owed before anything else, and sessions that end by themselves."""

import base64
import re
import time

import pytest
from django.test import Client
from django_otp.oath import TOTP

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.org.models import Setting
from xiaoneng.people.models import Account
from xiaoneng.trail import reads as trail
from xiaoneng.web import in_force, sessions

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-23", "10:24")
NEW = "Anlan-Chuntian-7"


@pytest.fixture(autouse=True)
def now(db):
    with time_machine.at(NOW):
        yield NOW


@pytest.fixture
def clerk():
    return Account.objects.get(pk=build.city().clerk.account)


def choose(**values):
    for key, value in values.items():
        Setting.objects.update_or_create(key=key, defaults={"value": value, "changed_at": NOW, "changed_by": "测试"})
    in_force.forget()


def sign_in(account, password=build.PASSWORD, **more) -> tuple[Client, object]:
    client = Client()
    return client, client.post("/login", {"username": account.username, "password": password, **more})


def secret_of(page) -> str:
    return re.search(r'<p class="strong">([A-Z2-7 ]+)</p>', page.content.decode()).group(1)


def code_of(secret: str, steps: int = 0) -> str:
    clock = TOTP(base64.b32decode(secret.replace(" ", "")))
    clock.time = NOW.timestamp() + 30 * steps
    return f"{clock.token():06d}"


def enrol(client) -> tuple[str, list[str]]:
    secret = secret_of(client.post("/account/second-factor", {}))
    done = client.post("/account/second-factor", {"code": code_of(secret)})
    return secret, re.findall(r'<li class="code">([A-Z2-9-]+)</li>', done.content.decode())


def test_a_given_password_is_changed_before_any_other_page_opens(clerk):
    Account.objects.filter(pk=clerk.pk).update(must_change_password=True)
    client, _ = sign_in(clerk)
    assert client.get("/desk/").url == "/account/password?next=/desk/"
    weak = client.post("/account/password", {"old": build.PASSWORD, "new": "short", "again": "short"})
    assert weak.status_code == 422 and "密码太短" in weak.content.decode()
    unlike = client.post("/account/password", {"old": build.PASSWORD, "new": NEW, "again": NEW + "x"})
    assert "两次输入的新密码不一样" in unlike.content.decode()
    other, _ = sign_in(clerk)
    done = client.post("/account/password", {"old": build.PASSWORD, "new": NEW, "again": NEW, "next": "/desk/"})
    assert done.url == "/desk/" and client.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302  # the session elsewhere has ended
    assert sign_in(clerk, NEW)[1].status_code == 302


def test_a_password_that_is_too_old_is_changed_first(clerk):
    Account.objects.filter(pk=clerk.pk).update(password_set_at=moment("2026-01-01"))
    client, _ = sign_in(clerk)
    assert client.get("/desk/").status_code == 200
    choose(password_days=60)
    assert client.get("/desk/").url.startswith("/account/password")


def test_where_a_second_factor_is_required_staff_enrol_first_and_applicants_are_left_alone(clerk):
    choose(second_factor=True)
    client, _ = sign_in(clerk)
    assert client.get("/desk/").url.startswith("/account/second-factor")
    page = client.get("/account/second-factor")
    assert "<svg" in page.content.decode() and "要求工作人员双因素登录" in page.content.decode()
    _, codes = enrol(client)
    assert len(codes) == 10 and client.get("/desk/").status_code == 200
    citizen = Account.objects.get(pk=build.city().citizen.account)
    assert sign_in(citizen)[0].get("/mine").status_code == 200


def test_signing_in_asks_for_the_code_and_takes_each_once(clerk):
    client, _ = sign_in(clerk)
    secret, codes = enrol(client)
    again, answer = sign_in(clerk, next="/desk/all")
    assert answer.url == "/account/second" and again.get("/desk/").status_code == 302
    wrong = again.post("/account/second", {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert "验证码不对" in again.post("/account/second", {"code": code_of(secret)}).content.decode()  # used to enrol
    right = again.post("/account/second", {"code": code_of(secret, 1)})
    assert right.url == "/desk/all" and again.get("/desk/").status_code == 200
    paper, _ = sign_in(clerk)
    assert (
        paper.post("/account/second", {"code": codes[3]}).status_code == 302 and paper.get("/desk/").status_code == 200
    )
    assert Client().get("/account/second").url == "/login"


def test_guessing_codes_closes_the_second_door_too(clerk):
    secret, _ = enrol(sign_in(clerk)[0])
    client, _ = sign_in(clerk)
    for _ in range(10):
        client.post("/account/second", {"code": "000000"})
    closed = client.post("/account/second", {"code": code_of(secret, 1)})
    assert closed.status_code == 429 and "试错的次数太多" in closed.content.decode()


def test_a_lock_follows_the_settings_is_on_record_and_answers_429(clerk):
    choose(lock_tries=3, lock_minutes=30)
    for _ in range(3):
        sign_in(clerk, "wrong")
    assert sign_in(clerk)[1].status_code == 429
    assert [line.what for line in trail.lines_of(trail.records(key=f"account:{clerk.pk}"))] == ["连续输错，锁定"]
    with time_machine.at(moment("2026-03-23", "10:50")):
        assert sign_in(clerk)[1].status_code == 429
    with time_machine.at(moment("2026-03-23", "10:55")):
        assert sign_in(clerk)[1].status_code == 302
        line = trail.lines_of(trail.records(key=f"account:{clerk.pk}"))[0]
        assert (line.what, line.whence) == ("登录成功", "127.0.0.1")


def test_who_does_nothing_for_too_long_is_signed_out_and_told(clerk, monkeypatch):
    choose(idle_minutes=30)
    client, _ = sign_in(clerk)
    began = time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: began + 29 * 60)
    assert client.get("/desk/").status_code == 200
    monkeypatch.setattr(sessions.time, "time", lambda: began + 58 * 60)  # it was renewed by the page before
    assert client.get("/desk/", headers={"HX-Request": "true"}).status_code == 200  # a page that asks by itself
    monkeypatch.setattr(sessions.time, "time", lambda: began + 61 * 60)
    out = client.get("/desk/")
    assert out.url == "/login?next=/desk/&why=idle"
    assert "已经自动退出" in client.get(out.url).content.decode()


def test_after_a_post_the_way_back_is_the_page_it_was_posted_from(clerk):
    answer = Client().post("/desk/cases/1/accept", headers={"referer": "http://testserver/desk/cases/1"})
    assert answer.url == "/login?next=/desk/cases/1"
    foreign = Client().post("/desk/cases/1/accept", headers={"referer": "http://evil.example/x"})
    assert "evil" not in foreign.url


def test_the_second_factor_can_be_renewed_and_switched_off_by_its_owner_unless_required(clerk):
    client, _ = sign_in(clerk)
    secret, codes = enrol(client)
    fresh = client.post("/account/second-factor", {"do": "codes", "code": code_of(secret, 1)})
    assert set(re.findall(r'<li class="code">([A-Z2-9-]+)</li>', fresh.content.decode())).isdisjoint(codes)
    off = client.post("/account/second-factor", {"do": "off", "code": codes[0]})
    assert off.status_code == 422  # the old paper is void
    with time_machine.at(moment("2026-03-23", "10:30")):
        clock = TOTP(base64.b32decode(secret.replace(" ", "")))
        clock.time = moment("2026-03-23", "10:30").timestamp()
        client.post("/account/second-factor", {"do": "off", "code": f"{clock.token():06d}"})
    assert Account.objects.get(pk=clerk.pk).second_factor_at is None and client.get("/desk/").status_code == 200
