"""What stands beside the matters: records as they were sealed (33), and the settings (33) and answers (21) they tell of.

What a matter is called and when it was opened stands under 7: both are as its first entry has them.
"""

from __future__ import annotations

from xiaoneng.evidence.records import LINE
from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults

_SEALS = f"""
SELECT e.seq, e.facts -> 'what' ->> 'count' IS DISTINCT FROM g.count::text
  OR e.facts -> 'what' ->> 'first' IS DISTINCT FROM g.first::text OR e.facts -> 'what' ->> 'last' IS DISTINCT FROM g.last::text
  OR e.facts -> 'what' ->> 'sha256' IS DISTINCT FROM g.digest, e.seq IS NULL, g.seal
FROM (SELECT e.* FROM entry e JOIN matter m ON m.id = e.matter_id
      WHERE m.kind = 'record_register' AND e.move = 'seal_records') e
FULL JOIN (
  SELECT s.seal, count(*) AS count, min(r.id) AS first, max(r.id) AS last,
    encode(sha256(convert_to(string_agg({LINE}, E'\\n' ORDER BY r.id), 'UTF8')), 'hex') AS digest
  FROM trail_sealed s LEFT JOIN trail_record r ON r.id = s.record_id GROUP BY s.seal) g ON g.seal = e.seq
ORDER BY 1"""
# What came to be seen late is sealed late; an hour is more than any act takes. What is written in later with an old moment
# stands between two seals, of which the earlier is younger.
_LOOSE = """
WITH seals AS (
  SELECT e.seq, e.recorded_at, lag(e.recorded_at) OVER (ORDER BY e.seq) AS before FROM entry e
  JOIN matter m ON m.id = e.matter_id WHERE m.kind = 'record_register' AND e.move = 'seal_records')
SELECT r.id FROM trail_record r LEFT JOIN trail_sealed s ON s.record_id = r.id LEFT JOIN seals e ON e.seq = s.seal
WHERE s.record_id IS NULL AND r.at < (SELECT max(recorded_at) FROM seals) - interval '1 hour'
  OR r.at < e.before - interval '1 day' ORDER BY 1 LIMIT 100"""
_SETTINGS = """
SELECT coalesce(s.key, substr(t.key, 9)) FROM org_setting s FULL JOIN (
  SELECT DISTINCT ON (key) key, after FROM trail_record WHERE key LIKE 'setting:%%' AND kind = 'change'
  ORDER BY key, id DESC) t ON t.key = 'setting:' || s.key
WHERE s.key IS NULL OR t.key IS NULL OR NOT EXISTS (
  SELECT FROM jsonb_each(t.after) v WHERE v.value = s.value) ORDER BY 1"""
_ANSWERS = """
SELECT r.about_id, r.rung FROM supervision_reminder r LEFT JOIN LATERAL (
  SELECT t.actor, t.at, t.after FROM trail_record t WHERE t.key = 'reminder:' || r.id ORDER BY t.id LIMIT 1) t ON true
WHERE (t.at IS NOT NULL OR r.answered_at >= (SELECT min(at) FROM trail_record WHERE key LIKE 'reminder:%%'))
  AND (r.answered_by, r.answered_at, encode(sha256(convert_to(r.answer, 'UTF8')), 'hex'))
    IS DISTINCT FROM (t.actor, t.at, t.after ->> '答复的哈希') ORDER BY r.id"""
_TITLES = """
SELECT coalesce(m.number, m.intake_number, '办件 #' || m.id), m.title IS DISTINCT FROM coalesce(v.name, m.title)
FROM matter m JOIN entry e ON e.matter_id = m.id AND e.seq = 1
LEFT JOIN catalogue_itemversion v ON v.id = e.item_version_id AND m.kind = 'application'
WHERE m.title <> v.name OR m.opened_at > e.recorded_at + interval '2 seconds'
  OR e.move = 'submit' AND (e.facts -> 'what' ->> 'begun')::timestamptz <> m.opened_at
ORDER BY m.id LIMIT 100"""


def check() -> Faults:
    """Check what is recorded beside the matters against its seals, and what it tells of against it."""
    for seq, differs, strange, seal in rows(_SEALS):
        if strange:
            yield Fault(33, f"管理留痕指向登记簿第 {seal} 条，而那里没有封存")
        elif differs:
            yield Fault(33, "封存的管理留痕与登记簿不符，有留痕被改动、删除或者塞入", seq)
    for (id_,) in rows(_LOOSE):
        yield Fault(33, f"管理留痕 {id_} 的时间早于前面已经封存的，像是事后塞入的")
    for (key,) in rows(_SETTINGS):
        yield Fault(33, f"设置 {key} 与留痕里最后一次修改不符")
    for about, rung in rows(_ANSWERS):
        yield Fault(21, f"办件 #{about} 第 {rung} 级提醒的答复与留痕不符")


def titles() -> Faults:
    """Check what matters are called and when they were opened, as far as their first entry tells."""
    for called, title in rows(_TITLES):
        what = "名称不是收件时事项的名称" if title else "开立的时间与它的第一条日志不符"
        yield Fault(7, f"{called} 的{what}")
