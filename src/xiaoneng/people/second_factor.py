"""The second factor: a code from the phone (RFC 6238) or, once each, a code from paper."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db import transaction
from django_otp.oath import TOTP

from xiaoneng.kit import sealing
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import reads
from xiaoneng.people.accounts import key_of
from xiaoneng.people.models import Account, RecoveryCode, SecondFactor
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

PURPOSE = "second-factor"
STEP = 30  # seconds
TOLERANCE = 1  # steps to either side, for clocks that differ
CODES = 10  # on paper
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
WRONG = "验证码不对。请看手机上现在的 6 位数字；它每 30 秒换一次，用过的不能再用。一直不对，请核对手机的时间。"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the phone is told: the secret in blocks to type, and the address to scan."""

    secret: str
    address: str


@transaction.atomic
def begin(account: int, *, issuer: str) -> Enrolment:
    """Return the secret of somebody who has none that counts yet, made anew the first time.

    :raises NotAllowed: one counts already.
    """
    row = Account.objects.select_for_update().get(pk=account)
    if row.second_factor_at is not None:
        raise NotAllowed("已经开通了双因素登录。换手机请先停用，再重新开通。")
    made = SecondFactor.objects.filter(account=row).first()
    if made is None:
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        SecondFactor.objects.create(account=row, secret=sealing.seal(secret, PURPOSE))
    else:
        secret = _opened(made.secret)
    blocks = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    label = quote(f"{issuer}:{row.username}")
    return Enrolment(blocks, f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}&digits=6&period={STEP}")


@transaction.atomic
def confirm(account: int, code: str, *, by: By, at: datetime) -> tuple[str, ...]:
    """Switch the second factor on after a first right code, end other sessions, and return the codes for paper.

    :raises Amiss: the code is wrong.
    """
    row = Account.objects.select_for_update().get(pk=account)
    if row.second_factor_at is not None:
        raise NotAllowed("已经开通了双因素登录，不用再做一次。")
    if not _fits(row, code, at):
        raise Amiss([("code", WRONG)])
    row.second_factor_at, row.session_epoch = at, row.session_epoch + 1
    row.save(update_fields=["second_factor_at", "session_epoch"])
    trail.note_change(by, "开通双因素登录", reads.called(row), key=key_of(account), at=at)
    return _fresh_codes(row)


def passes(account: int, code: str, *, at: datetime) -> bool:
    """Tell whether a code from the phone or from paper is right, and use it up."""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        return _fits(row, code, at) or _recovers(row, code, at)


@transaction.atomic
def new_codes(account: int, code: str, *, by: By, at: datetime) -> tuple[str, ...]:
    """Replace the codes on paper; a code from the phone is asked for.

    :raises Amiss: the code is wrong.
    """
    row = Account.objects.select_for_update().get(pk=account)
    if not _fits(row, code, at):
        raise Amiss([("code", WRONG)])
    trail.note_change(by, "更换恢复码", reads.called(row), key=key_of(account), at=at)
    return _fresh_codes(row)


@transaction.atomic
def remove(account: int, *, by: By, at: datetime, reason: str = "", code: str | None = None) -> None:
    """Switch the second factor off: the owner with a code, an administrator for somebody else with a reason.

    :raises Amiss: the code is wrong, or the reason is missing.
    """
    row = Account.objects.select_for_update().get(pk=account)
    if by.account == account and (code is None or not (_fits(row, code, at) or _recovers(row, code, at))):
        raise Amiss([("code", WRONG)])
    if by.account != account and not reason.strip():
        raise Amiss([("reason", "请写明停用的原因，例如“手机遗失，本人持工作证申请”。")])
    RecoveryCode.objects.filter(account=row).delete()
    SecondFactor.objects.filter(account=row).delete()
    row.second_factor_at, row.session_epoch = None, row.session_epoch + 1
    row.save(update_fields=["second_factor_at", "session_epoch"])
    trail.note_change(by, "停用双因素登录", reads.called(row), key=key_of(account), at=at, reason=reason.strip())


def codes_left(account: int) -> int:
    """Count the codes on paper that are still good."""
    return RecoveryCode.objects.filter(account_id=account, used_at__isnull=True).count()


def _opened(sealed: str) -> str:
    try:
        return sealing.unseal(sealed, PURPOSE)
    except sealing.Broken as broken:
        raise NotAllowed(f"{broken}请安全管理员停用这个账号的双因素登录，再重新开通。") from None


def _fits(row: Account, code: str, at: datetime) -> bool:
    digits = "".join(code.split())
    known = SecondFactor.objects.select_for_update().filter(account=row).first()
    if known is None or not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return False
    clock = TOTP(base64.b32decode(_opened(known.secret)), step=STEP)
    clock.time = at.timestamp()
    if not clock.verify(int(digits), tolerance=TOLERANCE, min_t=known.last_step + 1):
        return False
    known.last_step = clock.t()
    known.save(update_fields=["last_step"])
    return True


def _recovers(row: Account, code: str, at: datetime) -> bool:
    hashed = _hashed(code)
    for each in RecoveryCode.objects.select_for_update().filter(account=row, used_at__isnull=True):
        if hmac.compare_digest(each.hashed, hashed):
            each.used_at = at
            each.save(update_fields=["used_at"])
            return True
    return False


def _fresh_codes(row: Account) -> tuple[str, ...]:
    RecoveryCode.objects.filter(account=row).delete()
    codes = tuple("".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(CODES))
    RecoveryCode.objects.bulk_create(RecoveryCode(account=row, hashed=_hashed(code)) for code in codes)
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def _hashed(code: str) -> str:
    # The codes are random, so nothing slow is needed to keep them from being guessed.
    return reads.hashed("".join(code.upper().replace("-", "").split()))
