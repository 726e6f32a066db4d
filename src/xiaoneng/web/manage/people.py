"""Staff: found, made, moved, disabled, given a password; and what security does to their accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiaoneng.approval import worklists
from xiaoneng.approval.actions import claims
from xiaoneng.kit import clock, sealing
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import reads as org
from xiaoneng.org import registers, staffing
from xiaoneng.people import accounts, lifetimes, second_factor
from xiaoneng.people import reads as logins
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.roles import Administrator
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import reads as trail
from xiaoneng.web import in_force, seen
from xiaoneng.web.access import Policy, account_of, administrator, by_of, policy
from xiaoneng.web.manage import forms

PER_PAGE = 50
GIVEN = "given"  # a password to be shown once, sealed
STATES = (("active", "启用"), ("disabled", "停用"), ("idle", "没有角色"), ("ending", "30 天内到期"))


@policy(Policy.ADMINISTRATOR)
@require_safe
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """List the staff under the conditions of the address."""
    _not_for_audit(request)
    today, asked = local_day(clock.now()), request.GET
    department = asked.get("department", "")
    rows = registers.staff(
        words=asked.get("q", "").strip()[:60], department=int(department) if _is_id(department) else None,
        role=asked.get("role", "")[:30], state=asked.get("state", ""), on=today,
    )  # fmt: skip
    page = Paginator(rows, PER_PAGE).get_page(asked.get("page"))
    shown = {
        "page": page, "people": registers.people_of(page.object_list, today), "asked": asked, "states": STATES,
        "departments": registers.departments(), "roles": registers.roles(),
        "may_make": Administrator.SYSTEM in administrator(account_of(request)),
    }  # fmt: skip
    return render(request, "manage/people.html", shown)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _not_for_audit(request: HttpRequest) -> frozenset[Administrator]:
    roles = administrator(account_of(request))
    if roles == {Administrator.AUDIT}:
        raise Http404
    return roles


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Make an account with its first post, and show its password once."""
    form = forms.NewPerson(request.POST or None)
    if form.is_valid():
        try:
            return _made(request, form)
        except Amiss as amiss:
            form.blame(amiss)
    return render(request, "manage/person_new.html", {"form": form}, status=422 if form.errors else 200)


def _made(request: HttpRequest, form: forms.NewPerson) -> HttpResponse:
    chosen, by, now = form.cleaned_data, by_of(request), clock.now()
    with transaction.atomic():
        account, password = accounts.create_staff(
            username=chosen["username"], name=chosen["name"], policy=in_force.password_policy(), by=by, at=now
        )
        staffing.place(
            account, department=forms.number_or_none(chosen["department"]), window=forms.number_or_none(chosen["window"]),
            post=chosen["post"], phone=chosen["phone"], by=by, at=now, about=logins.login_of(account).called,
        )  # fmt: skip
    return _show_once(request, account, password)


def _show_once(request: HttpRequest, account: int, password: str) -> HttpResponse:
    request.session[GIVEN] = {"account": account, "sealed": sealing.seal(password, GIVEN)}
    return redirect("manage:password_given", account)


@policy(Policy.ADMINISTRATOR)
@require_safe
@never_cache
def password_given(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a password that was just given out, once."""
    _not_for_audit(request)
    login, given = logins.login_of(pk), request.session.pop(GIVEN, None)
    password = sealing.unseal(given["sealed"], GIVEN) if given and given["account"] == pk else ""
    return render(request, "manage/password_given.html", {"login": login, "password": password})


@policy(Policy.ADMINISTRATOR)
@require_safe
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one member of staff and what can be done."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, bound: tuple[str, forms.Faulted] | None = None) -> HttpResponse:
    roles, login, now = _not_for_audit(request), logins.login_of(pk), clock.now()
    if login.kind != "staff":
        raise Http404
    today = local_day(now)
    held = registers.holdings_of(pk, today)
    locked = {each.account: each for each in logins.closed_names(at=now, **in_force.lock())}
    shown = {
        "login": login, "card": org.staff_card(pk), "post": registers.post_of(pk), "held": held,
        "locked": locked.get(pk), "history": trail.lines_of(trail.records(key=accounts.key_of(pk))[:20]),
        "acts": [_shown(each, pk, bound) for each in ACTS if _may(each, roles, pk, login, request)],
        "may_grant": Administrator.SECURITY in roles and pk != account_of(request).pk,
        "is_oneself": pk == account_of(request).pk, "open_work": worklists.claimed_by(pk),
    }  # fmt: skip
    return render(request, "manage/person.html", shown, status=422 if bound else 200)


# --- what can be done to an account -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done to an account: by whom, when, with which form, and what it will do."""

    name: str
    label: str
    effect: str
    who: frozenset[Administrator]
    form: type[forms.Faulted]
    do: Callable[[HttpRequest, int, dict[str, Any]], HttpResponse | str]
    fits: Callable[[logins.Login], bool] = lambda login: True


_SYSTEM, _BOTH = frozenset({Administrator.SYSTEM}), frozenset({Administrator.SYSTEM, Administrator.SECURITY})
_SECURITY = frozenset({Administrator.SECURITY})


def _place(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> str:
    staffing.place(
        pk, department=forms.number_or_none(chosen["department"]), window=forms.number_or_none(chosen["window"]),
        post=chosen["post"], phone=chosen["phone"], by=by_of(request), at=clock.now(), about=logins.login_of(pk).called,
        seen=seen.posted(request),
    )  # fmt: skip
    return "岗位已调整。角色没有跟着变，需要的话请安全管理员结束原来的、授予新的。"


def _rename(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> str:
    accounts.rename(pk, chosen["name"], by=by_of(request), at=clock.now())
    return "姓名已更正。"


def _password(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> HttpResponse:
    password = accounts.give_password(
        pk, policy=in_force.password_policy(), by=by_of(request), at=clock.now(), reason=chosen["reason"]
    )
    return _show_once(request, pk, password)


def _disable(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> str:
    accounts.disable(pk, by=by_of(request), at=clock.now(), reason=chosen["reason"])
    left = len(worklists.claimed_by(pk))
    return "账号已停用，他在各处的登录已经退出。" + (f"他名下还有 {left} 件在办，请在下面交给别人。" if left else "")


def _pass_on(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> str:
    try:
        receiver = logins.colleague(chosen["receiver"])
    except NotFound as nobody:
        raise NotAllowed(str(nobody)) from None
    passed = claims.hand_all_over(
        pk,
        receiver=receiver.id,
        reason=chosen["reason"],
        by=by_of(request),
        account=account_of(request).pk,
        at=clock.now(),
    )
    stayed = "".join(f"{line.called}：{why}。" for line, why in passed.stayed)
    return f"转交了 {len(passed.went)} 件。{f'留下 {len(passed.stayed)} 件：{stayed}' if stayed else ''}"


def _enable(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> str:
    accounts.enable(pk, by=by_of(request), at=clock.now(), reason=chosen["reason"])
    return "账号已启用。"


def _unlock(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> str:
    accounts.unlock(pk, by=by_of(request), at=clock.now(), reason=chosen["reason"])
    return "已解锁，可以马上重新登录。"


def _last_day(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> str:
    lifetimes.set_last_day(pk, chosen["last"], by=by_of(request), at=clock.now(), reason=chosen["reason"])
    return f"有效期已设到 {chosen['last']}，过了这一天自动退出并停用。" if chosen["last"] else "账号已改为长期有效。"


def _remove_factor(request: HttpRequest, pk: int, chosen: dict[str, Any]) -> str:
    second_factor.remove(pk, by=by_of(request), at=clock.now(), reason=chosen["reason"])
    return "双因素登录已停用，他要重新开通。"


ACTS = (
    Act("place", "调整部门、岗位、窗口", "立即生效；手上的办件和角色不变。", _SYSTEM, forms.Post, _place),
    Act("rename", "更正姓名", "立即在所有页面生效。", _SYSTEM, forms.Name, _rename),
    Act(
        "give_password", "重置密码", "生成一个新的初始密码给他，原密码作废，各处登录退出；他登录后要先改密码。",
        _BOTH, forms.Reason, _password,
    ),
    Act("unlock", "解除锁定", "清除输错的次数，可以马上登录。先确认是他本人。", _SECURITY, forms.Reason, _unlock),
    Act(
        "second_factor", "停用他的双因素登录", "手机遗失时用：各处登录退出，只凭密码登录后要重新开通。先确认是他本人。",
        _SECURITY, forms.Reason, _remove_factor, lambda login: login.second_factor_at is not None,
    ),
    Act(
        "last_day", "设有效期", "借调、挂职、临聘的人员，到期那天过完自动退出、停用；办过的件和留痕都保留，可以再延。",
        _SECURITY, forms.LastDay, _last_day,
    ),
    Act(
        "pass_on", "把在办的件交给别人", "名下领办的件一次转给接手的人；权限、环节和期限都不变，交接记录在案。",
        _BOTH, forms.PassOn, _pass_on, lambda login: bool(worklists.claimed_by(login.id)),
    ),
    Act(
        "disable", "停用账号", "马上退出、不能再登录；办过的件和留痕都保留；可以再启用。手上的件请先交给别人。",
        _BOTH, forms.Reason, _disable, lambda login: login.active,
    ),
    Act(
        "enable", "启用账号", "可以用原来的密码登录；角色按原来的起止日期恢复有效。",
        _BOTH, forms.Reason, _enable, lambda login: not login.active,
    ),
)  # fmt: skip


def _may(each: Act, roles: frozenset[Administrator], pk: int, login: logins.Login, request: HttpRequest) -> bool:
    if not (each.who & roles and each.fits(login)):
        return False
    if each.name == "unlock" and not _is_locked(pk):
        return False
    if pk == account_of(request).pk:
        return each.name in ("place", "rename")
    if each.name == "give_password":
        return _may_give_password(roles, pk)
    return True


def _is_locked(pk: int) -> bool:
    return any(each.account == pk for each in logins.closed_names(at=clock.now(), **in_force.lock()))


def _may_give_password(roles: frozenset[Administrator], pk: int) -> bool:
    # Whoever can set somebody's password can become her: so the system's does not reach audit, and security's only the
    # two others.
    theirs = org.administrator_of(pk, local_day(clock.now()))
    if Administrator.SECURITY in roles:
        return bool(theirs & {Administrator.SYSTEM, Administrator.AUDIT})
    return not theirs & {Administrator.SYSTEM, Administrator.AUDIT}


def _shown(each: Act, pk: int, bound: tuple[str, forms.Faulted] | None) -> dict[str, Any]:
    is_bound = bound is not None and bound[0] == each.name
    form = bound[1] if bound is not None and is_bound else each.form(initial=_initial(each, pk), prefix=each.name)
    mark = staffing.post_marks([pk])[pk] if each.name == "place" else ""
    if is_bound and not form.overtaken:
        mark = form.data.get("seen", "")[:16]  # a slip of the pen is no new reading
    return {"name": each.name, "label": each.label, "effect": each.effect, "form": form, "open": is_bound, "seen": mark}


def _initial(each: Act, pk: int) -> dict[str, Any]:
    if each.name == "rename":
        return {"name": logins.login_of(pk).name}
    if each.name == "last_day":
        return {"last": logins.login_of(pk).expires_on}
    post = registers.post_of(pk) if each.name == "place" else None
    return (
        {"department": post.department, "window": post.window or "", "post": post.post, "phone": post.phone}
        if post
        else {}
    )


@policy(Policy.ADMINISTRATOR)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do something to an account."""
    found, roles = next((each for each in ACTS if each.name == name), None), _not_for_audit(request)
    login = logins.login_of(pk)
    if found is None or login.kind != "staff" or not found.who & roles:
        raise Http404
    if not _may(found, roles, pk, login, request):
        raise NotAllowed(f"现在不能{found.label}：可能刚被别人办过，或者要由另一位管理员来办。请重新打开这个人。")
    form = found.form(request.POST, prefix=name)
    if form.is_valid():
        try:
            done = found.do(request, pk, form.cleaned_data)
        except Amiss as amiss:
            form.blame(amiss)
        else:
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, done)
            return redirect("manage:person", pk)
    return _page(request, pk, (name, form))
