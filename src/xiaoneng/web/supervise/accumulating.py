"""The page on which a supervisor of the whole city changes a rule of accumulation, adds one, or ends one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as fields
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import reads as org
from xiaoneng.rules.accountability import Measure, Source
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import accountability_reads, accumulating
from xiaoneng.supervision.accumulating import Wording
from xiaoneng.trail import reads as trail
from xiaoneng.web import seen
from xiaoneng.web.access import Policy, account_of, by_of, policy
from xiaoneng.web.manage import forms

NEW = "new"


def _number(label: str, least: int, most: int, hint: str = "") -> fields.IntegerField:
    wrong = f"{label}应为 {least} 到 {most} 之间的整数"
    errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
    return fields.IntegerField(label=label, min_value=least, max_value=most, help_text=hint, error_messages=errors)


class Rule(forms.Faulted):
    """What a rule says from a day on."""

    code = forms.text("代码", 20, "大写字母、数字和短横，例如 A-RED-3；定下以后不改")
    label = forms.text("规则", 120, "一句话，例如“十二个月内三张黄牌生效”")
    source = fields.ChoiceField(label="数什么", choices=[(each.value, each.label) for each in Source])
    rule = forms.text("限于", 40, "牌填 yellow 或 red，发现填规则代码，问责填处理；不填就是全部", required=False)
    count = _number("几件", 1, accumulating.MOST_COUNT)
    months = _number("多少个月以内", 1, accumulating.MOST_MONTHS)
    measure = fields.ChoiceField(label="建议", choices=[(each.value, each.label) for each in Measure])
    points = _number("扣分", 0, accumulating.MOST_POINTS)
    basis = forms.text("依据文件", 200, "例如“安澜市机关效能问责办法（安办〔2026〕8号）第九条”")
    since = forms.day("从哪一天起", "最早明天；到前一天为止按原来的，已经提出的建议不变")


class Last(forms.Faulted):
    """The end of a rule."""

    last = forms.day("到哪一天为止", "含这一天")
    reason = forms.text("停用的理由或者依据", 200)


def may_change(account: int) -> bool:
    """Tell whether an account supervises the whole city: the rules are the city's."""
    return org.reach_of(account, [Role.SUPERVISOR], local_day(clock.now())).everywhere


@policy(Policy.SUPERVISOR)
@require_http_methods(["GET", "POST"])
@never_cache
def accumulation(request: HttpRequest, code: str) -> HttpResponse:
    """Change one rule, or with the code `new` add one."""
    if not may_change(account_of(request).pk):
        raise Http404
    rows = [row for row in accountability_reads.accumulations() if row.code == code]
    row = next((each for each in rows if each.until is None), None)
    if row is None and code != NEW:
        raise Http404
    tomorrow = local_day(clock.now()) + timedelta(1)
    first: dict[str, Any] = (
        {name: getattr(row, name) for name in ("code", *Wording.__dataclass_fields__)} if row else {}
    )
    ending = request.POST.get("do") == "end"
    rule = Rule(request.POST if request.method == "POST" and not ending else None, initial=first | {"since": tomorrow})
    last = Last(request.POST if ending else None, initial={"last": tomorrow}, auto_id="end_%s")
    if row:
        rule.fields["code"].disabled = True
    if _done(request, row.code if row else "", last if ending else rule):
        return redirect("supervise:accumulations")
    context = {
        "form": last if ending else rule, "rule": rule, "last": last if row else None, "row": row, "desk": "监察",
        "history": trail.lines_of(trail.records(key=accumulating.KEY, words=code)[:10]) if row else (),
        "back_url": reverse("supervise:accumulations"),
        "seen": seen.next_mark(request, accumulating.mark_of(row), overtaken=(last if ending else rule).overtaken) if row else "",
    }  # fmt: skip
    return render(request, "supervise/accumulation.html", context, status=422 if rule.errors or last.errors else 200)


def _done(request: HttpRequest, code: str, form: forms.Faulted) -> bool:
    """Do what was posted; what cannot be taken stands beside its field."""
    if not form.is_bound or not form.is_valid():
        return False
    said, by, now = dict(form.cleaned_data), by_of(request), clock.now()
    try:
        if isinstance(form, Last):
            read = seen.posted(request)
            accumulating.end(code, last=said["last"], reason=said["reason"], by=by, at=now, seen=read)
            messages.success(request, f"{code} 到 {said['last']} 为止；记入管理留痕。")
        else:
            since, chosen = said.pop("since"), said.pop("code")
            accumulating.change(
                chosen, Wording(**said), since=since, by=by, at=now, seen=seen.posted(request)
            )  # fmt: skip
            messages.success(request, f"{chosen} 从 {since} 起按新的规定；记入管理留痕。")
    except Amiss as amiss:
        form.blame(amiss)
        return False
    return True
