from datetime import date, datetime, time

import pytest

from shared_data import needed
from xiaoneng.org.official_calendar import national
from xiaoneng.rules.workdays import CHINA, Calendar


@pytest.fixture
def shared():
    return needed()


@pytest.fixture
def official() -> Calendar:
    return national()


@pytest.fixture
def at():
    """The instant of a day's moment in China: at("2026-03-25", "17:00")."""
    return lambda day, moment: datetime.combine(date.fromisoformat(day), time.fromisoformat(moment), CHINA)
