"""Regions with their office hours, departments, windows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiaoneng.catalogue import actions as catalogue
from xiaoneng.kit import clock
from xiaoneng.kit.amiss import Amiss
from xiaoneng.kit.marks import Overtaken
from xiaoneng.org import places, reads, registers
from xiaoneng.powerlists.departments import close_department
from xiaoneng.rules.grounds import NotFound, Obstructed
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import reads as trail
from xiaoneng.web import seen
from xiaoneng.web.access import Policy, by_of, policy
from xiaoneng.web.manage import forms

KINDS: dict[str, tuple[str, type[forms.Faulted], Callable[..., int]]] = {
    "region": ("地区", forms.Region, places.save_region),
    "department": ("部门", forms.Department, places.save_department),
    "window": ("窗口", forms.Window, places.save_window),
}
EFFECTS = {
    "region": "改名称立即在所有页面生效；已经发出的文书不变。",
    "department": "改名称、电话立即在指南和页面上生效；已经发出的文书不变，以后的文书用新的名称和代字。",
    "window": "改名称立即生效。窗口由谁来坐，在“人员”里安排。",
}


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_safe
@never_cache
def organisation(request: HttpRequest) -> HttpResponse:
    """Show the whole organisation."""
    rows = [(each, places.said(each.office_hours)) for each in registers.regions()]
    shown = {"regions": rows, "departments": registers.departments(), "windows": registers.windows()}
    return render(request, "manage/organisation.html", shown)


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: HttpRequest, kind: str, pk: int | None = None) -> HttpResponse:
    """Make a place or change it."""
    if kind not in KINDS:
        raise Http404
    label, form_of, save = KINDS[kind]
    form: Any = form_of(request.POST or None, initial=_initial(kind, pk, request))
    overtaken = False
    if form.is_valid():
        try:
            with transaction.atomic():
                save(pk, form.values(), by=by_of(request), at=clock.now(), seen=seen.posted(request))
                _found_by_its_new_name(kind, pk, form)
        except Amiss as amiss:
            overtaken = isinstance(amiss, Overtaken)
            form.blame(amiss)
        else:
            messages.success(request, f"{label}“{form.cleaned_data['name']}”已保存。")
            return redirect("manage:organisation")
    title = f"修改{label}" if pk else f"新建{label}"
    shown = {
        "form": form,
        "title": title,
        "kind": kind,
        "pk": pk,
        "label": label,
        "effect": EFFECTS[kind] if pk else "",
    }
    if pk:
        shown["seen"] = seen.next_mark(request, places.marks_of(kind).get(pk, ""), overtaken=overtaken)
    shown["history"] = _history(kind, pk)
    shown["closing"] = _closing(pk) if kind == "department" and pk else None
    return render(request, "manage/place.html", shown, status=422 if form.errors else 200)


def _found_by_its_new_name(kind: str, pk: int | None, form: Any) -> None:
    """Let searches find items under what their department or region is called from now on."""
    if pk is None or not form.has_changed():
        return
    if kind == "department":
        catalogue.index_department(pk)
    elif kind == "region":
        catalogue.index_region(pk)


def _closing(pk: int) -> dict[str, Any]:
    row = registers.departments().filter(pk=pk).first()
    if row is None:
        raise NotFound(places.GONE)
    heirs = [
        (each.pk, each.name, each.region.name)
        for each in registers.departments()
        if each.pk != pk and not each.closed_on
    ]
    return {"on": row.closed_on, "heir": row.succeeded_by, "heirs": heirs}


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a department, or take that back; what stands against it is told at once."""
    now = clock.now()
    if request.POST.get("do") == "reopen":
        places.reopen_department(pk, by=by_of(request), at=now)
        messages.success(request, "部门已恢复。")
        return redirect("manage:region", "department", pk)
    heir = request.POST.get("successor", "")
    successor = int(heir) if heir.isascii() and heir.isdigit() and len(heir) < 10 else None
    reason = request.POST.get("reason", "").replace("\0", "")[:300]
    try:
        close_department(pk, successor=successor, reason=reason, by=by_of(request), at=now)
    except Obstructed as refusal:
        shown = {"obstacles": refusal.obstacles, "name": _initial("department", pk, request)["name"], "pk": pk}
        return render(request, "manage/not_closed.html", shown, status=422)
    messages.success(request, "部门已撤销，记入管理留痕。以前的办件和文书不变。")
    return redirect("manage:organisation")


def _initial(kind: str, pk: int | None, request: HttpRequest) -> dict[str, Any]:
    if pk is None:
        return {"region": request.GET.get("region", ""), "parent": request.GET.get("parent", "")}
    if kind == "region":
        found = next((each for each in registers.regions() if each.id == pk), None)
        if found is None:
            raise NotFound(places.GONE)
        return {"name": found.name, "code": found.code, "sign": found.sign, "parent": found.parent or ""}
    rows = registers.departments() if kind == "department" else registers.windows()
    row = rows.filter(pk=pk).values().first()
    if row is None:
        raise NotFound(places.GONE)
    return {**row, "region": row["region_id"]}


def _history(kind: str, pk: int | None) -> tuple[trail.Line, ...]:
    return trail.lines_of(trail.records(key=f"{kind}:{pk}")[:10]) if pk else ()


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_POST
def remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Remove a place on which nothing stands."""
    if kind not in KINDS:
        raise Http404
    places.remove(kind, pk, by=by_of(request), at=clock.now())
    messages.success(request, f"{KINDS[kind][0]}已删除。")
    return redirect("manage:organisation")


@policy(Policy.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@never_cache
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a region's office hours from a day to come, or take such a change back."""
    found = next((each for each in registers.regions() if each.id == pk), None)
    if found is None:
        raise NotFound(places.GONE)
    now = clock.now()
    today = local_day(now)
    bound = request.POST if request.method == "POST" and request.POST.get("do") != "withdraw" else None
    form = forms.Hours(bound, initial={"since": today + timedelta(1)})
    if request.POST.get("do") == "withdraw":
        places.withdraw_hours(pk, by=by_of(request), at=now, reason="撤销")
        messages.success(request, "还没生效的调整已撤销，有关的在办件会在一分钟内重算。")
        return redirect("manage:hours", pk)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            places.change_hours(
                pk, chosen["hours"], since=chosen["since"], by=by_of(request), at=now, reason=chosen["reason"]
            )
        except Amiss as amiss:
            form.blame(amiss)
        else:
            messages.success(
                request, "已保存。到期日在那天以后的在办件，会在一分钟内按新的下班时间重算，每件记一条日志。"
            )
            return redirect("manage:hours", pk)
    shown = {
        "region": found,
        "form": form,
        "periods": _periods(found.office_hours, today),
        "history": _history("region", pk),
    }
    shown["pending"] = any(state == "还没生效" for _, _, state in shown["periods"])  # type: ignore[attr-defined]
    return render(request, "manage/hours.html", shown, status=422 if form.errors else 200)


def _periods(text: str, today: date) -> list[tuple[str, str, str]]:
    known = reads.office_hours(text)
    dated = [(date.min, known), *known.later]
    found = []
    for n, (since, each) in enumerate(dated):
        over = n + 1 < len(dated) and dated[n + 1][0] <= today
        state = "已过去" if over else "还没生效" if since > today else "现在"
        words = "、".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in each.sessions)
        found.append(("最初" if since == date.min else f"{since} 起", words, state))
    return found
