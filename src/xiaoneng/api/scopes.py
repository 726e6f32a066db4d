"""What a token may be good for. A scope never gives more than the account behind the token may do by its roles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xiaoneng.people.models import Account
from xiaoneng.rules.roles import Role


class Scope(StrEnum):
    """The doors that a token can open."""

    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    CASES_READ = "cases:read"
    CASES_MOVE = "cases:move"
    INTAKE = "intake"
    SUPERVISION_READ = "supervision:read"
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
    role: Role | None = None  # that the account must hold today


_OF = {
    Scope.APPLICATIONS_READ: Meant("查看自己的草稿、申请和进度", Account.Kind.CITIZEN),
    Scope.APPLICATIONS_WRITE: Meant("填写、提交、补正、撤回自己的申请", Account.Kind.CITIZEN),
    Scope.CASES_READ: Meant("查看本人岗位范围内的办件", Account.Kind.STAFF),
    Scope.CASES_MOVE: Meant("以本人岗位办理办件", Account.Kind.STAFF),
    Scope.INTAKE: Meant("在本人窗口收件", Account.Kind.STAFF),
    Scope.SUPERVISION_READ: Meant("查看效能监察数据", Account.Kind.STAFF, Role.SUPERVISOR),
    Scope.WEBHOOKS: Meant("管理事件推送（网络回调）"),
}


def wants(scope: Scope) -> Meant:
    """Return what a scope asks of the account that uses it."""
    return _OF[scope]


def offered(kind: str) -> tuple[Scope, ...]:
    """Return the scopes that an account of this kind can give to a token."""
    return tuple(scope for scope, meant in _OF.items() if meant.kind in ("", kind))
