"""Sealing the journal: entries are appended to the log, and a signed checkpoint says what the log is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from xiaoneng.evidence import reads, signing
from xiaoneng.evidence.reads import BEFORE_THE_FIRST, Checkpoint
from xiaoneng.kit.faults import fault

BATCH = 100_000


def seal(batch: int = BATCH) -> int:
    """Append the entries that are not in the log yet, publish a checkpoint over them, and return how many they are.

    Late or twice makes no difference; two at once wait for each other. However many there are, one checkpoint stands
    over them, so that an entry is never much older than the checkpoint before its own.

    :param batch: so many are appended with one statement.
    """
    with transaction.atomic():
        # The row that says how far the log is stays locked until the checkpoint stands.
        added = batch
        while added == batch:
            size, added, now = _one("SELECT log_size, added, xn_clock() FROM append_leaves(%s)", batch)
        fault("log-appended")
        last = reads.latest()
        new = int(size) - (last.size if last else 0)
        if new:
            _publish(_next(last, int(size), now))
    return new


def _next(last: Checkpoint | None, size: int, now: datetime) -> Checkpoint:
    key = signing.public(settings.HOME)
    return Checkpoint(
        number=last.number + 1 if last else 1,
        size=size,
        root=reads.root(size),
        at=max(now, last.at) if last else now,
        prev=last.digest if last else BEFORE_THE_FIRST,
        key=signing.fingerprint(key),
    )


def _publish(fresh: Checkpoint) -> None:
    signature = signing.sign(settings.HOME, fresh.text)
    _one("SELECT publish_key(%s)", signing.public(settings.HOME))
    _one(
        "SELECT publish_checkpoint(%s, %s, %s, %s, %s, %s, %s)",
        fresh.number, fresh.size, fresh.root, fresh.at, fresh.prev, fresh.key, signature,
    )  # fmt: skip


def _one(statement: str, *values: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
