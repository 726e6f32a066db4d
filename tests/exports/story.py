"""A city whose cases go on side by side, in the order of time, with the log sealed now and then as the worker would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import build
from build import moment
from xiaoneng.evidence import actions as evidence
from xiaoneng.jobs import time_machine
from xiaoneng.supervision import actions as supervision

NOW = moment("2026-06-01", "12:00")
SEALED = ("2026-03-02 12:00", "2026-03-04 18:00", "2026-03-12 18:00", "2026-03-31 18:00", "2026-04-30 18:00",
          "2026-05-20 18:00", "2026-05-29 19:00")  # fmt: skip
STORY = """
2026-03-01 20:14 whole received      | 2026-03-02 09:12 whole accepted    | 2026-03-04 15:10 whole suspended
2026-03-10 10:00 whole resumed       | 2026-03-11 10:00 whole reviewed    | 2026-03-12 10:00 whole suspended
2026-03-16 10:00 whole resumed       | 2026-03-17 10:00 whole extended    | 2026-03-18 10:00 whole reviewed
2026-03-19 10:00 whole granted       | 2026-03-20 10:00 whole delivered
2026-03-02 10:00 late received       | 2026-03-03 10:00 late accepted     | 2026-04-20 10:00 late reviewed
2026-04-21 10:00 late reviewed       | 2026-04-22 10:00 late refused      | 2026-05-28 10:00 late delivered
2026-03-02 10:30 asked received      | 2026-03-03 10:30 asked asked       | 2026-03-05 18:30 asked supplemented
2026-03-09 10:30 asked accepted      | 2026-03-10 10:30 asked reviewed
2026-03-02 11:00 gone received       | 2026-03-03 11:00 gone accepted     | 2026-03-05 11:00 gone suspended
2026-03-09 11:00 gone withdrawn
2026-05-25 10:00 paused received     | 2026-05-26 10:00 paused accepted   | 2026-05-28 10:30 paused suspended
2026-05-29 16:59 waiting received    | 2026-05-29 17:30 waiting asked
2026-04-07 09:30 months received     | 2026-04-08 09:30 months accepted
2026-04-07 10:30 hours received      | 2026-04-08 10:30 hours accepted    | 2026-04-08 14:30 hours suspended
2026-04-10 09:30 hours resumed
2026-05-08 10:00 deemed received     | 2026-05-30 10:00 fresh received
"""


def tell() -> dict[str, int]:
    """Let it all happen, and give the matters by name."""
    from xiaoneng.approval.actions import apply, deemed

    where = build.city()
    usual = build.item(where, steps=(("审查", 3), ("复核", None)))
    one = (("审查", None),)
    kinds = {
        "asked": build.item(
            where, statutory=30, promised=None, unit="calendar_day", steps=one, name="建筑垃圾处置核准"
        ),
        "paused": build.item(where, statutory=30, promised=None, unit="calendar_day", steps=one, name="占道施工许可"),
        "months": build.item(where, statutory=2, promised=1, unit="month", steps=one, name="测绘资质审批"),
        "hours": build.item(where, statutory=200, promised=100, unit="hour", steps=one, name="应急抢险备案"),
    }
    walks: dict[str, build.Walk] = {}
    plan: list[tuple[datetime, Callable[[], object]]] = []
    for line in STORY.replace("\n", "|").split("|"):
        if line.strip():
            day, clock, name, verb = line.split()
            walk = walks.setdefault(name, build.Walk(where, kinds.get(name, usual)))
            plan.append((at := moment(day, clock), lambda walk=walk, verb=verb, at=at: _do(walk, verb, at, apply)))
    for text in SEALED:
        plan.append((at := moment(*text.split()), lambda at=at: seal(at)))
    plan.append((at := moment("2026-05-20", "08:00"), lambda at=at: _deem(deemed, at)))
    plan.append((moment("2026-05-29", "18:00"), _change_the_calendar))
    for _, step in sorted(plan, key=lambda each: each[0]):
        step()
    build.Walk(where, usual).drafted(NOW)
    return {name: walk.matter for name, walk in walks.items()}


def _do(walk: build.Walk, verb: str, at: datetime, apply) -> None:
    if verb == "withdrawn":
        walk.do(apply.withdraw, at, walk.city.citizen, reason="不办了")
    else:
        getattr(walk, verb)(at, **({"days": 5} if verb == "extended" else {}))


def _deem(deemed, at: datetime) -> None:
    with time_machine.at(at):
        deemed.accept_what_is_deemed_accepted(lambda: at)


def seal(at: datetime) -> None:
    """Put on record what came true and seal the journal, as the worker would at this moment."""
    with time_machine.at(at):
        supervision.record_red_lights(lambda: at)
        evidence.seal()


def _change_the_calendar() -> None:
    from xiaoneng.approval.actions import recalculation
    from xiaoneng.org.models import Calendar, CalendarDay

    at = moment("2026-05-29", "18:00")
    calendar = Calendar.objects.get(name="全国")
    calendar.version += 1
    calendar.save()
    CalendarDay.objects.create(
        calendar=calendar, day=moment("2026-06-04").date(), kind="holiday", name="市庆", since=calendar.version
    )
    with time_machine.at(at):
        assert recalculation.recalculate(calendar=calendar.pk, now=lambda: at, document="关于调整放假安排的通知")
