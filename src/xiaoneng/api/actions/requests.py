"""Requests that change something carry a key: the same key gets the same answer. And nobody may ask too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from xiaoneng.api import models
from xiaoneng.kit import asking

KEPT = timedelta(days=3)
_CLAIM = """
INSERT INTO api_keyedrequest (account, key, fingerprint, answer, at) VALUES (%s, %s, %s, '', %s)
ON CONFLICT (account, key) DO UPDATE SET at = api_keyedrequest.at
RETURNING fingerprint, status, answer, xmax = 0"""
_COUNT = """
INSERT INTO api_rate AS r (who, began, count) VALUES (%s, %s, 1)
ON CONFLICT (who) DO UPDATE SET began = excluded.began, count = CASE WHEN r.began = excluded.began THEN r.count + 1 ELSE 1 END
RETURNING count"""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of a key: whether it is fresh, whether it stands for this very request, and the first answer."""

    fresh: bool
    same: bool
    status: int | None
    answer: str


def claim(account: int, key: UUID, fingerprint: str, *, at: datetime) -> Claim:
    """Put a key down for a request, or tell what it was used for before."""
    known, status, answer, fresh = asking.only(_CLAIM, [account, key, fingerprint, at])
    return Claim(fresh, known == fingerprint, status, answer)


def keep_answer(account: int, key: UUID, status: int, answer: str) -> None:
    """Keep the first answer, to be given again."""
    models.KeyedRequest.objects.filter(account=account, key=key).update(status=status, answer=answer)


def give_back(account: int, key: UUID) -> None:
    """Free the key of a request that was refused, so that it may be sent again, corrected."""
    models.KeyedRequest.objects.filter(account=account, key=key, status__isnull=True).delete()


def forget_old(*, at: datetime) -> int:
    """Drop the keys and counts that are too old to matter and return how many keys."""
    models.Rate.objects.filter(began__lt=int(at.timestamp()) // 60 - 60).delete()
    dropped, _ = models.KeyedRequest.objects.filter(at__lt=at - KEPT).delete()
    return dropped


def count(who: str, *, at: datetime) -> int:
    """Count one more request of somebody and return how many this minute has seen."""
    (seen,) = asking.only(_COUNT, [who[:80], int(at.timestamp()) // 60])
    return int(seen)
