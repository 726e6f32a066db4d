"""The proof: every entry with what its hash covers, the log and its checkpoints, and what every light is counted from.

Lines are written by the database itself. The manifest names each file's sha256 and is signed with the key that signs
checkpoints, so that the export can't be changed on its way.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from xiaoneng.evidence import actions as evidence
from xiaoneng.evidence import reads, signing
from xiaoneng.evidence.reads import micros
from xiaoneng.jobs.exports import verify
from xiaoneng.jobs.exports.source import stream, unmoving
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.supervision import actions as supervision

_ENTRIES = """
SELECT json_build_object(
  'position', l.position, 'matter', e.matter_id, 'seq', e.seq, 'move', e.move, 'actor', e.actor, 'role', e.role,
  'authority', e.authority, 'at', micros(e.at), 'claimed_at', micros(e.claimed_at), 'recorded_at', micros(e.recorded_at),
  'body', e.body, 'numbers', e.numbers, 'item_version', e.item_version_id, 'calendar', e.calendar_version,
  'source', e.source, 'key', e.key, 'prev', encode(e.prev, 'hex'), 'hash', encode(e.hash, 'hex'))::text
FROM entry e LEFT JOIN log_leaf l ON l.entry_id = e.id ORDER BY e.matter_id, e.seq"""
_INSTANT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""  # as the journal writes it
_LIGHT = """
CASE WHEN m.closed THEN 'closed' WHEN m.red_at < %s THEN 'red' WHEN m.paused THEN 'paused'
  WHEN m.yellow_at <= %s THEN 'yellow' ELSE 'green' END"""
_MATTERS = f"""
SELECT json_build_object(
  'id', m.id, 'kind', m.kind, 'department', m.department_id, 'genesis', encode(m.genesis, 'hex'),
  'item_version', m.item_version_id, 'state', m.state, 'version', m.version, 'head', encode(m.head, 'hex'),
  'intake_number', m.intake_number, 'number', m.number, 'step', m.step, 'step_name', m.step_name, 'desk', m.desk,
  'yellow_at', {_INSTANT.format("m.yellow_at")}, 'red_at', {_INSTANT.format("m.red_at")},
  'paused', m.paused, 'late', m.late, 'closed', m.closed,
  'changed_at', micros(m.changed_at), 'light', {_LIGHT}, 'clocks', m.clocks,
  'red_lights', (SELECT coalesce(json_agg(json_build_array(
     concat_ws('|', r.id, r.matter_id, r.clock, r.round, micros(r.since), r.due_on), r.seal) ORDER BY r.id), '[]')
     FROM supervision_redlight r WHERE r.matter_id = m.id))::text
FROM matter m WHERE m.version > 0 ORDER BY m.id"""
_LOG = """
SELECT json_build_object('matter', matter_id, 'seq', seq, 'hash', encode(hash, 'hex'))::text
FROM log_leaf ORDER BY position"""
_CHECKPOINTS = """
SELECT json_build_object('number', number, 'size', size, 'root', encode(root, 'hex'), 'at', micros(at),
  'prev', encode(prev, 'hex'), 'key', key, 'signature', encode(signature, 'hex'))::text
FROM checkpoint ORDER BY number"""
_KEYS = """
SELECT json_build_object('key', fingerprint, 'public', encode(public, 'hex'), 'since', micros(since))::text
FROM log_key ORDER BY since, fingerprint"""
_GROUND = """
SELECT json_build_object(
  'departments', (SELECT json_object_agg(d.id, json_build_object('calendar', r.calendar_id, 'hours',
     (SELECT json_agg(json_build_array(h.since, h.hours) ORDER BY h.since) FROM (
        SELECT 0 AS since, r.office_hours AS hours UNION ALL
        SELECT v.since, v.office_hours FROM org_hoursversion v WHERE v.region_id = r.id) h)) ORDER BY d.id)
     FROM org_department d JOIN org_region r ON r.id = d.region_id),
  'calendars', (SELECT json_object_agg(c.id, (SELECT coalesce(json_agg(json_build_array(day, kind, since, until)
     ORDER BY day, kind, since), '[]') FROM (
        SELECT day::text, kind, since, until FROM org_calendarday WHERE calendar_id = c.id UNION ALL
        SELECT year::text, 'notice', since, until FROM org_calendarnotice WHERE calendar_id = c.id) w) ORDER BY c.id)
     FROM org_calendar c),
  'not_counted', %s::json, 'beside', %s::json,
  'series', (SELECT coalesce(json_object_agg(key, last ORDER BY key), '{}') FROM series))::text"""
READ_ME = """这个目录是平台全部办件日志的存证导出，可以在任何一台装有 Python 3.11 的电脑上核验，不需要平台本身：

    python3 verify.py

公布的公钥指纹和检查点在平台网站的“存证公示”页。请用自己从那里抄下的指纹和留存的检查点来核验：

    python3 verify.py --key 指纹 --witness 留存的文件

entries.jsonl 逐条是日志，body 是计算哈希的原文；log.jsonl 是存证日志的次序；checkpoints.jsonl 是签过名的检查点；
matters.jsonl 是办件现在的状态、时钟和灯；ground.json 是计算期限所用的日历与办公时间；manifest.json 是清单，附有签名。
日志里可能有办理意见等内容，请按规定保管。
"""


def write(folder: Path) -> dict[str, int]:
    """Write the proof into an empty folder and return how many lines each file has."""
    # What is true and not yet written down is written first, so that the proof is of a whole state.
    supervision.record_red_lights(clock.now)
    evidence.seal()
    with unmoving() as now:
        counts, digests = _files(folder, now)
        _manifest(folder, now, digests)
    shutil.copyfile(verify.__file__, folder / "verify.py")
    (folder / "README.txt").write_text(READ_ME)
    return counts


def _files(folder: Path, now: datetime) -> tuple[dict[str, int], dict[str, str]]:
    parts: dict[str, Iterable[tuple[Any, ...]]] = {
        "keys.jsonl": stream(_KEYS),
        "checkpoints.jsonl": stream(_CHECKPOINTS),
        "log.jsonl": stream(_LOG),
        "entries.jsonl": stream(_ENTRIES),
        "matters.jsonl": stream(_MATTERS, now, now),
        "ground.json": stream(
            _GROUND,
            json.dumps([name for name in ClockName if not name.counts]),
            json.dumps([name for name in ClockName if name.beside]),
        ),
    }
    counts, digests = {}, {}
    for name, lines in parts.items():
        counts[name], digests[name] = _write(folder / name, lines)
    return counts, digests


def _write(path: Path, lines: Iterable[tuple[Any, ...]]) -> tuple[int, str]:
    written, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for (text,) in lines:
            line = text.encode() + b"\n"
            digest.update(line)
            file.write(line)
            written += 1
    return written, digest.hexdigest()


def _manifest(folder: Path, now: datetime, digests: dict[str, str]) -> None:
    last = reads.latest()
    manifest = {
        "format": "xiaoneng proof 1",
        "installation": matters.installation(),
        "as_of": micros(now),
        "key": last.key if last else signing.fingerprint(signing.public(settings.HOME)),
        "files": digests,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / "manifest.json").write_text(text)
    (folder / "manifest.sig").write_text(signing.sign(settings.HOME, text).hex() + "\n")
