"""The registers around items as programs write them: kinds, basic catalogue, negative list, everyday words, themes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Code, Id, LongText, Note, Text, Version

MEASURES = {"禁止": "forbidden", "许可准入": "with_leave"}
Word = Annotated[str, StringConstraints(min_length=1, max_length=30, pattern=CLEAN)]
# A line of a theme is `code | condition | places`, so no condition holds what parts them.
Condition = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\u0000-\u001f\u007f|｜]*$")]


class KindAsked(Body):
    """A kind of power: how it is called here, and whether it begins with an application."""

    name: Word
    on_application: bool


class BasicAsked(Body):
    """An entry of the basic catalogue: what no region below may widen."""

    name: Annotated[str, Field(min_length=1, max_length=300, pattern=CLEAN)]
    kind: Annotated[str, Field(min_length=1, max_length=30, pattern=CLEAN, description="权力类型的名称")]
    statutory_n: Annotated[int, Field(ge=0, le=9999)] | None = None
    statutory_unit: Literal["", "working_day", "calendar_day", "hour", "month"] = ""
    bases: Annotated[list[Text], Field(max_length=50)] = Field([], description="必须写明的依据；下级可以多写，不能少写")
    materials: Annotated[list[Text], Field(max_length=100)] = Field([], description="材料；下级只能减少")
    free_of_charge: bool = False
    source: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""


class NegativeAsked(Body):
    """A line of the negative list."""

    sector: Annotated[str, Field(min_length=1, max_length=120, pattern=CLEAN)]
    measure: Literal["forbidden", "with_leave"]
    text: Annotated[str, Field(min_length=1, max_length=2000, pattern=CLEAN)]
    basis: Annotated[str, Field(min_length=1, max_length=2000, pattern=CLEAN)]
    document: Annotated[str, Field(min_length=1, max_length=120, pattern=CLEAN, description="公布文号")]
    items: Annotated[list[Code], Field(max_length=100)] = Field([], description="有关事项的实施编码")


class NegativeTold(Answer):
    """A line of the negative list with the items it is about."""

    region: int
    region_name: str
    number: str
    sector: str
    measure: str
    measure_label: str
    text: str
    basis: str
    document: str
    items: list[str]
    version: Version


class SynonymAsked(Body):
    """An everyday word and the official one that it stands for."""

    word: Word
    official: Word


class ThemeItemAsked(Body):
    """An item of a theme: under which condition, and after which places of the same list."""

    code: Code
    condition: Condition = ""
    after: Annotated[list[Annotated[int, Field(ge=1, le=100)]], Field(max_length=30)] = Field(
        [], description="要等第几项办完，从 1 数起"
    )


class ThemeAsked(Body):
    """A theme as the list office keeps it."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=CLEAN)]
    summary: Note = ""
    basis: LongText = ""
    lead: Annotated[Id, Field(description="牵头部门")]
    days: Annotated[int, Field(ge=1, le=999, description="全程多少个工作日")]
    active: bool = True
    items: Annotated[list[ThemeItemAsked], Field(min_length=1, max_length=100)]


class ThemeItemKept(Answer):
    """An item of a theme."""

    code: str
    condition: str
    after: list[int]


class ThemeKept(Answer):
    """A theme as the list office keeps it."""

    code: str
    name: str
    summary: str
    basis: str
    lead: int
    days: int
    active: bool
    items: list[ThemeItemKept]
    version: Version
