"""Branches that are decided at the same moment: each opens what follows once, and nobody waits for ever."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from uuid import uuid4

from django.db import connections

import joint
from xiaoneng.approval.actions import review
from xiaoneng.approval.joint import accepting, filing, following, reads
from xiaoneng.matters import reads as matters


def test_four_branches_decided_at_once_open_the_fifth_once_and_none_is_lost(arena):
    now = lambda: datetime.now(UTC)  # noqa: E731
    case = joint.project({1: [], 2: [], 3: [], 4: [], 5: [1, 2, 3, 4]}, materials=dict.fromkeys(range(1, 6), ()))
    case.drafted(now())
    filing.submit(case.matter, by=case.lead.citizen, at=now(), key=None)
    accepting.accept(case.matter, by=case.lead.clerk, at=now(), key=None)
    for place in range(1, 5):
        who = case.cities[place].reviewer
        review.review(case.branch(place).matter, by=who, at=now(), key=None, opinion="好")
    barrier, failed = threading.Barrier(4), []

    def decide(place: int) -> None:
        try:
            matter = case.branch(place).matter
            barrier.wait()
            review.grant(matter, by=case.cities[place].head, at=now(), key=uuid4(), opinion="准予")
            following.follow(matter, now())
        except Exception as trouble:  # told to the test, which fails with it
            failed.append(trouble)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=decide, args=(place,)) for place in range(1, 5)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert failed == []
    opened = [
        each["position"] for line in matters.journal(case.matter) for each in line.facts["what"].get("opened", ())
    ]
    assert sorted(opened) == [1, 2, 3, 4, 5]
    assert [line.now.value for line in reads.branches(case.matter)] == ["granted"] * 4 + ["open"]
