"""Accounts of temporary staff end with their day, and where it is set, those that nobody uses; both are on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

import build
from build import moment
from xiaoneng.api.actions import tokens
from xiaoneng.jobs import tasks, time_machine
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org.models import Setting
from xiaoneng.people import accounts, lifetimes
from xiaoneng.people.models import Account
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.trail import reads as trail
from xiaoneng.trail.actions import By
from xiaoneng.web import in_force

NOW = moment("2026-03-23", "10:24")
LAST = date(2026, 3, 27)
SECURITY = By(0, "安全管理员")
PASSWORD = "Liu-ying-7788"


@pytest.fixture
def city(db):
    with time_machine.at(NOW):
        in_force.forget()
        yield build.city()
    in_force.forget()


@pytest.fixture
def clerk(city):
    row = Account.objects.get(pk=city.clerk.account)
    row.set_password(PASSWORD)
    row.opened_at = NOW
    row.save()
    return row


def sign_in(row: Account) -> tuple[Client, str]:
    client = Client()
    return client, client.post("/login", {"username": row.username, "password": PASSWORD}).content.decode()


def end_with(row: Account, last: date | None, reason: str = "借调协议") -> None:
    lifetimes.set_last_day(row.pk, last, by=SECURITY, at=NOW, reason=reason)


def program_of(row: Account) -> Callable[[], int]:
    token = tokens.make(row.pk, name="同步", scopes=["cases:read"], days=200, at=NOW)
    return lambda: Client().get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"}).status_code


def told_of(row: Account) -> list[str]:
    return [line.what for line in trail.lines_of(trail.records(key=accounts.key_of(row.pk)))]


def test_an_account_ends_with_its_last_day_whether_a_worker_runs_or_not(clerk):
    end_with(clerk, LAST)
    client, _ = sign_in(clerk)
    with time_machine.at(moment("2026-03-27", "23:59")):
        assert client.get("/desk/").status_code == 200
    with time_machine.at(moment("2026-03-28", "00:00")):
        assert client.get("/desk/").url.startswith("/login")
        assert "有效期到 2026-03-27 为止" in sign_in(clerk)[1]
        wrong = Client().post("/login", {"username": clerk.username, "password": "falsch"}).content.decode()
        assert "有效期" not in wrong and "登录名或密码不对" in wrong


def test_the_worker_disables_what_expired_once_and_says_so(clerk):
    end_with(clerk, LAST)
    with time_machine.at(moment("2026-03-28", "00:10")):
        tasks.end_accounts(timestamp=0)
        tasks.end_accounts(timestamp=0)
    assert told_of(clerk) == ["停用账号", "设账号有效期"]
    assert not Account.objects.get(pk=clerk.pk).is_active
    with pytest.raises(NotAllowed, match="先设新的有效期"):
        accounts.enable(clerk.pk, by=SECURITY, at=moment("2026-03-28"), reason="续聘")


def test_a_token_ends_with_the_account(clerk):
    cases = program_of(clerk)
    end_with(clerk, LAST)
    assert cases() == 200
    with time_machine.at(moment("2026-03-28", "00:01")):
        assert cases() == 401


def test_seven_days_before_each_page_says_so(clerk):
    end_with(clerk, date(2026, 3, 31))
    client, _ = sign_in(clerk)
    assert "账号将到期" not in client.get("/desk/").content.decode()
    with time_machine.at(moment("2026-03-24", "09:00")):
        assert "账号有效期到 3月31日为止，还有 7 天" in client.get("/desk/").content.decode()


def test_a_last_day_needs_a_ground_and_a_day_to_come_and_another_person(clerk):
    with pytest.raises(Amiss) as refusal:
        end_with(clerk, date(2026, 3, 22), reason=" ")
    assert [field for field, _ in refusal.value.faults] == ["reason", "last"]
    with pytest.raises(NotAllowed, match="另一位"):
        lifetimes.set_last_day(clerk.pk, LAST, by=By(clerk.pk, "本人"), at=NOW, reason="延期")


def test_what_nobody_used_is_shut_only_where_that_is_set(clerk, city):
    later = moment("2026-06-21", "10:25")
    with time_machine.at(later):
        tasks.end_accounts(timestamp=0)
        assert Account.objects.get(pk=clerk.pk).is_active
    Setting.objects.create(key="unused_days", value=90, changed_at=NOW, changed_by="")
    keeper = build.holder(city.department, "守", "security_administrator", True)
    Account.objects.update(opened_at=NOW, last_login=None)
    in_force.forget()
    with time_machine.at(later - timedelta(days=1)):
        tasks.end_accounts(timestamp=0)
        assert Account.objects.get(pk=clerk.pk).is_active
    with time_machine.at(later):
        _, page = sign_in(clerk)  # before any worker came to it
        assert "已经停用" in page and told_of(clerk) == ["停用账号"]
        tasks.end_accounts(timestamp=0)
    still = set(Account.objects.filter(kind="staff", is_active=True).values_list("pk", flat=True))
    assert still == {keeper.account}


def test_a_program_that_works_keeps_its_account_in_use_and_so_does_opening_it_again(clerk):
    later, cases = moment("2026-06-22", "10:25"), program_of(clerk)
    with time_machine.at(moment("2026-06-01")):
        assert cases() == 200
    assert lifetimes.end_what_nobody_used(90, at=later, only=clerk.pk) == 0
    assert lifetimes.end_what_nobody_used(90, at=moment("2026-09-01"), only=clerk.pk) == 1
    accounts.enable(clerk.pk, by=SECURITY, at=moment("2026-09-01"), reason="回岗")
    assert lifetimes.end_what_nobody_used(90, at=moment("2026-09-02"), only=clerk.pk) == 0


def test_security_sets_the_day_on_the_page_and_the_system_cannot(clerk, city):
    security = build.holder(city.department, "安", "security_administrator", True)
    system = build.holder(city.department, "系", "system_administrator", True)
    address = f"/manage/people/{clerk.pk}/last_day"
    typed = {"last_day-last": "2026-12-31", "last_day-reason": "借调协议"}
    for who, status in ((system, 404), (security, 302)):
        client = Client()
        client.force_login(Account.objects.get(pk=who.account))
        assert client.post(address, typed).status_code == status
    assert Account.objects.get(pk=clerk.pk).expires_on == date(2026, 12, 31)
    assert "到 2026-12-31 为止" in client.get(f"/manage/people/{clerk.pk}").content.decode()
    with time_machine.at(moment("2026-12-07")):
        client.force_login(Account.objects.get(pk=security.account))
        home = client.get("/manage/").content.decode()
        assert "1 个账号将在 30 天内到期" in home
        assert clerk.name in client.get("/manage/people?state=ending").content.decode()
