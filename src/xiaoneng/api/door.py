"""The door of every operation: whose token it is, what the token is good for, and how often it may be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from ninja.security.http import HttpBearer

from xiaoneng.api import reads
from xiaoneng.api.actions import requests, tokens
from xiaoneng.api.problems import Problem
from xiaoneng.api.scopes import Scope, wants
from xiaoneng.kit import clock
from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.rules.roles import Administrator
from xiaoneng.rules.workdays import local_day

USE_NOTED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the account behind the token, and when."""

    account: int
    login: str
    name: str
    kind: str
    scopes: frozenset[str]
    expires_at: datetime
    prefix: str
    now: datetime

    @property
    def actor(self) -> Actor:
        """Return who acts, as the actions want it."""
        return Actor(self.account, self.name)


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls an operation that asks for a token."""
    caller = request.auth  # type: ignore[attr-defined]
    assert isinstance(caller, Caller)
    return caller


class Public:
    """The door of an operation that is open to everybody; each address may use it so often."""

    scopes: tuple[Scope, ...] = ()

    def __call__(self, request: HttpRequest) -> bool:
        """Let everybody in who does not ask too often."""
        count(request, f"address:{request.META.get('REMOTE_ADDR', '')}", settings.API_RATE_OF_ADDRESS, clock.now())
        return True


class Bearer(HttpBearer):
    """The door of an operation that asks for a token with one of some scopes; with none named, for any token."""

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Return who calls.

        :raises Problem: the token is unknown, ended or not good for this, or it is used too often.
        """
        now = clock.now()
        found = reads.bearer(token)
        if found is None or found.revoked or not found.active or found.expires_at <= now:
            count(request, f"address:{request.META.get('REMOTE_ADDR', '')}", settings.API_RATE_OF_ADDRESS, now)
            raise Problem("unauthorized", _why_not(found, now))
        count(request, f"token:{found.token}", settings.API_RATE_OF_TOKEN, now)
        self._require(found, now)
        if found.used_at is None or now - found.used_at > USE_NOTED:
            tokens.note_use(found.token, found.account, at=now)
        return Caller(
            found.account, found.login, found.name, found.kind, found.scopes, found.expires_at, found.prefix, now
        )

    def _require(self, found: reads.Bearer, now: datetime) -> None:
        fitting = [scope for scope in self.scopes if scope in found.scopes]
        if self.scopes and not any(_may(found, scope, now) for scope in fitting):
            asked = " 或 ".join(self.scopes)
            why = "账号没有相应的岗位" if fitting else f"令牌的权限是 {'、'.join(sorted(found.scopes))}"
            raise Problem(
                "forbidden", f"这个操作要有权限 {asked}；{why}。请用合适的账号新建令牌。", required=list(self.scopes)
            )


def _may(found: reads.Bearer, scope: Scope, now: datetime) -> bool:
    meant = wants(scope)
    if meant.kind and meant.kind != found.kind:
        return False
    today = local_day(now)
    if isinstance(meant.role, Administrator):
        return meant.role in org.administrator_of(found.account, today)
    return meant.role is None or meant.role in org.all_roles_of(found.account, today)


def _why_not(found: reads.Bearer | None, now: datetime) -> str:
    if found is None:
        return "没有这个令牌，请核对是否复制完整；令牌在“我的令牌”页建立，只显示一次。"
    if found.expires_at <= now:
        return "这个令牌已经过期。请在“我的令牌”页新建一个换上。"
    return "这个令牌或者它的账号已经停用。如有疑问请联系平台管理员。"


PUBLIC = Public()
ANY_TOKEN = Bearer()


def count(request: HttpRequest, who: str, most: int, now: datetime) -> None:
    """Count a request.

    :raises Problem: it is one too many in this minute.
    """
    seen = requests.count(who, at=now)
    left = 60 - int(now.timestamp()) % 60
    request.rate = (most, max(0, most - seen), left)  # type: ignore[attr-defined]
    if seen > most:
        detail = f"每分钟最多 {most} 次，请在 {left} 秒后再试。"
        raise Problem("too-many", detail, headers={"Retry-After": str(left)})
