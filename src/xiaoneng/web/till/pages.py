"""The cashier's pages: what is owed, one note and its receipt, what is paid back, and a day's account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xiaoneng.approval import fees
from xiaoneng.approval.actions import fees as actions
from xiaoneng.approval.payments import providers
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.rules.fees import yuan
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.workdays import local, local_day
from xiaoneng.web import exports
from xiaoneng.web.access import Policy, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.till.forms import Collect, Day

PLACES = (("待收退", "till:home"), ("日对账", "till:day"))


@policy(Policy.CASHIER)
@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits to be paid and to be paid back, or the note that somebody brings."""
    words = request.GET.get("q", "")[:60]
    found = fees.owed(words)
    if words and len(found) == 1:
        return redirect("till:charge", found[0].id)
    today = fees.balance(fees.day(local_day(clock.now())))
    shown = {
        "words": words,
        "owed": [_row(each) for each in found],
        "back": [_row(each) for each in fees.to_pay_back()],
    }
    return render(request, "till/home.html", {"till": shown, "today": _told(today), "q": ""})


def _row(line: fees.ChargeLine) -> dict[str, Any]:
    return {"line": line, "amount": yuan(line.refunding or line.amount), "url": reverse("till:charge", args=[line.id])}


def _told(sums: dict[str, int]) -> dict[str, Any]:
    return {name: yuan(sums[name]) for name in ("income", "paid_back", "net")} | {"count": sums["count"]}


@policy(Policy.CASHIER)
@require_GET
@never_cache
def charge(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one note: what it is for, what was tried, what can be done."""
    return _charge(request, fees.one(pk), Collect())


def _charge(
    request: HttpRequest, line: fees.ChargeLine, form: Collect, obstacles: tuple[Obstacle, ...] = (), status: int = 200
) -> HttpResponse:
    labels = {each.code: each.label for each in providers()}
    shown = {
        "line": line, "amount": yuan(line.amount), "price": yuan(line.price), "form": form,
        "back": yuan(line.refunding), "returned": yuan(line.refunded) if line.refunded else "",
        "attempts": [
            {"label": each.label, "provider": labels.get(each.provider, each.provider), "at": each.begun_at}
            for each in fees.attempts(line.id)
        ],
        "papers": [
            {"title": d.title, "number": d.number, "url": reverse("public:notice", args=[d.verify_code]), "day": d.issued_at}
            for d in matters.documents(line.id)
        ],
    }  # fmt: skip
    return render(request, "till/charge.html", {"charge": shown, "obstacles": obstacles}, status=status)


@policy(Policy.CASHIER)
@require_POST
@never_cache
def collect(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was paid at the counter."""
    line, form = fees.one(pk), Collect(request.POST)
    if not form.is_valid():
        return _charge(request, line, form, status=422)
    try:
        moved = actions.collect(
            pk,
            by=actor_of(request),
            at=clock.now(),
            key=form_key(request),
            amount=form.fen(),
            way=form.cleaned_data["way"],
        )
    except Obstructed as refusal:
        return _charge(request, line, form, refusal.obstacles, 422)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return _charge(request, fees.one(pk), form, status=409)
    messages.success(request, f"已收 {yuan(line.amount)}，收据 {moved.numbers['documents'][0]}。")
    return redirect("till:charge", pk)


@policy(Policy.CASHIER)
@require_POST
@never_cache
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a charge was paid back as a head has ordered."""
    line = fees.one(pk)
    try:
        moved = actions.refund(pk, by=actor_of(request), at=clock.now(), key=form_key(request))
    except Obstructed as refusal:
        return _charge(request, line, Collect(), refusal.obstacles, 422)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return _charge(request, fees.one(pk), Collect(), status=409)
    messages.success(request, f"已退 {yuan(line.refunding)}，凭证 {moved.numbers['documents'][0]}。")
    return redirect("till:charge", pk)


def _asked(request: HttpRequest) -> tuple[Day, date]:
    form, today = Day(request.GET or None), local_day(clock.now())
    chosen = form.cleaned_data["day"] if form.is_valid() else None
    return form, chosen or today


@policy(Policy.CASHIER)
@require_GET
@never_cache
def day(request: HttpRequest) -> HttpResponse:
    """Show a day's account, line by line, from the journals."""
    form, on = _asked(request)
    lines = fees.day(on)
    labels = {each.code: each.label for each in providers()}
    rows = [
        {
            "line": each,
            "amount": yuan(each.amount),
            "provider": f"{labels.get(each.provider, each.provider)} {each.way}",
        }
        for each in lines
    ]
    shown = {"rows": rows, "on": on, "sums": _told(fees.balance(lines)), "form": form}
    return render(request, "till/day.html", {"day": shown})


_HEADER = ("时间", "类别", "缴款通知书", "办件", "部门", "收费项目", "收据或凭证", "渠道", "金额（元）")


@policy(Policy.CASHIER)
@require_GET
@never_cache
def day_sheet(request: HttpRequest) -> HttpResponse:
    """Hand out a day's account as a spreadsheet; the last line is the sum."""
    _, on = _asked(request)
    lines = fees.day(on)
    rows: list[tuple[Any, ...]] = [
        (
            f"{local(each.at):%Y-%m-%d %H:%M:%S}", each.kind, each.note, each.case_called, each.department, each.tariff,
            each.number, f"{each.provider} {each.way}".strip(), _plain(each.amount),
        )
        for each in lines
    ]  # fmt: skip
    rows.append(
        (
            "合计",
            "",
            "",
            "",
            "",
            "",
            f"{sum(each.amount > 0 for each in lines)} 笔",
            "",
            _plain(fees.balance(lines)["net"]),
        )
    )
    form = request.GET.get("form", "xlsx")
    return exports.table(request, f"收费日对账 {on}", _HEADER, rows, form=form, filters={"日期": on})


def _plain(amount: int) -> str:
    # As text: a spreadsheet's own numbers are not exact to the fen.
    return f"{Decimal(amount) / 100:.2f}"
