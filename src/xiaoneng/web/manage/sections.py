"""Which sections of administration each of the three administrators has."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest
from django.urls import reverse

from xiaoneng.rules.roles import Administrator

_S, _C, _A = Administrator.SYSTEM, Administrator.SECURITY, Administrator.AUDIT
SECTIONS: tuple[tuple[str, str, tuple[str, ...], frozenset[Administrator]], ...] = (
    ("管理首页", "manage:home", ("home",), frozenset({_S, _C, _A})),
    (
        "组织",
        "manage:organisation",
        ("organisation", "region", "department", "window", "hours", "department_close"),
        frozenset({_S}),
    ),
    ("人员", "manage:people", ("people", "person", "password_given"), frozenset({_S, _C})),
    ("申请人", "manage:applicants", ("applicant",), frozenset({_C})),
    ("角色", "manage:roles", ("roles", "grant", "holding"), frozenset({_C})),
    ("锁定", "manage:locked", ("locked",), frozenset({_C})),
    ("日历", "manage:calendars", ("calendars", "year"), frozenset({_S})),
    ("预警", "manage:thresholds", ("thresholds",), frozenset({_S})),
    ("公告", "manage:announcements", ("announcement",), frozenset({_S})),
    ("设置", "manage:settings", ("settings",), frozenset({_S, _C})),
    ("留痕", "manage:records", ("records", "record"), frozenset({_A})),
)


def nav(request: HttpRequest, roles: Collection[Administrator]) -> list[tuple[str, str, bool]]:
    """Return the sections as the head of each page shows them: label, address, whether it is open."""
    match = request.resolver_match
    here = (match.url_name or "") if match and match.namespace == "manage" else ""
    return [
        (label, reverse(name), any(here.startswith(each) for each in begins))
        for label, name, begins, who in SECTIONS
        if who & set(roles)
    ]
