"""How a card, an order or a record of accountability is shown: its facts, clocks, papers, journal and possible moves."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.urls import reverse

from xiaoneng.kit.numbers import chinese_date
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import STOPPED, moment
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.accountability import Measure
from xiaoneng.rules.procedures import Move, application
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local
from xiaoneng.supervision import said
from xiaoneng.web.shown import ShownEntry, light_of
from xiaoneng.web.supervise.issued_forms import ACTS, Asked, MoveForm

_TEXTS = ("grounds", "wants", "text", "opinion", "reason")
DONE = "办结"
_MOVES = {move.name: move.label for move in application.PROCEDURE.moves}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def in_words(value: Any) -> str:
    """Return a frozen fact in words: a move by its label, an instant in the city's time."""
    if isinstance(value, list):
        return "、".join(in_words(each) for each in value)
    if isinstance(value, str) and value in _MOVES:
        return _MOVES[value]
    if isinstance(value, str) and _INSTANT.match(value):
        at = local(moment(value))
        return f"{chinese_date(at.date())} {at:%H:%M}"
    return str(value)


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A move as the page offers it."""

    name: str
    label: str
    basis: str
    key: str
    button: str
    form: MoveForm
    form_key: str
    open: bool
    why: str  # it cannot be made yet; nothing if it can


def base_of(file: MatterFile, now: datetime) -> dict[str, Any]:
    """Return what every kind shows alike."""
    state = file.procedure.state(file.state)
    return {
        "number": file.called,
        "title": file.title,
        "state": state.label,
        "light": light_of(file, now, staff=True),
        "clocks": [(c.name.label, c.due_on, c.state == STOPPED, c.ended_late()) for c in file.clocks],
        "papers": [
            {
                "title": d.title,
                "number": d.number,
                "day": d.issued_at,
                "url": reverse("public:notice", args=[d.verify_code]),
            }
            for d in matters.documents(file.id)
        ],
        "entries": entries_of(file),
        "waits_for": state.desk.label if state.desk else "",
    }


def entries_of(file: MatterFile) -> tuple[ShownEntry, ...]:
    """Return the journal of a matter of supervision in words, newest first."""
    lines = said.with_words(file.id, matters.journal(file.id))
    names = org.names_of_accounts({line.actor for line in lines})
    return tuple(_entry(file, line, names) for line in lines)


def _entry(file: MatterFile, line: EntryLine, names: dict[int, str]) -> ShownEntry:
    role = Role(line.role)
    actor = "平台" if line.actor == 0 else names.get(line.actor, role.label)
    late = f"补记，称发生于 {local(line.claimed_at):%m月%d日 %H:%M}" if line.claimed_at else ""
    return ShownEntry(
        line.recorded_at, line.label, actor, "" if actor == "平台" else role.label, content_of(line),
        str(file.procedure.move(line.move).basis), f"{line.hash[:4]}…{line.hash[-4:]}", late,
    )  # fmt: skip


def content_of(line: EntryLine) -> str:
    """Return what an entry said, in a sentence."""
    what: dict[str, Any] = line.facts.get("what", {})
    measure = what.get("measure", "")
    parts = [f"{Measure(measure).label}。"] if measure in set(Measure) else []
    parts += [f"扣 {what['points']} 分。"] if isinstance(what.get("points"), str) else []
    return "".join(parts) + "　".join(str(what[name]) for name in _TEXTS if what.get(name))


def moves_of(
    file: MatterFile, held: Collection[Role], now: datetime, bound: tuple[str, MoveForm] | None = None,
    proposed: tuple[str, int] = ("", 0),
) -> list[ShownMove]:  # fmt: skip
    """Return the moves that somebody in these roles may make now, with their forms."""
    found = [
        _shown(file, row, asked, now, bound, proposed)
        for row in file.procedure.leaving(file.state)
        if set(row.roles) & set(held) and (asked := ACTS.get((file.kind, row.name)))
    ]
    return sorted(found, key=lambda each: bool(each.why))


def _shown(
    file: MatterFile,
    row: Move,
    asked: Asked,
    now: datetime,
    bound: tuple[str, MoveForm] | None,
    proposed: tuple[str, int],
) -> ShownMove:
    is_bound = bound is not None and bound[0] == row.name
    form = bound[1] if is_bound and bound else MoveForm(asked, proposed=proposed, auto_id=f"{row.name}_%s")
    button, why = asked.button or row.label, _why_not_yet(file, row.name, now)
    return ShownMove(row.name, row.label, str(row.basis), row.key, button, form, str(uuid4()), is_bound, why)


# Moves of the office that have to wait for somebody's days to pass.
_AFTER = {
    ("confirm", "issued"): ClockName.REPLY,
    ("confirm", "asked"): ClockName.REPLY,
    ("decide", "proposed"): ClockName.STATEMENT,
}


def _why_not_yet(file: MatterFile, name: str, now: datetime) -> str:
    clock = file.clock(_AFTER.get((name, file.state), ""))
    if clock is None or clock.red_at is None or now > clock.red_at or clock.due_on is None:
        return ""
    return f"{clock.name.label}到{clock.due_on.month}月{clock.due_on.day}日，过了才能办"
