"""Bodies and answers about items, procedures and limits."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from xiaoneng.api.schemas.words import Answer, BasisTold, Body, Day, Instant, LimitTold


class ItemLine(Answer):
    """An item as a list shows it."""

    code: str
    name: str
    department: str
    kind: str
    promised: str
    statutory: str
    open: bool
    closed_reason: str
    online: bool


class ItemsFound(Answer):
    """A part of the items found."""

    rows: list[ItemLine]
    next: str | None
    total: int
    approximate: bool = Field(description="没有完全对上的，给出的是相近的")


class MaterialTold(Answer):
    """A material that an application must or may bring."""

    slot: str = Field(description="上传时用的栏位")
    name: str
    required: bool
    form: str
    copies: int
    note: str
    source: str
    scenarios: list[str] = Field(description="只在这些情形要；空表示都要")


class ScenarioTold(Answer):
    """A situation that an applicant recognises: an answer to a question."""

    question: str
    name: str
    note: str


class StepTold(Answer):
    """A step of the way of an application."""

    name: str
    role: str
    limit: LimitTold | None


class ItemGuide(Answer):
    """An item as its guide tells it."""

    code: str
    name: str
    kind: str
    department: str
    department_id: int
    version: int
    in_force_since: Instant
    promised: LimitTold | None
    statutory: LimitTold | None
    conditions: str
    basis: str
    audience: list[str]
    themes: list[str]
    scenarios: list[ScenarioTold]
    season: str = Field(description="受理时段；全年受理的为空")
    materials: list[MaterialTold]
    steps: list[StepTold]
    location: str
    phone: str
    complaint_phone: str
    result: str
    online: bool
    open: bool
    source: str


class DepartmentTold(Answer):
    """A department with items in force."""

    id: int
    name: str
    items: int


class MoveTold(Answer):
    """A move of a procedure's table."""

    move: str
    label: str
    sources: list[str]
    targets: list[str]
    roles: list[str]
    basis: BasisTold
    clocks: list[str]
    document: str | None
    further: list[str] = Field(description="视情况另发的文书")


class StateTold(Answer):
    """A state of a procedure."""

    state: str
    label: str
    desk: str | None
    closed: bool


class ProcedureTold(Answer):
    """A kind of matter with its states and its table of moves."""

    kind: str
    label: str
    initial: str
    states: list[StateTold]
    moves: list[MoveTold]


Unit = Literal["working_day", "calendar_day", "month"]


class LimitAsked(Body):
    """A length in one unit."""

    n: Annotated[int, Field(ge=0, le=3650)]
    unit: Unit = "working_day"


class PauseAsked(Body):
    """A stretch that does not count, from the day after `from` through `to`; without `to` it goes on."""

    from_: Annotated[Day, Field(alias="from")]
    to: Day | None = None


class DueAsked(Body):
    """From which day a limit runs, with what is taken out of it."""

    accepted_on: Day
    limit: LimitAsked
    pauses: Annotated[list[PauseAsked], Field(max_length=50)] = []
    extension: Annotated[int, Field(ge=0, le=3650)] = 0


class SentenceTold(Answer):
    """A step of a count: what happened, on which ground, where the count stands."""

    text: str
    basis: str
    result: str


class DueTold(Answer):
    """When a limit ends; nothing of it is known while an open pause hides it."""

    due_on: date | None
    yellow_at: Instant | None
    red_at: Instant | None
    provisional: bool = Field(description="算到了放假安排尚未公布的年份，公布后可能改变")
    sentences: list[SentenceTold]
