"""The benches: small in the daily tests, at full size in the long ones. They exclude one another, so one file has them."""

from __future__ import annotations

import pytest
from django.db import connections

import ground
from xiaoneng.jobs import database
from xiaoneng.jobs.bench import log, supervision
from xiaoneng.jobs.bench.ground import DATABASE

WANTED = {"board_ms", "newly_red_p99_ms", "burst_100k_s", "boards_differing_from_a_count"}


@pytest.fixture(autouse=True)
def beside_the_tests(django_db_setup, django_db_blocker, monkeypatch):
    """Let a bench have its own database beside the tests', copied from the one that was migrated, and lead back to theirs."""
    monkeypatch.setattr(database, "prepare", lambda: ground.make_blank(DATABASE))
    with django_db_blocker.unblock():
        yield
        connections.close_all()


def test_the_boards_bench_tells_its_goals_and_finds_the_board_exact():
    report = supervision.run(3000)
    goals = {goal.name: goal for goal in report.goals}
    assert set(goals) == WANTED
    assert goals["boards_differing_from_a_count"].value == 0
    assert report.figures["lights_recorded"] == 1500
    assert report.figures["departments"] >= 200


def test_the_logs_bench_takes_a_log_in_once_and_finds_it_unchanged_the_second_time():
    report = log.run(400)
    goals = {goal.name: goal.value for goal in report.goals}
    assert goals["kept_of_all"] == goals["unchanged_when_repeated"] == 1
    assert goals["events_per_s"] > 0 and report.figures["events"] == 400
    assert report.figures["cases"] > 5


@pytest.mark.prove
def test_ten_million_open_matters():
    report = supervision.run(10_000_000)
    assert [goal.as_line() for goal in report.goals if not goal.ok] == []
