"""How our own cases really run, from their journals, and where they leave the steps that their version declares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from xiaoneng.catalogue.models import ItemVersion, Step
from xiaoneng.catalogue.reads import DEFAULT_CHAIN
from xiaoneng.org.reads import Reach
from xiaoneng.rules.procedures.application import PROCEDURE
from xiaoneng.rules.workdays import Calendar, local_day
from xiaoneng.supervision.process.mining import Between, Trace

MOST_CASES = 20_000  # the newest; more would keep everybody waiting and show the same picture
DECIDED = frozenset({"grant", "refuse", "deem_renewed"})
LABELS = {row.name: row.label for row in PROCEDURE.moves}
_NOT_OF_THE_CASE = frozenset({"recalculate"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases are looked at: those of an item, of a department, filed in a span of days."""

    item: str
    department: int | None
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Deviation:
    """A way of leaving the declared steps, and the cases that left them so."""

    code: str
    label: str
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """The traces of our cases, what they deviate in, of which items, and whether there were more than are looked at."""

    traces: tuple[Trace, ...]
    deviations: tuple[Deviation, ...]
    items: tuple[tuple[str, str], ...]
    cut: bool


_CASES = """
SELECT m.id, m.item_version_id FROM matter m
WHERE m.kind = %(kind)s AND m.version > 0 AND m.opened_at >= %(since)s AND m.opened_at < %(until)s {where}
ORDER BY m.id DESC LIMIT %(most)s"""
_ENTRIES = """
SELECT e.matter_id, e.move, extract(epoch FROM e.at)::float8, e.facts ->> 'step_name'
FROM entry e WHERE e.matter_id = ANY (%s) ORDER BY e.matter_id, e.seq"""
_OF_ITEM = """AND m.item_version_id IN (
  SELECT v.id FROM catalogue_itemversion v JOIN catalogue_item i ON i.id = v.item_id WHERE i.code = %(item)s)"""


def own(asked: Asked, reach: Reach) -> Own:
    """Return the traces of the cases within a supervisor's reach."""
    versions, cut = _cases(asked, reach)
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [list(versions)])
        rows = cursor.fetchall()
    traces, reviewed = _traces(rows)
    known = {version for version in versions.values() if version}
    return Own(tuple(traces), _deviations(traces, reviewed, versions, _declared(known)), _items(known), cut)


def _cases(asked: Asked, reach: Reach) -> tuple[dict[int, int | None], bool]:
    where = _OF_ITEM if asked.item else ""
    departments = None if reach.everywhere else list(reach.departments)
    if asked.department is not None:
        inside = departments is None or asked.department in departments
        departments = [asked.department] if inside else []
    if departments is not None:
        where += " AND m.department_id = ANY (%(departments)s)"
    values: dict[str, Any] = {
        "kind": PROCEDURE.kind, "since": asked.since, "until": asked.until, "item": asked.item,
        "departments": departments, "most": MOST_CASES + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CASES.format(where=where), values)
        found = cursor.fetchall()
    return dict(found[:MOST_CASES]), len(found) > MOST_CASES


def _traces(rows: Sequence[tuple[int, str, float, str]]) -> tuple[list[Trace], dict[int, list[str]]]:
    """Return the traces, and by case the steps of review in the order in which they were signed."""
    traces: list[Trace] = []
    reviewed: dict[int, list[str]] = {}
    steps: list[str] = []
    at: list[float] = []
    case, before = 0, ""

    def close() -> None:
        if steps:
            traces.append(Trace(case, tuple(steps), tuple(at), tuple(range(len(steps)))))

    for matter, move, moment, step_name in rows:
        if matter != case:
            close()
            case, before, steps, at = matter, "", [], []
        if move not in _NOT_OF_THE_CASE:
            label = LABELS.get(move, move)
            if move == "review":
                reviewed.setdefault(matter, []).append(before)
                label = f"{label}：{before}" if before and before != label else label
            steps.append(label)
            at.append(moment)
        before = step_name or ""
    close()
    return traces, reviewed


def _deviations(
    traces: Iterable[Trace], reviewed: dict[int, list[str]], versions: dict[int, int | None],
    declared: dict[int, list[str]],
) -> tuple[Deviation, ...]:  # fmt: skip
    found: dict[str, list[int]] = {code: [] for code in _KINDS}
    for trace in traces:
        version = versions.get(trace.case)
        facts = _Facts(declared.get(version or 0, []), reviewed.get(trace.case, []), Counter(trace.steps), trace.steps)
        for code, (_, test) in _KINDS.items():
            if test(facts):
                found[code].append(trace.case)
    return tuple(Deviation(code, _KINDS[code][0], tuple(cases)) for code, cases in found.items() if cases)


def _declared(versions: set[int]) -> dict[int, list[str]]:
    """Return by version the steps of review that it declares, in their order."""
    steps: dict[int, list[str]] = {version: [] for version in versions}
    told = set()
    rows = Step.objects.filter(version_id__in=versions).order_by("version_id", "position")
    for version, kind, name in rows.values_list("version_id", "kind", "name"):
        told.add(version)
        if kind == "review":
            steps[version].append(name)
    usual = [name for kind, name, _ in DEFAULT_CHAIN if kind == "review"]
    return {version: names if version in told else usual for version, names in steps.items()}


def _items(versions: set[int]) -> tuple[tuple[str, str], ...]:
    """Return the items of some versions by code and latest name, in the order of their names."""
    rows = ItemVersion.objects.filter(id__in=versions).order_by("serial").values_list("item__code", "name")
    return tuple(sorted(dict(rows).items(), key=lambda each: each[1]))


@dataclass(frozen=True, slots=True)
class _Facts:
    declared: list[str]
    reviewed: list[str]
    counted: Counter[str]
    steps: tuple[str, ...]

    @property
    def decided(self) -> bool:
        """Tell whether the case came to a decision."""
        return any(LABELS[move] in self.counted for move in DECIDED if move in LABELS)

    @property
    def first_times(self) -> list[str]:
        """Return the review's steps in the order of their first signing."""
        return list(dict.fromkeys(self.reviewed))


_KINDS: dict[str, tuple[str, Callable[[_Facts], bool]]] = {
    "skipped": ("作了决定，但有规定的审查环节没有办", lambda f: f.decided and bool(set(f.declared) - set(f.reviewed))),
    "order": (
        "审查环节的先后与规定不同",
        lambda f: f.first_times != [step for step in f.declared if step in f.first_times],
    ),
    "repeated": ("同一个审查环节办了不止一次", lambda f: len(f.reviewed) > len(set(f.reviewed))),
    "corrected": ("一次性告知补正超过一次", lambda f: f.counted[LABELS["request_correction"]] > 1),
    "deemed": ("逾期没有处理，视为受理", lambda f: f.counted[LABELS["deem_accepted"]] > 0),
}


def in_working_days(calendar: Calendar) -> Between:
    """Return how many working days lie between two instants: none on the same day."""
    days: dict[int, date] = {}

    def day(moment: float) -> date:
        quarter = int(moment // 900)  # no zone's day begins within a quarter of an hour
        if quarter not in days:
            days[quarter] = local_day(datetime.fromtimestamp(quarter * 900, UTC))
        return days[quarter]

    def between(first: float, last: float) -> float:
        return float(calendar.working_days_between(day(first), day(last)))

    return between
