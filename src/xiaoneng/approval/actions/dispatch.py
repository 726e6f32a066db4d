"""What is sent first and served later: letters on their way, and public notices that run for thirty days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from xiaoneng.approval import delivery, promises, reads, words
from xiaoneng.matters.clocks import instant
from xiaoneng.matters.move import PLATFORM, Actor, Change, Moved, StartOf, move
from xiaoneng.rules import delivery as rules
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day

_WORDS = {rules.POST: "邮寄在途", rules.PUBLIC_NOTICE: "公告送达中"}


def dispatch(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, way: str, tracking: str = "", place: str = "",
    reason: str = "",
) -> Moved:  # fmt: skip
    """Send a decision by post or publish it; the delivery clock ends, since what is on its way does not count.

    Another clock watches that the result is put on record.

    :raises Obstructed: the letter's number, or the place and the reason of a public notice, is missing.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None and file.state in (procedure.GRANTED, procedure.REFUSED):
        obstacles = rules.to_dispatch(way, tracking, place, reason)
        if obstacles:
            raise Obstructed(obstacles)
    today, days, said = local_day(at), rules.transit(way), {"reason": reason}
    label = file.procedure.state(file.state).label.split("，")[0]
    change = Change(
        to=file.state,
        step=file.step,
        step_name=f"{label}，{_WORDS.get(way, '')}",
        starts={ClockName.WAIT: StartOf(WorkingDays(days), today)},
        facts={
            "way": way, "sent_on": today.isoformat(), "estimated_days": days, "tracking": tracking.strip()[:40],
            "place": place.strip()[:200], **words.hashes_of(file, said),
        },
    )  # fmt: skip
    return words.keep(move(file, "dispatch", by=by, at=at, change=change, key=key), said)


def serve_what_was_published(now: Callable[[], datetime]) -> int:
    """Close the cases whose public notice has run its thirty days and return how many; twice is once."""
    served = 0
    for matter in delivery.noticed_long_enough(now()):
        at, file = now(), reads.load(matter)
        sent = delivery.sent(file)
        if sent is None or sent.way != rules.PUBLIC_NOTICE or at < delivery.true_at(sent.on):
            continue  # sent in another way since
        service = rules.Served(rules.PUBLIC_NOTICE)
        facts = {
            "way": rules.PUBLIC_NOTICE, "recipient": "applicant", "sent": sent.seq,
            "delivered_on": rules.served_on(service, local_day(at), sent.on).isoformat(),
            "true_at": instant(delivery.true_at(sent.on)),
        }  # fmt: skip
        try:
            move(file, "deliver", by=PLATFORM, at=at, change=Change(to=promises.after_delivery(file), facts=facts))
        except NotAllowed:  # somebody was first
            continue
        served += 1
    return served
