"""One's own account: change the password; enrol the phone, print the codes for paper, switch it off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from xiaoneng.kit import clock, documents
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import accounts, second_factor
from xiaoneng.people.models import Account
from xiaoneng.web import in_force, sessions
from xiaoneng.web.access import Policy, account_of, by_of, policy
from xiaoneng.web.account import door
from xiaoneng.web.account.forms import ChangePassword, Code


@policy(Policy.SIGNED_IN, while_owing=True)
@never_cache
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password."""
    account, rule = account_of(request), in_force.password_policy()
    wanted = request.POST.get("next") or request.GET.get("next", "")
    owed = sessions.owes(account) == "account:password"
    form = ChangePassword(request.POST or None)
    form.fields["new"].help_text = str(rule)
    if form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            row = accounts.change_own_password(
                account.pk, old=old, new=new, policy=rule, by=by_of(request), at=clock.now()
            )
        except Amiss as amiss:
            blame(form, amiss)
        else:
            sessions.renew(request, row)
            messages.success(request, "密码已改。别的电脑和手机上的登录都已退出。")
            return redirect(door.safe(request, wanted) or door.start_of(row))
    status = 422 if form.errors else 200
    shown = {"form": form, "next": wanted, "owed": owed, "given": account.must_change_password}
    return render(request, "account/password.html", shown, status=status)


@policy(Policy.SIGNED_IN, while_owing=True)
@never_cache
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Show how signing in with the phone stands, and do the next step of it."""
    account = account_of(request)
    if sessions.owes(account) == "account:password":
        return redirect("account:password")
    if account.second_factor_at is not None:
        return _enrolled(request, account)
    return _enrolling(request, account)


def _enrolling(request: HttpRequest, account: Account) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    required = door.is_second_factor_required() and account.kind == Account.Kind.STAFF
    shown = {"required": required, "next": wanted}
    if request.method != "POST" and not required:
        return render(request, "account/second_factor.html", shown)
    told = second_factor.begin(account.pk, issuer=in_force.values()["site_name"])
    form = Code(request.POST if "code" in request.POST else None)
    if form.is_valid():
        try:
            codes = second_factor.confirm(account.pk, form.cleaned_data["code"], by=by_of(request), at=clock.now())
        except Amiss as amiss:
            blame(form, amiss)
        else:
            return _codes(request, codes, wanted)
    qr = documents.qr_svg(told.address)
    shown |= {"form": form, "secret": told.secret, "address": told.address, "qr_svg": qr}
    return render(request, "account/second_factor.html", shown, status=422 if form.errors else 200)


def _codes(request: HttpRequest, codes: tuple[str, ...], wanted: str) -> HttpResponse:
    row = Account.objects.get(pk=account_of(request).pk)
    sessions.renew(request, row)
    request.user = row
    on = door.safe(request, wanted) or door.start_of(row)
    return render(request, "account/recovery_codes.html", {"codes": codes, "on": on})


def _enrolled(request: HttpRequest, account: Account) -> HttpResponse:
    form = Code(request.POST or None)
    if form.is_valid():
        code, by, now = form.cleaned_data["code"], by_of(request), clock.now()
        try:
            if request.POST.get("do") == "codes":
                return _codes(request, second_factor.new_codes(account.pk, code, by=by, at=now), "")
            second_factor.remove(account.pk, by=by, at=now, code=code)
        except Amiss as amiss:
            blame(form, amiss)
        else:
            sessions.renew(request, Account.objects.get(pk=account.pk))
            messages.success(request, "双因素登录已停用。")
            return redirect("account:second_factor")
    shown = {
        "form": form, "since": account.second_factor_at, "left": second_factor.codes_left(account.pk),
        "required": door.is_second_factor_required() and account.kind == Account.Kind.STAFF,
    }  # fmt: skip
    return render(request, "account/second_factor_on.html", shown, status=422 if form.errors else 200)


def blame(form: ChangePassword | Code, amiss: Amiss) -> None:
    """Put each fault beside its field."""
    for field, text in amiss.faults:
        form.add_error(field if field in form.fields else None, text)
