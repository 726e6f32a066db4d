"""Verbs about people in office: their post, the roles they hold and for how long, whose place they take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet

from xiaoneng.kit import marks
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import models, reads
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.roles import Administrator
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

LONGEST_STAND_IN = 366  # days
ADMINISTRATORS = frozenset(each.value for each in Administrator)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for somebody: for one department, one region or (neither) everywhere, from a day to a last day or open."""

    account: int
    role: str
    department: int | None
    region: int | None
    since: date
    until: date | None  # the last day, or open
    authority: str
    stands_in_for: int | None = None


@transaction.atomic
def place(
    account: int, *, department: int | None, window: int | None, post: str, phone: str, by: By, at: datetime, about: str,
    seen: str = "",
) -> None:  # fmt: skip
    """Give somebody a post, or move her to another one; the roles stay as they are.

    :param about: how the record calls her.
    :param seen: the mark of the post that was read; whoever gives none is not compared with others.
    :raises Amiss: no department is named, or the window is not of its region.
    :raises Overtaken: somebody changed the post after it was read.
    """
    organ = models.Department.objects.filter(pk=department or 0).first()
    desk = models.Window.objects.filter(pk=window).first() if window else None
    faults = [] if organ else [("department", "请选择部门。")]
    faults += [] if post.strip() else [("post", "请填写岗位，例如“综合窗口”“审批科科长”。")]
    if faults:
        raise Amiss(faults)
    row = models.Staff.objects.select_for_update().filter(account_id=account).first()
    before = _post(row) if row else {}
    marks.require(seen, before)
    row = row or models.Staff(account_id=account)
    row.department, row.window, row.post, row.phone = organ, desk, post.strip()[:60], phone.strip()[:30]  # type: ignore[assignment]
    row.save()
    after = _post(row)
    if before != after:
        trail.note_change(
            by, "调整岗位" if before else "安排岗位", about, key=f"account:{account}", at=at, before=before, after=after
        )


def post_marks(accounts: Iterable[int]) -> dict[int, str]:
    """Return the marks of posts by the accounts that hold them; who has no post yet has the mark of nothing."""
    rows = models.Staff.objects.filter(account__in=list(accounts)).select_related("department", "window")
    return {account: marks.mark({}) for account in accounts} | {row.account_id: marks.mark(_post(row)) for row in rows}


def _post(row: models.Staff) -> dict[str, str]:
    return {
        "部门": row.department.name, "窗口": row.window.name if row.window else "", "岗位": row.post, "办公电话": row.phone,
    }  # fmt: skip


@transaction.atomic
def grant(wish: Grant, *, by: By, at: datetime, about: str, for_whom: str = "") -> int:
    """Let somebody hold a role and return the holding; the same two people cannot do it at once.

    :param about: how the record calls who gets it; `for_whom` whose place is taken.
    :raises Amiss: names everything that stands against it.
    :raises NotAllowed: it is for oneself.
    """
    if wish.account == by.account:
        raise NotAllowed("不能给自己授权。请让另一位安全管理员来办。")
    role = models.Role.objects.filter(pk=wish.role).first()
    if role is None:
        raise Amiss([("role", "请选择角色。")])
    if faults := _faults(wish, local_day(at)):
        raise Amiss(faults)
    authority = f"代 {for_whom}（{wish.authority.strip()}）" if wish.stands_in_for else wish.authority.strip()
    upper = wish.until + timedelta(1) if wish.until else None
    try:
        with transaction.atomic():
            row = models.Holding.objects.create(
                account_id=wish.account, role=role, department_id=wish.department, region_id=wish.region,
                during=DateRange(wish.since, upper), authority=authority[:120], stands_in_for_id=wish.stands_in_for,
            )  # fmt: skip
    except IntegrityError:  # somebody else granted it in the same moment
        raise NotAllowed("这个授权与刚刚作出的另一个授权冲突，没有保存。请重新打开这个人，核对以后再办。") from None
    trail.note_change(by, "授予角色", about, key=f"account:{wish.account}", at=at, after=_said(row), reason=authority)
    return int(row.pk)


def _faults(wish: Grant, today: date) -> list[tuple[str, str]]:
    found = []
    if wish.since < today:
        found.append(("since", "授权从今天或以后开始，不能倒签：以前办的件要按当时的授权核对。"))
    if wish.until and wish.until < wish.since:
        return [*found, ("until", "结束日期在开始日期之前。")]
    if not wish.authority.strip():
        found.append(("authority", "请写明授权文书，例如“安住建任〔2026〕3号”。"))
    if wish.department and wish.region:
        found.append(("reach", "部门和地区只能选一个。"))
    if wish.role in ADMINISTRATORS and (wish.department or wish.region):
        found.append(("reach", "三员管理的是整个平台，范围请选“全市”。"))
    return found + _against_others(wish) + _against_standing_in(wish)


def _against_others(wish: Grant) -> list[tuple[str, str]]:
    meanwhile = _meanwhile(wish).filter(account_id=wish.account)
    same = meanwhile.filter(role_id=wish.role).values_list("department_id", "region_id")
    if (wish.department, wish.region) in set(same):
        return [("role", "这段时间里已经有同样的授权了；要延长请先看现有授权的结束日期。")]
    others = set(meanwhile.exclude(role_id=wish.role).values_list("role_id", flat=True))
    if wish.role in ADMINISTRATORS and others & ADMINISTRATORS:
        return [("role", "系统管理员、安全管理员、审计管理员不能由同一个人担任。请换一个人，或者等原来的授权结束。")]
    if (wish.role in ADMINISTRATORS and others) or (wish.role not in ADMINISTRATORS and others & ADMINISTRATORS):
        return [("role", "三员不办件、办件的人不当三员：这段时间里他已经有另一种角色。")]
    return []


def _meanwhile(wish: Grant) -> QuerySet[models.Holding]:
    upper = wish.until + timedelta(1) if wish.until else None
    return models.Holding.objects.filter(during__overlap=DateRange(wish.since, upper))


def _against_standing_in(wish: Grant) -> list[tuple[str, str]]:
    if wish.stands_in_for is None:
        return []
    if wish.stands_in_for == wish.account:
        return [("stands_in_for", "不能代自己。")]
    if wish.role in ADMINISTRATORS:
        return [("stands_in_for", "三员不设代理；需要时请正式授权另一个人。")]
    found = []
    if wish.until is None or (wish.until - wish.since).days > LONGEST_STAND_IN:
        found.append(("until", "代理要写明结束日期，最长一年。"))
    own = models.Holding.objects.filter(account_id=wish.stands_in_for, role_id=wish.role, during__contains=wish.since)
    reach = Q(department__isnull=True, region__isnull=True)
    if wish.department:
        reach |= Q(department_id=wish.department) | Q(region_id__in=reads.regions_of(wish.department))
    if wish.region:
        reach |= Q(region_id=wish.region)
    if not own.filter(reach, stands_in_for__isnull=True).exists():
        found.append(("stands_in_for", "被代理的人在开始那天没有这个角色，或者范围没有这么大。"))
    return found


@transaction.atomic
def end(holding: int, last: date, *, by: By, at: datetime, about: str, reason: str) -> None:
    """Let a holding end with a last day, or take back one that has not begun.

    :raises NotFound: there is none.
    :raises NotAllowed: it is one's own.
    :raises Amiss: the day has passed, or there is no reason.
    """
    row = models.Holding.objects.select_for_update(of=("self",)).filter(pk=holding).first()
    if row is None:
        raise NotFound("没有这个授权，可能刚被别人撤回。请重新打开这个人。")
    if row.account_id == by.account:
        raise NotAllowed("不能改自己的授权。请让另一位安全管理员来办。")
    today = local_day(at)
    if not reason.strip():
        raise Amiss([("reason", "请写明原因，例如“轮岗，安住建任〔2026〕9号”。")])
    before = _said(row)
    if row.during.lower > today and last < row.during.lower:
        row.delete()
        trail.note_change(by, "撤回角色", about, key=f"account:{row.account_id}", at=at, before=before, reason=reason)
        return
    if last < today:
        raise Amiss([("last", "最早到今天为止：今天已经办的件要有授权。要马上停下来，请停用账号。")])
    if row.during.upper and row.during.upper <= last + timedelta(1):
        raise Amiss([("last", f"这个授权本来就到 {row.during.upper - timedelta(1)} 为止；要延长请新授一个。")])
    row.during = DateRange(row.during.lower, last + timedelta(1))
    row.save(update_fields=["during"])
    trail.note_change(
        by,
        "结束角色",
        about,
        key=f"account:{row.account_id}",
        at=at,
        before=before,
        after=_said(row),
        reason=reason.strip(),
    )


def _said(row: models.Holding) -> dict[str, str]:
    reach = row.department or row.region
    until = row.during.upper - timedelta(1) if row.during.upper else ""
    return {
        "角色": row.role.name, "范围": str(reach) if reach else "全市", "自": str(row.during.lower), "至": str(until or "长期"),
        "授权文书": row.authority,
    }  # fmt: skip
