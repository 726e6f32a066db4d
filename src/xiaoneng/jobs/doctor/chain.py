"""The chain of a journal: numbered without gap, linked, hashed, in the order of time (rules 1, 2, 3 and 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from xiaoneng.jobs.doctor.case import Case, Entry
from xiaoneng.jobs.doctor.ground import Ground
from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.kit.journal import entry_hash

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TOLERANCE = timedelta(seconds=2)


def check(case: Case, ground: Ground) -> Faults:
    """Check what holds for every journal."""
    yield from _numbering(case)
    yield from _links(case)
    yield from _times(case, ground)


def _numbering(case: Case) -> Faults:
    for place, entry in enumerate(case.entries, 1):
        if entry.seq != place:
            yield Fault(1, f"日志断号：应为第 {place} 条，却是第 {entry.seq} 条", entry.seq)
            break
    for earlier, later in zip(case.entries, case.entries[1:], strict=False):
        if later.id <= earlier.id:
            yield Fault(1, f"日志的写入次序与编号不符：内部号 {later.id} 不大于前一条的 {earlier.id}", later.seq)
    last = case.entries[-1].seq if case.entries else 0
    if case.row.version != last:
        yield Fault(1, f"办件版本为 {case.row.version}，日志却到第 {last} 条")


def _links(case: Case) -> Faults:
    expected = case.row.genesis
    for entry in case.entries:
        if entry.prev != expected:
            yield Fault(2, "与前一条日志的哈希不相接", entry.seq)
        if entry_hash(entry.prev, hashed_fields(entry)) != entry.hash:
            yield Fault(2, "内容与哈希不符，日志被改动过", entry.seq)
        if not entry.facts_agree:
            yield Fault(2, "供查询的事实与日志原文不符", entry.seq)
        expected = entry.hash
    head = case.entries[-1].hash if case.entries else case.row.genesis
    if case.row.head != head:
        yield Fault(3, "办件记录的链头不是最后一条日志的哈希")


def hashed_fields(entry: Entry) -> list[str | int | None]:
    """Return what an entry's hash covers, in the order of the database function entry_hash."""
    return [
        entry.matter, entry.seq, entry.move, entry.actor, entry.role, entry.authority, _micros(entry.at),
        _micros(entry.claimed_at), _micros(entry.recorded_at), entry.body, entry.numbers, entry.item_version,
        entry.calendar_version, entry.source, str(entry.key) if entry.key else None,
    ]  # fmt: skip


def _micros(moment: datetime | None) -> int | None:
    return (moment - EPOCH) // MICROSECOND if moment else None


def _times(case: Case, ground: Ground) -> Faults:
    earlier = None
    for entry in case.entries:
        if earlier and entry.recorded_at < earlier:
            yield Fault(6, "记录时刻早于前一条日志", entry.seq)
        if entry.recorded_at > ground.now + TOLERANCE:
            yield Fault(6, "记录时刻在将来", entry.seq)
        if entry.claimed_at is None and abs(entry.recorded_at - entry.at) > TOLERANCE:
            yield Fault(6, "适用时刻与记录时刻相差超过两秒，却没有写明是补录", entry.seq)
        earlier = entry.recorded_at


def without_a_matter() -> Faults:
    """Look for entries whose matter is not there."""
    for matter, number in rows(_LOST):
        yield Fault(1, f"有 {number} 条日志属于办件 #{matter}，而这个办件不在了")
    for matter, opened in rows(_OPENED):
        yield Fault(8, f"办件 #{matter} {'登记为开过，却不在了' if opened else '没有登记为开过，指向它的都没有着落'}")


_OPENED = """
SELECT coalesce(m.id, o.id), m.id IS NULL FROM matter m FULL JOIN matter_opened o ON o.id = m.id
WHERE m.id IS NULL OR o.id IS NULL ORDER BY 1 LIMIT 100"""
_LOST = """SELECT e.matter_id, count(*) FROM entry e WHERE NOT EXISTS (SELECT FROM matter m WHERE m.id = e.matter_id)
GROUP BY e.matter_id ORDER BY e.matter_id"""
