"""The files of a case as staff read them: shown in place where a browser can do so safely, else handed out to keep."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET

from xiaoneng.kit import clock, files
from xiaoneng.matters import reads as matters
from xiaoneng.rules.grounds import NotFound
from xiaoneng.web.access import Policy, account_of, policy
from xiaoneng.web.staff import moves

PICTURES = ("image/png", "image/jpeg")
INLINE = ("application/pdf", *PICTURES)
# Nothing in a file may load or run anything; only pages of the house may put it into a frame.
SAFE = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"


@policy(Policy.STAFF)
@require_GET
def file(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """Hand out a file of a case to staff who may see the case."""
    case = moves.visible_case(number, account_of(request).pk, clock.now())
    found = next((each for each in matters.attachments(case.id) if each.id == pk), None)
    if found is None:
        raise NotFound("没有找到这个文件，可能已经移除。请刷新页面。")
    answer = FileResponse(
        files.open_kept(settings.FILES_DIRECTORY, found.sha256), as_attachment=found.kind not in INLINE,
        filename=found.name, content_type=found.kind,
    )  # fmt: skip
    answer["Content-Security-Policy"] = SAFE
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, max-age=300"  # so that leafing back and forth is quick
    return answer
