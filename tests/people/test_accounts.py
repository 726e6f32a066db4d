"""Accounts: passwords that follow the policy, sessions that end, nobody who unlocks himself."""

from datetime import timedelta
from itertools import pairwise

import pytest

import build
from build import moment
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import accounts, actions, passwords, reads
from xiaoneng.people.models import Account
from xiaoneng.people.passwords import PasswordPolicy
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.trail import reads as trail
from xiaoneng.trail.actions import By

AT = moment("2026-03-23")
POLICY = PasswordPolicy(length=10, classes=3, history=3)
ADMIN = By(0, "系统管理员")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Ab1", "太短"),
        ("abcdefghijkl", "种类太少"),
        ("Luyuan-2026-x", "登录名"),
        ("Password123", "很常见"),
        ("A1-" + "x" * 130, "太长"),
    ],
)
def test_each_fault_of_a_password_is_named(password, said):
    assert any(said in fault for fault in passwords.faults(password, POLICY, "luyuan"))


def test_an_initial_password_is_good_under_the_strictest_policy():
    strict = PasswordPolicy(length=64, classes=4)
    for policy in (POLICY, strict):
        assert passwords.faults(passwords.initial(policy), policy, "luyuan") == []


@pytest.mark.django_db
def test_a_new_account_must_change_its_password_and_its_making_is_on_record():
    pk, password = accounts.create_staff(username=" LuYuan ", name="陆远", policy=POLICY, by=ADMIN, at=AT)
    row = Account.objects.get(pk=pk)
    assert row.username == "luyuan" and row.must_change_password and row.check_password(password)
    line = trail.lines_of(trail.records(key=accounts.key_of(pk)))[0]
    assert (line.what, line.name) == ("新建账号", "系统管理员") and password not in str(line)


@pytest.mark.django_db
def test_a_login_name_that_is_taken_or_none_is_refused_together_with_a_missing_name():
    accounts.create_staff(username="luyuan", name="陆远", policy=POLICY, by=ADMIN, at=AT)
    with pytest.raises(Amiss, match="已经有人用了"):
        accounts.create_staff(username="luyuan", name="别人", policy=POLICY, by=ADMIN, at=AT)
    with pytest.raises(Amiss) as refusal:
        accounts.create_staff(username="陆远", name=" ", policy=POLICY, by=ADMIN, at=AT)
    assert [field for field, _ in refusal.value.faults] == ["username", "name"]


@pytest.mark.django_db
def test_a_former_password_does_not_come_back_before_its_turn():
    pk = build.account("陆远").account
    by, used = By(pk, "陆远"), [build.PASSWORD, "First-2026-a", "Second-2026-b", "Third-2026-c"]
    for old, new in pairwise(used):
        accounts.change_own_password(pk, old=old, new=new, policy=POLICY, by=by, at=AT)
    for again in used[1:]:
        with pytest.raises(Amiss, match="最近用过"):
            accounts.change_own_password(pk, old=used[-1], new=again, policy=POLICY, by=by, at=AT)
    accounts.change_own_password(pk, old=used[-1], new=used[0] + "X", policy=POLICY, by=by, at=AT)


@pytest.mark.django_db
def test_disabling_and_a_given_password_end_every_session():
    pk = build.account("陆远").account
    before = Account.objects.get(pk=pk).get_session_auth_hash()
    password = accounts.give_password(pk, policy=POLICY, by=ADMIN, at=AT)
    row = Account.objects.get(pk=pk)
    assert row.get_session_auth_hash() != before and row.must_change_password and row.check_password(password)
    accounts.disable(pk, by=ADMIN, at=AT, reason="已调离")
    row = Account.objects.get(pk=pk)
    assert not row.is_active and row.session_epoch == 2


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["disable", "unlock", "give_password"])
def test_nobody_does_to_himself_what_another_has_to_do(act):
    pk = build.account("江管理").account
    more = {"disable": {"reason": "调离"}, "unlock": {}, "give_password": {"policy": POLICY}}[act]
    with pytest.raises(NotAllowed, match="不能给自己"):
        getattr(accounts, act)(pk, by=By(pk, "江管理"), at=AT, **more)


@pytest.mark.django_db
def test_a_locked_name_is_seen_and_can_be_unlocked_before_its_time():
    pk = build.account("陆远").account
    name = Account.objects.get(pk=pk).username
    rule = {"most": 3, "window": timedelta(minutes=10)}
    for _ in range(3):
        actions.note_failed_try("login", name, "10.1.2.3", at=AT)
        actions.note_failed_try("login", "没有这个人", "10.9.9.9", at=AT)
    assert reads.too_many_tries("login", name, "10.1.2.3", at=AT, **rule)
    seen = {(each.account, each.username, each.tries, each.whence) for each in reads.closed_names(at=AT, **rule)}
    assert seen == {(pk, name, 3, "10.1.2.3"), (None, "", 3, "10.9.9.9")}
    accounts.unlock(pk, by=ADMIN, at=AT)
    assert not reads.too_many_tries("login", name, "10.1.2.3", at=AT, **rule)
    assert trail.lines_of(trail.records(key=accounts.key_of(pk)))[0].what == "解除锁定"
