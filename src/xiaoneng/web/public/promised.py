"""The applicant's side of promises: choosing them in the form, handing in later, telling what was put right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xiaoneng.approval import promises, reads
from xiaoneng.approval.actions import commitment, deferred, drafts
from xiaoneng.catalogue.reads import Plan
from xiaoneng.kit import clock
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.commitment import CHECK_DAYS, DEFAULT_TEXT
from xiaoneng.rules.deferred import DEFAULT_DAYS
from xiaoneng.rules.grounds import Obstacle, Obstructed
from xiaoneng.rules.procedures.promises import RECTIFYING
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key

LATER = "later"


def typed(given: QueryDict) -> dict[str, str]:
    """Return what a form says of promises."""
    slots = [slot[:30] for slot in given.getlist(LATER) if "," not in slot][:50]
    way = given.get("way", "")
    return {
        "way": promises.COMMITMENT if way == promises.COMMITMENT else "",
        "deferred": "" if way == promises.COMMITMENT else ",".join(slots),
        "promise": "1" if given.get("promise") == "1" else "",
    }


def offered(plan: Plan, form: dict[str, str]) -> dict[str, Any] | None:
    """Return what an item lets an applicant promise, with what is chosen; nothing where it lets nothing."""
    later = [each for each in plan.materials if each.required and each.deferrable]
    if not later and not plan.committable:
        return None
    chosen = set(form.get("deferred", "").split(","))
    return {
        "commitment": (plan.commitment_text or DEFAULT_TEXT) if plan.committable else "",
        "check_days": plan.check_days or CHECK_DAYS,
        "by_commitment": form.get("way") == promises.COMMITMENT,
        "agreed": form.get("promise") == "1",
        "early": plan.early_issue,
        "later": [(each.slot, each.name, each.deferred_days or DEFAULT_DAYS, each.slot in chosen) for each in later],
    }


def summary(file: MatterFile) -> dict[str, Any] | None:
    """Return what an application promises, for the page on which it is looked over."""
    form = reads.form_of(file)
    if form.get("way") == promises.COMMITMENT:
        rows = [("办理方式", "告知承诺：当场决定，事后核查"), ("承诺书", file.plan.commitment_text or DEFAULT_TEXT)]
    elif names := promises.promised_names(file):
        rows = [("承诺后补", "、".join(sorted(names)))]
    else:
        return None
    return {"title": "承诺", "rows": [*rows, ("是否同意", "同意" if form.get("promise") == "1" else "还没有同意")]}


def todo(file: MatterFile, own: bool) -> dict[str, Any] | None:
    """Return what a promise asks of an applicant now, or nothing."""
    if promises.is_owing(file):
        owed = promises.owed(file)
        text = f"还差 {'、'.join(each.name for each in owed)}，{owed[0].due_on:%-m月%-d日}下班前补齐。" if owed else ""
        told, url, label = {"todo_title": "请补交承诺后补的材料"}, "public:supply_deferred", "去补交"
    elif file.state == RECTIFYING:
        told, url, label = {"todo_title": "请按责令改正通知书改正"}, "public:report_rectified", "提交改正情况"
        text = "需要改正的内容和期限写在责令改正通知书里。"
    else:
        return None
    if own:
        return told | {"todo_text": text, "todo_url": reverse(url, args=[file.id]), "todo_label": label}
    return told | {"todo_text": text + "登录后在这里办，或者到窗口办。"}


class Note(forms.Form):
    """What an applicant says with what is handed in."""

    note = forms.CharField(label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


@policy(Policy.CITIZEN)
@never_cache
def supply_deferred(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what was promised for later."""
    from xiaoneng.web.public.apply import file_obstacles, materials_of, take_files

    account = account_of(request)
    file = drafts.own_file(pk, by=account.pk)
    form, errors = Note(request.POST or None), {}
    obstacles: tuple[Obstacle, ...] = ()
    if request.method == "POST" and form.is_valid() and promises.is_owing(file):
        errors = take_files(request, pk) if request.FILES or request.POST.get("remove") else {}
        if not errors and request.POST.get("do") == "submit":
            try:
                note = form.cleaned_data["note"]
                deferred.supply_deferred(pk, by=actor_of(request), at=clock.now(), key=form_key(request), note=note)
                messages.success(request, "补交的材料已经收到，接收凭证在进度页。")
                return redirect("public:progress", file.called)
            except Obstructed as refusal:
                obstacles = refusal.obstacles
    owed = promises.owed(file)
    slots = {each.slot for each in owed}
    context = {
        "file": file, "form": form, "owed": owed, "due": owed[0].due_on if owed else None, "open": bool(owed),
        "materials": [each for each in materials_of(file, errors, round_=drafts.round_of(file)) if each.key in slots],
        "obstacles": [*obstacles, *file_obstacles(errors)],
    }  # fmt: skip
    return render(request, "public/supply_deferred.html", context, status=422 if obstacles or errors else 200)


@policy(Policy.CITIZEN)
@never_cache
def report_rectified(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell how what a check found has been put right."""
    file = drafts.own_file(pk, by=account_of(request).pk)
    form = Note(request.POST or None)
    obstacles: tuple[Obstacle, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            commitment.report_rectified(pk, by=actor_of(request), at=clock.now(), key=form_key(request), note=note)
            messages.success(request, "改正情况已经提交，部门会再次核查。")
            return redirect("public:progress", file.called)
        except Obstructed as refusal:
            obstacles = refusal.obstacles
    context = {"file": file, "form": form, "open": file.state == RECTIFYING, "obstacles": obstacles}
    return render(request, "public/report_rectified.html", context, status=422 if obstacles else 200)
