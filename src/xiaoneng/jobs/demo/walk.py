"""The story of the city, walked: every case goes through the real moves, at moments at which people would have come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from xiaoneng.approval.actions import closing, deemed, deferred, renewal
from xiaoneng.approval.joint import accepting
from xiaoneng.jobs import time_machine
from xiaoneng.jobs.demo import cases, found, joint, lists, money, oversight, places, plot, promised
from xiaoneng.jobs.demo.city import City
from xiaoneng.jobs.demo.walker import Walker
from xiaoneng.org import reads as org
from xiaoneng.rules.workdays import CHINA, Calendar, OfficeHours, local
from xiaoneng.supervision import actions as supervision

AFTER_CLOSE = timedelta(seconds=5)  # as late as the worker would look
TOLD_OF = 4  # how often the walk says how far it is


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a moment; `order` decides between two at the same moment."""

    at: datetime
    order: int
    happen: Callable[[datetime], None] = field(compare=False)


def walk(city: City, now: datetime, size: int, tell: Callable[[str], None] = lambda text: None) -> None:
    """Let everything happen, in the order of time, so that numbers and journals grow as in a real city.

    One hand moves the clock from event to event through all cases at once.
    """
    promised.prepare(city, now)
    calendar, hours = org.calendar_of_department(city.organs[places.CENTRE])
    days = Days(calendar, hours, _last_worked(calendar, local(now).date()))
    happenings = [
        *_evenings(days, now),
        *_together(city, days, now),
        *_acts(city, days, now, size),
        *_oversight(city, days, now),
        *_lists(city, days, now),
    ]
    happenings.sort(key=lambda each: (each.at, each.order))
    with time_machine.moving() as stand_at:
        for done, event in enumerate(happenings, start=1):
            stand_at(event.at)
            event.happen(event.at)
            if done % -(-len(happenings) // TOLD_OF) == 0:
                tell(f"　已走到{event.at:%m月%d日}（{done * 100 // len(happenings)}%）")
        stand_at(now)
        look_at_the_clocks(now)


def _lists(city: City, days: Days, now: datetime) -> Iterator[Event]:
    for ago, clock, happen in lists.events(city):
        day = days.back(ago)
        assert day is not None
        moment = datetime.combine(day, time.fromisoformat(clock), CHINA)
        if moment < now:
            yield Event(moment, 0, happen)


def look_at_the_clocks(at: datetime) -> None:
    """Do what the worker does all the time: record what is already true."""
    deemed.accept_what_is_deemed_accepted(lambda: at)
    accepting.record_what_time_made_true(lambda: at)
    closing.lapse_what_was_not_supplemented(lambda: at)
    deferred.look_after(lambda: at)
    deferred.remind(lambda: at)
    renewal.grant_what_is_deemed_renewed(lambda: at)
    money.look_after(at)
    supervision.record_red_lights(lambda: at)
    oversight.look_after(at)


def _last_worked(calendar: Calendar, day: date) -> date:
    return day if calendar.is_working(day) else calendar.preceding_working(day)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were worked, counted backwards from the last one, which is today where today is worked."""

    calendar: Calendar
    hours: OfficeHours
    last: date

    def back(self, ago: int) -> date | None:
        """Return the day so many working days before the last; nothing for a day to come."""
        if ago < 0:
            return None
        day = self.last
        for _ in range(ago):
            day = self.calendar.preceding_working(day)
        return day


def _evenings(days: Days, now: datetime) -> Iterator[Event]:
    for ago in range(cases.FIRST + 1, -1, -1):
        day = days.back(ago)
        assert day is not None
        moment = days.hours.close_of_business(day) + AFTER_CLOSE
        if moment < now:
            yield Event(moment, 0, look_at_the_clocks)


def _oversight(city: City, days: Days, now: datetime) -> Iterator[Event]:
    told = [(ago, "09:40", oversight.morning) for ago in range(oversight.RECENT, -1, -1)]
    told += [(3, "10:30", oversight.spot_check), (1, "15:10", oversight.call_to_account)]
    told += [(24, "09:10", oversight.warn_of_some_earlier), (2, "09:20", oversight.warn_of_all_earlier)]
    told += [(3, "11:00", found.look), (2, "10:10", found.ask), (1, "16:00", found.decide)]
    for ago, clock, happen in told:
        day = days.back(ago)
        assert day is not None
        moment = datetime.combine(day, time.fromisoformat(clock), CHINA)
        if moment < now:
            yield Event(moment, 10_000, lambda at, happen=happen: happen(city, at))  # type: ignore[misc]


def _together(city: City, days: Days, now: datetime) -> Iterator[Event]:
    for order, act in enumerate(joint.acts(city)):
        day = days.back(act.ago)
        assert day is not None
        moment = datetime.combine(day, time.fromisoformat(act.clock), CHINA)
        if moment < now:
            yield Event(moment, 20_000 + order, act.happen)


def _acts(city: City, days: Days, now: datetime, size: int) -> Iterator[Event]:
    told = (*cases.CASES, *money.CASES, *promised.CASES, cases.DRAFT)
    stories = (*told, *plot.cases(max(1, size - len(told))))
    dates = {ago: days.back(ago) for ago in range(-10, cases.FIRST + 2)}
    for order, case in enumerate(stories, start=1):
        walker = Walker(city, case, order)
        for act in case.acts:
            day = dates[act.ago]
            if day is None:
                continue
            moment = datetime.combine(day, time.fromisoformat(act.clock), CHINA)
            if moment < now:
                yield Event(moment, order, walker.will(act))
