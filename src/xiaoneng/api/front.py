"""In front of the whole interface: what is too large is turned away, and no answer is anything but JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from xiaoneng.api import problems


class ProgramDoor:
    """Stands before everything under /api/: turns away what is too large, and lets no answer be anything but JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request to the interface; let every other one pass."""
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        refusal = _refusal(request)
        answer = refusal or self.get_response(request)
        return _dressed(request, answer)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > settings.REQUEST_LIMIT:
        return problems.answer("too-large", "一次最多提交 100 MB，请分几次上传。")
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return problems.answer("bad-request", "地址里有不能出现的字符（NUL）。")
    return None


def _dressed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if answer.status_code >= 400 and answer.get("Content-Type", "") != problems.MEDIA_TYPE:
        answer = _as_problem(answer)
    if request.method == "GET" and answer.status_code == 200 and not answer.streaming:
        answer = _unless_known(request, answer)
    limits = getattr(request, "rate", None)
    if limits is not None:
        answer["RateLimit-Limit"], answer["RateLimit-Remaining"], answer["RateLimit-Reset"] = map(str, limits)
    return answer


def _unless_known(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    etag = f'W/"{hashlib.sha256(answer.content).hexdigest()[:24]}"'
    answer["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer


_BY_STATUS = {status: kind for kind, (status, _) in reversed(problems.KINDS.items())}


def _as_problem(answer: HttpResponse) -> HttpResponse:
    kind = _BY_STATUS.get(answer.status_code, "bad-request" if answer.status_code < 500 else "unavailable")
    told = {"not-found": "没有这个地址。全部地址见 /api/v1/docs。", "method": "允许的方法见响应头 Allow。"}
    plain = problems.answer(kind, told.get(kind, "请检查请求后重试；全部说明见 /api/v1/docs。"))
    for name in ("Allow", "Retry-After"):
        if name in answer:
            plain[name] = answer[name]
    return plain
