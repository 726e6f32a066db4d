"""A sound city in a database of its own, made once; what a test breaks in it is rolled back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections, transaction
from patients import Patient, walk_all

from xiaoneng.jobs import database, time_machine

NAME = f"doctor_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@contextmanager
def pointed_at(name: str, user: str = "xn_app") -> Iterator[None]:
    """Point both connections at a database of this name, the serving one with this login."""
    connections.close_all()
    before = {alias: connections[alias].settings_dict.copy() for alias in connections}
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    connections["default"].settings_dict["USER"] = user
    try:
        yield
    finally:
        connections.close_all()
        for alias, old in before.items():
            connections[alias].settings_dict.update(NAME=old["NAME"], USER=old["USER"])


@pytest.fixture(scope="session")
def sound(django_db_setup, django_db_blocker) -> Iterator[dict[str, int]]:
    """Make the sound city and give the matters in it by name."""
    from xiaoneng.catalogue import actions as catalogue
    from xiaoneng.org import actions as org

    with django_db_blocker.unblock():
        database.drop(NAME)
        with pointed_at(NAME):
            database.prepare()
            time_machine.declare("test", "体检用")
            time_machine.make_movable()
            org.ensure_national_calendar()
            org.ensure_roles()
            catalogue.ensure_kinds()
            matters = walk_all()
        yield matters
        database.drop(NAME)


@pytest.fixture
def city(sound, django_db_blocker) -> Iterator[None]:
    """Serve the sound city as it is served every day."""
    with django_db_blocker.unblock(), pointed_at(NAME):
        yield


@pytest.fixture
def patient(sound, django_db_blocker) -> Iterator[Patient]:
    """Give the sound city to somebody who may do anything in it, and roll back what he does."""
    with django_db_blocker.unblock(), pointed_at(NAME, user="postgres"), transaction.atomic():
        yield Patient(sound)
        transaction.set_rollback(True)
