"""What time it is, and who may set it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from xiaoneng.kit import clock


class Database:
    """A stand-in for the connection that answers the one question of the clock."""

    def __init__(self, moment: datetime, kind: str | None) -> None:
        self.row = (moment, kind)

    def cursor(self) -> Database:
        return self

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def execute(self, statement: str) -> None:
        assert "xn_clock()" in statement

    def fetchone(self) -> tuple[datetime, str | None]:
        return self.row


MOMENT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)


def test_the_systems_time_is_aware_and_in_utc(settings):
    settings.CLOCK = "system"
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("kind", ["demo", "test", "bench"])
def test_a_demo_test_or_bench_city_may_live_at_another_time(settings, monkeypatch, kind):
    settings.CLOCK = "database"
    monkeypatch.setattr(clock, "connection", Database(MOMENT, kind))
    assert clock.now() == MOMENT


@pytest.mark.parametrize("kind", ["production", None, ""])
def test_a_production_city_lives_at_the_systems_time(settings, monkeypatch, kind):
    settings.CLOCK = "database"
    monkeypatch.setattr(clock, "connection", Database(MOMENT, kind))
    with pytest.raises(ImproperlyConfigured, match="只能用于演示、测试和压测环境"):
        clock.now()
