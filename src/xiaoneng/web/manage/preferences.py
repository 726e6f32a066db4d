"""Settings: what each does, what it is, who changed it when."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.kit.marks import Overtaken
from xiaoneng.org import preferences
from xiaoneng.rules.roles import Administrator
from xiaoneng.web import in_force, seen
from xiaoneng.web.access import Policy, account_of, administrator, by_of, policy


@policy(Policy.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """Show every setting; change one."""
    roles = administrator(account_of(request))
    if roles == {Administrator.AUDIT}:
        raise Http404
    key, typed = request.POST.get("key", ""), request.POST.get("value", "")
    fault, overtaken = "", False
    if request.method == "POST":
        try:
            text = _default_text(key) if request.POST.get("do") == "default" else typed
            in_force.forget()
            preferences.change(
                key, text, current=in_force.values(), roles=roles, by=by_of(request), at=clock.now(),
                seen=seen.posted(request),
            )  # fmt: skip
        except Amiss as amiss:
            fault, overtaken = str(amiss), isinstance(amiss, Overtaken)
        else:
            in_force.forget()
            messages.success(request, f"“{preferences.PREFERENCES[key].label}”已保存，几秒内在所有页面生效。")
            return redirect(f"{reverse('manage:settings')}#{key}")
    rows = [
        replace(row, version=seen.next_mark(request, row.version, overtaken=overtaken))
        if row.preference.key == key
        else row
        for row in preferences.shown(in_force.installation(), in_force.given())
    ]
    groups = [(name, list(each)) for name, each in groupby(rows, key=lambda row: row.preference.group)]
    shown = {"groups": groups, "roles": roles, "key": key, "typed": typed, "fault": fault}
    return render(request, "manage/settings.html", shown, status=422 if fault else 200)


def _default_text(key: str) -> str:
    found = preferences.PREFERENCES.get(key)
    return str(preferences.default_of(found, in_force.installation(), in_force.given())).lower() if found else ""
