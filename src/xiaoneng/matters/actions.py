"""Verbs of the kernel beside move(): opening a matter, throwing a draft away, handing in files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import connection

from xiaoneng.kit import asking, files
from xiaoneng.matters import models
from xiaoneng.org.models import Department
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import Procedure

MOST_FILES = 50
USED = "这张表单已经用过了。请返回上一页，刷新之后重新开始。"


def open_matter(
    *, kind: str, state: str, department: int, item_version: int | None, title: str, by: int, at: datetime,
    key: UUID | None,
) -> tuple[int, bool]:  # fmt: skip
    """Open a matter as a draft and return its id and whether it is new; the same key opens it once.

    :raises NotAllowed: the key was used by somebody else.
    """
    matter, fresh = asking.only(
        "SELECT * FROM open_matter(%s, %s, %s, %s, %s, %s, %s, %s)",
        [kind, state, department, item_version, title[:300], by, at, key],
    )
    if matter is None:
        raise NotAllowed(USED)
    return matter, fresh


def open_register(procedure: Procedure, state: str, *, at: datetime) -> int:
    """Open a matter of the platform's own, in whose journal batches are sealed, at the first department; return its id."""
    home = Department.objects.order_by("id").values_list("id", flat=True)[0]
    matter, _ = open_matter(
        kind=procedure.kind,
        state=state,
        department=home,
        item_version=None,
        title=procedure.label,
        by=0,
        at=at,
        key=None,
    )
    return matter


def open_many(
    *, kind: str, state: str, department: int, item_version: int | None, titles: Sequence[str], by: int, at: datetime,
    keys: Sequence[UUID],
) -> list[tuple[int, bool]]:  # fmt: skip
    """Open many matters as drafts, each under a key, and return for each its id and whether it is new.

    :raises NotAllowed: a key was used by somebody else.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, fresh FROM open_many(%s, %s, %s, %s, %s, %s, %s, %s) ORDER BY place",
            [kind, state, department, item_version, [title[:300] for title in titles], by, at, list(keys)],
        )
        found: list[tuple[int, bool]] = cursor.fetchall()
    if any(matter is None for matter, _ in found):
        raise NotAllowed(USED)
    return found


def discard(matter: int, *, by: int) -> None:
    """Throw a draft away.

    :raises NotAllowed: it is no draft of this account any more.
    """
    models.Attachment.objects.filter(matter_id=matter, matter__version=0, matter__opened_by=by).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT discard_draft(%s, %s)", [matter, by])
        if not cursor.fetchone()[0]:
            raise NotAllowed("这份草稿已经提交或者已经删除，不能再删除。已提交的申请可以撤回。")


def attach(
    matter: int, *, slot: str, name: str, stream: BinaryIO, by: int, at: datetime, round_: int = 0
) -> models.Attachment:
    """Check a file, keep it and hang it on a matter; the same content in the same place stands there once.

    :raises kit.files.Refused: the file is too large, of a kind that is not taken, or damaged.
    """
    if models.Attachment.objects.filter(matter_id=matter).count() >= MOST_FILES:
        raise NotAllowed(f"一件申请最多上传 {MOST_FILES} 个文件。请合并扫描件，或者先删去不需要的文件。")
    accepted = files.check(name, stream, limit=settings.UPLOAD_LIMIT)
    stream.seek(0)
    kept = files.keep(stream, Path(settings.FILES_DIRECTORY))
    row, _ = models.Attachment.objects.get_or_create(
        matter_id=matter, slot=slot, sha256=kept.sha256,
        defaults={
            "name": files.safe_name(name), "kind": accepted.mime, "size": kept.size, "uploaded_by": by,
            "uploaded_at": at, "round": round_,
        },
    )  # fmt: skip
    return row


def detach(matter: int, attachment: int, *, round_: int) -> None:
    """Take a file off again while its round has not been handed in.

    :raises NotFound: there is no such file in this round.
    """
    gone, _ = models.Attachment.objects.filter(id=attachment, matter_id=matter, round=round_).delete()
    if not gone:
        raise NotFound("没有找到这个文件，可能已经删除。请刷新页面。")


def collect_orphans(*, at: datetime) -> int:
    """Remove the files that no row stands for and that are older than a day, and return how many."""
    known = set(models.Attachment.objects.values_list("sha256", flat=True))
    known |= set(models.DocumentFile.objects.values_list("sha256", flat=True))
    lost = files.orphans(Path(settings.FILES_DIRECTORY), known, at - timedelta(days=1))
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)
