"""The small types that every body and answer is made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from xiaoneng.rules.workdays import local

# No control characters but tab and line breaks: no column and no notice can carry them.
CLEAN = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
LARGEST = 2**63 - 1

Line = Annotated[str, StringConstraints(max_length=120, pattern=CLEAN)]
Note = Annotated[str, StringConstraints(max_length=500, pattern=CLEAN)]
Text = Annotated[str, StringConstraints(max_length=1000, pattern=CLEAN)]
LongText = Annotated[str, StringConstraints(max_length=2000, pattern=CLEAN)]
Id = Annotated[int, Field(ge=1, le=LARGEST)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z\-]+$")]
Version = Annotated[
    str, Field(pattern=r"^[0-9a-f]{16}$", description="写回时放进 If-Match，带引号：别人先改了就不会盖掉")
]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z_.\-]+$")]


def _told(moment: datetime) -> str:
    return local(moment).isoformat(timespec="seconds" if not moment.microsecond else "microseconds")


Instant = Annotated[
    datetime,
    PlainSerializer(_told, return_type=str),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-03-23T10:24:00+08:00"]}, mode="serialization"
    ),
]


class Body(BaseModel):
    """What a program sends: only what is named, in its own type."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """What a program is answered."""


Row = TypeVar("Row")


class Page(Answer, Generic[Row]):
    """A part of a list, and the cursor with which to ask for the next; the header Link says the same."""

    rows: list[Row]
    next: str | None = Field(None, description="下一页的游标；没有了就是 null")


class BasisTold(Answer):
    """A legal provision."""

    law: str
    article: str
    clause: str
    text: str
    cited: str = Field(description="引用时的写法，如《行政许可法》第三十二条第一款第四项")


class ObstacleTold(Answer):
    """What stands in the way, why by law, and what to do next."""

    code: str
    message: str
    remedy: str
    basis: BasisTold


class FieldTold(Answer):
    """What is wrong with one field."""

    in_: str = Field(alias="in")
    pointer: str
    detail: str


class ProblemTold(Answer):
    """A refusal, as RFC 9457 has it (application/problem+json)."""

    type: str
    title: str
    status: int
    detail: str
    obstacles: list[ObstacleTold] | None = Field(None, description="依法还不能办的全部原因，一次列全")
    errors: list[FieldTold] | None = Field(None, description="不符合要求的字段，逐项列出")
    version: int | None = Field(None, description="412 时：现在的版本")
    required: list[str] | None = Field(None, description="这个操作要求的权限，任有其一即可")


class LimitTold(Answer):
    """A length that the law or a promise sets."""

    n: int
    unit: str
    text: str


class LightTold(Answer):
    """A light with its word; `done` when the case is closed."""

    light: str = Field(examples=["green", "yellow", "red", "paused", "done"])
    word: str
    yellow_at: Instant | None
    red_at: Instant | None
    late: bool = Field(description="曾经超期，办结后也保留")


class DocumentTold(Answer):
    """An issued document."""

    kind: str
    title: str
    number: str
    issued_at: Instant
    verify_code: str
    pdf: str = Field(description="PDF 的地址")


def a_real_day(day: date) -> date:
    """Let a day pass that calendars can count with.

    :raises ValueError: it lies too far away.
    """
    if not 1950 <= day.year <= 2100:
        raise ValueError("日期应在 1950 年到 2100 年之间")
    return day


def a_near_moment(moment: datetime) -> datetime:
    """Let a moment pass that can be told in every time zone.

    :raises ValueError: it lies too far away.
    """
    a_real_day(moment.date())
    return moment


Day = Annotated[date, AfterValidator(a_real_day)]
Moment = Annotated[AwareDatetime, AfterValidator(a_near_moment)]
Facts = dict[str, Any]
