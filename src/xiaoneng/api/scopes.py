"""What a token may be good for. A scope never gives more than the account behind the token may do by its roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xiaoneng.people.models import Account
from xiaoneng.rules.roles import Administrator, Role


class Scope(StrEnum):
    """The doors that a token can open."""

    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    CASES_READ = "cases:read"
    CASES_MOVE = "cases:move"
    INTAKE = "intake"
    ACCOUNTS = "accounts"
    TILL = "till"
    SUPERVISION_READ = "supervision:read"
    SUPERVISION_MOVE = "supervision:move"
    LISTS_READ = "lists:read"
    LISTS_WRITE = "lists:write"
    ADMIN_SYSTEM = "admin:system"
    ADMIN_SECURITY = "admin:security"
    ADMIN_AUDIT = "admin:audit"
    WEBHOOKS = "webhooks"

    @property
    def label(self) -> str:
        """Return what the scope allows, in Chinese."""
        return _OF[self].label


@dataclass(frozen=True, slots=True)
class Meant:
    """What a scope allows, and to which kind of account it can be given."""

    label: str
    kind: str = ""  # of the account; empty: any
    role: Role | Administrator | None = None  # that the account must hold today


_OF = {
    Scope.APPLICATIONS_READ: Meant("查看自己的草稿、申请和进度", Account.Kind.CITIZEN),
    Scope.APPLICATIONS_WRITE: Meant("填写、提交、补正、撤回自己的申请", Account.Kind.CITIZEN),
    Scope.CASES_READ: Meant("查看本人岗位范围内的办件", Account.Kind.STAFF),
    Scope.CASES_MOVE: Meant("以本人岗位办理办件", Account.Kind.STAFF),
    Scope.INTAKE: Meant("在本人窗口收件", Account.Kind.STAFF),
    Scope.ACCOUNTS: Meant("核对证件后给申请人开通账号、登记代办授权", Account.Kind.STAFF, Role.WINDOW),
    Scope.TILL: Meant("在统一收费处收款、退费和日对账", Account.Kind.STAFF, Role.CASHIER),
    Scope.SUPERVISION_READ: Meant("查看效能监察数据", Account.Kind.STAFF, Role.SUPERVISOR),
    Scope.SUPERVISION_MOVE: Meant("以效能监察员岗位跟进监察发现", Account.Kind.STAFF, Role.SUPERVISOR),
    Scope.LISTS_READ: Meant("查看清单编制、比较和登记簿", Account.Kind.STAFF),
    Scope.LISTS_WRITE: Meant("以本人清单岗位编制、审查、比较和公布清单", Account.Kind.STAFF),
    Scope.ADMIN_SYSTEM: Meant("管理组织、人员、日历和系统设置", Account.Kind.STAFF, Administrator.SYSTEM),
    Scope.ADMIN_SECURITY: Meant("管理角色、账号安全和安全设置", Account.Kind.STAFF, Administrator.SECURITY),
    Scope.ADMIN_AUDIT: Meant("查看管理留痕", Account.Kind.STAFF, Administrator.AUDIT),
    Scope.WEBHOOKS: Meant("管理事件推送（网络回调）"),
}


def wants(scope: Scope) -> Meant:
    """Return what a scope asks of the account that uses it."""
    return _OF[scope]


def offered(kind: str) -> tuple[Scope, ...]:
    """Return the scopes that an account of this kind can give to a token."""
    return tuple(scope for scope, meant in _OF.items() if meant.kind in ("", kind))
