"""What may stop a limit: the eight special procedures of the statute, and what a place takes out of its promise."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xiaoneng.rules.grounds import LICENSING, PROMISED_TIME, Basis, Obstacle

# 行政许可法 art. 45 lists these and no others; all other waiting counts.
SPECIAL_PROCEDURES = {
    "hearing": "听证",
    "bidding": "招标",
    "auction": "拍卖",
    "inspection": "检验",
    "testing": "检测",
    "quarantine": "检疫",
    "appraisal": "鉴定",
    "expert_review": "专家评审",
}
# What local rules may take out of the promised limit; the statutory one goes on. An item version says which it does.
LOCAL_WAITS = {
    "public_notice": "公示",
    "site_check": "现场核查",
    "technical_review": "技术审查",
    "payment": "缴费",
}
SUPPLEMENTED = "补正"  # the pause of a joint case's branch that asked for what its own part lacks (art. 32)
LONGEST_ESTIMATE = 365
WHITELIST = Basis(LICENSING, 45, "", "听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审所需时间不计算在期限内")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for who wants a limit to stand still: the kind, how many working days, why."""

    kind: str
    days: int
    reason: str


def to_special(asked: Asked, running: Collection[str]) -> tuple[Obstacle, ...]:
    """Return what stands against beginning a special procedure while others may be running."""
    found: tuple[Obstacle, ...] = ()
    if asked.kind not in SPECIAL_PROCEDURES:
        found += (Obstacle("kind", "只有法律列明的八种特别程序可以暂停计时。", WHITELIST, "其他等待时间照常计时。"),)
    return found + _in_common(asked, running, SPECIAL_PROCEDURES, WHITELIST)


def to_wait(asked: Asked, running: Collection[str], allowed: Collection[str]) -> tuple[Obstacle, ...]:
    """Return what stands against taking a wait out of the promised limit.

    :param allowed: the kinds that the item's version names.
    """
    found: tuple[Obstacle, ...] = ()
    if asked.kind not in allowed:
        told = "、".join(LOCAL_WAITS[kind] for kind in allowed if kind in LOCAL_WAITS) or "没有"
        message = f"这个事项公布的、不计入承诺期限的情形：{told}。"
        found += (Obstacle("kind", message, PROMISED_TIME, "没有公布的等待照常计时；需要增加的先更新事项。"),)
    return found + _in_common(asked, running, LOCAL_WAITS, PROMISED_TIME)


def _in_common(asked: Asked, running: Collection[str], labels: Mapping[str, str], basis: Basis) -> tuple[Obstacle, ...]:
    found: tuple[Obstacle, ...] = ()
    if asked.kind in running:
        message = f"{labels.get(asked.kind, asked.kind)}正在进行，不能重复启动。"
        found += (Obstacle("kind", message, basis, "请先登记它的结果。"),)
    if not 1 <= asked.days <= LONGEST_ESTIMATE:
        message = f"预计天数应为 1 到 {LONGEST_ESTIMATE} 的整数。"
        found += (Obstacle("days", message, basis, "请填写需要多少个工作日。"),)
    if not asked.reason.strip():
        found += (Obstacle("reason", "还没有写明为什么需要。", basis, "理由会写进告知书。"),)
    return found
