"""The doctor's own counter agrees with the law's, though they share no code."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from build import moment
from xiaoneng.jobs.doctor.almanac import Almanac
from xiaoneng.jobs.doctor.naive import reckon
from xiaoneng.org import official_calendar
from xiaoneng.rules.limits import Pause, Threshold, deadline, limit, unite
from xiaoneng.rules.workdays import DayKind, OfficeHours, receipt_day

CALENDAR = official_calendar.national()


@pytest.fixture(scope="module")
def almanac() -> Almanac:
    days = {kind: [d for d, special in CALENDAR.special.items() if special.kind is kind] for kind in DayKind}
    return Almanac(days[DayKind.HOLIDAY], days[DayKind.MAKEUP], set(CALENDAR.notices), "09:00-12:00,13:00-17:00")


def pauses_of(chance: random.Random, start: date) -> tuple[Pause, ...]:
    found, day = [], start + timedelta(days=chance.randint(0, 9))
    for _ in range(chance.randint(0, 3)):
        end = day + timedelta(days=chance.randint(1, 15))
        found.append(Pause(day, end if chance.random() < 0.8 else None))
        day = end + timedelta(days=chance.randint(0, 9))
    return unite(found)


@pytest.mark.parametrize("unit", ["working_day", "calendar_day", "month", "hour"])
def test_both_counters_agree_on_five_hundred_clocks(almanac, unit):
    chance = random.Random(unit)
    for _ in range(500):
        start = date(2015, 1, 1) + timedelta(days=chance.randint(0, 4600))
        n = chance.randint(1 if unit in ("hour", "month") else 0, {"hour": 200, "month": 8}.get(unit, 90))
        at, pauses = moment(start, f"{chance.randint(9, 16):02}:{chance.randint(0, 59):02}"), pauses_of(chance, start)
        warns = (chance.randint(0, 99), chance.randint(0, 9))
        law = deadline(
            limit(unit, n), start, calendar=CALENDAR, hours=OfficeHours(), pauses=pauses, started_at=at,
            threshold=Threshold(*warns),
        )  # fmt: skip
        own = reckon(almanac, unit, n, start, at, tuple((p.start, p.end) for p in pauses), warns)
        assert own == (law and (law.due_on, law.yellow_at, law.red_at, law.provisional)), (unit, n, start, pauses)


def test_both_agree_on_the_day_of_receipt(almanac):
    chance = random.Random(1)
    for _ in range(500):
        at = moment(date(2015, 1, 1) + timedelta(days=chance.randint(0, 4000)), f"{chance.randint(0, 23):02}:00")
        assert almanac.received(at) == receipt_day(at, CALENDAR)
