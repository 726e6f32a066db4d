"""Questions about the log; hands out frozen rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from xiaoneng.evidence import models
from xiaoneng.kit import merkle
from xiaoneng.matters.models import Entry
from xiaoneng.rules.grounds import NotFound

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BEFORE_THE_FIRST = bytes(32)  # what the first checkpoint is linked to
NOT_IN_THE_LOG = "存证日志里没有这个校验码。请对照凭证逐位核对；刚刚提交的，请过一分钟再查。"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of how long the log was and what its root was."""

    number: int
    size: int
    root: bytes
    at: datetime
    prev: bytes
    key: str
    signature: bytes = b""

    @property
    def text(self) -> str:
        """Return what is signed."""
        return checkpoint_text(self.number, self.size, self.root, self.at, self.prev)

    @property
    def digest(self) -> bytes:
        """Return what the next checkpoint is linked to."""
        return hashlib.sha256(self.text.encode()).digest()

    def as_json(self) -> dict[str, Any]:
        """Return the checkpoint as it is published."""
        return {
            "number": self.number,
            "size": self.size,
            "root": self.root.hex(),
            "at": micros(self.at),
            "prev": self.prev.hex(),
            "key": self.key,
            "signature": self.signature.hex(),
        }


def checkpoint_text(number: int, size: int, root: bytes, at: datetime, prev: bytes) -> str:
    """Return what the signature of a checkpoint covers."""
    return f"xiaoneng checkpoint 1\n{number}\n{size}\n{root.hex()}\n{micros(at)}\n{prev.hex()}\n"


def micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def latest() -> Checkpoint | None:
    """Return the last checkpoint, or nothing before the first."""
    row = models.Checkpoint.objects.order_by("-number").first()
    return _checkpoint(row) if row else None


def checkpoints(before: int | None = None, most: int = 20) -> tuple[Checkpoint, ...]:
    """Return checkpoints, newest first, those before a number if one is given."""
    rows = models.Checkpoint.objects.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return tuple(_checkpoint(row) for row in rows[:most])


def checkpoint(number: int) -> Checkpoint:
    """Return the checkpoint of a number.

    :raises NotFound: there is none.
    """
    row = models.Checkpoint.objects.filter(number=number).first()
    if row is None:
        raise NotFound(f"没有第 {number} 号检查点。请在检查点列表中选择。")
    return _checkpoint(row)


def _checkpoint(row: models.Checkpoint) -> Checkpoint:
    return Checkpoint(
        row.number, row.size, bytes(row.root), row.at, bytes(row.prev), row.key_id, bytes(row.signature),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with which checkpoints are signed."""

    fingerprint: str
    public: bytes
    since: datetime


def public_keys() -> tuple[Key, ...]:
    """Return the public keys, oldest first."""
    rows = models.Key.objects.order_by("since", "fingerprint")
    return tuple(Key(row.fingerprint, bytes(row.public), row.since) for row in rows)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that an entry is in the log under a checkpoint's root."""

    matter: int
    seq: int
    hash: bytes
    recorded_at: datetime
    position: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    def holds(self) -> bool:
        """Tell whether the path leads from the entry to the root."""
        leaf = leaf_of(self.matter, self.seq, self.hash)
        return merkle.includes(leaf, self.position, self.checkpoint.size, self.path, self.checkpoint.root)

    def as_json(self) -> dict[str, Any]:
        """Return the proof as it is handed out."""
        return {
            "matter": self.matter,
            "seq": self.seq,
            "hash": self.hash.hex(),
            "recorded_at": micros(self.recorded_at),
            "position": self.position,
            "path": [node.hex() for node in self.path],
            "checkpoint": self.checkpoint.as_json(),
            "public": next(key.public.hex() for key in public_keys() if key.fingerprint == self.checkpoint.key),
        }


def leaf_of(matter: int, seq: int, digest: bytes) -> bytes:
    """Return the leaf of an entry: over its identity and its hash."""
    return merkle.leaf_hash(matter.to_bytes(8, "big") + seq.to_bytes(4, "big") + digest)


def inclusion(digest: bytes, *, at: Checkpoint | None = None, nodes: merkle.Read | None = None) -> Inclusion:
    """Return the proof that the entry of a hash is in the log, under the latest checkpoint.

    :param at: that checkpoint, where it was read before; `nodes`: how the log is read, where that remembers.
    :raises NotFound: no entry of this hash is under a checkpoint.
    """
    at = at or latest()
    leaf = models.Leaf.objects.filter(hash=digest).first()
    if leaf is None or at is None or leaf.position >= at.size:
        raise NotFound(NOT_IN_THE_LOG)
    recorded_at = Entry.objects.values_list("recorded_at", flat=True).get(pk=leaf.entry_id)
    path = merkle.inclusion_path(nodes or read, leaf.position, at.size)
    return Inclusion(leaf.matter_id, leaf.seq, bytes(leaf.hash), recorded_at, leaf.position, path, at)


def consistency(old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the log of one checkpoint goes on from that of an earlier one.

    :raises NotFound: one of them does not exist.
    """
    return merkle.consistency_path(read, checkpoint(old).size, checkpoint(new).size)


def read(level: int, first: int, count: int) -> list[bytes]:
    """Return nodes of the log, as merkle wants them: leaves, or tiles of every eighth level above."""
    if level == 0:
        rows = models.Leaf.objects.filter(position__gte=first, position__lt=first + count).order_by("position")
        return [leaf_of(m, seq, bytes(h)) for m, seq, h in rows.values_list("matter_id", "seq", "hash")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hash FROM log_tile WHERE level = %s AND index >= %s AND index < %s ORDER BY index",
            [level, first, first + count],
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def root(size: int) -> bytes:
    """Return the root of the log's first entries."""
    return merkle.root(read, size)
