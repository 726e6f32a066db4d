"""The dependency rule of joint cases: whatever happens, nothing opens too soon and nothing waits for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoneng.rules import parallel
from xiaoneng.rules.limits import Light, WorkingDays
from xiaoneng.rules.parallel import Branch, Level, Outcome
from xiaoneng.rules.workdays import OFFICE_HOURS, Calendar

ENDS = (Outcome.GRANTED, Outcome.REFUSED, Outcome.ENDED)


@st.composite
def chains(draw):
    """Draw branches of which each waits for some of those before it."""
    size = draw(st.integers(1, 12))
    return {n: frozenset(draw(st.sets(st.integers(1, n - 1)))) if n > 1 else frozenset() for n in range(1, size + 1)}


def advance(after, where):
    """Apply what follows until nothing does."""
    steps = parallel.next_steps(Branch(n, after[n], where[n]) for n in after)
    where |= dict.fromkeys(steps.opens, Outcome.OPEN) | dict.fromkeys(steps.ends, Outcome.NEVER)
    return steps


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chains(), st.data())
def test_whatever_the_branches_come_to_the_whole_comes_to_an_end(after, data):
    where = dict.fromkeys(after, Outcome.WAITING)
    for _ in range(len(after) + 1):
        steps = advance(after, where)
        assert all(where[earlier] is Outcome.GRANTED for n in steps.opens for earlier in after[n])
        assert all(
            where[blamed].over and where[blamed] is not Outcome.GRANTED for n in steps.ends for blamed in steps.ends[n]
        )
        assert not any(parallel.next_steps(Branch(n, after[n], where[n]) for n in after).opens)
        open_ = [n for n in after if where[n] is Outcome.OPEN]
        if not open_:
            break
        where[data.draw(st.sampled_from(open_))] = data.draw(st.sampled_from(ENDS))
    assert parallel.is_over(Branch(n, after[n], where[n]) for n in after)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chains(), st.data())
def test_what_does_not_depend_on_a_refused_branch_is_not_ended_by_it(after, data):
    refused = data.draw(st.sampled_from(sorted(after)))
    where = {n: Outcome.GRANTED if n < refused else Outcome.WAITING for n in after} | {refused: Outcome.REFUSED}
    ended = set(parallel.next_steps(Branch(n, after[n], where[n]) for n in after).ends)
    below: set[int] = {refused}
    for n in sorted(after):
        below |= {n} if after[n] & below else set()
    assert ended == below - {refused}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chains())
def test_a_chain_that_only_looks_back_is_in_order_and_one_closed_to_a_circle_is_not(after):
    names = {n: f"事项{n}" for n in after}
    assert parallel.to_chain(after, names) == ()
    circle = {**after, 1: frozenset({max(after)})} | ({max(after): after[max(after)] | {1}} if len(after) > 1 else {})
    assert [each.code for each in parallel.to_chain(circle, names)] == ["after"]


def test_a_precondition_outside_the_whole_is_named():
    assert "前置事项不在这件事里" in parallel.to_chain({1: {7}}, {1: "环评"})[0].message


@pytest.mark.parametrize(("branch", "whole", "rung"), [
    (Light.GREEN, Light.RED, Level.NONE), (Light.YELLOW, Light.GREEN, Level.DEPARTMENT), (Light.PAUSED, Light.RED, Level.NONE),
    (Light.RED, Light.GREEN, Level.LEAD), (Light.RED, Light.YELLOW, Level.GOVERNMENT),
])  # fmt: skip
def test_a_missing_opinion_climbs_rung_by_rung(branch, whole, rung):
    assert parallel.level(branch, whole) is rung


def test_the_worst_light_wins_and_all_must_stand_still_to_be_paused():
    assert parallel.worst([Light.PAUSED, Light.GREEN]) is Light.GREEN
    assert parallel.worst([Light.PAUSED, Light.PAUSED]) is Light.PAUSED
    assert parallel.worst([Light.GREEN, Light.YELLOW, Light.RED]) is Light.RED


def test_a_branch_is_cut_to_the_whole_and_one_that_opens_too_late_is_due_at_once():
    plain = Calendar(region="", version=1, special={}, notices={2026: ""})
    cut = [
        parallel.capped(WorkingDays(20), day, date(2026, 3, 13), plain, OFFICE_HOURS)
        for day in (date(2026, 3, 2), date(2026, 3, 13), date(2026, 3, 20))
    ]
    assert cut == [WorkingDays(9), WorkingDays(0), WorkingDays(0)]
    assert parallel.capped(WorkingDays(5), date(2026, 3, 2), date(2026, 3, 13), plain, OFFICE_HOURS) is None


def test_the_highest_rung_is_reached_when_both_have_come_true():
    red, whole = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    assert parallel.rung_reached_at(Level.GOVERNMENT, None, red, whole) == whole
    assert parallel.rung_reached_at(Level.LEAD, None, red, whole) == red


def test_all_some_or_none_granted():
    granted, refused = Outcome.GRANTED, Outcome.REFUSED
    told = [parallel.result(each) for each in ([granted, granted], [granted, refused], [refused])]
    assert told == ["granted", "partly", "none"]
