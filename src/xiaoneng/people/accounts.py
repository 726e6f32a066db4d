"""Verbs about accounts: made, disabled, given a password, changed by their owner; each leaves its record."""

from __future__ import annotations

import re
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import reads
from xiaoneng.people.models import Account, FailedTry, FormerPassword
from xiaoneng.people.passwords import PasswordPolicy, faults, initial
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,29}")
KEPT = 24  # former passwords of one account; no policy may ask for more


def key_of(account: int) -> str:
    """Return under which key the record speaks of an account."""
    return f"account:{account}"


@transaction.atomic
def create_staff(*, username: str, name: str, policy: PasswordPolicy, by: By, at: datetime) -> tuple[int, str]:
    """Make the account of a member of staff and return its id and the password to begin with.

    :raises Amiss: the login name is taken or is none.
    """
    username, name = username.strip().lower(), name.strip()
    if amiss := _amiss_with_name(username, name):
        raise Amiss(amiss)
    password = initial(policy)
    row = Account.objects.create(
        username=username, name=name, kind=Account.Kind.STAFF, password=make_password(password),
        must_change_password=True, password_set_at=at, opened_at=at,
    )  # fmt: skip
    trail.note_change(
        by, "新建账号", reads.called(row), key=key_of(row.pk), at=at, after={"登录名": username, "姓名": name}
    )
    return row.pk, password


def _amiss_with_name(username: str, name: str) -> list[tuple[str, str]]:
    found = []
    if not USERNAME.fullmatch(username):
        found.append(("username", "登录名要用小写字母开头，3 到 30 位，只用小写字母、数字、点和横线。"))
    elif Account.objects.filter(username=username).exists():
        found.append(("username", f"登录名 {username} 已经有人用了，请换一个，例如在后面加上数字。"))
    if not name:
        found.append(("name", "请填写姓名，与工作证一致。"))
    return found


@transaction.atomic
def rename(account: int, name: str, *, by: By, at: datetime) -> None:
    """Correct a member of staff's name.

    :raises Amiss: there is none.
    """
    row = _locked(account)
    if not name.strip():
        raise Amiss([("name", "请填写姓名，与工作证一致。")])
    before, row.name = row.name, name.strip()[:60]
    row.save(update_fields=["name"])
    if before != row.name:
        trail.note_change(
            by,
            "更正姓名",
            reads.called(row),
            key=key_of(account),
            at=at,
            before={"姓名": before},
            after={"姓名": row.name},
        )


@transaction.atomic
def disable(account: int, *, by: By, at: datetime, reason: str) -> None:
    """Close an account and end its sessions at once.

    :raises NotAllowed: it is the own one.
    :raises Amiss: no reason is given.
    """
    row = _locked(account)
    _not_oneself(row, by, "停用")
    if not reason.strip():
        raise Amiss([("reason", "请写明停用的原因，例如“已调离，调令〔2026〕12号”。")])
    if row.is_active:
        row.is_active, row.session_epoch = False, row.session_epoch + 1
        row.save(update_fields=["is_active", "session_epoch"])
        trail.note_change(
            by, "停用账号", reads.called(row), key=key_of(account), at=at, before={"状态": "启用"}, after={"状态": "停用"},
            reason=reason.strip(),
        )  # fmt: skip


@transaction.atomic
def enable(account: int, *, by: By, at: datetime, reason: str = "") -> None:
    """Open an account again; whoever signs in needs the old password or a new one.

    :raises NotAllowed: it is the own one, or its last day is over.
    """
    row = _locked(account)
    _not_oneself(row, by, "启用")
    if row.expires_on and row.expires_on < local_day(at):
        raise NotAllowed(f"这个账号的有效期到 {row.expires_on} 为止。请安全管理员先设新的有效期，再启用。")
    if not row.is_active:
        row.is_active, row.opened_at = True, at
        row.save(update_fields=["is_active", "opened_at"])
        trail.note_change(
            by, "启用账号", reads.called(row), key=key_of(account), at=at, before={"状态": "停用"}, after={"状态": "启用"},
            reason=reason.strip(),
        )  # fmt: skip


@transaction.atomic
def give_password(account: int, *, policy: PasswordPolicy, by: By, at: datetime, reason: str = "") -> str:
    """Give an account a new password to begin with, end its sessions, and return the password."""
    row = _locked(account)
    _not_oneself(row, by, "重置密码；请用“修改密码”")
    password = initial(policy)
    _set(row, password, at, must_change=True)
    FailedTry.objects.filter(door="login", what=reads.hashed(row.username)).delete()
    trail.note_change(by, "重置密码", reads.called(row), key=key_of(account), at=at, reason=reason.strip())
    return password


@transaction.atomic
def change_own_password(account: int, *, old: str, new: str, policy: PasswordPolicy, by: By, at: datetime) -> Account:
    """Change one's own password; other sessions of the account end.

    :raises Amiss: names everything that is wrong with the old or the new one.
    """
    row = _locked(account)
    found = [] if check_password(old, row.password) else [("old", "现在的密码不对，请核对大小写后重新填写。")]
    found += [("new", fault) for fault in faults(new, policy, row.username)]
    if not found and _was_used(row, new, policy):
        found.append(("new", "这个密码现在或者最近用过，请换一个没有用过的。"))
    if found:
        raise Amiss(found)
    _set(row, new, at, must_change=False)
    trail.note_change(by, "修改自己的密码", reads.called(row), key=key_of(account), at=at)
    return row


def _was_used(row: Account, password: str, policy: PasswordPolicy) -> bool:
    before = row.former_passwords.order_by("-until", "-id").values_list("password", flat=True)
    former = before[: max(policy.history - 1, 0)]
    known = [row.password, *former] if policy.history else []
    return any(check_password(password, each) for each in known)


def _set(row: Account, password: str, at: datetime, *, must_change: bool) -> None:
    FormerPassword.objects.create(account=row, password=row.password, until=at)
    old = row.former_passwords.order_by("-until", "-id").values_list("id", flat=True)[KEPT:]
    FormerPassword.objects.filter(pk__in=list(old)).delete()
    row.password, row.must_change_password, row.password_set_at = make_password(password), must_change, at
    row.session_epoch += 1
    row.save(update_fields=["password", "must_change_password", "password_set_at", "session_epoch"])


@transaction.atomic
def unlock(account: int, *, by: By, at: datetime, reason: str = "") -> None:
    """Open the door again that too many wrong passwords closed."""
    row = _locked(account)
    _not_oneself(row, by, "解锁")
    tries = FailedTry.objects.filter(door__in=("login", "second"), what=reads.hashed(row.username))
    count, _ = tries.delete()
    if count:
        trail.note_change(
            by, "解除锁定", reads.called(row), key=key_of(account), at=at, before={"错误次数": count}, after={"错误次数": 0},
            reason=reason.strip(),
        )  # fmt: skip


def _not_oneself(row: Account, by: By, what: str) -> None:
    if row.pk == by.account:
        raise NotAllowed(f"不能给自己{what}。请让另一位管理员来办。")


def _locked(account: int) -> Account:
    row = Account.objects.select_for_update().filter(pk=account).first()
    if row is None:
        raise NotFound("没有这个账号。请从人员名单里重新打开。")
    return row
