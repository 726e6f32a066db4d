"""The log over all entries: its leaves are the journal's entries, its roots are those that were signed (4);
whoever holds a receipt finds its entry proved under the latest root (5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from xiaoneng.evidence import reads, signing
from xiaoneng.evidence.reads import BEFORE_THE_FIRST, Checkpoint
from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.kit import merkle
from xiaoneng.rules.grounds import NotFound

BATCH = 10_000
SAMPLE = 200  # receipts and other documents, those spread over the whole log and the newest
_STRANGE = """
SELECT l.position, e.id IS NULL FROM log_leaf l LEFT JOIN entry e ON e.id = l.entry_id
WHERE e.id IS NULL OR (e.matter_id, e.seq, e.hash) <> (l.matter_id, l.seq, l.hash) ORDER BY 1 LIMIT 100"""
# Once the log's state says that everything up to an entry is in it, nothing before it may be missing.
_SKIPPED = """
SELECT coalesce(m.number, m.intake_number, '#' || m.id), e.seq FROM entry e JOIN matter m ON m.id = e.matter_id
WHERE e.id <= (SELECT settled FROM log_state) AND NOT EXISTS (SELECT FROM log_leaf l WHERE l.entry_id = e.id)
ORDER BY e.id LIMIT 100"""
# What people hold on paper: the hashes of entries that issued a document, as far as a checkpoint covers them.
_HELD = """
WITH held AS (
  SELECT e.hash, l.position FROM document d JOIN entry e ON e.matter_id = d.matter_id AND e.seq = d.seq
  JOIN log_leaf l ON l.entry_id = e.id WHERE l.position < (SELECT max(size) FROM checkpoint)),
spread AS (SELECT hash, position, ntile(%s) OVER (ORDER BY position) AS part FROM held)
SELECT DISTINCT ON (part) hash FROM spread
UNION (SELECT hash FROM held ORDER BY position DESC LIMIT %s)"""
_LEAVES = """
SELECT matter_id, seq, hash FROM log_leaf WHERE position >= %s AND position < %s ORDER BY position"""


def check(full: bool) -> Faults:
    """Check the log: all of it, or the latest checkpoint alone."""
    last = reads.latest()
    if not full:
        if last and reads.root(last.size) != last.root:
            yield Fault(4, f"存证日志的根与第 {last.number} 号检查点签名的不符")
        return
    unsound = list(_log())
    yield from unsound
    if last and not unsound:  # where the log itself is broken, no proof in it can hold
        yield from _left_out(last)


def _log() -> Faults:
    for position, gone in rows(_STRANGE):
        yield Fault(4, f"存证日志第 {position} 位收录的日志{'已被删除' if gone else '与现在的不是同一条'}")
    signed = sorted(reads.checkpoints(most=10**9), key=lambda each: each.number)
    yield from _signatures(signed)
    yield from _unsigned(signed)
    roots = _roots({each.size for each in signed})
    for each in signed:
        if roots.get(each.size) != each.root:
            yield Fault(4, f"存证日志的根与第 {each.number} 号检查点签名的不符")


def _unsigned(signed: Sequence[Checkpoint]) -> Faults:
    """Check that the last checkpoint is about all that the log holds: both are written at once."""
    last = signed[-1].size if signed else 0
    for size, leaves in rows("SELECT s.size, (SELECT count(*) FROM log_leaf) FROM log_state s"):
        if not last == size == leaves:
            yield Fault(4, f"存证日志收了 {leaves} 条，记到第 {size} 条，最后的检查点却只到第 {last} 条")


def _left_out(last: Checkpoint) -> Faults:
    """Find entries that the log went past, and proofs that do not lead to the root."""
    for called, seq in rows(_SKIPPED):
        yield Fault(5, f"办件 {called} 第 {seq} 条日志没有收进存证日志，凭证查不到")
    nodes = cache(reads.read)  # the proofs share most of their nodes
    for (digest,) in rows(_HELD, SAMPLE, SAMPLE):
        try:
            holds = reads.inclusion(bytes(digest), at=last, nodes=nodes).holds()
        except (NotFound, LookupError):
            holds = False
        if not holds:
            yield Fault(5, f"凭证上的校验码 {bytes(digest).hex()[:16]}… 在存证日志里证明不了")


def _signatures(signed: Iterable[Checkpoint]) -> Faults:
    publics = {key.fingerprint: key.public for key in reads.public_keys()}
    number, prev = 0, BEFORE_THE_FIRST
    for each in signed:
        if (each.number, each.prev) != (number + 1, prev):
            yield Fault(4, f"第 {each.number} 号检查点与前一个不相接")
        if not signing.is_signed(publics[each.key], each.text, each.signature):
            yield Fault(4, f"第 {each.number} 号检查点的签名无效")
        number, prev = each.number, each.digest


def _roots(sizes: set[int]) -> dict[int, bytes]:
    """Give the roots of the log at several sizes, from its leaves alone."""
    found: dict[int, bytes] = {}
    stack: list[tuple[int, bytes]] = []  # complete subtrees, the widest first
    for n, leaf in enumerate(_leaves(max(sizes, default=0)), 1):
        stack.append((1, leaf))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            stack[-2:] = [(2 * stack[-1][0], merkle.node_hash(stack[-2][1], stack[-1][1]))]
        if n in sizes:
            root = stack[-1][1]
            for _, left in stack[-2::-1]:
                root = merkle.node_hash(left, root)
            found[n] = root
    return found


def _leaves(size: int) -> Iterator[bytes]:
    for first in range(0, size, BATCH):
        for matter, seq, digest in rows(_LEAVES, first, min(first + BATCH, size)):
            yield reads.leaf_of(matter, seq, bytes(digest))
