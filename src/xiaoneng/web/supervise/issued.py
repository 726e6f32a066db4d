"""Pages of cards and orders: the lists with every figure opening down to its cases, one of them, and issuing them."""

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
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import from_facts, moment
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import card, supervision_order
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local, local_day
from xiaoneng.supervision import cards, issued_reads, models, orders
from xiaoneng.supervision.issued_reads import Line, Wanted
from xiaoneng.supervision.responsible import Person
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.shown import light_of
from xiaoneng.web.supervise import issued_forms, issued_shown

PAGE = 50
NO_SUCH = "没有找到这张牌或者这份督办，或者它不在您的职责范围内。请从列表里打开。"
WAITS = (("unit", "等单位"), ("office", "等效能办"), ("standing", "有效"), ("withdrawn", "已撤"))


def wanted_of(request: HttpRequest) -> Wanted:
    """Return what the address asks for; what is not understood is left out."""
    get = request.GET.get
    department = get("department", "")
    number = int(department) if department.isascii() and department.isdigit() and len(department) < 10 else 0
    level = get("level", "") if get("level", "") in ("yellow", "red") else ""
    waits = get("waits", "") if get("waits", "") in dict(WAITS) else ""
    return Wanted(get("state", "")[:40].replace("\0", ""), level, get("rule", "")[:20].replace("\0", ""), number, waits)


def _query(wanted: Wanted, **changes: Any) -> str:
    names = ("state", "level", "rule", "department", "waits")
    values = {name: getattr(wanted, name) for name in names} | changes
    return "?" + urlencode({name: value for name, value in values.items() if value})


@policy(Policy.OVERSIGHT)
@require_GET
@never_cache
def card_list(request: HttpRequest) -> HttpResponse:
    """Show the cards: each department's figures, and the cards behind them."""
    now, wanted = clock.now(), wanted_of(request)
    reach = issued_reads.reach_of(account_of(request).pk, local_day(now))
    page = Paginator(issued_reads.cards(reach, wanted), PAGE).get_page(request.GET.get("page"))
    departments = issued_reads.by_department(reach)
    chips = [(label, _query(wanted, level="" if wanted.level == key else key), wanted.level == key)
             for key, label in (("yellow", "黄牌"), ("red", "红牌"))]  # fmt: skip
    context = {
        "lines": issued_reads.card_lines(page.object_list, now), "page": page, "departments": departments,
        "chips": chips + _wait_chips(wanted, WAITS), "wanted": wanted, "desk": "监察",
        "chosen": next((d.name for d in departments if d.department == wanted.department), ""),
        "off_url": _query(wanted, department=0),
    }  # fmt: skip
    return render(request, "supervise/cards.html", context)


def _wait_chips(wanted: Wanted, waits: tuple[tuple[str, str], ...]) -> list[tuple[str, str, bool]]:
    return [
        (label, _query(wanted, waits="" if wanted.waits == key else key), wanted.waits == key) for key, label in waits
    ]


@policy(Policy.OVERSIGHT)
@require_GET
@never_cache
def order_list(request: HttpRequest) -> HttpResponse:
    """Show the urging notices and the orders."""
    now, wanted = clock.now(), wanted_of(request)
    reach = issued_reads.reach_of(account_of(request).pk, local_day(now))
    page = Paginator(issued_reads.orders(reach, wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": issued_reads.order_lines(page.object_list, now), "page": page, "desk": "监察",
        "chips": _wait_chips(wanted, WAITS[:2]),
    }  # fmt: skip
    return render(request, "supervise/orders.html", context)


def visible(request: HttpRequest, number: str, now: datetime) -> MatterFile:
    """Return a card or an order that this member of staff may see.

    :raises NotFound: there is none, or it is not hers to see.
    """
    account, on = account_of(request).pk, local_day(now)
    try:
        file = matters.file(number[:40], by=account, on=on)
    except NotFound:
        raise NotFound(NO_SUCH) from None
    known = file.kind in (card.PROCEDURE.kind, supervision_order.PROCEDURE.kind)
    if not known or not issued_reads.may_see(file.department, account, on):
        raise NotFound(NO_SUCH)
    return file


@policy(Policy.STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show a card or an order with what this person may do about it, and do it."""
    now = clock.now()
    file = visible(request, number, now)
    refused, bound = "", None
    if request.method == "POST":
        name = request.POST.get("do", "")[:40]
        refused, bound = act(request, file, name, now)
        if not refused and bound is None:
            return redirect("supervise:issued", file.called)
        file = visible(request, number, now)
    held = {each.role for each in file.held}
    view = issued_shown.base_of(file, now) | _facts(request, file, now)
    context = {
        "issued": view, "moves": issued_shown.moves_of(file, held, now, bound), "refused": refused,
        "may_propose": Role.SUPERVISOR in held and view["line"].standing,
        "desk": "监察", "back_url": _back(request, file, held),
    }  # fmt: skip
    return render(request, "supervise/issued.html", context, status=422 if refused or bound else 200)


def act(
    request: HttpRequest, file: MatterFile, name: str, now: datetime
) -> tuple[str, tuple[str, issued_forms.MoveForm] | None]:
    """Make a posted move; return why not, and the form with what was typed, or nothing of either."""
    asked = issued_forms.ACTS.get((file.kind, name))
    if asked is None:
        return "这一步不认识。请刷新页面后重试。", None
    form = issued_forms.MoveForm(asked, request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return "", (name, form)
    try:
        asked.act(file.called, by=actor_of(request), at=now, key=form_key(request), **form.cleaned_data)
    except NotAllowed as refusal:
        return str(refusal), (name, form)
    return "", None


def _back(request: HttpRequest, file: MatterFile, held: set[Role]) -> str:
    if issued_reads.reach_of(account_of(request).pk, local_day(clock.now())).covers(file.department):
        return reverse("supervise:cards" if file.kind == card.PROCEDURE.kind else "supervise:orders")
    return reverse("staff:supervised")


def _facts(request: HttpRequest, file: MatterFile, now: datetime) -> dict[str, Any]:
    everywhere = org.Reach(True, frozenset())
    if file.kind == card.PROCEDURE.kind:
        line = issued_reads.card_lines(issued_reads.cards(everywhere).filter(pk=file.id), now)[0]
        evidence = issued_reads.evidence_of(file.id)
        told = {"line": line, "evidence": evidence, "frozen": _frozen(evidence), "chain": _chain(file.id, now)}
        return told | _about(request, line)
    line = issued_reads.order_lines(issued_reads.orders(everywhere).filter(pk=file.id), now)[0]
    return {"line": line} | _about(request, line)


def _frozen(evidence: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the frozen facts in words."""
    of, clock_, since = evidence["matter"], evidence["clock"], evidence["since"]
    rows = [("环节", of["step"] + ("，已有超期" if of["late"] else "")), ("日志", f"第 {of['version']} 条")]
    if clock_:
        known = from_facts(clock_)
        rows.append((known.name.label, f"{known.total}，{chinese_date(known.started_on)}起"))
        rows.append(("到期", chinese_date(known.due_on) if known.due_on else "—"))
    if since:
        at = local(moment(since))
        rows.append(("转红时刻", f"{chinese_date(at.date())} {at:%H:%M:%S}"))
    rows += [
        (name, issued_shown.in_words(value)) for name, value in evidence["found"].items() if value not in (None, "")
    ]
    return [*rows, ("链头", of["head"][:16] + "…")]


def _chain(matter: int, now: datetime) -> tuple[Line, ...]:
    """Return the yellow card that a red one followed, or the red ones that followed a yellow one."""
    row = models.Card.objects.get(pk=matter)
    others = [row.escalates_id] if row.escalates_id else list(row.escalated_by.values_list("pk", flat=True))
    return issued_reads.card_lines(issued_reads.cards(org.Reach(True, frozenset())).filter(pk__in=others), now)


def _about(request: HttpRequest, line: Line) -> dict[str, Any]:
    return {"about_url": about_url(account_of(request).pk, line.about_kind, line.about_called, line.department)}


def about_url(account: int, kind: str, called: str, department: int) -> str:
    """Return where somebody reads the case that a card is about; nothing where there is no page for her."""
    if kind != "application":
        return ""
    on = local_day(clock.now())
    if org.reach_of(account, [Role.SUPERVISOR], on).covers(department):
        return reverse("supervise:matter", args=[called])
    unit = issued_reads.unit_reach_of(account, on).covers(department)
    return reverse("staff:case", args=[called]) if unit else ""


# --- issuing ----------------------------------------------------------------------------------------------------------
def supervised(request: HttpRequest, number: str, now: datetime) -> MatterFile:
    """Return a matter within this supervisor's reach, of whatever kind.

    :raises NotFound: there is none, or it lies without.
    """
    file = matters.file(number[:40])
    reach = org.reach_of(account_of(request).pk, [Role.SUPERVISOR], local_day(now))
    if not reach.covers(file.department) or not file.version:
        raise NotFound(matters.NO_SUCH_MATTER)
    return file


@policy(Policy.SUPERVISOR)
@require_http_methods(["GET", "POST"])
@never_cache
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Urge, order or card about a case."""
    now = clock.now()
    file = supervised(request, number, now)
    people = org.people_at(file.department)
    given = request.POST if request.method == "POST" else None
    do = request.POST.get("do", "") if given else ""
    forms = {
        "urge": issued_forms.Urge("催办要求", 3, given if do == "urge" else None, auto_id="urge_%s"),
        "order": issued_forms.Urge("督办要求", 5, given if do == "order" else None, auto_id="order_%s"),
        "card": issued_forms.Card(people, given if do == "card" else None, auto_id="card_%s"),
    }
    refused = ""
    if do in forms and forms[do].is_valid():
        try:
            return redirect("supervise:issued", _issue(request, do, file, forms[do].cleaned_data, people, now))
        except NotAllowed as refusal:
            refused = str(refusal)
    context = {
        "file": file, "forms": forms, "refused": refused, "do": do, "desk": "监察",
        "light": light_of(file, now, staff=True),
        "back_url": reverse("supervise:matter", args=[file.called]) if file.kind == "application" else "",
        "before": issued_reads.issued_about(file.id, now),
        "reminders": issued_reads.reminders_about(file.id),
    }  # fmt: skip
    return render(request, "supervise/issue.html", context, status=422 if given else 200)


def _issue(
    request: HttpRequest, do: str, file: MatterFile, said: dict[str, Any], people: dict[int, str], now: datetime
) -> str:
    by, key = actor_of(request), form_key(request)
    if do != "card":
        verb = orders.urge if do == "urge" else orders.order
        moved = verb(file.id, wants=said["wants"], days=said["days"], by=by, at=now, key=key)
        return matters.file(moved.matter).called
    chosen = int(said["person"]) if said["person"] else 0
    person = Person(chosen, people[chosen]) if chosen in people else None
    moved = cards.issue(
        file.id, said["rule"], level=said["level"], grounds=said["grounds"], person=person, by=by, at=now, key=key
    )
    return matters.file(moved.matter).called
