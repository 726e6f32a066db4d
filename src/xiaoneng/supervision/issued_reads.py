"""Questions about cards, orders, reminders and accountability; hands out frozen rows, and the cards behind every figure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules import cards as rules
from xiaoneng.rules.limits import light_at
from xiaoneng.rules.procedures import card as card_procedure
from xiaoneng.rules.procedures import finding as finding_procedure
from xiaoneng.rules.procedures import supervision_order as order_procedure
from xiaoneng.rules.roles import Onlooker, Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import models
from xiaoneng.supervision.accountability_reads import AccountabilityLine, accountability_lines

UNIT = (Role.WINDOW, Role.REVIEWER, Role.HEAD, Role.DEPUTY)
READERS = (Role.SUPERVISOR, Onlooker.DISCIPLINE, Role.LEADER)
# Who runs the centre sees its cases' lights, and not what is issued about people.
BOARD_READERS = (*READERS, Onlooker.CENTRE)
WAITING_FOR_UNIT = (card_procedure.ISSUED, order_procedure.URGED, order_procedure.ORDERED)
WAITING_FOR_OFFICE = (
    card_procedure.EXPLAINED,
    card_procedure.APPEALED,
    card_procedure.WITHDRAWING,
    order_procedure.REPLIED,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A card or an order as a list shows it."""

    matter: int
    kind: str
    number: str
    title: str
    level: str  # yellow, red; urge, order
    label: str
    rule: str
    rule_label: str
    about: int
    about_called: str
    about_title: str
    about_kind: str
    department: int
    department_name: str
    person_name: str
    points: int
    state: str
    state_label: str
    light: str
    due_on: date | None
    issued_at: datetime
    closed: bool
    standing: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; empty: everything."""

    state: str = ""
    level: str = ""
    rule: str = ""
    department: int = 0
    waits: str = ""  # unit, office; or standing, withdrawn


def reach_of(account: int, on: date) -> Reach:
    """Return for which departments somebody reads what supervision issues, as office, discipline inspection or leader."""
    return org.reach_of(account, READERS, on)


def unit_reach_of(account: int, on: date) -> Reach:
    """Return the departments for which somebody may have to answer."""
    return org.reach_of(account, UNIT, on)


def may_see(department: int, account: int, on: date) -> bool:
    """Tell whether somebody may see cards and orders of a department."""
    return reach_of(account, on).covers(department) or unit_reach_of(account, on).covers(department)


def cards(reach: Reach, wanted: Wanted = Wanted()) -> QuerySet[models.Card]:
    """Return the cards within a reach that fit, the newest first."""
    rows = models.Card.objects.filter(matter__version__gt=0)
    rows = _within(rows, reach, wanted)
    rows = rows.filter(level=wanted.level) if wanted.level else rows
    rows = rows.filter(rule=wanted.rule) if wanted.rule else rows
    if wanted.waits in ("standing", "withdrawn"):
        rows = rows.filter(standing=wanted.waits == "standing")
    return rows.select_related("matter__department", "about").order_by("-issued_at", "-matter_id")


def orders(reach: Reach, wanted: Wanted = Wanted()) -> QuerySet[models.Order]:
    """Return the urging notices and orders within a reach that fit, the newest first."""
    rows = _within(models.Order.objects.filter(matter__version__gt=0), reach, wanted)
    return rows.select_related("matter__department", "about").order_by("-issued_at", "-matter_id")


def _within(rows: QuerySet[Any], reach: Reach, wanted: Wanted) -> QuerySet[Any]:
    rows = rows if reach.everywhere else rows.filter(matter__department_id__in=reach.departments)
    rows = rows.filter(matter__state=wanted.state) if wanted.state else rows
    rows = rows.filter(matter__department_id=wanted.department) if wanted.department else rows
    if wanted.waits == "unit":
        rows = rows.filter(matter__state__in=WAITING_FOR_UNIT)
    if wanted.waits == "office":
        rows = rows.filter(matter__state__in=WAITING_FOR_OFFICE)
    return rows


def card_lines(rows: Iterable[models.Card], now: datetime) -> tuple[Line, ...]:
    """Return cards as lines of a list, in a number of queries that does not depend on how many there are."""
    found = list(rows)
    dues = matters.dues_of([row.matter_id for row in found])
    return tuple(_card_line(row, dues.get(row.matter_id, {}), now) for row in found)


def _card_line(row: models.Card, dues: dict[str, date | None], now: datetime) -> Line:
    rule, m = rules.rule(row.rule), row.matter
    state = card_procedure.PROCEDURE.state(m.state)
    return Line(
        m.pk, m.kind, str(m), m.title, row.level, rules.Level(row.level).label, row.rule, rule.label if rule else row.rule,
        row.about_id, str(row.about), row.about.title, row.about.kind, m.department_id, m.department.name, row.person_name,
        row.points, m.state, state.label, _light(m, now), _due(dues, m.state), row.issued_at, m.closed, row.standing,
    )  # fmt: skip


def order_lines(rows: Iterable[models.Order], now: datetime) -> tuple[Line, ...]:
    """Return urging notices and orders as lines of a list."""
    found = list(rows)
    dues = matters.dues_of([row.matter_id for row in found])
    return tuple(_order_line(row, dues.get(row.matter_id, {}), now) for row in found)


def _order_line(row: models.Order, dues: dict[str, date | None], now: datetime) -> Line:
    m, about = row.matter, row.about
    state = order_procedure.PROCEDURE.state(m.state)
    urged = m.title.startswith("催办") and m.state in (order_procedure.URGED, order_procedure.ANSWERED)
    return Line(
        m.pk, m.kind, str(m), m.title, "urge" if urged else "order", "催办单" if urged else "督办单", "", "",
        about.pk if about else 0, str(about) if about else "", about.title if about else m.title,
        about.kind if about else "", m.department_id, m.department.name, "", 0, m.state, state.label, _light(m, now),
        _due(dues, m.state), row.issued_at, m.closed, True,
    )  # fmt: skip


def _light(m: Matter, now: datetime) -> str:
    return "done" if m.closed else light_at(m.yellow_at, m.red_at, m.paused, now).value


def _due(dues: dict[str, date | None], state: str) -> date | None:
    name = {
        card_procedure.ISSUED: "reply", order_procedure.URGED: "reply", order_procedure.ORDERED: "reply",
        card_procedure.UPHELD: "appeal",
    }.get(state, "verification")  # fmt: skip
    return dues.get(name)


@dataclass(frozen=True, slots=True)
class DepartmentCards:
    """A department's cards: how many of each level stand, wait for it, wait for the office, were withdrawn; its points."""

    department: int
    name: str
    yellow: int
    red: int
    unit: int
    office: int
    withdrawn: int
    points: int


def by_department(reach: Reach) -> tuple[DepartmentCards, ...]:
    """Return the departments that have cards, those that lost the most points first."""
    rows: Any = cards(reach).order_by().values("matter__department_id", "matter__department__name")
    counted = rows.annotate(
        yellow=Count("matter_id", filter=Q(level="yellow", standing=True)),
        red=Count("matter_id", filter=Q(level="red", standing=True)),
        unit=Count("matter_id", filter=Q(matter__state__in=WAITING_FOR_UNIT)),
        office=Count("matter_id", filter=Q(matter__state__in=WAITING_FOR_OFFICE)),
        withdrawn=Count("matter_id", filter=Q(standing=False)),
        taken=Sum("points", filter=Q(standing=True)),
    )
    found = [
        DepartmentCards(
            r["matter__department_id"], r["matter__department__name"], r["yellow"], r["red"], r["unit"], r["office"],
            r["withdrawn"], r["taken"] or 0,
        )
        for r in counted
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-each.points, each.department)))


def points_of(department: int, since: datetime, until: datetime) -> int:
    """Return the points that the cards of a department take off in a period; a withdrawn card takes none."""
    rows = models.Card.objects.filter(
        matter__department_id=department, standing=True, issued_at__gte=since, issued_at__lt=until
    )
    return int(rows.aggregate(taken=Sum("points"))["taken"] or 0)


def evidence_of(matter: int) -> dict[str, Any]:
    """Return the facts that were frozen with a card."""
    found: dict[str, Any] = json.loads(models.Card.objects.values_list("evidence", flat=True).get(matter_id=matter))
    return found


def issued_about(matter: int, now: datetime) -> tuple[Line, ...]:
    """Return the cards, urging notices and orders about a matter, the newest first."""
    everywhere = Reach(True, frozenset())
    found = (
        *card_lines(cards(everywhere).filter(about_id=matter), now),
        *order_lines(orders(everywhere).filter(about_id=matter), now),
    )
    return tuple(sorted(found, key=lambda each: each.issued_at, reverse=True))


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A reminder as the case and the one who got it see it."""

    id: int
    about: int
    about_called: str
    about_title: str
    about_kind: str
    rung: int
    who: str
    due_at: datetime
    recorded_at: datetime
    recipients: tuple[str, ...]
    answer: str
    answered_by: str
    answered_at: datetime | None


def reminders_about(matter: int) -> tuple[ReminderLine, ...]:
    """Return the reminders about a matter, oldest first."""
    return _reminders(models.Reminder.objects.filter(about_id=matter).order_by("red_at", "rung"))


def reminders_for(account: int) -> tuple[ReminderLine, ...]:
    """Return the reminders that wait for somebody's answer: of open matters, the latest first, each matter once."""
    rows = models.Reminder.objects.filter(recipients__contains=[account], answer="", about__closed=False)
    return _reminders(rows.order_by("about_id", "-rung").distinct("about_id"))


_RUNGS = {"handler": "经办人", "deputy_head": "分管领导", "head": "部门负责人", "supervisor": "效能监察员"}


def _reminders(rows: QuerySet[models.Reminder]) -> tuple[ReminderLine, ...]:
    found = list(rows.select_related("about"))
    names = org.names_of_accounts({each for row in found for each in (*row.recipients, row.answered_by or 0)})
    return tuple(
        ReminderLine(
            r.pk, r.about_id, str(r.about), r.about.title, r.about.kind, r.rung, _RUNGS.get(r.who, r.who), r.due_at,
            r.recorded_at, tuple(names[a] for a in r.recipients if a in names), r.answer,
            names.get(r.answered_by or 0, ""), r.answered_at,
        )
        for r in found
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of supervision waits for somebody: reminders, cards and orders to answer, records about herself."""

    reminders: tuple[ReminderLine, ...]
    lines: tuple[Line, ...]
    own: tuple[AccountabilityLine, ...]

    @property
    def total(self) -> int:
        """Return how many things wait."""
        return len(self.reminders) + len(self.lines) + len(self.own)


def waiting_for(account: int, now: datetime) -> Waiting:
    """Return what of supervision waits for somebody's answer."""
    on = local_day(now)
    reach = unit_reach_of(account, on)
    own = models.Accountability.objects.filter(person=account, matter__state__in=("proposed", "decided"))
    if not reach.everywhere and not reach.departments:
        return Waiting((), (), accountability_lines(own.select_related("matter__department"), now))
    waits = Wanted(waits="unit")
    lines = (*card_lines(cards(reach, waits)[:50], now), *order_lines(orders(reach, waits)[:50], now))
    order = sorted(lines, key=lambda each: each.due_on or date.max)
    return Waiting(
        reminders_for(account)[:50], tuple(order), accountability_lines(own.select_related("matter__department"), now)
    )


def how_many_wait(account: int, now: datetime) -> int:
    """Count what of supervision waits for somebody's answer."""
    reach = unit_reach_of(account, local_day(now))
    kinds = (card_procedure.PROCEDURE.kind, order_procedure.PROCEDURE.kind)
    issued = Q(kind__in=kinds, state__in=WAITING_FOR_UNIT)
    found = Q(kind=finding_procedure.PROCEDURE.kind, state__in=finding_procedure.WAITING_FOR_UNIT)
    rows = Matter.objects.filter(issued | found, closed=False, version__gt=0)
    rows = rows if reach.everywhere else rows.filter(department_id__in=reach.departments)
    told = models.Reminder.objects.filter(recipients__contains=[account], answer="", about__closed=False)
    own = models.Accountability.objects.filter(person=account, matter__state__in=("proposed", "decided"))
    return rows.count() + told.values("about_id").distinct().count() + own.count()


def answered_by(account: int, now: datetime, most: int = 50) -> tuple[Line, ...]:
    """Return the cards and orders of somebody's departments that wait for her no more, the newest first."""
    reach = unit_reach_of(account, local_day(now))
    done = ~Q(matter__state__in=WAITING_FOR_UNIT)
    found = (
        *card_lines(cards(reach).filter(done)[:most], now), *order_lines(orders(reach).filter(done)[:most], now),
    )  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.issued_at, reverse=True))[:most]
