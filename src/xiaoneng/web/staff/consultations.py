"""What other departments ask of one's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import consulting
from xiaoneng.kit import clock
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, account_of, policy


@policy(Policy.STAFF)
@require_GET
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """List the cases about which one's department is asked, first due on top."""
    now = clock.now()
    today = local_day(now)
    rows = [
        {
            "called": each.called, "title": each.title, "department": each.department_name, "due": each.due_on,
            "over": each.due_on < today,
            "url": reverse("staff:case", args=[each.called]) + "?open=answer_consultation",
        }
        for each in consulting.for_my_department(account_of(request).pk, now)
    ]  # fmt: skip
    return render(request, "staff/consultations.html", {"rows": rows})
