"""Questions about joint cases: their branches, their one set of materials, and the light of the whole."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from xiaoneng.approval import models, reads
from xiaoneng.catalogue.reads import Plan, plan
from xiaoneng.kit import asking
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import Actor
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.org.models import Staff
from xiaoneng.rules.acceptance import Handed
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.limits import Light, light_at
from xiaoneng.rules.parallel import Branch, Outcome, worst
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.rules.roles import GRANTED, Role

KIND = procedure.PROCEDURE.kind
OTHER = "other"
NO_SUCH_JOINT = "没有找到这个并联件。请核对编号，或者从“并联”列表里打开。"
# A decided branch tells its decision by its first entry into granted or refused; asked only of what is not on record yet.
_BRANCHES = """
SELECT b.id, b.position, b.after, b.outcome, b.urged, b.version_id, b.matter_id, m.state, m.closed, m.paused, m.yellow_at,
  m.red_at, coalesce(m.number, ''), m.late, m.step_name, m.department_id,
  CASE WHEN b.outcome = 'open' AND m.state NOT IN ('reviewing', 'deciding', 'supplementing') THEN (
    SELECT json_build_array(e.facts ->> 'to', e.at) FROM entry e
    WHERE e.matter_id = m.id AND e.facts ->> 'to' IN ('granted', 'refused') ORDER BY e.seq LIMIT 1) END
FROM approval_branch b LEFT JOIN matter m ON m.id = b.matter_id WHERE b.joint_id = %s ORDER BY b.position"""


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch as it stands: what is on record of it, and its matter's row once it has opened."""

    id: int
    position: int
    after: tuple[int, ...]
    outcome: Outcome
    urged: int
    version: int
    matter: int | None
    state: str
    closed: bool
    paused: bool
    yellow_at: datetime | None
    red_at: datetime | None
    number: str
    late: bool
    step_name: str
    department: int | None
    decision: tuple[str, datetime] | None  # where it is not on record yet

    @property
    def plan(self) -> Plan:
        """Return what the branch's item demands."""
        return plan(self.version)

    @property
    def as_rule(self) -> Branch:
        """Return the branch as the law reads it, with what has come true since the last record."""
        return Branch(self.position, frozenset(self.after), self.now)

    @property
    def now(self) -> Outcome:
        """Return where the branch stands, its matter's own journal included."""
        if self.outcome is not Outcome.OPEN:
            return self.outcome
        if self.decision:
            return Outcome.GRANTED if self.decision[0] == "granted" else Outcome.REFUSED
        return Outcome.ENDED if self.closed else Outcome.OPEN

    @property
    def terminal(self) -> bool:
        """Tell whether nothing at all is left to do in this branch."""
        return self.outcome is Outcome.NEVER or self.closed

    def light(self, now: datetime) -> Light:
        """Tell the light of an open branch."""
        return light_at(self.yellow_at, self.red_at, self.paused, now)


def load(
    which: int | str,
    key: UUID | None = None,
    *,
    by: Actor | None = None,
    at: datetime | None = None,
    lock: bool = False,
) -> MatterFile:
    """Return a joint case's matter in one query.

    :raises NotFound: there is no such joint case.
    """
    file = reads.load(which, key, by=by, at=at, lock=lock)
    if file.kind != KIND:
        raise NotFound(NO_SUCH_JOINT)
    return file


def branches(joint: int) -> tuple[BranchLine, ...]:
    """Return the branches of a joint case, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_BRANCHES, [joint])
        return tuple(_line(row) for row in cursor.fetchall())


def _line(row: tuple[Any, ...]) -> BranchLine:
    *plain, decision = row
    plain[2], plain[3] = tuple(plain[2]), Outcome(plain[3])
    found = matters.as_json(decision)
    told = (found[0], datetime.fromisoformat(found[1])) if found else None
    columns: tuple[Any, ...] = (*plain, told)
    return BranchLine(*columns)


@dataclass(frozen=True, slots=True)
class Shared:
    """A material of the one set: what it is called, and at which place each branch asks for it."""

    slot: str
    name: str
    required: bool
    copies: int
    form: str
    note: str
    source: str
    asked_by: tuple[tuple[int, str], ...]  # position of the branch, its own slot


def slot_of(name: str) -> str:
    """Return the place of a material in the one set: the same name is the same paper, whoever asks for it."""
    return hashlib.sha256(name.strip().encode()).hexdigest()[:16]


class Asking(Protocol):
    """What asks for materials: a branch, or an item of a theme that may become one."""

    @property
    def position(self) -> int:
        """Return its place."""

    @property
    def plan(self) -> Plan:
        """Return what it demands."""


def materials(lines: Iterable[Asking]) -> tuple[Shared, ...]:
    """Return the one set of materials of several branches: each asked for once, in the order of the branches."""
    asked: dict[str, list[tuple[int, Any]]] = {}
    for line in lines:
        for material in line.plan.materials:
            asked.setdefault(slot_of(material.name), []).append((line.position, material))
    return tuple(_shared(slot, askers) for slot, askers in asked.items())


def _shared(slot: str, askers: list[tuple[int, Any]]) -> Shared:
    first = askers[0][1]
    # What an item asks for in some situations only is not demanded of everybody: the one form does not ask for situations.
    required = any(m.required and not m.scenarios for _, m in askers)
    return Shared(
        slot, first.name, required, max(m.copies for _, m in askers), first.form,
        next((m.note for _, m in askers if m.note), ""), first.source, tuple((place, m.slot) for place, m in askers),
    )  # fmt: skip


def handed(file: MatterFile, shared: tuple[Shared, ...]) -> tuple[Handed, ...]:
    """Return each material of the one set with how often it was handed in, as a file or on paper."""
    slots = [slot for slot, *_ in reads.attached(file)] + reads.form_of(file).get("papers", "").split(",")
    slots += [slot for some in matters.as_json(file.extra["papers_later"]) or () for slot in some or ()]
    counts = Counter(slots)
    return tuple(Handed(each.slot, each.name, each.required, counts[each.slot]) for each in shared)


def light(file: MatterFile, lines: tuple[BranchLine, ...], now: datetime) -> Light:
    """Tell the light of the whole: the worst of its own and of its open branches; derived, never stored."""
    return worst([file.light(now), *(line.light(now) for line in lines if line.now is Outcome.OPEN)])


def joint_of(matter: int) -> int | None:
    """Return the joint case of which a matter is a branch, or nothing."""
    row = asking.first("SELECT joint_id FROM approval_branch WHERE matter_id = %s", [matter])
    return row[0] if row else None


def marks(matters: list[int]) -> dict[int, str]:
    """Return of which joint case each of several matters is a branch, by the number it is called by."""
    rows = models.Branch.objects.filter(matter_id__in=matters).values_list("matter_id", "joint__matter__number")
    return {matter: number or "" for matter, number in rows}


def whole_due(matter: int) -> date | None:
    """Return the day on which the whole is due of which a matter is a branch; nothing where it is none."""
    row = asking.first(
        "SELECT m.clocks -> 'joint/1' ->> 'due_on' FROM approval_branch b JOIN matter m ON m.id = b.joint_id "
        "WHERE b.matter_id = %s", [matter],
    )  # fmt: skip
    return date.fromisoformat(row[0]) if row and row[0] else None


def visible_to_staff(account: int, on: date) -> QuerySet[Matter]:
    """Return the joint cases within somebody's reach: of the lead department, or of one that has a branch in it."""
    reach = org.reach_of(account, [*GRANTED, Role.LEADER], on)
    rows = Matter.objects.filter(kind=KIND, version__gt=0)
    if reach.everywhere:
        return rows
    parts = models.Branch.objects.filter(item__department_id__in=reach.departments).values("joint_id")
    return rows.filter(department_id__in=reach.departments) | rows.filter(pk__in=parts)


def visible_to_applicant(account: int) -> QuerySet[Matter]:
    """Return the joint cases, drafts among them, that an account filed online."""
    online = models.Application.Channel.ONLINE
    return Matter.objects.filter(kind=KIND, application__filed_by=account, application__channel=online)


def require_visible(file: MatterFile, account: int, on: date) -> None:
    """Let nobody pass who may not see a joint case.

    :raises NotFound: as if there were none.
    """
    if not visible_to_staff(account, on).filter(pk=file.id).exists():
        raise NotFound(NO_SUCH_JOINT)


@dataclass(frozen=True, slots=True)
class About:
    """What a joint case is about: its theme, the project, the stage before it."""

    theme: str
    theme_code: str
    stage: int | None
    days: int
    project: str
    previous: str


def about(joint: int) -> About:
    """Return what a joint case is about."""
    row = models.JointCase.objects.select_related("theme", "previous__matter").get(matter_id=joint)
    before = row.previous.matter.number if row.previous else ""
    return About(row.theme.name, row.theme.code, row.theme.stage, row.theme.days, row.project, before or "")


def people_of(lines: tuple[BranchLine, ...], lead: int) -> dict[int, tuple[str, int, str]]:
    """Return who may go to a joint check: account -> name, department, its name; of the lead and of the branches."""
    seats = {lead, *(line.plan.department_id for line in lines)}
    rows = Staff.objects.filter(department_id__in=seats, account__is_active=True).order_by(
        "department_id", "account__name"
    )
    found = rows.values_list("account_id", "account__name", "department_id", "department__name")
    return {account: (name, seat, called) for account, name, seat, called in found}
