"""Questions about agent cases: what a project is, how far its plan is, who goes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from xiaoneng.approval import models, reads
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import Actor
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.org.models import Staff
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.procedures import agency as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

KIND = procedure.PROCEDURE.kind
NO_SUCH = "没有找到这个代办件。请核对编号，或者从列表里打开。"


@dataclass(frozen=True, slots=True)
class StepLine:
    """An approval of the plan with what became of it."""

    position: int
    title: str
    department: str
    due_on: date
    after: tuple[int, ...]
    number: str
    done_on: date | None
    state: str  # of the application or joint case that it names, as it stands now
    late: bool

    def overdue(self, today: date) -> bool:
        """Tell whether it should have been done by now."""
        return self.done_on is None and today > self.due_on


@dataclass(frozen=True, slots=True)
class Service:
    """An agent case with its plan."""

    file: MatterFile
    project: str
    capital: int
    investment: int
    agent: int | None
    agent_name: str
    steps: tuple[StepLine, ...]


def load(
    which: int | str,
    key: UUID | None = None,
    *,
    by: Actor | None = None,
    at: datetime | None = None,
    lock: bool = False,
) -> MatterFile:
    """Return an agent case's matter.

    :raises NotFound: there is no such case.
    """
    file = reads.load(which, key, by=by, at=at, lock=lock)
    if file.kind != KIND:
        raise NotFound(NO_SUCH)
    return file


def service(file: MatterFile) -> Service:
    """Return an agent case with its plan, each approval as it stands now."""
    row = models.AgencyCase.objects.get(matter_id=file.id)
    name = org.names_of_accounts([row.agent]).get(row.agent, "") if row.agent else ""
    steps = list(row.steps.order_by("position"))
    found = Matter.objects.filter(number__in=[step.number for step in steps if step.number])
    standing = {each.number: each for each in found}
    return Service(
        file, row.project, row.capital, row.investment, row.agent, name, tuple(_step(step, standing) for step in steps)
    )


def _step(step: models.AgencyStep, standing: dict[str | None, Matter]) -> StepLine:
    matter = standing.get(step.number)
    state = matters.PROCEDURES[matter.kind].state(matter.state).label if matter else ""
    return StepLine(
        step.position, step.title, step.department, step.due_on, tuple(step.after), step.number, step.done_on, state,
        step.done_on is not None and step.done_on > step.due_on,
    )  # fmt: skip


def awaiting(account: int, on: date, *, ended: bool = False) -> QuerySet[Matter]:
    """Return the open agent cases within an agent's reach, what is due first on top; or those that ended, newest first."""
    reach = org.reach_of(account, [Role.AGENT, Role.LEADER, Role.SUPERVISOR], on)
    rows = Matter.objects.filter(kind=KIND, closed=True) if ended else matters.open_matters().filter(kind=KIND)
    rows = rows if reach.everywhere else rows.filter(department_id__in=reach.departments)
    return rows.order_by("-id") if ended else rows.order_by("red_at", "id")


def of_applicant(account: int) -> QuerySet[Matter]:
    """Return the agent cases that an account asked for."""
    return Matter.objects.filter(kind=KIND, version__gt=0, application__filed_by=account).order_by("-id")


def require_visible(file: MatterFile, account: int, at: datetime) -> None:
    """Let nobody pass but the applicant, agents and those above them.

    :raises NotFound: as if there were none.
    """
    if file.extra["filed_by"] == account:
        return
    reach = org.reach_of(account, [Role.AGENT, Role.LEADER, Role.SUPERVISOR], local_day(at))
    if not reach.covers(file.department):
        raise NotFound(NO_SUCH)


def office() -> int | None:
    """Return the department at which agents sit, or nothing where the place has none."""
    sitting = Staff.objects.filter(account__holdings__role_id=Role.AGENT.value).order_by("id")
    return sitting.values_list("department_id", flat=True).first()
