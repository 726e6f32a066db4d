"""The second factor: a code counts once, in its half minute, and paper helps when the phone is lost."""

import base64
import re
from datetime import timedelta

import pytest
from django_otp.oath import TOTP

import build
from build import moment
from xiaoneng.kit import sealing
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import second_factor
from xiaoneng.people.models import Account, SecondFactor
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.trail.actions import By

pytestmark = pytest.mark.django_db
AT = moment("2026-03-23")
LATER = AT + timedelta(minutes=2)


def code_at(secret: str, at) -> str:
    clock = TOTP(base64.b32decode(secret.replace(" ", "")))
    clock.time = at.timestamp()
    return f"{clock.token():06d}"


@pytest.fixture
def enrolled():
    pk = build.account("陆远").account
    told = second_factor.begin(pk, issuer="安澜")
    codes = second_factor.confirm(pk, code_at(told.secret, AT), by=By(pk, "陆远"), at=AT)
    return pk, told.secret, codes


def test_the_secret_is_sealed_at_rest_and_the_same_until_it_counts():
    pk = build.account("陆远").account
    first, again = second_factor.begin(pk, issuer="安澜"), second_factor.begin(pk, issuer="安澜")
    assert first == again and re.fullmatch(r"([A-Z2-7]{4} ?){8}", first.secret)
    assert first.secret.replace(" ", "") not in SecondFactor.objects.get(account_id=pk).secret
    assert "otpauth://totp/" in first.address


def test_a_wrong_first_code_switches_nothing_on():
    pk = build.account("陆远").account
    second_factor.begin(pk, issuer="安澜")
    for wrong in ("000000", "12345", "abcdef", "１２３４５６", ""):
        with pytest.raises(Amiss):
            second_factor.confirm(pk, wrong, by=By(pk, "陆远"), at=AT)
    assert Account.objects.get(pk=pk).second_factor_at is None


def test_a_code_is_good_once(enrolled):
    pk, secret, _ = enrolled
    code = code_at(secret, LATER)
    assert second_factor.passes(pk, code, at=LATER)
    assert not second_factor.passes(pk, code, at=LATER)


def test_a_code_of_two_minutes_ago_is_not_good(enrolled):
    pk, secret, _ = enrolled
    assert not second_factor.passes(pk, code_at(secret, LATER), at=LATER + timedelta(minutes=2))


def test_each_code_on_paper_is_good_once_however_it_is_typed(enrolled):
    pk, _, codes = enrolled
    assert len(set(codes)) == 10 == second_factor.codes_left(pk)
    assert second_factor.passes(pk, codes[0].lower().replace("-", " "), at=LATER)
    assert not second_factor.passes(pk, codes[0], at=LATER) and second_factor.codes_left(pk) == 9


def test_enrolling_ends_other_sessions_and_cannot_be_done_twice(enrolled):
    pk, _, _ = enrolled
    assert Account.objects.get(pk=pk).session_epoch == 1
    with pytest.raises(NotAllowed):
        second_factor.begin(pk, issuer="安澜")


def test_the_owner_needs_a_code_to_switch_it_off_and_an_administrator_a_reason(enrolled):
    pk, _, _ = enrolled
    with pytest.raises(Amiss):
        second_factor.remove(pk, by=By(pk, "陆远"), at=LATER)
    with pytest.raises(Amiss, match="写明停用的原因"):
        second_factor.remove(pk, by=By(0, "安全管理员"), at=LATER)
    second_factor.remove(pk, by=By(0, "安全管理员"), at=LATER, reason="手机遗失")
    assert Account.objects.get(pk=pk).second_factor_at is None and second_factor.codes_left(pk) == 0


def test_a_secret_sealed_with_another_key_is_told_and_not_a_fault(enrolled, settings):
    pk, secret, _ = enrolled
    settings.SECRET_KEY = "another"
    with pytest.raises(NotAllowed, match="XIAONENG_SECRET_KEY"):
        second_factor.passes(pk, code_at(secret, LATER), at=LATER)
    with pytest.raises(sealing.Broken):
        sealing.unseal(SecondFactor.objects.get(account_id=pk).secret, second_factor.PURPOSE)
