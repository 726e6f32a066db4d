"""Pages of accountability, for the few who may: the office, discipline inspection, the person concerned and her head."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.accountability import Measure, Source
from xiaoneng.rules.cards import RULES
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import accountability as procedure
from xiaoneng.rules.procedures import card
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import accountability, accountability_reads, models
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.supervise import accumulating, issued, issued_forms, issued_shown

STATES = tuple((state.code, state.label) for state in procedure.PROCEDURE.states[1:])


@policy(Policy.STAFF)
@require_GET
@never_cache
def records(request: HttpRequest) -> HttpResponse:
    """Show the records that this member of staff may see."""
    now = clock.now()
    state = request.GET.get("state", "") if request.GET.get("state", "") in dict(STATES) else ""
    rows = accountability_reads.accountabilities(account_of(request).pk, local_day(now), state)
    page = Paginator(rows, issued.PAGE).get_page(request.GET.get("page"))
    chips = [(label, "?" if code == state else f"?state={code}", code == state) for code, label in STATES]
    context = {
        "lines": accountability_reads.accountability_lines(page.object_list, now), "page": page, "chips": chips, "desk": "监察",
    }  # fmt: skip
    return render(request, "supervise/records.html", context)


@policy(Policy.STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show a record with what this person may do about it, and do it."""
    now, by = clock.now(), actor_of(request)
    file, row = accountability.load(number[:40], by, now)
    refused, bound = "", None
    if request.method == "POST":
        refused, bound = issued.act(request, file, request.POST.get("do", "")[:40], now)
        if not refused and bound is None:
            return redirect("supervise:record", file.called)
        file, row = accountability.load(number[:40], by, now)
    held = {each.role for each in file.held} | ({Role.CONCERNED} if row.person == by.account else set())
    context = {
        "issued": issued_shown.base_of(file, now) | _facts(row, now), "refused": refused, "desk": "监察",
        "moves": issued_shown.moves_of(file, held, now, bound, (row.proposed, row.proposed_points)),
        "back_url": reverse("supervise:records"),
    }  # fmt: skip
    return render(request, "supervise/record.html", context, status=422 if refused or bound else 200)


def _facts(row: models.Accountability, now: datetime) -> dict[str, Any]:
    line = accountability_reads.accountability_lines([row], now)[0]
    counted = [
        each | {"label": Source(each["source"]).label, "day": date.fromisoformat(each["on"])} | _counted(each)
        for each in line.sources
    ]
    return {"line": line, "counted": counted}


def _counted(each: dict[str, Any]) -> dict[str, str]:
    if each["source"] == Source.CARD:
        called = matters.file(int(each["id"])).called
        return {"called": called, "url": reverse("supervise:issued", args=[called])}
    if each["source"] == Source.MEASURE:
        called = matters.file(int(each["id"])).called
        return {
            "called": called,
            "url": reverse("supervise:record", args=[called]),
            "rule": Measure(each["rule"]).label,
        }
    if each["source"] == Source.FINDING:
        called = matters.file(int(each["id"])).called
        return {"called": called, "url": reverse("supervise:finding", args=[called])}
    return {"called": str(each["id"]), "url": ""}


@policy(Policy.SUPERVISOR)
@require_http_methods(["GET", "POST"])
@never_cache
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Propose to call somebody to account for a card."""
    now = clock.now()
    file = _card(request, number, now)
    row = models.Card.objects.get(pk=file.id)
    form = issued_forms.Propose(org.people_at(file.department), request.POST or None, initial={"person": row.person})
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            moved = accountability.propose(
                Source.CARD, file.id, row.level, person=int(form.cleaned_data["person"]), department=file.department,
                by=actor_of(request), at=now, key=form_key(request), measure=form.cleaned_data["measure"],
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
            assert moved is not None  # a measure is named, so no rule is asked
            return redirect("supervise:record", matters.file(moved.matter).called)
        except NotAllowed as refusal:
            refused = str(refusal)
    context = {
        "form": form, "refused": refused, "file": file, "desk": "监察",
        "back_url": reverse("supervise:issued", args=[file.called]),
    }  # fmt: skip
    return render(request, "supervise/propose.html", context, status=422 if request.method == "POST" else 200)


def _card(request: HttpRequest, number: str, now: datetime) -> MatterFile:
    file = issued.supervised(request, number, now)
    if file.kind != card.PROCEDURE.kind:
        raise NotFound(issued.NO_SUCH)
    return file


@policy(Policy.OVERSIGHT)
@require_GET
@never_cache
def accumulations(request: HttpRequest) -> HttpResponse:
    """Show the rules of accumulation, those in force and those before."""
    rows = [
        {"row": row, "measure": Measure(row.measure).label, "source": Source(row.source).label}
        for row in accountability_reads.accumulations()
    ]
    context = {
        "rows": rows, "desk": "监察", "rules": RULES, "back_url": reverse("supervise:records"),
        "may_change": accumulating.may_change(account_of(request).pk),
    }  # fmt: skip
    return render(request, "supervise/accumulations.html", context)
