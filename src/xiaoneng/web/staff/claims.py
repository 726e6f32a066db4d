"""Who sees to a case: taking it, laying it back, handing it on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from xiaoneng.approval import worklists
from xiaoneng.approval.actions import claims
from xiaoneng.approval.worklists import Line
from xiaoneng.kit import clock
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Held
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.roles import BY_NATURE, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.staff import filters, moves, sequence, worklist


def shown_claim(file: MatterFile, account: int, held: tuple[Held, ...], now: datetime) -> dict[str, Any]:
    """Return who sees to a case, since when, with which note, and what this person may change about it."""
    desk = file.desk
    waits = bool(desk) and Role(desk) not in BY_NATURE and not file.closed
    past = worklists.claims_of(file.id)
    now_held = next((each for each in past if each.until is None and each.desk == desk), None) if waits else None
    line = worklists.line(file.id)
    mine = line is not None and line.claimed_by == account
    at_desk = any(each.role.value == desk for each in held)
    return {
        "waits": waits,
        "now": now_held,
        "mine": mine,
        "may_take": waits and at_desk and now_held is None,
        "may_pass": now_held is not None and (mine or any(each.role is Role.HEAD for each in held)),
        "past": past,
        "url": reverse("staff:claim", args=[file.called]),
        "pass_url": f"{reverse('staff:hand_over')}?case={file.called}",
    }


@policy(Policy.STAFF)
@require_POST
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Take a case upon oneself, or lay it back."""
    account, now = account_of(request).pk, clock.now()
    file = moves.visible_case(number, account, now)
    take = request.POST.get("do") != "lay_back"
    try:
        if take:
            claims.take(file.id, by=account, at=now)
        else:
            claims.lay_back(file.id, by=account, at=now)
        messages.success(request, "已领办，同岗位的人会看到由您在办。" if take else "已放回，同岗位的人都可以领办。")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    asked = filters.from_place(request.POST.get("in", ""))
    return redirect(sequence.case_url(file.called, filters.place(asked) if asked else ""))


class HandOver(forms.Form):
    """To whom, and what the successor should know."""

    receiver = forms.TypedChoiceField(
        label="接手的人",
        coerce=int,
        error_messages={"required": "请选择接手的人", "invalid_choice": "请从名单里选接手的人"},
    )
    note = forms.CharField(
        label="交接说明", max_length=claims.LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="办到哪一步、要注意什么，接手的人在每件的页面上都会看到", error_messages={"required": "请写交接说明"},
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["receiver"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "请选择"), *((str(pk), name) for pk, name in colleagues.items())]


@policy(Policy.STAFF)
@never_cache
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hand cases on to somebody else: all of one's own, or one case, also by the head of the department."""
    account, now = account_of(request).pk, clock.now()
    given = request.POST if request.method == "POST" else request.GET
    giver, lines = _to_give(given, account, now)
    form = HandOver(request.POST or None, colleagues=_colleagues(lines, giver, now))
    passed = None
    if request.method == "POST" and form.is_valid():
        try:
            passed = claims.hand_over(
                [line.id for line in lines], giver=giver, receiver=form.cleaned_data["receiver"],
                note=form.cleaned_data["note"], by=account, at=now,
            )  # fmt: skip
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    context = {
        "giver": lines[0].claimed_by_name if lines else "", "own": giver == account, "form": form,
        "case": given.get("case", "")[:40], "from": giver if giver != account else "",
        "rows": worklist.rows_of(lines, "", now), "passed": _passed(passed, form) if passed else None,
        "account": account,
        "others": () if passed else _others(account, now),
    }  # fmt: skip
    return render(request, "staff/hand_over.html", context, status=422 if form.errors else 200)


def _to_give(given: QueryDict, account: int, now: datetime) -> tuple[int, tuple[Line, ...]]:
    number, whose = given.get("case", ""), given.get("from", "")
    lines: tuple[Line, ...]
    if number:
        line = worklists.line(moves.visible_case(number, account, now).id)
        giver = line.claimed_by if line and line.claimed_by else account
        lines = (line,) if line and line.claimed_by else ()
    else:
        giver = int(whose) if whose.isascii() and whose.isdigit() and len(whose) < 16 else account
        lines = worklists.claimed_by(giver)
    if giver != account:
        reach = org.reach_of(account, [Role.HEAD], local_day(now))
        lines = tuple(line for line in lines if reach.covers(line.department))
        if not lines:
            raise Http404  # as if nobody had claimed anything
    return giver, lines


def _others(account: int, now: datetime) -> list[dict[str, Any]]:
    """Return the people whose cases a head may hand on, with the number of them."""
    reach = org.reach_of(account, [Role.HEAD], local_day(now))
    return [
        {"name": each.label, "count": each.count, "url": f"{reverse('staff:hand_over')}?from={each.key}"}
        for each in worklists.claimants(reach)
        if each.key != str(account)
    ]


def _colleagues(lines: tuple[Line, ...], giver: int, now: datetime) -> dict[int, str]:
    found: dict[int, str] = {}
    for role, department in sorted({(line.desk, line.department) for line in lines}):
        found |= org.colleagues_at(Role(role), department, local_day(now))
    return {pk: name for pk, name in found.items() if pk != giver}


def _passed(passed: claims.Passed, form: HandOver) -> dict[str, Any]:
    names = dict(form.fields["receiver"].choices)  # type: ignore[attr-defined]
    return {
        "to": names.get(str(form.cleaned_data["receiver"]), ""),
        "went": [(line, reverse("staff:case", args=[line.called])) for line in passed.went],
        "stayed": [(line, reverse("staff:case", args=[line.called]), why) for line, why in passed.stayed],
    }
