"""What the law deems accepted: five working days without a word, and the application is accepted from its receipt."""

from __future__ import annotations

from datetime import datetime

from xiaoneng.approval import reads
from xiaoneng.approval.actions.accept import acceptance
from xiaoneng.matters.clocks import instant
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import PLATFORM, move
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName


def accept_what_is_deemed_accepted(*, at: datetime) -> int:
    """Record every deemed acceptance that has come true and return how many; late or twice makes no difference."""
    due = Matter.objects.filter(kind=reads.KIND, state=procedure.RECEIVED, closed=False, red_at__lt=at)
    return sum(_deem(matter, at) for matter in due.order_by("red_at").values_list("id", flat=True))


def _deem(matter: int, at: datetime) -> bool:
    file = reads.load(matter)
    clock = file.clock(ClockName.PRE_ACCEPTANCE)
    if file.state != procedure.RECEIVED or clock is None or clock.red_at is None or at <= clock.red_at:
        return False
    # Acceptance reaches back to the day of receipt, so the decision's clocks start there.
    change = acceptance(file, file.plan, clock.started_on, deemed=True, true_at=instant(clock.red_at))
    try:
        move(file, "deem_accepted", by=PLATFORM, at=at, change=change)
    except NotAllowed:  # a clerk was first
        return False
    return True
