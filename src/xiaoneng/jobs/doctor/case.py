"""A matter with everything that belongs to it, and its journal folded into the clocks as they stood."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID


@dataclass(slots=True)
class Row:
    """A matter's row."""

    id: int
    kind: str
    department: int
    genesis: bytes
    item_version: int | None
    state: str
    version: int
    head: bytes
    intake_number: str | None
    number: str | None
    step: int
    step_name: str
    desk: str
    yellow_at: datetime | None
    red_at: datetime | None
    paused: bool
    late: bool
    closed: bool
    changed_at: datetime | None
    opened_at: datetime
    clocks: str  # as the row keeps them: JSON, by name and round


@dataclass(slots=True)
class Entry:
    """A line of a journal with its body as values."""

    id: int
    matter: int
    seq: int
    move: str
    actor: int
    role: str
    authority: str
    at: datetime
    claimed_at: datetime | None
    recorded_at: datetime
    body: str
    numbers: str
    item_version: int | None
    calendar_version: int | None
    source: str
    key: UUID | None
    prev: bytes
    hash: bytes
    facts_agree: bool
    facts: dict[str, Any] = field(init=False)
    drawn: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.facts = json.loads(self.body)
        self.drawn = json.loads(self.numbers)

    @property
    def what(self) -> dict[str, Any]:
        """Return the facts that the action itself wrote down."""
        what: dict[str, Any] = self.facts.get("what", {})
        return what


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock with its pauses, as the journal tells it."""

    name: str
    round: int
    step: int
    unit: str
    limit: int
    extension: int
    started_on: date
    started_at: datetime
    due_on: date | None
    yellow_at: datetime | None
    red_at: datetime | None
    state: str
    stopped_at: datetime | None
    counts: bool
    provisional: bool
    calendar_version: int
    pauses: tuple[tuple[date, date | None, str], ...] = ()
    warns: tuple[int, int] = (20, 1)  # at which share of the limit, and of no fewer than so many days

    @property
    def key(self) -> tuple[str, int]:
        """Return what tells the clocks of a matter apart."""
        return self.name, self.round

    @property
    def stretches(self) -> tuple[tuple[date, date | None], ...]:
        """Return the pauses without their kinds."""
        return tuple((begin, end) for begin, end, _ in self.pauses)


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A pause as its table keeps it."""

    clock: str
    round: int
    begin: date
    end: date | None
    kind: str


@dataclass(frozen=True, slots=True)
class Document:
    """An issued document."""

    seq: int
    kind: str
    title: str
    number: str
    verify_code: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Application:
    """What doctor needs of an application beside its matter."""

    channel: str
    filed_by: int
    payload: str
    salt: bytes
    recipient: str
    applicant_name: str
    identity_mark: str


@dataclass(frozen=True, slots=True)
class File:
    """A kept file: what hangs it where (its slot, or a document's number), its content and its round."""

    slot: str
    sha256: str
    size: int
    round: int


@dataclass(frozen=True, slots=True)
class Light:
    """A red light on record."""

    clock: str
    round: int
    since: datetime


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A hearing, site check or publication as its table keeps it: the entries that arranged and ended it."""

    kind: str
    seq: int
    state: str
    closed_seq: int | None


@dataclass(slots=True)
class Step:
    """One entry with the clocks before and after it."""

    entry: Entry
    before: dict[tuple[str, int], Clock]
    after: dict[tuple[str, int], Clock]
    touched: list[Clock]


@dataclass
class Case:
    """A matter with everything that belongs to it."""

    row: Row
    entries: list[Entry]
    pauses: list[PauseRow]
    documents: list[Document]
    application: Application | None
    attachments: list[File]
    printed: list[File]
    lights: list[Light]
    sessions: list[SessionRow] = field(default_factory=list)
    words: list[tuple[int, str, str]] = field(default_factory=list)  # of an entry: its name and the text
    renewal: tuple[str, date] | None = None  # the licence to be renewed and its last day
    deferrals: list[tuple[str, date, str]] = field(default_factory=list)  # slot, day and outcome of what came later
    askings: list[tuple[int, int, str, int | None]] = field(default_factory=list)  # entry, department, state, its end

    @property
    def called(self) -> str:
        """Return what a finding calls this matter by."""
        return self.row.number or self.row.intake_number or f"办件 #{self.row.id}"

    @cached_property
    def given(self) -> list[list[dict[str, Any]]]:
        """Return for each entry the clocks that it gives, in its own words; of one counted anew it gives what changed."""
        known: dict[str, dict[str, Any]] = {}
        given = []
        for entry in self.entries:
            anew = (known[key] | changed for key, changed in entry.facts.get("recounted", {}).items())
            words = [*entry.facts.get("clocks", ()), *anew]
            known |= {f"{each['name']}/{each['round']}": each for each in words}
            given.append(words)
        return given

    @cached_property
    def steps(self) -> list[Step]:
        """Fold the journal's facts, entry by entry, into the clocks as they stood before and after each."""
        clocks: dict[tuple[str, int], Clock] = {}
        steps = []
        for entry, words in zip(self.entries, self.given, strict=True):
            before = clocks
            touched = [_clock_of(facts) for facts in words]
            clocks = before | {clock.key: clock for clock in touched}
            steps.append(Step(entry, before, clocks, touched))
        return steps

    @property
    def told(self) -> dict[str, dict[str, Any]]:
        """Return the clocks that the journal ends with in its own words, by name and round."""
        return {f"{each['name']}/{each['round']}": each for words in self.given for each in words}

    @property
    def folded(self) -> dict[tuple[str, int], Clock]:
        """Return the clocks that the journal ends with."""
        return self.steps[-1].after if self.steps else {}


def _clock_of(facts: dict[str, Any]) -> Clock:
    return Clock(
        facts["name"], facts["round"], facts["step"], facts["unit"], facts["limit"], facts["extension"],
        date.fromisoformat(facts["started_on"]), datetime.fromisoformat(facts["started_at"]), day(facts["due_on"]),
        moment(facts["yellow_at"]), moment(facts["red_at"]), facts["state"], moment(facts["stopped_at"]),
        facts["counts"], facts["provisional"], facts["calendar_version"],
        tuple((date.fromisoformat(each["from"]), day(each["to"]), each["kind"]) for each in facts["pauses"]),
        tuple(facts.get("threshold", (20, 1))),
    )  # fmt: skip


def day(text: str | None) -> date | None:
    """Return a day as the journal writes it."""
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    """Return a moment as the journal writes it."""
    return datetime.fromisoformat(text) if text else None
