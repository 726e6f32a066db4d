"""A calendar changes: open cases are counted anew with one entry each, closed ones never."""

from datetime import date

import pytest
from django.db import connection

import build
from build import moment
from xiaoneng.approval.actions import recalculation
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.org.models import Calendar, CalendarDay

pytestmark = pytest.mark.django_db


def with_holiday(day: date) -> Calendar:
    calendar = Calendar.objects.get(name="全国")
    calendar.version += 1
    calendar.save()
    CalendarDay.objects.create(calendar=calendar, day=day, kind="holiday", name="本地节日", since=calendar.version)
    return calendar


def test_a_new_holiday_moves_open_cases_by_a_day_and_leaves_closed_ones():
    where = build.city()
    version = build.item(where)
    open_case = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    closed = build.application(where, version).received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    closed.reviewed(moment("2026-03-02")).granted(moment("2026-03-03")).delivered(moment("2026-03-03"))
    before = closed.file
    calendar = with_holiday(date(2026, 3, 10))
    at = moment("2026-03-04")
    with time_machine.at(at):
        moved = recalculation.recalculate(calendar=calendar.pk, now=lambda: at, document="安澜市人民政府通知")
        assert moved == 1
        again = recalculation.recalculate(calendar=calendar.pk, now=lambda: at, document="安澜市人民政府通知")
        assert again == 0
    assert open_case.file.clock("promised").due_on == date(2026, 3, 13)
    entry = matters.journal(open_case.matter)[0]
    assert entry.move == "recalculate" and entry.facts["what"]["document"] == "安澜市人民政府通知"
    dates = {each["clock"]: (each["from"], each["to"]) for each in entry.facts["what"]["dates"]}
    assert dates["promised"] == ("2026-03-12", "2026-03-13")
    assert closed.file.head == before.head


def test_what_two_recalculations_found_stands_until_the_next_move_lays_it_over_the_clocks():
    walk = build.application().received(moment("2026-03-02")).accepted(moment("2026-03-02"))
    for day, due in (
        (date(2026, 3, 10), ("2026-03-13", "2026-03-31")),
        (date(2026, 3, 25), ("2026-03-13", "2026-04-01")),
    ):
        calendar = with_holiday(day)
        at = moment("2026-03-03")
        with time_machine.at(at):
            assert recalculation.recalculate(calendar=calendar.pk, now=lambda at=at: at, document="通知") == 1
        assert dates(walk.matter) == {"promised": due[0], "statutory": due[1]} and laid(walk.matter) == folded(
            walk.matter
        )
    assert beside(walk.matter) is not None
    walk.reviewed(moment("2026-03-04"))
    assert beside(walk.matter) is None
    assert dates(walk.matter) == {"promised": "2026-03-13", "statutory": "2026-04-01"}
    assert laid(walk.matter) == folded(walk.matter)


def laid(matter: int) -> dict:
    return Matter.objects.get(pk=matter).clocks


def dates(matter: int) -> dict[str, str]:
    found = laid(matter)
    return {name: found[f"{name}/1"]["due_on"] for name in ("promised", "statutory")}


def folded(matter: int) -> dict:
    clocks: dict = {}
    for entry in reversed(matters.journal(matter)):
        clocks |= {f"{clock['name']}/{clock['round']}": clock for clock in entry.facts.get("clocks", ())}
        clocks |= {key: clocks[key] | anew for key, anew in entry.facts.get("recounted", {}).items()}
    return clocks


def beside(matter: int) -> dict | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clocks_recounted FROM matter WHERE id = %s", [matter])
        return cursor.fetchone()[0]


def test_a_date_reaching_into_a_year_without_notice_is_provisional():
    walk = build.application().received(moment("2026-12-18")).accepted(moment("2026-12-18"))
    assert walk.file.clock("statutory").provisional and not walk.file.clock("pre_acceptance").provisional
