"""Finding what can be done: home, search, the page of an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xiaoneng.approval import reads as approval
from xiaoneng.catalogue import search as catalogue
from xiaoneng.catalogue.reads import Plan, Step, version_in_force
from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.rules.acceptance import NO_LIMIT_YET
from xiaoneng.rules.limits import DELIVERY, PRE_ACCEPTANCE, WorkingDays
from xiaoneng.supervision import reads as supervision
from xiaoneng.web.access import Policy, policy

PAGE = 20
EXAMPLES = ("许可", "登记", "补贴")
EVERYWHERE = org.Reach(True, frozenset())


@policy(Policy.PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """Show the hall's front page."""
    now = clock.now()
    departments = catalogue.counts_by_department(now)
    shown = {
        "examples": [
            {"text": text, "url": f"{reverse('public:search')}?{urlencode({'q': text})}"} for text in EXAMPLES
        ],
        "figures": _figures(now),
        "city_short": settings.CITY.removesuffix("市"),
        "updated_at": now,
        "departments": [_department(each) for each in departments[:12]],
        "departments_url": reverse("public:search"),
        "departments_total": len(departments),
        "departments_long": any(len(each.name) > 12 for each in departments[:12]),
        **_themes(now),
        **_own(request),
    }
    return render(request, "public/home.html", {"home": shown})


def _department(each: catalogue.Count) -> dict[str, Any]:
    return {
        "name": each.name,
        "count": each.n,
        "url": f"{reverse('public:search')}?{urlencode({'department': each.key})}",
    }


def _themes(now: Any) -> dict[str, Any]:
    themes = [
        {
            "name": each.name,
            "text": f"{each.n} 项",
            "url": f"{reverse('public:search')}?{urlencode({'theme': each.key})}",
        }
        for each in catalogue.counts_by_theme(now)
        if each.name != "其他"
    ]
    total = sum(each.n for each in catalogue.counts_by_kind(now))
    return {"person_themes": themes[:12], "person_url": reverse("public:search"), "person_total": total}


def _figures(now: Any) -> list[dict[str, Any]]:
    rows = supervision.by_department(EVERYWHERE, now)
    open_ = sum(row.total for row in rows)
    red = sum(row.red for row in rows)
    today = supervision.today(now)
    return [
        {"label": "今日受理", "count": today.accepted},
        {"label": "今日决定", "count": today.decided},
        {"label": "正在办理", "count": open_},
        {"label": "将到期", "count": sum(row.yellow for row in rows)},
        {"label": "超期未结", "count": red, "light": "red"},
    ]


def _own(request: HttpRequest) -> dict[str, Any]:
    if not request.user.is_authenticated:
        return {}
    rows = approval.lines_of(approval.visible_to_applicant(int(request.user.pk)))
    return {
        "my_open": sum(not row.draft and not row.closed for row in rows),
        "my_drafts": sum(row.draft for row in rows),
    }


@policy(Policy.PUBLIC)
def search(request: HttpRequest) -> HttpResponse:
    """Show the items that fit some words or a choice."""
    now = clock.now()
    query = request.GET.get("q", "").strip()[:100]
    chosen = {name: request.GET.get(name, "")[:60] for name in ("department", "kind", "theme", "audience")}
    number = _page_number(request)
    found = _found(query, chosen, now, number)
    # What is found by words can be leafed through as far as it was ranked; what is browsed, to its end.
    page = Paginator(range(found.reachable if query else found.total), PAGE).get_page(number)
    context = {
        "query": query,
        "results": [line_shown(each) for each in found.rows],
        "total": found.total,
        "page": page,
        "near": found.approximate,
        "department": "、".join(_chosen_names(chosen)),
        "facets": [] if query else _facets(now, chosen),
    }
    return render(request, "public/search.html", context)


def _chosen_names(chosen: dict[str, str]) -> list[str]:
    names = [chosen["theme"], chosen["audience"]]
    if chosen["department"].isdecimal():
        names += org.departments_named([int(chosen["department"])]).values()
    return [name for name in names if name]


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1


def _found(query: str, chosen: dict[str, str], now: Any, number: int) -> catalogue.Found:
    offset = (number - 1) * PAGE
    if query:
        return catalogue.search(query, at=now, limit=PAGE, offset=offset)
    department = int(chosen["department"]) if chosen["department"].isdecimal() else None
    return catalogue.browse(
        at=now, department=department, kind=chosen["kind"], theme=chosen["theme"], audience=chosen["audience"],
        limit=PAGE, offset=offset,
    )  # fmt: skip


def _facets(now: Any, chosen: dict[str, str]) -> list[dict[str, Any]]:
    counted = (
        ("类型", "kind", catalogue.counts_by_kind(now)),
        ("谁来办", "audience", catalogue.counts_by_audience(now)),
        ("部门", "department", catalogue.counts_by_department(now)[:30]),
    )
    return [
        {
            "title": title,
            "rows": [
                {
                    "name": each.name,
                    "count": each.n,
                    "on": chosen[name] == each.key,
                    "url": "?" + urlencode({k: v for k, v in _toggled(chosen, name, each.key).items() if v}),
                }
                for each in counts
            ],
        }
        for title, name, counts in counted
    ]


def _toggled(chosen: dict[str, str], name: str, key: str) -> dict[str, str]:
    return chosen | {name: "" if chosen[name] == key else key}


def line_shown(line: catalogue.ItemLine) -> dict[str, Any]:
    """Return a line of a list of items."""
    return {
        "url": reverse("public:item", args=[line.code]),
        "name": line.name,
        "kind": line.kind,
        "department": line.department,
        "promised": line.promised,
        "open": line.open,
        "closed_reason": line.closed_reason,
        "code": line.code,
        "summary": "",
    }


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of an item with its days."""

    name: str
    limit_text: str
    role: str
    note: str


@policy(Policy.PUBLIC)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show the guide of an item."""
    plan = version_in_force(code, clock.now())
    return render(request, "public/item.html", {"item": item_shown(plan)})


def item_shown(plan: Plan) -> dict[str, Any]:
    """Return an item as its guide shows it."""
    limit = plan.promised or plan.statutory
    in_days = isinstance(plan.promised, WorkingDays)
    return {
        "code": plan.code,
        "name": plan.name,
        "kind": plan.kind,
        "audience": plan.audience,
        "department": plan.department,
        "version": plan.serial,
        "in_force_since": plan.in_force_since,
        "conditions": plan.conditions,
        "basis_text": plan.basis,
        "materials": plan.materials,
        "steps": [ShownStep(step.name, _step_limit(step), step.role.label, "") for step in plan.steps]
        + [ShownStep("送达", f"{DELIVERY}内", "", "")],
        "promised": str(plan.promised) if plan.promised else "",
        "promised_n": plan.promised.n if plan.promised and in_days else None,
        "statutory": str(plan.statutory) if plan.statutory else "",
        "compression": _compression(plan),
        "location": plan.location,
        "phone": plan.phone,
        "complaint_phone": plan.complaint_phone,
        "result": plan.result,
        "source": plan.source,
        "open": plan.has_limit and plan.on_application and plan.online,
        "closed_reason": _closed(plan),
        "limit": str(limit) if limit else "",
        "url": reverse("public:item", args=[plan.code]),
    }


def _step_limit(step: Step) -> str:
    if step.limit:
        return str(step.limit)
    return f"{PRE_ACCEPTANCE}内" if step.kind == "accept" else "计入总时限"


def _closed(plan: Plan) -> str:
    if not plan.has_limit:
        return NO_LIMIT_YET
    if not plan.on_application:
        return "这个事项由行政机关依职权办理，不接受申请。"
    return "" if plan.online else "这个事项要到窗口办理，地址和电话见下方。"


def _compression(plan: Plan) -> int | None:
    if not plan.promised or not plan.statutory or type(plan.promised) is not type(plan.statutory):
        return None
    return round(100 * (1 - plan.promised.n / plan.statutory.n)) if plan.statutory.n else None
