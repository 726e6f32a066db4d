"""Sessions of the owner's hand in a database of its own, and entries written past every rule."""

from __future__ import annotations

import os

import psycopg
from django.db import connections

LAID = f"evidence_laid_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
NAME = f"evidence_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def hand(database: str = NAME) -> psycopg.Connection:
    """Give a session of the owner's, in a transaction of its own."""
    known = connections["owner"].settings_dict
    session = psycopg.connect(dbname=database, host=known["HOST"], port=known["PORT"], user=known["USER"])
    session.execute("SET ROLE xn_owner")
    session.execute("SET search_path = xn, public")
    session.commit()
    return session


def write(session: psycopg.Connection, matter: int, first: int, count: int = 1) -> None:
    """Append bare entries to a journal, as the owner can; they are told apart by their hashes alone."""
    session.execute(
        """INSERT INTO entry (matter_id, seq, move, actor, role, at, recorded_at, body, prev, hash)
           SELECT %s, n, 'note', 0, '', now(), clock_timestamp(), '{}', '\\x', sha256(int8send(n))
           FROM generate_series(%s::bigint, %s::bigint) n""",
        [matter, first, first + count - 1],
    )
