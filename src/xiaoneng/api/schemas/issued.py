"""Cards, urging notices and orders as programs read them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from xiaoneng.api.schemas.cases import PossibleMove
from xiaoneng.api.schemas.words import CLEAN, Answer, BasisTold, Body, Day, Id, Instant, LongText, Number, Version
from xiaoneng.rules.accountability import Measure, Source


class IssuedTold(Answer):
    """A card, an urging notice or an order; `level` is yellow or red, urge or order."""

    number: str
    level: str
    label: str
    rule: str
    rule_label: str
    about: str
    about_title: str
    department: int
    department_name: str
    person: str
    points: int
    state: str
    state_label: str
    light: str
    due_on: date | None
    issued_at: Instant
    closed: bool
    standing: bool


class FindingTold(Answer):
    """A finding beyond lateness as a list shows it."""

    number: str
    rule: str
    rule_version: int
    rule_label: str
    source: str
    source_label: str
    department: int
    department_name: str
    person: str
    cases: int
    state: str
    state_label: str
    light: str
    due_on: date | None
    found_at: Instant
    closed: bool


class FindingWhole(FindingTold):
    """A finding with its frozen facts, whose digest the journal holds, and the numbers of its cases."""

    evidence: str
    evidence_sha256: str
    case_numbers: list[str]


class ReminderTold(Answer):
    """A reminder of the ladder about a case."""

    rung: int
    who: str
    due_at: Instant
    recorded_at: Instant
    recipients: list[str]
    answer: str
    answered_at: Instant | None


class IssuedWhole(IssuedTold):
    """A card or an order with its version, the facts frozen with a card, and the moves that lead on."""

    version: int = Field(description="写在 If-Match 里，别人先办了就不会覆盖")
    evidence: str = Field(description="发牌时固定的事实（JSON）；督办没有")
    moves: list[PossibleMove]


class WantsAsked(Body):
    """What a department is to do, and within how many working days it answers."""

    wants: LongText
    days: Annotated[int, Field(ge=1, le=60, description="几个工作日内答复")]


class CardAsked(Body):
    """A card by hand: under which rule, of which level (as the rule says, where none is named), about whom, and why."""

    rule: Annotated[str, Field(max_length=20, pattern=CLEAN, description="发牌规则的代码，例如 V-SUSP")]
    level: Literal["", "yellow", "red"] = ""
    person: Annotated[Id | None, Field(description="责任人的账号；不填按经办记录确定")] = None
    grounds: Annotated[LongText, Field(description="事实和理由；发出以后不能改动")]


class ReminderWaiting(Answer):
    """A reminder that waits for an answer."""

    id: int
    about: str
    about_title: str
    rung: int
    who: str
    due_at: Instant


class WaitingTold(Answer):
    """What of supervision waits for the caller."""

    reminders: list[ReminderWaiting]
    issued: list[IssuedTold] = Field(description="要答复的牌、催办和督办")
    findings: list[FindingTold] = Field(description="发给本单位的监察发现，还没有了结的在前")
    records: list[str] = Field(description="关于本人、等本人陈述或者可以申诉的问责编号")


class ReminderAnswered(Body):
    """Why, and what will be done by when."""

    text: LongText


class FoundAsked(Body):
    """What somebody found; it cannot be changed afterwards."""

    source: Literal["patrol", "self_examination", "audit_sample"]
    department: Id
    note: Annotated[LongText, Field(description="事实和证据：时间、地点、经过")]
    cases: Annotated[list[Number], Field(max_length=50)] = Field([], description="有关办件的编号")
    person: Annotated[Id | None, Field(description="责任人的账号；不确定的不要填")] = None


class FindingRuleTold(Answer):
    """A rule by which something is found, and how many findings there are under it."""

    code: str
    version: int
    label: str
    meaning: str
    measured: str = Field(description="从什么数起算")
    basis: BasisTold
    met: str = Field(examples=["found", "prevented", "not_applicable"])
    met_label: str
    found: int
    confirmed: int
    open: int


class CardRuleTold(Answer):
    """A rule under which cards are issued."""

    code: str
    version: int
    level: str
    label: str
    basis: BasisTold


class SampleAsked(Body):
    """What a sample is drawn from: the cases decided from a day to a day, of one department or of all within reach."""

    since: Day
    until: Day
    wanted: Annotated[int, Field(ge=1, le=100, description="抽取件数")]
    department: Id | None = None
    seed: Annotated[str, Field(max_length=64, pattern=CLEAN, description="事先公布的数；不填的随机产生")] = ""


class SampleTold(Answer):
    """A sample with its seed, so that anybody can draw the same again."""

    id: int
    seed: str
    since: date
    until: date
    department: int | None
    wanted: int
    population: int = Field(description="从多少件里抽")
    drawn_at: Instant
    cases: list[str]


class CalledToAccount(Body):
    """Whom to call to account, by which measure, and why; another supervisor decides."""

    person: Annotated[Id, Field(description="责任人的账号")]
    measure: Measure
    reason: LongText


class AccountabilityTold(Answer):
    """A record of accountability, for those few who may see it."""

    number: str
    person: int
    person_name: str
    department: int
    department_name: str
    source: str
    source_label: str
    rule: str
    rule_label: str
    proposed: str
    proposed_points: int
    measure: str
    points: int
    state: str
    state_label: str
    light: str
    due_on: date | None
    proposed_at: Instant
    decided_on: date | None
    closed: bool
    standing: bool


class AccountabilityWhole(AccountabilityTold):
    """A record with its version and the moves that lead on."""

    version: int = Field(description="写在 If-Match 里，别人先办了就不会覆盖")
    moves: list[PossibleMove]


class AccumulationTold(Answer):
    """A rule of accumulation: so many of what within so many months call for which measure, from a day to a last day."""

    code: str
    label: str
    source: str
    source_label: str
    rule: str
    count: int
    months: int
    measure: str
    measure_label: str
    points: int
    basis: str
    since: date
    until: date | None
    version: Version


class AccumulationAsked(Body):
    """What a rule of accumulation says from a day to come; a code that is not there yet is a new rule."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9\-]{1,20}$")]
    label: Annotated[str, Field(min_length=1, max_length=120, pattern=CLEAN)]
    source: Source
    rule: Annotated[str, Field(max_length=40, pattern=CLEAN, description="限于哪一种；不填就是全部")] = ""
    count: Annotated[int, Field(ge=1, le=99)]
    months: Annotated[int, Field(ge=1, le=60)]
    measure: Measure
    points: Annotated[int, Field(ge=0, le=100)]
    basis: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]
    since: Annotated[Day, Field(description="从哪一天起，最早明天")]


class AccumulationEnded(Body):
    """Until when a rule holds, and why it ends."""

    last: Annotated[Day, Field(description="到哪一天为止，含这一天")]
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]
