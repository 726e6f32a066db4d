"""Questions about the interface's own rows: tokens, webhooks, deliveries; hands out frozen rows."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from xiaoneng.api import models
from xiaoneng.api.scopes import Scope
from xiaoneng.kit import asking
from xiaoneng.rules.grounds import NotFound

NO_SUCH_WEBHOOK = "没有找到这个回调，或者它不在您的名下。请用 GET /api/v1/webhooks 查看自己的回调。"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who stands behind a token, and what the token is good for."""

    token: int
    account: int
    login: str
    name: str
    kind: str
    scopes: frozenset[str]
    expires_at: datetime
    revoked: bool
    active: bool
    used_at: datetime | None
    prefix: str


_BEARER = """SELECT t.id, a.id, a.username, a.name, a.kind, t.scopes, t.expires_at, t.revoked_at IS NOT NULL,
  a.is_active AND (a.expires_on IS NULL OR a.expires_on >= (xn_clock() AT TIME ZONE 'Asia/Shanghai')::date),
  t.used_at, t.prefix FROM api_token t JOIN people_account a ON a.id = t.account_id WHERE t.digest = %s"""


def digest(token: str) -> str:
    """Return a token as it is kept: it is long and random, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def bearer(token: str) -> Bearer | None:
    """Return who stands behind a token, in one query, or nothing."""
    row = asking.first(_BEARER, [digest(token)])
    if row is None:
        return None
    number, account, login, name, kind, scopes, *rest = row
    return Bearer(number, account, login, name, kind, frozenset(scopes), *rest)


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as its owner sees it; the secret part is shown once, when it is made."""

    id: int
    login: str
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    def state(self, now: datetime) -> str:
        """Tell in a word whether it still opens doors."""
        if self.revoked_at:
            return "已停用"
        return "已过期" if self.expires_at <= now else "可用"


def tokens(account: int | None = None) -> tuple[TokenLine, ...]:
    """Return the tokens of an account, or of all, the newest first."""
    rows = models.Token.objects.select_related("account").order_by("-id")
    chosen = rows if account is None else rows.filter(account_id=account)
    return tuple(
        TokenLine(
            row.pk, row.account.username, row.name, row.prefix, tuple(Scope(each) for each in row.scopes), row.created_at,
            row.expires_at, row.revoked_at, row.used_at,
        )
        for row in chosen
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """A webhook as its owner sees it."""

    id: int
    url: str
    types: tuple[str, ...]
    departments: tuple[int, ...]
    active: bool
    stopped_because: str
    created_at: datetime
    pending: int
    dead: int


def webhooks(account: int) -> tuple[WebhookLine, ...]:
    """Return an account's webhooks, oldest first."""
    return tuple(_line(row) for row in models.Webhook.objects.filter(account_id=account).order_by("id"))


def webhook(account: int, pk: int) -> WebhookLine:
    """Return one webhook of an account.

    :raises NotFound: it has no such webhook.
    """
    return _line(own_webhook(account, pk))


def own_webhook(account: int, pk: int) -> models.Webhook:
    """Return the row of one webhook of an account.

    :raises NotFound: it has no such webhook.
    """
    row = models.Webhook.objects.filter(account_id=account, id=pk).first()
    if row is None:
        raise NotFound(NO_SUCH_WEBHOOK)
    return row


def _line(row: models.Webhook) -> WebhookLine:
    waiting = row.deliveries.filter(state=models.Delivery.State.PENDING).count()
    dead = row.deliveries.filter(state=models.Delivery.State.DEAD).count()
    return WebhookLine(
        row.pk, row.url, tuple(row.types), tuple(row.departments), row.active, row.stopped_because, row.created_at,
        waiting, dead,
    )  # fmt: skip


def signing_key(webhook: int, salt: bytes | memoryview[int]) -> bytes:
    """Return the key that signs what goes to a webhook; derived from the installation's secret, stored nowhere."""
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, b"webhook:%d:" % webhook + bytes(salt), hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One event on its way to a webhook."""

    id: int
    event: str
    type: str
    state: str
    attempts: int
    next_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None
    answered: int | None
    trouble: str


def deliveries(account: int, webhook: int, *, state: str, below: int | None, most: int) -> tuple[DeliveryLine, ...]:
    """Return a webhook's deliveries, the newest first, from below an id on.

    :raises NotFound: the account has no such webhook.
    """
    rows = own_webhook(account, webhook).deliveries.order_by("-id")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(id__lt=below) if below is not None else rows
    return tuple(delivery_line(row) for row in rows[:most])


def delivery_line(row: models.Delivery) -> DeliveryLine:
    """Return a delivery as its owner sees it."""
    waiting = row.state == models.Delivery.State.PENDING
    return DeliveryLine(
        row.pk, row.event, row.type, row.state, row.attempts, row.next_at if waiting else None, row.created_at,
        row.delivered_at, row.answered, row.trouble,
    )  # fmt: skip
