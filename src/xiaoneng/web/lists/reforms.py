"""The pages of the reform's measures: rates by department, before and after, each figure open down to its items or cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xiaoneng.catalogue import measures
from xiaoneng.catalogue.measures import DepartmentMeasures, ItemMeasures, Rate
from xiaoneng.kit import clock
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.items.reforms import LABELS, MEASURES
from xiaoneng.rules.roles import ON_LISTS, Role
from xiaoneng.rules.workdays import CHINA, local_day
from xiaoneng.supervision import on_the_spot
from xiaoneng.supervision.on_the_spot import OnTheSpot
from xiaoneng.web import exports, in_force
from xiaoneng.web.access import Policy, policy
from xiaoneng.web.charts import Bar, Pair, bars, pairs
from xiaoneng.web.lists import door

# Name, label, the setting with the goal; the first three are 两集中、两到位.
RATES = (
    ("stationed", "进驻率", "goal_stationed"), ("authorised", "授权率", "goal_authorised"),
    ("concentrated", "集中率", "goal_concentrated"), ("compression", "时限压缩", "goal_compression"),
    ("on_the_spot", "当场办结率", "goal_on_the_spot"),
)  # fmt: skip
FURTHER = (("single_window", "综合窗口受理率"), ("self_service", "自助可办率"), ("instant", "即办件占比"))
NAMES = {name: label for name, label, _ in RATES} | dict(FURTHER) | {"cuts": "三减一加", "exempt": "不进分母的事项"}
YEAR = timedelta(days=365)
NEAR = 0.005  # a goal that is missed by less is met: nobody quarrels over a rounding


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for: whose items, since when the change is measured, until when."""

    departments: Collection[int] | None
    department: int | None
    since: datetime
    at: datetime

    @property
    def query(self) -> str:
        """Return the part of an address that asks the same."""
        plain: dict[str, Any] = {"since": local_day(self.since).isoformat()}
        return urlencode(plain | ({"department": self.department} if self.department else {}))


def asked_of(request: HttpRequest) -> Asked:
    """Return what is asked for, within the reach of whoever asks; what makes no sense narrows nothing."""
    reach = door.reach_of(request, (*ON_LISTS, Role.SUPERVISOR))
    now = clock.now()
    text = request.GET.get("department", "")
    chosen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if chosen is not None and not reach.covers(chosen):
        chosen = None
    within: Collection[int] | None = None if reach.everywhere else reach.departments
    return Asked([chosen] if chosen else within, chosen, _since(request.GET.get("since", ""), now), now)


def _since(text: str, now: datetime) -> datetime:
    today = local_day(now)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today - YEAR
    if not date(1949, 10, 1) <= day <= today:
        day = today - YEAR
    return datetime.combine(day, time(23, 59, 59), CHINA)


@policy(Policy.STAFF)
def reforms(request: HttpRequest) -> HttpResponse:
    """Show the rates by department with their goals, and what was cut since a day."""
    asked = asked_of(request)
    rows = measures.measures(asked.at, asked.departments)
    departments = measures.by_department(rows)
    spots = {row.department: row for row in on_the_spot.by_department(asked.since, asked.at, asked.departments)}
    if request.GET.get("form") in ("xlsx", "csv"):
        return _export(request, asked, departments, spots)
    changed = measures.cuts(asked.since, asked.at, asked.departments)
    total = measures.together(rows)
    spot = OnTheSpot(0, "合计", sum(s.decided for s in spots.values()), sum(s.on_the_spot for s in spots.values()))
    which = request.GET.get("of", "stationed")
    which = which if any(which == name for name, _, _ in RATES) else "stationed"
    departments = tuple(sorted(departments, key=lambda row: _order(_share(which, row, spots.get(row.department))[0])))
    context = {
        "asked": asked, "since_day": local_day(asked.since), "tiles": _tiles(asked, total, spot), "total": total,
        "spot": spot, "chart": _chart(which, asked, departments, spots), "which": which, "rates": RATES,
        "rows": [(row, spots.get(row.department)) for row in departments],
        "names": sorted((row.department, row.name) for row in departments), "label": NAMES[which],
        "department_name": next((row.name for row in departments if row.department == asked.department), ""),
        "cuts": _cut_rows(changed, asked), "changed": len(changed), "cut_chart": _cut_chart(changed, asked),
        "abolished": sum(len(row.abolished) for row in changed),
    }  # fmt: skip
    return render(request, "lists/reforms.html", context)


def _order(share: float | None) -> tuple[bool, float]:
    return share is None, share or 0.0  # the lowest first, what has nothing to count last


def _behind(which: str, asked: Asked, department: int | None = None, **more: str) -> str:
    kept = {"since": local_day(asked.since).isoformat()}
    chosen = department or asked.department
    return (
        f"{reverse('lists:behind', args=[which])}?{urlencode(kept | ({'department': chosen} if chosen else {}) | more)}"
    )


def goal_of(key: str) -> float:
    """Return a goal as a share, as the settings have it."""
    return float(in_force.values()[key]) / 100


def _share(which: str, row: DepartmentMeasures, spot: OnTheSpot | None) -> tuple[float | None, str]:
    if which == "on_the_spot":
        return (spot.share, f"{spot.on_the_spot}/{spot.decided}") if spot else (None, "0/0")
    if which == "compression":
        return row.compression, f"{row.compressed} 项"
    rate: Rate = getattr(row, which)
    return rate.share, f"{rate.n}/{rate.of}"


def _tiles(asked: Asked, total: DepartmentMeasures, spot: OnTheSpot) -> list[dict[str, Any]]:
    tiles = []
    for which, label, key in RATES:
        share, of = _share(which, total, spot)
        goal = goal_of(key)
        tiles.append({
            "label": label, "share": share, "of": of, "goal": goal, "url": _behind(which, asked),
            "met": share is not None and share + NEAR >= goal,
        })  # fmt: skip
    return tiles


def _chart(which: str, asked: Asked, departments: Sequence[DepartmentMeasures], spots: dict[int, OnTheSpot]) -> Any:
    goal = goal_of(next(key for name, _, key in RATES if name == which))
    drawn = []
    for row in departments:
        share, _ = _share(which, row, spots.get(row.department))
        words = "—" if share is None else f"{share:.0%}"
        low = share is not None and share + NEAR < goal
        drawn.append(Bar(row.name, share, words, _behind(which, asked, row.department), low))
    return bars(drawn, f"各部门{NAMES[which]}，数字见旁边的表", goal=goal)


def _cut_rows(changed: Sequence[measures.ItemCuts], asked: Asked) -> list[dict[str, Any]]:
    better = {name: more for name, _, more in MEASURES}
    goal = goal_of("goal_materials")
    return [
        {
            "name": row.name, "label": row.label, "before": _plain(row.before), "after": _plain(row.after),
            "share": row.share, "items": row.items, "more": better[row.name], "url": _behind("cuts", asked, of=row.name),
            "goal": goal if row.name == "materials" else None,
        }
        for row in measures.sums(changed)
    ]  # fmt: skip


def _cut_chart(changed: Sequence[measures.ItemCuts], asked: Asked) -> Any:
    shown = [
        Pair(row.label, row.before, row.after, f"{_plain(row.before)} → {_plain(row.after)}", _behind("cuts", asked, of=row.name))
        for row in measures.sums(changed)
        if row.before or row.after
    ]  # fmt: skip
    return pairs(shown, "三减一加前后对照，数字见旁边的表") if shown else ""


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


HEADER = (
    "部门", "事项", "不进分母", "进驻", "授权", "集中到科室", "审批科室", "综合窗口", "自助可办", "即办件", "时限压缩",
    "有两个时限的",
    "决定办件", "当场办结",
)  # fmt: skip


def _export(
    request: HttpRequest, asked: Asked, departments: Sequence[DepartmentMeasures], spots: dict[int, OnTheSpot]
) -> HttpResponse:
    nothing = OnTheSpot(0, "", 0, 0)
    rows = [
        (
            row.name, row.items, row.exempt, row.stationed.n, row.authorised.n, row.concentrated.n, row.unit, row.single_window.n,
            row.self_service.n, row.instant.n, "—" if row.compression is None else round(row.compression, 4), row.compressed,
            spots.get(row.department, nothing).decided, spots.get(row.department, nothing).on_the_spot,
        )
        for row in departments
    ]  # fmt: skip
    filters = {"自": local_day(asked.since), "部门": asked.department or ""}
    return exports.table(request, "改革成效", HEADER, rows, form=request.GET.get("form", "xlsx"), filters=filters)


@policy(Policy.STAFF)
def behind(request: HttpRequest, which: str) -> HttpResponse:
    """Show the items or cases behind a figure."""
    if which not in NAMES:
        raise NotFound("没有这个指标。请从改革成效页点开。")
    asked = asked_of(request)
    context: dict[str, Any] = {
        "asked": asked, "which": which, "label": NAMES[which],
        "back": f"{reverse('lists:reforms')}?{asked.query}", "since_day": local_day(asked.since),
        "department_name": org.departments_named([asked.department])[asked.department] if asked.department else "全部部门",
    }  # fmt: skip
    if which == "on_the_spot":
        context["cases"] = on_the_spot.cases(asked.since, asked.at, asked.departments)
        context["most"] = on_the_spot.MOST
    elif which == "cuts":
        context |= _cuts_behind(request, asked)
    else:
        context["items"] = _items_behind(which, measures.measures(asked.at, asked.departments))
    return render(request, "lists/behind.html", context)


def _cuts_behind(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    of = request.GET.get("of", "")
    found = measures.cuts(asked.since, asked.at, asked.departments)
    rows = [
        (row, [(LABELS[cut.name], _plain(cut.before), _plain(cut.after)) for cut in row.cuts if _shows(cut, of)])
        for row in found
    ]
    return {
        "changes": [(row, cuts) for row, cuts in rows if cuts or (not of and row.abolished)],
        "of": LABELS.get(of, ""),
    }


def _shows(cut: Any, of: str) -> bool:
    return cut.before != cut.after and (not of or cut.name == of)


def _items_behind(which: str, rows: Sequence[ItemMeasures]) -> list[dict[str, Any]]:
    if which == "exempt":
        rows = [row for row in rows if row.exempt]
    found = [{"row": row, "state": _state(which, row), "words": _words(which, row)} for row in rows]
    order = {"no": 0, "yes": 1, "out": 2}
    return sorted(found, key=lambda each: (order[each["state"]], each["words"] if which == "compression" else ""))


def _state(which: str, row: ItemMeasures) -> str:
    if which == "compression":
        return (
            "out"
            if row.compression is None
            else ("yes" if row.compression + NEAR >= goal_of("goal_compression") else "no")
        )
    if row.exempt and which in ("stationed", "authorised", "concentrated", "single_window", "exempt"):
        return "out"
    return "yes" if getattr(row, which if which != "exempt" else "stationed") else "no"


def _words(which: str, row: ItemMeasures) -> str:
    if which == "compression":
        return "没有两个时限" if row.compression is None else f"缩短 {row.compression:.0%}"
    if row.exempt and _state(which, row) == "out":
        return f"不进分母：{row.exempt_words}"
    if which == "concentrated":
        return row.unit or "没有写明承办机构"
    if which == "stationed" and not row.stationed and row.ground:
        return f"未进驻：{row.ground}（不属于可以不进驻的情形）"
    return "是" if _state(which, row) == "yes" else "否"
