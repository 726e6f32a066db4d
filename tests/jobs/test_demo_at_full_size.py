"""The whole demo city: how long it takes to load, and that a morning in it is worth looking at."""

from __future__ import annotations

import os
import time

import pytest

import ground
from xiaoneng.approval import reads
from xiaoneng.jobs import database, demo, doctor
from xiaoneng.kit import clock
from xiaoneng.matters.models import Matter
from xiaoneng.matters.reads import having_light
from xiaoneng.people.models import Account
from xiaoneng.rules.limits import Light
from xiaoneng.rules.workdays import local_day

NAME = f"whole_demo_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def seconds(django_db_setup, django_db_blocker):
    """Load the city as everybody gets it, and tell how long it took."""
    with django_db_blocker.unblock():
        database.drop(NAME)
        with ground.pointed_at(NAME):
            database.prepare()
            started = time.monotonic()
            demo.load()
            yield time.monotonic() - started
        database.drop(NAME)


def test_it_loads_within_a_minute(seconds):
    assert seconds <= 60


def test_the_doctor_finds_nothing_in_it(seconds):
    assert list(doctor.examine().findings) == []


def test_some_four_hundred_cases_show_every_light_and_few_of_them_red(seconds):
    cases, now = Matter.objects.filter(kind="application"), clock.now()
    assert 390 <= cases.count() <= 415
    alive = cases.filter(version__gt=0, closed=False)
    lights = {light.value: alive.filter(having_light(light, now)).count() for light in Light}
    open_ = sum(lights.values())
    assert 100 <= open_ <= 150
    assert 0.035 <= lights["red"] / open_ <= 0.065
    assert 0.07 <= lights["yellow"] / open_ <= 0.11
    assert lights["paused"] >= 5


@pytest.mark.parametrize(("login", "shown"), [("window", "ryg"), ("reviewer", "rygp"), ("head", "rygp")])
def test_a_morning_at_the_demo_desks_is_full_and_shows_every_light(seconds, login, shown):
    account, now = Account.objects.get(username=login).pk, clock.now()
    rows = reads.awaiting(account, local_day(now))
    assert rows.count() >= 20
    lights = {light.value[0] for light in Light if rows.filter(having_light(light, now)).exists()}
    assert lights == set(shown)
