"""Insiders who know the rules and step round them: alone in their city, with a token act on the last day, with padding.

Beside each stands somebody who does nearly the same and nothing wrong, and is not found.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from test_insiders import LATE, MONDAY, WHOLE, look
from test_insiders_out_of_order import LAST_DAY, TUESDAY, WEDNESDAY, claimed, of, office, passed_on
from test_insiders_who_seem_in_time import BY, EVENING, close_later

import build
from build import moment
from xiaoneng.approval.actions import claims, consult, extension, special
from xiaoneng.jobs import time_machine
from xiaoneng.org import preferences
from xiaoneng.rules.roles import Administrator
from xiaoneng.supervision import actions, cards, models

pytestmark = pytest.mark.django_db


# --- where there is nobody to be compared with ------------------------------------------------------------------------
def extends(where, version, number, of_all, start, begin=0):
    for n in range(begin, begin + of_all):
        day = start + timedelta(minutes=n)
        walk = of(where, version, n, day)
        if n - begin < number:
            walk.do(extension.extend, day + timedelta(days=1), where.head, days=10, reason=f"第 {n} 件的图纸要复核")
        walk.reviewed(day + timedelta(days=1, hours=1)).granted(day + timedelta(days=1, hours=2))


def test_the_only_office_of_a_city_that_extends_half_of_its_cases_is_found_and_one_that_extends_some_is_not():
    few, many = office(), office()
    extends(*few, 9, 32, MONDAY)
    assert look(LATE) == set()
    extends(*many, 16, 32, MONDAY)
    assert look(LATE) == {"F-EXTENSIONS"}
    row = models.Finding.objects.get()
    assert row.matter.department_id == many[0].department.pk and '"比例":"50.0%"' in row.evidence


def test_where_the_share_from_which_it_is_too_much_is_set_lower_less_is_found():
    extends(*office(), 9, 32, MONDAY)
    system = frozenset({Administrator.SYSTEM})
    preferences.change("most_of_all", "25", current={"most_of_all": 50}, roles=system, by=BY, at=MONDAY)
    assert look(LATE) == {"F-EXTENSIONS"}


def test_the_only_office_of_a_city_that_extends_far_more_than_it_used_to_is_found():
    where, version = office()
    extends(where, version, 1, 40, moment("2026-03-02"))
    extends(where, version, 12, 36, moment("2026-07-06"), begin=100)
    assert look(moment("2026-07-20")) == {"F-EXTENSIONS"}
    assert '"以往的比例":"2.5%"' in models.Finding.objects.get().evidence


def test_an_office_that_has_always_extended_a_third_is_not():
    where, version = office()
    extends(where, version, 11, 40, moment("2026-03-02"))
    extends(where, version, 12, 36, moment("2026-07-06"), begin=100)
    assert look(moment("2026-07-20")) == set()


# --- a token act on the last day --------------------------------------------------------------------------------------
def asks_around(walk, who, at):
    walk.do(consult.consult, at, who, department=build.city().department.pk, question="是否符合规划？", days=3)


def test_who_asks_another_department_on_the_last_day_and_then_passes_it_on_is_found():
    where, walks, other = claimed()
    asks_around(walks[0], where.reviewer, LAST_DAY - timedelta(hours=1))
    passed_on(walks, other, LAST_DAY)
    assert look(LATE) == {"F-HANDED-ON"}
    assert models.Finding.objects.get().person == where.reviewer.account


def test_who_has_the_next_do_a_token_act_or_slips_one_case_more_under_it_is_found():
    _, walks, other = claimed()
    passed_on(walks, other, LAST_DAY)
    asks_around(walks[0], other, LAST_DAY + timedelta(minutes=30))
    mine, pile, other = claimed(3)
    pile[1].do(special.suspend, moment("2026-03-05"), mine.head, **WHOLE | {"kind": "testing"})
    passed_on(pile[:2], other, LAST_DAY)  # one is far from due; the third he keeps
    assert look(LATE) == {"F-HANDED-ON"}
    found = {row.cases[0] for row in models.Finding.objects.all()}
    assert found == {walks[0].matter, pile[0].matter}


def test_who_worked_on_it_before_the_last_day_is_not():
    where, walks, other = claimed()
    asks_around(walks[0], where.reviewer, moment("2026-03-05"))
    passed_on(walks, other, LAST_DAY)
    assert look(LATE) == set()


def carded(walk):
    with time_machine.at(LATE):
        actions.record_red_lights(lambda: LATE)
        cards.issue_what_is_called_for(lambda: LATE)
    return models.Card.objects.get(about_id=walk.matter).person


def test_the_card_names_who_had_the_case_while_time_ran_and_not_who_got_it_on_its_last_day():
    where, walks, other = claimed()
    passed_on(walks, other, LAST_DAY)
    assert carded(walks[0]) == where.reviewer.account


def test_the_card_names_who_reviewed_it_on_the_last_day_and_not_the_head_who_got_it_then():
    where, walks, _ = claimed()
    walks[0].reviewed(LAST_DAY + timedelta(hours=2))
    assert carded(walks[0]) == where.reviewer.account


def test_the_card_names_who_had_it_for_days_though_another_had_it_longer():
    _, walks, other = claimed()
    passed_on(walks, other, moment("2026-03-09"))
    assert carded(walks[0]) == other.account


def test_the_card_names_who_let_it_lie_though_a_third_took_it_after_it_turned_red():
    where, walks, other = claimed()
    late = moment("2026-03-13")
    passed_on(walks, other, late)
    assert carded(walks[0]) == where.reviewer.account


# --- padding ----------------------------------------------------------------------------------------------------------
def long_evening(saved, padding, lain):
    """Let cases be saved in an evening that was ordered two days before, among others that had lain for so many days."""
    where, version = office()
    cases = [of(where, version, n, MONDAY).reviewed(TUESDAY) for n in range(saved)]
    others = [of(where, version, 50 + n, EVENING - timedelta(days=lain)) for n in range(padding)]
    close_later(where, "9:00-12:00 13:00-20:00", date(2026, 3, 12), moment("2026-03-10"))
    for n, each in enumerate(others):
        each.reviewed(EVENING + timedelta(minutes=n))
    for case in cases:
        case.granted(EVENING)
    close_later(where, "9:00-12:00 13:00-17:00", date(2026, 3, 13), EVENING + timedelta(hours=1))
    return cases


def test_a_long_evening_that_is_filled_with_what_could_have_been_done_any_day_is_found():
    cases = long_evening(1, 12, lain=4)
    assert look(LATE) == {"F-HOURS-BACK"}
    assert models.Finding.objects.get().cases == [cases[0].matter]


def test_a_long_evening_that_served_what_came_in_that_day_is_not():
    long_evening(1, 5, lain=1)
    assert look(LATE) == set()


def test_hours_that_stay_long_for_three_weeks_are_no_way_out():
    where, version = office()
    walk = of(where, version, 1, MONDAY).reviewed(WEDNESDAY)
    close_later(where, "9:00-12:00 13:00-23:30", date(2026, 3, 12), moment("2026-03-11"))
    walk.granted(EVENING)
    close_later(where, "9:00-12:00 13:00-17:00", date(2026, 4, 2), EVENING + timedelta(hours=1))
    assert look(moment("2026-04-03")) == {"F-HOURS-BACK"}


def test_laying_a_case_back_after_it_turned_red_changes_nothing():
    where, walks, _ = claimed()
    with time_machine.at(moment("2026-03-13")):
        claims.lay_back(walks[0].matter, by=where.reviewer.account, at=moment("2026-03-13"))
    assert carded(walks[0]) == where.reviewer.account
