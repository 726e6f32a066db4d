"""If-Match: a move is made only on the case that the client has read, so nobody's move is overlooked by the next."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest

from xiaoneng.api.problems import Problem
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotAllowed, Obstructed

MATCH_HEADER = {
    "in": "header", "name": "If-Match", "required": False, "schema": {"type": "string", "pattern": r'^"[0-9]{1,9}"$'},
    "description": "办件的 version（如 \"7\"，带引号）；这以后有人办过就答复 412，什么也不改。不写就不比较",
}  # fmt: skip
MARK_HEADER = {
    "in": "header", "name": "If-Match", "required": False, "schema": {"type": "string", "pattern": r'^"[0-9a-f]{16}"$'},
    "description": "读取时的 version（如 \"0f3c…\"，带引号）；这以后有人改过就答复 412，什么也不改。不写就不比较",
}  # fmt: skip
_MARKED = re.compile(r'(?:W/)?"([0-9a-f]{16})"')
_WRITTEN = re.compile(r'(?:W/)?"(\d{1,9})"')


def expected(request: HttpRequest) -> int | None:
    """Return the version that the client has read, or nothing if it does not say.

    :raises Problem: it is written in another way.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    if not (found := _WRITTEN.fullmatch(given)):
        raise Problem("bad-request", '请求头 If-Match 应为办件的 version，带引号，如 If-Match: "7"。')
    return int(found[1])


def seen_of(request: HttpRequest) -> str:
    """Return the mark of a register's row that the client has read, or nothing if it does not say.

    :raises Problem: it is written in another way.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return ""
    if not (found := _MARKED.fullmatch(given)):
        raise Problem("bad-request", '请求头 If-Match 应为读取时的 version，带引号，如 If-Match: "0123456789abcdef"。')
    return found[1]


def if_unchanged(request: HttpRequest, file: MatterFile, make: Callable[[], Moved]) -> Moved:
    """Make a move if the case is still as the client has read it.

    :raises Problem: somebody was first; nothing is changed.
    """
    version = expected(request)
    if version is None:
        return make()
    with transaction.atomic():
        try:
            with transaction.atomic():
                moved = make()
        except (NotAllowed, Obstructed):
            now = Matter.objects.values_list("version", flat=True).get(pk=file.id)
            if now != version:
                raise _stale(file, now) from None
            raise
        # A move on anything else than what was read is taken back; one that was made before is answered as it was then.
        if moved.seq != version + 1 and not moved.replayed:
            raise _stale(file, moved.seq - 1)
    return moved


def require_unchanged(request: HttpRequest, file: MatterFile) -> None:
    """Let nothing be changed on a case that somebody moved since the client has read it; the case is held.

    :raises Problem: somebody was first.
    """
    version = expected(request)
    if version is not None and version != file.version:
        raise _stale(file, file.version)


def _stale(file: MatterFile, version: int) -> Problem:
    return Problem(
        "stale",
        f"{file.called} 在您读取以后又办过（现在是第 {version} 版）。请重新读取、核对以后再办。",
        version=version,
    )
