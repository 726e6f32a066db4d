"""What all moves beside the review have in common: they stay in their state, keep words, arrange and end sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from xiaoneng.approval import sessions, words
from xiaoneng.approval.beside import Session
from xiaoneng.approval.sessions import Arranged, Kind, State
from xiaoneng.matters import clocks
from xiaoneng.matters.move import Actor, Change, Moved, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.procedures.table import ClockName, Document


def made(
    file: MatterFile, name: str, by: Actor, at: datetime, key: UUID | None, *, facts: Mapping[str, Any],
    said: Mapping[str, str] | None = None, starts: Mapping[ClockName, StartOf] | None = None, title: str = "",
    further: tuple[Document, ...] = (),
) -> Moved:  # fmt: skip
    """Make a move that stays where it is, and keep what was written freely beside its entry."""
    change = Change(
        to=file.state,
        step=file.step,
        step_name=file.step_name,
        starts=starts,
        facts={**facts, **words.hashes_of(file, said or {})},
        document_title=title,
        further=further,
    )
    return words.keep(move(file, name, by=by, at=at, change=change, key=key), said or {})


def refuse(file: MatterFile, *found: Sequence[Obstacle]) -> None:
    """Let nobody go on past an obstacle, unless this is a repeated request or the state forbids it anyway.

    :raises Obstructed: every obstacle at once.
    """
    obstacles = [each for some in found for each in some]
    if obstacles and file.replay is None and file.state in ("reviewing", "deciding"):
        raise Obstructed(obstacles)


def refuse_second(file: MatterFile, kind: Kind) -> None:
    """Let nobody arrange what is arranged already.

    :raises NotAllowed: it is.
    """
    if file.replay is None and sessions.open_session(file, kind):
        raise NotAllowed(f"办件 {file.called} 已经安排了{kind.label}。要改时间的，先取消原来的安排，再重新安排。")


def arranged(file: MatterFile, kind: Kind) -> Arranged | None:
    """Return what is arranged of a kind; nothing only where a repeated request asks.

    :raises NotAllowed: nothing is.
    """
    found = sessions.open_session(file, kind)
    if found is None and file.replay is None and file.state in ("reviewing", "deciding"):
        raise NotAllowed(f"办件 {file.called} 没有安排{kind.label}，请先安排。")
    return found


def arrange(
    moved: Moved, kind: Kind, starts_at: datetime, place: str, people: Sequence[int], ends_on: date | None = None
) -> Moved:
    """Write down what an entry arranged."""
    if not moved.replayed:
        Session.objects.create(
            matter_id=moved.matter, kind=kind, seq=moved.seq, starts_at=starts_at, ends_on=ends_on,
            place=place.strip()[:200], people=list(people),
        )  # fmt: skip
    return moved


def ended(moved: Moved, kind: Kind, state: State) -> Moved:
    """Write down that what was arranged of a kind has ended with an entry."""
    if not moved.replayed:
        rows = Session.objects.filter(matter_id=moved.matter, kind=kind, state=State.OPEN)
        rows.update(state=state, closed_seq=moved.seq)
    return moved


def lines_of(text: str) -> list[str]:
    """Return the lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def instant(at: datetime) -> str:
    """Return a moment as the journal writes it."""
    return clocks.instant(at) or ""
