"""The papers of a case: how a document will read before it is sent, and all of them as one file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import reads
from xiaoneng.approval.actions import archive
from xiaoneng.approval.notices import Notice
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.trail import actions as trail
from xiaoneng.web import papers
from xiaoneng.web.access import Policy, account_of, actor_of, by_of, policy
from xiaoneng.web.staff import case, moves


@policy(Policy.STAFF)
@never_cache
def draft(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Show the document that a move would send, with what is typed so far; nothing happens and no number is used."""
    if name not in moves.FORMS:
        raise Http404
    now = clock.now()
    file = moves.visible_case(number, account_of(request).pk, now)
    if request.method != "POST":
        return redirect("staff:case", file.called)
    form = moves.FORMS[name][0](request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return case.page(request, file, now, (name, form), status=422)
    try:
        notice = _as_it_would_read(request, number, name, form, now)
    except Obstructed as refusal:
        return case.page(request, file, now, (name, form), refusal.obstacles, 422)
    except NotAllowed as refusal:
        return render(request, "staff/draft.html", {"why": str(refusal), "case": file.called}, status=409)
    return render(request, "staff/draft.html", {"notice": notice, "case": file.called, "obstacles": _items(notice)})


def _items(notice: Notice | None) -> list[dict[str, str]]:
    return [{"message": text, "basis": basis} for text, basis in notice.items] if notice else []


def _as_it_would_read(request: HttpRequest, number: str, name: str, form: Any, now: datetime) -> Notice | None:
    """Make the move, read its document, and take everything back: what is shown is exactly what would be sent."""
    with transaction.atomic():
        moved = moves.act(number, name, form, by=actor_of(request), at=now, key=None)
        issued = [each for each in matters.documents(moved.matter) if each.seq == moved.seq]
        notice = papers.compose(issued[0]) if issued else None
        transaction.set_rollback(True)
    return notice


@policy(Policy.STAFF)
@require_GET
@never_cache
def whole(request: HttpRequest, number: str) -> FileResponse:
    """Hand out all materials and documents of a case as one zip; who takes it is on record."""
    now = clock.now()
    file = moves.visible_case(number, account_of(request).pk, now)
    kept, count = archive.whole(reads.load(file.id), at=now)
    trail.note_export(by_of(request), f"办件 {file.called} 全部材料和文书", rows=count, form="zip", filters={}, at=now)
    answer = FileResponse(kept, content_type="application/zip")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.called)}.zip"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
