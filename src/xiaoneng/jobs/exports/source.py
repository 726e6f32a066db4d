"""Reading a whole installation in one unmoving view, without holding it in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from django.db import connection, transaction

AT_A_TIME = 2000
_names = count(1)


@contextmanager
def unmoving() -> Iterator[datetime]:
    """Hold one view of the database, and give the moment of it by the platform's clock."""
    inside = connection.in_atomic_block  # whoever calls from inside a transaction has set its view already
    with transaction.atomic(), connection.cursor() as cursor:
        if not inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT xn_clock()")
        yield cursor.fetchone()[0]


def stream(statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a statement as they come; belongs inside unmoving()."""
    connection.ensure_connection()
    with connection.connection.cursor(name=f"export_{next(_names)}") as cursor:
        cursor.itersize = AT_A_TIME
        cursor.execute(statement, values or None)
        yield from cursor
