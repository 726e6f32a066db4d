"""The bench of the boards: small in the daily tests, at full size in the long ones."""

from __future__ import annotations

import pytest
from django.db import connections

from xiaoneng.jobs.bench import supervision

WANTED = {"board_ms", "newly_red_p99_ms", "burst_100k_s", "boards_differing_from_a_count"}


@pytest.fixture
def bench(django_db_setup, django_db_blocker):
    """Let the bench make its own database beside the tests', and lead back to theirs."""
    with django_db_blocker.unblock():
        yield supervision.run
        connections.close_all()


def test_a_small_bench_tells_its_goals_and_finds_the_board_exact(bench):
    report = bench(3000)
    goals = {goal.name: goal for goal in report.goals}
    assert set(goals) == WANTED
    assert goals["boards_differing_from_a_count"].value == 0
    assert report.figures["lights_recorded"] == 1500
    assert report.figures["departments"] >= 200


@pytest.mark.prove
def test_ten_million_open_matters(bench):
    report = bench(10_000_000)
    assert [goal.as_line() for goal in report.goals if not goal.ok] == []
