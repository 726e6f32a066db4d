"""Webhooks are made, stopped and removed; events are laid out for them from the journal and sent until they arrive."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from xiaoneng.api import events, models, outbound, reads
from xiaoneng.api.models import Delivery, Webhook
from xiaoneng.org import reads as org
from xiaoneng.people.models import Account
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.roles import GRANTED
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import feed
from xiaoneng.supervision.feed import Happened

MOST_WEBHOOKS = 10
BACK_OFF = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600, 43200, 86400))
LEASE = timedelta(minutes=2)  # while a delivery is being sent nobody else sends it
GONE = 410
OF_ONE_RUN = 5  # deliveries of one webhook at a time, so that a slow one does not hold up the others


@transaction.atomic
def make(account: int, *, url: str, types: Sequence[str], departments: Sequence[int], at: datetime) -> int:
    """Make a webhook and return its id; it is told of what happens from now on.

    :raises NotAllowed: the address, a type or a department is not to be had, or there are too many.
    """
    owner = Account.objects.select_for_update().get(pk=account)
    outbound.check(url)
    strange = [each for each in types if each not in events.types()]
    if strange:
        raise NotAllowed(f"没有这些事件：{'、'.join(strange)[:200]}。全部事件见 GET /api/v1/event-types。")
    _check_departments(owner, departments, at)
    if Webhook.objects.filter(account=owner).count() >= MOST_WEBHOOKS:
        raise NotAllowed(f"一个账号最多 {MOST_WEBHOOKS} 个回调。请先删除不再使用的。")
    row = Webhook.objects.create(
        account=owner, url=url, types=list(dict.fromkeys(types)), departments=sorted(set(departments)),
        salt=secrets.token_bytes(16), created_at=at,
    )  # fmt: skip
    # Where nobody listened before, what is told begins here, and not when the worker comes to look.
    models.Position.objects.get_or_create(one=True, defaults={"entry": feed.horizon()[0]})
    return row.pk


def _check_departments(owner: Account, departments: Iterable[int], at: datetime) -> None:
    reach = org.reach_of(owner.pk, GRANTED, local_day(at))
    known = org.departments_named(departments)
    beyond = [str(each) for each in departments if each not in known or not reach.covers(each)]
    if beyond:
        raise NotAllowed(f"这些部门不在您的岗位范围内：{'、'.join(beyond)[:200]}。不写部门就是岗位范围内全部。")


def switch(account: int, pk: int, *, active: bool) -> None:
    """Stop sending to a webhook, or begin again; what waited is sent then.

    :raises NotFound: the account has no such webhook.
    """
    row = reads.own_webhook(account, pk)
    Webhook.objects.filter(pk=row.pk).update(active=active, stopped_because="" if active else "由本人停用")


@transaction.atomic
def remove(account: int, pk: int) -> None:
    """Remove a webhook with its deliveries.

    :raises NotFound: the account has no such webhook.
    """
    row = reads.own_webhook(account, pk)
    row.deliveries.all().delete()
    row.delete()


def replay(account: int, webhook: int, delivery: int, *, at: datetime) -> None:
    """Send a delivery once more, with all its tries before it.

    :raises NotFound: the account has no such delivery.
    """
    rows = reads.own_webhook(account, webhook).deliveries.filter(pk=delivery)
    if not rows.update(state=Delivery.State.PENDING, attempts=0, next_at=at, trouble="", delivered_at=None):
        raise NotFound("没有找到这次投递，可能已经清理。请先查看回调的投递记录。")


# --- from the journal to the deliveries -------------------------------------------------------------------------------
@transaction.atomic
def lay_out(up_to: int, *, at: datetime, most: int = 500) -> bool:
    """Lay out the events behind the position for every webhook that wants them; tell whether there is more."""
    models.Position.objects.get_or_create(one=True, defaults={"entry": up_to})
    position = models.Position.objects.select_for_update().get(one=True)
    hooks = list(Webhook.objects.filter(active=True, account__is_active=True).select_related("account"))
    if not hooks:
        models.Position.objects.filter(one=True).update(entry=max(position.entry, up_to))
        return False
    happened, last = feed.since(position.entry, up_to, most)
    rows = [row for hook in hooks for row in _for(hook, happened, at)]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    models.Position.objects.filter(one=True).update(entry=max(position.entry, last))
    return last < up_to


def _for(hook: Webhook, happened: Iterable[Happened], at: datetime) -> list[Delivery]:
    reach = org.reach_of(hook.account_id, GRANTED, local_day(at))
    staff = hook.account.kind == Account.Kind.STAFF
    found = []
    for each in happened:
        if hook.types and events.named(each.type) not in hook.types:
            continue
        if hook.departments and each.department not in hook.departments:
            continue
        if reach.covers(each.department) if staff else each.filed_by == hook.account_id:
            body = json.dumps(events.told(each, settings.PUBLIC_ADDRESS), ensure_ascii=False)
            found.append(
                Delivery(
                    webhook=hook, event=each.id, type=events.named(each.type), body=body, next_at=at, created_at=at
                )
            )
    return found


# --- from the deliveries to the world ---------------------------------------------------------------------------------
_TAKE = """
UPDATE api_delivery d SET next_at = %(lease)s, attempts = d.attempts + 1
FROM (SELECT p.id FROM api_delivery p WHERE p.id IN (
        SELECT id FROM (SELECT w.id, row_number() OVER (PARTITION BY w.webhook_id ORDER BY w.id) AS place
                        FROM api_delivery w JOIN api_webhook h ON h.id = w.webhook_id AND h.active
                        JOIN people_account a ON a.id = h.account_id AND a.is_active
                        WHERE w.state = 'pending' AND w.next_at <= %(at)s) ranked
        WHERE place <= %(each)s ORDER BY id LIMIT %(most)s)
      AND p.state = 'pending' AND p.next_at <= %(at)s FOR UPDATE SKIP LOCKED) due
WHERE d.id = due.id RETURNING d.id"""


def send_what_is_due(*, at: datetime, most: int = 20) -> int:
    """Send the deliveries whose time has come and return how many; each outcome is put down."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"at": at, "lease": at + LEASE, "most": most, "each": OF_ONE_RUN})
        ids = [row[0] for row in cursor.fetchall()]
    due = list(Delivery.objects.filter(id__in=ids).select_related("webhook").order_by("id"))
    if not due:
        return 0
    groups: dict[int, list[Delivery]] = {}
    for each in due:
        groups.setdefault(each.webhook_id, []).append(each)
    asked = [[_request(each, at) for each in group] for group in groups.values()]
    with ThreadPoolExecutor(max_workers=4) as pool:  # threads that only wait for others, and never see the database
        outcomes = list(pool.map(_send_in_turn, asked))
    for group, results in zip(groups.values(), outcomes, strict=True):
        for delivery, (status, trouble) in zip(group, results, strict=False):
            _put_down(delivery, status, trouble, at)
        # Behind one that met nobody, the others wait untried for the next time.
        untried = [each.pk for each in group[len(results) :]]
        Delivery.objects.filter(pk__in=untried).update(attempts=F("attempts") - 1, next_at=at + BACK_OFF[0])
    return len(due)


Request = tuple[str, dict[str, str], bytes]


def _request(delivery: Delivery, at: datetime) -> Request:
    hook, body = delivery.webhook, delivery.body.encode()
    key = reads.signing_key(hook.pk, hook.salt)
    return hook.url, events.headers(delivery.event, body, key, at), body


def _send_in_turn(group: Sequence[Request]) -> list[tuple[int | None, str]]:
    outcomes: list[tuple[int | None, str]] = []
    for request in group:
        try:
            status = outbound.post(*request)
        except outbound.Unreachable as trouble:
            return [*outcomes, (None, str(trouble))]
        outcomes.append((status, "" if 200 <= status < 300 else f"对方答复 {status}"))
    return outcomes


def _put_down(delivery: Delivery, status: int | None, trouble: str, at: datetime) -> None:
    rows = Delivery.objects.filter(pk=delivery.pk)
    if not trouble:
        rows.update(state=Delivery.State.DELIVERED, delivered_at=at, answered=status, trouble="")
        return
    if status == GONE:
        why = "对方答复 410：不再接收"
        Webhook.objects.filter(pk=delivery.webhook_id).update(active=False, stopped_because=why)
    if status == GONE or delivery.attempts > len(BACK_OFF):
        rows.update(state=Delivery.State.DEAD, answered=status, trouble=trouble[:200])
        return
    wait = BACK_OFF[delivery.attempts - 1]
    rows.update(next_at=at + wait, answered=status, trouble=trouble[:200])


def forget_delivered(*, at: datetime) -> int:
    """Drop what was delivered more than a month ago and return how many; what is dead stays until its webhook goes."""
    old = Delivery.objects.filter(state=Delivery.State.DELIVERED, created_at__lt=at - timedelta(days=30))
    dropped, _ = old.delete()
    return dropped
