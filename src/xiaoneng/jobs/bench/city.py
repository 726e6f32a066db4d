"""The city of a bench: one department, one person of each role, and items with chains of different length."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from xiaoneng.catalogue.models import Item, ItemVersion, PowerKind, Step
from xiaoneng.matters.move import Actor
from xiaoneng.org.models import Calendar, Department, Holding, Region, Role, Staff
from xiaoneng.people.models import Account

CHAINS = (3, 1, 12)  # numbers of review steps; lives are timed on the first
LONG_AGO = date(2020, 1, 1)
FORM = {
    "kind": "person", "name": "沈若溪", "identity": "11010519491231002X", "contact": "沈若溪", "phone": "13812342607",
    "address": "安澜市临江路 88 号", "content": "申请核发燃气经营许可证。", "delivery": "self", "papers": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BenchCity:
    """Who acts in a bench, with which password they sign in, and the items by their number of review steps."""

    citizen: Actor
    clerk: Actor
    reviewer: Actor
    head: Actor
    password: str
    items: Mapping[int, str]


@transaction.atomic
def build() -> BenchCity:
    """Build the city in an empty database."""
    region = Region.objects.create(
        code="330100", name="压测市", sign="YC", level=1, calendar=Calendar.objects.get(name="全国")
    )
    department = Department.objects.create(region=region, code="1", name="住房和城乡建设局", sign="压住建")
    password = secrets.token_urlsafe(16)
    hashed = make_password(password)
    return BenchCity(
        _account("citizen", "沈若溪", "citizen", hashed),
        _holder("clerk", "陆远舟", "window", department, hashed),
        _holder("reviewer", "顾知行", "reviewer", department, hashed),
        _holder("head", "周启明", "head", department, hashed),
        password,
        {length: _item(department, length) for length in CHAINS},
    )


def _account(username: str, name: str, kind: str, hashed: str) -> Actor:
    row = Account.objects.create(username=username, name=name, kind=kind, password=hashed)
    return Actor(row.pk, name)


def _holder(username: str, name: str, role: str, department: Department, hashed: str) -> Actor:
    actor = _account(username, name, "staff", hashed)
    Staff.objects.create(account_id=actor.account, department=department, post=role)
    Holding.objects.create(
        account_id=actor.account, role=Role.objects.get(code=role), department=department, during=(LONG_AGO, None)
    )
    return actor


def _item(department: Department, length: int) -> str:
    item = Item.objects.create(code=f"{length:031d}", department=department)
    version = ItemVersion.objects.create(
        item=item, serial=1, in_force=(datetime(2020, 1, 1, tzinfo=UTC), None), name=f"压测事项（{length} 个审查环节）",
        kind=PowerKind.objects.get(name="行政许可"), statutory_n=20, statutory_unit="working_day", promised_n=8,
        promised_unit="working_day", fingerprint="bench",
    )  # fmt: skip
    reviews = [("review", f"审查{n}", "reviewer", 2) for n in range(1, length + 1)]
    chain = [("accept", "受理", "window", None), *reviews, ("decide", "决定", "head", 3)]
    for position, (kind, name, role, days) in enumerate(chain):
        Step.objects.create(version=version, position=position, kind=kind, name=name, role=role, days=days)
    return item.code
