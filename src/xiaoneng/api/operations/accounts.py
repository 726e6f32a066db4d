"""What administrators do to an account besides its post and roles: correct a name, open a locked door, pass work on."""

from datetime import timedelta
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import caller_of
from xiaoneng.api.operations.desk import PassedTold, Stayed
from xiaoneng.api.operations.organisation import Done
from xiaoneng.api.operations.staffing import BOTH, SECURITY, SYSTEM, ActAsked, Reason, room, staff_of
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Id, Instant
from xiaoneng.api.tables import by_of
from xiaoneng.approval.actions import claims
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import preferences
from xiaoneng.people import accounts, reads
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.workdays import local_day


class NameAsked(Body):
    """How somebody is called, as on the card of service."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN)]


class LeftAsked(Body):
    """Who takes the open cases over, and what there is to know about them."""

    receiver: Annotated[str, Field(min_length=1, max_length=150, pattern=CLEAN, description="接手人的登录名")]
    reason: Reason


class LockedTold(Answer):
    """A login name to which the door is closed for a while; without an account where nobody has that name."""

    account: int | None
    username: str
    name: str
    tries: int
    last: Instant
    until: Instant
    whence: str


@room.sets("PUT", "/admin/people/{id}/name", Done, door=SYSTEM, summary="更正姓名")
def rename_person(request: HttpRequest, id: Id, asked: NameAsked) -> Done:
    """Correct the name of a member of staff."""
    now = clock.now()
    staff_of(id, local_day(now))
    accounts.rename(id, asked.name, by=by_of(request), at=now)
    return Done(text="姓名已更正。")


@room.reads("/admin/locked", list[LockedTold], door=SECURITY, summary="锁定的登录名")
def list_locked(request: HttpRequest) -> list[LockedTold]:
    """List the login names that too many wrong passwords have locked, the latest first."""
    given = {"site_name": settings.SITE_NAME, "city": settings.CITY, "hall_address": settings.HALL_ADDRESS}
    known = preferences.values(matters.installation(), given)
    window = timedelta(minutes=known["lock_minutes"])
    closed = reads.closed_names(at=caller_of(request).now, most=known["lock_tries"], window=window)
    return [
        LockedTold(
            account=each.account, username=each.username, name=each.name, tries=each.tries, last=each.last,
            until=each.last + window, whence=each.whence,
        )
        for each in closed
    ]  # fmt: skip


@room.changes("/admin/people/{id}/unlock", Done, door=SECURITY, summary="解除锁定")
def unlock_person(request: HttpRequest, id: Id, asked: ActAsked) -> Done:
    """Open the door again that too many wrong passwords closed."""
    now = clock.now()
    staff_of(id, local_day(now))
    accounts.unlock(id, by=by_of(request), at=now, reason=asked.reason)
    return Done(text="已解锁，可以马上重新登录。")


@room.changes("/admin/people/{id}/pass-on", PassedTold, door=BOTH, summary="把他在办的件交给别人")
def pass_on_work(request: HttpRequest, id: Id, asked: LeftAsked) -> PassedTold:
    """Hand all that somebody sees to on to another; what she may not take stays, with the reason."""
    now = clock.now()
    staff_of(id, local_day(now))
    receiver = reads.account_named(asked.receiver)
    if receiver is None:
        raise NotFound(f"没有登录名为“{asked.receiver}”的在用账号。请核对接手人。")
    passed = claims.hand_all_over(
        id, receiver=receiver, reason=asked.reason, by=by_of(request), account=caller_of(request).account, at=now
    )
    return PassedTold(
        went=[line.called for line in passed.went],
        stayed=[Stayed(number=line.called, why=why) for line, why in passed.stayed],
    )
