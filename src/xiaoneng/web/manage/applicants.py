"""Accounts of applicants as security sees them: found by one number, closed, opened again, unlocked; each on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import accounts, applicant_reads, applicants
from xiaoneng.people import reads as logins
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import reads as trail
from xiaoneng.web import in_force
from xiaoneng.web.access import Policy, by_of, policy
from xiaoneng.web.manage import forms

FOUND = (
    "found_applicant"  # whose number was typed last in this session; of the others only the closed and the locked open
)
NOBODY = "没有这个证件号或者登录名的申请人账号。请核对后再找；工作人员的账号在“人员”里。"


class Find(forms.Faulted):
    """By which number or name an applicant is found."""

    said = forms.text("证件号或者登录名", 40, "要一字不差；登录名多半是手机号")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done to an applicant's account, and when."""

    name: str
    label: str
    effect: str
    do: Callable[..., None]
    done: str


DISABLE = Act(
    "disable", "停用账号", "马上退出各处登录，不能再登录；办件照常走，证照和授权都保留；窗口不能恢复，只有这里能再启用。",
    applicants.disable_applicant, "账号已停用，本人在各处的登录已经退出。",
)  # fmt: skip
ENABLE = Act(
    "enable", "启用账号", "可以用原来的密码登录；忘了密码的，请本人带证件到窗口。",
    applicants.enable_applicant, "账号已启用。",
)  # fmt: skip
UNLOCK = Act(
    "unlock", "解除锁定", "清除输错的次数，可以马上登录。先确认是本人。",
    applicants.unlock_applicant, "已解锁，可以马上重新登录。",
)  # fmt: skip
ACTS = (DISABLE, ENABLE, UNLOCK)


@policy(Policy.SECURITY_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("said")
def find(request: HttpRequest) -> HttpResponse:
    """Find an applicant's account, and list those that are closed."""
    form = Find(request.POST or None)
    if form.is_valid():
        if account := applicant_reads.account_called(form.cleaned_data["said"]):
            request.session[FOUND] = account
            return redirect("manage:applicant", account)
        form.add_error("said", NOBODY)
    shown = {"form": form, "disabled": applicant_reads.disabled_applicants()}
    return render(request, "manage/applicants.html", shown, status=422 if form.errors else 200)


@policy(Policy.SECURITY_ADMINISTRATOR)
@require_safe
@never_cache
def applicant(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one applicant's account and what can be done to it."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: tuple[str, django_forms.Form] | None = None) -> HttpResponse:
    now = clock.now()
    who, locked = _opened(request, pk, now)
    form = bound[1] if bound else None
    shown = {
        "who": who, "locked": locked, "login": logins.login_of(pk),
        "acts": [
            {"act": each, "form": form if bound and bound[0] == each.name else forms.Reason(prefix=each.name),
             "open": bool(bound and bound[0] == each.name)}
            for each in ACTS if _fits(each, who, locked)
        ],
        "history": trail.lines_of(trail.records(key=accounts.key_of(pk))[:20]),
    }  # fmt: skip
    return render(request, "manage/applicant.html", shown, status=422 if bound else 200)


def _opened(request: HttpRequest, pk: int, now: datetime) -> tuple[applicant_reads.Applicant, logins.Closed | None]:
    """Return an applicant whose number was typed, or whose account is closed or locked; nobody leafs through the others."""
    login = logins.login_of(pk)
    if login.kind != "citizen":
        raise Http404
    locked = next((each for each in logins.closed_names(at=now, **in_force.lock()) if each.account == pk), None)
    if login.active and locked is None and request.session.get(FOUND) != pk:
        raise NotAllowed("请先在“申请人”里用证件号或者登录名找到这个账号，再来办。")
    return applicant_reads.applicant(pk, local_day(now)), locked


def _fits(each: Act, who: applicant_reads.Applicant, locked: Any) -> bool:
    if each is UNLOCK:
        return who.active and locked is not None
    return who.active is (each is DISABLE)


@policy(Policy.SECURITY_ADMINISTRATOR)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Close an applicant's account, open it again, or unlock it."""
    found = next((each for each in ACTS if each.name == name), None)
    who, locked = _opened(request, pk, clock.now())
    if found is None:
        raise Http404
    if not _fits(found, who, locked):
        raise NotAllowed(f"现在不用{found.label}：可能刚被别人办过。请重新打开这个账号。")
    form = forms.Reason(request.POST, prefix=name)
    if not form.is_valid():
        return _page(request, pk, (name, form))
    request.session[FOUND] = pk  # the page opens once more, whatever was done
    try:
        found.do(pk, by=by_of(request), at=clock.now(), reason=form.cleaned_data["reason"])
    except Amiss as amiss:
        form.blame(amiss)
        return _page(request, pk, (name, form))
    messages.success(request, found.done)
    return redirect("manage:applicant", pk)
