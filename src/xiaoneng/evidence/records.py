"""Sealing what is recorded beside the matters: an entry of a register tells the hash of each batch, and the log keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import PLATFORM, Change, move
from xiaoneng.org.models import Department
from xiaoneng.rules.procedures.record_register import OPEN, PROCEDURE

_LOCK = 0x786E12  # held while records are sealed, so that two workers do not seal the same
# Everything a record says, as text that reads the same on every server.
LINE = """json_build_array(r.id, r.kind, (extract(epoch FROM r.at) * 1000000)::bigint, r.actor, r.name, r.what, r.about, r.key,
  r.before, r.after, r.reason, r.whence, r.request)::text"""
# A record may come to be seen after one that has a higher number: those of the last ten thousand numbers are looked at.
_SEAL = f"""
WITH fresh AS (
  SELECT r.* FROM trail_record r
  WHERE r.id > (SELECT coalesce(max(record_id), 0) FROM trail_sealed) - 10000
    AND NOT EXISTS (SELECT FROM trail_sealed s WHERE s.record_id = r.id) ORDER BY r.id LIMIT 10000),
kept AS (INSERT INTO trail_sealed (record_id, seal) SELECT id, %s FROM fresh)
SELECT count(*), min(id), max(id), encode(sha256(convert_to(string_agg({LINE}, E'\\n' ORDER BY r.id), 'UTF8')), 'hex')
FROM fresh r"""


def seal(now: Callable[[], datetime]) -> int:
    """Seal the records that are not sealed yet and return how many; late or twice makes no difference."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        register, version = Matter.objects.filter(kind=PROCEDURE.kind).values_list("id", "version").first() or (None, 0)
        cursor.execute(_SEAL, [version + 1])
        count, first, last, digest = _row(cursor.fetchone())
        if count:
            facts = {"count": count, "first": first, "last": last, "sha256": digest}
            file = reads.file(register or matters.open_register(PROCEDURE, OPEN, at=now()))
            sealed = move(file, "seal_records", by=PLATFORM, at=now(), change=Change(facts=facts))
            assert sealed.seq == version + 1
    return int(count)


def ready() -> bool:
    """Tell whether there is a department yet that the register can be kept at."""
    return Department.objects.exists()


def _row(found: tuple[Any, ...] | None) -> tuple[Any, ...]:
    assert found is not None
    return found
