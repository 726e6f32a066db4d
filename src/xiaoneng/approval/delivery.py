"""Questions about the delivery of a decision: what was sent and when, and which public notices have run their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Entry, Matter
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.delivery import PUBLIC_DAYS, PUBLIC_NOTICE
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.workdays import local_day, start_of_day


@dataclass(frozen=True, slots=True)
class Sent:
    """A document on its way: by post or by public notice, since when."""

    way: str
    on: date
    tracking: str
    place: str
    seq: int


def sent(file: MatterFile) -> Sent | None:
    """Return how a case's decision was sent last, if it was; asks the journal only then."""
    if "dispatch" not in file.actors:
        return None
    line = next(each for each in matters.journal(file.id) if each.move == "dispatch")
    what = line.facts["what"]
    return Sent(
        what["way"], date.fromisoformat(what["sent_on"]), what.get("tracking", ""), what.get("place", ""), line.seq
    )


def decided_on(file: MatterFile) -> date:
    """Return the day of a case's decision: the day from which its delivery runs."""
    clock = file.clock("delivery")
    assert clock is not None
    return clock.started_on


def true_at(sent_on: date) -> datetime:
    """Return the moment at which a public notice counts as served: when its thirtieth day is over."""
    return start_of_day(sent_on + timedelta(days=PUBLIC_DAYS + 1))


def noticed_long_enough(now: datetime) -> list[int]:
    """Return the cases whose decision was published thirty days ago and not served in another way since."""
    before = (local_day(now) - timedelta(days=PUBLIC_DAYS)).isoformat()
    open_ = Matter.objects.filter(kind=procedure.PROCEDURE.kind, state__in=(procedure.GRANTED, procedure.REFUSED))
    told = Entry.objects.filter(matter__in=open_, move="dispatch", facts__what__way=PUBLIC_NOTICE)
    return list(
        told.filter(facts__what__sent_on__lt=before).order_by("id").values_list("matter_id", flat=True).distinct()
    )
