"""Background tasks of the interface; like all tasks they may run late or twice."""

from __future__ import annotations

import time

from procrastinate.contrib.django import app

from xiaoneng.kit import clock, pulse
from xiaoneng.kit.pulse import watched
from xiaoneng.supervision.newly import ENTERED

SECONDS = 4.0  # at a stretch, so that the other tasks are not kept waiting
DUE = """EXISTS (SELECT FROM api_delivery d JOIN api_webhook h ON h.id = d.webhook_id AND h.active
JOIN people_account a ON a.id = h.account_id AND a.is_active WHERE d.state = 'pending' AND d.next_at <= %(now)s)"""


@watched("tell_webhooks", ENTERED, DUE, rest=5, idle=60)
@app.task(name="tell_webhooks", queue="webhooks", queueing_lock="tell_webhooks")
def tell_webhooks() -> None:
    """Lay out what has happened for the webhooks, and send what is due."""
    from xiaoneng.api.actions import webhooks

    give_up = time.monotonic() + SECONDS
    newest = settled(give_up)
    while newest is not None and webhooks.lay_out(newest, at=clock.now()) and time.monotonic() < give_up:
        pass
    while time.monotonic() < give_up and webhooks.send_what_is_due(at=clock.now()):
        pass
    if time.monotonic() >= give_up:
        pulse.more("tell_webhooks")


def settled(give_up: float) -> int | None:
    """Return up to which entry nothing can appear any more, or nothing if that takes too long this time."""
    from xiaoneng.supervision import feed

    newest, transaction = feed.horizon()
    while not feed.has_settled(transaction):
        if time.monotonic() > give_up:
            return None
        time.sleep(0.02)
    return newest


@app.periodic(cron="23 3 * * *")
@app.task(name="forget_old_requests", queue="webhooks")
def forget_old_requests(timestamp: int) -> None:
    """Drop the keys of requests and the deliveries that are too old to matter."""
    from xiaoneng.api.actions import requests, webhooks

    requests.forget_old(at=clock.now())
    webhooks.forget_delivered(at=clock.now())
