"""Which situation an address or a form gives: the answers by their places, since names may be long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from xiaoneng.catalogue.reads import Plan
from xiaoneng.rules.items.scenarios import Question, questions, settled

ANSWER = "a"  # in an address: which answer to each question in their order, counted from 0
FIELD = "situation-"  # in a form: the answer to the question of this place


def chosen_of(asked: Sequence[Question], query: QueryDict) -> list[int]:
    """Return which answers an address gives, up to the first that makes no sense."""
    found: list[int] = []
    for question, text in zip(asked, query.getlist(ANSWER), strict=False):
        place = _place(question, text)
        if place is None:
            break
        found.append(place)
    return found


def _place(question: Question, text: str) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) < 4 and int(text) < len(question.answers)
    return int(text) if fits else None


def names_of(asked: Sequence[Question], chosen: Sequence[int]) -> tuple[str, ...]:
    """Return the answers by their names."""
    return tuple(question.answers[n][0] for question, n in zip(asked, chosen, strict=False))


def situation_of(plan: Plan, query: QueryDict) -> tuple[str, ...]:
    """Return the situation that an address gives for an item."""
    asked = questions(plan.scenarios)
    return names_of(asked, chosen_of(asked, query))


def typed(plan: Plan, form: QueryDict) -> dict[str, str]:
    """Return the situation that a form gives for an item as a declaration keeps it; nothing where it does not ask."""
    asked = questions(plan.scenarios)
    if not any(f"{FIELD}{place}" in form for place in range(len(asked))):
        return {}
    given = [(each, _place(each, form.get(f"{FIELD}{place}", ""))) for place, each in enumerate(asked)]
    return {"scenario": kept([each.answers[n][0] for each, n in given if n is not None])}


def kept(names: Sequence[str]) -> str:
    """Return a situation as a declaration keeps it."""
    return "\n".join(names)


def fields(plan: Plan, chosen: Sequence[str]) -> list[dict[str, Any]]:
    """Return the questions as fields of a form, with the answers given so far."""
    given = set(settled(questions(plan.scenarios), chosen))
    return [
        {
            "name": f"{FIELD}{place}", "label": each.text,
            "choices": [(n, name, note, name in given) for n, (name, note) in enumerate(each.answers)],
        }
        for place, each in enumerate(questions(plan.scenarios))
    ]  # fmt: skip
