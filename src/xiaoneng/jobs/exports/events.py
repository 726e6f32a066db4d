"""Matters and entries as other people's tools want them: no names, applicants under pseudonyms that only we can tell."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings

from xiaoneng.jobs.exports.source import stream
from xiaoneng.matters.reads import PROCEDURES
from xiaoneng.rules.procedures import Move

_ENTRIES = """
SELECT e.matter_id, e.seq, e.move, e.actor, e.role, e.at, e.claimed_at, e.recorded_at, e.facts ->> 'to',
  e.facts ->> 'step_name', m.kind
FROM entry e JOIN matter m ON m.id = e.matter_id ORDER BY e.matter_id, e.seq"""
_MATTERS = """
SELECT m.id, m.kind, m.number, m.intake_number, m.title, m.state, m.department_id, d.name, m.item_version_id, i.code,
  m.opened_by, m.opened_at, m.yellow_at, m.red_at, m.paused, m.late, m.closed
FROM matter m JOIN org_department d ON d.id = m.department_id
LEFT JOIN catalogue_itemversion v ON v.id = m.item_version_id LEFT JOIN catalogue_item i ON i.id = v.item_id
WHERE m.version > 0 ORDER BY m.id"""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as an event."""

    matter: int
    seq: int
    move: str
    actor: int
    role: str
    at: datetime
    claimed_at: datetime | None
    recorded_at: datetime
    state: str
    step: str
    kind: str

    @property
    def label(self) -> str:
        """Return what the move is called."""
        return self.known.label if self.known else self.move

    @property
    def known(self) -> Move | None:
        """Return the move's row in its procedure's table."""
        procedure = PROCEDURES.get(self.kind)
        return next((row for row in procedure.moves if row.name == self.move), None) if procedure else None

    @property
    def resource(self) -> str:
        """Return who acted: the platform, a member of staff, or an applicant under a pseudonym."""
        if not self.actor:
            return "platform"
        return pseudonym(self.actor) if self.role in ("applicant", "") else f"staff-{self.actor}"


@dataclass(frozen=True, slots=True)
class Subject:
    """One matter as an object."""

    id: int
    kind: str
    number: str | None
    intake_number: str | None
    title: str
    state: str
    department: int
    department_name: str
    item_version: int | None
    item: str | None
    opened_by: int
    opened_at: datetime
    yellow_at: datetime | None
    red_at: datetime | None
    paused: bool
    late: bool
    closed: bool

    @property
    def called(self) -> str:
        """Return the number that people call it by."""
        return self.number or self.intake_number or f"#{self.id}"

    def light(self, now: datetime) -> str:
        """Tell its light at a moment, or that it has ended."""
        from xiaoneng.rules.limits import light_at

        return "closed" if self.closed else light_at(self.yellow_at, self.red_at, self.paused, now).value


@lru_cache(maxsize=100_000)
def pseudonym(account: int) -> str:
    """Return the name under which an applicant's account leaves the platform: always the same, and no way back."""
    digest = hmac.new(f"export:{settings.SECRET_KEY}".encode(), str(account).encode(), hashlib.sha256)
    return f"applicant-{digest.hexdigest()[:16]}"


def events() -> Iterator[Event]:
    """Give all entries, journal by journal; belongs inside unmoving()."""
    for row in stream(_ENTRIES):
        yield Event(*row)


def subjects() -> Iterator[Subject]:
    """Give all matters that have begun; belongs inside unmoving()."""
    for row in stream(_MATTERS):
        yield Subject(*row)
