"""When accounts end: on a day that was set for temporary staff, or because nobody used them for long."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import accounts, reads
from xiaoneng.people.models import Account
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import PLATFORM, By

WARNED = timedelta(7)  # before its last day, whoever has the account is told on every page
FARTHEST = timedelta(3660)


@transaction.atomic
def set_last_day(account: int, last: date | None, *, by: By, at: datetime, reason: str) -> None:
    """Let an account end with a day, or let it be open again; its sessions end by themselves when the day is over.

    :raises NotAllowed: it is the own one.
    :raises Amiss: the day has passed or lies too far away, or no reason is given.
    """
    row = Account.objects.select_for_update().filter(pk=account, kind=Account.Kind.STAFF).first()
    if row is None or row.pk == by.account:
        raise NotAllowed("自己的有效期要由另一位安全管理员来设；只有工作人员的账号有有效期。")
    faults = [] if reason.strip() else [("reason", "请写明依据，例如“借调协议到 2026 年 12 月 31 日”。")]
    if last and not local_day(at) <= last <= local_day(at) + FARTHEST:
        faults.append(("last", "最早到今天为止，最晚十年以内。要马上停下来，请用“停用账号”。"))
    if faults:
        raise Amiss(faults)
    before, row.expires_on = row.expires_on, last
    row.save(update_fields=["expires_on"])
    if before != last:
        trail.note_change(
            by, "设账号有效期", reads.called(row), key=accounts.key_of(account), at=at,
            before={"有效期至": str(before or "长期")}, after={"有效期至": str(last or "长期")}, reason=reason.strip(),
        )  # fmt: skip


def end_what_expired(at: datetime) -> int:
    """Disable every account whose last day is over, and return how many; late or twice makes no difference."""
    over = Account.objects.filter(is_active=True, expires_on__lt=local_day(at)).order_by("id")
    for account, last in list(over.values_list("id", "expires_on")):
        accounts.disable(account, by=PLATFORM, at=at, reason=f"有效期到 {last} 为止")
    return len(over)


def end_what_nobody_used(days: int, *, at: datetime, sparing: Collection[int] = (), only: int | None = None) -> int:
    """Disable the accounts of staff that nobody used for so many days, and return how many; none if it is off.

    :param sparing: accounts that stay: without its security administrators nobody could open any again.
    :param only: look at this one alone.
    """
    if not days:
        return 0
    used = Greatest("last_login", "opened_at", "used_at", "password_set_at")
    rows = Account.objects.filter(is_active=True, kind=Account.Kind.STAFF).annotate(used=Coalesce(used, "opened_at"))
    idle = rows.filter(used__lt=at - timedelta(days)).exclude(pk__in=list(sparing))
    found = list((idle if only is None else idle.filter(pk=only)).order_by("id").values_list("id", flat=True))
    for account in found:
        accounts.disable(account, by=PLATFORM, at=at, reason=f"{days} 天没有登录，自动停用")
    return len(found)


def note_use(account: int, *, at: datetime) -> None:
    """Put down that a program used an account; once a day is enough."""
    rows = Account.objects.filter(pk=account)
    rows.exclude(used_at__gt=at - timedelta(1)).update(used_at=at)


def why_shut(username: str, password: str, at: datetime) -> str:
    """Return why an account is shut, to whoever knows its password; nobody else learns that there is one."""
    row = Account.objects.filter(username=username).first()
    is_staff = row is not None and row.kind == Account.Kind.STAFF
    # Of an applicant who may sign in the password is not hashed again: the time it takes would tell that she is one.
    if row is None or not (is_staff or not row.is_active) or not row.check_password(password):
        return ""
    if not is_staff:
        return "这个账号已经停用，办件照常走。请本人带身份证件到任一窗口问明原因；查进度可以用编号和查询码。"
    if row.expires_on and row.expires_on < local_day(at):
        return f"这个账号的有效期到 {row.expires_on} 为止。还要继续用的，请安全管理员设新的有效期。"
    return "" if row.is_active else "这个账号已经停用。还要继续用的，请安全管理员启用。"
