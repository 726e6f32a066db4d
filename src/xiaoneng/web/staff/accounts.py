"""Accounts of applicants: the window opens them for whoever stands there with her card, and writes down for whom she acts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import reads as org
from xiaoneng.people import applicant_reads, applicants, contacts, mandates
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import in_force
from xiaoneng.web.access import Policy, account_of, by_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.staff import account_forms as forms

HERE = "stands_here"  # whose card was seen last in this session; no other applicant's page opens
NOBODY = "没有这个证件号的账号。请核对号码；还没有账号的，请开通。"


@policy(Policy.STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("identity", "phone")
def accounts(request: HttpRequest) -> HttpResponse:
    """Open an account, or find the one that somebody has."""
    _only_at_a_window(request)
    finds = request.POST.get("do") == "find"
    find = forms.Find(request.POST if finds else None, prefix="find")
    form = forms.Open(request.POST if request.method == "POST" and not finds else None)
    if finds and find.is_valid():
        if account := applicant_reads.account_of_identity(find.cleaned_data["identity"]):
            return _at(request, account)
        find.add_error("identity", NOBODY)
    elif form.is_bound and (done := _opened(request, form)) is not None:
        return done
    shown = {"form": form, "find": find}
    return render(request, "staff/accounts.html", shown, status=422 if form.errors or find.errors else 200)


def _only_at_a_window(request: HttpRequest) -> None:
    if Role.WINDOW not in org.all_roles_of(account_of(request).pk, local_day(clock.now())):
        raise NotAllowed("申请人的账号由窗口核对证件以后开通；您没有窗口的岗位，请引导申请人带身份证到任一窗口。")


def _opened(request: HttpRequest, form: forms.Open) -> HttpResponse | None:
    key, is_whole = form_key(request), form.is_valid()
    try:
        with transaction.atomic():
            account = applicants.open_for_applicant(
                form.newcomer(), policy=in_force.password_policy(), by=by_of(request), at=clock.now(), key=key
            )
            if not is_whole:  # asked for the sake of the other faults alone
                transaction.set_rollback(True)
                return None
    except applicants.HasAccount as known:
        messages.warning(request, str(known))
        return _at(request, known.account)
    except Amiss as amiss:
        form.blame(amiss)
        return None
    request.session[HERE] = account
    return redirect("staff:account_slip", key)


def _at(request: HttpRequest, account: int) -> HttpResponse:
    request.session[HERE] = account
    return redirect("staff:account", account)


@policy(Policy.STAFF)
@require_safe
@never_cache
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an applicant whose card was just seen, and what can be done for her."""
    return _page(request, pk)


def _page(
    request: HttpRequest, pk: int, password: forms.Password | None = None, act: forms.Act | None = None,
    end: forms.End | None = None, reached: forms.Reached | None = None,
) -> HttpResponse:  # fmt: skip
    _only_whom_one_has_seen(request, pk)
    who = applicant_reads.applicant(pk, local_day(clock.now()))
    bound = any((password, act, end, reached))
    shown = {
        "who": who, "password": password or forms.Password(prefix="password"), "act": act or forms.Act(prefix="act"),
        "reached": reached or forms.Reached(prefix="reached"),
        "ends": [(line, _end_of(line.id, end)) for line in who.mandates], "open": password is not None,
    }  # fmt: skip
    return render(request, "staff/account.html", shown, status=422 if bound else 200)


def _end_of(mandate: int, bound: forms.End | None) -> forms.End:
    if bound is not None and bound.data.get("end-mandate") == str(mandate):
        return bound
    # Several such forms stand on one page: each field needs an id of its own.
    return forms.End(initial={"mandate": mandate}, prefix="end", auto_id=f"id_{mandate}_%s")


def _only_whom_one_has_seen(request: HttpRequest, pk: int) -> None:
    _only_at_a_window(request)
    if request.session.get(HERE) != pk:
        raise NotAllowed("请先核对本人的证件原件，在“申请人账号”里用证件号找到她，再来办。")


@policy(Policy.STAFF)
@require_POST
def account_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Give a new password out, change phone or login name, write an authority down, or end one."""
    _only_whom_one_has_seen(request, pk)
    doing = {"password": _new_password, "contact": _contact, "authorise": _authorise, "end": _end}.get(name)
    if doing is None:
        raise Http404
    return doing(request, pk)


def _new_password(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.Password(request.POST, prefix="password")
    if not form.is_valid():
        return _page(request, pk, password=form)
    key = form_key(request)
    applicants.give_new_password(
        pk, **form.cleaned_data, policy=in_force.password_policy(), by=by_of(request), at=clock.now(), key=key
    )
    return redirect("staff:account_slip", key)


def _contact(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.Reached(request.POST, prefix="reached")
    form.is_valid()  # what it leaves out, the action refuses
    try:
        renamed = contacts.change_contact(pk, form.contact(), by=by_of(request), at=clock.now())
    except Amiss as amiss:
        form.blame(amiss)
        return _page(request, pk, reached=form)
    now = applicant_reads.applicant(pk, local_day(clock.now()))
    left = "请本人用新登录名重新登录，密码不变；原来的登录已经退出。" if renamed else "登录名没有变。"
    messages.success(request, f"已更改：手机 {now.phone}，登录名 {now.username}。{left}")
    return redirect("staff:account", pk)


def _authorise(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.Act(request.POST, prefix="act")
    form.is_valid()  # what it leaves out, the action refuses
    try:
        mandates.authorise(pk, form.authority(), by=by_of(request), at=clock.now())
    except Amiss as amiss:
        form.blame(amiss)
        return _page(request, pk, act=form)
    said = form.cleaned_data
    messages.success(request, f"已登记：可以代表{said['company']}办事，到 {said['last']} 为止。")
    return redirect("staff:account", pk)


def _end(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.End(request.POST, prefix="end", auto_id="id_bound_%s")
    if form.is_valid():
        mandates.end_mandate(pk, **form.cleaned_data, by=by_of(request), at=clock.now())
        messages.success(request, "授权已结束，马上生效。")
        return redirect("staff:account", pk)
    return _page(request, pk, end=form)


@policy(Policy.STAFF)
@require_safe
@never_cache
def account_slip(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the password that was just given out, once, to be printed and handed over."""
    slip = applicants.show_slip(key, by=account_of(request).pk, at=clock.now())
    shown = {"slip": slip, "login": request.build_absolute_uri(reverse("public:login"))}
    return render(request, "staff/account_slip.html", shown)
