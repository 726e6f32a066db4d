"""Sessions: begun at the door, ended by idle time; what a session still owes before anything else can be opened."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import login as django_login
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from xiaoneng.kit import clock
from xiaoneng.people.models import Account
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By
from xiaoneng.web import in_force, request_log

SEEN = "seen"  # when a member of staff was last seen doing something, in seconds; applicants are not watched
RENEWED_AFTER = 60  # seconds; not each request writes a cookie
IDLE_OUT = "idle_out"


def begin(request: HttpRequest, account: Account, *, second: bool = False) -> None:
    """Begin the session of somebody who proved who she is."""
    django_login(request, account)
    if account.kind != Account.Kind.STAFF:
        return
    request.session[SEEN] = int(time.time())
    what = "登录成功（双因素）" if second else "登录成功"
    trail.note_sign_in(
        by_of(request, account),
        what,
        f"{account.name}（{account.username}）",
        key=f"account:{account.pk}",
        at=clock.now(),
    )


def renew(request: HttpRequest, account: Account) -> None:
    """Keep this session of an account whose others have just been ended."""
    seen = request.session.get(SEEN)
    django_login(request, account, backend="xiaoneng.people.signing_in.Backend")
    if seen:
        request.session[SEEN] = int(time.time())


def by_of(request: HttpRequest, account: Account) -> By:
    """Return who acts, as the record wants it."""
    return By(account.pk, account.name, request.META.get("REMOTE_ADDR", ""), request_log.current())


class IdleMiddleware:
    """Ends a session of staff in which nobody did anything for too long; a page that asks by itself is nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session, or note that somebody is there."""
        seen = request.session.get(SEEN)
        if isinstance(seen, int):
            gone, most = int(time.time()) - seen, in_force.values()["idle_minutes"] * 60
            if most and gone > most:
                logout(request)
                request.user = AnonymousUser()
                setattr(request, IDLE_OUT, True)
            elif gone > RENEWED_AFTER and "HTTP_HX_REQUEST" not in request.META:
                request.session[SEEN] = int(time.time())
        return self.get_response(request)


def owes(account: Account) -> str:
    """Return the name of the page that somebody has to go through before any other, or nothing."""
    if account.must_change_password or _is_old(account):
        return "account:password"
    staff = account.kind == Account.Kind.STAFF
    return "account:second_factor" if staff and account.second_factor_at is None and _required() else ""


def _required() -> bool:
    return bool(in_force.values()["second_factor"])


def _is_old(account: Account) -> bool:
    if account.password_set_at is None or not (days := in_force.values()["password_days"]):
        return False
    return clock.now() - account.password_set_at > timedelta(days=days)
