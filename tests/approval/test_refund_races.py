"""Two heads and two cashiers at the same moment, each in a session of its own: what is paid back is paid back once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connections
from test_fees import cashier, tariff

import build
from xiaoneng.approval import fees as reads
from xiaoneng.approval.actions import fees
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed

now = lambda: datetime.now(UTC)  # noqa: E731


def paid() -> tuple[build.Walk, int]:
    """Give a case with a charge of 21 yuan that was paid at the counter."""
    walk = build.application().received(now()).accepted(now())
    tariff(walk.version)
    demand = fees.demand(walk.matter, by=walk.city.reviewer, at=now(), key=None, tariff="证照工本费", units=2)
    charge = reads.one(demand.matter)
    fees.collect(charge.id, by=cashier(walk), at=now(), key=None, amount=charge.amount, way="cash")
    return walk, charge.id


def at_once(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], object]) -> list[str]:
    """Let each act in a session of its own, all of them after all have read; return what became of them."""
    gate, load, told = threading.Barrier(len(acts)), reads.load, list[str]()

    def read(*args, **more):
        file = load(*args, **more)
        gate.wait(20)
        return file

    def run(act: Callable[[], object]) -> None:
        try:
            act()
            told.append("done")
        except NotAllowed:
            told.append("second")
        finally:
            connections.close_all()

    with monkeypatch.context() as patch:
        patch.setattr(reads, "load", read)
        hands = [threading.Thread(target=run, args=(act,)) for act in acts]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join(30)
    return sorted(told)


def test_two_sessions_order_once_and_pay_back_once(arena, monkeypatch):
    walk, charge = paid()
    whole = reads.one(charge).amount
    heads = walk.city.head, build.holder(walk.city.department, "林海", "head")

    def order(head, amount):
        return lambda: fees.order_refund(
            charge, by=head, at=now(), key=uuid4(), reason="多计", basis="按实际", amount=amount
        )

    assert at_once(monkeypatch, order(heads[0], 800), order(heads[1], whole)) == ["done", "second"]
    ordered = reads.one(charge).refunding
    assert ordered in (800, whole)
    tills = cashier(walk), build.holder(walk.city.department, "钱九", "cashier", everywhere=True)

    def pay_back(till):
        return lambda: fees.refund(charge, by=till, at=now(), key=uuid4())

    assert at_once(monkeypatch, *map(pay_back, tills)) == ["done", "second"]
    line = reads.one(charge)
    assert (line.refunded, line.refunding) == (ordered, 0)
    assert [each.move for each in matters.journal(charge)] == ["refund", "order_refund", "pay", "demand"]
