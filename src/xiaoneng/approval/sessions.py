"""What was arranged beside a case's review, and what of it is not at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from xiaoneng.approval.beside import Kind, Session, State
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import STOPPED
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org.models import Staff
from xiaoneng.rules.grounds import Obstacle
from xiaoneng.rules.procedures.proceedings import HEARING_DECIDES, HEARING_ON_REQUEST, PUBLISHED, TWO_OFFICERS
from xiaoneng.rules.procedures.table import ClockName

__all__ = [
    "Arranged", "Kind", "Session", "State", "arranged", "chairs_of", "hearing_record", "open_session", "unfinished",
    "who_may_serve",
]  # fmt: skip
_UNFINISHED = {
    Kind.HEARING: ("听证已经安排，还没有登记听证笔录。", HEARING_DECIDES, "请先登记听证笔录，或者取消安排。"),
    Kind.SITE_CHECK: ("现场核查已经安排，还没有登记笔录。", TWO_OFFICERS, "请先登记现场核查，或者取消安排。"),
    Kind.PUBLICATION: ("公示还没有登记结果。", PUBLISHED, "请在公示期满后登记结果。"),
}


@dataclass(frozen=True, slots=True)
class Arranged:
    """A hearing, a site check or a publication."""

    kind: str
    seq: int
    starts_at: datetime
    ends_on: date | None
    place: str
    people: tuple[int, ...]
    state: str
    closed_seq: int | None

    @property
    def label(self) -> str:
        """Return what it is called."""
        return str(Kind(self.kind).label)


def arranged(file: MatterFile) -> tuple[Arranged, ...]:
    """Return everything that was arranged in a case, in order; it came along when the case was loaded."""
    rows = matters.as_json(file.extra.get("sessions")) or []
    return tuple(
        Arranged(
            kind, seq, datetime.fromisoformat(starts), date.fromisoformat(ends) if ends else None, place, tuple(people),
            state, closed,
        )
        for kind, seq, starts, ends, place, people, state, closed in rows
    )  # fmt: skip


def open_session(file: MatterFile, kind: str) -> Arranged | None:
    """Return what is arranged of a kind and has not ended."""
    return next((each for each in arranged(file) if each.kind == kind and each.state == State.OPEN), None)


def chairs_of(file: MatterFile) -> frozenset[int]:
    """Return who leads or led a hearing of this case."""
    led = (each for each in arranged(file) if each.kind == Kind.HEARING and each.state != State.CALLED_OFF)
    return frozenset(account for each in led for account in each.people)


def hearing_record(file: MatterFile) -> int | None:
    """Return the entry of the last hearing's record, on which the decision must rest."""
    held = [each.closed_seq for each in arranged(file) if each.kind == Kind.HEARING and each.state == State.HELD]
    return held[-1] if held else None


def unfinished(file: MatterFile, at: datetime | None = None) -> tuple[Obstacle, ...]:
    """Return what was begun beside the review and must end before the decision."""
    found = tuple(
        Obstacle("unfinished", *_UNFINISHED[Kind(each.kind)]) for each in arranged(file) if each.state == State.OPEN
    )
    hearing, told = file.clock(ClockName.HEARING), file.clock(ClockName.HEARING_REQUEST)
    if hearing is not None and hearing.state != STOPPED and not any(each.code == "unfinished" for each in found):
        message = "有人申请听证，还没有举行，也没有决定不予听证。"
        found += (Obstacle("hearing", message, HEARING_ON_REQUEST, "请安排听证，或者书面告知不予听证。"),)
    # One party's request ends the clock, but not what the others still have of their five days.
    until = told.red_at if told is not None and hearing_record(file) is None else None
    if told is not None and until is not None and at is not None and at <= until:
        message = f"利害关系人可以在 {told.due_on} 以前申请听证，期限还没有满。"
        found += (Obstacle("hearing", message, HEARING_ON_REQUEST, "请等期限届满后再作决定。"),)
    return found


def who_may_serve(file: MatterFile) -> dict[int, str]:
    """Return the members of the case's department, of whom one may lead a hearing and two check a site."""
    rows = Staff.objects.filter(department_id=file.department, account__is_active=True).order_by("account__name")
    return dict(rows.values_list("account_id", "account__name"))
