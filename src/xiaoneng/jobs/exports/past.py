"""Imported history on its way out again: the events that its one entry tells, as their source named them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from xiaoneng.history import reads
from xiaoneng.history.reading.stamps import read
from xiaoneng.history.reads import Story
from xiaoneng.jobs.exports.source import stream

KIND = "imported_case"
UNNAMED = "未写明"
_BODIES = """
SELECT m.id, e.body, e.recorded_at, e.source, m.title FROM matter m JOIN entry e ON e.matter_id = m.id AND e.seq = m.version
WHERE m.kind = %s AND m.version > 0 ORDER BY m.id"""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a foreign log: its place in the file, what, when (if it says so), who, and all its attributes."""

    place: int
    activity: str
    at: datetime | None
    by_day: bool
    resource: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Past:
    """A case of a foreign log with its events."""

    matter: int
    recorded_at: datetime
    source: str
    story: Story
    events: tuple[Told, ...]

    @property
    def fallback(self) -> datetime:
        """Return a moment for events that tell none: the first that the case tells, or when it was taken in."""
        return min((each.at for each in self.events if each.at), default=self.recorded_at)


def pasts() -> Iterator[Past]:
    """Give every imported case, in the order of matters; belongs inside unmoving()."""
    for matter, body, recorded_at, source, _ in stream(_BODIES, KIND):
        story = reads.story_of(matter, body)
        yield Past(matter, recorded_at, source, story, tuple(_events(story)))


def _events(story: Story) -> Iterator[Told]:
    names, people = story.column("activity"), story.column("resource")
    for n, row in enumerate(story.rows):
        stamp = read(text) if (text := story.at[n]) else None
        attributes = {key: value for key, value in zip(story.columns, row, strict=True) if value is not None}
        yield Told(
            n + 1, names[n] or UNNAMED, stamp.at if stamp else None, bool(stamp and stamp.by_day), people[n], attributes
        )
