"""The door: name and password, the second factor, and out again."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import logout as sign_out
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.people import lifetimes, second_factor
from xiaoneng.people import reads as people
from xiaoneng.people.models import Account
from xiaoneng.rules.roles import Administrator, Onlooker
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By
from xiaoneng.web import context, in_force, posted, request_log, sessions
from xiaoneng.web.access import Policy, administrator, policy
from xiaoneng.web.account.forms import Code
from xiaoneng.web.public.forms import Login

HALF = "half"  # who gave the right password and still owes the code
HALF_SECONDS = 300
WHY = {"idle": "您很久没有操作，为了安全已经自动退出。请重新登录，填过的内容会保留。"}


@policy(Policy.PUBLIC)
@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """Sign somebody in and send them where they wanted to go, by way of the code where one is owed."""
    form = Login(request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    status = 200
    if form.is_valid():
        account, status = _known(request, form)
        if account is not None:
            return _enter(request, account, wanted)
    demo = settings.DEMO_ACCOUNTS if str(context.installation_kind()) == "demo" else []
    why = WHY.get(request.GET.get("why", "")) or ("这一步要先登录。" if wanted else "")
    shown = {"form": form, "next": wanted, "why": why, "demo_accounts": demo}
    return render(request, "public/login.html", shown, status=status)


def _known(request: HttpRequest, form: Login) -> tuple[Account | None, int]:
    name = form.cleaned_data["username"]
    if posted.is_closed(request, "login", name):
        form.add_error(None, posted.TOO_MANY)
        return None, 429
    account = authenticate(request, **form.cleaned_data)
    if isinstance(account, Account) and not _was_idle(account):
        return account, 200
    _note_failure(request, "login", name)
    why = lifetimes.why_shut(name, form.cleaned_data["password"], clock.now())
    form.add_error(None, why or "登录名或密码不对。请核对大小写后再试；忘了密码请到窗口或者找本单位管理员重置。")
    return None, 200


def _was_idle(account: Account) -> bool:
    """Shut an account that nobody used for too long, where no worker has done it yet; tell whether it was."""
    now, days = clock.now(), in_force.values()["unused_days"]
    if not days or Administrator.SECURITY in administrator(account):
        return False
    return lifetimes.end_what_nobody_used(days, at=now, only=account.pk) > 0


def _note_failure(request: HttpRequest, door: str, name: str) -> None:
    posted.note_failure(request, door, name)
    if posted.is_closed(request, door, name) and (row := Account.objects.filter(username=name).first()):
        by = By(None, "（未登录）", request.META.get("REMOTE_ADDR", ""), request_log.current())
        trail.note_sign_in(by, "连续输错，锁定", people.called(row), key=f"account:{row.pk}", at=clock.now())


def _enter(request: HttpRequest, account: Account, wanted: str) -> HttpResponse:
    if account.second_factor_at is not None:
        mark = account.get_session_auth_hash()[-24:]
        request.session[HALF] = {"account": account.pk, "at": int(time.time()), "next": wanted[:500], "mark": mark}
        return redirect("account:second")
    sessions.begin(request, account)
    return redirect(safe(request, wanted) or start_of(account))


@policy(Policy.PUBLIC)
@never_cache
def second(request: HttpRequest) -> HttpResponse:
    """Ask whoever gave the right password for the code."""
    half: dict[str, Any] = request.session.get(HALF) or {}
    account = Account.objects.filter(pk=half.get("account", 0), is_active=True).first()
    fresh = int(time.time()) - half.get("at", 0) <= HALF_SECONDS
    if account is None or not fresh or account.get_session_auth_hash()[-24:] != half.get("mark"):
        request.session.pop(HALF, None)
        return redirect("public:login")
    form, status = Code(request.POST or None), 200
    form.fields["code"].help_text = "手机验证器上现在的 6 位数字；手机不在身边，填一个纸上的恢复码"
    if form.is_valid():
        if posted.is_closed(request, "second", account.username):
            form.add_error(None, posted.TOO_MANY)
            status = 429
        elif second_factor.passes(account.pk, form.cleaned_data["code"], at=clock.now()):
            del request.session[HALF]
            sessions.begin(request, account, second=True)
            return redirect(safe(request, half["next"]) or start_of(account))
        else:
            _note_failure(request, "second", account.username)
            form.add_error("code", second_factor.WRONG)
    return render(request, "account/second.html", {"form": form, "who": account.name}, status=status)


@policy(Policy.PUBLIC, while_owing=True)
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    sign_out(request)
    return redirect("public:home")


def safe(request: HttpRequest, wanted: str) -> str:
    """Return where somebody wanted to go, if it is a page of ours."""
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and fits else ""


def start_of(account: Account) -> str:
    """Return the page on which somebody's day begins."""
    if account.kind != Account.Kind.STAFF:
        return reverse("public:mine")
    held = org.all_roles_of(account.pk, local_day(clock.now()))
    if not held and administrator(account):
        return reverse("manage:home")
    if not held and org.holds_any(account.pk, [Onlooker.DISCIPLINE], local_day(clock.now())):
        return reverse("supervise:cards")
    return reverse(context.first_place(account.pk, held))


def is_second_factor_required() -> bool:
    """Tell whether staff have to have a second factor here."""
    return bool(in_force.values()["second_factor"])
