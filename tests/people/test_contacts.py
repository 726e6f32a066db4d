"""Phone and login name of an applicant, changed at the window; her account, closed and opened again by security."""

from __future__ import annotations

from uuid import uuid4

import pytest

import build
from build import moment
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import applicant_reads, applicants, contacts
from xiaoneng.people.applicants import Newcomer
from xiaoneng.people.contacts import Contact
from xiaoneng.people.models import Account, Person
from xiaoneng.people.passwords import PasswordPolicy
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.trail.actions import By
from xiaoneng.trail.models import Record

pytestmark = pytest.mark.django_db
AT = moment("2026-03-23")
OLD, NEW = "13812342607", "13912340088"
HER = Newcomer("沈若溪", "11010519491231002X", OLD, card="id_card")
HIM = Newcomer("林致远", "33010619880307123X", "13712340011", card="id_card")


@pytest.fixture
def by() -> By:
    return By(build.account("陆远舟").account, "陆远舟")


@pytest.fixture
def her(by) -> Account:
    return Account.objects.get(
        pk=applicants.open_for_applicant(HER, policy=PasswordPolicy(), by=by, at=AT, key=uuid4())
    )


def change(account: Account, by: By, **said: str) -> Account:
    contacts.change_contact(account.pk, Contact(**({"card": "id_card"} | said)), by=by, at=AT)
    return Account.objects.get(pk=account.pk)


def faults(account: Account, by: By, **said: str) -> list[str]:
    with pytest.raises(Amiss) as refusal:
        change(account, by, **said)
    return [name for name, _ in refusal.value.faults]


def test_who_signs_in_with_the_phone_number_signs_in_with_the_new_one_and_her_sessions_end(her, by):
    now = change(her, by, phone="139 1234 0088")
    assert (now.username, Person.objects.get().phone) == (NEW, NEW)
    assert now.password == her.password and now.get_session_auth_hash() != her.get_session_auth_hash()
    note = Record.objects.latest("id")
    assert (note.before, note.after) == (
        {"手机": "138****2607", "登录名": "138****2607"},
        {"手机": "139****0088", "登录名": "139****0088"},
    )
    assert "居民身份证" in note.reason and NEW not in f"{note.about}{note.before}{note.after}"


def test_a_name_of_her_own_stays_when_the_phone_changes_and_her_sessions_go_on(her, by):
    named = change(her, by, username="Ruoxi-Shen")
    now = change(her, by, phone=NEW)
    assert (now.username, Person.objects.get().phone) == ("ruoxi-shen", NEW)
    assert now.get_session_auth_hash() == named.get_session_auth_hash() != her.get_session_auth_hash()
    assert change(her, by, username=NEW).username == NEW  # and back to the phone that she has


def test_each_fault_is_told_and_nothing_changes(her, by):
    applicants.open_for_applicant(HIM, policy=PasswordPolicy(), by=by, at=AT, key=uuid4())
    before = Record.objects.count()
    assert faults(her, by, card="", phone=NEW) == ["card"]
    assert faults(her, by, card="passport", phone="1391234") == ["card", "phone"]
    assert faults(her, by) == faults(her, by, phone=OLD) == ["phone"]  # nothing new
    assert faults(her, by, phone=HIM.phone) == ["username"]  # somebody signs in with it
    assert faults(her, by, username=NEW) == ["username"]  # not her phone
    assert faults(her, by, username="若溪") == ["username"]
    assert Account.objects.get(pk=her.pk).username == OLD and Record.objects.count() == before
    assert change(her, by, phone=HIM.phone, username="ruoxi").username == "ruoxi"  # a phone that a family shares


def test_the_window_changes_nothing_of_staff_and_of_a_closed_account(her, by):
    with pytest.raises(NotFound):
        contacts.change_contact(build.account("周启明").account, Contact(NEW, "", "id_card"), by=by, at=AT)
    applicants.disable_applicant(her.pk, by=by, at=AT, reason="冒用身份")
    with pytest.raises(NotAllowed, match="安全管理员"):
        change(her, by, phone=NEW)


def test_security_closes_an_applicants_account_with_a_reason_and_opens_it_again(her, by):
    for act in (applicants.disable_applicant, applicants.enable_applicant):
        with pytest.raises(Amiss, match="原因"):
            act(her.pk, by=by, at=AT, reason=" ")
        with pytest.raises(NotFound):
            act(build.account("周启明").account, by=by, at=AT, reason="试一下")
    applicants.disable_applicant(her.pk, by=by, at=AT, reason="本人来信：被人盗用")
    closed = Account.objects.get(pk=her.pk)
    assert not closed.is_active and closed.get_session_auth_hash() != her.get_session_auth_hash()
    assert applicant_reads.disabled_applicants() == ((her.pk, "沈若溪", "138****2607"),)
    applicants.enable_applicant(her.pk, by=by, at=AT, reason="已核实")
    assert Account.objects.get(pk=her.pk).is_active and applicant_reads.disabled_applicants() == ()
    notes = [(each.what, each.reason) for each in Record.objects.order_by("-id")[:2]]
    assert notes == [("启用账号", "已核实"), ("停用账号", "本人来信：被人盗用")]


def test_an_applicant_is_found_by_her_number_or_login_name_and_staff_are_not(her):
    build.account("周启明")
    staff = Account.objects.filter(kind=Account.Kind.STAFF).first()
    said = (" 110105-19491231002x", OLD, "33010619880307123X", staff.username if staff else "nobody")
    assert [applicant_reads.account_called(each) for each in said] == [her.pk, her.pk, None, None]
