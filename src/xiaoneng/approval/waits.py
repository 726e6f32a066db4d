"""What keeps a case's limits standing still, and the terms of special law or local rules for its item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiaoneng.approval.beside import Terms
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import STOPPED
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.limits import Limit, limit
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.special import LOCAL_WAITS, SPECIAL_PROCEDURES

MOVES = {ClockName.SPECIAL: "suspend", ClockName.WAIT: "wait"}
LABELS = SPECIAL_PROCEDURES | LOCAL_WAITS


@dataclass(frozen=True, slots=True)
class Running:
    """A special procedure or a wait that has begun and not ended."""

    round: int
    kind: str
    since: date
    due_on: date | None

    @property
    def label(self) -> str:
        """Return what it is called."""
        return LABELS.get(self.kind, self.kind)


def is_held(file: MatterFile, name: ClockName = ClockName.SPECIAL) -> bool:
    """Tell whether a special procedure, or a wait, is running."""
    return any(clock.name is name and clock.state != STOPPED for clock in file.clocks)


def running(file: MatterFile, name: ClockName = ClockName.SPECIAL) -> tuple[Running, ...]:
    """Return what is running, the oldest first; asks the journal only where something is."""
    alive = [clock for clock in file.clocks if clock.name is name and clock.state != STOPPED]
    if not alive:
        return ()
    begun = [line for line in reversed(matters.journal(file.id)) if line.move == MOVES[name]]
    kinds = {line.facts["what"]["round"]: line.facts["what"]["kind"] for line in begun}
    return tuple(Running(c.round, kinds.get(c.round, ""), c.started_on, c.due_on) for c in alive)


@dataclass(frozen=True, slots=True)
class Own:
    """What an item's version says of its own: how long it may be extended, what its promise leaves out."""

    extension: Limit | None = None
    extension_basis: str = ""
    waits: tuple[str, ...] = ()
    waits_basis: str = ""


def terms_of(version: int | None) -> Own:
    """Return the terms of an item's version; most have none of their own."""
    row = Terms.objects.filter(version_id=version).first()
    if row is None:
        return Own()
    longer = limit(row.extension_unit, row.extension_n) if row.extension_n else None
    return Own(longer, row.extension_basis, tuple(row.waits), row.waits_basis)
