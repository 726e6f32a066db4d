"""Who answers for what turned red, by who had it when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from xiaoneng.rules.hands import Stretch, answers

RED = datetime(2026, 3, 12, 9, tzinfo=UTC)


def hands(*had):
    """Lay stretches of so many hours end to end, up to the red light."""
    since = RED - timedelta(hours=sum(hours for _, hours in had))
    for account, hours in had:
        yield Stretch(account, since, since + timedelta(hours=hours))
        since += timedelta(hours=hours)


@pytest.mark.parametrize(
    ("had", "who"),
    [
        ([], None),
        ([(1, 200)], 1),
        ([(1, 200), (2, 23)], 1),  # it came to her when time was up
        ([(1, 200), (2, 24)], 2),
        ([(1, 71), (2, 2)], 2),  # nobody had let it lie
        ([(1, 72), (2, 2)], 1),
        ([(2, 30), (1, 200), (2, 2)], 2),  # she had had it before
        ([(None, 200), (2, 2)], None),  # it waited for several
        ([(1, 200), (None, 2)], 1),
        ([(1, 80), (None, 200)], None),
    ],
)
def test_whoever_had_it_while_time_ran_answers(had, who):
    assert answers(hands(*had)) == who
