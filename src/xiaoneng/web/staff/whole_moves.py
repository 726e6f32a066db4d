"""Moves of what is more than one case, a joint case or a project: how a page offers them, and how one is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest

from xiaoneng.kit.contents import Refused
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.procedures.table import Move
from xiaoneng.web.staff.forms import MoveForm

Bound = tuple[str, MoveForm] | None  # the move that was posted and is shown again, with what was typed


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A move as the page offers it."""

    name: str
    label: str
    key: str
    basis: str
    possible: bool
    why: str
    fields: MoveForm
    submit_label: str
    url: str
    open: bool
    form_key: str
    effects: tuple[tuple[str, str], ...] = ()


def offered(row: Move, why: str, url: str, fresh: Callable[[], MoveForm], bound: Bound) -> ShownMove:
    """Return a move as its page offers it, with what was typed before if it was this one.

    :param why: why it cannot be made now; nothing if it can.
    :param fresh: makes its form, where nothing was typed yet.
    """
    typed = bound[1] if bound is not None and bound[0] == row.name else None
    return ShownMove(
        row.name, row.label, row.key, str(row.basis), not why, why, typed or fresh(), row.label, url,
        typed is not None, str(uuid4()),
    )  # fmt: skip


def draft_keys(file: MatterFile, account: int, done: str) -> dict[str, Any]:
    """Return by what a browser keeps what is typed into the moves of a page: whose, of which matter, at which entry.

    :param done: the move that was just made, whose draft is let go.
    """
    known = {row.name for row in file.procedure.moves}
    return {"id": file.id, "account": account, "entries": range(file.version), "done": done if done in known else ""}


def tried(request: HttpRequest, form: MoveForm, act: Callable[[], object]) -> tuple[int, tuple[Obstacle, ...]]:
    """Make a move if its form is right; return 200, or the status and obstacles with which the page is shown again."""
    if not form.is_valid():
        return 422, ()
    try:
        act()
    except Obstructed as refusal:
        return 422, refusal.obstacles
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 422, ()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return 409, ()
    return 200, ()
