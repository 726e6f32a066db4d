"""Who may do what on the pages of the lists."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import ON_LISTS, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import account_of


def reach_of(request: HttpRequest, roles: Iterable[Role] = ON_LISTS) -> Reach:
    """Return for which departments whoever is signed in holds one of the roles.

    :raises NotAllowed: for none at all
    """
    wanted = tuple(roles)
    reach = org.reach_of(account_of(request).pk, wanted, local_day(clock.now()))
    if not reach.everywhere and not reach.departments:
        names = "或者".join(role.label for role in wanted)
        raise NotAllowed(f"这一页给{names}使用，您没有这个岗位。需要的请联系本单位管理员。")
    return reach


def require(request: HttpRequest, *roles: Role) -> None:
    """Let nobody pass who holds none of the roles anywhere.

    :raises NotAllowed: with whom to turn to
    """
    reach_of(request, roles)
