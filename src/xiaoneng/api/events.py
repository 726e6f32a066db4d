"""Events as CloudEvents 1.0 in structured JSON, signed as Standard Webhooks has it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from xiaoneng.rules.workdays import local
from xiaoneng.supervision import feed
from xiaoneng.supervision.feed import Happened

PREFIX = "xiaoneng."
MEDIA_TYPE = "application/cloudevents+json; charset=UTF-8"


def named(type_: str) -> str:
    """Return the type of an event as the world reads it: xiaoneng.application.accept."""
    return PREFIX + type_


def types() -> dict[str, str]:
    """Return every type of event with its Chinese name."""
    return {named(each): label for each, label in feed.types().items()}


def told(each: Happened, address: str) -> dict[str, Any]:
    """Return an event as a CloudEvent; it holds numbers and states and nobody's name."""
    data = {name: _in_china(name, value) for name, value in each.facts.items()}
    return {
        "specversion": "1.0",
        "id": each.id,
        "source": f"{address}/api/v1",
        "type": named(each.type),
        "subject": each.called,
        "time": local(each.at).isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


def _in_china(name: str, value: Any) -> Any:
    return local(datetime.fromisoformat(value)).isoformat() if name.endswith("_at") and value else value


def secret_text(key: bytes) -> str:
    """Return a signing key as its owner copies it."""
    return "whsec_" + base64.b64encode(key).decode()


def headers(event: str, body: bytes, key: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of a delivery: what it is, when it was sent, and the signature over id, time and body."""
    stamp = str(int(at.timestamp()))
    signed = hmac.new(key, f"{event}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": "xiaoneng-webhooks/1",
        "Webhook-Id": event,
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": "v1," + base64.b64encode(signed).decode(),
    }
