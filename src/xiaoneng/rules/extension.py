"""How long a limit may be lengthened, once, before it ends, and who approves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xiaoneng.rules.grounds import DECISION_TIME, JOINT_DECISION_TIME, Basis, Obstacle
from xiaoneng.rules.limits import Limit, WorkingDays

ORDINARY = WorkingDays(10)  # 行政许可法 art. 42 par. 1
JOINT = WorkingDays(15)  # art. 42 par. 2, approved by the head of the people's government of that level
SEPARATED = Basis("平台办件规则", "", "", "审查本件的人不批准本件的延期")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much a limit may be lengthened, and by which provision."""

    most: Limit
    basis: Basis


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands when its limit is to be lengthened."""

    limit: Limit | None
    red_at: datetime | None
    extended: bool
    reviewed_by_approver: bool


def allowance(limit: Limit | None, own: Limit | None, own_basis: str, *, joint: bool = False) -> Allowance | None:
    """Return how much a limit may be lengthened: what a special law gives, else what the licensing law does.

    :param own: what the item's version gives, with its basis; other laws prevail (art. 42 par. 1, last sentence).
    """
    if own is not None:
        return Allowance(own, Basis(own_basis or "事项公布的延期依据", "", "", ""))
    if not isinstance(limit, WorkingDays):
        return None
    return Allowance(JOINT, JOINT_DECISION_TIME) if joint else Allowance(ORDINARY, DECISION_TIME)


def to_extension(standing: Standing, given: Allowance | None, at: datetime) -> tuple[Obstacle, ...]:
    """Return what stands against lengthening a limit at an instant."""
    basis = given.basis if given else DECISION_TIME
    found: tuple[Obstacle, ...] = ()
    if standing.extended:
        found += (Obstacle("extend", "本件已经延长过一次，不能再延长。", basis, "请在现有期限内办结。"),)
    if standing.red_at is not None and at > standing.red_at:
        found += (Obstacle("extend", "期限已经届满，不能再延长。", basis, "请尽快作出决定；超期已记录在案。"),)
    if given is None or (standing.limit is not None and given.most.unit != standing.limit.unit):
        message = f"本件的期限是{standing.limit}，法律没有规定可以按工作日延长。"
        found += (Obstacle("extend", message, basis, "请在现有期限内办结；另有规定的请先更新事项。"),)
    if standing.reviewed_by_approver:
        message = "您审查过本件，不能批准它的延期。"
        found += (Obstacle("separation", message, SEPARATED, "请由另一位负责人批准。"),)
    return found


def to_length(days: int, reason: str, given: Allowance | None) -> tuple[Obstacle, ...]:
    """Return what is wrong with the length and the reason that somebody gives."""
    basis = given.basis if given else DECISION_TIME
    most = given.most.n if given else ORDINARY.n
    found: tuple[Obstacle, ...] = ()
    if not 1 <= days <= most:
        found += (Obstacle("days", f"延长天数应为 1 到 {most} 的整数。", basis, "请按实际需要填写。"),)
    if not reason.strip():
        found += (Obstacle("reason", "还没有写明延长的理由。", basis, "理由会写进告知书。"),)
    return found
