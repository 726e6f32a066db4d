"""Which moves of a procedure the figures count: those that take a matter on, and those that decide it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from xiaoneng.rules.procedures import Procedure, all_procedures
from xiaoneng.rules.procedures.table import Effect


@dataclass(frozen=True, slots=True)
class Milestones:
    """The moves by which a matter is taken on, those by which it is decided, and the open states after a decision."""

    accepted: tuple[str, ...]
    decided: tuple[str, ...]
    after: tuple[str, ...]


# Named where the table alone does not tell: an application is taken on after its check, the branch of a joint case when its
# department's turn comes, and both are open until they are delivered.
_NAMED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "application": (("accept", "deem_accepted", "open_branch"), ("grant", "refuse")),
    "joint_case": (("accept", "deem_accepted"), ("finish",)),
    "agency_case": (("take_on",), ("complete",)),
    "power_list": (("assign",), ("publish",)),
}
# What citizens asked for, and what therefore stands on the boards that everybody may see.
FOR_PEOPLE = ("application", "joint_case", "agency_case")
# Whose records are for few eyes, and are shown by pages of their own.
_CONFINED = ("accountability",)


def milestones(procedure: Procedure) -> Milestones:
    """Return what counts in a procedure: where nothing is named, its first moves take on, and those that end it decide.

    Decided is also who stands in a state to which only deciding moves or the silence of the law lead.
    """
    ending = {state.code for state in procedure.states if state.closed}
    first = tuple(move.name for move in procedure.leaving(procedure.initial))
    last = tuple(move.name for move in procedure.moves if ending.issuperset(move.targets))
    accepted, decided = _NAMED.get(procedure.kind, (first, last))
    reached = {target for name in decided for target in procedure.move(name).targets}
    return Milestones(accepted, decided, tuple(sorted(reached - ending)))


@cache
def supervised() -> dict[str, Procedure]:
    """Return the kinds of matter that carry a light, and that therefore stand on the boards, by kind."""
    return {
        kind: each
        for kind, each in all_procedures().items()
        if kind not in _CONFINED
        and any(row.effect is Effect.START and row.clock.counts for move in each.moves for row in move.clock)
    }
