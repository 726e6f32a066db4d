"""One case on its way: who makes each of its moves, and what is handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from xiaoneng.approval import reads
from xiaoneng.approval.actions import (
    accept,
    apply,
    commitment,
    consult,
    deferred,
    drafts,
    extension,
    instant,
    review,
    special,
)
from xiaoneng.jobs.demo import items, papers, people, places, staff
from xiaoneng.jobs.demo.cases import Act, Case
from xiaoneng.jobs.demo.city import City
from xiaoneng.jobs.demo.items import Guide
from xiaoneng.jobs.demo.money import Things
from xiaoneng.matters.move import Actor
from xiaoneng.rules.acceptance import kinds_for

# Those who may act in the whole city stand in the line of the organ in which they sit.
_SITTING = {("reviewer", "住建"): "reviewer", ("reviewer", "市监"): "reviewer2", ("head", "住建"): "head"}


class Walker(Things):
    """One case on its way; `turn` decides which of several colleagues takes it."""

    def __init__(self, city: City, case: Case, turn: int) -> None:
        self.city, self.case, self.turn, self.matter = city, case, turn, 0
        self.guide = items.guides()[case.item]
        self.form = dict(form_of(case, self.guide))
        self.later: tuple[int, ...] = ()  # what was promised for later

    def will(self, act: Act) -> Callable[[datetime], None]:
        """Return what an act will do when its moment has come."""

        def happen(at: datetime) -> None:
            getattr(self, act.move)(at, **act.facts)

        return happen

    # --- the applicant ------------------------------------------------------------------------------------------------
    def draft(self, at: datetime) -> None:
        """Begin the form."""
        self.matter = drafts.open_draft(
            code=self.city.codes[self.case.item], by=self.applicant.account,
            channel="window" if self.case.at_window else "online", at=at, key=None, form=self.form,
        )  # fmt: skip

    def chooses(self, at: datetime, *, later: tuple[int, ...] = (), commitment: bool = False) -> None:
        """Choose in the form to hand something in later, or to commit oneself."""
        self.later = later
        way = {"way": "commitment"} if commitment else {"deferred": ",".join(map(str, later))}
        self.form |= way | {"promise": "1"}

    def supply_deferred(self, at: datetime, *, slots: tuple[int, ...]) -> None:
        """Hand in what was promised for later."""
        self._hand_in(at, slots)
        deferred.supply_deferred(self.matter, by=self.applicant, at=at, key=None)

    def submit(self, at: datetime) -> None:
        """Fill in the form, hand in what the item asks for, and submit; some windows scan the form, others look at it."""
        self.draft(at)
        scanned = [0] if self.turn % 2 else []
        there = [slot for slot in self.guide.required if slot not in self.later]
        self._hand_in(at, scanned if self.case.at_window else there)
        apply.submit(self.matter, by=self.applicant, at=at, key=None)

    def supplement(self, at: datetime, *, note: str, slots: tuple[int, ...]) -> None:
        """Hand in what was asked for."""
        self._hand_in(at, slots, again="（补正）")
        apply.supplement(self.matter, by=self.applicant, at=at, key=None, note=note)

    def withdraw(self, at: datetime, *, reason: str) -> None:
        """Take it back; at the window with the query code of the receipt, by which the applicant confirms it."""
        said, code = reason, ""
        if self.case.at_window:
            said, code = f"申请人当日到窗口书面提出：{reason}", reads.query_code(reads.load(self.matter))
        apply.withdraw(self.matter, by=self.applicant, at=at, key=None, reason=said, code=code)

    # --- the window ---------------------------------------------------------------------------------------------------
    def accept(self, at: datetime) -> None:
        """Accept it at the window."""
        accept.accept(self.matter, by=self.clerk, at=at, key=None)

    def request_correction(self, at: datetime, *, lacks: tuple[tuple[str, str, str], ...]) -> None:
        """Tell once what is missing."""
        told = [accept.Lack(*each) for each in lacks]
        accept.request_correction(self.matter, by=self.clerk, at=at, key=None, lacks=told)

    def not_accept(self, at: datetime, **facts: str) -> None:
        """Decide not to accept it."""
        accept.not_accept(self.matter, by=self.clerk, at=at, key=None, **facts)

    def at_once(self, at: datetime) -> None:
        """Accept, grant and hand over in one go, by one whom the department authorised."""
        opinion, clerk = "登记信息核对无误，当场准予。", staff.holding("window", self.guide.organ)[0]
        instant.settle_at_once(self.matter, by=self.city.actors[clerk.login], at=at, key=uuid4(), opinion=opinion)

    # --- the department -----------------------------------------------------------------------------------------------
    def review(self, at: datetime, *, opinion: str) -> None:
        """Give the opinion of a step."""
        review.review(self.matter, by=self.reviewer, at=at, key=None, opinion=opinion)

    def consult(self, at: datetime, **facts: Any) -> None:
        """Ask the water authority."""
        consult.consult(self.matter, by=self.reviewer, at=at, key=None, department=self.city.organs["水利"], **facts)

    def answer(self, at: datetime, *, opinion: str) -> None:
        """Answer for the water authority."""
        by = self.city.actors[staff.holding("reviewer", "水利")[0].login]
        consult.answer_consultation(self.matter, by=by, at=at, key=None, opinion=opinion)

    def stand_in_grants(self, at: datetime, *, opinion: str) -> None:
        """Grant it in the place of the head, who is away."""
        by = self.city.actors[staff.holding("hotline_liaison", self.guide.organ)[0].login]
        review.grant(self.matter, by=by, at=at, key=None, opinion=opinion)

    def record_check(self, at: datetime, *, findings: str, result: str = "true", days: int = 0) -> None:
        """Check what was committed to, by two; what is not so, they have put right within so many days."""
        two = [post.login for post in staff.posts() if post.organ == self.guide.organ][:2]
        officers = [self.city.actors[login].account for login in two]
        found: dict[str, Any] = {"officers": officers, "result": result, "findings": findings, "days": days}
        commitment.record_check(self.matter, by=self.reviewer, at=at, key=None, **found)

    def order_correction(self, at: datetime, *, text: str, days: int) -> None:
        """Give what did not come one more time, by order."""
        commitment.order_correction(self.matter, by=self.head, at=at, key=None, text=text, days=days)

    def report_rectified(self, at: datetime, *, note: str) -> None:
        """Tell how what was ordered was put right."""
        commitment.report_rectified(self.matter, by=self.applicant, at=at, key=None, note=note)

    def revoke_on_promise(self, at: datetime, *, reason: str, basis: str) -> None:
        """Revoke what rested on a promise that was not true."""
        commitment.revoke_on_promise(self.matter, by=self.head, at=at, key=None, reason=reason, basis=basis)

    def suspend(self, at: datetime, **facts: Any) -> None:
        """Begin a special procedure."""
        special.suspend(self.matter, by=self.reviewer, at=at, key=None, **facts)

    def resume(self, at: datetime, *, result: str) -> None:
        """End the special procedure."""
        special.resume(self.matter, by=self.reviewer, at=at, key=None, result=result)

    def extend(self, at: datetime, **facts: Any) -> None:
        """Extend the limit."""
        extension.extend(self.matter, by=self.head, at=at, key=None, **facts)

    def grant(self, at: datetime, *, opinion: str) -> None:
        """Grant it."""
        review.grant(self.matter, by=self.head, at=at, key=None, opinion=opinion)

    def refuse(self, at: datetime, **facts: str) -> None:
        """Refuse it."""
        review.refuse(self.matter, by=self.head, at=at, key=None, **facts)

    # --- who ----------------------------------------------------------------------------------------------------------
    @property
    def applicant(self) -> Actor:  # type: ignore[override]
        """Return who files it: the clerk at the window, or the applicant or the firm's agent online."""
        return self.clerk if self.case.at_window else self.city.actors[people.applicant(self.case.who).login]

    @property
    def clerk(self) -> Actor:  # type: ignore[override]
        """Return who receives it: the organ's own clerk, or in the city's hall one of those who receive for all."""
        own = [post.login for post in staff.holding("window", self.guide.organ)]
        organ = places.ORGANS[self.guide.organ]
        if organ.region == places.CITY and organ.window.startswith("综合受理"):
            own = ["window", *(post.login for post in staff.at_the_counters())]
        return self._taking_turns(own)

    @property
    def reviewer(self) -> Actor:  # type: ignore[override]
        """Return who reviews it."""
        return self._of_the_organ("reviewer")

    @property
    def head(self) -> Actor:  # type: ignore[override]
        """Return who decides it."""
        return self._of_the_organ("head")

    def _of_the_organ(self, role: str) -> Actor:
        sitting = _SITTING.get((role, self.guide.organ))
        return self._taking_turns(
            [*([sitting] if sitting else []), *(post.login for post in staff.holding(role, self.guide.organ))]
        )

    def _taking_turns(self, logins: Sequence[str]) -> Actor:
        actor: Actor = self.city.actors[logins[self.turn % len(logins)]]
        return actor

    def _hand_in(self, at: datetime, slots: Sequence[int], again: str = "") -> None:
        for slot in slots:
            said = (self.guide.name, self.form["content"] + again) if slot == 0 or again else ()
            name, stream = papers.page(self.guide.papers[slot].name, self.form["name"], *said)
            drafts.attach(self.matter, by=self.applicant.account, slot=str(slot), name=name, stream=stream, at=at)


def form_of(case: Case, guide: Guide) -> Mapping[str, str]:
    """Return what the applicant of a case declares."""
    firm, person = people.FIRMS.get(case.who), people.applicant(case.who)
    firm = firm if "enterprise" in kinds_for(guide.audience) else None  # who runs it asks for what only people may have
    applies = (
        {"kind": "enterprise", "name": firm.name, "identity": firm.code, "address": firm.address}
        if firm
        else {"kind": "person", "name": person.name, "identity": person.number, "address": person.address}
    )
    seen = guide.required if case.at_window else []  # originals that the clerk has looked at
    contact = {"contact": person.name, "phone": person.phone, "delivery": "self", "papers": ",".join(map(str, seen))}
    return applies | contact | {"content": case.content, "scenario": "\n".join(guide.usual)}
