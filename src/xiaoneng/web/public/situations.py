"""The wizard of a guide: one question at a time, until exactly the materials of somebody's situation are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiaoneng.catalogue.reads import Plan, version_in_force
from xiaoneng.kit import clock
from xiaoneng.rules.items.scenarios import Question, demanded, questions
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.public.answers import ANSWER, chosen_of, names_of
from xiaoneng.web.public.guide import guide_shown


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with the answer that was given, and the address at which it is asked again."""

    text: str
    answer: str
    again: str


@policy(Policy.PUBLIC)
@require_safe
def situation(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the next question, or show what the situation needs."""
    now = clock.now()
    plan = version_in_force(code, now)
    asked = questions(plan.scenarios)
    if not asked:
        return redirect("public:item", code)
    chosen = chosen_of(asked, request.GET)
    here = reverse("public:situation", args=[code])
    done = [
        Answered(question.text, question.answers[n][0], _at(here, chosen[:place]))
        for place, (question, n) in enumerate(zip(asked, chosen, strict=False))
    ]
    context: dict[str, Any] = {
        "item": guide_shown(plan, now), "done": done, "step": len(chosen) + 1, "steps": len(asked), "given": chosen, "here": here,
        "missed": "next" in request.GET and len(chosen) < len(request.GET.getlist(ANSWER)) + 1 and len(chosen) < len(asked),
    }  # fmt: skip
    if len(chosen) < len(asked):
        return render(request, "public/situation.html", context | {"question": asked[len(chosen)]})
    return render(request, "public/situation.html", context | _outcome(plan, asked, chosen, context["item"], here))


def _at(here: str, chosen: Sequence[int]) -> str:
    return f"{here}?{urlencode([(ANSWER, n) for n in chosen])}" if chosen else here


def _outcome(
    plan: Plan, asked: Sequence[Question], chosen: Sequence[int], item: dict[str, Any], here: str
) -> dict[str, Any]:
    wanted = {each.slot for each in demanded(plan.materials, asked, names_of(asked, chosen))}
    shown = [row for each, row in zip(plan.materials, item["materials"], strict=True) if each.slot in wanted]
    return {
        "materials": shown, "left_out": len(plan.materials) - len(shown),
        "required": sum(row["required"] for row in shown), "url": _at(here, chosen),
        "pdf_url": f"{item['pdf_url']}?{urlencode([(ANSWER, n) for n in chosen])}",
    }  # fmt: skip
