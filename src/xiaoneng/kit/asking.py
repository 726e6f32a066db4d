"""One statement: on the ORM's own connection and in its transaction, without what its cursors cost each time.

Measured on the statements of a move, half of the processor time of asking goes into making a cursor anew and into
reading instants in Python; here a cursor is kept per thread, and psycopg reads instants in C.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.types.datetime import TimestamptzLoader

_kept = threading.local()


def first(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run one statement, prepared once per connection, and return its first row.

    :raises django.db.DatabaseError: as the ORM's cursors do
    """
    row: tuple[Any, ...] | None = _asked(statement, values, binary=False, read=lambda cursor: cursor.fetchone())
    return row


def every(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement, prepared once per connection, and return its rows; numbers come as they are, not as text.

    :raises django.db.DatabaseError: as the ORM's cursors do
    """
    rows: list[tuple[Any, ...]] = _asked(statement, values, binary=True, read=lambda cursor: cursor.fetchall())
    return rows


def _asked(
    statement: str, values: Sequence[Any] | Mapping[str, Any], *, binary: bool, read: Callable[[Any], Any]
) -> Any:
    orm = connections[DEFAULT_DB_ALIAS]
    if orm.execute_wrappers or orm.queries_logged:  # somebody listens to the statements
        with orm.cursor() as listened:
            listened.execute(statement, values)
            return read(listened)
    orm.ensure_connection()
    orm.validate_no_broken_transaction()
    with orm.wrap_database_errors:
        return read(_cursor(orm.connection).execute(statement, values, prepare=True, binary=binary))


def only(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...]:
    """Run one statement that always answers with a row, and return it."""
    row = first(statement, values)
    assert row is not None
    return row


def _cursor(connection: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
    cursor: psycopg.Cursor[Any] | None = getattr(_kept, "cursor", None)
    if cursor is None or cursor.connection is not connection:
        cursor = psycopg.Cursor(connection)
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        _kept.cursor = cursor
    return cursor
