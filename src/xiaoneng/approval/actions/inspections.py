"""Site checks by two, expert reviews, publications; and what was arranged and is called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import reads, sessions
from xiaoneng.approval.actions import beside
from xiaoneng.approval.sessions import Kind, State
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.rules import proceedings as rules
from xiaoneng.rules.grounds import Basis, Obstacle
from xiaoneng.rules.procedures.proceedings import PUBLISHED, TWO_OFFICERS
from xiaoneng.rules.workdays import local_day

CALLED_OFF = Basis("平台办件规则", "", "", "取消安排的，写明理由并告知申请人")


@transaction.atomic
def schedule_site_check(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, starts_at: datetime | None, place: str,
    officers: Sequence[int],
) -> Moved:  # fmt: skip
    """Arrange a site check by two officers of the department and tell the applicant when and where.

    :raises Obstructed: fewer than two officers, no place or no time.
    :raises NotAllowed: one is arranged already.
    """
    file = reads.load(which, key, by=by, at=at)
    beside.refuse_second(file, Kind.SITE_CHECK)
    serving = sessions.who_may_serve(file)
    early = starts_at is None or starts_at < at
    passed = (Obstacle("starts_at", "核查时间已经过去。", TWO_OFFICERS, "请填写以后的时间。"),) if early else ()
    beside.refuse(file, passed, rules.to_site_check(officers, set(officers) <= set(serving), place))
    facts = {"starts_at": beside.instant(starts_at or at), "place": place.strip(), "officers": sorted(set(officers))}
    moved = beside.made(file, "schedule_site_check", by, at, key, facts=facts)
    return beside.arrange(moved, Kind.SITE_CHECK, starts_at or at, place, sorted(set(officers)))


@transaction.atomic
def record_site_check(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, officers: Sequence[int], place: str, findings: str,
    passed: bool,
) -> Moved:  # fmt: skip
    """Put on record what at least two officers found on the site; it ends what was arranged, if anything was.

    :raises Obstructed: fewer than two officers, no place or no findings.
    """
    file = reads.load(which, key, by=by, at=at)
    serving = sessions.who_may_serve(file)
    beside.refuse(
        file, rules.to_site_check(officers, set(officers) <= set(serving), place),
        rules.needed(findings, "findings", "核查情况", TWO_OFFICERS),
    )  # fmt: skip
    facts = {"officers": sorted(set(officers)), "place": place.strip(), "passed": passed}
    moved = beside.made(file, "record_site_check", by, at, key, facts=facts, said={"findings": findings})
    return beside.ended(moved, Kind.SITE_CHECK, State.HELD)


@transaction.atomic
def record_expert_review(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, experts: str, conclusion: str, passed: bool
) -> Moved:
    """Put on record what at least three experts concluded; their names are kept beside the journal.

    :raises Obstructed: too few experts, or no conclusion.
    """
    file = reads.load(which, key, by=by, at=at)
    named = beside.lines_of(experts)
    beside.refuse(file, rules.to_expert_review(named, conclusion))
    facts = {"count": len(named), "conclusion": conclusion.strip(), "passed": passed}
    return beside.made(file, "record_expert_review", by, at, key, facts=facts, said={"experts": "\n".join(named)})


@transaction.atomic
def record_legal_review(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, result: str, opinion: str
) -> Moved:
    """Put on record what a legal review of the draft decision came to, by somebody who has not handled the case.

    :raises Obstructed: result or opinion is missing, or the writer accepted or reviewed the case.
    """
    file = reads.load(which, key, by=by, at=at)
    handled = by.account in {*file.actors.get("accept", ()), *file.actors.get("review", ())}
    beside.refuse(file, rules.to_legal_review(result=result, opinion=opinion, reviewed=handled))
    facts = {"result": result, "officer": by.account}
    return beside.made(file, "record_legal_review", by, at, key, facts=facts, said={"opinion": opinion})


@transaction.atomic
def publish(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, days: int, place: str, content: str
) -> Moved:
    """Publish what is about to be decided for some working days; the limits go on meanwhile.

    :raises Obstructed: days, place or content is missing or wrong.
    :raises NotAllowed: a publication is under way.
    """
    file = reads.load(which, key, by=by, at=at)
    beside.refuse_second(file, Kind.PUBLICATION)
    beside.refuse(file, rules.to_publication(days, place, content))
    until = file.rules.calendar.nth_working(local_day(at), min(max(days, 1), rules.LONGEST_PUBLICATION))
    facts = {"days": days, "until": until.isoformat(), "place": place.strip(), "content": content.strip()}
    moved = beside.made(file, "publish", by, at, key, facts=facts)
    return beside.arrange(moved, Kind.PUBLICATION, at, place, [], until)


@transaction.atomic
def close_publication(
    which: int | str, *, by: Actor, at: datetime, key: UUID | None, objections: int, handling: str
) -> Moved:
    """Put on record how many objections a publication met and how they were dealt with, once its days are over.

    :raises Obstructed: the days are not over, or it is not said what became of the objections.
    :raises NotAllowed: nothing is published.
    """
    file = reads.load(which, key, by=by, at=at)
    open_ = beside.arranged(file, Kind.PUBLICATION)
    found: tuple[Obstacle, ...] = ()
    if open_ and open_.ends_on and at <= file.rules.hours.close_of_business(open_.ends_on):
        message = f"公示到 {open_.ends_on} 下班才期满。"
        found += (Obstacle("early", message, PUBLISHED, "请在期满后登记结果；不再公示的，先取消安排。"),)
    if objections < 0 or (objections and not handling.strip()):
        found += (Obstacle("handling", "还没有写异议怎样处理。", PUBLISHED, "请逐条写明处理情况。"),)
    beside.refuse(file, found)
    facts = {"published": open_.seq if open_ else 0, "objections": objections, "handling": handling.strip()}
    moved = beside.made(file, "close_publication", by, at, key, facts=facts)
    return beside.ended(moved, Kind.PUBLICATION, State.HELD)


@transaction.atomic
def call_off(which: int | str, *, by: Actor, at: datetime, key: UUID | None, kind: str, reason: str) -> Moved:
    """Call off what was arranged, with a reason that stands on the progress page; a hearing asked for is still owed.

    :raises Obstructed: no reason is written.
    :raises NotAllowed: nothing of this kind is arranged.
    """
    file = reads.load(which, key, by=by, at=at)
    what = Kind(kind) if kind in Kind.values else Kind.HEARING
    open_ = beside.arranged(file, what)
    beside.refuse(file, rules.needed(reason, "reason", "取消的理由", CALLED_OFF))
    facts = {"kind": what.value, "arranged": open_.seq if open_ else 0, "reason": reason.strip()}
    return beside.ended(beside.made(file, "call_off", by, at, key, facts=facts), what, State.CALLED_OFF)
