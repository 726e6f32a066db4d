"""The moves of a case, one operation each, put up from the table of the procedure in one uniform shape.

An action is called as its move.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from xiaoneng.api.moving import Action, Kind, body_of, put_up
from xiaoneng.api.operations.cases import visible
from xiaoneng.api.room import Room
from xiaoneng.approval import actions
from xiaoneng.approval.joint import following
from xiaoneng.kit import clock
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.procedures.application import PROCEDURE
from xiaoneng.rules.roles import Role

room = Room(tags=["办理"])
# A draft has no number yet, so it is submitted where it lies; the platform's own moves are nobody's to make.
ELSEWHERE = frozenset({"submit"})
_TWINS = frozenset({"at_window"})  # what a page of the window does in one step, a program does in two
# What follows for the whole follows in the whole.
CASES = Kind("/cases", visible, "move", after=lambda moved: following.follow_on(moved, clock.now()))


def open_to_people() -> tuple[Move, ...]:
    """Return the rows of the table that a person may make on a case."""
    return tuple(row for row in PROCEDURE.moves if row.roles != (Role.PLATFORM,) and row.name not in ELSEWHERE)


def actions_by_move() -> dict[str, Action]:
    """Return the action of each move that has one, found by its name."""
    found: dict[str, Action] = {}
    names = {row.name for row in open_to_people()}
    for module in pkgutil.iter_modules(actions.__path__):
        if module.name in _TWINS:
            continue
        room_ = importlib.import_module(f"{actions.__name__}.{module.name}")
        for name in names:
            action = getattr(room_, name, None)
            if inspect.isfunction(action) and inspect.unwrap(action).__module__ == room_.__name__:
                found[name] = action
    return found


def _put_up_all() -> None:
    actions_ = actions_by_move()
    for row in open_to_people():
        body = body_of(row, actions_[row.name]) if row.name in actions_ else None
        if body is not None:
            put_up(room, row, actions_[row.name], body, CASES)


_put_up_all()
