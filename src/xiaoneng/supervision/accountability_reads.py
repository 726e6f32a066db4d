"""Questions about records of accountability; who asks gets no more than she may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.rules.accountability import Measure, Source
from xiaoneng.rules.limits import light_at
from xiaoneng.rules.procedures import accountability as procedure
from xiaoneng.rules.roles import Onlooker, Role
from xiaoneng.supervision import models

_CLOCKS = {procedure.PROPOSED: "statement", procedure.DECIDED: "appeal"}


@dataclass(frozen=True, slots=True)
class AccountabilityLine:
    """A record of accountability as those few see it who may."""

    matter: int
    number: str
    person: int
    person_name: str
    department: int
    department_name: str
    source_kind: str
    source_label: str
    source_id: int
    rule: str
    rule_label: str
    sources: tuple[dict[str, Any], ...]
    proposed: str
    proposed_points: int
    measure: str
    points: int
    state: str
    state_label: str
    light: str
    due_on: date | None
    proposed_at: datetime
    decided_on: date | None
    closed: bool
    standing: bool


def accountabilities(account: int, on: date, state: str = "") -> QuerySet[models.Accountability]:
    """Return the records that somebody may see: her own, those of her people as head, of her reach as office or inspection."""
    reach = org.reach_of(account, [Role.SUPERVISOR, Onlooker.DISCIPLINE, Role.HEAD], on)
    rows = models.Accountability.objects.filter(matter__version__gt=0)
    if not reach.everywhere:
        rows = rows.filter(Q(person=account) | Q(matter__department_id__in=reach.departments))
    rows = rows.filter(matter__state=state) if state else rows
    return rows.select_related("matter__department").order_by("-proposed_at", "-matter_id")


def accountability_lines(rows: Iterable[models.Accountability], now: datetime) -> tuple[AccountabilityLine, ...]:
    """Return records of accountability as lines."""
    found = list(rows)
    names = org.names_of_accounts({row.person for row in found})
    dues = matters.dues_of([row.matter_id for row in found])
    labels = dict(models.Accumulation.objects.order_by("since").values_list("code", "label"))
    return tuple(_accountability_line(row, names, dues.get(row.matter_id, {}), labels, now) for row in found)


def _accountability_line(
    row: models.Accountability,
    names: dict[int, str],
    dues: dict[str, date | None],
    labels: dict[str, str],
    now: datetime,
) -> AccountabilityLine:
    m = row.matter
    state = procedure.PROCEDURE.state(m.state)
    return AccountabilityLine(
        m.pk, str(m), row.person, names.get(row.person, ""), m.department_id, m.department.name, row.source_kind,
        Source(row.source_kind).label, row.source_id, row.rule, labels.get(row.rule, row.rule), tuple(row.sources),
        Measure(row.proposed).label, row.proposed_points, Measure(row.measure).label if row.measure else "", row.points,
        m.state, state.label, _light(m, now), dues.get(_CLOCKS.get(m.state, "verification")), row.proposed_at,
        row.decided_on, m.closed, row.standing,
    )  # fmt: skip


def _light(m: Matter, now: datetime) -> str:
    return "done" if m.closed else light_at(m.yellow_at, m.red_at, m.paused, now).value


def accumulations() -> tuple[models.Accumulation, ...]:
    """Return every rule of accumulation there was, those in force first."""
    return tuple(models.Accumulation.objects.order_by("-until", "code", "since"))
