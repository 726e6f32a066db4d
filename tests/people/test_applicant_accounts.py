"""Accounts of applicants: one for each person, opened by a clerk who has seen the card; and for whom somebody acts."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connections

import build
from build import moment
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import applicant_reads, applicants, mandates
from xiaoneng.people.applicants import HasAccount, Newcomer
from xiaoneng.people.mandates import Authority
from xiaoneng.people.models import Account, Enterprise, Mandate, Person
from xiaoneng.people.passwords import PasswordPolicy
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.trail.actions import By
from xiaoneng.trail.models import Record

AT = moment("2026-03-23")
POLICY = PasswordPolicy()
HER = Newcomer(
    "沈若溪", "11010519491231002X", "13812342607", "安澜市临江路 88 号", card="id_card"
)  # fmt: skip
FIRM = Authority("91330106MA2CFHX08T", "安澜茶舍", "沈若溪", "legal", date(2026, 12, 31))


def clerk(name: str = "陆远舟") -> By:
    return By(build.account(name).account, name)


def opened(asked: Newcomer = HER, by: By | None = None, key=None) -> int:
    return applicants.open_for_applicant(asked, policy=POLICY, by=by or clerk(), at=AT, key=key or uuid4())


@pytest.mark.django_db
def test_a_person_who_is_known_without_an_account_gets_it_bound_to_what_is_known_of_her():
    known = Person.objects.create(name="沈若溪", id_number=HER.identity, address="旧址")
    pk = opened(replace(HER, identity=" 110105-19491231002x", address=""))
    person, row = Person.objects.get(), Account.objects.get(pk=pk)
    assert (person.pk, person.account_id, person.phone, person.address) == (known.pk, pk, "13812342607", "旧址")
    assert (row.username, row.kind, row.must_change_password) == ("13812342607", "citizen", True)


@pytest.mark.django_db
def test_all_that_is_wrong_is_told_at_once_and_nothing_stays():
    with pytest.raises(Amiss) as refusal:
        opened(Newcomer(" ", "110105194912310021", "2607", "路" * 201, "若溪"))
    assert [name for name, _ in refusal.value.faults] == ["name", "identity", "phone", "address", "card", "username"]
    taken = opened()
    with pytest.raises(Amiss, match="已经是别人的登录名"):
        opened(replace(HER, identity="33010619880307123X", name="林致远"))
    assert list(Person.objects.values_list("account_id", flat=True)) == [taken]


@pytest.mark.django_db
def test_another_name_than_the_one_on_record_is_taken_only_when_the_clerk_says_so():
    Person.objects.create(name="沈若西", id_number=HER.identity)
    with pytest.raises(Amiss, match=r"沈\*西"):
        opened()
    opened(replace(HER, renamed=True))
    assert Person.objects.get().name == "沈若溪"


@pytest.mark.django_db
def test_the_same_form_sent_twice_opens_one_account_and_a_later_form_is_told_of_it():
    by, key = clerk(), uuid4()
    assert opened(by=by, key=key) == opened(by=by, key=key)
    with pytest.raises(HasAccount):
        opened(by=by)
    with pytest.raises(NotAllowed, match="已经用过"):
        opened(replace(HER, identity="33010619880307123X", phone="13912342607"), by=by, key=key)
    assert Account.objects.filter(kind="citizen").count() == 1


@pytest.mark.django_db
def test_a_slip_shows_its_password_once_to_who_gave_it_and_no_longer_than_needed():
    by, key = clerk(), uuid4()
    row = Account.objects.get(pk=opened(by=by, key=key))
    with pytest.raises(NotFound):
        applicants.show_slip(key, by=clerk("别人").account, at=AT)
    assert row.check_password(applicants.show_slip(key, by=by.account, at=AT).password)
    assert applicants.show_slip(key, by=by.account, at=AT + timedelta(seconds=30)).password  # a double click
    assert applicants.show_slip(key, by=by.account, at=AT + timedelta(seconds=90)).password == ""
    applicants.give_new_password(row.pk, card="id_card", policy=POLICY, by=by, at=AT, key=(late := uuid4()))
    assert applicants.show_slip(late, by=by.account, at=AT + timedelta(minutes=11)).password == ""


@pytest.mark.django_db
def test_a_new_password_ends_the_sessions_of_an_applicant_and_is_given_to_no_member_of_staff():
    row = Account.objects.get(pk=opened())
    given = {"card": "id_card", "policy": POLICY, "by": clerk(), "at": AT}
    applicants.give_new_password(row.pk, **given, key=uuid4())
    assert Account.objects.get(pk=row.pk).get_session_auth_hash() != row.get_session_auth_hash()
    with pytest.raises(NotFound):
        applicants.give_new_password(build.account("周启明").account, **given, key=uuid4())
    with pytest.raises(Amiss, match="原件"):
        applicants.give_new_password(row.pk, **(given | {"card": ""}), key=uuid4())
    Account.objects.filter(pk=row.pk).update(is_active=False)
    with pytest.raises(NotAllowed, match="停用"):
        applicants.give_new_password(row.pk, **given, key=uuid4())


@pytest.mark.django_db
def test_the_record_says_who_saw_which_card_and_hides_the_numbers():
    by = clerk()
    pk = opened(by=by)
    applicants.give_new_password(pk, card="temporary", policy=POLICY, by=by, at=AT, key=uuid4())
    mandates.authorise(pk, FIRM, by=by, at=AT)
    told = [f"{row.what} {row.about} {row.before} {row.after} {row.reason}" for row in Record.objects.order_by("id")]
    assert "居民身份证" in told[0] and "临时居民身份证" in told[1] and "安澜茶舍" in told[2]
    assert all(hidden not in "".join(told) for hidden in (HER.identity, HER.phone, "1949", "临江路"))


@pytest.mark.django_db
def test_an_authority_is_given_moved_and_ended_and_each_fault_of_it_is_told():
    pk, by = opened(), clerk()
    wrong = replace(FIRM, uscc="91330106MA2CFHX08L", company="", representative="别人", last=date(2026, 3, 22))
    with pytest.raises(Amiss) as refusal:
        mandates.authorise(pk, wrong, by=by, at=AT)
    assert [name for name, _ in refusal.value.faults] == ["uscc", "company", "paper", "last"]
    first = mandates.authorise(pk, FIRM, by=by, at=AT)
    longer = replace(FIRM, last=date(2027, 6, 30))
    assert mandates.authorise(pk, longer, by=by, at=AT) == first  # moved, not given twice
    line = applicant_reads.mandates_of(pk, date(2027, 6, 30))[0]
    assert (line.company, line.since, line.last) == ("安澜茶舍", date(2026, 3, 23), date(2027, 6, 30))
    assert applicant_reads.mandates_of(pk, date(2027, 7, 1)) == ()
    with pytest.raises(Amiss, match="安澜茶舍"):
        mandates.authorise(pk, replace(FIRM, company="安澜茶社"), by=by, at=AT)
    later = AT + timedelta(days=30)
    mandates.end_mandate(pk, first, by=by, at=later, reason="单位来函撤回")
    assert applicant_reads.mandates_of(pk, date(2026, 4, 22)) == () and Mandate.objects.get().during.upper == date(
        2026, 4, 22
    )
    with pytest.raises(NotAllowed, match="已经结束"):
        mandates.end_mandate(pk, first, by=by, at=later, reason="单位来函撤回")
    again = mandates.authorise(pk, FIRM, by=by, at=later)
    mandates.end_mandate(pk, again, by=by, at=later, reason="登记错了")
    assert Mandate.objects.filter(pk=again).count() == 0 and Record.objects.filter(what="结束代办授权").count() == 2


@pytest.mark.django_db
def test_an_authority_without_an_end_is_shown_and_can_be_given_one():
    pk = opened()
    firm = Enterprise.objects.create(name=FIRM.company, uscc=FIRM.uscc, legal_representative=FIRM.representative)
    Mandate.objects.create(person=Person.objects.get(), enterprise=firm, during=(date(2020, 1, 1), None))
    assert [line.last for line in applicant_reads.mandates_of(pk, date(2026, 3, 23))] == [None]
    mandates.authorise(pk, FIRM, by=clerk(), at=AT)
    line = applicant_reads.mandates_of(pk, date(2026, 3, 23))[0]
    assert (line.since, line.last) == (date(2020, 1, 1), FIRM.last)
    assert Record.objects.latest("id").before == {"授权到": "长期"}


def test_two_windows_at_once_open_one_account_and_the_second_is_told(arena):
    known = replace(HER, name="林致远", identity="33010619880307123X", phone="13912342607")
    Person.objects.create(name=known.name, id_number=known.identity)
    assert [at_once(HER), at_once(known)] == [["has one", "opened"]] * 2
    assert Account.objects.filter(kind="citizen").count() == 2


def at_once(asked: Newcomer) -> list[str]:
    """Let two clerks open an account for the same person at the same moment; return what they were told."""
    clerks, gate, told = [clerk("甲"), clerk("乙")], threading.Barrier(2), list[str]()

    def act(by: By) -> None:
        try:
            gate.wait(20)
            opened(asked, by)
            told.append("opened")
        except HasAccount:
            told.append("has one")
        finally:
            connections.close_all()

    hands = [threading.Thread(target=act, args=(by,)) for by in clerks]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(30)
    return sorted(told)
