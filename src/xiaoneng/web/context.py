"""What every page knows: the city, the installation, who is signed in, a fresh key for its form."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.people.models import Account
from xiaoneng.rules.roles import ON_LISTS, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import in_force
from xiaoneng.web.access import administrator
from xiaoneng.web.manage import sections


@lru_cache(maxsize=1)
def installation_kind() -> str:
    """Return what this installation declared itself; asked once, since a declaration is made once."""
    return matters.installation() or "undeclared"


def site(request: HttpRequest) -> dict[str, Any]:
    """Return what every page knows."""
    account = getattr(request, "user", None)
    known = in_force.values()
    signed_in: Any = account if isinstance(account, Account) or getattr(account, "is_authenticated", False) else None
    return {
        "site": {
            "name": known["site_name"],
            "city": known["city"],
            "address": known["hall_address"],
            "installation_kind": SimpleLazyObject(installation_kind),
        },
        "me": _me(signed_in),
        "nav": _nav(request, signed_in),
        "large_print": request.COOKIES.get("large") == "1",
        "form_key": str(uuid4()),
    }


def _me(account: Any) -> dict[str, str] | None:
    if account is None:
        return None
    card = org.staff_card(account.pk) if account.kind == Account.Kind.STAFF else None
    return {"name": account.name, "post": f"{card.department} {card.post}" if card else ""}


def _nav(request: HttpRequest, account: Any) -> list[tuple[str, str, bool]]:
    if account is None or account.kind != Account.Kind.STAFF:
        return []
    held = org.all_roles_of(account.pk, local_day(clock.now()))
    places = [("工作台", "staff:worklist"), ("全部办件", "staff:all")] if held - {Role.SUPERVISOR, *ON_LISTS} else []
    places += [("窗口收件", "staff:intake")] if Role.WINDOW in held else []
    places += [("监察看板", "supervise:board")] if Role.SUPERVISOR in held else []
    places += [("清单", "lists:home")] if held & set(ON_LISTS) else []
    if not held and administrator(account):
        return sections.nav(request, administrator(account))
    match = request.resolver_match
    here = match.view_name if match else ""
    return [(label, reverse(name), name == here) for label, name in places]
