"""move(): the only function that changes a matter's state and the only one that appends to a journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, connection

from xiaoneng.kit import asking, numbers
from xiaoneng.kit.faults import fault
from xiaoneng.matters import clocks as clock_values
from xiaoneng.matters.clocks import ClockState, instant, lamp
from xiaoneng.matters.loading import Beside
from xiaoneng.matters.reads import MatterFile, Replay
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.limits import Limit
from xiaoneng.rules.procedures import Document, Move, Procedure
from xiaoneng.rules.procedures.table import ClockName, Effect
from xiaoneng.rules.roles import Role
from xiaoneng.rules.units import threshold_on
from xiaoneng.rules.workdays import local_day

LATE_ENTRY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who moves: an account, and the roles it has by what it is to the matter (the applicant; the platform)."""

    account: int
    name: str
    by_nature: frozenset[Role] = frozenset()


PLATFORM = Actor(0, "平台", frozenset({Role.PLATFORM}))


@dataclass(frozen=True, slots=True)
class StartOf:
    """With which limit and from which day a clock starts."""

    limit: Limit
    on: date


@dataclass(frozen=True, slots=True)
class PauseOf:
    """On which day and for which special procedure the clocks pause."""

    on: date
    kind: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an action decided about a move; the rest follows from the procedure's table."""

    to: str | None = None
    step: int = 0
    step_name: str | None = None
    starts: Mapping[ClockName, StartOf] | None = None
    pause: PauseOf | None = None
    resume_on: date | None = None
    rounds: Mapping[ClockName, int] | None = None  # which round of a clock stops, where several run
    extension: Limit | None = None
    facts: Mapping[str, Any] | None = None
    item_version: int | None = None
    document_title: str = ""  # where the kind of item calls the document by another name
    roles: tuple[Role, ...] = ()  # who of those that the table names may do it this time; none means all
    further: tuple[Document, ...] = ()  # of those that the table names besides, which are issued this time
    desk: Role | None = None  # who is awaited, where it is not the one that the state names


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move came to; a repeated request gets the same answer as the first."""

    matter: int
    seq: int
    recorded_at: datetime
    numbers: dict[str, Any]
    hash: bytes
    state: str
    replayed: bool = False
    beside: Beside = field(default_factory=Beside, compare=False, repr=False)  # of the matter as it was before


def move(
    file: MatterFile,
    name: str,
    *,
    by: Actor,
    at: datetime,
    change: Change = Change(),
    key: UUID | None = None,
    claimed_at: datetime | None = None,
) -> Moved:
    """Make one move: check state and person, apply the clock effects, write row and journal line in one transaction.

    :param key: the request's idempotency key; the same key again gets the same answer and changes nothing.
    :param claimed_at: when it happened, if it is entered more than two seconds later; shown as a late entry.
    :raises NotAllowed: the state or the person does not allow it, or somebody else was first.
    """
    row = file.procedure.move(name)
    if file.replay is not None:
        return _replayed(file, name, by, file.replay)
    role, authority = capacity(file, row, by, at, change.roles)
    _check_state(file, row)
    body = _body(file, row, at, change)
    text = orjson.dumps(body).decode()
    fault("move-before")
    answer = _call(file, row, by, role, authority, at, claimed_at, text, change, key)
    if connection.in_atomic_block:
        fault("move-inside")
    fault("move-after")
    return answer


def capacity(file: MatterFile, row: Move, by: Actor, at: datetime, only: tuple[Role, ...] = ()) -> tuple[Role, str]:
    """Return the role in which somebody may make a move, and the authority it rests on.

    :param only: the roles of the table that may make it this time, if not all of them.
    :raises NotAllowed: the person holds none of the roles that the move asks for.
    """
    roles = only or row.roles
    for role in roles:
        if role in by.by_nature:
            return role, ""
    if by.account:
        known = file.held_by == by.account
        for held in file.held if known else org.roles_of(by.account, file.department, local_day(at)):
            if held.role in roles:
                return held.role, held.authority
    asked = "或者".join(role.label for role in roles)
    raise NotAllowed(f"“{row.label}”要由{file.department_name}的{asked}来办；您没有这个岗位，请转给对方办理。")


def _check_state(file: MatterFile, row: Move) -> None:
    if file.state in row.sources:
        return
    now = file.procedure.state(file.state).label
    possible = "、".join(each.label for each in file.procedure.leaving(file.state) if Role.PLATFORM not in each.roles)
    ahead = f"现在可以：{possible}。" if possible else "本件已经结束，不能再办。"
    raise NotAllowed(f"办件 {file.called} 现在是“{now}”，不能{row.label}。{ahead}")


def _body(file: MatterFile, row: Move, at: datetime, change: Change) -> dict[str, Any]:
    state = file.procedure.state(change.to or row.target())
    if state.code not in row.targets:
        raise ValueError(f"{row.name} does not lead to {state.code}")
    touched, all_clocks = effects(file, row, at, change)
    light, desk = lamp(all_clocks), change.desk or state.desk
    body: dict[str, Any] = {
        "to": state.code,
        "step": change.step,
        "step_name": state.label if change.step_name is None else change.step_name,
        "desk": desk.value if desk else "",
        "yellow_at": None if state.closed else instant(light.yellow_at),
        "red_at": None if state.closed else instant(light.red_at),
        "paused": light.paused and not state.closed,
        "late": light.late,
        "closed": state.closed,
    }
    if touched:
        body["clocks"] = [clock_values.as_facts(clock) for clock in touched]
    for number in row.numbers:
        body[number] = _numbering(file, number, at)
    if issued := _issued(file, row, at, change):
        body["documents"] = issued
    if change.facts:
        body["what"] = dict(change.facts)
    return body


def effects(
    file: MatterFile, row: Move, at: datetime, change: Change
) -> tuple[tuple[ClockState, ...], tuple[ClockState, ...]]:
    """Return the clocks that a move touches, as they will be, and all clocks of the matter after it."""
    after = {(clock.name, clock.round): clock for clock in file.clocks}
    touched: dict[tuple[ClockName, int], ClockState] = {}
    for effect in row.clock:
        for fresh in _effect(effect.effect, effect.clock, after.values(), file, at, change):
            after[fresh.name, fresh.round] = touched[fresh.name, fresh.round] = fresh
    return tuple(touched.values()), tuple(after.values())


def _effect(
    effect: Effect, name: ClockName, all_clocks: Collection[ClockState], file: MatterFile, at: datetime, change: Change
) -> tuple[ClockState, ...]:
    rounds = [clock for clock in all_clocks if clock.name is name]
    if effect is Effect.START:
        begin, round_ = (change.starts or {}).get(name), max((clock.round for clock in rounds), default=0) + 1
        if begin is None:
            return ()
        warned = threshold_on(file.warnings, local_day(at))
        fresh = clock_values.started(
            name, begin.limit, begin.on, at, file.rules, round_=round_, step=change.step, threshold=warned
        )
        return (fresh,)
    wanted = (change.rounds or {}).get(name)
    alive = (c for c in rounds if c.state != clock_values.STOPPED and wanted in (None, c.round))
    if effect is Effect.RESUME and any(c.state != clock_values.STOPPED and name in c.name.holds for c in all_clocks):
        return ()  # something else still holds it
    changed = (_changed(effect, clock, file, at, change) for clock in alive)
    return tuple(clock for clock in changed if clock is not None)


def _changed(effect: Effect, clock: ClockState, file: MatterFile, at: datetime, change: Change) -> ClockState | None:
    if effect is Effect.STOP:
        return clock_values.stopped(clock, at)
    if effect is Effect.PAUSE and change.pause:
        return clock_values.paused(clock, change.pause.on, change.pause.kind, at, file.rules)
    if effect is Effect.RESUME and change.resume_on and clock.state == clock_values.PAUSED:
        return clock_values.resumed(clock, change.resume_on, file.rules)
    if effect is Effect.EXTEND and change.extension and clock.limit.unit == change.extension.unit:
        # What has run out cannot be lengthened: an extension never puts a red light out.
        ended = clock.red_at is not None and at > clock.red_at
        return None if ended else clock_values.extended(clock, change.extension, file.rules)
    return None


def _numbering(file: MatterFile, which: str, at: datetime) -> dict[str, Any]:
    mark = "S" if which == "intake_number" else file.procedure.mark
    prefix = f"{file.region_sign}{mark}{local_day(at):%Y%m%d}"
    return {"series": f"{which}:{prefix}", "prefix": prefix, "width": 5}


def _issued(file: MatterFile, row: Move, at: datetime, change: Change) -> list[dict[str, Any]]:
    if strange := set(change.further) - set(row.further):
        raise ValueError(f"{row.name} does not issue {strange}")
    first = [_issue(file, row.document, at, change.document_title)] if row.document else []
    return first + [_issue(file, each, at, "") for each in change.further]


def _issue(file: MatterFile, document: Document, at: datetime, title: str) -> dict[str, Any]:
    year = local_day(at).year
    sign = region_word(file.region_name) if document.of_region else file.department_sign
    prefix = f"{sign}{document.word}字〔{year}〕"
    return {
        "kind": document.kind,
        "title": title or document.title,
        "verify_code": numbers.verify_code(),
        "series": f"document:{prefix}",
        "prefix": prefix,
        "width": 1,
        "suffix": "号",
    }


def region_word(name: str) -> str:
    """Return what a region is called in the numbers of its own documents: 安澜 for 安澜市."""
    return name[:-1] if len(name) > 2 and name[-1] in "市县区旗镇乡" else name


_CALL = "SELECT * FROM move(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def _call(
    file: MatterFile, row: Move, by: Actor, role: Role, authority: str, at: datetime, claimed_at: datetime | None,
    text: str, change: Change, key: UUID | None,
) -> Moved:  # fmt: skip
    version = change.item_version or file.item_version
    values = [
        file.id, file.version, list(row.sources), row.name, by.account, role.value, authority, at, claimed_at, text,
        version, file.rules.calendar.version, "", key,
    ]  # fmt: skip
    try:
        outcome, seq, recorded_at, drawn, digest, state = asking.only(_CALL, values)
    except IntegrityError as clash:
        if getattr(getattr(clash.__cause__, "diag", None), "constraint_name", "") != "entry_key_key":
            raise
        # The same key at the same instant for another matter, which no lock of this one holds back.
        raise NotAllowed(_why_lost(file, row, "key_reused", None)) from None
    if outcome in ("moved", "replayed"):
        replayed = outcome == "replayed"
        return Moved(file.id, seq, recorded_at, orjson.loads(drawn), bytes(digest), state, replayed, file.extra)
    raise NotAllowed(_why_lost(file, row, outcome, state))


def _why_lost(file: MatterFile, row: Move, outcome: str, state: str | None) -> str:
    if outcome == "key_reused":
        return "这张表单已经提交过一次，内容不同的第二次提交没有生效。请刷新页面后重新填写。"
    if outcome == "gone" or state is None:
        return "这个办件已经不在了（草稿可能已被删除）。请回到列表重新选择。"
    now = file.procedure.state(state).label
    return f"办件 {file.called} 刚刚已由别人办理，现在是“{now}”，您的“{row.label}”没有生效。请刷新后看最新情况。"


def _replayed(file: MatterFile, name: str, by: Actor, earlier: Replay) -> Moved:
    if (earlier.matter, earlier.move, earlier.actor) != (file.id, name, by.account):
        raise NotAllowed(_why_lost(file, file.procedure.move(name), "key_reused", None))
    return Moved(
        file.id, earlier.seq, earlier.recorded_at, earlier.numbers, earlier.hash, earlier.state, True, file.extra
    )


# The bodies go in binary: as text each of their quotation marks would be escaped, one by one, on this side.
_CALL_MANY = "SELECT matter_id FROM move_many(%b, %b, %s, %b, %b, %s, %b, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Row:
    """One of many matters that the platform moves at once: as it was read, and what its entry says."""

    matter: int
    version: int
    body: str
    item_version: int | None
    calendar: int


def move_many(rows: Sequence[Row], name: str, *, procedure: Procedure, at: datetime, source: str = "") -> set[int]:
    """Make the same move of the platform on many matters at once: one entry each.

    :return: the ids of the matters moved; one that was moved by somebody else meanwhile is left out.
    :raises ValueError: the move is none that the platform makes.
    """
    row = procedure.move(name)
    if Role.PLATFORM not in row.roles:
        raise ValueError(f"{name} is no move of the platform")
    if not rows:
        return set()
    places: dict[str, int] = {}  # a body that many have in common goes once
    body_of = [places.setdefault(each.body, len(places) + 1) for each in rows]
    values: list[Any] = [
        [each.matter for each in rows], [each.version for each in rows], list(row.sources), list(places), body_of,
        [each.item_version for each in rows], [each.calendar for each in rows], name, 0, Role.PLATFORM.value, "", at, source,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CALL_MANY, values)
        return {found[0] for found in cursor.fetchall()}
