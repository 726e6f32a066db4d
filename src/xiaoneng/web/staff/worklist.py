"""The worklist: what waits for me, what turns red first on top."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import reads
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.workdays import local_day, remaining_work
from xiaoneng.web import shown
from xiaoneng.web.access import Policy, account_of, policy

PAGE = 50
LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, Light.PAUSED)


@policy(Policy.STAFF)
@require_GET
@never_cache
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what waits for this member of staff; with words, what she may see that fits them."""
    account, now = account_of(request).pk, clock.now()
    query = request.GET.get("q", "").strip()[:60]
    if query:
        return all_cases(request)
    rows = reads.awaiting(account, local_day(now))
    return _shown(request, rows, "我的待办", now)


@policy(Policy.STAFF)
@require_GET
@never_cache
def all_cases(request: HttpRequest) -> HttpResponse:
    """Show every open case within this member of staff's reach; with words, closed ones too."""
    account, now = account_of(request).pk, clock.now()
    query = request.GET.get("q", "").strip()[:60]
    rows = reads.visible_to_staff(account, local_day(now))
    rows = _fitting(rows, query) if query else rows.filter(closed=False, version__gt=0)
    return _shown(request, rows, "查到的办件" if query else "全部在办", now, query)


def _fitting(rows: QuerySet[Matter], query: str) -> QuerySet[Matter]:
    number = query.upper().replace("-", "")
    return rows.filter(
        Q(number__endswith=number) | Q(intake_number__endswith=number) | Q(title__icontains=query)
        | Q(application__applicant_name__icontains=query)
    )  # fmt: skip


def _shown(request: HttpRequest, rows: QuerySet[Matter], title: str, now: datetime, query: str = "") -> HttpResponse:
    wanted = request.GET.get("light", "")
    light = Light(wanted) if wanted in set(Light) else None
    counts = {each: rows.filter(matters.having_light(each, now), closed=False).count() for each in LIGHTS}
    chosen = rows.filter(matters.having_light(light, now)) if light else rows
    ordered = chosen.order_by(F("closed").asc(), F("paused").asc(), F("red_at").asc(nulls_last=True), "id")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": title,
        "as_of": now,
        "total": page.paginator.count,
        "tabs": _tabs(light, counts, rows, query),
        "groups": list(_groups(page, now)),
    }
    return render(request, "staff/worklist.html", {"worklist": context, "page": page, "q": query})


def _tabs(chosen: Light | None, counts: dict[Light, int], rows: QuerySet[Matter], query: str) -> list[dict[str, Any]]:
    def url(**more: str) -> str:
        return "?" + urlencode({k: v for k, v in ({"q": query} | more).items() if v})

    every = {"light": "", "label": "全部", "count": rows.count(), "url": url(), "current": chosen is None}
    return [every] + [
        {
            "light": each.value,
            "label": each.word,
            "count": counts[each],
            "url": url(light=each.value),
            "current": chosen is each,
        }
        for each in LIGHTS
    ]


def _groups(page: Page[Matter], now: datetime) -> Iterable[dict[str, Any]]:
    rows = list(page.object_list)
    ids = [row.pk for row in rows]
    names, dues = reads.applicants_of(ids), matters.dues_of(ids)
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        shown = _row(row, names.get(row.pk, ""), dues.get(row.pk, {}), now)
        grouped.setdefault(_group(row, now), []).append(shown)
    for title, members in grouped.items():
        yield {"title": title, "count": len(members), "note": _NOTES.get(title, ""), "rows": members}


_NOTES = {
    "已超期": "期限已过，红灯已记录，不能熄灭",
    "暂停中": "时限不走，恢复后按剩余天数排回上面",
    "以后": "按到期先后",
}


def _group(row: Matter, now: datetime) -> str:
    light = light_at(row.yellow_at, row.red_at, row.paused, now)
    if row.closed:
        return "已办结"
    if light is Light.RED:
        return "已超期"
    if light is Light.PAUSED:
        return "暂停中"
    if row.red_at is None:
        return "等申请人"
    days = {local_day(now) + timedelta(days=n): word for n, word in enumerate(("今天到期", "明天到期", "后天到期"))}
    return days.get(local_day(row.red_at), "以后")


def _row(row: Matter, applicant: str, due: dict[str, Any], now: datetime) -> dict[str, Any]:
    light = light_at(row.yellow_at, row.red_at, row.paused, now)
    return {
        "light": "done" if row.closed else light.value,
        "remaining": _remaining(row, light, now),
        "item": row.title,
        "url": reverse("staff:case", args=[row.number or row.intake_number or ""]),
        "applicant": applicant,
        "step": row.step_name,
        **shown.due_columns(due),
        "number": row.number or row.intake_number,
    }


def _remaining(row: Matter, light: Light, now: datetime) -> str:
    if row.closed or row.red_at is None:
        return "已停" if light is Light.PAUSED else ""
    calendar, hours = org.calendar_of_department(row.department_id)
    return str(remaining_work(now, row.red_at, calendar, hours))
