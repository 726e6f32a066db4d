"""Putting red lights on record: what is already true is written down, with the instant at which it came true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.db import transaction

from xiaoneng.kit import asking
from xiaoneng.kit.faults import fault
from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import PLATFORM, Change, move
from xiaoneng.rules.procedures.red_light_register import OPEN, PROCEDURE

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_LOCK = 0x786E11  # held while lights are recorded, so that two workers don't seal the same rows

_TURNED = "NOT closed AND version > 0 AND red_at < %(at)s AND red_at >= %(since)s"
_ROW = "SELECT id, department_id, m.clocks, changed_at, step_name, desk FROM matter m"
_RED = f"{_ROW} WHERE {_TURNED}"
# Of what turned red before and is on record the index alone is read; of the others each row, however many matters there are.
_NEWLY_RED = f"""SELECT m.* FROM (
    SELECT id FROM matter WHERE {_TURNED} AND NOT EXISTS (
      SELECT FROM supervision_redlight r WHERE r.matter_id = matter.id AND r.since = matter.red_at) OFFSET 0) t
  CROSS JOIN LATERAL ({_ROW} WHERE m.id = t.id OFFSET 0) m"""
_ENDED_LATE = f"{_ROW} WHERE late AND changed_at >= %(since)s AND ({_TURNED}) IS NOT TRUE"
# The lights that have come true and are not on record, those that were left without a seal, and what the seal will say of
# them. Nobody else writes lights while the lock is held, so none can be there twice. The step and the desk are those of the
# instant at which a light turned: the row's own, unless it moved since.
_RECORD = """
WITH candidate AS (
  {red} UNION ALL {ended}
), clocks AS (
  SELECT m.*, k.name, k.round, k.red_at, k.due_on, k.calendar_version
  FROM candidate m CROSS JOIN LATERAL (
    SELECT r.* FROM jsonb_each(m.clocks) AS e (key, c), jsonb_to_record(c) AS r (
      name text, round int, red_at timestamptz, due_on date, calendar_version int, counts boolean, state text,
      stopped_at timestamptz)
    WHERE r.counts AND r.red_at < %(at)s AND (r.state <> 'stopped' OR r.stopped_at > r.red_at)) k
), lit AS (
  INSERT INTO supervision_redlight (matter_id, clock, round, since, recorded_at, department_id, step_name, desk, due_on,
                                    calendar_version, seal)
  SELECT k.id, k.name, k.round, k.red_at, %(at)s, k.department_id,
    CASE WHEN k.changed_at <= k.red_at THEN k.step_name ELSE coalesce((
      SELECT facts ->> 'step_name' FROM entry WHERE matter_id = k.id AND recorded_at <= k.red_at
      ORDER BY seq DESC LIMIT 1), '') END,
    CASE WHEN k.changed_at <= k.red_at THEN k.desk ELSE coalesce((
      SELECT facts ->> 'desk' FROM entry WHERE matter_id = k.id AND recorded_at <= k.red_at
      ORDER BY seq DESC LIMIT 1), '') END,
    k.due_on, k.calendar_version, %(seal)s
  FROM clocks k
  WHERE NOT EXISTS (SELECT FROM supervision_redlight r WHERE r.matter_id = k.id AND r.clock = k.name
                    AND r.round = k.round AND r.since = k.red_at)
  ORDER BY k.red_at, k.id, k.name, k.round
  RETURNING id, matter_id, clock, round, since, due_on
), left_over AS (
  UPDATE supervision_redlight SET seal = %(seal)s WHERE seal IS NULL
  RETURNING id, matter_id, clock, round, since, due_on
), sealed AS (SELECT true AS fresh, * FROM lit UNION ALL SELECT false, * FROM left_over)
SELECT count(*) FILTER (WHERE fresh), count(*), min(id), max(id), encode(sha256(convert_to(string_agg(
  id || '|' || matter_id || '|' || clock || '|' || round || '|' || (extract(epoch FROM since) * 1000000)::bigint || '|'
  || due_on, E'\\n' ORDER BY id), 'UTF8')), 'hex')
FROM sealed"""


def record_red_lights(now: Callable[[], datetime], since: datetime = ALWAYS) -> int:
    """Record every red light that has come true and return how many are new; late or twice makes no difference.

    :param now: gives the moment; the seal has its own, since many rows may take their time.
    :param since: look only at matters that turned red or were late in a move since; a second light of a matter that is
        red already is then left to the next call that looks at all.
    """
    with transaction.atomic():
        asking.first("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # A hundred thousand at once are sorted in memory; the seal's dates read the same on every server.
        asking.first("SELECT set_config('work_mem', '128MB', true), set_config('DateStyle', 'ISO, YMD', true)", [])
        register, version = _register() or (None, 0)
        # Nobody else seals while the lock is held, so the number of the next entry is known before it is written.
        values = {"at": now(), "since": since, "seal": version + 1}
        statement = _RECORD.format(red=_RED if since == ALWAYS else _NEWLY_RED, ended=_ENDED_LATE)
        new, count, first, last, digest = asking.only(statement, values)
        fault("lights-recorded")
        if count:
            facts = {"count": count, "first": first, "last": last, "sha256": digest}
            file = reads.file(register or matters.open_register(PROCEDURE, OPEN, at=now()))
            sealed = move(file, "seal", by=PLATFORM, at=now(), change=Change(facts=facts))
            assert sealed.seq == values["seal"]
    return int(new)


def _register() -> tuple[int, int] | None:
    return Matter.objects.filter(kind=PROCEDURE.kind).values_list("id", "version").first()
