"""The guide of an item: as a page that is the same for everybody who is not signed in, and as a document to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiaoneng.approval.real_times import LEAST, RealTimes, real_times
from xiaoneng.catalogue.contents import content_of
from xiaoneng.catalogue.reads import Plan, Step, version_in_force
from xiaoneng.kit import clock, documents
from xiaoneng.kit.numbers import chinese_date
from xiaoneng.org import reads as org
from xiaoneng.rules.acceptance import NO_LIMIT_YET
from xiaoneng.rules.falsehood import SAFETY
from xiaoneng.rules.items.content import Content, Fee, LegalBasis
from xiaoneng.rules.items.scenarios import demanded, questions
from xiaoneng.rules.items.seasons import closed_words
from xiaoneng.rules.limits import DELIVERY, PRE_ACCEPTANCE, CalendarDays, Limit, WorkingDays
from xiaoneng.rules.workdays import OfficeHours, local_day
from xiaoneng.web import flow_charts, in_force
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.public.answers import situation_of
from xiaoneng.web.public.counted import once_in
from xiaoneng.web.public.front import OWN, SAME_FOR_ALL

TIMES_SECONDS = 300.0
LAYOUT = Path(__file__).parent / "layout" / "guide.typ"
TO_CHECK = "条文待核"
MARKS = (f"（{TO_CHECK}）", f"({TO_CHECK})")
NO_FEE = "不收费"
JOINED = "\u2060"  # keeps what stands on its two sides on one line
IN_WORDS = {WorkingDays.unit: "个工作日", CalendarDays.unit: "日"}


@policy(Policy.PUBLIC)
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show the guide of an item."""
    now = clock.now()
    answer = render(request, "public/item.html", {"item": guide_shown(version_in_force(code, now), now)})
    if not request.user.is_authenticated and not any(own.rstrip("=") in request.COOKIES for own in OWN):
        answer[SAME_FOR_ALL] = "public:item"
    answer["Cache-Control"] = "no-cache"  # may be kept, and is asked about each time
    return answer


@policy(Policy.PUBLIC)
@require_safe
def item_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the guide of an item as PDF."""
    now = clock.now()
    plan = version_in_force(code, now)
    answer = HttpResponse(_pdf(plan, local_day(now), situation_of(plan, request.GET)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{plan.code}.pdf"'
    answer["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=64)
def _pdf(plan: Plan, today: date, chosen: tuple[str, ...] = ()) -> bytes:
    content, hours = content_of(plan.version_id), _hours(plan, today)
    shown = item_shown(plan)
    fees = _fees(content)
    data = {
        "title": plan.name,
        "code": plan.code,
        "version": f"第 {plan.serial} 版，{chinese_date(local_day(plan.in_force_since))}起施行",
        "printed": chinese_date(today),
        "facts": [
            ["情形", "；".join(chosen)], ["受理时段", plan.season],
            ["事项类型", plan.kind], ["实施机关", plan.department], ["服务对象", "、".join(plan.audience)],
            ["法定期限", shown["statutory"]], ["承诺期限", shown["promised"]], ["收费", fees[0]["text"] if fees else NO_FEE],
            ["结果", plan.result], ["办理地点", plan.location], ["办公时间", content.open_hours or hours],
            ["咨询电话", plan.phone], ["投诉电话", plan.complaint_phone],
        ],
        "conditions": _lines(plan.conditions),
        "materials": [
            [m.name, m.source, f"{m.form} {m.copies} 份", "必交" if m.required else "有就交", m.note]
            for m in demanded(plan.materials, questions(plan.scenarios), chosen)
        ],
        "steps": [[step.limit_text, step.name, step.role] for step in shown["steps"]],
        "basis": [f"{each['text']}{MARKS[0] if each['unverified'] else ''}" for each in _bases(plan, content)],
    }  # fmt: skip
    return documents.pdf(LAYOUT, data)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of an item with its days."""

    name: str
    limit_text: str
    role: str
    note: str
    not_counted: bool = False


def item_shown(plan: Plan) -> dict[str, Any]:
    """Return an item as lists, forms and its guide show it."""
    limit = plan.promised or plan.statutory
    in_days = isinstance(plan.promised, (WorkingDays, CalendarDays)) and plan.promised.n > 0
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
        "steps": _steps(plan, ()),
        "promised": _spoken(plan.promised),
        "promised_n": plan.promised.n if plan.promised and in_days else None,
        "promised_unit": IN_WORDS.get(plan.promised.unit, "") if plan.promised else "",
        "statutory": _spoken(plan.statutory),
        "compression": _compression(plan),
        "location": plan.location,
        "phone": plan.phone,
        "complaint_phone": plan.complaint_phone,
        "result": plan.result,
        "source": plan.source,
        "open": plan.has_limit and plan.on_application and plan.online,
        "closed_reason": _closed(plan),
        "limit": _spoken(limit),
        "url": reverse("public:item", args=[plan.code]),
    }


def guide_shown(plan: Plan, now: datetime) -> dict[str, Any]:
    """Return an item as its guide shows it."""
    content = content_of(plan.version_id)
    real = once_in(TIMES_SECONDS, ("real", plan.item_id, local_day(now)), lambda: real_times(plan.item_id, now))
    required = sum(material.required for material in plan.materials)
    return (
        item_shown(plan)
        | _in_season(plan, local_day(now))
        | {
            "steps": _steps(plan, content.special_steps),
            "bases": _bases(plan, content),
            "materials": [
                _material(material, paper)
                for material, paper in zip(plan.materials, _papers(plan, content), strict=True)
            ],
            "required": required,
            "fees": _fees(content),
            "fee": "；".join(each["text"] for each in _fees(content)),
            "asked_for_at": reverse("public:agency") if plan.code == in_force.values()["agency_item"] else "",
            "questions": content.questions,
            "counters": content.counters,
            "hours": content.open_hours or _hours(plan, local_day(now)),
            "undertaken_by": content.undertaken_by,
            "results": content.results,
            "visits": content.visits,
            "bookable": content.bookable,
            "reconsideration": content.reconsideration,
            "court": content.court,
            "review_standard": content.review_standard,
            "quantity_limit": content.quantity_limit,
            "situations": questions(plan.scenarios),
            "situation_url": reverse("public:situation", args=[plan.code]),
            "season": plan.season,
            "safety": SAFETY if plan.bears_on_safety else "",
            "theme": plan.themes[0] if plan.themes else "",
            "aliases": content.aliases,
            "real": _real(real),
            "least_cases": LEAST,
            "pdf_url": reverse("public:item_pdf", args=[plan.code]),
            "flow": flow_charts.shown(plan),
        }
    )


def _in_season(plan: Plan, today: date) -> dict[str, Any]:
    """Return that a seasonal service is closed today and when it opens, or nothing."""
    closed = closed_words(plan.season, today) if plan.season else ""
    return {"open": False, "closed_reason": closed} if closed else {}


def _papers(plan: Plan, content: Content) -> Sequence[Any]:
    by_name = {paper.name: paper for paper in content.materials}
    return [by_name.get(material.name) for material in plan.materials]


def _material(material: Any, paper: Any) -> dict[str, Any]:
    days = getattr(paper, "deferred_days", None)
    return {
        "name": material.name,
        "scenarios": material.scenarios,
        "note": material.note,
        "standard": getattr(paper, "standard", ""),
        "source": material.source,
        "form": getattr(paper, "kind", "") or material.form,
        "copies": material.copies,
        "required": material.required,
        "deferrable": f"先受理，{days} 个工作日内补"
        if days
        else ("可以后补" if getattr(paper, "deferrable", False) else ""),
        "replaceable": getattr(paper, "replaceable", ""),
    }


def _bases(plan: Plan, content: Content) -> list[dict[str, Any]]:
    """Return the provisions on which an item rests, each with whether it still has to be checked against the text."""
    if content.legal_bases:
        return [_basis(str(each), each) for each in content.legal_bases]
    parts = (part.strip() for part in plan.basis.replace("\n", "；").split("；"))
    return [_basis(part, None) for part in parts if part]


def _basis(text: str, known: LegalBasis | None) -> dict[str, Any]:
    plain = text
    for mark in MARKS:
        plain = plain.replace(mark, "")
    return {"text": plain, "unverified": TO_CHECK in text, "words": known.text if known else ""}


def _fees(content: Content) -> list[dict[str, str]]:
    return [
        {"text": f"{fee.name} {fee.amount}", "basis": fee.basis, "exemption": _exemption(fee)} for fee in content.fees
    ]


def _exemption(fee: Fee) -> str:
    return f"{fee.exemption}{f'（{fee.exemption_basis}）' if fee.exemption_basis else ''}" if fee.exemption else ""


def _real(real: RealTimes | None) -> dict[str, Any] | None:
    if real is None:
        return None
    unit = IN_WORDS[real.unit]
    return {
        "half": _within(real.half), "nine_tenths": _within(real.nine_tenths), "cases": real.cases, "unit": unit,
        "half_long": _in_days(real.half, unit), "nine_tenths_long": _in_days(real.nine_tenths, unit),
    }  # fmt: skip


def _within(days: int) -> str:
    return f"{days} 天内" if days else "当天"


def _in_days(days: int, unit: str) -> str:
    return f" {days} {unit}内" if days else "受理当天"


def _hours(plan: Plan, today: date) -> str:
    _, hours = org.calendar_of_department(plan.department_id)
    return hours_in_words(hours.on(today))


def hours_in_words(hours: OfficeHours) -> str:
    """Return office hours as people read them; a span stays on its line."""
    spans = (f"{start.hour}:{start:%M}{JOINED}—{JOINED}{end.hour}:{end:%M}" for start, end in hours.sessions)
    return f"工作日 {'、'.join(spans)}"


def _steps(plan: Plan, special: Sequence[Any]) -> list[ShownStep]:
    left = _left_for_the_decision(plan)
    steps = [ShownStep(step.name, _step_limit(step, left), step.role.label, "") for step in plan.steps]
    free = [
        ShownStep(
            each.kind,
            "不计入时限",
            "",
            f"一般 {each.days} 个工作日，书面告知您" if each.days else "需要时书面告知您",
            True,
        )
        for each in special
    ]
    at = next((n for n, step in enumerate(plan.steps) if step.kind == "decide"), len(steps))
    return [*steps[:at], *free, *steps[at:], ShownStep("送达", f"{DELIVERY}内", "", "邮寄、自取或者电子送达")]


def _left_for_the_decision(plan: Plan) -> Limit | None:
    """Return what the promise leaves for the one step without days of its own, if all others count as it does."""
    limits = [step.limit for step in plan.steps if step.kind != "accept"]
    if plan.promised is None or limits.count(None) != 1:
        return None
    known = [limit for limit in limits if limit is not None]
    left = plan.promised.n - sum(limit.n for limit in known)
    if left <= 0 or any(type(limit) is not type(plan.promised) for limit in known):
        return None
    return type(plan.promised)(left)


def _step_limit(step: Step, left: Limit | None) -> str:
    if step.limit:
        return _spoken(step.limit)
    if step.kind == "accept":
        return f"{PRE_ACCEPTANCE}内"
    return str(left) if left else "计入总时限"


def _spoken(limit: Limit | None) -> str:
    if limit is None:
        return ""
    return str(limit) if limit.n else "当场办结"


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


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
