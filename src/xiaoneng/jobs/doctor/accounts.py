"""The people behind the logins: three administrators who are three persons, and no password that everybody knows (35)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.hashers import check_password

from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.org.staffing import ADMINISTRATORS

_TWO = """
SELECT DISTINCT a.username FROM org_holding one
JOIN org_holding other ON other.account_id = one.account_id AND other.role_id <> one.role_id AND other.during && one.during
JOIN people_account a ON a.id = one.account_id
WHERE one.role_id = ANY (%s) AND other.role_id = ANY (%s) ORDER BY 1"""
_KNOWN = """
SELECT a.username, a.password FROM people_account a
WHERE a.is_active AND a.kind = 'staff' AND (a.username = ANY (%s) OR EXISTS (
  SELECT FROM org_holding h WHERE h.account_id = a.id AND h.role_id = ANY (%s))) ORDER BY 1"""


def check(kind: str) -> Faults:
    """Check the accounts.

    :param kind: what the installation declares itself; the demo's password is meant to be known.
    """
    administrators = sorted(ADMINISTRATORS)
    for (login,) in rows(_TWO, administrators, administrators):
        yield Fault(35, f"账号 {login} 同时担任系统、安全、审计三种管理员中的两种；请由机构管理收回其中一种")
    if kind != "production":
        return
    demo = [each["login"] for each in settings.DEMO_ACCOUNTS]
    for login, password in rows(_KNOWN, demo, administrators):
        if check_password(settings.DEMO_PASSWORD, password):
            yield Fault(35, f"账号 {login} 仍在使用公开的演示密码；请立即重设")
