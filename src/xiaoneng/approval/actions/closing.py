"""How an application ends without a decision: its supplement never came, or going on has become impossible or needless."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction

from xiaoneng.approval import reads, refiled, words
from xiaoneng.matters.clocks import RUNNING, instant
from xiaoneng.matters.models import Clock
from xiaoneng.matters.move import PLATFORM, Actor, Change, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import CIVIL_CODE, Basis, NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName

AWAITING = (procedure.CORRECTING, procedure.ASKED)  # the applicant's supplement
log = logging.getLogger("xiaoneng.approval")
TOLD = Basis("平台办件规则", "", "", "终止办理须写明情形和理由，书面告知；已经亮的红灯不因终止而消失")


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which a case may be terminated."""

    label: str
    basis: Basis


GROUNDS = {
    "death": Ground(
        "申请人死亡，申请事项不能由他人继续", Basis(CIVIL_CODE, 13, "", "自然人从出生时起到死亡时止，具有民事权利能力")
    ),
    "dissolution": Ground(
        "申请单位已经终止", Basis(CIVIL_CODE, 59, "", "法人的民事权利能力从法人成立时产生，到法人终止时消灭")
    ),
    "duplicate": Ground("重复申请", Basis("平台办件规则", "", "", "同一申请人就同一事项已有在办的申请，只办一件")),
    "needless": Ground(
        "法律变化等原因，不再需要办理", Basis("行政许可法", 8, "二款",
                                     "所依据的法律、法规、规章修改或者废止，或者客观情况发生重大变化的")
    ),
}  # fmt: skip


@transaction.atomic
def terminate(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, ground: str, reason: str, other: str = ""
) -> Moved:
    """Terminate a case that cannot or need not go on; every clock stops, and what was late stays late.

    :param other: the number of the application that goes on, where this one repeats it.
    :raises Obstructed: ground or reason is missing, or no other application of this applicant has that number.
    """
    file = reads.load(which, key, by=by, at=at)
    if file.replay is None:
        obstacles = _obstacles(file, ground, reason, other)
        if obstacles:
            raise Obstructed(obstacles)
    said = {"reason": reason}
    facts = {"ground": ground, "other": other.strip() if ground == "duplicate" else "", **words.hashes_of(file, said)}
    return words.keep(move(file, "terminate", by=by, at=at, change=Change(facts=facts), key=key), said)


def _obstacles(file: MatterFile, ground: str, reason: str, other: str) -> tuple[Obstacle, ...]:
    found: tuple[Obstacle, ...] = ()
    if ground not in GROUNDS:
        found += (Obstacle("ground", "还没有选终止的情形。", TOLD, "请选择一种情形；申请人自己不办了的，登记撤回。"),)
    if not reason.strip():
        found += (Obstacle("reason", "还没有写明理由。", TOLD, "请写明事实和证明材料。"),)
    if ground == "duplicate" and other.strip() not in {twin.called for twin in refiled.twins_of(file)}:
        message = f"没有找到同一申请人、同一事项、正在办理的另一件“{other.strip()}”。"
        found += (Obstacle("other", message, GROUNDS["duplicate"].basis, "请核对另一件的办件编号。"),)
    return found


def lapse_what_was_not_supplemented(now: Callable[[], datetime]) -> int:
    """Close every application whose supplement did not come in time and return how many; twice makes no difference.

    :param now: gives the moment; each matter has its own. One that fails does not stop the rest.
    """
    over = Clock.objects.filter(name=ClockName.SUPPLEMENT, state=RUNNING, red_at__lt=now())
    rows = over.filter(matter__kind=reads.KIND, matter__state__in=AWAITING, matter__closed=False)
    closed = 0
    for matter in list(rows.order_by("matter_id").values_list("matter_id", flat=True)):
        try:
            closed += lapse(reads.load(matter), now())
        except DatabaseError:
            log.exception("matter %s could not be closed for want of its supplement", matter)
    return closed


def lapse(file: MatterFile, at: datetime) -> bool:
    """Close one application if the time for its supplement is over and tell whether it was."""
    clock = file.clock(ClockName.SUPPLEMENT)
    if file.state not in AWAITING or clock is None or clock.red_at is None or at <= clock.red_at:
        return False
    change = Change(facts={"ground": "lapse", "due_on": str(clock.due_on), "true_at": instant(clock.red_at)})
    try:
        move(file, "lapse", by=PLATFORM, at=at, change=change)
    except NotAllowed:  # somebody was first
        return False
    return True
