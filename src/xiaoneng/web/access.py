"""Who may open which page. Every route declares a policy; one that does not keeps the server from starting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from xiaoneng.kit import clock
from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.people.models import Account
from xiaoneng.rules.roles import Administrator, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision.issued_reads import BOARD_READERS, READERS
from xiaoneng.trail.actions import By
from xiaoneng.web import sessions

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Policy(StrEnum):
    """The kinds of audience that a page may have."""

    PUBLIC = "public"
    TOKEN = "token"  # an operation for programs, which declares a door of its own and asks for the token itself
    CITIZEN = "citizen"  # signed in as an applicant
    SIGNED_IN = "signed_in"
    STAFF = "staff"  # signed in as a member of staff; what she may do is asked of her roles by each action
    SUPERVISOR = "supervisor"  # staff who hold the supervisor's role today
    OVERSIGHT = "oversight"  # supervisors, and those who read what supervision issues: discipline inspection, leaders
    BOARD = "board"  # those of oversight, and who runs the service centre: the lights of cases and their figures
    CASHIER = "cashier"  # staff who take the money today
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"
    ADMINISTRATOR = "administrator"  # any of the three


_ADMINISTRATORS = {
    Policy.SYSTEM_ADMINISTRATOR: frozenset({Administrator.SYSTEM}),
    Policy.SECURITY_ADMINISTRATOR: frozenset({Administrator.SECURITY}),
    Policy.AUDIT_ADMINISTRATOR: frozenset({Administrator.AUDIT}),
    Policy.ADMINISTRATOR: frozenset(Administrator),
}


def policy(which: Policy, *, while_owing: bool = False) -> Callable[[View], View]:
    """Declare who may open a page; `while_owing` also before a password was changed or a second factor enrolled."""

    def declare(view: View) -> View:
        view.policy = which  # type: ignore[attr-defined]
        view.while_owing = while_owing  # type: ignore[attr-defined]
        return view

    return declare


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Go through every route of the platform with its full name."""
    yield from _routes(get_resolver().url_patterns, "")


def _routes(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _routes(each.url_patterns, inner)
        else:
            yield f"{space}{each.name or each.pattern}", each


def require_policies() -> None:
    """Refuse to start while any route lacks a policy.

    :raises ImproperlyConfigured: names every such route.
    """
    bare = [name for name, route in routes() if not isinstance(getattr(route.callback, "policy", None), Policy)]
    if bare:
        raise ImproperlyConfigured(f"这些页面没有声明谁可以打开，服务不能启动：{'、'.join(bare)}")


class PolicyMiddleware:
    """Holds every request to the policy of its route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the request pass, send it to the login, or say that there is no such page."""
        which = getattr(view, "policy", None)
        if which is None:
            raise ImproperlyConfigured(f"{request.path} 没有声明谁可以打开")
        if which in (Policy.PUBLIC, Policy.TOKEN):
            return None
        if not request.user.is_authenticated:
            return _to_the_door(request)
        account = account_of(request)
        if not getattr(view, "while_owing", False) and (owed := sessions.owes(account)):
            return redirect(f"{reverse(owed)}?next={quote(_back_to(request))}")
        if not allows(which, account):
            raise Http404
        return None


def _to_the_door(request: HttpRequest) -> HttpResponse:
    why = "&why=idle" if getattr(request, sessions.IDLE_OUT, False) else ""
    return redirect(f"{reverse('public:login')}?next={quote(_back_to(request))}{why}")


def _back_to(request: HttpRequest) -> str:
    # What was posted cannot be opened again; the page that it was posted from can.
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    here = f"{request.scheme}://{request.get_host()}/"
    came_from = request.META.get("HTTP_REFERER", "")
    return f"/{came_from.removeprefix(here)}" if came_from.startswith(here) else request.get_full_path()


def allows(which: Policy, account: Account) -> bool:
    """Tell whether a policy lets an account in."""
    if which is Policy.CITIZEN:
        return account.kind == Account.Kind.CITIZEN
    if which is Policy.STAFF:
        return account.kind == Account.Kind.STAFF
    if which is Policy.SUPERVISOR:
        today = local_day(clock.now())
        return account.kind == Account.Kind.STAFF and Role.SUPERVISOR in org.all_roles_of(account.pk, today)
    if which is Policy.CASHIER:
        return account.kind == Account.Kind.STAFF and Role.CASHIER in org.all_roles_of(
            account.pk, local_day(clock.now())
        )
    if which is Policy.OVERSIGHT:
        return account.kind == Account.Kind.STAFF and org.holds_any(account.pk, READERS, local_day(clock.now()))
    if which is Policy.BOARD:
        return account.kind == Account.Kind.STAFF and org.holds_any(account.pk, BOARD_READERS, local_day(clock.now()))
    if which in _ADMINISTRATORS:
        return account.kind == Account.Kind.STAFF and bool(administrator(account) & _ADMINISTRATORS[which])
    return True


def administrator(account: Account) -> frozenset[Administrator]:
    """Return which of the three administrators an account is today."""
    return org.administrator_of(account.pk, local_day(clock.now()))


def by_of(request: HttpRequest) -> By:
    """Return who is signed in, as the record of administration wants it."""
    return sessions.by_of(request, account_of(request))


def account_of(request: HttpRequest) -> Account:
    """Return the account that is signed in."""
    account = request.user
    assert isinstance(account, Account)
    return account


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts, as the actions want it."""
    account = account_of(request)
    return Actor(account.pk, account.name)
