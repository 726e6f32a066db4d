"""The yardstick: the same life in plain psycopg, as one would write it without a platform.

Four statements a move in one transaction: compare and set the case, write the log line, write the clock, read the case
back. No permission is checked, no deadline counted, no number drawn and nothing chained.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connections
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from xiaoneng.jobs.bench.city import FORM

TABLES = """
CREATE SCHEMA bare;
CREATE TABLE bare.case_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, department_id bigint NOT NULL, title text NOT NULL,
  opened_by bigint NOT NULL, opened_at timestamptz NOT NULL, open_key uuid UNIQUE, form jsonb NOT NULL,
  state text NOT NULL, version int NOT NULL DEFAULT 0, intake_number text UNIQUE, number text UNIQUE,
  step int NOT NULL DEFAULT 0, red_at timestamptz, closed boolean NOT NULL DEFAULT false, changed_at timestamptz);
CREATE INDEX ON bare.case_file (department_id, red_at) WHERE NOT closed;
CREATE INDEX ON bare.case_file (red_at) WHERE NOT closed;
CREATE INDEX ON bare.case_file (changed_at);
CREATE INDEX ON bare.case_file (opened_by);
CREATE TABLE bare.log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id bigint NOT NULL REFERENCES bare.case_file,
  seq int NOT NULL, move text NOT NULL, actor bigint NOT NULL, at timestamptz NOT NULL, facts jsonb NOT NULL,
  key uuid UNIQUE, UNIQUE (case_id, seq));
CREATE INDEX ON bare.log (at);
CREATE TABLE bare.clock (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id bigint NOT NULL REFERENCES bare.case_file,
  name text NOT NULL, round int NOT NULL, started_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
  stopped_at timestamptz, UNIQUE (case_id, name, round));
CREATE INDEX ON bare.clock (due_at) WHERE stopped_at IS NULL;
"""
OPEN = """INSERT INTO bare.case_file (department_id, title, opened_by, opened_at, open_key, form, state)
VALUES (%s, %s, %s, %s, gen_random_uuid(), %s, 'draft') RETURNING id"""
SET = """UPDATE bare.case_file SET state = %s, version = version + 1, step = %s, red_at = %s, closed = %s, changed_at = %s,
  intake_number = coalesce(%s, intake_number), number = coalesce(%s, number)
WHERE id = %s AND version = %s AND state = %s"""
LOG = "INSERT INTO bare.log (case_id, seq, move, actor, at, facts, key) VALUES (%s, %s, %s, %s, %s, %s, %s)"
START = "INSERT INTO bare.clock (case_id, name, round, started_at, due_at) VALUES (%s, %s, %s, %s, %s)"
STOP = "UPDATE bare.clock SET stopped_at = %s WHERE case_id = %s AND name = %s AND round = %s"
READ = "SELECT * FROM bare.case_file WHERE id = %s"

# move, from, to, and the clock it writes: which, its round, whether it starts or stops
LIFE = (
    ("submit", "draft", "received", ("acceptance", 1, True)),
    ("accept", "received", "reviewing", ("decision", 1, True)),
    ("review", "reviewing", "reviewing", ("step", 1, True)),
    ("review", "reviewing", "reviewing", ("step", 2, True)),
    ("review", "reviewing", "deciding", ("step", 3, True)),
    ("grant", "deciding", "granted", ("decision", 1, False)),
    ("deliver", "granted", "delivered", ("acceptance", 1, False)),
)

Connection = psycopg.Connection[dict[str, Any]]


def connect() -> Connection:
    """Return a connection to the bench's database as the login that serves, with psycopg's own defaults."""
    known = connections["default"].settings_dict
    place = {"host": known["HOST"], "port": known["PORT"], "dbname": known["NAME"], "user": known["USER"]}
    return psycopg.connect(**place, autocommit=True, row_factory=dict_row)


def lay_ground() -> None:
    """Make the tables, open to the login that serves."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute("GRANT USAGE ON SCHEMA bare TO xn_app")
        cursor.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA bare TO xn_app")


def live(connection: Connection, facts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Lead one case from its draft to its delivery and return it.

    :param facts: what to write into the log at each move.
    """
    opened = connection.execute(OPEN, [1, "燃气经营许可证核发", 1, datetime.now(UTC), Jsonb(FORM)]).fetchone()
    assert opened is not None
    case = opened
    for version, (name, source, target, clock) in enumerate(LIFE):
        with connection.transaction():
            case = _move(connection, case["id"], version, name, source, target, clock, facts[version])
    return case


def _move(
    connection: Connection, case: int, version: int, name: str, source: str, target: str, clock: tuple[str, int, bool],
    facts: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    now = datetime.now(UTC)
    due = now + timedelta(days=8)
    intake = f"S{case:010d}" if name == "submit" else None
    number = f"{case:010d}" if name == "accept" else None
    closed = target == "delivered"
    values = [target, version, None if closed else due, closed, now, intake, number, case, version, source]
    if connection.execute(SET, values).rowcount != 1:
        raise RuntimeError("somebody else was first")
    connection.execute(LOG, [case, version + 1, name, 1, now, Jsonb(facts), uuid4()])
    kind, round_, starts = clock
    connection.execute(*((START, [case, kind, round_, now, due]) if starts else (STOP, [now, case, kind, round_])))
    found = connection.execute(READ, [case]).fetchone()
    assert found is not None
    return found
