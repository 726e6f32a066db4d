"""Agent service for key projects: ask for it, and see the plan with its dates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xiaoneng.approval import reads as applications
from xiaoneng.approval.agency import actions, reads
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.people import reads as people
from xiaoneng.rules.acceptance import to_declaration
from xiaoneng.rules.agency import to_service
from xiaoneng.rules.grounds import NotFound, Obstacle, Obstructed
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import in_force
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.public.forms import Declaration

MOST = 2_000_000_000


class Project(forms.Form):
    """The project and its two figures."""

    project = forms.CharField(label="项目名称", max_length=60)
    capital = forms.IntegerField(label="注册资本（万元）", min_value=0, max_value=MOST, initial=0, required=False)
    investment = forms.IntegerField(label="投资额（万元）", min_value=0, max_value=MOST, initial=0, required=False)


class ProjectApplicant(Declaration):
    """Who asks; nothing is handed out in the end, so nobody is asked how to get it."""

    delivery = None  # type: ignore[assignment]

    GROUPS = (*Declaration.GROUPS[:-1], ("要办的事", "", ("content",)))


def thresholds() -> dict[str, int]:
    """Return from which figures on a project is accompanied, by the settings in force."""
    known = in_force.values()
    return {"capital": int(known["agency_capital"]), "investment": int(known["agency_investment"])}


@policy(Policy.CITIZEN)
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an agent for a project."""
    account = account_of(request)
    known = people.declaration_of(account.pk)
    form = Project(request.POST or None)
    applicant = ProjectApplicant(request.POST or None, initial=known)
    obstacles: tuple[Obstacle, ...] = ()
    if request.method == "POST" and form.is_valid():
        applicant.is_valid()
        typed = {name: str(applicant.cleaned_data.get(name, request.POST.get(name, ""))) for name in applicant.fields}
        given = form.cleaned_data
        project = actions.Project(given["project"], given["capital"] or 0, given["investment"] or 0)
        obstacles = (
            *to_service(project.capital, project.investment, thresholds()),
            *to_declaration(applications.declared(typed)),
        )
        if not obstacles:
            try:
                moved = actions.request(
                    project=project, form=typed, thresholds=thresholds(), by=actor_of(request), at=clock.now(),
                    key=form_key(request),
                )  # fmt: skip
                return redirect("public:agency_case", moved.numbers["intake_number"])
            except Obstructed as refusal:
                obstacles = refusal.obstacles
    context = {
        "form": form, "groups": applicant.groups(), "obstacles": obstacles, "thresholds": thresholds(),
        "mine": [reads.service(reads.load(row.pk)) for row in reads.of_applicant(account.pk)[:20]],
    }  # fmt: skip
    return render(request, "public/agency.html", context, status=422 if obstacles or form.errors else 200)


@policy(Policy.SIGNED_IN)
@never_cache
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show the applicant how far the plan is, and let her do without the agent."""
    account, now = account_of(request).pk, clock.now()
    file = reads.load(number)
    own = file.extra["filed_by"] == account
    if file.version == 0:
        raise NotFound(reads.NO_SUCH)
    reads.require_visible(file, account, now)
    asking = request.method == "POST" and own and not file.closed and request.POST.get("do") != "withdraw"
    if request.method == "POST" and own and not asking:
        actions.withdraw(file.id, by=actor_of(request), at=now, key=form_key(request))
        messages.success(request, "代办已经结束，各项审批照常办理。")
        return redirect("public:agency_case", file.called)
    return render(request, "public/agency_case.html", {"own": own, "asking": asking, **shown(file, now)})


def shown(file: Any, now: Any) -> dict[str, Any]:
    """Return an agent case as its pages show it."""
    clock_ = file.clock("agency")
    today = local_day(now)
    service = reads.service(file)
    return {
        "service": service,
        "light": "done" if file.closed else file.light(now).value,
        "due": clock_.due_on if clock_ else None,
        "steps": [
            {
                "step": step, "light": "done" if step.done_on else "red" if step.overdue(today) else "green",
                "after": "、".join(f"第 {place} 项" for place in step.after),
                "url": reverse("public:progress", args=[step.number]) if step.number else "",
            }
            for step in service.steps
        ],
        "notices": [
            {"title": d.title, "day": d.issued_at, "url": reverse("public:notice", args=[d.verify_code])}
            for d in matters.documents(file.id)
        ],
    }  # fmt: skip
