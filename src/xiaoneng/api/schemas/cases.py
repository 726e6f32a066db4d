"""Bodies and answers about applications and cases."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from xiaoneng.api.schemas.items import SentenceTold
from xiaoneng.api.schemas.words import (
    Answer,
    BasisTold,
    Body,
    Code,
    Day,
    DocumentTold,
    Facts,
    Instant,
    LightTold,
    LimitTold,
    Line,
    LongText,
    Note,
    Number,
    ObstacleTold,
)


class DeclarationAsked(Body):
    """What an applicant declares; a draft may leave any of it out."""

    kind: Literal["person", "enterprise"] = "person"
    name: Line = ""
    identity: Annotated[Line, Field(description="身份证号或统一社会信用代码")] = ""
    contact: Line = ""
    phone: Line = ""
    address: Note = ""
    content: LongText = ""
    delivery: Literal["self", "post", "electronic"] = "self"
    way: Annotated[Literal["", "commitment"], Field(description="commitment：告知承诺，事项公布可以的才行")] = ""
    deferred: Annotated[Note, Field(description="承诺后补的材料栏位，用逗号隔开")] = ""
    promise: Annotated[Literal["", "1"], Field(description="1：已阅读并作出承诺")] = ""
    renews: Annotated[Line, Field(description="要延续的许可证编号；第一次申请的不填")] = ""
    renews_until: Annotated[Day | None, Field(description="该许可证有效期至")] = None
    scenarios: Annotated[list[Line], Field(max_length=20, description="所选情形，每个问题一个，用事项里的名称")] = []


class DraftAsked(Body):
    """For which item a draft is opened, and what is known already."""

    item: Code
    declaration: DeclarationAsked | None = None


class IntakeAsked(Body):
    """What a clerk takes in at the window."""

    item: Code
    declaration: DeclarationAsked
    papers: Annotated[list[Code], Field(max_length=100, description="已核对纸质件的材料栏位")] = []
    submit: Annotated[bool, Field(description="false：先存为草稿，再上传电子件后提交")] = True


class FileTold(Answer):
    """A file handed in."""

    id: int
    slot: str
    name: str
    kind: str
    size: int
    sha256: str
    uploaded_at: Instant
    round: int


class DeclarationTold(Answer):
    """What was declared so far, as typed."""

    kind: str
    name: str
    identity: str
    contact: str
    phone: str
    address: str
    content: str
    delivery: str


class DraftTold(Answer):
    """A draft with what still stands against submitting it."""

    id: int
    item: str
    title: str
    declaration: DeclarationTold
    papers: list[str]
    files: list[FileTold]
    obstacles: list[ObstacleTold]
    advice: Annotated[list[ObstacleTold], Field(description="先告诉您、不妨碍提交的，例如还没有登记授权")]
    opened_at: Instant


class MovedTold(Answer):
    """What a move came to."""

    number: str
    move: str
    seq: int
    state: str
    state_label: str
    recorded_at: Instant
    intake_number: str | None
    case_number: str | None
    documents: list[str]
    hash: str


class ReceiptTold(Answer):
    """The receipt of a submission, for whoever filed it."""

    intake_number: str
    query_code: str = Field(description="查进度用，请交给申请人本人")
    submitted_at: Instant
    hash: str


class ApplicationLine(Answer):
    """One's own application as a list shows it."""

    id: int
    number: str = Field(description="草稿还没有编号，为空")
    title: str
    state: str
    draft: bool
    closed: bool
    light: LightTold
    opened_at: Instant
    changed_at: Instant | None


class CaseLine(Answer):
    """A case as a worklist shows it."""

    number: str
    title: str
    applicant: str
    department: int
    state: str
    state_label: str
    step: str
    desk: str
    light: LightTold
    remaining: str = Field(description="还剩或超出的工作时间")
    promised_due: date | None
    statutory_due: date | None


class PauseTold(Answer):
    """A stretch that a clock does not count."""

    from_: date = Field(alias="from")
    to: date | None
    kind: str


class ClockTold(Answer):
    """A legal clock of a case."""

    clock: str
    label: str
    round: int
    limit: LimitTold
    extension: int
    started_on: date
    due_on: date | None
    yellow_at: Instant | None
    red_at: Instant | None
    state: str
    stopped_at: Instant | None
    counts: bool
    provisional: bool
    pauses: list[PauseTold]


class MaterialHanded(Answer):
    """A material with what was handed in for it."""

    slot: str
    name: str
    required: bool
    count: int
    files: list[FileTold]


class PossibleMove(Answer):
    """A move that leads on from a case, and whether the caller may make it."""

    move: str
    label: str
    roles: list[str]
    basis: BasisTold
    allowed: bool


class CaseTold(Answer):
    """A case on one page."""

    number: str
    case_number: str | None
    intake_number: str | None
    version: int
    title: str
    department: str
    department_id: int
    state: str
    state_label: str
    step: str
    desk: str
    channel: str
    applicant: dict[str, str]
    content: str
    light: LightTold
    clocks: list[ClockTold]
    materials: list[MaterialHanded]
    documents: list[DocumentTold]
    moves: list[PossibleMove]


class EntryTold(Answer):
    """A line of the journal."""

    seq: int
    move: str
    label: str
    actor: str
    role: str
    authority: str
    at: Instant
    claimed_at: Instant | None
    recorded_at: Instant
    facts: Facts
    basis: str
    hash: str


class DayTold(Answer):
    """A day of a count."""

    day: date
    kind: str
    number: int | None
    label: str


class ExplanationTold(Answer):
    """How a due day was computed, day by day."""

    title: str
    intro: str
    days: list[DayTold]
    sentences: list[SentenceTold]


class ProgressAsked(Body):
    """Number and query code, both from the receipt."""

    number: Number
    code: Annotated[Line, Field(min_length=1)]


class StepOfWay(Answer):
    """What was done on the way of an application."""

    label: str
    at: Instant


class ProgressTold(Answer):
    """How far an application is, as its applicant sees it."""

    number: str
    title: str
    applicant: str
    department: str
    state: str
    state_label: str
    waiting_for: str
    light: LightTold
    promised_due: date | None
    statutory_due: date | None
    done: list[StepOfWay]
    documents: list[DocumentTold]
    explanations: list[ExplanationTold]


class VerifiedTold(Answer):
    """A document that was issued under a code."""

    kind: str
    title: str
    number: str
    organ: str
    addressee: str
    date: str
    hash: str
    pdf: str
