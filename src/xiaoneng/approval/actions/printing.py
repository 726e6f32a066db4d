"""The printed form of documents: made once, by the worker or on first view, and kept by its content."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.conf import settings

from xiaoneng.approval import notices
from xiaoneng.approval.notices import Notice
from xiaoneng.kit import documents, files, numbers
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Document, DocumentFile
from xiaoneng.matters.reads import DocumentLine

log = logging.getLogger("xiaoneng.approval")
TEMPLATE = Path(notices.__file__).parent / "layout" / "notice.typ"


def print_what_is_missing(
    *, at: datetime, among: int | None = None, most: int = 200, kinds: Collection[str] = (),
    compose: Callable[[DocumentLine], Notice] = notices.compose,
) -> int:  # fmt: skip
    """Make the PDFs that nobody has made yet, the newest first, and return how many were made.

    One that cannot be made does not stop the others; it stays missing, and the doctor tells of it.

    :param among: look among this many of the newest documents only, which takes no longer as the years pile up.
    :param kinds: the kinds of documents that `compose` knows; else those of this room.
    """
    missing = Document.objects.filter(file__isnull=True, kind__in=list(kinds or notices.known_kinds()))
    if among is not None:
        newest = Document.objects.order_by("-id").values_list("id", flat=True).first() or 0
        missing = missing.filter(id__gt=newest - among)
    made = 0
    for code in missing.order_by("-id").values_list("verify_code", flat=True)[:most]:
        try:
            print_document(matters.document_by_code(code), at=at, compose=compose)
        except Exception:
            log.exception("document %s could not be printed", code)
        else:
            made += 1
    return made


def print_document(
    document: DocumentLine, *, at: datetime, compose: Callable[[DocumentLine], Notice] = notices.compose
) -> str:
    """Make a document's PDF if it has none yet and return the sha256 under which it is kept."""
    if document.sha256:
        return document.sha256
    kept = files.keep(io.BytesIO(render(document, compose)), Path(settings.FILES_DIRECTORY))
    row, _ = DocumentFile.objects.get_or_create(
        document_id=document.id, defaults={"sha256": kept.sha256, "size": kept.size, "made_at": at}
    )
    return row.sha256


def render(document: DocumentLine, compose: Callable[[DocumentLine], Notice] = notices.compose) -> bytes:
    """Return a document as PDF."""
    notice = compose(document)
    address = f"{settings.PUBLIC_ADDRESS}/verify?code={notice.thing_code or notice.verify_code}"
    data = asdict(notice) | {
        "verify_code": numbers.grouped(notice.thing_code or notice.verify_code),
        "verify_url": f"{settings.PUBLIC_ADDRESS}/verify",
        "qr_svg": documents.qr_svg_bytes(address).decode(),
        "items": [{"text": text, "basis": basis} for text, basis in notice.items],
        "rows": [list(row) for row in notice.rows],
        "hash": notice.hash[:16],
        "copies_note": "",
    }
    return documents.pdf(TEMPLATE, data, at=document.issued_at)
