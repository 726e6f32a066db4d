"""Lists that a person saves under a name of her own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xiaoneng.approval.worklists import Wanted
from xiaoneng.kit import clock
from xiaoneng.people import actions as people
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.staff import filters


@policy(Policy.STAFF)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list that is on the page under a name."""
    asked = filters.from_place(request.POST.get("in", "")) or Wanted()
    name = request.POST.get("name", "")
    try:
        people.save_view(account_of(request).pk, name=name, filters=filters.place(asked), at=clock.now())
        messages.success(request, f"已存为常用列表“{' '.join(name.split())}”，下次从“常用”里打开。")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(filters.address(asked))


@policy(Policy.STAFF)
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a saved list; the cases on it stay where they are."""
    people.forget_view(account_of(request).pk, pk)
    messages.success(request, "已删除这个常用列表；办件本身没有变动。")
    return redirect(filters.address(filters.from_place(request.POST.get("in", "")) or Wanted()))
