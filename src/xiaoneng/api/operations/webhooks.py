"""Webhooks: where events are sent, how each delivery went, and sending once more what did not arrive."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query

from xiaoneng.api import events, paging, reads
from xiaoneng.api.actions import webhooks
from xiaoneng.api.door import PUBLIC, Bearer, caller_of
from xiaoneng.api.operations.drafts import nothing
from xiaoneng.api.reads import DeliveryLine, WebhookLine
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import events as schemas
from xiaoneng.api.schemas.words import Answer, Id, Page
from xiaoneng.api.scopes import Scope

room = Room(tags=["令牌与事件推送"])
DOOR = Bearer(Scope.WEBHOOKS)


class EventTypes(Answer):
    """Every type of event."""

    rows: list[schemas.EventType]


@room.reads("/event-types", EventTypes, door=PUBLIC, summary="可以订阅的事件")
def list_event_types(request: HttpRequest) -> EventTypes:
    """List every type of event that a webhook can ask for."""
    return EventTypes(rows=[schemas.EventType(type=name, label=label) for name, label in events.types().items()])


class Webhooks(Answer):
    """One's own webhooks."""

    rows: list[schemas.WebhookTold]


@room.reads("/webhooks", Webhooks, door=DOOR, summary="我的回调")
def list_webhooks(request: HttpRequest) -> Webhooks:
    """List one's own webhooks."""
    return Webhooks(rows=[_told(each) for each in reads.webhooks(caller_of(request).account)])


def _told(row: WebhookLine) -> schemas.WebhookTold:
    return schemas.WebhookTold(
        id=row.id, url=row.url, types=list(row.types), departments=list(row.departments), active=row.active,
        stopped_because=row.stopped_because, created_at=row.created_at, pending=row.pending, dead=row.dead,
    )  # fmt: skip


@room.changes("/webhooks", schemas.WebhookTold, door=DOOR, summary="新建回调", status=201)
def make_webhook(request: HttpRequest, asked: schemas.WebhookAsked) -> schemas.WebhookTold:
    """Let events be sent to an address from now on."""
    caller = caller_of(request)
    made = webhooks.make(caller.account, url=asked.url, types=asked.types, departments=asked.departments, at=caller.now)
    return _told(reads.webhook(caller.account, made))


@room.reads("/webhooks/{id}", schemas.WebhookTold, door=DOOR, summary="查看回调")
def read_webhook(request: HttpRequest, id: Id) -> schemas.WebhookTold:
    """Tell how a webhook stands."""
    return _told(reads.webhook(caller_of(request).account, id))


@room.sets("PATCH", "/webhooks/{id}", schemas.WebhookTold, door=DOOR, summary="停用或恢复回调")
def change_webhook(request: HttpRequest, id: Id, asked: schemas.WebhookChanged) -> schemas.WebhookTold:
    """Stop sending to a webhook, or begin again."""
    account = caller_of(request).account
    webhooks.switch(account, id, active=asked.active)
    return _told(reads.webhook(account, id))


@room.sets("DELETE", "/webhooks/{id}", None, door=DOOR, summary="删除回调")
def remove_webhook(request: HttpRequest, id: Id) -> HttpResponse:
    """Remove a webhook with the record of its deliveries."""
    webhooks.remove(caller_of(request).account, id)
    return nothing()


@room.reads("/webhooks/{id}/secret", schemas.SecretTold, door=DOOR, summary="签名密钥")
def read_secret(request: HttpRequest, id: Id) -> schemas.SecretTold:
    """Tell the key that signs what a webhook is sent; it is derived each time and stored nowhere."""
    row = reads.own_webhook(caller_of(request).account, id)
    return schemas.SecretTold(secret=events.secret_text(reads.signing_key(row.pk, row.salt)))


class DeliveriesAsked(paging.Part):
    """Which deliveries are asked for."""

    state: Literal["", "pending", "delivered", "dead"] = ""


@room.reads("/webhooks/{id}/deliveries", Page[schemas.DeliveryTold], door=DOOR, summary="投递记录")
def list_deliveries(
    request: HttpRequest, response: HttpResponse, id: Id, asked: Annotated[DeliveriesAsked, Query()]
) -> Page[schemas.DeliveryTold]:
    """List a webhook's deliveries, the newest first; what could not be delivered is `dead`."""
    known, limit = paging.read(asked.cursor, (int,)), asked.limit
    below = known[0] if known else None
    found = reads.deliveries(caller_of(request).account, id, state=asked.state, below=below, most=limit + 1)
    following = paging.written([found[limit - 1].id]) if len(found) > limit else None
    rows = [_delivery(each) for each in found[:limit]]
    return Page[schemas.DeliveryTold](rows=rows, next=paging.link(request, response, following))


def _delivery(row: DeliveryLine) -> schemas.DeliveryTold:
    return schemas.DeliveryTold(
        id=row.id, event=row.event, type=row.type, state=row.state, attempts=row.attempts, next_at=row.next_at,
        created_at=row.created_at, delivered_at=row.delivered_at, answered=row.answered, trouble=row.trouble,
    )  # fmt: skip


class Replayed(Answer):
    """A delivery that will be sent once more."""

    id: int
    state: str


@room.changes("/webhooks/{id}/deliveries/{delivery}/replay", Replayed, door=DOOR, summary="重新投递")
def replay_delivery(request: HttpRequest, id: Id, delivery: Id) -> Replayed:
    """Send a delivery once more, whatever became of it."""
    caller = caller_of(request)
    webhooks.replay(caller.account, id, delivery, at=caller.now)
    return Replayed(id=delivery, state="pending")
