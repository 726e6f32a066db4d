"""What supervision wants of a department: reminders, cards and orders to answer, and what is recorded about oneself."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.procedures import finding
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import issued_reads, urging
from xiaoneng.supervision.findings import reads as findings
from xiaoneng.web.access import Policy, account_of, policy

MOST_FINDINGS = 50


@policy(Policy.STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
def supervised(request: HttpRequest) -> HttpResponse:
    """Show what waits for this member of staff, and take the answer to a reminder."""
    account, now = account_of(request).pk, clock.now()
    refused = ""
    if request.method == "POST":
        try:
            _answer(request)
            messages.success(request, "答复已记录，效能办看得到。")
            return redirect("staff:supervised")
        except NotAllowed as refusal:
            refused = str(refusal)
    found = _findings(account, now)
    asked = sum(each.state in finding.WAITING_FOR_UNIT for each in found)
    context = {
        "asked": asked,
        "waiting": issued_reads.waiting_for(account, now), "done": issued_reads.answered_by(account, now), "refused": refused,
        "findings": found, "heads": Role.HEAD in org.all_roles_of(account, local_day(now)),
    }  # fmt: skip
    return render(request, "staff/supervised.html", context, status=422 if refused else 200)


def _findings(account: int, now: datetime) -> tuple[findings.FindingLine, ...]:
    """Return the findings that somebody's departments were asked about, those that still wait for them first."""
    rows = findings.for_unit(issued_reads.unit_reach_of(account, local_day(now)))[:MOST_FINDINGS]
    return tuple(sorted(findings.lines(rows, now), key=lambda each: each.state not in finding.WAITING_FOR_UNIT))


def _answer(request: HttpRequest) -> None:
    which, text = request.POST.get("reminder", ""), request.POST.get("text", "").replace("\0", "")
    if not (which.isascii() and which.isdigit() and len(which) < 18):
        raise NotAllowed("没有选中要答复的提醒。请刷新页面后重试。")
    urging.answer(int(which), text=text, by=account_of(request).pk, at=clock.now())
