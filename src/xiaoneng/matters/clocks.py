"""The clocks of a matter as values: start, pause, resume, extend, stop, and the light they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from xiaoneng.rules.limits import Deadline, Limit, Pause, deadline, limit, unite, when_paused
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.units import WARNED, Threshold
from xiaoneng.rules.workdays import Calendar, OfficeHours, local_day

RUNNING, PAUSED, STOPPED = "running", "paused", "stopped"


@dataclass(frozen=True, slots=True)
class Rules:
    """The calendar and the office hours under which a matter is counted."""

    calendar: Calendar
    hours: OfficeHours


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock as it stands; every change makes a new one."""

    name: ClockName
    round: int
    step: int
    limit: Limit
    extension: int
    started_on: date
    started_at: datetime
    state: str
    stopped_at: datetime | None
    counts: bool
    calendar_version: int
    due_on: date | None = None
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    provisional: bool = False
    pauses: tuple[Pause, ...] = ()
    threshold: Threshold = WARNED

    @property
    def total(self) -> Limit:
        """Return the limit with its extension."""
        return limit(self.limit.unit, self.limit.n + self.extension)

    def ended_late(self) -> bool:
        """Tell whether this clock was stopped after its red instant."""
        return self.stopped_at is not None and self.red_at is not None and self.stopped_at > self.red_at


def started(
    name: ClockName, length: Limit, on: date, at: datetime, rules: Rules, *, round_: int, step: int = 0,
    threshold: Threshold = WARNED,
) -> ClockState:  # fmt: skip
    """Return a clock that starts to run."""
    fresh = ClockState(
        name=name,
        round=round_,
        step=step,
        limit=length,
        extension=0,
        started_on=on,
        started_at=at,
        state=RUNNING,
        stopped_at=None,
        counts=name.counts,
        calendar_version=rules.calendar.version,
        threshold=threshold,
    )
    return _with(fresh, _deadline(fresh, rules))


def recounted(clock: ClockState, rules: Rules) -> ClockState:
    """Return the clock with its dates counted anew from its events."""
    return _with(replace(clock, calendar_version=rules.calendar.version), _deadline(clock, rules))


def paused(clock: ClockState, on: date, kind: str, at: datetime, rules: Rules) -> ClockState:
    """Return the clock paused from a day; a clock that is red already keeps its red instant."""
    if clock.state == PAUSED:  # days in two special procedures are taken out once
        return replace(clock, pauses=tuple(_also(each, kind) for each in clock.pauses))
    held = replace(clock, state=PAUSED, pauses=(*clock.pauses, Pause(on, None, kind)))
    kept = when_paused(_deadline(clock, rules), _deadline(held, rules), at)
    return _with(held, kept)


def _also(pause: Pause, kind: str) -> Pause:
    named = pause.end is not None or kind in pause.kind.split("、")
    return pause if named else replace(pause, kind=f"{pause.kind}、{kind}")


def resumed(clock: ClockState, on: date, rules: Rules) -> ClockState:
    """Return the clock running again after a day."""
    closed = tuple(replace(each, end=on) if each.end is None else each for each in clock.pauses)
    kept = tuple(each for each in closed if each.end != each.start)
    return recounted(replace(clock, state=RUNNING, pauses=kept), rules)


def extended(clock: ClockState, by: Limit, rules: Rules) -> ClockState:
    """Return the clock with its limit lengthened.

    :raises TypeError: the extension has another unit than the limit.
    """
    whole = clock.limit.plus(by)
    return recounted(replace(clock, extension=clock.extension + whole.n - clock.limit.n), rules)


def stopped(clock: ClockState, at: datetime) -> ClockState:
    """Return the clock stopped for good; its dates freeze, and a pause that was open ends with it."""
    day = local_day(at)
    ended = (replace(each, end=max(each.start, day)) if each.end is None else each for each in clock.pauses)
    pauses = tuple(each for each in ended if each.end != each.start)
    return replace(clock, state=STOPPED, stopped_at=at, pauses=pauses)


def _deadline(clock: ClockState, rules: Rules) -> Deadline | None:
    return deadline(
        clock.limit,
        clock.started_on,
        calendar=rules.calendar,
        hours=rules.hours,
        pauses=clock.pauses,
        extension=limit(clock.limit.unit, clock.extension) if clock.extension else None,
        threshold=clock.threshold,
        started_at=clock.started_at,
    )


def _with(clock: ClockState, end: Deadline | None) -> ClockState:
    if end is None:
        return replace(clock, due_on=None, yellow_at=None, red_at=None)
    return replace(
        clock,
        due_on=end.due_on,
        yellow_at=end.yellow_at.astimezone(UTC),
        red_at=end.red_at.astimezone(UTC),
        provisional=end.provisional,
    )


@dataclass(frozen=True, slots=True)
class Lamp:
    """The instants and marks from which a matter's light is told at any moment."""

    yellow_at: datetime | None
    red_at: datetime | None
    paused: bool
    late: bool


def lamp(clocks: Iterable[ClockState]) -> Lamp:
    """Return the light that the counting clocks of a matter add up to."""
    counting = [clock for clock in clocks if clock.counts]
    alive = [clock for clock in counting if clock.state != STOPPED]
    held = [clock for clock in alive if not clock.name.beside]
    return Lamp(
        yellow_at=min((clock.yellow_at for clock in alive if clock.yellow_at), default=None),
        red_at=min((clock.red_at for clock in alive if clock.red_at), default=None),
        paused=bool(held) and all(clock.state == PAUSED for clock in held),
        late=any(clock.ended_late() for clock in counting),
    )


def as_facts(clock: ClockState) -> dict[str, Any]:
    """Return the clock as the journal writes it, whole, with its united pauses and a threshold of its own."""
    # One that warns as all do says nothing of it, as none did before it could be set.
    own = {} if clock.threshold == WARNED else {"threshold": [clock.threshold.percent, clock.threshold.least]}
    return own | {
        "name": clock.name.value,
        "round": clock.round,
        "step": clock.step,
        "unit": clock.limit.unit,
        "limit": clock.limit.n,
        "extension": clock.extension,
        "started_on": clock.started_on.isoformat(),
        "started_at": instant(clock.started_at),
        "due_on": clock.due_on.isoformat() if clock.due_on else None,
        "yellow_at": instant(clock.yellow_at),
        "red_at": instant(clock.red_at),
        "state": clock.state,
        "stopped_at": instant(clock.stopped_at),
        "counts": clock.counts,
        "provisional": clock.provisional,
        "calendar_version": clock.calendar_version,
        "pauses": _pauses_as_facts(clock.pauses),
    }


def from_facts(facts: dict[str, Any]) -> ClockState:
    """Return the clock that the journal wrote."""
    due_on, stopped_at = facts["due_on"], facts["stopped_at"]
    yellow_at, red_at = facts["yellow_at"], facts["red_at"]
    return ClockState(
        ClockName(facts["name"]), facts["round"], facts["step"], limit(facts["unit"], facts["limit"]),
        facts["extension"], date.fromisoformat(facts["started_on"]), moment(facts["started_at"]), facts["state"],
        moment(stopped_at) if stopped_at else None, facts["counts"], facts["calendar_version"],
        date.fromisoformat(due_on) if due_on else None, moment(yellow_at) if yellow_at else None,
        moment(red_at) if red_at else None, facts["provisional"],
        pauses_of(facts["pauses"]), Threshold(*facts["threshold"]) if "threshold" in facts else WARNED,
    )  # fmt: skip


_ORDER = {name: place for place, name in enumerate(ClockName)}


def in_order(clocks: Iterable[ClockState]) -> tuple[ClockState, ...]:
    """Return clocks in the order in which they started; those of one moment in the order of their names' table."""
    return tuple(sorted(clocks, key=lambda clock: (clock.started_at, _ORDER[clock.name], clock.round)))


def _pauses_as_facts(pauses: tuple[Pause, ...]) -> list[dict[str, str | None]]:
    kinds = {pause.start: pause.kind for pause in pauses}
    return [
        {
            "from": each.start.isoformat(),
            "to": each.end.isoformat() if each.end else None,
            "kind": kinds.get(each.start, ""),
        }
        for each in unite(pauses)
    ]


def pauses_of(facts: Iterable[Mapping[str, Any]]) -> tuple[Pause, ...]:
    """Return the pauses that the journal wrote."""
    return tuple(
        Pause(date.fromisoformat(each["from"]), date.fromisoformat(each["to"]) if each["to"] else None, each["kind"])
        for each in facts
    )


def instant(at: datetime | None) -> str | None:
    """Return a moment as the journal writes it: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None


def moment(text: str) -> datetime:
    """Return the moment that the journal or the database wrote."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is UTC else at.astimezone(UTC)
