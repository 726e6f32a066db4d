"""Lengthening a limit: once, before it ends, approved by a head who has not reviewed the case, told with its reason."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from xiaoneng.approval import reads, waits
from xiaoneng.matters.clocks import ClockState, extended
from xiaoneng.matters.move import Actor, Change, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.extension import Allowance, Standing, allowance, to_extension, to_length
from xiaoneng.rules.grounds import Obstacle, Obstructed
from xiaoneng.rules.limits import limit
from xiaoneng.rules.parallel import to_branch_extension
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName

LONGEST_EXTENSION = 10


def extend(which: int | str, *, by: Actor, at: datetime, key: UUID | None, days: int, reason: str) -> Moved:
    """Extend the limit once, before it ends, with a reason that the applicant is told.

    :param days: in the unit of the limit.
    :raises Obstructed: days or reason are wrong, it was extended before, the limit has ended, or no law allows it.
    """
    file = reads.load(which, key, by=by, at=at)
    given = allowed(file)
    if file.replay is None and file.state in (procedure.REVIEWING, procedure.DECIDING):
        obstacles = obstacles_to_extension(file, at, by.account, given) + to_length(days, reason, given)
        obstacles += _within_the_whole(file, days, given)
        if obstacles:
            raise Obstructed(obstacles)
    clock = binding_clock(file)
    change = Change(
        to=file.state,
        step=file.step,
        step_name=file.step_name,
        extension=limit(given.most.unit, days) if clock and given and 0 < days <= given.most.n else None,
        facts={
            "days": days, "reason": reason.strip(),
            "most": given.most.n if given else 0, "unit": given.most.unit if given else "",
            "basis": str(given.basis) if given else "",
        },
    )  # fmt: skip
    return move(file, "extend", by=by, at=at, change=change, key=key)


def _within_the_whole(file: MatterFile, days: int, given: Allowance | None) -> tuple[Obstacle, ...]:
    """Return what stands against lengthening a branch of a joint case beyond the whole's limit."""
    whole, clock = file.extra.get("whole_due"), file.clock(ClockName.PROMISED)
    if not whole or clock is None or given is None or not 0 < days <= given.most.n:
        return ()
    longer = extended(clock, limit(given.most.unit, days), file.rules) if clock.limit.unit == given.most.unit else clock
    return to_branch_extension(longer.due_on, date.fromisoformat(whole))


def binding_clock(file: MatterFile) -> ClockState | None:
    """Return the clock that an extension lengthens: the statutory one, or the promised where no statute sets one."""
    return file.clock(ClockName.STATUTORY) or file.clock(ClockName.PROMISED)


def allowed(file: MatterFile) -> Allowance | None:
    """Return how much the case's limit may be lengthened, by its version's own terms or by the licensing law."""
    clock, own = binding_clock(file), waits.terms_of(file.item_version)
    return allowance(clock.limit if clock else None, own.extension, own.extension_basis)


def obstacles_to_extension(
    file: MatterFile, at: datetime, account: int = 0, given: Allowance | None = None
) -> tuple[Obstacle, ...]:
    """Return what stands against extending a case's limit now."""
    clock = binding_clock(file)
    standing = Standing(
        clock.limit if clock else None,
        clock.red_at if clock else None,
        "extend" in file.actors,
        bool(account) and account in file.actors.get("review", ()),
    )
    return to_extension(standing, given or allowed(file), at)
