"""Roles: who holds which for how long on which document, who takes whose place; and the locked doors."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import registers, staffing
from xiaoneng.people import reads as logins
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import in_force
from xiaoneng.web.access import Policy, account_of, by_of, policy
from xiaoneng.web.manage import forms
from xiaoneng.web.manage.home import SOON


@policy(Policy.SECURITY_ADMINISTRATOR)
@require_safe
@never_cache
def roles(request: HttpRequest) -> HttpResponse:
    """Show every role with its holders."""
    today = local_day(clock.now())
    held = registers.held_on(today)
    if request.GET.get("ending"):
        held = tuple(each for each in held if each.last and each.last <= today + SOON)
    groups = [(name, code, [each for each in held if each.code == code]) for code, name in registers.roles()]
    shown = {
        "groups": [each for each in groups if each[2]],
        "empty": [name for name, _, rows in groups if not rows],
        "ending": request.GET.get("ending"),
        "stand_ins": [each for each in held if each.stands_in_for],
        "total": len(held),
    }
    return render(request, "manage/roles.html", shown)


@policy(Policy.SECURITY_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody hold a role."""
    login = logins.login_of(pk)
    if login.kind != "staff":
        raise Http404
    now = clock.now()
    form = forms.Grant(request.POST or None, initial={"since": local_day(now)})
    if form.is_valid():
        try:
            _granted(request, form, login)
        except Amiss as amiss:
            form.blame(amiss)
        else:
            messages.success(request, "角色已授予；从开始那天起，他打开工作台就能看到该办的件。")
            return redirect("manage:person", pk)
    shown = {"form": form, "login": login, "is_oneself": pk == account_of(request).pk}
    return render(request, "manage/grant.html", shown, status=422 if form.errors else 200)


def _granted(request: HttpRequest, form: forms.Grant, login: logins.Login) -> None:
    chosen = form.cleaned_data
    whom = None
    if chosen["stands_in_for"].strip():
        try:
            whom = logins.colleague(chosen["stands_in_for"])
        except NotFound as nobody:
            raise Amiss([("stands_in_for", str(nobody))]) from None
    wish = staffing.Grant(
        login.id, chosen["role"], form.place("d"), form.place("r"), chosen["since"], chosen["until"],
        chosen["authority"], whom.id if whom else None,
    )  # fmt: skip
    staffing.grant(wish, by=by_of(request), at=clock.now(), about=login.called, for_whom=whom.name if whom else "")


@policy(Policy.SECURITY_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def holding(request: HttpRequest, pk: int) -> HttpResponse:
    """End a holding, or take back one that has not begun."""
    now = clock.now()
    found = registers.holding(pk, local_day(now))
    today = local_day(now)
    form = forms.End(
        request.POST or None, initial={"last": found.since - timedelta(1) if found.state == "later" else today}
    )
    if form.is_valid():
        chosen = form.cleaned_data
        about = logins.login_of(found.account).called
        try:
            staffing.end(pk, chosen["last"], by=by_of(request), at=now, about=about, reason=chosen["reason"])
        except Amiss as amiss:
            form.blame(amiss)
        else:
            messages.success(request, "已保存。")
            return redirect("manage:person", found.account)
    return render(request, "manage/holding.html", {"form": form, "held": found}, status=422 if form.errors else 200)


@policy(Policy.SECURITY_ADMINISTRATOR)
@require_safe
@never_cache
def locked(request: HttpRequest) -> HttpResponse:
    """Show which login names are locked now, and since when."""
    rule = in_force.lock()
    rows = [(each, each.last + rule["window"]) for each in logins.closed_names(at=clock.now(), **rule)]
    return render(request, "manage/locked.html", {"rows": rows, "rule": rule, "minutes": rule["window"].seconds // 60})
