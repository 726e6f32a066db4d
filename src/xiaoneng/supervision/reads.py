"""Questions of the supervisor: lights by department, what has just turned red, what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from xiaoneng.matters.models import Entry, Matter
from xiaoneng.matters.reads import having_light, open_matters
from xiaoneng.org import reads as org
from xiaoneng.org.reads import Reach
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.procedures.application import PROCEDURE
from xiaoneng.rules.workdays import local
from xiaoneng.supervision.models import RedLight

DECISIONS = ("grant", "refuse")
DECIDED = ("granted", "refused")
OVERLAP = timedelta(seconds=5)  # a move is recorded a moment before others see it


def visible_to_supervisor(reach: Reach) -> QuerySet[Matter]:
    """Return the open matters within a supervisor's reach."""
    rows = open_matters().filter(kind=PROCEDURE.kind)
    return rows if reach.everywhere else rows.filter(department_id__in=reach.departments)


@dataclass(frozen=True, slots=True)
class DepartmentLights:
    """A department's open matters by light, and this month's decisions: how many, how many of them in time."""

    department: int
    name: str
    red: int
    yellow: int
    paused: int
    green: int
    on_time: int
    decided: int
    undecided_red: int

    @property
    def total(self) -> int:
        """Return how many matters are open."""
        return self.red + self.yellow + self.paused + self.green

    @property
    def base(self) -> int:
        """Return what the rate counts: the decisions, and what is late and not decided yet."""
        return self.decided + self.undecided_red


def by_department(reach: Reach, now: datetime) -> tuple[DepartmentLights, ...]:
    """Return the departments with their lights, the reddest first."""
    counts = {light.value: Count("id", filter=having_light(light, now)) for light in Light}
    counts["undecided_red"] = Count("id", filter=having_light(Light.RED, now) & ~Q(state__in=DECIDED))
    grouped: Any = visible_to_supervisor(reach).values("department_id").annotate(**counts)
    rows: dict[int, Mapping[str, int]] = {row["department_id"]: row for row in grouped}
    decided = _decided_this_month(reach, now)
    names = org.departments_named(set(rows) | set(decided))
    lights = [_lights(id_, name, rows.get(id_, {}), decided.get(id_, (0, 0))) for id_, name in names.items()]
    return tuple(sorted(lights, key=lambda each: (-each.red, -each.yellow, -each.total, each.department)))


def _lights(id_: int, name: str, row: Mapping[str, int], decided: tuple[int, int]) -> DepartmentLights:
    red, yellow, paused, green = (row.get(light, 0) for light in ("red", "yellow", "paused", "green"))
    return DepartmentLights(id_, name, red, yellow, paused, green, *decided, row.get("undecided_red", 0))


def _decided_this_month(reach: Reach, now: datetime) -> dict[int, tuple[int, int]]:
    start = local(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = Entry.objects.filter(move__in=DECISIONS, recorded_at__gte=start, recorded_at__lte=now)
    if not reach.everywhere:
        rows = rows.filter(matter__department_id__in=reach.departments)
    counted = rows.values("matter__department_id").annotate(
        on_time=Count("id", filter=Q(facts__late=False)), decided=Count("id")
    )
    return {row["matter__department_id"]: (row["on_time"], row["decided"]) for row in counted}


@dataclass(frozen=True, slots=True)
class RedLine:
    """A matter that is red now."""

    matter: int
    called: str
    title: str
    department_id: int
    department: str
    step_name: str
    desk: str
    since: datetime


def red_now(reach: Reach, now: datetime, most: int = 10) -> tuple[RedLine, ...]:
    """Return the matters that are red, the latest first."""
    rows = visible_to_supervisor(reach).filter(having_light(Light.RED, now)).select_related("department")
    return tuple(
        RedLine(
            row.pk, str(row), row.title, row.department_id, row.department.name, row.step_name, row.desk, since
        )
        for row in rows.order_by("-red_at")[:most]
        if (since := row.red_at) is not None
    )  # fmt: skip


def changed_since(reach: Reach, since: datetime, now: datetime) -> bool:
    """Tell whether anything a board shows changed after a moment: an entry, or a light that time has turned."""
    turned = Q(red_at__gte=since, red_at__lt=now) | Q(yellow_at__gt=since, yellow_at__lte=now)
    if visible_to_supervisor(reach).filter(turned).exists():
        return True
    rows = Entry.objects.filter(recorded_at__gt=since - OVERLAP, matter__kind=PROCEDURE.kind)
    if not reach.everywhere:
        rows = rows.filter(matter__department_id__in=reach.departments)
    return rows.exists()


def newly_red(reach: Reach, now: datetime) -> int:
    """Count the lights that turned red today."""
    start = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return visible_to_supervisor(reach).filter(red_at__gte=start, red_at__lt=now).count()


def due_today(reach: Reach, now: datetime) -> int:
    """Count the open matters that turn red before the day is over."""
    end = local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return visible_to_supervisor(reach).filter(red_at__gte=now, red_at__lt=end).count()


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A red light on record."""

    clock: str
    round: int
    since: datetime
    recorded_at: datetime
    step_name: str
    seal: int | None


def records_of(matter: int) -> tuple[RecordLine, ...]:
    """Return the red lights on record of a matter."""
    rows = RedLight.objects.filter(matter_id=matter).order_by("since")
    return tuple(RecordLine(r.clock, r.round, r.since, r.recorded_at, r.step_name, r.seal) for r in rows)


_AS_OF = """
SELECT (facts ->> 'yellow_at')::timestamptz, (facts ->> 'red_at')::timestamptz, (facts ->> 'paused')::boolean
FROM (SELECT DISTINCT ON (e.matter_id) e.facts, m.kind FROM entry e JOIN matter m ON m.id = e.matter_id
      WHERE e.recorded_at <= %s ORDER BY e.matter_id, e.seq DESC) last
WHERE NOT (facts ->> 'closed')::boolean AND kind = %s"""


def lights_as_of(at: datetime) -> dict[str, int]:
    """Count the lights of the matters that were open at an instant, from the journal alone."""
    counts = dict.fromkeys(("green", "yellow", "red", "paused"), 0)
    with connection.cursor() as cursor:
        cursor.execute(_AS_OF, [at, PROCEDURE.kind])
        for yellow_at, red_at, paused in cursor.fetchall():
            counts[light_at(yellow_at, red_at, paused, at).value] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Today:
    """What was done today in the whole city."""

    accepted: int
    decided: int


def today(now: datetime) -> Today:
    """Count today's acceptances and decisions, from the journal."""
    start = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Entry.objects.filter(recorded_at__gte=start, recorded_at__lte=now).aggregate(
        accepted=Count("id", filter=Q(move__in=("accept", "deem_accepted"))),
        decided=Count("id", filter=Q(move__in=DECISIONS)),
    )
    return Today(rows["accepted"], rows["decided"])
