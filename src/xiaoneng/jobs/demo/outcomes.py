"""How far the cases of 安澜 have come: for each outcome its share, the items it can happen to, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from xiaoneng.jobs.demo import phrases
from xiaoneng.jobs.demo.cases import FIRST
from xiaoneng.jobs.demo.items import LICENCE, Guide
from xiaoneng.jobs.demo.pen import Pen
from xiaoneng.jobs.demo.plot import (
    DELIVERY_RED,
    DELIVERY_YELLOW,
    Outcome,
    Plotter,
    calm,
    organ_of,
    soon,
    warned,
    working,
)
from xiaoneng.rules.units import WorkingDays

Span = Callable[[Plotter, Guide], tuple[int, int]]


def any_item(guide: Guide) -> bool:
    """Every item that can be applied for."""
    return True


def instant(guide: Guide) -> bool:
    """Items that are decided while one waits."""
    return not guide.reviews


def reviewed(guide: Guide) -> bool:
    """Items with steps of review."""
    return bool(guide.reviews)


def promising(least: int) -> Callable[[Guide], bool]:
    """Reviewed items whose promise has so many working days."""
    return lambda guide: bool(guide.reviews) and working(guide) >= least


def unhurried(guide: Guide) -> bool:
    """Reviewed items with at least two days before the light turns."""
    return bool(guide.reviews) and soon(guide.promised) >= 2


def in_the_market(guide: Guide) -> bool:
    """What the market regulation bureau licenses: the busiest of all."""
    return guide.organ == "市监" and guide.kind == LICENCE and readily(guide)


def in_town(guide: Guide) -> bool:
    """What the nearest town reviews."""
    return guide.organ == "柳浦镇"


def calmly(least: int) -> Callable[[Guide], bool]:
    """Reviewed items whose light stays green for so many days after acceptance."""
    return lambda guide: bool(guide.reviews) and calm(guide) >= least


def readily(guide: Guide) -> bool:
    """Reviewed items that come to their decision within some days, with time left for it."""
    return calmly(2)(guide) and soon(guide.promised) <= 10


def of_interest_to_others(guide: Guide) -> bool:
    """Licences that concern neighbours, so that there may be a hearing."""
    return guide.kind == LICENCE and promising(8)(guide)


def extensible(guide: Guide) -> bool:
    """Reviewed items whose limits are working days, so that the law lets them be extended."""
    return working(guide) >= 5 and bool(guide.reviews) and isinstance(guide.statutory, WorkingDays | None)


def special(guide: Guide) -> bool:
    """Items that may need a special procedure, with time for it."""
    return bool(guide.special) and bool(guide.reviews) and calm(guide) >= 5


def ago(first: int, last: int) -> Span:
    """Received between so many working days ago."""
    return lambda plotter, guide: (plotter.within(first, last), 0)


def long_ago(plotter: Plotter, guide: Guide) -> tuple[int, int]:
    """Received so long ago that it can be finished by now."""
    return plotter.within(min(FIRST - 2, soon(guide.promised) + 3), FIRST - 1), 0


# --- finished ---------------------------------------------------------------------------------------------------------
def at_once(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Accepted, decided and handed over in one visit."""
    pen.put("accept", quick=True)
    pen.put("grant", quick=True, opinion="信息核对无误，当场办结。")
    pen.put("deliver", quick=True, way="direct")


def in_time(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Granted well within the promise."""
    plotter.accepted(pen)
    plotter.reviewed(pen, guide, plotter.within(soon(guide.promised) // 2, soon(guide.promised)))
    plotter.granted(pen, guide)
    plotter.delivered(pen)


def too_late(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Granted some days after the promise: a red light stays on record."""
    plotter.accepted(pen)
    plotter.reviewed(pen, guide, working(guide) + plotter.within(1, 2))
    plotter.granted(pen, guide)
    plotter.delivered(pen, 2)


def turned_down(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Refused, and the decision delivered."""
    plotter.accepted(pen)
    plotter.reviewed(pen, guide, soon(guide.promised))
    plotter.refused(pen, guide)
    plotter.delivered(pen)


def after_correction(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Granted after the applicant supplied what was lacking."""
    plotter.corrected(pen, guide, again=True)
    plotter.accepted(pen, 0)
    plotter.reviewed(pen, guide, soon(guide.promised))
    plotter.granted(pen, guide)
    plotter.delivered(pen, 2)


def after_special(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Granted after a special procedure, whose days do not count."""
    plotter.accepted(pen)
    result = plotter.suspended(pen, guide, 1)
    pen.put("resume", after=plotter.within(5, 9), result=result)
    plotter.reviewed(pen, guide, soon(guide.promised) - 2)
    plotter.granted(pen, guide)
    plotter.delivered(pen, 2)


def after_extension(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Granted within the extended limit."""
    plotter.accepted(pen, 0)
    pen.put(
        "extend", after=working(guide) - 2, days=plotter.draw.choice((5, 8, 10)), reason=phrases.extended(plotter.draw)
    )
    plotter.reviewed(pen, guide, 4)
    plotter.granted(pen, guide)
    plotter.delivered(pen, 2)


def after_silence(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Nobody answered in five working days, so the law deems it accepted."""
    pen.put("review", after=6, opinion=phrases.opinion(plotter.draw, guide.reviews[0][0]))
    for name, _ in guide.reviews[1:]:
        pen.put("review", after=1, opinion=phrases.opinion(plotter.draw, name))
    plotter.granted(pen, guide)
    plotter.delivered(pen, 2)


def not_accepted(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Not accepted: not needed, or the matter of another organ."""
    pen.put("not_accept", after=1, **phrases.not_accepted(plotter.draw, guide, organ_of(guide).name))


def withdrawn(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Taken back while it was under review."""
    plotter.accepted(pen)
    pen.put("withdraw", after=plotter.within(1, max(1, soon(guide.promised))), reason=phrases.withdrawn(plotter.draw))


# --- open -------------------------------------------------------------------------------------------------------------
def waiting(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Received, nothing more."""


def correcting(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """The applicant was told what is lacking."""
    plotter.corrected(pen, guide)


def supplied(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """The applicant has supplied it just now."""
    slots, told = phrases.lacks(plotter.draw, guide)
    pen.put("request_correction", after=1, lacks=told)
    pen.put("supplement", after=max(1, pen.ago - 1), slots=slots, note=phrases.handed_in(plotter.draw))


def in_review(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Accepted on the day it came, some of its steps passed."""
    plotter.accepted(pen, 0)
    passed = plotter.within(0, min(len(guide.reviews) - 1, pen.ago))
    if passed:
        plotter.reviewed(pen, guide, max(1, pen.ago - plotter.within(0, 1)), passed)


def to_decide(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """All steps passed, waiting for the head."""
    plotter.accepted(pen, 0)
    plotter.reviewed(pen, guide, max(1, pen.ago - 1))


def paused_in_review(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """A special procedure goes on."""
    plotter.accepted(pen, 0)
    if len(guide.reviews) > 1:
        plotter.reviewed(pen, guide, 1, 1)
    plotter.suspended(pen, guide, 1)


def paused_at_decision(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """A special procedure goes on after the last step."""
    plotter.accepted(pen, 0)
    plotter.reviewed(pen, guide, 2)
    pen.put("suspend", after=1, kind="hearing", days=15, reason="利害关系人在规定期限内要求听证，依法组织听证。")


def to_deliver(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Granted, waiting to be handed over."""
    plotter.accepted(pen, 0)
    plotter.reviewed(pen, guide, pen.ago - pen.decided)
    plotter.granted(pen, guide)


def refusal_to_deliver(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """Refused, waiting to be handed over."""
    plotter.accepted(pen, 0)
    plotter.reviewed(pen, guide, pen.ago - pen.decided)
    plotter.refused(pen, guide)


def begun(plotter: Plotter, pen: Pen, guide: Guide) -> None:
    """A form begun and not handed in."""
    pen.acts[-1] = replace(pen.acts[-1], move="draft")


def in_the_green(least: int) -> Span:
    """Received so lately that its promise is far from over."""
    return lambda plotter, guide: (plotter.within(least, min(10, calm(guide))), 0)


def in_the_yellow(plotter: Plotter, guide: Guide) -> tuple[int, int]:
    """Received so that its promise ends tomorrow or soon after."""
    return plotter.within(warned(working(guide)), working(guide) - 1), 0


def in_the_red(plotter: Plotter, guide: Guide) -> tuple[int, int]:
    """Received so that its promise ended yesterday or before."""
    return working(guide) + plotter.within(1, 3), 0


def decided(first: int, last: int) -> Span:
    """Decided in time, between so many working days ago."""

    def span(plotter: Plotter, guide: Guide) -> tuple[int, int]:
        day = plotter.within(first, last)
        return day + plotter.within(1, min(8, soon(guide.promised))), day

    return span


OUTCOMES = (
    Outcome(86, instant, at_once, ago(0, FIRST - 1)),
    Outcome(122, reviewed, in_time, long_ago),
    Outcome(7, promising(3), too_late, long_ago),
    Outcome(10, unhurried, turned_down, long_ago),
    Outcome(24, unhurried, after_correction, ago(26, FIRST - 1)),
    Outcome(7, special, after_special, ago(30, FIRST - 1)),
    Outcome(4, extensible, after_extension, ago(30, FIRST - 1)),
    Outcome(3, promising(10), after_silence, ago(16, FIRST - 1)),
    Outcome(7, any_item, not_accepted, ago(2, FIRST - 1)),
    Outcome(8, unhurried, withdrawn, ago(12, FIRST - 1)),
    Outcome(3, any_item, correcting, ago(18, FIRST - 1)),  # never supplied: the platform ends it after fifteen days
    Outcome(11, reviewed, waiting, ago(0, 3)),
    Outcome(2, in_town, waiting, ago(0, 3)),
    Outcome(2, reviewed, waiting, ago(4, 4)),
    Outcome(8, any_item, correcting, ago(3, 8)),
    Outcome(4, reviewed, supplied, ago(5, 8)),
    Outcome(25, calmly(1), in_review, in_the_green(0)),
    Outcome(2, promising(2), in_review, in_the_yellow),
    Outcome(1, promising(3), in_review, in_the_red),
    Outcome(4, special, paused_in_review, ago(4, 9)),
    Outcome(13, readily, to_decide, in_the_green(2)),
    Outcome(5, in_the_market, to_decide, in_the_green(2)),
    Outcome(1, promising(3), to_decide, in_the_yellow),
    Outcome(1, in_the_market, to_decide, in_the_yellow),
    Outcome(1, of_interest_to_others, paused_at_decision, ago(5, 8)),
    Outcome(12, unhurried, to_deliver, decided(0, 7)),
    Outcome(2, in_town, to_deliver, decided(0, 7)),
    Outcome(1, unhurried, to_deliver, decided(*DELIVERY_YELLOW)),
    Outcome(1, unhurried, to_deliver, decided(*DELIVERY_RED)),
    Outcome(2, unhurried, refusal_to_deliver, decided(1, 6)),
    Outcome(6, reviewed, begun, ago(0, 12)),
)
