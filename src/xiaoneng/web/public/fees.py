"""Paying what one's own case is charged: the note, the ways of paying, the bank for trying things out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from xiaoneng.approval import fees, reads
from xiaoneng.approval.actions import fees as actions
from xiaoneng.approval.payments import ABANDONED, FAILED, SUCCEEDED, TEST, TestBank, provider, providers
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.rules.fees import yuan
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.web.access import Policy, account_of, policy

_RESULTS = {"pay": SUCCEEDED, "fail": FAILED, "leave": ABANDONED}
_TOLD = {
    "paid": "缴款成功，收据在本页下面。", "surplus": "这一笔是重复缴款，已经原路退回。",
    "failed": "这次没有缴成功，没有扣款，可以再试。", "abandoned": "您放弃了这次缴款，没有扣款。",
}  # fmt: skip


def _own(request: HttpRequest, charge: int) -> fees.ChargeLine:
    line = fees.one(charge)
    if not reads.is_applicant(reads.load(line.case), account_of(request).pk):
        raise NotFound(fees.NO_SUCH)
    return line


@policy(Policy.CITIZEN)
@require_GET
@never_cache
def fee(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a note of payment and how to pay it."""
    line = _own(request, pk)
    file = fees.load(pk)
    shown = {
        "line": line, "amount": yuan(line.amount), "price": yuan(line.price),
        "basis": next((each.basis for each in fees.tariffs(file) if each.name == line.tariff), ""),
        "progress_url": reverse("public:progress", args=[line.case_called]),
        "ways": [{"code": each.code, "label": each.label} for each in providers() if each.online],
        "attempts": [{"label": each.label, "at": each.begun_at} for each in fees.attempts(pk)],
        "papers": [
            {"title": d.title, "number": d.number, "url": reverse("public:notice", args=[d.verify_code]), "day": d.issued_at}
            for d in matters.documents(pk)
        ],
    }  # fmt: skip
    return render(request, "public/fee.html", {"fee": shown})


@policy(Policy.CITIZEN)
@require_POST
@never_cache
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a payment online and go to where it is made."""
    _own(request, pk)
    try:
        _, address = actions.begin(pk, through=request.POST.get("through", ""), at=clock.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("public:fee", pk)
    return redirect(address)


@policy(Policy.CITIZEN)
@never_cache
def test_bank(request: HttpRequest, order: UUID) -> HttpResponse:
    """Be the bank that takes no money: let the payer choose what becomes of the order."""
    bank = provider(TEST)
    assert isinstance(bank, TestBank)
    attempt = fees.attempt(order)
    line = _own(request, attempt.charge)
    result = _RESULTS.get(request.POST.get("do", "")) if request.method == "POST" else None
    if result is None:
        shown = {"line": line, "amount": yuan(attempt.amount), "state": attempt.label, "order": order}
        return render(request, "public/test_bank.html", {"bank": shown})
    came_to = actions.hear(TEST, bank.message(order, result, attempt.amount), at=clock.now())
    (messages.success if came_to == "paid" else messages.warning)(request, _TOLD[came_to])
    return redirect("public:fee", line.id)


@csrf_exempt
@policy(Policy.PUBLIC)
@require_POST
@never_cache
def callback(request: HttpRequest, through: str) -> HttpResponse:
    """Take in what a provider says of an order; whoever is not the provider is told so."""
    message: dict[str, Any] = {name: request.POST.get(name, "")[:200] for name in list(request.POST)[:20]}
    try:
        return JsonResponse({"state": actions.hear(through, message, at=clock.now())})
    except NotAllowed as refusal:
        return JsonResponse({"state": "refused", "why": str(refusal)}, status=400)
