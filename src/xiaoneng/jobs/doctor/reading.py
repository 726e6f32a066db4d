"""Reads matters in batches, each whole, in a number of queries that does not grow with the batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from xiaoneng.jobs.doctor.case import Application, Case, Document, Entry, File, Light, PauseRow, Row, SessionRow

BATCH = 500


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask the database."""
    connection.ensure_connection()
    # Half a million instants are read twice as fast in binary, which Django's own cursors don't ask for.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values or None, binary=True)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


_MATTERS = """
SELECT id, kind, department_id, genesis, item_version_id, state, version, head, intake_number, number, step, step_name,
  desk, yellow_at, red_at, paused, late, closed, changed_at, opened_at, matter.clocks::text
FROM matter WHERE id > %s AND (%s::timestamptz IS NULL OR changed_at >= %s) ORDER BY id LIMIT %s"""
_ENTRIES = """
SELECT id, matter_id, seq, move, actor, role, authority, at, claimed_at, recorded_at, body, numbers, item_version_id,
  calendar_version, source, key, prev, hash, coalesce(facts = body::jsonb, false)
FROM entry WHERE matter_id = ANY (%s) ORDER BY matter_id, seq"""
_PAUSES = """
SELECT matter_id, clock, round, lower(during) - 1, upper(during) - 1, kind FROM pause
WHERE matter_id = ANY (%s) ORDER BY during"""
_DOCUMENTS = """
SELECT matter_id, seq, kind, title, number, verify_code, issued_at FROM document
WHERE matter_id = ANY (%s) ORDER BY id"""
_APPLICATIONS = """
SELECT matter_id, channel, filed_by, payload, salt, recipient, applicant_name, identity_mark
FROM approval_application WHERE matter_id = ANY (%s)"""
_ATTACHMENTS = """
SELECT matter_id, slot, sha256, size, round FROM matters_attachment WHERE matter_id = ANY (%s) ORDER BY id"""
_PRINTED = """
SELECT d.matter_id, d.number, f.sha256, f.size, 0 FROM matters_documentfile f JOIN document d ON d.id = f.document_id
WHERE d.matter_id = ANY (%s) ORDER BY d.id"""
_LIGHTS = "SELECT matter_id, clock, round, since FROM supervision_redlight WHERE matter_id = ANY (%s) ORDER BY id"

_SESSIONS = (
    "SELECT matter_id, kind, seq, state, closed_seq FROM approval_session WHERE matter_id = ANY (%s) ORDER BY id"
)
_WORDS = "SELECT matter_id, seq, name, text FROM approval_words WHERE matter_id = ANY (%s) ORDER BY id"
_RENEWALS = "SELECT matter_id, certificate, expires_on FROM approval_renewal WHERE matter_id = ANY (%s)"

_DEFERRALS = "SELECT matter_id, slot, due_on, outcome FROM approval_deferral WHERE matter_id = ANY (%s) ORDER BY id"
_ASKINGS = """
SELECT matter_id, seq, department_id, state, closed_seq FROM approval_consultation
WHERE matter_id = ANY (%s) ORDER BY id"""


def cases(since: datetime | None) -> Iterator[Case]:
    """Walk through all matters in order, or through those changed since a moment."""
    last = 0
    while batch := rows(_MATTERS, last, since, since, BATCH):
        yield from _whole([_with_bytes(Row, each, 3, 7) for each in batch])
        last = batch[-1][0]


def _with_bytes(kind: Any, values: Sequence[Any], *places: int) -> Any:
    given = list(values)
    for place in places:
        given[place] = bytes(given[place])
    return kind(*given)


def _whole(batch: list[Row]) -> Iterator[Case]:
    ids = [row.id for row in batch]
    entries: dict[int, list[Entry]] = defaultdict(list)
    for each in rows(_ENTRIES, ids):
        entries[each[1]].append(_with_bytes(Entry, each, 16, 17))
    pauses = _by_matter(_PAUSES, ids, PauseRow)
    documents = _by_matter(_DOCUMENTS, ids, Document)
    applications = {m: Application(c, f, p, bytes(s), *more) for m, c, f, p, s, *more in rows(_APPLICATIONS, ids)}
    attachments, printed = _by_matter(_ATTACHMENTS, ids, File), _by_matter(_PRINTED, ids, File)
    lights = _by_matter(_LIGHTS, ids, Light)
    sessions, words = _by_matter(_SESSIONS, ids, SessionRow), _by_matter(_WORDS, ids, _plain)
    renewals = {matter: (certificate, expires_on) for matter, certificate, expires_on in rows(_RENEWALS, ids)}
    deferrals, askings = _by_matter(_DEFERRALS, ids, _plain), _by_matter(_ASKINGS, ids, _plain)
    for row in batch:
        n = row.id
        yield Case(
            row, entries[n], pauses[n], documents[n], applications.get(n), attachments[n], printed[n], lights[n],
            sessions[n], words[n], renewals.get(n), deferrals[n], askings[n],
        )  # fmt: skip


def _plain(*values: Any) -> tuple[Any, ...]:
    return values


def _by_matter(statement: str, ids: list[int], kind: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for matter, *values in rows(statement, ids):
        found[matter].append(kind(*values))
    return found
