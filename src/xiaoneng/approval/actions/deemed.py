"""What the law deems accepted: five working days without a word, and the application is accepted from its receipt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, transaction

from xiaoneng.approval import promises, reads
from xiaoneng.approval.actions import deferred
from xiaoneng.approval.actions.acceptance import acceptance
from xiaoneng.matters.clocks import instant
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import PLATFORM, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName

log = logging.getLogger("xiaoneng.approval")


def accept_what_is_deemed_accepted(now: Callable[[], datetime]) -> int:
    """Record every deemed acceptance that has come true and return how many; late or twice makes no difference.

    :param now: gives the moment; each matter has its own, since many may wait. One that fails does not stop the rest.
    """
    due = Matter.objects.filter(kind=reads.KIND, state=procedure.RECEIVED, closed=False, red_at__lt=now())
    recorded = 0
    for matter in list(due.order_by("red_at").values_list("id", flat=True)):
        try:
            recorded += settle(reads.load(matter), now())
        except DatabaseError:
            log.exception("matter %s could not be recorded as deemed accepted", matter)
    return recorded


def settle(file: MatterFile, at: datetime) -> bool:
    """Record the deemed acceptance of one application if it has come true and tell whether it had."""
    clock = file.clock(ClockName.PRE_ACCEPTANCE)
    if file.state != procedure.RECEIVED or clock is None or clock.red_at is None or at <= clock.red_at:
        return False
    # Acceptance reaches back to the day of receipt, so the decision's clocks start there.
    change = acceptance(file, file.plan, clock.started_on, deemed=True, true_at=instant(clock.red_at))
    names = promises.excused(file, file.plan, reads.handed(file)) if promises.any_made(file) else frozenset()
    if names and not promises.by_commitment(file):
        change = deferred.with_deferral(change, file.plan, names, at)
    try:
        with transaction.atomic():
            moved = move(file, "deem_accepted", by=PLATFORM, at=at, change=change)
            deferred.keep_deferral(file, moved, change, at)
    except NotAllowed:  # somebody was first
        return False
    return True


def refuse_if_deemed(file: MatterFile, at: datetime) -> None:
    """Let nobody answer an application that the law already deems accepted.

    :raises NotAllowed: five working days have passed; the acceptance is on record now.
    """
    if settle(file, at):
        raise NotAllowed(
            f"收件 {file.called} 五个工作日内没有答复，依法自收件之日起已视为受理，不能再告知补正或者不予受理。"
            "平台已经登记受理并发出通知书，请刷新页面后继续办理。"
        )
