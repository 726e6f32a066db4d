"""Signing in and out, one's own things, large print, health."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from xiaoneng.approval import reads
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.people.models import Account
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import context, posted, shown
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.public.forms import Login


@policy(Policy.PUBLIC)
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Sign somebody in and send them where they wanted to go."""
    form = Login(request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        account = _known(request, form)
        if account is not None:
            sign_in(request, account)
            return redirect(_safe(request, wanted) or _start_of(account))
    demo = settings.DEMO_ACCOUNTS if str(context.installation_kind()) == "demo" else []
    why = "这一步要先登录。" if wanted else ""
    return render(request, "public/login.html", {"form": form, "next": wanted, "why": why, "demo_accounts": demo})


def _known(request: HttpRequest, form: Login) -> Account | None:
    name = form.cleaned_data["username"]
    if posted.is_closed(request, "login", name):
        form.add_error(None, posted.TOO_MANY)
        return None
    account = authenticate(request, **form.cleaned_data)
    if isinstance(account, Account):
        return account
    posted.note_failure(request, "login", name)
    form.add_error(None, "登录名或密码不对。请核对大小写后再试；忘了密码请到窗口或者找本单位管理员重置。")
    return None


def _safe(request: HttpRequest, wanted: str) -> str:
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and fits else ""


def _start_of(account: Account) -> str:
    if account.kind != Account.Kind.STAFF:
        return reverse("public:mine")
    held = org.all_roles_of(account.pk, local_day(clock.now()))
    return reverse("supervise:board" if held == {Role.SUPERVISOR} else "staff:worklist")


@policy(Policy.PUBLIC)
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    sign_out(request)
    return redirect("public:home")


@policy(Policy.SIGNED_IN)
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's own drafts and applications."""
    account = account_of(request)
    if account.kind == Account.Kind.STAFF:
        return redirect("staff:worklist")
    now = clock.now()
    rows = reads.lines_of(reads.visible_to_applicant(account.pk).order_by("-id")[:200])
    dues = matters.dues_of([row.id for row in rows])
    shown = {
        "drafts": [
            {"title": row.title, "url": reverse("public:draft", args=[row.id]), "saved_at": row.opened_at}
            for row in rows
            if row.draft
        ],
        "applications": [_line(row, dues.get(row.id, {}), now) for row in rows if not row.draft and not row.closed],
        "closed": [_line(row, {}, now) for row in rows if row.closed],
    }
    return render(request, "public/mine.html", shown)


def _line(row: reads.ApplicationLine, due: dict[str, Any], now: Any) -> dict[str, Any]:
    light = light_at(row.yellow_at, row.red_at, row.paused, now)
    return {
        "title": row.title,
        "number": row.called,
        "url": reverse("public:progress", args=[row.called]),
        "light": "done" if row.closed else light.value,
        "light_text": "" if light is not Light.RED else "超期",
        "step": row.state,
        **shown.due_columns(due),
        "closed_at": row.changed_at,
    }


@policy(Policy.PUBLIC)
def large_print(request: HttpRequest) -> HttpResponse:
    """Switch large print on or off and go back."""
    answer = redirect(_safe(request, request.GET.get("next", "")) or "public:home")
    answer.set_cookie("large", "1" if request.GET.get("large") == "1" else "0", max_age=365 * 86400, samesite="Lax")
    return answer


@policy(Policy.PUBLIC)
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Say that web and database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
