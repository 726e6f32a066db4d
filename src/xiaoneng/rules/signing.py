"""Who signs a case: in which role each step of the chain is signed, by how many people, and nobody twice."""

from __future__ import annotations

from collections.abc import Collection

from xiaoneng.rules.grounds import Basis, Obstacle
from xiaoneng.rules.roles import Role

SEPARATED = Basis("平台办件规则", "", "", "受理、审查、决定由不同的人办理；窗口当场办结的事项除外")
ONCE = Basis("平台办件规则", "", "", "一个办件的各级签批由不同的人签，同一个人不签两次")
LEVELS = Basis("平台办件规则", "", "", "一个办件至少由规定人数的人员签批，受理、审查、决定都算；窗口当场办结的事项除外")
AUTHORISED = Basis("平台办件规则", "", "", "首席代表经部门授权，对不需要勘察、论证、听证的事项在窗口直接作出决定")
SIGNERS = 2  # where nobody set another number
DECIDES = (Role.HEAD, Role.DEPUTY, Role.CHIEF)
REVIEWS = (Role.REVIEWER, Role.DEPUTY, Role.HEAD, Role.CHIEF)


def decided_at_the_window(*, instant: bool, authorised: bool, special: bool) -> bool:
    """Tell whether an item is decided at the window: on the spot or authorised, with no inspection, review or hearing."""
    return (instant or authorised) and not special


def who_decides(step: Role | None, *, at_window: bool) -> tuple[Role, ...]:
    """Return the roles that may decide: that of the chain's last step, the deputy in charge, at the window the chief."""
    last = step if step in DECIDES and (at_window or step is not Role.CHIEF) else Role.HEAD
    chief = {Role.CHIEF} if at_window else set()
    return tuple(role for role in DECIDES if role in {last, Role.DEPUTY} | chief)


def who_reviews(step: Role | None) -> tuple[Role, ...]:
    """Return the role that signs a step of the chain; a step of no such role is the reviewers'."""
    return (step,) if step in REVIEWS else (Role.REVIEWER,)


def to_decision(
    account: int, accepted: Collection[int], reviewed: Collection[int], *, at_window: bool, least: int
) -> tuple[Obstacle, ...]:
    """Return what keeps somebody from signing the decision: an earlier signature of hers, or too few people."""
    found: list[Obstacle] = []
    if account in reviewed:
        found.append(Obstacle("separation", "您审查过本件，不能再作决定。", SEPARATED, "请由另一位负责人决定。"))
    if at_window:
        return tuple(found)
    if account in accepted:
        found.append(Obstacle("separation", "您受理了本件，不能再作决定。", SEPARATED, "请由另一位负责人决定。"))
    people = {each for each in (*accepted, *reviewed, account) if each}
    if len(people) < least:
        message = f"本件至少要由 {least} 个人签批，现在算上您只有 {len(people)} 个。"
        found.append(Obstacle("signers", message, LEVELS, "请退回审查环节，由另一位人员审查后再决定。"))
    return tuple(found)


def to_review(*, signed: bool) -> tuple[Obstacle, ...]:
    """Return what keeps somebody from signing another step of a case."""
    if not signed:
        return ()
    return (Obstacle("signed", "您已经签过本件的另一个环节，不能再签这个环节。", ONCE, "请由另一位审查人员签。"),)
