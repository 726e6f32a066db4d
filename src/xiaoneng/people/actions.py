"""Verbs about those who sign in."""

from __future__ import annotations

from datetime import datetime

from xiaoneng.people import models, reads
from xiaoneng.rules.grounds import NotAllowed


def note_failed_try(door: str, what: str, whence: str, *, at: datetime) -> None:
    """Count a wrong password or query code, and forget those that are too old to count."""
    models.FailedTry.objects.create(door=door, what=reads.hashed(what), whence=whence[:45], at=at)
    models.FailedTry.objects.filter(door=door, at__lt=at - 6 * reads.WINDOW).delete()


MOST_VIEWS = 12


def save_view(account: int, *, name: str, filters: str, at: datetime) -> None:
    """Keep a worklist under a name of its owner's; the same name again takes the place of the old one.

    :raises NotAllowed: the name is empty or too long, or there are too many views already.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 20 or len(filters) > 500:
        raise NotAllowed("常用列表的名称请写 1 到 20 个字，筛选条件也不能太长。请改短后再存。")
    others = models.SavedView.objects.filter(account_id=account).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        raise NotAllowed(f"常用列表最多存 {MOST_VIEWS} 个。请先删掉不用的，再存新的。")
    models.SavedView.objects.update_or_create(
        account_id=account, name=name, defaults={"filters": filters, "saved_at": at}
    )


def forget_view(account: int, view: int) -> None:
    """Remove a worklist that its owner saved; one that is gone already stays gone."""
    models.SavedView.objects.filter(account_id=account, pk=view).delete()
