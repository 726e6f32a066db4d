"""Window intake: the clerk finds the item, types what the applicant says, takes the papers, prints the receipt."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import promises
from xiaoneng.approval.actions import apply, drafts, instant
from xiaoneng.approval.joint import at_window
from xiaoneng.approval.models import Application
from xiaoneng.catalogue import search as catalogue
from xiaoneng.catalogue.reads import Material, Plan, version_in_force
from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.rules.acceptance import kinds_for
from xiaoneng.rules.certificates import is_renewable
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.signing import DECIDES
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.public import answers, promised
from xiaoneng.web.public.apply import ShownMaterial, take_files
from xiaoneng.web.public.find import PAGE, item_shown, line_shown
from xiaoneng.web.public.forms import Declaration
from xiaoneng.web.staff.at_once import OPINION


@policy(Policy.STAFF)
@require_GET
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Look for the item that somebody at the window wants."""
    query = request.GET.get("item", "").strip()[:100]
    text = request.GET.get("page", "1")
    number = max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
    found = catalogue.search(query, at=clock.now(), limit=PAGE, offset=(number - 1) * PAGE) if query else None
    rows = (
        [line_shown(each) | {"intake_url": reverse("staff:intake_item", args=[each.code])} for each in found.rows]
        if found
        else []
    )
    page = Paginator(range(found.reachable if found else 0), PAGE).get_page(number)
    led = () if query else at_window.led_by_me(account_of(request).pk, clock.now())
    return render(request, "staff/intake.html", {"q_item": query, "results": rows, "page": page, "led": led})


class Intake(Declaration):
    """What the clerk types, and which papers she has seen."""

    papers = django_forms.MultipleChoiceField(
        label="已核对的纸质材料", required=False, widget=django_forms.CheckboxSelectMultiple,
        help_text="勾选已经收下的纸质件；电子件在下面上传",
    )  # fmt: skip

    GROUPS = (*Declaration.GROUPS, ("纸质材料", "", ("papers",)))

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(
            *args, kinds=kinds_for(plan.audience), renewable=is_renewable(plan.kind, plan.result), **kwargs
        )
        field = self.fields["papers"]
        assert isinstance(field, django_forms.MultipleChoiceField)
        field.choices = [(material.slot, _named(material)) for material in plan.materials]


def _named(material: Material) -> str:
    return f"{material.name}（限：{'、'.join(material.scenarios)}）" if material.scenarios else material.name


@policy(Policy.STAFF)
@never_cache
def intake(request: HttpRequest, code: str) -> HttpResponse:
    """Take in an application at the window: one post opens, fills and submits it."""
    plan = version_in_force(code, clock.now())
    _only_at_its_window(request, plan)
    form = Intake(request.POST or None, plan=plan, complete=True)
    obstacles: tuple[Obstacle, ...] = ()
    errors: dict[str, list[str]] = {}
    spot = _at_once(request, plan)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                number, errors = _take_in(request, code, form)
                if errors:
                    transaction.set_rollback(True)
                elif spot and request.POST.get("do") == "at_once":
                    key, opinion = form_key(request), request.POST.get("opinion", "")[:1000]
                    instant.settle_at_once(number, by=actor_of(request), at=clock.now(), key=key, opinion=opinion)
                    return redirect("staff:case", number)
            if not errors:
                return redirect("public:receipt", number)
        except Obstructed as refusal:
            obstacles = refusal.obstacles
    context = {
        "item": item_shown(plan),
        "form": form,
        "groups": form.groups(),
        "promise": promised.offered(plan, promised.typed(request.POST)),
        "at_once": spot,
        "materials": _materials(plan, errors),
        "situations": answers.fields(plan, answers.typed(plan, request.POST).get("scenario", "").split("\n")),
        "obstacles": [*obstacles, *({"message": t, "anchor": f"material-{s}"} for s, ts in errors.items() for t in ts)],
    }
    status = 422 if obstacles or errors or form.errors else 200
    return render(request, "staff/intake.html", context, status=status)


def _at_once(request: HttpRequest, plan: Plan) -> str:
    """Return the opinion that is offered where this person may settle the item on the spot, or nothing."""
    if not promises.at_window(plan) or any(step.kind == "review" for step in plan.steps):
        return ""
    held = {each.role for each in org.roles_of(account_of(request).pk, plan.department_id, local_day(clock.now()))}
    return OPINION if held & set(DECIDES) else ""


def _only_at_its_window(request: HttpRequest, plan: Plan) -> None:
    held = org.roles_of(account_of(request).pk, plan.department_id, local_day(clock.now()))
    if Role.WINDOW not in {each.role for each in held}:
        raise NotAllowed(
            f"“{plan.name}”由{plan.department}的窗口收件；您没有这个窗口的岗位，请引导申请人到该窗口或者网上申请。"
        )


def _take_in(request: HttpRequest, code: str, form: Intake) -> tuple[str, dict[str, list[str]]]:
    key, account, now = form_key(request), account_of(request), clock.now()
    typed = {name: str(value or "") for name, value in form.cleaned_data.items() if name != "papers"}
    typed["papers"] = ",".join(form.cleaned_data["papers"])
    typed |= promised.typed(request.POST)
    typed |= answers.typed(version_in_force(code, now), request.POST)
    matter = drafts.open_draft(
        code=code, by=account.pk, channel=Application.Channel.WINDOW, at=now, key=key, form=typed
    )
    errors = take_files(request, matter) if request.FILES and drafts.is_draft(matter) else {}
    if errors:
        return "", errors
    moved = apply.submit(matter, by=actor_of(request), at=clock.now(), key=key)
    return moved.numbers["intake_number"], {}


def _materials(plan: Plan, errors: dict[str, list[str]]) -> list[ShownMaterial]:
    return [
        ShownMaterial(m.slot, m.name, m.note, m.required, m.copies, m.form, m.source, (), tuple(errors.get(m.slot, ())))
        for m in plan.materials
    ]
