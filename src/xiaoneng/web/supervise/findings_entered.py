"""Pages by which people enter what they found themselves, and draw the random samples that are read through."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.findings import Source
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import models
from xiaoneng.supervision.findings import actions, draws, reads
from xiaoneng.supervision.process import places
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.supervise.issued_forms import text

NOBODY = "登记监察发现要有效能监察员或者部门负责人的岗位。请转给有这个岗位的同事。"
SHOWN = 20


class Entered(forms.Form):
    """What somebody found."""

    source = forms.ChoiceField(label="来源")
    department = forms.ChoiceField(label="单位")
    note = text("发现的事实和证据", "写明时间、地点、经过和证据；登记以后不能改动", rows=5)
    case = forms.CharField(label="有关办件的编号", max_length=40, required=False)

    def __init__(self, sources: list[Source], departments: list[tuple[int, str]], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["source"].choices = [(each.value, each.label) for each in sources]  # type: ignore[attr-defined]
        self.fields["department"].choices = [(str(pk), name) for pk, name in departments]  # type: ignore[attr-defined]


class Drawing(forms.Form):
    """What a sample is drawn from."""

    _DAY = {"type": "date"}
    _WRONG = {"invalid": "日期应写成 2026-03-02 的样子", "required": "请选择日期"}
    since = forms.DateField(label="决定日期自", widget=forms.DateInput(_DAY, "%Y-%m-%d"), error_messages=_WRONG)
    until = forms.DateField(label="决定日期至", widget=forms.DateInput(_DAY, "%Y-%m-%d"), error_messages=_WRONG)
    wanted = forms.IntegerField(
        label="抽取件数", min_value=1, max_value=draws.MOST, initial=10,
        error_messages={"invalid": "件数应为整数", "required": "请填写件数", "max_value": f"最多 {draws.MOST} 件"},
    )  # fmt: skip
    department = forms.ChoiceField(label="单位", required=False)
    seed = forms.CharField(
        label="种子",
        max_length=64,
        required=False,
        help_text="可以用事先公布的数；不填的随机产生。知道种子的人都能重算",
    )

    def __init__(self, departments: list[tuple[int, str]], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [("", "全部"), *((str(pk), name) for pk, name in departments)]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]


def _reach(request: HttpRequest, now: datetime, role: Role) -> Reach:
    return org.reach_of(account_of(request).pk, [role], local_day(now))


@policy(Policy.STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Enter what a patrol, the reading of a sample or a department's own examination found."""
    now = clock.now()
    held = org.all_roles_of(account_of(request).pk, local_day(now))
    by_office, by_head = Role.SUPERVISOR in held, Role.HEAD in held
    if not (by_office or by_head):
        raise NotFound(NOBODY)
    sources = [Source.PATROL, Source.AUDIT_SAMPLE] if by_office else [Source.SELF_EXAMINATION]
    reach = _reach(request, now, Role.SUPERVISOR if by_office else Role.HEAD)
    departments = list(reads.departments(reach))
    initial = {"case": request.GET.get("case", "")[:40], "source": request.GET.get("source", "")[:20]}
    form = Entered(sources, departments, request.POST or None, initial=initial)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("supervise:finding", _entered(request, form.cleaned_data, now))
        except (NotAllowed, NotFound) as refusal:
            refused = str(refusal)
    context = {
        "form": form, "refused": refused, "desk": "监察",
        "back_url": reverse("supervise:findings" if by_office else "staff:supervised"),
    }  # fmt: skip
    return render(request, "supervise/finding_new.html", context, status=422 if request.method == "POST" else 200)


def _entered(request: HttpRequest, said: dict[str, Any], now: datetime) -> str:
    cases = (matters.file(said["case"].strip()).id,) if said["case"].strip() else ()
    moved = actions.find_by_hand(
        said["source"], int(said["department"]), note=said["note"], by=actor_of(request), at=now, key=form_key(request),
        cases=cases,
    )  # fmt: skip
    return matters.file(moved.matter).called


@policy(Policy.SUPERVISOR)
@require_http_methods(["GET", "POST"])
@never_cache
def samples(request: HttpRequest) -> HttpResponse:
    """Show the samples drawn, and draw another."""
    now = clock.now()
    reach = _reach(request, now, Role.SUPERVISOR)
    departments = [(pk, name) for pk, name in places.departments(reach)]
    form = Drawing(
        departments, request.POST or None, initial={"until": local_day(now), "since": local_day(now).replace(day=1)}
    )
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            _draw(request, form.cleaned_data, now)
            return redirect("supervise:samples")
        except NotAllowed as refusal:
            refused = str(refusal)
    context = {
        "form": form, "refused": refused, "desk": "监察", "back_url": reverse("supervise:findings"),
        "draws": [_shown(row, dict(departments)) for row in reads.draws(reach)[:SHOWN]],
    }  # fmt: skip
    return render(request, "supervise/samples.html", context, status=422 if request.method == "POST" else 200)


def _draw(request: HttpRequest, said: dict[str, Any], now: datetime) -> None:
    draws.draw(
        since=said["since"], until=said["until"], wanted=said["wanted"], by=actor_of(request), at=now,
        department=int(said["department"]) if said["department"] else None, seed=said["seed"],
    )  # fmt: skip


def _shown(row: models.AuditDraw, departments: dict[int, str]) -> dict[str, Any]:
    name = "全部单位" if row.department_id is None else departments.get(row.department_id, "")
    return {"row": row, "department": name, "cases": reads.cases_of(row.cases)}
