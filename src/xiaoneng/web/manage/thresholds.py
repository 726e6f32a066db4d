"""From when lights warn: the rules in force and those before, and a new one from a day to come on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as fields
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.matters import thresholds as rules
from xiaoneng.rules.units import WARNED, Threshold
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import seen
from xiaoneng.web.access import Policy, by_of, policy
from xiaoneng.web.manage import forms

OWN, WIDER = "own", "wider"


def _number(label: str, most: int, hint: str, first: int) -> fields.IntegerField:
    wrong = f"{label}应为 0 到 {most} 之间的整数"
    return fields.IntegerField(
        label=label, min_value=0, max_value=most, help_text=hint, initial=first,
        error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
    )  # fmt: skip


class Warn(forms.Faulted):
    """A new rule."""

    kind = fields.ChoiceField(label="哪一类事", required=False, help_text="不选就是所有的事")
    item = forms.text("事项编码", 40, "只对一个事项规定时才填它的实施编码，这时不看上面选的类", required=False)
    how = fields.ChoiceField(label="怎样预警", choices=((OWN, "按下面的数"), (WIDER, rules.WIDER)), initial=OWN)
    percent = _number("剩余不超过期限的百分之几", 90, "进位取整；填 0 就只看下面的天数", WARNED.percent)
    least = _number("并且不少于几天", 60, "期限按工作日算的是工作日；按小时算的期限只看百分比", WARNED.least)
    since = forms.day("从哪一天起", "最早明天；那天起开始计时的才用新规则，已经在走的时钟不变")
    reason = forms.text("理由或者依据文件", 200, "例如“安澜市效能办关于调整预警时点的通知”")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [("", "所有的事"), *rules.kinds()]  # type: ignore[attr-defined]


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def thresholds(request: HttpRequest) -> HttpResponse:
    """Show the rules; add one."""
    now = clock.now()
    today = local_day(now)
    stands = rules.mark()  # before the rules themselves: who is shown less than stands is told so
    form = Warn(request.POST if request.method == "POST" else None, initial={"since": today + timedelta(1)})
    if form.is_valid():
        chosen = form.cleaned_data
        own = Threshold(chosen["percent"], chosen["least"]) if chosen["how"] == OWN else None
        try:
            rules.change(
                kind=chosen["kind"], item=chosen["item"], threshold=own, since=chosen["since"], reason=chosen["reason"],
                by=by_of(request), at=now, seen=seen.posted(request),
            )  # fmt: skip
        except Amiss as amiss:
            form.blame(amiss)
        else:
            messages.success(request, f"已保存，{chosen['since']} 起开始计时的按新规则预警；已经在走的时钟不变。")
            return redirect("manage:thresholds")
    shown = {"form": form, "lines": rules.lines(today), "default": WARNED}
    shown["seen"] = seen.next_mark(request, stands, overtaken=form.overtaken)
    return render(request, "manage/thresholds.html", shown, status=422 if form.errors else 200)
