"""What a case is charged: the published fees, the notes that were written, exemptions and refunds. No money is taken here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xiaoneng.approval import fees
from xiaoneng.approval.actions import fees as actions
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import fees as rules
from xiaoneng.rules.fees import yuan
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstacle, Obstructed
from xiaoneng.rules.procedures.fee import PROCEDURE
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.staff import moves


class Demand(forms.Form):
    """Which published fee, and how many units."""

    tariff = forms.CharField(max_length=120)
    units = forms.IntegerField(
        label="数量", min_value=1, max_value=rules.MOST_UNITS,
        error_messages={"required": "请填写数量", "invalid": "数量写成整数", "min_value": "数量至少是 1"},
    )  # fmt: skip
    ground = forms.CharField(label="理由和依据", max_length=300, required=False)


class Say(forms.Form):
    """Which note, and why."""

    charge = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = forms.CharField(label="理由", max_length=300, required=False)
    basis = forms.CharField(label="依据", max_length=300, required=False)
    amount = forms.DecimalField(
        label="退多少元", required=False, max_digits=14, decimal_places=2,
        error_messages={"invalid": "金额写成 105.00 的样子", "max_decimal_places": "金额最多两位小数"},
    )  # fmt: skip


@policy(Policy.STAFF)
@never_cache
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Show what a case is charged, and do what is asked for: demand, exempt, void or order a refund."""
    now = clock.now()
    file = moves.visible_case(number, account_of(request).pk, now)
    if request.method != "POST":
        return _page(request, file, now)
    do = request.POST.get("do", "")
    if do not in _DOING:
        raise Http404
    try:
        _DOING[do](request, file, actor_of(request), now)
    except Obstructed as refusal:
        return _page(request, file, now, refusal.obstacles, 422)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return _page(request, file, now, status=409)
    messages.success(request, _DONE[do])
    return redirect("staff:fees", file.called)


def _demand(request: HttpRequest, file: MatterFile, by: Actor, at: datetime) -> Moved:
    asked = _valid(Demand(request.POST))
    told = {"tariff": asked["tariff"], "units": asked["units"]}
    return actions.demand(file.id, by=by, at=at, key=form_key(request), **told)


def _exempt(request: HttpRequest, file: MatterFile, by: Actor, at: datetime) -> Moved:
    return actions.exempt(file.id, by=by, at=at, key=form_key(request), **_valid(Demand(request.POST)))


def _void(request: HttpRequest, file: MatterFile, by: Actor, at: datetime) -> Moved:
    asked = _valid(Say(request.POST))
    return actions.void_demand(_own(file, asked["charge"]), by=by, at=at, key=form_key(request), reason=asked["reason"])


def _order_refund(request: HttpRequest, file: MatterFile, by: Actor, at: datetime) -> Moved:
    asked = _valid(Say(request.POST))
    amount = rules.fen(asked["amount"]) if asked["amount"] is not None else None
    return actions.order_refund(
        _own(file, asked["charge"]), by=by, at=at, key=form_key(request), reason=asked["reason"], basis=asked["basis"],
        amount=amount,
    )  # fmt: skip


def _valid(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        said = [str(text).rstrip("。.") for texts in form.errors.values() for text in texts]
        raise NotAllowed("；".join(said) + "。请改正后再提交。")
    return form.cleaned_data


def _own(file: MatterFile, charge: int) -> int:
    if charge not in {each.id for each in fees.of_case(file.id)}:
        raise NotFound("本件没有这张缴款通知书。请刷新页面。")
    return charge


_DOING: dict[str, Callable[[HttpRequest, MatterFile, Actor, datetime], Moved]] = {
    "demand": _demand, "exempt": _exempt, "void": _void, "order_refund": _order_refund,
}  # fmt: skip
_DONE = {
    "demand": "缴款通知书已经开出，申请人在进度页就能缴。", "exempt": "已经减免，决定书已经发出。",
    "void": "缴款通知书已经作废。", "order_refund": "已经决定退费，由收费窗口按原渠道退。",
}  # fmt: skip


def _page(
    request: HttpRequest, file: MatterFile, now: datetime, obstacles: tuple[Obstacle, ...] = (), status: int = 200
) -> HttpResponse:
    held = {each.role for each in org.roles_of(account_of(request).pk, file.department, local_day(now))}
    charges = fees.of_case(file.id)
    taken = {each.tariff for each in charges if each.state not in ("void", "expired")}
    shown = {
        "number": file.called,
        "title": file.title,
        "url": reverse("staff:case", args=[file.called]),
        "open": file.state in actions.IN_HAND,
        "tariffs": [
            {
                "fee": each, "amount": each.amount, "taken": each.name in taken,
                "why": "".join(o.message for o in rules.to_demand(each, 1, file.plan.kind)),
                "price": yuan(rules.price(each) or 0),
            }
            for each in fees.tariffs(file)
        ],
        "charges": [_charge(each) for each in charges],
        "may_demand": bool(held & set(PROCEDURE.move("demand").roles)),
        "may_void": bool(held & set(PROCEDURE.move("void_demand").roles)),
        "is_head": Role.HEAD in held,
    }  # fmt: skip
    return render(request, "staff/fees.html", {"case": shown, "obstacles": obstacles}, status=status)


def _charge(line: fees.ChargeLine) -> dict[str, Any]:
    papers = [
        {"title": d.title, "number": d.number, "url": reverse("public:notice", args=[d.verify_code])}
        for d in matters.documents(line.id)
    ]
    back = yuan(line.refunded) if line.refunded else ""
    return {"line": line, "amount": yuan(line.amount), "papers": papers, "back": back, "left": yuan(line.left)}
