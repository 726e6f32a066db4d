"""What acceptance on a day comes to: where the chain goes, which clocks start, which facts the notice rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from xiaoneng.approval import promises
from xiaoneng.approval.actions import renewal
from xiaoneng.catalogue.reads import Plan
from xiaoneng.matters.move import Change, StartOf
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.commitment import AT_ONCE
from xiaoneng.rules.limits import Limit
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.signing import DECIDES, who_reviews
from xiaoneng.rules.workdays import local_day


def acceptance_day(file: MatterFile, at: datetime) -> date:
    """Return the day on which an application counts as accepted: today, or the day its supplement was complete.

    Source: 行政许可法 art. 32 par. 1 item 5: who has supplied everything asked for must be accepted.
    """
    clock = file.clock(ClockName.PRE_ACCEPTANCE)
    return min(clock.started_on, local_day(at)) if clock and "supplement" in file.actors else local_day(at)


def acceptance(file: MatterFile, demands: Plan, accepted_on: date, **facts: Any) -> Change:
    """Return what acceptance on a day comes to: the first step, the clocks that start, the facts of the notice."""
    target, step, name, limit_of_step = after_step(demands, accept_position(demands))
    if promises.by_commitment(file, demands):
        return _by_commitment(file, demands, accepted_on, **facts)
    starts = {ClockName.STATUTORY: demands.statutory, ClockName.PROMISED: demands.promised or demands.statutory}
    return Change(
        to=target,
        step=step,
        step_name=name,
        starts=_starts(starts | {ClockName.STEP: limit_of_step}, accepted_on),
        item_version=demands.version_id,
        facts={"accepted_on": accepted_on.isoformat(), **renewal.facts_of(file), **facts},
        desk=desk_of(demands, target, step),
    )


def _by_commitment(file: MatterFile, demands: Plan, accepted_on: date, **facts: Any) -> Change:
    """Return what acceptance comes to where a commitment replaces the review: it is decided at once."""
    last = next((each for each in reversed(demands.steps) if each.kind == "decide"), None)
    limits: dict[ClockName, Limit | None] = {ClockName.STATUTORY: demands.statutory, ClockName.PROMISED: AT_ONCE}
    return Change(
        to=procedure.DECIDING,
        step=last.position if last else 0,
        step_name=last.name if last else "决定",
        starts=_starts(limits, accepted_on),
        item_version=demands.version_id,
        facts={"accepted_on": accepted_on.isoformat(), "commitment": True, **renewal.facts_of(file), **facts},
    )


def desk_of(demands: Plan, target: str, position: int) -> Role | None:
    """Return who is awaited at a step whose role is another than that of its state."""
    step = demands.step_at(position)
    if target != procedure.REVIEWING:
        decides = step.role if step and step.kind == "decide" and step.role in DECIDES else Role.HEAD
        return None if decides is Role.HEAD else decides
    role = who_reviews(step.role if step and step.kind == "review" else None)[0]
    return None if role is Role.REVIEWER else role


def accept_position(demands: Plan) -> int:
    """Return where acceptance stands in a review chain, or before everything."""
    return next((step.position for step in demands.steps if step.kind == "accept"), -1)


def after_step(demands: Plan, position: int) -> tuple[str, int, str, Limit | None]:
    """Return where the chain goes after a position: state, step, its name and its own limit."""
    following = demands.step_after(position)
    if following is None:
        return procedure.DECIDING, position, "决定", None
    state = procedure.DECIDING if following.kind == "decide" else procedure.REVIEWING
    return state, following.position, following.name, following.limit


def _starts(limits: dict[ClockName, Limit | None], on: date) -> dict[ClockName, StartOf]:
    return {name: StartOf(limit, on) for name, limit in limits.items() if limit is not None}
