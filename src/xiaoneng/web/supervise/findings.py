"""Pages of findings beyond lateness: the list and the catalogue, one of them with its facts and cases, and its moves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

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
from xiaoneng.rules import findings as rules
from xiaoneng.rules.accountability import Source
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import finding as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local, local_day
from xiaoneng.supervision import accountability, issued_reads, models, said
from xiaoneng.supervision.findings import actions, carded, reads
from xiaoneng.web import exports
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.supervise import issued, issued_forms, issued_shown

STATES = (
    (procedure.FOUND, "疑点"), (procedure.ASKED, "等单位说明"), (procedure.EXPLAINED, "等认定"),
    (procedure.CONFIRMED, "整改清单"), (procedure.RECTIFIED, "已整改"), (procedure.DISMISSED, "不成立"),
)  # fmt: skip
CODES = frozenset(rule.code for rule in rules.RULES)
HEADER = ("编号", "规则", "疑点", "来源", "单位", "经手人", "有关办件", "状态", "期限", "发现时间")
MOST = 20_000


@policy(Policy.OVERSIGHT)
@require_GET
@never_cache
def finding_list(request: HttpRequest) -> HttpResponse:
    """Show the findings: under each rule how many, and those that fit."""
    now = clock.now()
    reach = issued_reads.reach_of(account_of(request).pk, local_day(now))
    rule, state = _asked(request)
    page = Paginator(reads.findings(reach, rule=rule, state=state), issued.PAGE).get_page(request.GET.get("page"))
    chips = [(label, _query(rule, "" if code == state else code), code == state) for code, label in STATES]
    context = {
        "lines": reads.lines(page.object_list, now), "page": page, "chips": chips, "desk": "监察",
        "counted": [each for each in reads.catalogue(reach) if each.found],
        "chosen": rules.rule(rule) if rule else None, "off_url": _query("", state), "export_query": _query(rule, state)[1:],
        "may_enter": Role.SUPERVISOR in org.all_roles_of(account_of(request).pk, local_day(now)),
    }  # fmt: skip
    return render(request, "supervise/findings.html", context)


def _asked(request: HttpRequest) -> tuple[str, str]:
    state, rule = request.GET.get("state", ""), request.GET.get("rule", "")
    return rule if rule in CODES else "", state if state in dict(STATES) else ""


@policy(Policy.OVERSIGHT)
@require_GET
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the findings that fit as a table; that is recorded."""
    now = clock.now()
    reach = issued_reads.reach_of(account_of(request).pk, local_day(now))
    rule, state = _asked(request)
    lines = reads.lines(reads.findings(reach, rule=rule, state=state)[:MOST], now)
    rows = [
        (
            each.number, each.rule, each.rule_label, each.source_label, each.department_name, each.person_name, each.cases,
            each.state_label, each.due_on or "", f"{local(each.found_at):%Y-%m-%d %H:%M}",
        )
        for each in lines
    ]  # fmt: skip
    filters = {"规则": rules.rule(rule).label if rule else "", "状态": dict(STATES).get(state, "")}
    return exports.table(request, "监察发现", HEADER, rows, form=request.GET.get("form", "xlsx"), filters=filters)


def _query(rule: str, state: str) -> str:
    return "?" + urlencode({name: value for name, value in (("rule", rule), ("state", state)) if value})


@policy(Policy.OVERSIGHT)
@require_GET
@never_cache
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show every rule: what it looks for, from which numbers on, on which ground; and what cannot be done at all."""
    reach = issued_reads.reach_of(account_of(request).pk, local_day(clock.now()))
    rows = reads.catalogue(reach)
    context = {
        "groups": [(met.label, [each for each in rows if each.rule.met is met]) for met in rules.Met],
        "desk": "监察", "back_url": reverse("supervise:findings"),
    }  # fmt: skip
    return render(request, "supervise/finding_rules.html", context)


def visible(request: HttpRequest, number: str, now: datetime) -> tuple[MatterFile, models.Finding]:
    """Return a finding that this member of staff may see.

    :raises NotFound: there is none, or it is not hers to see.
    """
    file, row = actions.load(number[:40], actor_of(request), now)
    if not reads.may_see(row, account_of(request).pk, local_day(now)):
        raise NotFound(actions.NO_SUCH_FINDING)
    return file, row


@policy(Policy.STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show a finding with what this person may do about it, and do it."""
    now = clock.now()
    file, row = visible(request, number, now)
    refused, bound = "", None
    if request.method == "POST":
        refused, bound = issued.act(request, file, request.POST.get("do", "")[:40], now)
        if not refused and bound is None:
            return redirect("supervise:finding", file.called)
        file, row = visible(request, number, now)
    held = {each.role for each in file.held}
    context = {
        "issued": issued_shown.base_of(file, now) | _facts(request, file, row, now), "refused": refused, "desk": "监察",
        "moves": issued_shown.moves_of(file, held, now, bound), "back_url": _back(request, file, now),
        "may_propose": Role.SUPERVISOR in held and file.state in carded.TRUE,
    }  # fmt: skip
    return render(request, "supervise/finding.html", context, status=422 if refused or bound else 200)


def _facts(request: HttpRequest, file: MatterFile, row: models.Finding, now: datetime) -> dict[str, Any]:
    line, first = reads.lines([row], now)[0], matters.entry_at(file.id, 1)
    note = issued_shown.content_of(said.with_words(file.id, [first])[0])
    cases = [
        (each, issued.about_url(account_of(request).pk, "application", each.called, each.department))
        for each in reads.cases_of(row.cases)
    ]
    frozen = reads.evidence_of(row)["facts"].items()
    facts = [(name, issued_shown.in_words(value)) for name, value in frozen if value not in (None, "")]
    return {"line": line, "rule": rules.rule(row.rule), "facts": facts, "cases": cases, "note": note}


def _back(request: HttpRequest, file: MatterFile, now: datetime) -> str:
    covers = issued_reads.reach_of(account_of(request).pk, local_day(now)).covers(file.department)
    return reverse("supervise:findings" if covers else "staff:supervised")


@policy(Policy.SUPERVISOR)
@require_http_methods(["GET", "POST"])
@never_cache
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Propose to call somebody to account for a finding that was found true."""
    now = clock.now()
    file = issued.supervised(request, number, now)
    row = reads.one(file.id)
    if row is None:
        raise NotFound(actions.NO_SUCH_FINDING)
    form = issued_forms.Propose(org.people_at(file.department), request.POST or None, initial={"person": row.person})
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("supervise:record", _propose(request, file, row, form.cleaned_data, now))
        except NotAllowed as refusal:
            refused = str(refusal)
    context = {
        "form": form, "refused": refused, "file": file, "desk": "监察",
        "back_url": reverse("supervise:finding", args=[file.called]),
    }  # fmt: skip
    return render(request, "supervise/finding_propose.html", context, status=422 if request.method == "POST" else 200)


def _propose(request: HttpRequest, file: MatterFile, row: models.Finding, given: dict[str, Any], now: datetime) -> str:
    if file.state not in carded.TRUE:
        raise NotAllowed("认定属实以后才能提出问责。请先听取单位说明并作出认定。")
    moved = accountability.propose(
        Source.FINDING, file.id, row.rule, person=int(given["person"]), department=file.department, by=actor_of(request),
        at=now, key=form_key(request), measure=given["measure"], reason=given["reason"],
    )  # fmt: skip
    assert moved is not None  # a measure is named, so no rule is asked
    return matters.file(moved.matter).called
