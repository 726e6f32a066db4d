"""What the hall announces: written by an administrator for some days, as plain text; nothing typed is ever markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from xiaoneng.kit.amiss import Amiss
from xiaoneng.org.models import Announcement
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

LONGEST = timedelta(366)
GONE = "没有这条公告，可能还没到公布的日子，或者已经撤下。请看公告列表。"


@dataclass(frozen=True, slots=True)
class Line:
    """An announcement; `stage` is 待公布, 公布中 or 已结束."""

    id: int
    title: str
    text: str
    office: str
    since: date
    until: date
    made_by: str
    withdrawn: bool
    stage: str


def _line(row: Announcement, on: date) -> Line:
    over = row.withdrawn_at is not None or row.until < on
    stage = "已结束" if over else "待公布" if row.since > on else "公布中"
    return Line(
        row.pk, row.title, row.text, row.office, row.since, row.until, row.made_by, row.withdrawn_at is not None, stage
    )


def shown(on: date, most: int = 200) -> tuple[Line, ...]:
    """Return what is announced on a day, the newest first."""
    rows = Announcement.objects.filter(since__lte=on, until__gte=on, withdrawn_at__isnull=True)
    return tuple(_line(row, on) for row in rows.order_by("-since", "-id")[:most])


def one(pk: int, on: date) -> Line:
    """Return an announcement that is or was shown.

    :raises NotFound: there is none, its day has not come, or it was withdrawn.
    """
    row = Announcement.objects.filter(pk=pk, since__lte=on, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound(GONE)
    return _line(row, on)


def every(on: date, most: int = 200) -> tuple[Line, ...]:
    """Return all announcements as administration sees them, the newest first."""
    return tuple(_line(row, on) for row in Announcement.objects.order_by("-since", "-id")[:most])


@transaction.atomic
def announce(*, title: str, text: str, office: str, since: date, until: date, by: By, at: datetime) -> int:
    """Announce something from a day to a last day, and return its id.

    :raises Amiss: names everything that is missing or cannot be.
    """
    known = (("title", title, "请填写标题。"), ("text", text, "请填写正文。"), ("office", office, "请写明发布单位。"))
    faults = [(name, say) for name, value, say in known if not value.strip()]
    if since < local_day(at):
        faults.append(("since", "从今天或以后的一天起公布，不能倒签。"))
    if until < since or until > since + LONGEST:
        faults.append(("until", "最后一天在开始那天或以后，最长一年。"))
    if faults:
        raise Amiss(faults)
    row = Announcement.objects.create(
        title=title.strip()[:80], text=text.strip()[:5000], office=office.strip()[:60], since=since, until=until,
        made_at=at, made_by=by.name[:60],
    )  # fmt: skip
    after = {"标题": row.title, "正文": row.text, "发布单位": row.office, "自": str(since), "至": str(until)}
    trail.note_change(by, "发布公告", row.title, key=f"announcement:{row.pk}", at=at, after=after)
    return int(row.pk)


@transaction.atomic
def withdraw(pk: int, *, by: By, at: datetime, reason: str) -> None:
    """Take an announcement off every page; it stays on record. One that was withdrawn stays so.

    :raises NotFound: there is none.
    :raises Amiss: no reason is given.
    """
    row = Announcement.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(GONE)
    if not reason.strip():
        raise Amiss([("reason", "请写明撤下的原因。")])
    if row.withdrawn_at is None:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        trail.note_change(by, "撤下公告", row.title, key=f"announcement:{pk}", at=at, reason=reason.strip())
