"""A told city in a database of its own, and its proof as it was written, once for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from story import NOW, tell

import ground
from xiaoneng.jobs import database, time_machine
from xiaoneng.jobs.exports import proof

NAME = f"exports_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="session")
def told(django_db_setup, django_db_blocker) -> Iterator[dict[str, int]]:
    """Tell the city's story and give its matters by name."""
    with django_db_blocker.unblock():
        ground.make_blank(NAME)
        with ground.pointed_at(NAME):
            ground.lay("导出用")
            matters = tell()
        yield matters
        database.drop(NAME)


@pytest.fixture(scope="session")
def clean(told, django_db_blocker, tmp_path_factory) -> Path:
    """Give a proof that nobody has touched."""
    folder = tmp_path_factory.mktemp("proof")
    with django_db_blocker.unblock(), ground.pointed_at(NAME), time_machine.at(NOW):
        proof.write(folder)
    return folder


@pytest.fixture
def city(told, django_db_blocker) -> Iterator[dict[str, int]]:
    """Serve the told city, at the moment when the story ends."""
    with django_db_blocker.unblock(), ground.pointed_at(NAME), time_machine.at(NOW):
        yield told
