"""What the first start of an installation without a demo lays down: the first rows, and what it is."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connections, transaction

from xiaoneng.catalogue import actions as catalogue
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org import actions as org
from xiaoneng.org import staffing
from xiaoneng.people import accounts
from xiaoneng.people.passwords import PasswordPolicy
from xiaoneng.rules.roles import Administrator
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail.actions import PLATFORM

FIRST = (
    ("sysadmin", Administrator.SYSTEM), ("secadmin", Administrator.SECURITY), ("auditadmin", Administrator.AUDIT),
)  # fmt: skip


def ensure_first_rows() -> None:
    """Make sure that the national calendar, the roles and the kinds of powers are there."""
    org.ensure_national_calendar()
    org.ensure_roles()
    catalogue.ensure_kinds()


def as_production() -> list[str]:
    """Declare an installation that has not declared itself yet a production one, and return what to tell once.

    Any other installation stays what it is.
    """
    if matters.installation():
        return []
    ensure_first_rows()
    made = _administrators()
    time_machine.declare("production")
    connections["owner"].close()  # nothing that serves keeps the owner's connection
    return made


def _administrators() -> list[str]:
    # Somebody has to be able to sign in first. Three people get an account each; nobody makes their own.
    now, lines = datetime.now(UTC), []  # a city that is none yet has no other time
    with transaction.atomic():
        for login, role in FIRST:
            account, password = accounts.create_staff(
                username=login, name=role.label, policy=PasswordPolicy(), by=PLATFORM, at=now
            )
            wish = staffing.Grant(account, role.value, None, None, local_day(now), None, "系统初始化")
            staffing.grant(wish, by=PLATFORM, at=now, about=f"{role.label}（{login}）")
            lines.append(f"  {login:<12}{password}　{role.label}")
    return ["三位管理员的初始密码（只显示这一次，请分别交给三个人，登录后先改密码）：", *lines]
