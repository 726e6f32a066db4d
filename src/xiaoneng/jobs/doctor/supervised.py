"""What supervision issued: cards as the journal has them (7), once and withdrawn by two (20, 13), words (34), persons (12).

Reminders stand once for a rung (21), and none was put on record before it came due.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults

_CARDS = """
SELECT coalesce(m.number, '牌 #' || c.matter_id), m.state, c.about_id, c.rule, c.level, c.standing, c.points,
  encode(sha256(convert_to(c.evidence, 'UTF8')), 'hex'), c.evidence, c.person, c.person_name, e.move,
  e.facts -> 'what' ->> 'about', e.facts -> 'what' ->> 'rule',
  e.facts -> 'what' ->> 'level', e.facts -> 'what' ->> 'points', e.facts -> 'what' ->> 'evidence_sha256'
FROM supervision_card c JOIN matter m ON m.id = c.matter_id
LEFT JOIN entry e ON e.matter_id = c.matter_id AND e.seq = 1 ORDER BY c.matter_id"""
_BARE = """
SELECT coalesce(m.number, m.kind || ' #' || m.id) FROM matter m
WHERE m.version > 0 AND (
  m.kind = 'card' AND NOT EXISTS (SELECT 1 FROM supervision_card c WHERE c.matter_id = m.id)
  OR m.kind = 'supervision_order' AND NOT EXISTS (SELECT 1 FROM supervision_order c WHERE c.matter_id = m.id)
  OR m.kind = 'finding' AND NOT EXISTS (SELECT 1 FROM supervision_finding c WHERE c.matter_id = m.id)
  OR m.kind = 'accountability' AND NOT EXISTS (SELECT 1 FROM supervision_accountability c WHERE c.matter_id = m.id))
ORDER BY m.id"""
# Whoever proposed last is not the one who decides, or decides again.
_ALONE = """
SELECT coalesce(m.number, m.kind || ' #' || m.id), b.seq FROM entry b JOIN matter m ON m.id = b.matter_id
JOIN LATERAL (
  SELECT a.actor FROM entry a WHERE a.matter_id = b.matter_id AND a.seq < b.seq AND a.move = CASE b.move
    WHEN 'withdraw_card' THEN 'propose_withdrawal' WHEN 'decline_withdrawal' THEN 'propose_withdrawal'
    WHEN 'reject_appeal' THEN 'confirm' WHEN 'decide' THEN 'propose' ELSE 'decide' END
  ORDER BY a.seq DESC LIMIT 1) a ON true
WHERE m.kind IN ('card', 'accountability') AND a.actor = b.actor AND b.actor <> 0
  AND b.move IN ('withdraw_card', 'decline_withdrawal', 'reject_appeal', 'decide', 'uphold', 'revoke') ORDER BY b.id"""
_SAID = """
SELECT coalesce(m.number, m.kind || ' #' || m.id), s.seq, s.name, s.text,
  coalesce(c.salt, o.salt, a.salt, f.salt), e.facts -> 'what' -> 'said' ->> s.name
FROM supervision_said s JOIN matter m ON m.id = s.matter_id LEFT JOIN entry e ON e.matter_id = s.matter_id AND e.seq = s.seq
LEFT JOIN supervision_card c ON c.matter_id = s.matter_id LEFT JOIN supervision_order o ON o.matter_id = s.matter_id
LEFT JOIN supervision_accountability a ON a.matter_id = s.matter_id
LEFT JOIN supervision_finding f ON f.matter_id = s.matter_id ORDER BY s.id"""
_CONCERNED = """
SELECT coalesce(m.number, '问责 #' || m.id), e.seq FROM entry e JOIN matter m ON m.id = e.matter_id
LEFT JOIN supervision_accountability a ON a.matter_id = m.id
WHERE e.role = 'concerned' AND a.person IS DISTINCT FROM e.actor ORDER BY e.id"""
_FOUND = """
SELECT coalesce(m.number, '发现 #' || f.matter_id), f.rule, f.rule_version::text, f.subject, f.source, to_jsonb(f.cases),
  encode(sha256(convert_to(f.evidence, 'UTF8')), 'hex'), f.person, f.evidence, e.facts -> 'what'
FROM supervision_finding f JOIN matter m ON m.id = f.matter_id
LEFT JOIN entry e ON e.matter_id = f.matter_id AND e.seq = 1 ORDER BY f.matter_id"""
_ISSUED = """
SELECT coalesce(m.number, '督办 #' || o.matter_id) FROM supervision_order o JOIN matter m ON m.id = o.matter_id
JOIN entry e ON e.matter_id = o.matter_id AND e.seq = 1
WHERE e.facts -> 'what' ->> 'about' IS DISTINCT FROM o.about_id::text ORDER BY o.matter_id"""
_PERSONS = """
SELECT coalesce(m.number, '问责 #' || m.id), a.person, a.salt, e.facts -> 'what' -> 'said' ->> 'person', a.standing,
  m.state, a.measure, a.points, d.said FROM supervision_accountability a JOIN matter m ON m.id = a.matter_id
LEFT JOIN entry e ON e.matter_id = m.id AND e.seq = 1
LEFT JOIN LATERAL (SELECT x.facts -> 'what' -> 'said' AS said FROM entry x WHERE x.matter_id = m.id AND x.move = 'decide'
                   ORDER BY x.seq DESC LIMIT 1) d ON true ORDER BY m.id"""
_TOLD = """
SELECT about_id, count(*) FROM supervision_reminder GROUP BY about_id, red_at, rung HAVING count(*) > 1"""
_EARLY = "SELECT about_id, rung FROM supervision_reminder WHERE recorded_at < due_at ORDER BY id"


def check() -> Faults:
    """Check everything that supervision issued."""
    yield from _cards()
    for (called,) in rows(_BARE):
        yield Fault(8, f"{called}：日志里有，登记表里没有")
    for called, seq in rows(_ALONE):
        yield Fault(13, f"{called}：复核的人就是前一步的人", seq)
    for called, seq, name, text, salt, told in rows(_SAID):
        if told != _salted(salt, name, text):
            yield Fault(34, f"{called}：“{name}”与日志记下的哈希不符", seq)
    yield from _findings()
    for (called,) in rows(_ISSUED):
        yield Fault(7, f"督办 {called} 的登记与日志不符")
    yield from _persons()
    for about, times in rows(_TOLD):
        yield Fault(21, f"办件 #{about} 同一级的提醒登记了 {times} 次")
    for about, rung in rows(_EARLY):
        yield Fault(21, f"办件 #{about} 第 {rung} 级的提醒早于应当提醒的时刻")


def _cards() -> Faults:
    standing: Counter[tuple[Any, ...]] = Counter()
    for called, state, about, rule, level, stands, points, digest, evidence, person, name, move, *told in rows(_CARDS):
        standing[about, rule, level] += stands
        if move != f"issue_{level}" or told[:4] != [str(about), rule, level, str(points)]:
            yield Fault(7, f"牌 {called} 的登记与日志不符")
        if told[4] != digest:
            yield Fault(7, f"牌 {called} 固定的证据与日志记下的哈希不符")
        elif json.loads(evidence)["responsible"] != {"account": person, "name": name}:
            yield Fault(7, f"牌 {called} 的责任人与固定的证据不符")
        if stands == (state == "withdrawn"):
            yield Fault(20, f"牌 {called} 的状态是 {state}，登记的是{'有效' if stands else '已撤'}")
    for (about, rule, level), times in standing.items():
        if times > 1:
            yield Fault(20, f"办件 #{about} 按规则 {rule} 有 {times} 张有效的 {level} 牌")


def _findings() -> Faults:
    """Check findings; whom one concerns stands in its frozen evidence, but for those of older releases."""
    for called, rule, version, subject, source, cases, digest, person, frozen, what in rows(_FOUND):
        told = what or {}
        kept = {"rule": rule, "rule_version": int(version), "subject": subject, "source": source, "cases": cases}
        if any(told.get(name) != value for name, value in kept.items()):
            yield Fault(7, f"发现 {called} 的登记与日志不符")
        if told.get("evidence_sha256") != digest:
            yield Fault(7, f"发现 {called} 固定的证据与日志记下的哈希不符")
        if _person(frozen, person) != person:
            yield Fault(7, f"发现 {called} 的当事人与固定的证据不符")


def _person(evidence: str, registered: int | None) -> Any:
    try:
        return dict(json.loads(evidence)).get("person", registered)
    except ValueError:
        return "?"


def _persons() -> Faults:
    for called, seq in rows(_CONCERNED):
        yield Fault(12, f"{called}：陈述或者申诉的不是当事人", seq)
    for called, person, salt, told, standing, state, measure, points, decided in rows(_PERSONS):
        words = {"measure": measure, "points": str(points)}
        if decided and any(decided.get(name) != _salted(salt, name, text) for name, text in words.items()):
            yield Fault(7, f"{called}：处理方式或者扣分与日志记下的决定不符")
        if told != _salted(salt, "person", str(person)):
            yield Fault(34, f"{called}：当事人与日志记下的哈希不符")
        if standing == (state in ("dismissed", "revoked")):
            yield Fault(7, f"{called} 的状态是 {state}，登记的是{'有效' if standing else '无效'}")


def _salted(salt: bytes | None, name: str, text: str) -> str:
    return hashlib.sha256(bytes(salt or b"") + f"{name}:{text}".encode()).hexdigest()
