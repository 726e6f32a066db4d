"""Figures as programs read them: today's, a period's, and the items and cases behind the rates of the reform."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from xiaoneng.api.schemas.words import Answer, Instant


class Today(Answer):
    """Today's figures."""

    accepted: int = Field(description="今天受理")
    decided: int = Field(description="今天办结")
    open: int = Field(description="正在办理")
    yellow: int
    red: int

    def counts(self) -> dict[str, int]:
        """Return the figures alone, without whose they are."""
        return {name: getattr(self, name) for name in Today.model_fields}


class DepartmentToday(Today):
    """A department's figures of today."""

    department: int
    name: str


class TodayTold(Today):
    """The city's figures of today, and those of each department."""

    as_of: Instant
    departments: list[DepartmentToday]


class PeriodLine(Answer):
    """What became of a department's matters in a period; all that came in is somewhere in what became of it."""

    department: int
    name: str
    carried_over: int
    taken_on: int
    early: int
    on_time: int
    late: int
    ended_otherwise: int
    undue: int
    overdue: int
    paused: int


class PeriodTold(Answer):
    """A period from the journal; the lights of what was left are those of its end."""

    first: date
    last: date
    until: Instant
    departments: list[PeriodLine]


class ItemMeasured(Answer):
    """What the rates of the reform count of an item."""

    code: str
    name: str
    department: int
    department_name: str
    exempt: str = Field(description="依法不进分母的理由；进分母的为空")
    stationed: bool
    authorised: bool
    concentrated: bool
    single_window: bool
    self_service: bool
    instant: bool
    unit: str
    compression: float | None


class ItemCut(Answer):
    """A measure of an item before and after."""

    code: str
    name: str
    measure: str
    label: str
    before: float
    after: float


class DecidedTold(Answer):
    """A decided case, and whether that was on the day of its acceptance."""

    number: str
    title: str
    department_name: str
    accepted_at: Instant | None
    decided_at: Instant
    on_the_spot: bool
    granted: bool
