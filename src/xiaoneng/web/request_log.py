"""Every request gets a number, a line in the log and a count; no line holds an address, a query or anything typed."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xiaoneng.kit import logs, metrics
from xiaoneng.web import this_year

log = logging.getLogger("xiaoneng.request")
_SOUND = re.compile(r"[A-Za-z0-9-]{8,40}")
QUIET = ("/health", "/metrics")  # asked by machines every few seconds


class RequestLogMiddleware:
    """Outermost: sees what everybody below answered, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.static = f"/{settings.STATIC_URL.lstrip('/')}"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number the request, answer it, tell of it."""
        began = time.perf_counter()
        given = request.META.get("HTTP_X_REQUEST_ID", "")  # struck out unless a trusted proxy sent it
        number = given if _SOUND.fullmatch(given) else token_hex(8)
        token, page = logs.request_id.set(number), this_year.begin()
        try:
            answer = self.get_response(request)
            answer["X-Request-ID"] = number
            self._tell(request, answer, number, time.perf_counter() - began)
        finally:
            logs.request_id.reset(token)
            this_year.end(page)
        return answer

    def _tell(self, request: HttpRequest, answer: HttpResponse, number: str, seconds: float) -> None:
        if request.path.startswith(self.static):
            return
        match = request.resolver_match
        route = match.view_name or match.route if match else "（没有这个地址）"
        metrics.request_done(route, request.method or "", answer.status_code, seconds)
        if request.path in QUIET and answer.status_code < 400:
            return
        # Whoever is signed in was looked up already, or nobody asked and there is nothing to look up now.
        user = getattr(request, "_cached_user", None)
        told = {
            "request": number, "method": request.method, "route": route, "status": answer.status_code,
            "ms": round(seconds * 1000, 1), "account": getattr(user, "pk", None),
        }  # fmt: skip
        log.info("%s", route, extra={"told": told})


def current() -> str:
    """Return the number of the request that is being answered."""
    return logs.request_id.get()
