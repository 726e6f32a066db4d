"""Every issued document as a page or a PDF, whichever room wrote it."""

from __future__ import annotations

from django.http import HttpRequest

from xiaoneng.approval import notices
from xiaoneng.approval.notices import Notice
from xiaoneng.kit import clock, numbers
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import DocumentLine
from xiaoneng.rules.grounds import NotFound
from xiaoneng.supervision import notices as supervision


def compose(document: DocumentLine) -> Notice:
    """Return what a document says."""
    return supervision.compose(document) if document.kind in supervision.KINDS else notices.compose(document)


def readable(request: HttpRequest, code: str) -> DocumentLine:
    """Return the document of a code, if this visitor may read it.

    :raises NotFound: there is none, or it is for few eyes; it can still be verified by its code.
    """
    document = matters.document_by_code(numbers.normalise_code(code))
    if not supervision.may_read(document, int(request.user.pk or 0), clock.now()):
        raise NotFound("这份文书只给本人和有关机关看。可以在“核验文书真伪”里输入核验码核对文号和日期。")
    return document


def seal_of(document: DocumentLine) -> str:
    """Return which seal a document asks for, where it is not that of approval."""
    return "（盖章）" if document.kind in supervision.KINDS else ""
