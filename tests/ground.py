"""Databases for tests that need one of their own: laid, copied, pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from xiaoneng.catalogue import actions as catalogue
from xiaoneng.jobs import database, time_machine
from xiaoneng.org import actions as org


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
