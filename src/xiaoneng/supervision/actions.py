"""Putting red lights on record: what is already true is written down, with the instant at which it came true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.db import connection, transaction

from xiaoneng.kit.faults import fault
from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import PLATFORM, Change, move
from xiaoneng.org.models import Department
from xiaoneng.rules.procedures.red_light_register import OPEN, PROCEDURE
from xiaoneng.supervision.models import RedLight

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_LOCK = 0x786E11  # held while lights are recorded, so that two workers don't seal the same rows

_RECORD = """
INSERT INTO supervision_redlight (matter_id, clock, round, since, recorded_at, department_id, step_name, desk, due_on,
                                  calendar_version)
SELECT k.matter_id, k.name, k.round, k.red_at, %(at)s, m.department_id, coalesce(e.step_name, ''), coalesce(e.desk, ''),
       k.due_on, k.calendar_version
FROM (SELECT id FROM matter WHERE NOT closed AND version > 0 AND red_at < %(at)s AND red_at >= %(since)s
      UNION SELECT id FROM matter WHERE late AND changed_at >= %(since)s) candidate
JOIN clock k ON k.matter_id = candidate.id JOIN matter m ON m.id = candidate.id
LEFT JOIN LATERAL (
  SELECT facts ->> 'step_name' AS step_name, facts ->> 'desk' AS desk FROM entry
  WHERE matter_id = k.matter_id AND recorded_at <= k.red_at ORDER BY seq DESC LIMIT 1) e ON true
WHERE k.counts AND k.red_at IS NOT NULL AND k.red_at < %(at)s
  AND (k.state <> 'stopped' OR k.stopped_at > k.red_at)
  AND NOT EXISTS (SELECT 1 FROM supervision_redlight r WHERE r.matter_id = k.matter_id AND r.clock = k.name
                  AND r.round = k.round AND r.since = k.red_at)
ORDER BY k.red_at, k.matter_id, k.name, k.round
ON CONFLICT DO NOTHING"""


def record_red_lights(now: Callable[[], datetime], since: datetime = ALWAYS) -> int:
    """Record every red light that has come true and return how many are new; late or twice makes no difference.

    :param now: gives the moment; the seal has its own, since many rows may take their time.
    :param since: look only at matters that turned red or were late in a move since; a second light of a matter that is
        red already is then left to the next call that looks at all.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_RECORD, {"at": now(), "since": since})
        new = int(cursor.rowcount)
        fault("lights-recorded")
        if RedLight.objects.filter(seal__isnull=True).exists():
            _seal(now)
    return new


def _seal(now: Callable[[], datetime]) -> None:
    rows = list(RedLight.objects.filter(seal__isnull=True).order_by("id"))
    facts = {"count": len(rows), "first": rows[0].pk, "last": rows[-1].pk, "sha256": digest(rows)}
    register = Matter.objects.filter(kind=PROCEDURE.kind).values_list("id", flat=True).first() or _open_register(now())
    sealed = move(reads.file(register), "seal", by=PLATFORM, at=now(), change=Change(facts=facts))
    RedLight.objects.filter(id__in=[row.pk for row in rows]).update(seal=sealed.seq)


def _open_register(at: datetime) -> int:
    home = Department.objects.order_by("id").values_list("id", flat=True)[0]
    matter, _ = matters.open_matter(
        kind=PROCEDURE.kind,
        state=OPEN,
        department=home,
        item_version=None,
        title=PROCEDURE.label,
        by=0,
        at=at,
        key=None,
    )
    return matter


def digest(rows: Sequence[RedLight]) -> str:
    """Return what a seal writes down of the rows it seals: sha256 over one line a row, in order of id."""
    lines = "\n".join(
        f"{row.pk}|{row.matter_id}|{row.clock}|{row.round}|{round(row.since.timestamp() * 1_000_000)}|{row.due_on}"
        for row in rows
    )
    return hashlib.sha256(lines.encode()).hexdigest()
