"""One's own things, large print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xiaoneng.approval import certificates, reads
from xiaoneng.approval.joint import reads as joint
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.people.applicant_reads import mandates_of
from xiaoneng.people.models import Account
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.account import door
from xiaoneng.web.shown import to_the_applicant


@policy(Policy.SIGNED_IN)
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's own drafts and applications."""
    account = account_of(request)
    if account.kind == Account.Kind.STAFF:
        return redirect(door.start_of(account))
    now = clock.now()
    rows = reads.lines_of(reads.visible_to_applicant(account.pk).order_by("-id")[:200])
    dues = matters.dues_of([row.id for row in rows])
    shown: dict[str, Any] = {
        "drafts": [
            {"title": row.title, "url": reverse("public:draft", args=[row.id]), "saved_at": row.opened_at}
            for row in rows
            if row.draft
        ],
        "applications": [_line(row, dues.get(row.id, {}), now) for row in rows if not row.draft and not row.closed],
        "closed": [_line(row, {}, now) for row in rows if row.closed],
        "certificates": [
            {
                "title": each.title,
                "number": each.number,
                "holder": each.holder_name,
                "until": each.valid_until,
                "standing": each.standing(local_day(now)),
                "url": reverse("public:certificate", args=[each.code]),
            }
            for each in certificates.held_by(account.pk, local_day(now))
        ],
        "mandates": mandates_of(account.pk, local_day(now)),
    }
    for row in reads.lines_of(joint.visible_to_applicant(account.pk).order_by("-id")[:50]):
        if row.draft:
            draft = reverse("public:joint_draft", args=[row.id])
            shown["drafts"].append({"title": row.title, "url": draft, "saved_at": row.opened_at})
        else:
            shown["closed" if row.closed else "applications"].insert(0, _whole(row, now))
    return render(request, "public/mine.html", shown)


def _whole(row: reads.ApplicationLine, now: Any) -> dict[str, Any]:
    """Return a joint case as a line: its light is the worst of its branches, its state in its own words."""
    file = joint.load(row.id)
    lines = joint.branches(row.id)
    clock_ = file.clock("joint")
    return {
        "title": row.title, "number": row.called, "url": reverse("public:joint", args=[row.called]),
        "light": "done" if row.closed else joint.light(file, lines, now).value, "light_text": "", "step": file.step_name,
        "due": clock_.due_on if clock_ else None, "due_text": "" if clock_ and clock_.due_on else "暂停，恢复后再定",
        "closed_at": row.changed_at,
    }  # fmt: skip


def _line(row: reads.ApplicationLine, due: dict[str, Any], now: Any) -> dict[str, Any]:
    light = light_at(row.yellow_at, row.red_at, row.paused, now)
    return {
        "title": row.title,
        "number": row.called,
        "url": reverse("public:progress", args=[row.called]),
        "light": "done" if row.closed else light.value,
        "light_text": "" if light is not Light.RED else "超期",
        "step": to_the_applicant(row.state),
        **_next_day(row, light, due),
        "closed_at": row.changed_at,
    }


_OF_THE_APPLICANT = (ClockName.SUPPLEMENT, ClockName.RECTIFY, ClockName.DEFERRED)


def _next_day(row: reads.ApplicationLine, light: Light, due: dict[str, Any]) -> dict[str, Any]:
    """Return the next day that counts: by which the office answers or delivers, or by which the applicant completes."""
    own = next((due[name] for name in _OF_THE_APPLICANT if due.get(name)), None)
    if row.awaits_applicant and own:
        return {"due": own, "due_text": ""}
    if light is Light.PAUSED or row.red_at is None:
        return {"due": None, "due_text": "暂停，恢复后再定" if light is Light.PAUSED else ""}
    return {"due": local_day(row.red_at), "due_text": ""}


@policy(Policy.PUBLIC)
def large_print(request: HttpRequest) -> HttpResponse:
    """Switch large print on or off and go back."""
    answer = redirect(door.safe(request, request.GET.get("next", "")) or "public:home")
    answer.set_cookie("large", "1" if request.GET.get("large") == "1" else "0", max_age=365 * 86400, samesite="Lax")
    return answer
