"""The many cases beside those that are told one by one: drawn by a seed, so that the city is the same every time.

Everything is reckoned in working days before today, so that the lights come out alike on whatever day the city is
built: what shall be yellow is due tomorrow or later, what shall be red was due yesterday or before.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xiaoneng.jobs.demo import crowd, items, phrases, places
from xiaoneng.jobs.demo.cases import FIRST, Case
from xiaoneng.jobs.demo.items import Guide
from xiaoneng.jobs.demo.pen import Pen
from xiaoneng.rules.units import CalendarDays, Hours, Limit, Months, WorkingDays

SEED = 20260302
PERSON_ONLY, FIRM_ONLY = "个人：", "企业："
DELIVERY_YELLOW, DELIVERY_RED = (9, 9), (12, 13)  # working days since a decision that nobody has delivered


def working(guide: Guide) -> int:
    """Return the promise of an item in working days, 0 where it is counted in another unit."""
    return guide.promised.n if isinstance(guide.promised, WorkingDays) else 0


def warned(n: int) -> int:
    """Return on which working day of a promise the light turns yellow."""
    return max(1, n - -(-n // 5))


def soon(limit: Limit | None) -> int:
    """Return within how many working days a decision is surely in time, whatever holidays come between."""
    if isinstance(limit, WorkingDays):
        return max(0, warned(limit.n) - 1)
    return 25 if limit is None or isinstance(limit, Months) else max(1, limit.n // 3)


def calm(guide: Guide) -> int:
    """Return for how many working days the light of an undecided case surely stays green."""
    return min(_calm(guide.promised), _calm(guide.statutory))


def _calm(limit: Limit | None) -> int:
    return 0 if isinstance(limit, CalendarDays | Hours) and limit.n < 10 else soon(limit)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far cases come: how many of four hundred, which items can, and how such a case is written."""

    share: int
    fits: Callable[[Guide], bool]
    write: Callable[[Plotter, Pen, Guide], None]
    span: Callable[[Plotter, Guide], tuple[int, int]]  # received and, where it matters, decided so many days ago


class Plotter:
    """Draws cases one after the other."""

    def __init__(self) -> None:
        self.draw = random.Random(SEED)
        self.used: set[tuple[str, str]] = set()
        self.open = [guide for guide in items.guides().values() if guide.open]

    def case(self, outcome: Outcome) -> Case:
        """Draw one case of this outcome."""
        guide, who, ask = self._request(outcome)
        received, decided = outcome.span(self, guide)
        pen = Pen(self.draw, min(received, FIRST - 1), decided)
        at_window = not guide.online or self.draw.random() < (0.45 if guide.reviews else 0.65)
        self._submitted(pen, at_window)
        outcome.write(self, pen, guide)
        return Case(guide.key, who, ask, tuple(pen.acts), at_window)

    def _submitted(self, pen: Pen, at_window: bool) -> None:
        when = self.draw.random()
        if at_window or when < 0.5:
            pen.put("submit")
        elif when < 0.6:
            pen.put_at_noon("submit")
        else:
            pen.put_at_night("submit")

    def _request(self, outcome: Outcome) -> tuple[Guide, str, str]:
        """Draw an item, who applies for it, and what for; hardly anybody wants the same thing twice."""
        fitting = [guide for guide in self.open if outcome.fits(guide)]
        for _ in range(40):
            guide = self.draw.choices(fitting, [each.weight for each in fitting])[0]
            who, ask = self._who(guide)
            if (guide.key, who) not in self.used:
                break
        self.used.add((guide.key, who))
        return guide, who, ask

    def _who(self, guide: Guide) -> tuple[str, str]:
        """Draw who applies, and what for: some things only a person asks for, others only a firm."""
        asks = [ask for ask in guide.asks if not (ask.startswith(FIRM_ONLY) and "企业法人" not in guide.audience)]
        ask = self.draw.choice(asks)
        person = guide.audience == ("自然人",) or ask.startswith(PERSON_ONLY)
        if not person and not ask.startswith(FIRM_ONLY):
            person = "自然人" in guide.audience and self.draw.random() < 0.5
        who = self.draw.choice(list(crowd.citizens()) if person else crowd.firms_in(guide.trade))
        return who, ask.removeprefix(FIRM_ONLY).removeprefix(PERSON_ONLY)

    # --- the stretches of a story -------------------------------------------------------------------------------------
    def within(self, first: int, last: int) -> int:
        """Draw a number of days."""
        return self.draw.randint(first, max(first, last))

    def accepted(self, pen: Pen, after: int | None = None) -> None:
        """Accept, most often on the day or the day after."""
        pen.put("accept", after=self.draw.choice((0, 0, 1)) if after is None else after)

    def reviewed(self, pen: Pen, guide: Guide, days: int, steps: int | None = None) -> None:
        """Pass so many steps within so many days."""
        names = [name for name, _ in guide.reviews][:steps]
        for n, name in enumerate(names):
            after = days * (n + 1) // len(names) - days * n // len(names)
            pen.put("review", after=after, opinion=phrases.opinion(self.draw, name))

    def granted(self, pen: Pen, guide: Guide, after: int = 0) -> None:
        """Grant."""
        pen.put("grant", after=after, opinion=phrases.granted(self.draw, guide))

    def refused(self, pen: Pen, guide: Guide, after: int = 0) -> None:
        """Refuse, with a condition that was not met."""
        pen.put("refuse", after=after, **phrases.refused(self.draw, guide))

    def delivered(self, pen: Pen, most: int = 4) -> None:
        """Hand the decision over."""
        way = self.draw.choice(("direct", "direct", "electronic", "electronic", "post"))
        pen.put("deliver", after=max(0, min(pen.ago, self.within(0, most))), way=way)

    def corrected(self, pen: Pen, guide: Guide, *, again: bool = False) -> None:
        """Ask once for what is lacking and, if it is handed in, take it in."""
        slots, told = phrases.lacks(self.draw, guide)
        pen.put("request_correction", after=1, lacks=told)
        if again:
            pen.put("supplement", after=self.within(1, 4), slots=slots, note=phrases.handed_in(self.draw))

    def suspended(self, pen: Pen, guide: Guide, after: int) -> str:
        """Begin the item's special procedure and return how it will end."""
        why, result = phrases.suspended(guide)
        pen.put("suspend", after=after, kind=guide.special, days=self.within(12, 20), reason=why)
        return result


def cases(size: int) -> Iterator[Case]:
    """Draw so many cases, in the proportions of a city in an ordinary week."""
    from xiaoneng.jobs.demo.outcomes import OUTCOMES

    plotter = Plotter()
    total = sum(outcome.share for outcome in OUTCOMES)
    for outcome in OUTCOMES:
        for _ in range(max(1, round(outcome.share * size / total))):
            yield plotter.case(outcome)


def organ_of(guide: Guide) -> places.Organ:
    """Return the organ that handles an item."""
    return places.ORGANS[guide.organ]
