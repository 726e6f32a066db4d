"""Which departments are asked for their opinion of a case, and what waits for one's own department to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from xiaoneng.approval.promises_models import Consultation
from xiaoneng.matters.clocks import STOPPED
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.org.models import Department
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

ANSWERS = (Role.REVIEWER, Role.HEAD, Role.DEPUTY)


@dataclass(frozen=True, slots=True)
class Asked:
    """A department that was asked: by which entry, until when, and how it ended."""

    matter: int
    seq: int
    round: int
    department: int
    department_name: str
    due_on: date
    state: str
    called: str = ""
    title: str = ""

    @property
    def label(self) -> str:
        """Return how it stands."""
        return str(Consultation.State(self.state).label)


_COLUMNS = (
    "matter_id", "seq", "round", "department_id", "department__name", "due_on", "state", "matter__number", "matter__title",
)  # fmt: skip


def is_open(file: MatterFile) -> bool:
    """Tell whether any department has not answered yet."""
    return any(clock.name is ClockName.CONSULT and clock.state != STOPPED for clock in file.clocks)


def all_asked(file: MatterFile) -> tuple[Asked, ...]:
    """Return every asking in a case, the oldest first; asks the database only where there was one."""
    if file.clock(ClockName.CONSULT) is None:
        return ()
    rows = Consultation.objects.filter(matter_id=file.id).order_by("id").values_list(*_COLUMNS)
    return tuple(Asked(*row) for row in rows)


def waiting(file: MatterFile) -> tuple[Asked, ...]:
    """Return the askings of a case that nobody has answered."""
    return tuple(each for each in all_asked(file) if each.state == Consultation.State.OPEN) if is_open(file) else ()


def mine(file: MatterFile, account: int, on: date) -> Asked | None:
    """Return the open asking that somebody may answer for her department."""
    for each in waiting(file):
        if any(held.role in ANSWERS for held in org.roles_of(account, each.department, on)):
            return each
    return None


def was_asked(file: MatterFile, account: int, on: date) -> bool:
    """Tell whether somebody's department is or was asked about a case, so that she may read it."""
    return any(
        any(held.role in ANSWERS for held in org.roles_of(account, each.department, on)) for each in all_asked(file)
    )


def for_my_department(account: int, now: datetime) -> tuple[Asked, ...]:
    """Return what waits for an answer of the departments for which somebody may give one, first due on top."""
    if not Consultation.objects.filter(state=Consultation.State.OPEN).exists():  # most of the time
        return ()
    reach = org.reach_of(account, ANSWERS, local_day(now))
    rows = Consultation.objects.filter(state=Consultation.State.OPEN, matter__closed=False)
    if not reach.everywhere:
        rows = rows.filter(department_id__in=reach.departments)
    return tuple(Asked(*row) for row in rows.order_by("due_on", "id").values_list(*_COLUMNS)[:200])


def departments_to_ask(file: MatterFile) -> dict[int, str]:
    """Return the departments that may be asked: the others, those of the same region first."""
    rows = Department.objects.exclude(pk=file.department).order_by("region__level", "name")
    return dict(rows.values_list("id", "name"))
