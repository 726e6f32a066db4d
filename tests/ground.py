"""Databases for tests that need one of their own: laid, copied, pointed at."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections

from xiaoneng.catalogue import actions as catalogue
from xiaoneng.jobs import database, time_machine
from xiaoneng.org import actions as org

# Laid once for all workers of a run and copied from then on, which takes a hundredth of the time.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:8]
MIGRATED, LAID = f"migrated_{RUN}", f"laid_{RUN}"


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


def lay(name: str = "") -> None:
    """Migrate the database pointed at, declare it a test, and put the first rows into it."""
    database.prepare()
    time_machine.declare("test", name)
    time_machine.make_movable()
    org.ensure_national_calendar()
    org.ensure_roles()
    catalogue.ensure_kinds()


def make(name: str) -> None:
    """Make a database of this name with the ground laid in it, in place of any that is there."""
    _once(LAID, _lay_on_the_migrated)
    database.drop(name)
    database.create_clone(LAID, name)


def make_blank(name: str) -> None:
    """Make a database of this name that is migrated and declared nothing, in place of any that is there."""
    _once(MIGRATED, database.prepare)
    database.drop(name)
    database.create_clone(MIGRATED, name)


def _lay_on_the_migrated() -> None:
    connections.close_all()
    make_blank(LAID)
    lay()


def _once(name: str, fill: Callable[[], None]) -> None:
    with Path(settings.HOME, "run", f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(name):
            try:
                with pointed_at(name):
                    fill()
            except BaseException:
                database.drop(name)  # half-made, it would mislead those that come after
                raise


def _exists(name: str) -> bool:
    known = connections["owner"].settings_dict
    with psycopg.connect(dbname="postgres", host=known["HOST"], port=known["PORT"], user=known["USER"]) as session:
        return session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
