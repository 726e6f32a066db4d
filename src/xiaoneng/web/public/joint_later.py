"""One thing after its submission: what was asked for is handed in for all items together, and the whole is taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xiaoneng.approval.actions import drafts
from xiaoneng.approval.joint import filing, reads, supplements
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotFound, Obstacle, Obstructed
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.public.apply import ShownMaterial, file_obstacles
from xiaoneng.web.public.forms import Supplement, Withdrawal
from xiaoneng.web.public.joint import materials_of, take


@policy(Policy.CITIZEN)
@never_cache
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what the one notice asked for, for all items together."""
    file = drafts.own_file(pk, by=account_of(request).pk)
    if file.kind != reads.KIND:
        raise NotFound(drafts.NOT_YOURS)
    if file.state == procedure.RUNNING:
        return _branches_supplement(request, file)
    errors: dict[str, list[str]] = {}
    obstacles: tuple[Obstacle, ...] = ()
    form = Supplement(request.POST or None)
    if request.method == "POST" and form.is_valid():
        errors = take(request, pk) if request.FILES or request.POST.get("remove") else {}
        if not errors and request.POST.get("do") == "submit":
            try:
                note = form.cleaned_data["note"]
                filing.supplement(pk, by=actor_of(request), at=clock.now(), key=form_key(request), note=note)
                messages.success(request, "补正材料已经提交，五个工作日内答复您是否受理。")
                return redirect("public:joint", file.called)
            except Obstructed as refusal:
                obstacles = refusal.obstacles
    notices = [line for line in matters.journal(file.id) if line.move == "request_correction"]
    context = {
        "file": file, "form": form, "lacks": notices[0].facts["what"]["lacks"] if notices else [],
        "materials": materials_of(file, reads.branches(pk), errors, drafts.round_of(file)),
        "obstacles": [*obstacles, *file_obstacles(errors)], "open": file.state == procedure.CORRECTING,
        "due": getattr(file.clock("supplement"), "due_on", None),
    }  # fmt: skip
    return render(request, "public/joint_supplement.html", context, status=422 if obstacles or errors else 200)


def _branches_supplement(request: HttpRequest, file: MatterFile) -> HttpResponse:
    """Hand in what the branches asked for, each of them once, all on one page."""
    errors: dict[str, list[str]] = {}
    obstacles: tuple[Obstacle, ...] = ()
    form, places = Supplement(request.POST or None), _places(request.POST.getlist("branches"))
    if request.method == "POST" and form.is_valid():
        errors = take(request, file.id, supplements) if request.FILES or request.POST.get("remove") else {}
        if not errors and request.POST.get("do") == "submit":
            try:
                done = supplements.answer(
                    file.id, by=actor_of(request), at=clock.now(), key=form_key(request), branches=places,
                    note=form.cleaned_data["note"],
                )  # fmt: skip
                messages.success(request, f"{done} 个事项的补正材料已经提交，各自次日继续计算期限。")
                return redirect("public:joint", file.called)
            except Obstructed as refusal:
                obstacles = refusal.obstacles
    waiting = supplements.asked(file.id)
    ticked = places if request.method == "POST" else [each.line.position for each in waiting]
    context = {
        "file": file, "form": form, "open": bool(waiting), "by_branch": waiting, "ticked": ticked,
        "materials": _of_branches(waiting, errors), "obstacles": [*obstacles, *file_obstacles(errors)],
    }  # fmt: skip
    return render(request, "public/joint_supplement.html", context, status=422 if obstacles or errors else 200)


def _places(ticked: list[str]) -> list[int]:
    return [int(each) for each in ticked if each.isdecimal() and len(each) < 4]


def _of_branches(waiting: tuple[supplements.Asked, ...], errors: dict[str, list[str]]) -> list[ShownMaterial]:
    """Return the materials about which the branches ask, with what was handed in anew; each is asked for once."""
    given: dict[str, list[dict[str, Any]]] = {}
    for each in supplements.given(waiting):
        url = reverse("public:file", args=[each.matter, each.id])
        given.setdefault(each.slot, []).append({"pk": each.id, "name": each.name, "size": each.size, "url": url})
    named = {(each.line.position, lack["slot"]) for each in waiting for lack in each.lacks if lack.get("slot")}
    names = {each.line.position: each.line.plan.name for each in waiting}
    shared = [s for s in reads.materials(each.line for each in waiting) if named & set(s.asked_by) or s.slot in given]
    rows = [
        (each.slot, each.name, f"用于：{'、'.join(names[place] for place, _ in each.asked_by)}", True)
        for each in shared
    ]
    rows.append((reads.OTHER, "其他材料", "上面没有列出的，交在这里", False))
    return [
        ShownMaterial(slot, name, note, wanted, 0, "", "", tuple(given.get(slot, ())), tuple(errors.get(slot, ())))
        for slot, name, note, wanted in rows
    ]


@policy(Policy.CITIZEN)
@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a joint case back before it is accepted, after showing what that means."""
    file = drafts.own_file(pk, by=account_of(request).pk)
    if file.kind != reads.KIND:
        raise NotFound(drafts.NOT_YOURS)
    form = Withdrawal(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        filing.withdraw(pk, by=actor_of(request), at=clock.now(), key=form_key(request), reason=reason)
        messages.success(request, "申请已经整件撤回。以后可以重新申请。")
        return redirect("public:joint", file.called)
    context = {
        "file": file, "form": form, "possible": file.state in (procedure.RECEIVED, procedure.CORRECTING),
        "progress_url": reverse("public:joint", args=[file.called]), "branches": reads.branches(pk),
    }  # fmt: skip
    return render(request, "public/withdraw.html", context)
