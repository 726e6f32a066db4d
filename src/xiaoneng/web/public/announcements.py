"""What the hall announces, as a list and one by one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xiaoneng.kit import clock
from xiaoneng.org import announcements as org
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, policy


@policy(Policy.PUBLIC)
@require_GET
def announcements(request: HttpRequest) -> HttpResponse:
    """List what is announced today."""
    return render(request, "public/announcements.html", {"rows": org.shown(local_day(clock.now()))})


@policy(Policy.PUBLIC)
@require_GET
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one announcement, also after its last day."""
    return render(request, "public/announcement.html", {"row": org.one(pk, local_day(clock.now()))})
