"""What the supervisors' board shows: the regions and departments of a place with their lights, down to the matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from xiaoneng.approval import reads as approval
from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.org.models import Region
from xiaoneng.org.reads import Reach, RegionLine
from xiaoneng.rules.limits import Light
from xiaoneng.rules.milestones import FOR_PEOPLE, supervised
from xiaoneng.rules.procedures import Procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local, local_day, remaining_work
from xiaoneng.supervision import issued_reads, reads
from xiaoneng.supervision.tally_reads import DepartmentLights
from xiaoneng.web.access import account_of

SHOWN_RED = 10
A_DAY = timedelta(days=1)
LIGHTS = ("red", "yellow", "paused", "green", "total")


def reads_all(request: HttpRequest) -> bool:
    """Tell whether somebody reads what supervision issues too, or the lights of people's cases alone."""
    return org.holds_any(account_of(request).pk, issued_reads.READERS, local_day(clock.now()))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which part of the board is asked for: a region with all below it, and a kind of matter."""

    region: int = 0
    kind: str = ""
    within: tuple[str, ...] = ()  # the kinds that may be seen at all; none means every kind that carries a light

    @classmethod
    def of(cls, request: HttpRequest) -> Chosen:
        """Return what the address asks for; what it cannot mean is left out."""
        region, kind = request.GET.get("region", ""), request.GET.get("kind", "")
        known = region.isascii() and region.isdigit() and len(region) < 10
        within = () if reads_all(request) else FOR_PEOPLE
        return cls(int(region) if known else 0, kind if kind in (within or supervised()) else "", within)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds to count; none means all."""
        return (self.kind,) if self.kind else self.within

    def address(self, name: str, **more: object) -> str:
        """Return an address that keeps what was chosen, with more or other choices; what is empty is left out."""
        asked = {"region": self.region, "kind": self.kind} | more
        query = urlencode({key: value for key, value in asked.items() if value})
        return reverse(name) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A row of the board: a department, or a region with everything in it."""

    name: str
    note: str
    url: str
    opens: str  # the matters behind its figures
    red: int
    yellow: int
    paused: int
    green: int
    total: int
    on_time_text: str

    @property
    def join(self) -> str:
        """Return what stands between the address of its matters and one more choice."""
        return "&" if "?" in self.opens else "?"


def board(request: HttpRequest, reach: Reach, now: datetime) -> dict[str, Any]:
    """Return the board of the region that the address names, or of all that the supervisor sees."""
    chosen, regions = Chosen.of(request), org.regions()
    rows = reads.by_department(reach, now, chosen.kinds)
    here = _here(chosen, regions, rows)
    inside = _inside(here, regions)
    rows = tuple(row for row in rows if row.region in inside)
    chosen = replace(chosen, region=here if chosen.region else 0)
    total = reads.together("合计", rows)
    within = reach if not chosen.region else _narrowed(reach, inside)
    red = reads.red_now(within, now, SHOWN_RED, chosen.kinds)
    below = _regions(here, regions, rows, chosen)
    own = [_department(row, chosen) for row in rows if not here or row.region == here]
    poll = chosen.address("supervise:board_changes", since=int(now.timestamp() * 1_000_000))
    return {
        "title": f"{regions[here].name}办件监察" if here else "全市办件监察",
        "scope": f"{len(rows)} 个部门，正在办理的{supervised()[chosen.kind].label if chosen.kind else '全部事'}",
        "crumbs": _crumbs(here, regions, chosen, rows),
        "kinds": _kinds(chosen),
        "tiles": _tiles(total, chosen),
        "newly_red": [_red_row(each, now, name) for each, name in _with_applicants(red)],
        "regions": below,
        "departments": own,
        "widest": max((row.red + row.yellow + row.paused for row in (*below, *own)), default=0),
        "total": {name: getattr(total, name) for name in LIGHTS} | {"on_time_text": percent(total.on_time, total.base)},
        "updated_at": now,
        "poll_url": poll,
        "then_url": chosen.address("supervise:board", at=f"{local(now - A_DAY):%Y-%m-%dT%H:%M}"),
    }


def _here(chosen: Chosen, regions: dict[int, RegionLine], rows: Iterable[DepartmentLights]) -> int:
    """Return the region whose board it is: the chosen one, else the highest under which everything seen lies."""
    if chosen.region in regions:
        return chosen.region
    tops = {_path(row.region, regions)[0] for row in rows if row.region in regions}
    if len(tops) != 1:
        return 0
    here = tops.pop()
    seen = {row.region for row in rows}
    while here not in seen:
        below = [each.id for each in regions.values() if each.parent == here and _inside(each.id, regions) & seen]
        if len(below) != 1:
            break
        here = below[0]
    return here


def _path(region: int, regions: dict[int, RegionLine]) -> list[int]:
    path = [region]
    while (parent := regions[path[0]].parent) is not None:
        path.insert(0, parent)
    return path


def _inside(here: int, regions: dict[int, RegionLine]) -> set[int]:
    if not here:
        return set(regions)
    inside = {here}
    for each in regions.values():  # upper levels first
        if each.parent in inside:
            inside.add(each.id)
    return inside


def _narrowed(reach: Reach, inside: set[int]) -> Reach:
    return Reach(False, frozenset(each for each in org.departments_in(inside) if reach.covers(each)))


def narrowed(reach: Reach, region: int) -> Reach:
    """Return the part of a reach that lies in a region and below it."""
    return _narrowed(reach, _inside(region, org.regions())) if region else reach


def _crumbs(
    here: int, regions: dict[int, RegionLine], chosen: Chosen, rows: tuple[DepartmentLights, ...]
) -> list[dict[str, str]]:
    above = _path(here, regions)[:-1] if here and chosen.region else []
    return [
        {"label": regions[each].name, "url": replace(chosen, region=each).address("supervise:board")} for each in above
    ]


def kinds_of(chosen: Chosen) -> list[tuple[str, Procedure]]:
    """Return the kinds that may be chosen, with their procedures."""
    return [(kind, procedure) for kind, procedure in supervised().items() if not chosen.within or kind in chosen.within]


def _kinds(chosen: Chosen) -> list[dict[str, Any]]:
    each = [("", "全部")] + [(kind, procedure.label) for kind, procedure in kinds_of(chosen)]
    return [
        {"label": label, "on": kind == chosen.kind, "url": replace(chosen, kind=kind).address("supervise:board")}
        for kind, label in each
    ]


def _regions(
    here: int, regions: dict[int, RegionLine], rows: tuple[DepartmentLights, ...], chosen: Chosen
) -> list[BoardRow]:
    """Return the regions right below, each with all that lies in it, the reddest first."""
    if not here:
        return []
    found = []
    for each in regions.values():
        within = _inside(each.id, regions)
        mine = [row for row in rows if row.region in within] if each.parent == here else []
        if mine:
            note = f"{Region.Level(each.level).label}，{len(mine)} 个部门"
            found.append(
                _row(reads.together(each.name, mine), note, replace(chosen, region=each.id), "supervise:board")
            )
    return sorted(found, key=lambda row: (-row.red, -row.yellow, -row.total))


def _department(row: DepartmentLights, chosen: Chosen) -> BoardRow:
    return _row(row, "", chosen, "supervise:matters", department=row.department)


def _row(row: DepartmentLights, note: str, chosen: Chosen, name: str, **more: object) -> BoardRow:
    opens = chosen.address("supervise:matters", **more)
    return BoardRow(
        row.name, note, chosen.address(name, **more), opens, row.red, row.yellow, row.paused, row.green, row.total,
        percent(row.on_time, row.base),
    )  # fmt: skip


def percent(part: int, whole: int) -> str:
    """Return a share as a board writes it; of nothing there is none."""
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _tiles(total: DepartmentLights, chosen: Chosen) -> list[dict[str, Any]]:
    def tile(light: Light, note: str = "", of: str = "") -> dict[str, Any]:
        return {
            "light": light.value, "label": light.word, "count": getattr(total, light.value), "note": note,
            "url": chosen.address("supervise:matters", light=light.value),
            "note_url": chosen.address("supervise:matters", only=of) if of else "",
        }  # fmt: skip

    return [
        tile(Light.RED, f"今天新增 {total.turned_today}", "turned"),
        tile(Light.YELLOW, f"今天到期 {total.due_today}", "due"),
        tile(Light.PAUSED),
        tile(Light.GREEN),
        {
            "label": "今天受理", "count": total.accepted_today, "url": chosen.address("supervise:matters", only="accepted"),
            "note": f"今天办结 {total.decided_today}", "note_url": chosen.address("supervise:matters", only="decided"),
        },
        {
            "label": "本月按时办结率", "count": percent(total.on_time, total.base), "note": "含超期未结",
            "note_url": chosen.address("supervise:period"),
        },
    ]  # fmt: skip


def _with_applicants(rows: tuple[reads.RedLine, ...]) -> list[tuple[reads.RedLine, str]]:
    names = approval.applicants_of([row.matter for row in rows])
    return [(row, names.get(row.matter, "")) for row in rows]


def _red_row(row: reads.RedLine, now: datetime, applicant: str) -> dict[str, Any]:
    calendar, hours = org.calendar_of_department(row.department_id)
    responsible = org.holders_of(Role(row.desk), row.department_id, local_day(now), 1) if row.desk else ()
    return {
        "since_text": str(remaining_work(now, row.since, calendar, hours)).removeprefix("超 "),
        "title": row.title,
        "url": address_of(row.kind, row.matter, row.called),
        "applicant": applicant,
        "department": row.department,
        "step": row.step_name,
        "responsible": "、".join(responsible),
    }


def address_of(kind: str, matter: int, called: str) -> str:
    """Return where a supervisor reads a matter of a kind."""
    if kind == "application" and called:
        return reverse("supervise:matter", args=[called])
    if kind in ("card", "supervision_order") and called:
        return reverse("supervise:issued", args=[called])
    if kind == "finding" and called:
        return reverse("supervise:finding", args=[called])
    return reverse("supervise:any_matter", args=[matter])
