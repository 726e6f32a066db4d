"""Announcements on the hall's pages: what is shown, what comes, and a new one."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import announcements as org
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, by_of, policy
from xiaoneng.web.manage import forms


class New(forms.Faulted):
    """A new announcement."""

    title = forms.text("标题", 80, "例如“国庆节期间大厅办公时间”")
    text = forms.text("正文", 5000, "写平常的文字，空一行就是另起一段；不能写网页代码", rows=8)
    office = forms.text("发布单位", 60, "例如“安澜市政务服务管理局”")
    since = forms.day("从哪一天起", "今天或以后")
    until = forms.day("到哪一天为止", "含这一天，最长一年；过后自动不在首页，网址仍然能打开")


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def announcements(request: HttpRequest) -> HttpResponse:
    """Show every announcement; make one."""
    now = clock.now()
    today = local_day(now)
    initial = {"since": today, "until": today + timedelta(30)}
    form = New(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            org.announce(**form.cleaned_data, by=by_of(request), at=now)
        except Amiss as amiss:
            form.blame(amiss)
        else:
            messages.success(request, f"“{form.cleaned_data['title']}”已发布，半分钟内在首页看到。")
            return redirect("manage:announcements")
    shown = {"form": form, "rows": org.every(today)}
    return render(request, "manage/announcements.html", shown, status=422 if form.errors else 200)


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_POST
def withdraw_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an announcement off."""
    try:
        org.withdraw(
            pk, by=by_of(request), at=clock.now(), reason=request.POST.get("reason", "").replace("\0", "")[:200]
        )
    except Amiss as amiss:
        messages.error(request, str(amiss))
    else:
        messages.success(request, "公告已撤下，记入管理留痕。")
    return redirect("manage:announcements")
