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
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Policy(StrEnum):
    """The kinds of audience that a page may have."""

    PUBLIC = "public"
    CITIZEN = "citizen"  # signed in as an applicant
    SIGNED_IN = "signed_in"
    STAFF = "staff"  # signed in as a member of staff; what she may do is asked of her roles by each action
    SUPERVISOR = "supervisor"  # staff who hold the supervisor's role today


def policy(which: Policy) -> Callable[[View], View]:
    """Declare who may open a page."""

    def declare(view: View) -> View:
        view.policy = which  # type: ignore[attr-defined]
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
        if which is Policy.PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect(f"{reverse('public:login')}?next={quote(request.get_full_path())}")
        if not allows(which, account_of(request)):
            raise Http404
        return None


def allows(which: Policy, account: Account) -> bool:
    """Tell whether a policy lets an account in."""
    if which is Policy.CITIZEN:
        return account.kind == Account.Kind.CITIZEN
    if which is Policy.STAFF:
        return account.kind == Account.Kind.STAFF
    if which is Policy.SUPERVISOR:
        today = local_day(clock.now())
        return account.kind == Account.Kind.STAFF and Role.SUPERVISOR in org.all_roles_of(account.pk, today)
    return True


def account_of(request: HttpRequest) -> Account:
    """Return the account that is signed in."""
    account = request.user
    assert isinstance(account, Account)
    return account


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts, as the actions want it."""
    account = account_of(request)
    return Actor(account.pk, account.name)
