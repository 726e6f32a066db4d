"""The story of the city, walked: every case goes through the real moves, at moments at which people would have come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from xiaoneng.approval.actions import accept, apply, deemed, deliver, drafts, review
from xiaoneng.jobs import time_machine
from xiaoneng.jobs.demo import cases, items, papers, people
from xiaoneng.jobs.demo.cases import Act, Case
from xiaoneng.jobs.demo.city import City
from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.rules.workdays import CHINA, Calendar, OfficeHours, local
from xiaoneng.supervision import actions as supervision

AFTER_CLOSE = timedelta(seconds=5)  # as late as the worker would look
GUIDES = {guide.key: guide for guide in items.ITEMS}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a moment; `order` decides between two at the same moment."""

    at: datetime
    order: int
    happen: Callable[[datetime], None] = field(compare=False)


def walk(city: City, now: datetime) -> None:
    """Let everything happen, in the order of time, so that numbers and journals grow as in a real city."""
    calendar, hours = org.calendar_of_department(city.organs[items.CENTRE])
    days = Days(calendar, hours, local(now).date())
    happenings = [*_evenings(days), *_acts(city, days, now)]
    for event in sorted(happenings, key=lambda each: (each.at, each.order)):
        with time_machine.at(event.at):
            event.happen(event.at)
    with time_machine.at(now):
        look_at_the_clocks(now)


def look_at_the_clocks(at: datetime) -> None:
    """Do what the worker does all the time: record what is already true."""
    deemed.accept_what_is_deemed_accepted(lambda: at)
    supervision.record_red_lights(lambda: at)


@dataclass(frozen=True, slots=True)
class Days:
    """The days before today that were worked, counted backwards."""

    calendar: Calendar
    hours: OfficeHours
    today: date

    def back(self, ago: int) -> date | None:
        """Return the day so many working days before today; 0 is today, or nothing where today is not worked."""
        if ago == 0:
            return self.today if self.calendar.is_working(self.today) else None
        day = self.today
        for _ in range(ago):
            day = self.calendar.preceding_working(day)
        return day


def _evenings(days: Days) -> Iterator[Event]:
    for ago in range(cases.FIRST, 0, -1):
        day = days.back(ago)
        assert day is not None
        yield Event(days.hours.close_of_business(day) + AFTER_CLOSE, 0, look_at_the_clocks)


def _acts(city: City, days: Days, now: datetime) -> Iterator[Event]:
    for order, case in enumerate((*cases.CASES, cases.DRAFT), start=1):
        walker = Walker(city, case)
        for act in case.acts:
            day = days.back(act.ago)
            moment = datetime.combine(day, time.fromisoformat(act.clock), CHINA) if day else now
            if moment < now:
                yield Event(moment, order, walker.will(act))


class Walker:
    """One case on its way, and who makes each of its moves."""

    def __init__(self, city: City, case: Case) -> None:
        self.city, self.case, self.matter = city, case, 0
        self.guide = GUIDES[case.item]
        self.form = form_of(case)

    def will(self, act: Act) -> Callable[[datetime], None]:
        """Return what an act will do when its moment has come."""

        def happen(at: datetime) -> None:
            getattr(self, act.move)(at, **act.facts)

        return happen

    def draft(self, at: datetime) -> None:
        """Begin the form."""
        self.matter = drafts.open_draft(
            code=self.city.codes[self.case.item], by=self.applicant.account,
            channel="window" if self.case.at_window else "online", at=at, key=None, form=self.form,
        )  # fmt: skip

    def submit(self, at: datetime) -> None:
        """Fill in the form, hand in what the item asks for, and submit."""
        self.draft(at)
        self._hand_in(at, [0] if self.case.at_window else required_of(self.guide))
        apply.submit(self.matter, by=self.applicant, at=at, key=None)

    def supplement(self, at: datetime, *, note: str, slots: tuple[int, ...]) -> None:
        """Hand in what was asked for."""
        self._hand_in(at, slots, again="（补正）")
        apply.supplement(self.matter, by=self.applicant, at=at, key=None, note=note)

    def withdraw(self, at: datetime, *, reason: str) -> None:
        """Take it back."""
        apply.withdraw(self.matter, by=self.applicant, at=at, key=None, reason=reason)

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

    def review(self, at: datetime, *, opinion: str) -> None:
        """Give the opinion of a step."""
        review.review(self.matter, by=self.reviewer, at=at, key=None, opinion=opinion)

    def suspend(self, at: datetime, **facts: Any) -> None:
        """Begin a special procedure."""
        review.suspend(self.matter, by=self.reviewer, at=at, key=None, **facts)

    def resume(self, at: datetime, *, result: str) -> None:
        """End the special procedure."""
        review.resume(self.matter, by=self.reviewer, at=at, key=None, result=result)

    def extend(self, at: datetime, **facts: Any) -> None:
        """Extend the limit."""
        review.extend(self.matter, by=self.head, at=at, key=None, **facts)

    def grant(self, at: datetime, *, opinion: str) -> None:
        """Grant it."""
        review.grant(self.matter, by=self.head, at=at, key=None, opinion=opinion)

    def refuse(self, at: datetime, **facts: str) -> None:
        """Refuse it."""
        review.refuse(self.matter, by=self.head, at=at, key=None, **facts)

    def deliver(self, at: datetime, *, way: str) -> None:
        """Hand the decision over."""
        deliver.deliver(self.matter, by=self.clerk, at=at, key=None, way=way, recipient=self.form["name"])

    @property
    def applicant(self) -> Actor:
        """Return who files it: the clerk at the window, or the applicant or the firm's agent online."""
        if self.case.at_window:
            return self.clerk
        firm = people.FIRMS.get(self.case.who)
        return self.city.actors[firm.agent if firm else self.case.who]

    @property
    def clerk(self) -> Actor:
        """Return who receives it."""
        return self.city.actors["window2" if self.guide.organ == items.HEALTH else "window"]

    @property
    def reviewer(self) -> Actor:
        """Return who reviews it."""
        return self.city.actors["reviewer2" if self.guide.organ == items.MARKET else "reviewer"]

    @property
    def head(self) -> Actor:
        """Return who decides it."""
        return self.city.actors["head"]

    def _hand_in(self, at: datetime, slots: Sequence[int], again: str = "") -> None:
        for slot in slots:
            title = self.guide.papers[slot].name
            name, stream = papers.page(title, self.form["name"], self.guide.name, self.form["content"] + again)
            drafts.attach(self.matter, by=self.applicant.account, slot=str(slot), name=name, stream=stream, at=at)


def form_of(case: Case) -> Mapping[str, str]:
    """Return what the applicant of a case declares."""
    firm = people.FIRMS.get(case.who)
    person = people.CITIZENS[firm.agent if firm else case.who]
    applies = (
        {"kind": "enterprise", "name": firm.name, "identity": firm.code, "address": firm.address}
        if firm
        else {"kind": "person", "name": person.name, "identity": person.number, "address": person.address}
    )
    seen = required_of(GUIDES[case.item])[1:] if case.at_window else []  # originals that the clerk has looked at
    papers_seen = ",".join(map(str, seen))
    contact = {"contact": person.name, "phone": person.phone, "delivery": "self", "papers": papers_seen}
    return applies | contact | {"content": case.content}


def required_of(guide: items.Guide) -> list[int]:
    """Return the places of the materials that an item cannot do without."""
    return [n for n, paper in enumerate(guide.papers) if paper.required]
