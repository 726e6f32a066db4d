"""Joint handling of one application by several departments: what opens when, what ends, whose light, who is urged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from xiaoneng.rules.extension import JOINT as MORE
from xiaoneng.rules.grounds import JOINT_DECISION_TIME, LICENSING, ONE_TIME_NOTICE, Basis, Obstacle
from xiaoneng.rules.limits import PRE_ACCEPTANCE, Light, Limit, WorkingDays, deadline
from xiaoneng.rules.workdays import Calendar, OfficeHours

__all__ = [
    "MORE", "WHOLE", "Branch", "Level", "Outcome", "Steps", "capped", "ends_asking", "is_over", "level", "next_steps", "ready_on",
    "result", "to_asking", "to_branch_extension", "to_chain", "to_people", "worst",
]  # fmt: skip

WHOLE = WorkingDays(45)  # 行政许可法 art. 42 par. 2; with MORE when the head of the government approves
TOGETHER = Basis(
    LICENSING,
    26,
    "二款",
    "行政许可依法由地方人民政府两个以上部门分别实施的，本级人民政府可以确定一个部门受理行政许可申请并转告有关部门"
    "分别提出意见后统一办理，或者组织有关部门联合办理、集中办理。",
)
TWO_OFFICERS = Basis(
    LICENSING, 34, "三款", "需要对申请材料的实质内容进行核实的，行政机关应当指派两名以上工作人员进行核查。"
)
CHAIN = Basis("平台并联规则", "", "", "后置事项以前置事项的结果为条件；前置关系不能循环，前置事项必须同在一件事里")
NO_SILENCE = Basis(
    LICENSING, 38, "", "许可须由有权机关作出书面决定；协办部门逾期不表态，不视为同意，逐级催办、亮灯，由其继续办理"
)
CHAIN_WIDTH = 60  # branches of one joint case at most


class Outcome(StrEnum):
    """Where a branch stands."""

    WAITING = "waiting"  # for those it depends on
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"  # without a decision: taken back, terminated
    NEVER = "never"  # it could not open, since one it depends on was not granted

    @property
    def label(self) -> str:
        """Return the outcome in Chinese."""
        return _OUTCOMES[self]

    @property
    def over(self) -> bool:
        """Tell whether nothing is left to decide in this branch."""
        return self not in (Outcome.WAITING, Outcome.OPEN)


_OUTCOMES = {
    Outcome.WAITING: "等前置事项", Outcome.OPEN: "办理中", Outcome.GRANTED: "准予", Outcome.REFUSED: "不予",
    Outcome.ENDED: "没有决定就结束", Outcome.NEVER: "前置事项未通过，不再启动",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Branch:
    """One department's part of a joint case: its place, the places of those it depends on, and where it stands."""

    position: int
    after: frozenset[int]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Steps:
    """What follows from where the branches stand: those that open, and those that never will with those to blame."""

    opens: tuple[int, ...]
    ends: Mapping[int, tuple[int, ...]]


def next_steps(branches: Iterable[Branch]) -> Steps:
    """Return what follows: a branch opens when all it depends on are granted, and ends when one of them is not.

    Whatever does not depend on a refused branch goes on; nothing waits for what can never come.
    """
    known = {branch.position: branch for branch in branches}
    lost = {place for place, branch in known.items() if branch.outcome.over and branch.outcome is not Outcome.GRANTED}
    ends: dict[int, tuple[int, ...]] = {}
    waiting = {place for place, branch in known.items() if branch.outcome is Outcome.WAITING}
    while fresh := {place for place in waiting if known[place].after & lost}:
        ends |= {place: tuple(sorted(known[place].after & lost)) for place in fresh}
        waiting -= fresh
        lost |= fresh
    granted = {place for place, branch in known.items() if branch.outcome is Outcome.GRANTED}
    return Steps(tuple(sorted(place for place in waiting if known[place].after <= granted)), ends)


def ready_on(after: Collection[int], decided_on: Mapping[int, date], accepted_on: date) -> date:
    """Return the day on which a branch could open: the last of the grants it waited for, or the day of acceptance."""
    return max((decided_on[place] for place in after), default=accepted_on)


def is_over(branches: Iterable[Branch]) -> bool:
    """Tell whether nothing is left to decide in any branch."""
    return all(branch.outcome.over for branch in branches)


def result(outcomes: Iterable[Outcome]) -> str:
    """Return what the whole came to: granted, partly, or none."""
    told = list(outcomes)
    granted = sum(outcome is Outcome.GRANTED for outcome in told)
    return "granted" if granted == len(told) else "partly" if granted else "none"


RESULTS = {"granted": "全部准予", "partly": "部分准予", "none": "没有准予"}


def worst(lights: Iterable[Light]) -> Light:
    """Return the light of the whole: the worst of its own and of its open branches; paused only when all are."""
    order = (Light.RED, Light.YELLOW, Light.GREEN, Light.PAUSED)
    seen = set(lights)
    return next((light for light in order if light in seen), Light.GREEN)


def to_chain(after: Mapping[int, Collection[int]], names: Mapping[int, str]) -> tuple[Obstacle, ...]:
    """Return what is wrong with dependencies: to what is not there, to itself, or round in a circle."""
    found = []
    for place, earlier in after.items():
        if set(earlier) - after.keys():
            message = f"“{names[place]}”的前置事项不在这件事里。"
            found.append(Obstacle("after", message, CHAIN, "请把前置事项一并选上，或者去掉这个前置关系。"))
    granted: set[int] = set()
    while fresh := {place for place in after if place not in granted and set(after[place]) <= granted}:
        granted |= fresh
    circle = [names[place] for place in after if place not in granted and not set(after[place]) - after.keys()]
    if circle and not found:
        message = f"前置关系绕成了圈：{'、'.join(circle)}。"
        found.append(Obstacle("after", message, CHAIN, "请去掉其中一个前置关系。"))
    if not after:
        found.append(Obstacle("items", "还没有选要办的事项。", TOGETHER, "请至少选一项。"))
    if len(after) > CHAIN_WIDTH:
        message = f"一件事最多 {CHAIN_WIDTH} 个事项，现在 {len(after)} 个。"
        found.append(Obstacle("items", message, TOGETHER, "请分成几件事来办。"))
    return tuple(found)


def capped(
    promised: Limit, started_on: date, whole_due: date | None, calendar: Calendar, hours: OfficeHours
) -> WorkingDays | None:
    """Return the shorter promise of a branch that would otherwise be due after the whole, or nothing where it is not.

    A branch that opens when the whole is overdue already is due on the day it opens.
    """
    if whole_due is None:
        return None
    end = deadline(promised, started_on, calendar=calendar, hours=hours, started_at=hours.opening(started_on))
    if end is None or end.due_on <= whole_due:
        return None
    return WorkingDays(calendar.working_days_between(started_on, whole_due) if whole_due > started_on else 0)


def to_branch_extension(due_on: date | None, whole_due: date | None) -> tuple[Obstacle, ...]:
    """Return what stands against a branch that would be due after the whole."""
    if due_on is None or whole_due is None or due_on <= whole_due:
        return ()
    message = f"本件是并联审批的分办件，延长后的期限晚于全程期限 {whole_due}。"
    remedy = "请缩短延长的天数，或者由牵头部门报本级政府负责人批准延长全程期限。"
    return (Obstacle("days", message, JOINT_DECISION_TIME, remedy),)


def ends_asking(started_on: date, calendar: Calendar, hours: OfficeHours) -> datetime | None:
    """Return the instant after which a branch can no longer ask for what its part lacks: five working days from its start."""
    end = deadline(PRE_ACCEPTANCE, started_on, calendar=calendar, hours=hours, started_at=hours.opening(started_on))
    return end.red_at if end else None


def to_asking(*, branch: bool, asked: bool, ends_at: datetime | None, at: datetime) -> tuple[Obstacle, ...]:
    """Return what stands against a branch's asking its applicant for what its own part lacks: once, and within five days.

    :param asked: it has asked before.
    """
    if not branch:
        message = "只有并联件的分办件可以在受理以后告知补正；其他办件受理以后材料视为齐全。"
        return (Obstacle("lacks", message, ONE_TIME_NOTICE, "请按现有材料审查，或者征求意见、现场核查。"),)
    found: tuple[Obstacle, ...] = ()
    if asked:
        message = "本分办件已经告知过一次补正，不能再次告知。"
        found += (Obstacle("lacks", message, ONE_TIME_NOTICE, "请按已有的材料作出决定。"),)
    if ends_at is not None and at > ends_at:
        message = "分办件启动已满五个工作日，不能再要求补正。"
        found += (Obstacle("lacks", message, ONE_TIME_NOTICE, "逾期没有告知的，材料视为齐全，请按现有材料作出决定。"),)
    return found


def to_people(departments: Iterable[int]) -> tuple[Obstacle, ...]:
    """Return what is wrong with who goes to a joint check: two people at least, of several departments."""
    seats = list(departments)
    found = []
    if len(seats) < 2:
        found.append(Obstacle("people", "联合核查不能少于两人。", TWO_OFFICERS, "请再选参加的人员。"))
    if len(set(seats)) < 2:
        found.append(Obstacle("people", "参加人员都在一个部门，不是联合核查。", TOGETHER, "请选协办部门的人员参加。"))
    return tuple(found)


class Level(IntEnum):
    """How far a missing opinion has climbed; each rung also tells those below."""

    NONE = 0
    DEPARTMENT = 1  # its own head: the branch is about to be late
    LEAD = 2  # the lead department and the supervisors: the branch is late
    GOVERNMENT = 3  # the head of the government: the branch is late and the whole is about to be

    @property
    def label(self) -> str:
        """Return to whom it has climbed."""
        return {0: "", 1: "协办部门负责人", 2: "牵头部门和效能监察", 3: "本级政府负责人"}[self.value]


def level(branch: Light, whole: Light) -> Level:
    """Return how far an open branch's missing opinion has climbed; silence is never consent to a licence (art. 38)."""
    if branch is Light.RED:
        return Level.GOVERNMENT if whole in (Light.YELLOW, Light.RED) else Level.LEAD
    return Level.DEPARTMENT if branch is Light.YELLOW else Level.NONE


def rung_reached_at(
    reached: Level, yellow_at: datetime | None, red_at: datetime | None, whole_yellow_at: datetime | None
) -> datetime | None:
    """Return the true instant at which a rung was reached."""
    if reached is Level.DEPARTMENT:
        return yellow_at
    if reached is Level.LEAD:
        return red_at
    return max((at for at in (red_at, whole_yellow_at) if at), default=None)
