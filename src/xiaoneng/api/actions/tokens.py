"""Tokens are made, shown once, used and revoked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from xiaoneng.api import models, reads
from xiaoneng.api.scopes import offered
from xiaoneng.people import lifetimes
from xiaoneng.people.models import Account
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

LONGEST_DAYS = 365
MOST_TOKENS = 20  # alive, of one account
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f]")


@transaction.atomic
def make(account: int, *, name: str, scopes: Iterable[str], days: int, at: datetime, by: By = trail.PLATFORM) -> str:
    """Make a token and return it; it cannot be shown again. That it was made is on record.

    :raises NotAllowed: the name is empty, a scope is unknown or not for this kind of account, or there are too many.
    """
    owner = Account.objects.select_for_update().get(pk=account)
    wanted = _scopes(owner, scopes)
    title = _INVISIBLE.sub("", name).strip()[:60]
    if not title:
        raise NotAllowed("请写明这个令牌给哪个程序用，以后好认。")
    if not 1 <= days <= LONGEST_DAYS:
        raise NotAllowed(f"有效期应为 1 到 {LONGEST_DAYS} 天的整数。到期前另建一个换上即可。")
    if models.Token.objects.filter(account=owner, revoked_at__isnull=True, expires_at__gt=at).count() >= MOST_TOKENS:
        raise NotAllowed(f"一个账号最多同时有 {MOST_TOKENS} 个可用的令牌。请先停用不再使用的。")
    prefix = f"xn_{secrets.token_hex(4)}"
    token = f"{prefix}_{secrets.token_urlsafe(32)}"
    models.Token.objects.create(
        account=owner, name=title, prefix=prefix, digest=reads.digest(token), scopes=wanted, created_at=at,
        expires_at=at + timedelta(days=days),
    )  # fmt: skip
    told = {"令牌": prefix, "用途": title, "权限": "、".join(wanted), "天数": days}
    trail.note_change(by, "新建令牌", f"{owner}", key=f"account:{owner.pk}", at=at, after=told)
    return token


def _scopes(owner: Account, scopes: Iterable[str]) -> list[str]:
    possible = [scope.value for scope in offered(owner.kind)]
    wanted = list(dict.fromkeys(scopes))
    strange = [each for each in wanted if each not in possible]
    if strange or not wanted:
        told = f"“{'、'.join(strange)[:80]}”不能给这类账号。" if strange else "还没有选择权限。"
        raise NotAllowed(f"{told}可以选：{'、'.join(possible)}。")
    return wanted


@transaction.atomic
def revoke(prefix: str, *, at: datetime, account: int | None = None, by: By = trail.PLATFORM) -> None:
    """End a token at once; it is on record.

    :param account: whose it must be, if not anybody's.
    :raises NotFound: there is no such token, or it has ended before.
    """
    rows = models.Token.objects.filter(prefix=prefix, revoked_at__isnull=True).select_related("account")
    found = (rows if account is None else rows.filter(account_id=account)).first()
    if found is None or not rows.filter(pk=found.pk).update(revoked_at=at):
        raise NotFound("没有找到这个令牌，或者它已经停用。请刷新后查看。")
    key = f"account:{found.account_id}"
    trail.note_change(by, "停用令牌", f"{found.account}", key=key, at=at, before={"令牌": prefix, "用途": found.name})


def note_use(token: int, account: int, *, at: datetime) -> None:
    """Put down when a token was used last, and that its account is in use."""
    models.Token.objects.filter(pk=token).update(used_at=at)
    lifetimes.note_use(account, at=at)
