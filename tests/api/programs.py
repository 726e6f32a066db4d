"""Programs that call the interface: a token for an actor, and requests as a client would send them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import Client

from build import moment
from xiaoneng.api.actions import tokens
from xiaoneng.api.scopes import offered
from xiaoneng.kit import clock
from xiaoneng.people.models import Account

NOW = moment("2026-03-23", "10:24")
DECLARATION = {
    "kind": "person", "name": "沈若溪", "identity": "11010519491231002X", "contact": "沈若溪", "phone": "13812342607",
    "address": "安澜市临江路 88 号", "content": "申请核发燃气经营许可证。", "delivery": "self",
}  # fmt: skip


def token_of(actor, scopes=None, days: int = 90) -> str:
    kind = Account.objects.values_list("kind", flat=True).get(pk=actor.account)
    wanted = scopes if scopes is not None else [each.value for each in offered(kind)]
    return tokens.make(actor.account, name="测试程序", scopes=wanted, days=days, at=clock.now())


@dataclass
class Program:
    """A client of the interface, with a token or without."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        return ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | more

    def get(self, path: str, **headers: str):
        return self.client.get(f"/api/v1{path}", headers=self.headers(headers))

    def send(self, method: str, path: str, body: Any = None, key: str | None = "", **headers: str):
        more = {"Idempotency-Key": key or str(uuid4())} if key is not None else {}
        content = body if isinstance(body, str | bytes) else json.dumps(body if body is not None else {})
        return self.client.generic(
            method, f"/api/v1{path}", content, content_type="application/json", headers=self.headers(more | headers)
        )

    def post(self, path: str, body: Any = None, key: str | None = "", **headers: str):
        return self.send("POST", path, body, key, **headers)

    def upload(self, path: str, slot: str, stream, name: str = "材料.png", key: str = ""):
        stream.name = name
        return self.client.post(
            f"/api/v1{path}",
            {"slot": slot, "file": stream},
            headers=self.headers({"Idempotency-Key": key or str(uuid4())}),
        )


def program(actor=None, scopes=None) -> Program:
    return Program(token_of(actor, scopes) if actor else "")
