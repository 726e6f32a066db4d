"""The bench of the import of foreign logs: small in the daily tests."""

from __future__ import annotations

import pytest
from django.db import connections

from xiaoneng.jobs.bench import log


@pytest.fixture
def bench(django_db_setup, django_db_blocker):
    """Let the bench make its own database beside the tests', and lead back to theirs."""
    with django_db_blocker.unblock():
        yield log.run
        connections.close_all()


def test_a_small_bench_takes_the_log_in_once_and_finds_it_unchanged_the_second_time(bench):
    report = bench(400)
    goals = {goal.name: goal.value for goal in report.goals}
    assert goals["kept_of_all"] == goals["unchanged_when_repeated"] == 1
    assert goals["events_per_s"] > 0 and report.figures["events"] == 400
    assert report.figures["cases"] > 5
