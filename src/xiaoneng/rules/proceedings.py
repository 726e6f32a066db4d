"""What stands against a hearing, a site check, an expert review or a publication as somebody would arrange it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xiaoneng.rules.grounds import Basis, Obstacle
from xiaoneng.rules.limits import WorkingDays
from xiaoneng.rules.procedures.proceedings import (
    EXPERTS,
    HEARING_CHAIR,
    HEARING_NOTIFIED,
    HEARING_ON_REQUEST,
    HEARING_SIGNED,
    LEGALLY_REVIEWED,
    PARTIES_TOLD,
    PUBLISHED,
    TWO_OFFICERS,
)
from xiaoneng.rules.workdays import Calendar, local_day

# The statute does not say whether the days of the citizen's side are working days: the reading that favours him.
HEARING_REQUEST = WorkingDays(5)
HEARING = WorkingDays(20)
HEARING_LEAD = WorkingDays(7)
OFFICERS = 2
EXPERTS_AT_LEAST = 3  # a rule of the platform; no statute gives a number
LONGEST_PUBLICATION = 60


@dataclass(frozen=True, slots=True)
class HearingPlan:
    """A hearing as it would be arranged: when, where, who leads it, and who has reviewed the case."""

    at: datetime | None
    place: str
    chair: int
    chair_serves: bool
    reviewers: Collection[int]


def first_day_of_hearing(notified_on: date, calendar: Calendar) -> date:
    """Return the first day on which a hearing may be held whose notice goes out on a day."""
    return calendar.nth_working(notified_on, HEARING_LEAD.n)


def to_hearing(plan: HearingPlan, notified_on: date, calendar: Calendar) -> tuple[Obstacle, ...]:
    """Return what stands against a hearing: too short a notice, no place, or a chair who reviewed the case."""
    found: tuple[Obstacle, ...] = ()
    first = first_day_of_hearing(notified_on, calendar)
    if plan.at is None or local_day(plan.at) < first:
        message = f"听证至少要提前 7 个工作日通知，今天发通知，最早 {first} 举行。"
        found += (Obstacle("starts_at", message, HEARING_NOTIFIED, "请改在这一天或者以后。"),)
    if plan.at is not None and not calendar.is_working(local_day(plan.at)):
        found += (Obstacle("starts_at", "听证要安排在工作日。", HEARING_NOTIFIED, "请另选一天。"),)
    if not plan.place.strip():
        found += (Obstacle("place", "还没有写听证地点。", HEARING_NOTIFIED, "请写明地点。"),)
    if plan.chair in plan.reviewers:
        message = "审查本件的人不能主持听证。"
        found += (Obstacle("chair", message, HEARING_CHAIR, "请指定没有审查过本件的人。"),)
    if not plan.chair_serves:
        found += (Obstacle("chair", "主持人要由本部门在岗人员担任。", HEARING_CHAIR, "请从名单里另选一位。"),)
    return found


def to_hearing_request(told_until: datetime | None, at: datetime) -> tuple[Obstacle, ...]:
    """Return what stands against a request for a hearing: the five days after being told are over."""
    if told_until is not None and at > told_until:
        message = "被告知听证权利已超过 5 个工作日。"
        return (Obstacle("late", message, HEARING_ON_REQUEST, "可以继续陈述申辩；机关认为必要的，可以主动安排听证。"),)
    return ()


def to_declining(*, told: bool, given_up: bool) -> tuple[Obstacle, ...]:
    """Return what stands against holding no hearing: who was told of the right to it and asked in time must have it.

    :param told: the right to a hearing was told in this case, so that the request came within its five days.
    """
    if told and not given_up:
        message = "已经告知听证权利，申请也在五个工作日内提出，应当组织听证。"
        remedy = "请安排听证；申请听证的人书面放弃的，勾选“书面放弃听证”并留存书面材料。"
        return (Obstacle("given_up", message, HEARING_ON_REQUEST, remedy),)
    return ()


def to_transcript(text: str, attendees: Sequence[str], signed: bool, held: bool) -> tuple[Obstacle, ...]:
    """Return what a hearing's record lacks."""
    found: tuple[Obstacle, ...] = ()
    if not held:
        found += (Obstacle("early", "听证还没有到安排的时间。", HEARING_SIGNED, "请在听证举行之后登记笔录。"),)
    if not attendees:
        found += (Obstacle("attendees", "还没有写听证参加人。", HEARING_SIGNED, "请一行写一位。"),)
    if not text.strip():
        found += (Obstacle("transcript", "还没有写听证笔录。", HEARING_SIGNED, "请写明各方意见和质证情况。"),)
    if not signed:
        message = "听证笔录还没有经参加人确认签字。"
        found += (Obstacle("signed", message, HEARING_SIGNED, "请参加人核对签字；拒绝签字的在笔录中注明后勾选。"),)
    return found


def to_site_check(officers: Sequence[int], all_serve: bool, place: str) -> tuple[Obstacle, ...]:
    """Return what stands against a site check: fewer than two officers of the department, or no place."""
    found: tuple[Obstacle, ...] = ()
    if len(set(officers)) < OFFICERS:
        message = "现场核查要有两名以上工作人员。"
        found += (Obstacle("officers", message, TWO_OFFICERS, "请再选一位。"),)
    if not all_serve:
        found += (Obstacle("officers", "核查人员要由本部门在岗人员担任。", TWO_OFFICERS, "请从名单里选。"),)
    if not place.strip():
        found += (Obstacle("place", "还没有写核查地点。", TWO_OFFICERS, "请写明地点。"),)
    return found


def to_expert_review(experts: Sequence[str], conclusion: str) -> tuple[Obstacle, ...]:
    """Return what an expert review lacks."""
    found: tuple[Obstacle, ...] = ()
    if len(set(experts)) < EXPERTS_AT_LEAST:
        message = f"专家评审要有 {EXPERTS_AT_LEAST} 位以上专家。"
        found += (Obstacle("experts", message, EXPERTS, "请一行写一位：姓名、单位、职称。"),)
    if not conclusion.strip():
        found += (Obstacle("conclusion", "还没有写评审结论。", EXPERTS, "请写明结论。"),)
    return found


LEGAL_RESULTS = {"agree": "同意", "correct": "修改后同意", "disagree": "不同意"}


def to_legal_review(*, result: str, opinion: str, reviewed: bool) -> tuple[Obstacle, ...]:
    """Return what stands against a legal review: its result or opinion is missing, or its writer reviewed the case.

    :param reviewed: the writer signed a step of this case.
    """
    found: tuple[Obstacle, ...] = ()
    if result not in LEGAL_RESULTS:
        told = "、".join(LEGAL_RESULTS.values())
        found += (Obstacle("result", "还没有选审核结论。", LEGALLY_REVIEWED, f"请选一种：{told}。"),)
    if not opinion.strip():
        remedy = "请写明主体、权限、程序、事实证据、法律适用各方面的意见。"
        found += (Obstacle("opinion", "还没有写审核意见。", LEGALLY_REVIEWED, remedy),)
    if reviewed:
        remedy = "请由没有办过本件的法制审核人员审核。"
        found += (Obstacle("separation", "您受理或者审查过本件，不能再作法制审核。", LEGALLY_REVIEWED, remedy),)
    return found


def to_decision_after_legal_review(result: str, *, own: bool) -> tuple[Obstacle, ...]:
    """Return what the last legal review of a case puts in the way of its decision.

    :param own: whoever is to decide wrote a legal review of this case.
    """
    found: tuple[Obstacle, ...] = ()
    if result == "disagree":
        remedy = "请按审核意见改正，再由法制审核人员审核一次。"
        found += (Obstacle("legal_review", "法制审核没有同意，不能作决定。", LEGALLY_REVIEWED, remedy),)
    if own:
        remedy = "请由另一位负责人决定。"
        found += (Obstacle("separation", "您作过本件的法制审核，不能再作决定。", LEGALLY_REVIEWED, remedy),)
    return found


def to_publication(days: int, place: str, content: str) -> tuple[Obstacle, ...]:
    """Return what stands against a publication."""
    found: tuple[Obstacle, ...] = ()
    if not 1 <= days <= LONGEST_PUBLICATION:
        message = f"公示期应为 1 到 {LONGEST_PUBLICATION} 个工作日。"
        found += (Obstacle("days", message, PUBLISHED, "请按规定的公示期填写。"),)
    if not place.strip():
        found += (Obstacle("place", "还没有写在哪里公示。", PUBLISHED, "请写明网站或者张贴地点。"),)
    if not content.strip():
        found += (Obstacle("content", "还没有写公示内容。", PUBLISHED, "请写明公示什么、向谁反映意见。"),)
    return found


def needed(text: str, code: str, what: str, basis: Basis = PARTIES_TOLD) -> tuple[Obstacle, ...]:
    """Return the obstacle of something that was not written."""
    return () if text.strip() else (Obstacle(code, f"还没有写{what}。", basis, f"请写明{what}。"),)
