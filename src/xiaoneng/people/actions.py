"""Verbs about those who sign in."""

from __future__ import annotations

from datetime import datetime

from xiaoneng.people import models, reads


def note_failed_try(door: str, what: str, whence: str, *, at: datetime) -> None:
    """Count a wrong password or query code, and forget those that are too old to count."""
    models.FailedTry.objects.create(door=door, what=reads.hashed(what), whence=whence[:45], at=at)
    models.FailedTry.objects.filter(door=door, at__lt=at - 6 * reads.WINDOW).delete()
