"""A sound city of its own, made once, and a copy of it for each test to break."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections
from patients import Copy, walk_all

from xiaoneng.jobs import database, time_machine

NAME = f"doctor_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
_copies = itertools.count(1)


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Point both connections at a database of this name."""
    connections.close_all()
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        for alias, old in before.items():
            connections[alias].settings_dict["NAME"] = old


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
def copy(sound, django_db_blocker) -> Iterator[Copy]:
    """Give a copy of the sound city."""
    name = f"{NAME}_{next(_copies)}"
    with django_db_blocker.unblock():
        database.create_clone(NAME, name)
        try:
            with pointed_at(name):
                yield Copy(sound)
        finally:
            database.drop(name)
