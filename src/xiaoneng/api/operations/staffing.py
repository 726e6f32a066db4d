"""Administration of people for programs: accounts and posts, roles and their ends, and the record that audit reads."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from xiaoneng.api import paging
from xiaoneng.api.door import Bearer, caller_of
from xiaoneng.api.operations.organisation import Done, Kept
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import CLEAN, LARGEST, Answer, Body, Day, Id, Instant, Moment, Page, Version
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tables import by_of
from xiaoneng.api.unchanged import seen_of
from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.matters import reads as matters
from xiaoneng.org import preferences, registers
from xiaoneng.org import staffing as org
from xiaoneng.people import accounts, lifetimes, reads
from xiaoneng.people.passwords import PasswordPolicy
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as records
from xiaoneng.trail import reads as trail

room = Room(tags=["管理"])
SYSTEM, SECURITY = Bearer(Scope.ADMIN_SYSTEM), Bearer(Scope.ADMIN_SECURITY)
BOTH, AUDIT = Bearer(Scope.ADMIN_SYSTEM, Scope.ADMIN_SECURITY), Bearer(Scope.ADMIN_AUDIT)
Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]
Words = Annotated[str, Field(max_length=60, pattern=CLEAN)]


class HeldTold(Answer):
    """A role that somebody holds: where, from when to when, on which document."""

    id: int
    account: int
    name: str
    role: str
    role_name: str
    reach: str
    since: date
    last: date | None
    authority: str
    stands_in_for: str
    state: Literal["now", "later", "over"]


class PersonTold(Answer):
    """A member of staff with the roles of today."""

    id: int
    username: str
    name: str
    active: bool
    expires_on: date | None
    department: str
    post: str
    window: str
    last_login: Instant | None
    roles: list[HeldTold]
    version: Annotated[Version, Field(description="岗位的版本")]


class PeopleAsked(paging.Part):
    """Which people are asked for."""

    q: Words = ""
    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    role: Annotated[str, Field(max_length=30, pattern=r"^[a-z_]*$")] = ""
    state: Literal["", "active", "disabled", "idle", "ending"] = ""


class PostAsked(Body):
    """Where somebody works."""

    department: Id
    post: Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN)]
    window: Id | None = None
    phone: Annotated[str, Field(max_length=30, pattern=CLEAN)] = ""


class PersonAsked(PostAsked):
    """An account with its first post."""

    username: Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{2,29}$")]
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN)]


class ActAsked(Body):
    """Why, for the record."""

    reason: Reason


class LastDayAsked(Body):
    """The last day of an account, and why; null: it stays open."""

    last: Day | None
    reason: Reason


class GrantAsked(Body):
    """A role for somebody: for one department, one region, or everywhere."""

    role: Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
    department: Id | None = None
    region: Id | None = None
    since: Day
    until: Day | None = Field(None, description="最后一天；长期就不填，代理必须填")
    authority: Annotated[str, Field(min_length=1, max_length=80, pattern=CLEAN, description="授权文书")]
    stands_in_for: Id | None = Field(None, description="AB 岗代理时：代谁（账号 id）")


class EndAsked(Body):
    """The last day of a holding, and why."""

    last: Day
    reason: Reason


class AdministrationTold(Answer):
    """One act on record."""

    id: int
    kind: str
    at: Instant
    actor: int | None
    name: str
    what: str
    about: str
    changes: list[list[str]] = Field(description="每一项：名称、原来、现在")
    reason: str
    whence: str
    request: str


class RecordsAsked(paging.Part):
    """Which records are asked for."""

    kind: Literal["", "change", "export", "unmask", "sign_in"] = ""
    q: Words = ""
    since: Moment | None = None
    before: Moment | None = None


# --- accounts and posts -----------------------------------------------------------------------------------------------
@room.reads("/admin/people", Page[PersonTold], door=BOTH, summary="人员")
def list_people(
    request: HttpRequest, response: HttpResponse, asked: Annotated[PeopleAsked, Query()]
) -> Page[PersonTold]:
    """List the staff with their posts and the roles of today."""
    known, today = paging.read(asked.cursor, (int,)), local_day(caller_of(request).now)
    rows = registers.staff(
        words=asked.q.strip(), department=asked.department, role=asked.role, state=asked.state, on=today
    ).order_by("id")
    found = list((rows.filter(pk__gt=known[0]) if known else rows)[: asked.limit + 1])
    page = found[: asked.limit]
    following = paging.written([page[-1].pk]) if len(found) > asked.limit else None
    return Page[PersonTold](rows=_people(page, today), next=paging.link(request, response, following))


@room.reads("/admin/people/{id}", PersonTold, door=BOTH, summary="一个人")
def read_person(request: HttpRequest, id: Id) -> PersonTold:
    """Tell one member of staff."""
    today = local_day(caller_of(request).now)
    return _people([staff_of(id, today)], today)[0]


def staff_of(account: int, on: date) -> Any:
    """Return an account of a member of staff.

    :raises NotFound: there is none.
    """
    row = registers.staff(on=on).filter(pk=account).first()
    if row is None:
        raise NotFound("没有这个工作人员的账号。全部人员见 GET /api/v1/admin/people。")
    return row


def _people(rows: list[Any], today: date) -> list[PersonTold]:
    accounts_ = [row.pk for row in rows]
    logins, marks = reads.logins_of(accounts_), org.post_marks(accounts_)
    return [
        PersonTold(
            id=each.account, username=each.username, name=each.name, active=each.active,
            expires_on=logins[each.account].expires_on, department=each.department, post=each.post, window=each.window,
            last_login=logins[each.account].last_login, roles=[_held(h) for h in each.roles],
            version=marks[each.account],
        )
        for each in registers.people_of(rows, today)
    ]  # fmt: skip


def _held(each: registers.Held) -> HeldTold:
    return HeldTold(
        id=each.id, account=each.account, name=each.name, role=each.code, role_name=each.role, reach=each.reach,
        since=each.since, last=each.last, authority=each.authority, stands_in_for=each.stands_in_for,
        state=each.state,  # type: ignore[arg-type]
    )  # fmt: skip


@room.changes("/admin/people", Kept, door=SYSTEM, summary="新建账号（初始密码只在页面上给）", status=201)
def make_person(request: HttpRequest, asked: PersonAsked) -> Kept:
    """Make an account with its first post; its password is given out on the page of the person, and to nobody's program."""
    by, now = by_of(request), clock.now()
    with transaction.atomic():
        account, _ = accounts.create_staff(
            username=asked.username, name=asked.name, policy=policy_in_force(), by=by, at=now
        )
        _place(account, asked, by, now)
    return Kept(id=account)


def policy_in_force() -> PasswordPolicy:
    """Return what a password must be like, as administrators set it."""
    given = {"site_name": settings.SITE_NAME, "city": settings.CITY, "hall_address": settings.HALL_ADDRESS}
    known = preferences.values(matters.installation(), given)
    return PasswordPolicy(
        known["password_length"], known["password_classes"], known["password_history"], known["password_days"]
    )


def _place(account: int, asked: PostAsked, by: records.By, at: datetime, seen: str = "") -> None:
    org.place(
        account, department=asked.department, window=asked.window, post=asked.post, phone=asked.phone, by=by, at=at,
        about=reads.login_of(account).called, seen=seen,
    )  # fmt: skip


@room.sets("PUT", "/admin/people/{id}/post", Done, door=SYSTEM, summary="调整部门、岗位、窗口", marked=True)
def place_person(request: HttpRequest, id: Id, asked: PostAsked) -> Done:
    """Move somebody to another post; the roles stay as they are."""
    now = clock.now()
    staff_of(id, local_day(now))
    _place(id, asked, by_of(request), now, seen_of(request))
    return Done(text="岗位已调整。角色没有跟着变，需要的话请安全管理员结束原来的、授予新的。")


@room.changes("/admin/people/{id}/disable", Done, door=BOTH, summary="停用账号")
def disable_person(request: HttpRequest, id: Id, asked: ActAsked) -> Done:
    """Close an account and end its sessions and tokens at once."""
    now = clock.now()
    staff_of(id, local_day(now))
    accounts.disable(id, by=by_of(request), at=now, reason=asked.reason)
    return Done(text="账号已停用，他在各处的登录已经退出。")


@room.changes("/admin/people/{id}/enable", Done, door=BOTH, summary="启用账号")
def enable_person(request: HttpRequest, id: Id, asked: ActAsked) -> Done:
    """Open an account again."""
    now = clock.now()
    staff_of(id, local_day(now))
    accounts.enable(id, by=by_of(request), at=now, reason=asked.reason)
    return Done(text="账号已启用。")


@room.sets("PUT", "/admin/people/{id}/last-day", Done, door=SECURITY, summary="设账号有效期")
def set_last_day(request: HttpRequest, id: Id, asked: LastDayAsked) -> Done:
    """Let an account end with a day, or stay open."""
    lifetimes.set_last_day(id, asked.last, by=by_of(request), at=clock.now(), reason=asked.reason)
    return Done(text=f"有效期已设到 {asked.last}。" if asked.last else "账号已改为长期有效。")


# --- roles ------------------------------------------------------------------------------------------------------------
@room.reads("/admin/holdings", list[HeldTold], door=SECURITY, summary="谁有什么角色")
def list_holdings(request: HttpRequest) -> list[HeldTold]:
    """List every holding of today, and those that begin later."""
    return [_held(each) for each in registers.held_on(local_day(caller_of(request).now))]


@room.changes("/admin/people/{id}/holdings", Kept, door=SECURITY, summary="授予角色", status=201)
def grant_role(request: HttpRequest, id: Id, asked: GrantAsked) -> Kept:
    """Let somebody hold a role on a document."""
    now = clock.now()
    staff_of(id, local_day(now))
    whom = reads.logins_of([asked.stands_in_for or 0]).get(asked.stands_in_for or 0)
    if asked.stands_in_for and whom is None:
        raise Amiss([("stands_in_for", "没有这个账号，请核对代谁。")])
    _check_places(asked)
    wish = org.Grant(
        id, asked.role, asked.department, asked.region, asked.since, asked.until, asked.authority, asked.stands_in_for
    )
    about = reads.login_of(id).called
    return Kept(id=org.grant(wish, by=by_of(request), at=now, about=about, for_whom=whom.name if whom else ""))


def _check_places(asked: GrantAsked) -> None:
    if asked.department and not registers.departments().filter(pk=asked.department).exists():
        raise Amiss([("department", "没有这个部门。全部部门见 GET /api/v1/admin/departments。")])
    if asked.region and all(each.id != asked.region for each in registers.regions()):
        raise Amiss([("region", "没有这个地区。")])


@room.changes("/admin/holdings/{id}/end", Done, door=SECURITY, summary="结束或者撤回一个角色")
def end_role(request: HttpRequest, id: Id, asked: EndAsked) -> Done:
    """Let a holding end with a day, or take back one that has not begun."""
    now = clock.now()
    about = reads.login_of(registers.holding(id, local_day(now)).account).called
    org.end(id, asked.last, by=by_of(request), at=now, about=about, reason=asked.reason)
    return Done(text="已保存。")


# --- the record -------------------------------------------------------------------------------------------------------
@room.reads("/admin/records", Page[AdministrationTold], door=AUDIT, summary="管理留痕；每次读取也记入导出")
def list_records(
    request: HttpRequest, response: HttpResponse, asked: Annotated[RecordsAsked, Query()]
) -> Page[AdministrationTold]:
    """List what is on record, the newest first; that it was taken is put on record too."""
    known = paging.read(asked.cursor, (int,))
    rows = trail.records(kind=asked.kind, words=asked.q.strip(), since=asked.since, before=asked.before).order_by("-id")
    found = list((rows.filter(pk__lt=known[0]) if known else rows)[: asked.limit + 1])
    page = found[: asked.limit]
    filters = {"类别": asked.kind, "包含": asked.q, "自": asked.since or "", "至": asked.before or ""}
    records.note_export(by_of(request), "管理留痕", rows=len(page), form="接口", filters=filters, at=clock.now())
    following = paging.written([page[-1].pk]) if len(found) > asked.limit else None
    return Page[AdministrationTold](
        rows=[_record(each) for each in trail.lines_of(page)], next=paging.link(request, response, following)
    )


def _record(line: trail.Line) -> AdministrationTold:
    return AdministrationTold(
        id=line.id, kind=line.kind, at=line.at, actor=line.actor, name=line.name, what=line.what, about=line.about,
        changes=[list(each) for each in line.changes], reason=line.reason, whence=line.whence, request=line.request,
    )  # fmt: skip
