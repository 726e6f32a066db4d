"""What the hall announces, for everybody; and for administrators everything, what comes and what is over too."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import PUBLIC, caller_of
from xiaoneng.api.operations.organisation import SYSTEM
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Day, Id
from xiaoneng.api.tables import by_of
from xiaoneng.kit import clock
from xiaoneng.org import announcements
from xiaoneng.rules.workdays import local_day

room = Room(tags=["公告"])


class AnnouncementTold(Answer):
    """An announcement."""

    id: int
    title: str
    text: str
    office: str
    since: date
    until: date


class AnnouncementKept(AnnouncementTold):
    """An announcement as administration sees it."""

    made_by: str
    withdrawn: bool
    stage: str = Field(examples=["待公布", "公布中", "已结束"])


class AnnouncementAsked(Body):
    """A new announcement: plain text, shown from a day to a last day."""

    title: Annotated[str, Field(min_length=1, max_length=80, pattern=CLEAN)]
    text: Annotated[str, Field(min_length=1, max_length=5000, pattern=CLEAN)]
    office: Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN, description="发布单位")]
    since: Annotated[Day, Field(description="从哪一天起，今天或以后")]
    until: Annotated[Day, Field(description="到哪一天为止，含这一天，最长一年")]


class AnnouncementWithdrawn(Body):
    """Why an announcement is taken off."""

    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]


def _told(line: announcements.Line) -> AnnouncementTold:
    return AnnouncementTold(
        id=line.id, title=line.title, text=line.text, office=line.office, since=line.since, until=line.until
    )


def _kept(which: int, on: date) -> AnnouncementKept:
    return AnnouncementKept(**next(asdict(each) for each in announcements.every(on, most=100_000) if each.id == which))


@room.reads("/announcements", list[AnnouncementTold], door=PUBLIC, summary="今天的公告")
def list_announcements(request: HttpRequest) -> list[AnnouncementTold]:
    """List what is announced today, the newest first."""
    return [_told(each) for each in announcements.shown(local_day(clock.now()))]


@room.reads("/announcements/{id}", AnnouncementTold, door=PUBLIC, summary="一条公告")
def read_announcement(request: HttpRequest, id: Id) -> AnnouncementTold:
    """Tell one announcement, also after its last day."""
    return _told(announcements.one(id, local_day(clock.now())))


@room.reads("/admin/announcements", list[AnnouncementKept], door=SYSTEM, summary="全部公告，含待公布和已结束的")
def list_all_announcements(request: HttpRequest) -> list[AnnouncementKept]:
    """List the last two hundred announcements, the newest first."""
    rows = announcements.every(local_day(caller_of(request).now))
    return [AnnouncementKept(**asdict(each)) for each in rows]


@room.changes("/admin/announcements", AnnouncementKept, door=SYSTEM, summary="发布公告", status=201)
def announce(request: HttpRequest, asked: AnnouncementAsked) -> AnnouncementKept:
    """Announce something from a day to a last day."""
    now = clock.now()
    return _kept(announcements.announce(**asked.model_dump(), by=by_of(request), at=now), local_day(now))


@room.changes("/admin/announcements/{id}/withdraw", AnnouncementTold, door=SYSTEM, summary="撤下公告")
def withdraw_announcement(request: HttpRequest, id: Id, asked: AnnouncementWithdrawn) -> AnnouncementTold:
    """Take an announcement off every page; it stays on record, and one that was withdrawn stays so."""
    now = clock.now()
    announcements.withdraw(id, by=by_of(request), at=now, reason=asked.reason)
    return _told(next(each for each in announcements.every(local_day(now), most=100_000) if each.id == id))
