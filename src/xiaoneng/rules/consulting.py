"""Asking another department for its opinion: the case goes on counting, the answer has a day of its own."""

from __future__ import annotations

from xiaoneng.rules.grounds import Basis, Obstacle
from xiaoneng.rules.proceedings import needed

ASKED = Basis("平台办件规则", "", "", "征求其他部门意见不停止办件的期限；被征求的部门在约定的期限内书面答复")
NO_SILENCE = Basis("平台办件规则", "", "", "被征求意见的部门没有答复的，不视为同意；不再等候的，写明理由")
LONGEST = 20  # working days
DEFAULT = 5


def to_consultation(*, own: bool, open_: bool, question: str, days: int) -> tuple[Obstacle, ...]:
    """Return what stands against asking a department."""
    found: list[Obstacle] = []
    if own:
        found.append(Obstacle("department", "不能向本部门征求意见。", ASKED, "请选另一个部门。"))
    if open_:
        found.append(
            Obstacle(
                "department", "已经在征求这个部门的意见，还没有答复。", ASKED, "请等答复，或者不再等候后重新征求。"
            )
        )
    if not 1 <= days <= LONGEST:
        found.append(Obstacle("days", f"答复期限应为 1 至 {LONGEST} 个工作日。", ASKED, "请改写天数。"))
    return (*found, *needed(question, "question", "要征求什么意见", ASKED))


def to_decision(waiting_for: tuple[str, ...]) -> tuple[Obstacle, ...]:
    """Return what stands against deciding while a department has not answered."""
    if not waiting_for:
        return ()
    message = f"征求{'、'.join(waiting_for)}的意见，还没有答复。"
    return (Obstacle("consulting", message, NO_SILENCE, "请等答复；不再等候的，登记“不再等候”并写明理由。"),)
