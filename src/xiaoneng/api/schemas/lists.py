"""The shapes of rounds, compilations, comparisons and imports."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from xiaoneng.api.schemas.cases import PossibleMove
from xiaoneng.api.schemas.words import (
    CLEAN,
    LARGEST,
    Answer,
    Body,
    Instant,
    Line,
    LongText,
    ObstacleTold,
    Text,
    Version,
)

Disposition = Literal[
    "keep", "add", "amend", "cancel", "transfer", "freeze", "merge", "delegate", "take_over", "entrust"
]  # held against the model's by a test
Cell = Annotated[str, StringConstraints(max_length=20_000, pattern=CLEAN)]
PartName = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]
WorkingDaysAsked = Annotated[int, Field(ge=1, le=250)]


class RoundTold(Answer):
    """A round."""

    id: int
    name: str
    region: str
    opened_at: Instant
    departments: int
    published: int
    compile_days: int
    stage_days: int
    notice_days: int


class RoundAsked(Body):
    """A round to be opened: which departments of one region, how many working days for which stage."""

    name: Annotated[Line, Field(min_length=1)]
    departments: Annotated[list[Annotated[int, Field(ge=1, le=LARGEST)]], Field(min_length=1, max_length=200)]
    compile_days: WorkingDaysAsked = 20
    stage_days: WorkingDaysAsked = 10
    notice_days: WorkingDaysAsked = 7


class CompilationTold(Answer):
    """Where a department stands in a round."""

    id: int
    round: int
    round_name: str
    department: int
    department_name: str
    state: str
    state_label: str
    light: str
    due_on: date | None
    late: bool
    closed: bool
    items: int
    notice_ends: date | None


class RoundWhole(RoundTold):
    """A round with the departments within the caller's reach, those that are late first."""

    compilations: list[CompilationTold]


class RemarkTold(Answer):
    """What somebody said about a list, and the answer."""

    id: int
    source: str
    source_label: str
    who: str
    text: str
    at: Instant
    code: str
    answer: str
    answered_at: Instant | None
    version: Version


class CompilationWhole(CompilationTold):
    """A compilation with what the checks find, what was said, and the moves that lead on."""

    version: int = Field(description="写在 If-Match 里，别人先办了就不会覆盖")
    counts: dict[str, int] = Field(description="每种处理方式各几项")
    failings: list[ObstacleTold]
    remarks: list[RemarkTold]
    moves: list[PossibleMove]


class ProposalTold(Answer):
    """What is proposed for an item; `content` is everything that the item will say."""

    code: str
    name: str
    kind: str
    disposition: str
    disposition_label: str
    reason: str
    ground: str
    on_running: str
    target: str
    target_code: str
    is_new: bool
    content: dict[str, Any]
    version: Version


class ProposalAsked(Body):
    """What is to become of an item. Parts that are not named stay as they are; values are written as in the spreadsheet."""

    disposition: Disposition
    reason: LongText = ""
    ground: LongText = ""
    on_running: LongText = ""
    target: Annotated[Text, Field(max_length=200)] = ""
    target_code: Annotated[str, StringConstraints(max_length=40, pattern=CLEAN)] = ""
    parts: Annotated[dict[PartName, Cell], Field(max_length=80, description="单值的栏目，如 name、promised_n")] = {}
    rows: Annotated[
        dict[PartName, Annotated[list[Annotated[dict[PartName, Cell], Field(max_length=20)]], Field(max_length=200)]],
        Field(max_length=20, description="多行的栏目，如 materials；给了就整栏替换"),
    ] = {}


class RemarkAsked(Body):
    """What an expert or the legal office says; `code` names the item it is about, if one."""

    who: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=CLEAN)]
    text: Annotated[LongText, Field(min_length=1)]
    code: Annotated[str, StringConstraints(max_length=40, pattern=CLEAN)] = ""


class RemarkAnswered(Body):
    """Whether a remark is taken up, and why."""

    text: Annotated[LongText, Field(min_length=1)]


class SheetTold(Answer):
    """What a filled-in spreadsheet changed, and what of it could not be used."""

    changed: int
    added: int
    unchanged: int
    problems: list[dict[str, Any]]


class CountTold(Answer):
    """How many lines of one kind, and how many of them wait for a decision."""

    kind: str
    label: str
    total: int
    undecided: int


class ComparisonTold(Answer):
    """A comparison."""

    id: int
    region: str
    others: list[str]
    at: Instant
    counts: list[CountTold]


class ComparisonAsked(Body):
    """Which region's list is compared with those of which others."""

    region: Annotated[int, Field(ge=1, le=LARGEST)]
    others: Annotated[list[Annotated[int, Field(ge=1, le=LARGEST)]], Field(min_length=1, max_length=20)]


class ComparedItem(Answer):
    """An item of a compared list."""

    code: str
    name: str
    department: str
    region: str


class ComparedTold(Answer):
    """A line of a comparison, and what was decided about it."""

    id: int
    kind: str
    label: str
    ours: ComparedItem | None
    theirs: ComparedItem | None
    score: int
    words: str
    verdict: str
    verdict_label: str
    reason: str
    decided_at: Instant | None
    version: Version
    choices: dict[str, str] = Field(description="可以作出的决定")


class VerdictAsked(Body):
    """What is decided about a line, and why."""

    verdict: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[a-z_]+$")]
    reason: Annotated[Text, Field(min_length=1)]


class HandedAsked(Body):
    """To whom a decided line is handed; a department is needed only for an item that others have and this region lacks."""

    department: Annotated[int, Field(ge=1, le=LARGEST)] | None = None


class HandedTold(Answer):
    """The compilation in which the decision now stands as a proposal."""

    compilation: int


class ImportTold(Answer):
    """A file handed in: how far it is, and what came of it."""

    id: int
    name: str
    at: Instant
    state: str
    state_label: str
    progress: str
    report: dict[str, Any] | None


class ColumnTold(Answer):
    """A column of a file, and the field that it is taken to carry."""

    name: str
    examples: list[str]
    field: str


class ImportWhole(ImportTold):
    """A file with its columns and what would come in under the mapping; empty once it has been imported."""

    mapping: str = ""
    columns: list[ColumnTold] = []
    rows: int = 0
    usable: int = 0
    problems: list[dict[str, Any]] = []


class MappingAsked(Body):
    """A mapping by its name, as `GET /lists/mappings` tells them, or one of one's own as text in the same layout."""

    mapping: Annotated[str, StringConstraints(max_length=60, pattern=CLEAN)] = ""
    text: Annotated[str, StringConstraints(max_length=20_000, pattern=CLEAN)] = Field(
        "", description="对照表全文（TOML）"
    )


class MappingTold(Answer):
    """A mapping that files can be read under."""

    name: str
    title: str
    text: str = Field(description="全文（TOML）；改几栏就是自己的对照表")


class MappingKept(Body):
    """A mapping of one's own, to be chosen by its name from now on."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=CLEAN)]


class KindTold(Answer):
    """A kind of power."""

    code: str
    name: str
    on_application: bool
    version: Version


class BasicTold(Answer):
    """An entry of the basic catalogue, and how many items follow it."""

    code: str
    name: str
    kind: str
    statutory_n: int | None
    statutory_unit: str
    bases: list[str]
    materials: list[str]
    free_of_charge: bool
    source: str
    items: int
    version: Version


class SynonymTold(Answer):
    """An everyday word and the official one that it stands for."""

    id: int
    word: str
    official: str
