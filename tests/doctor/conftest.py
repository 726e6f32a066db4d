"""A sound city in a database of its own, made once; what a test breaks in it is rolled back."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import transaction
from patients import Patient, walk_all

import ground
from xiaoneng.jobs import database

NAME = f"doctor_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="session")
def sound(django_db_setup, django_db_blocker) -> Iterator[dict[str, int]]:
    """Make the sound city and give the matters in it by name."""
    with django_db_blocker.unblock():
        ground.make_blank(NAME)
        with ground.pointed_at(NAME):
            ground.lay("体检用")
            matters = walk_all()
        yield matters
        database.drop(NAME)


@pytest.fixture
def city(sound, django_db_blocker) -> Iterator[None]:
    """Serve the sound city as it is served every day."""
    with django_db_blocker.unblock(), ground.pointed_at(NAME):
        yield


@pytest.fixture
def patient(sound, django_db_blocker) -> Iterator[Patient]:
    """Give the sound city to somebody who may do anything in it, and roll back what he does."""
    with django_db_blocker.unblock(), ground.pointed_at(NAME, user="postgres"), transaction.atomic():
        yield Patient(sound)
        transaction.set_rollback(True)
