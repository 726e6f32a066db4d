"""A database of its own for what must really be committed, with one draft in it whose journal can be filled at will."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bare_entries import LAID, NAME

import build
import ground
from xiaoneng.jobs import database


@pytest.fixture(scope="session")
def laid(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Lay a database that others are copied from."""
    with django_db_blocker.unblock():
        ground.make(LAID)
        yield
        database.drop(LAID)


@pytest.fixture
def matter(laid, django_db_blocker) -> Iterator[int]:
    """Give a draft in a database of its own."""
    with django_db_blocker.unblock():
        database.drop(NAME)
        database.create_clone(LAID, NAME)
        with ground.pointed_at(NAME):
            yield build.application().drafted(build.moment("2026-03-02"), files=False).matter
        database.drop(NAME)
