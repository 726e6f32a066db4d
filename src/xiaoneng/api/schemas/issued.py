"""Cards, urging notices and orders as programs read them."""

from __future__ import annotations

from datetime import date, datetime

from xiaoneng.api.schemas.words import Answer


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
    issued_at: datetime
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
    found_at: datetime
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
    due_at: datetime
    recorded_at: datetime
    recipients: list[str]
    answer: str
    answered_at: datetime | None
