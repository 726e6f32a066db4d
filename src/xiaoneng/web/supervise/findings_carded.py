"""The page on which a supervisor issues a card from a finding."""

from __future__ import annotations

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
from xiaoneng.rules import findings as rules
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.supervision.findings import actions, carded, reads
from xiaoneng.supervision.responsible import Person
from xiaoneng.web.access import Policy, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.supervise import issued, issued_forms


class CardFrom(issued_forms.Card):
    """A card by hand, about one of the finding's cases."""

    def __init__(self, cases: list[tuple[str, str]], people: dict[int, str], *given: Any, **more: Any) -> None:
        super().__init__(people, *given, **more)
        self.fields["about"] = forms.ChoiceField(
            label="对哪一件发牌",
            choices=cases,
            error_messages={"required": "请选择一件", "invalid_choice": "请从列表里选择一件"},
        )
        self.order_fields(["about", "rule", "level", "person", "grounds"])


@policy(Policy.SUPERVISOR)
@require_http_methods(["GET", "POST"])
@never_cache
def card(request: HttpRequest, number: str) -> HttpResponse:
    """Issue a card from a finding that was found true."""
    now = clock.now()
    file = issued.supervised(request, number, now)
    row = reads.one(file.id)
    if row is None:
        raise NotFound(actions.NO_SUCH_FINDING)
    people = org.people_at(file.department)
    cases = [(str(each.matter), f"{each.called}　{each.title}") for each in reads.cases_of(row.cases)]
    first = {
        "rule": carded.SUGGESTED.get(row.rule, "V-OTHER"),
        "person": row.person,
        "grounds": rules.rule(row.rule).meaning,
    }
    form = CardFrom(
        cases or [(str(file.id), f"{file.called}　{file.title}")], people, request.POST or None, initial=first
    )
    refused = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        chosen = int(said["person"]) if said["person"] else 0
        try:
            moved = carded.issue(
                file.id, about=int(said["about"]), rule=said["rule"], level=said["level"], grounds=said["grounds"],
                person=Person(chosen, people[chosen]) if chosen in people else None, by=actor_of(request), at=now,
                key=form_key(request),
            )  # fmt: skip
            return redirect("supervise:issued", matters.file(moved.matter).called)
        except NotAllowed as refusal:
            refused = str(refusal)
    context = {
        "form": form, "refused": refused, "file": file, "desk": "监察", "row": row,
        "back_url": reverse("supervise:finding", args=[file.called]),
    }  # fmt: skip
    return render(request, "supervise/finding_card.html", context, status=422 if request.method == "POST" else 200)
