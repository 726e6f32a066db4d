"""What stands behind the board's figures: the matters of a figure, and any one of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import reads as approval
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.cards import NEVER_ABOUT
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.milestones import supervised
from xiaoneng.rules.roles import ON_LISTS, Role
from xiaoneng.rules.workdays import local, local_day, start_of_day
from xiaoneng.supervision import issued_reads, reads
from xiaoneng.web import shown
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.supervise.board_shown import Chosen, address_of, narrowed, reads_all
from xiaoneng.web.supervise.pages import may_issue

PAGE = 50
ONLY = {"turned": "今天变红", "due": "今天到期", "accepted": "今天受理", "decided": "今天办结"}


def _reach(request: HttpRequest, now: datetime) -> Reach:
    return org.reach_of(account_of(request).pk, issued_reads.BOARD_READERS, local_day(now))


@policy(Policy.BOARD)
@require_GET
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """Show the matters behind a figure of the board."""
    now, chosen = clock.now(), Chosen.of(request)
    reach = narrowed(_reach(request, now), chosen.region)
    department = number_in(request.GET.get("department", ""))
    wanted, only = request.GET.get("light", ""), request.GET.get("only", "")
    light = Light(wanted) if wanted in set(Light) else None
    rows = _only(reach, now, only, chosen)
    rows = rows.filter(department_id=department) if department else rows
    rows = rows.filter(matters.having_light(light, now), closed=False) if light else rows
    page = Paginator(rows.select_related("department").order_by(F("red_at").asc(nulls_last=True), "id"), PAGE)
    shown_page = page.get_page(request.GET.get("page"))
    context = {
        "matters": {
            "title": _title(department, chosen),
            "note": f"{ONLY.get(only, '正在办理')}，共 {page.count} 件",
            "filters": _filters(chosen, department, light, only if only in ONLY else ""),
            "rows": rows_of(list(shown_page.object_list), now),
        },
        "page": shown_page,
        "back_url": chosen.address("supervise:board"),
        "desk": "监察",
    }
    return render(request, "staff/matters.html", context)


def number_in(text: str) -> int:
    """Return the number that an address names, 0 if it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _only(reach: Reach, now: datetime, only: str, chosen: Chosen) -> QuerySet[Matter]:
    if only in ("accepted", "decided"):
        return reads.done_today(reach, now, only, chosen.kinds)
    rows, day = reads.visible_to_supervisor(reach, chosen.kinds), start_of_day(local_day(now))
    if only == "turned":
        return rows.filter(red_at__gte=day, red_at__lt=now)
    return rows.filter(red_at__gte=now, red_at__lt=day + timedelta(days=1)) if only == "due" else rows


def _title(department: int, chosen: Chosen) -> str:
    names = org.departments_named([department] if department else [])
    region = org.regions().get(chosen.region)
    place = names.get(department) or (region.name if region else "全部部门")
    return f"{place} · {supervised()[chosen.kind].label}" if chosen.kind else place


def _filters(chosen: Chosen, department: int, light: Light | None, only: str) -> list[dict[str, Any]]:
    def address(**more: object) -> str:
        asked = {"department": department, "light": light.value if light else "", "only": only} | more
        return chosen.address("supervise:matters", **asked)

    lights = [
        {"label": each.word, "on": each is light, "url": address(light="" if each is light else each.value)}
        for each in Light
    ]
    days = [
        {"label": label, "on": name == only, "url": address(only="" if name == only else name)}
        for name, label in ONLY.items()
    ]
    return lights + days


def rows_of(found: list[Matter], now: datetime) -> list[dict[str, Any]]:
    """Return matters as the lists of the supervisors show them."""
    ids = [row.pk for row in found]
    names, dues = approval.applicants_of(ids), matters.dues_of(ids)
    return [
        {
            **_light(row, now),
            "url": address_of(row.kind, row.pk, row.number or row.intake_number or ""),
            "number": str(row),
            "title": row.title,
            "applicant": names.get(row.pk, ""),
            "department": row.department.name,
            "step": row.step_name,
            "step_light": _step_light(row, now),
            **_due(row, dues.get(row.pk, {})),
        }
        for row in found
    ]


def _light(row: Matter, now: datetime) -> dict[str, str]:
    if row.closed:  # its colour is final
        return {"light": "done", "light_text": "已办结，曾经超期" if row.late else "已办结"}
    return {"light": light_at(row.yellow_at, row.red_at, row.paused, now).value}


def _due(row: Matter, dues: dict[str, date | None]) -> dict[str, date | None]:
    columns = shown.due_columns(dues)
    if not any(columns.values()) and row.red_at:
        columns["promised_due"] = local_day(row.red_at)
    return columns


def _step_light(row: Matter, now: datetime) -> str:
    """Return the light of the step that runs, where it needs attention; the matter as a whole may still be in time."""
    steps = [each for each in row.clocks.values() if each["name"] == "step" and each["state"] == "running"]
    for each in steps:
        ends = [datetime.fromisoformat(each[name]) if each[name] else None for name in ("yellow_at", "red_at")]
        found = light_at(ends[0], ends[1], False, now)
        if found in (Light.RED, Light.YELLOW):
            return found.value
    return ""


@policy(Policy.BOARD)
@require_GET
@never_cache
def any_matter(request: HttpRequest, matter: int) -> HttpResponse:
    """Show a matter of any kind as a supervisor sees it: its light, its clocks' ends and its journal."""
    now = clock.now()
    file = matters.file(matter)
    if (
        file.kind not in (Chosen.of(request).within or supervised())
        or not file.version
        or not _reach(request, now).covers(file.department)
    ):
        raise NotFound(matters.NO_SUCH_MATTER)
    lines = matters.journal(file.id)
    names = org.names_of_accounts({line.actor for line in lines}) | {0: "平台"}
    view = {
        "title": file.title,
        "number": file.number or file.intake_number or f"{file.procedure.label} {file.id}",
        "intake_number": "",
        "light": shown.light_of(file, now, staff=True),
        "people": _facts(file),
        "lights": _records(file),
        "entries": [_entry(file, line, names) for line in lines],
        "issued": issued_reads.issued_about(file.id, now) if reads_all(request) else (),
        "reminders": issued_reads.reminders_about(file.id) if reads_all(request) else (),
        "issue_url": _issue_url(file) if may_issue(request, now) else "",
    }
    own = reverse("lists:compilation", args=[file.id]) if _keeps_lists(request, file, now) else ""
    back = own or Chosen(0, file.kind).address("supervise:matters")
    return render(request, "staff/journal.html", {"matter": view, "back_url": back, "desk": "监察"})


def _issue_url(file: matters.MatterFile) -> str:
    issuable = file.kind not in NEVER_ABOUT and (file.number or file.intake_number)
    return reverse("supervise:issue", args=[file.called]) if issuable else ""


def _keeps_lists(request: HttpRequest, file: matters.MatterFile, now: datetime) -> bool:
    held = org.all_roles_of(account_of(request).pk, local_day(now))
    return file.kind == "power_list" and bool(held & set(ON_LISTS))


def _facts(file: matters.MatterFile) -> list[dict[str, str]]:
    alive = [each for each in file.clocks if each.state != "stopped" and each.due_on]
    ends = "；".join(f"{each.name.label} {each.due_on:%Y年%m月%d日}" for each in alive)
    facts = [("种类", file.procedure.label), ("部门", file.department_name)]
    facts += [("状态", file.procedure.state(file.state).label), ("期限", ends or "没有在计时的期限")]
    return [{"label": label, "name": name} for label, name in facts]


def _records(file: matters.MatterFile) -> list[dict[str, Any]]:
    ended = {(each.name.value, each.round): each.stopped_at for each in file.clocks}
    labels = {each.name.value: each.name.label for each in file.clocks}
    return [
        {
            "light": "red",
            "word": f"{labels.get(row.clock, row.clock)}超期",
            "since": row.since,
            "until": ended.get((row.clock, row.round)),
            "note": f"{row.step_name}；登记于 {local(row.recorded_at):%m月%d日 %H:%M:%S}",
        }
        for row in reads.records_of(file.id)
    ]


def _entry(file: matters.MatterFile, line: matters.EntryLine, names: dict[int, str]) -> shown.ShownEntry:
    basis = str(file.procedure.move(line.move).basis)
    late = f"补记，称发生于 {local(line.claimed_at):%m月%d日 %H:%M}" if line.claimed_at else ""
    actor, short = names.get(line.actor, Role(line.role).label), f"{line.hash[:4]}…{line.hash[-4:]}"
    return shown.ShownEntry(line.recorded_at, line.label, actor, line.authority, "", basis, short, late)
