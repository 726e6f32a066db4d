"""Settling on one page what is decided on the spot."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from xiaoneng.approval.actions import instant
from xiaoneng.kit import clock
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.staff import case, moves

OPINION = "登记信息核对无误，符合条件，当场准予。"


def offered(file: MatterFile, account: int, now: datetime) -> dict[str, Any] | None:
    """Return how a case can be settled at once, where it can."""
    if file.state != procedure.RECEIVED or instant.why_not(file, account, now):
        return None
    return {"key": str(uuid4()), "url": reverse("staff:at_once", args=[file.called]), "opinion": OPINION}


@policy(Policy.STAFF)
@require_POST
def at_once(request: HttpRequest, number: str) -> HttpResponse:
    """Accept, grant and hand over a case, or show it with everything that stands against it."""
    now, account = clock.now(), account_of(request).pk
    file = moves.visible_case(number, account, now)
    opinion = request.POST.get("opinion", "")[:1000]
    try:
        moved = instant.settle_at_once(file.id, by=actor_of(request), at=now, key=form_key(request), opinion=opinion)
    except Obstructed as refusal:
        return case.page(request, moves.visible_case(number, account, now), now, None, refusal.obstacles, 422)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("staff:case", number)
    return redirect(reverse("staff:case", args=[number]) + f"?done={moved.seq}")
