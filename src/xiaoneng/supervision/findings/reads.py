"""Questions about findings: the lists within a reach, one with its frozen facts and its cases, the samples drawn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Entry, Matter
from xiaoneng.org import reads as org
from xiaoneng.org.models import Department
from xiaoneng.org.reads import Reach
from xiaoneng.rules import findings as rules
from xiaoneng.rules.findings import Met, Rule, Source
from xiaoneng.rules.limits import light_at
from xiaoneng.rules.procedures import finding as procedure
from xiaoneng.supervision import issued_reads, models

_CLOCKS = {procedure.ASKED: "reply", procedure.EXPLAINED: "verification", procedure.CONFIRMED: "reply"}
MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as a list shows it."""

    matter: int
    number: str
    rule: str
    rule_label: str
    source_label: str
    department: int
    department_name: str
    person: int | None
    person_name: str
    cases: int
    state: str
    state_label: str
    light: str
    due_on: date | None
    found_at: datetime
    closed: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case behind a finding."""

    matter: int
    called: str
    title: str
    department: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of the catalogue with how many findings there are under it, and how many of them were found true."""

    rule: Rule
    found: int
    confirmed: int
    open: int


def findings(reach: Reach, *, rule: str = "", state: str = "", department: int = 0) -> QuerySet[models.Finding]:
    """Return the findings within a reach that fit, the newest first."""
    rows = models.Finding.objects.filter(matter__version__gt=0)
    rows = rows if reach.everywhere else rows.filter(matter__department_id__in=reach.departments)
    rows = rows.filter(rule=rule) if rule else rows
    rows = rows.filter(matter__state=state) if state else rows
    rows = rows.filter(matter__department_id=department) if department else rows
    return rows.select_related("matter__department").order_by("-found_at", "-matter_id")


def for_unit(reach: Reach) -> QuerySet[models.Finding]:
    """Return the findings that departments were asked about or entered themselves; mere suspicions they do not see."""
    asked = Exists(Entry.objects.filter(matter_id=OuterRef("matter_id"), move="ask"))
    return findings(reach).filter(Q(source=Source.SELF_EXAMINATION.value) | Q(asked))


def lines(rows: Iterable[models.Finding], now: datetime) -> tuple[FindingLine, ...]:
    """Return findings as lines."""
    found = list(rows)
    names = org.names_of_accounts({row.person for row in found if row.person is not None})
    dues = matters.dues_of([row.matter_id for row in found])
    return tuple(_line(row, names, dues.get(row.matter_id, {}), now) for row in found)


def _line(row: models.Finding, names: dict[int, str], dues: dict[str, date | None], now: datetime) -> FindingLine:
    m = row.matter
    light = "done" if m.closed else light_at(m.yellow_at, m.red_at, m.paused, now).value
    return FindingLine(
        m.pk, str(m), row.rule, rules.rule(row.rule).label, Source(row.source).label, m.department_id, m.department.name,
        row.person, names.get(row.person, "") if row.person is not None else "", len(row.cases), m.state,
        procedure.PROCEDURE.state(m.state).label, light, dues.get(_CLOCKS.get(m.state, "")), row.found_at, m.closed,
    )  # fmt: skip


def may_see(row: models.Finding, account: int, on: date) -> bool:
    """Tell whether somebody may see a finding: the office and inspection always, the department once it is asked."""
    m = row.matter
    if issued_reads.reach_of(account, on).covers(m.department_id):
        return True
    asked = for_unit(Reach(True, frozenset())).filter(pk=row.pk).exists()
    return asked and issued_reads.unit_reach_of(account, on).covers(m.department_id)


def departments(reach: Reach) -> tuple[tuple[int, str], ...]:
    """Return the departments within reach, by name."""
    rows = Department.objects.order_by("name").values_list("id", "name")
    return tuple((pk, name) for pk, name in rows if reach.covers(pk))


def one(matter: int) -> models.Finding | None:
    """Return the finding of a matter, or nothing."""
    return models.Finding.objects.select_related("matter__department").filter(matter_id=matter).first()


def evidence_of(row: models.Finding) -> dict[str, Any]:
    """Return the facts frozen with a finding."""
    return dict(json.loads(row.evidence))


def cases_of(ids: Iterable[int]) -> tuple[CaseLine, ...]:
    """Return cases by their ids, in that order."""
    wanted = list(ids)[:MOST_CASES]
    known = Matter.objects.in_bulk(wanted)
    return tuple(CaseLine(m.pk, str(m), m.title, m.department_id) for pk in wanted if (m := known.get(pk)))


def catalogue(reach: Reach) -> tuple[RuleLine, ...]:
    """Return every rule of the catalogue with its findings within a reach, those with open ones first."""
    counts = Counter(findings(reach).values_list("rule", "matter__state"))
    found = [
        RuleLine(
            rule, sum(n for (code, _), n in counts.items() if code == rule.code),
            counts[rule.code, procedure.CONFIRMED] + counts[rule.code, procedure.RECTIFIED],
            sum(counts[rule.code, s.code] for s in procedure.PROCEDURE.states if not s.closed),
        )
        for rule in rules.RULES
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.rule.met is not Met.FOUND, -each.open, -each.found)))


def unfinished() -> list[str]:
    """Return the labels of the rules that did not come to their end when they were last looked for."""
    rows = models.Look.objects.filter(finished=False).order_by("rule").values_list("rule", flat=True)
    known = {rule.code: rule.label for rule in rules.RULES}
    return [known.get(code, code) for code in rows]


def draws(reach: Reach) -> QuerySet[models.AuditDraw]:
    """Return the samples drawn, the newest first; those over all departments for whoever reaches all."""
    rows = models.AuditDraw.objects.all()
    rows = rows if reach.everywhere else rows.filter(department_id__in=reach.departments)
    return rows.order_by("-drawn_at", "-id")
