"""Progress pages that are still true: made once for those who know the code, and made anew when anything could differ.

Many people look again and again how far their case is, and mostly nothing was done. This door before Django asks at every
visit who may see the page (the session, as Django reads it) and whether anything was done (the head of the journal, in
the database). What time alone changes is known beforehand: a light turns at instants that stand in the row, and days are
counted from midnight. Whoever is signed in or wishes large print is led inside.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie

from xiaoneng.approval.standing import standing
from xiaoneng.kit import clock, metrics
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.workdays import local_day, start_of_day
from xiaoneng.web import in_force

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Any], Iterable[bytes]]

PROVED = "proved"  # in a session: the matters whose code it proved to know
PLACE, ROUTE = "/progress/", "public:progress"
STILL_TRUE = "X-Still-True"  # says of an answer that its headers may be used again
OF_ONE_ANSWER = frozenset({"x-request-id", STILL_TRUE.lower(), "content-length", "expires"})
MOST = 2000  # pages of a process
LONGEST = timedelta(minutes=1)  # a clerk on the page may change her name
FOR_ONE = ("large", "messages")  # cookies by which pages differ
MOMENT = timedelta(microseconds=1)  # a light is red after its instant and not at it


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was made for somebody who is not signed in."""

    called: str
    head: bytes
    site: Hashable
    since: datetime
    until: datetime
    body: bytes


_pages: dict[int, Page] = {}


class StillTrue:
    """The door: answers where the page is still true, else asks the application."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.sessions = import_module(settings.SESSION_ENGINE).SessionStore
        self.headers: dict[tuple[str, str], Headers] = {}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        if environ.get("REQUEST_METHOD") != "GET" or not path.startswith(PLACE) or environ.get("QUERY_STRING"):
            return self.application(environ, start_response)
        began = time.perf_counter()
        key = (
            environ.get("wsgi.url_scheme", "") + environ.get("HTTP_X_FORWARDED_PROTO", "")[:8],
            environ.get("HTTP_HOST", ""),
        )
        headers = self.headers.get(key)
        body = self._page(path.removeprefix(PLACE), environ) if headers else None
        if headers is None or body is None:
            return self.application(environ, self._listening(key, start_response))
        metrics.request_done(ROUTE, "GET", 200, time.perf_counter() - began)
        start_response("200 OK", [*headers, ("Content-Length", str(len(body))), ("X-Request-ID", token_hex(8))])
        return [body]

    def _page(self, number: str, environ: Environ) -> bytes | None:
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        key = cookies.get(settings.SESSION_COOKIE_NAME)
        if not key or not number.isascii() or any(name in cookies for name in FOR_ONE):
            return None
        try:
            session = self.sessions(key).load()
            if SESSION_KEY in session:
                return None
            return of(number, clock.now(), session.get(PROVED, ()))
        except Error:  # the database is away: inside somebody knows what to say
            return None

    def _listening(self, key: tuple[str, str], start_response: Any) -> Any:
        def hear(status: str, headers: Headers, *more: Any) -> Any:
            if not any(name.lower() == STILL_TRUE.lower() for name, _ in headers):
                return start_response(status, headers, *more)
            if len(self.headers) > MOST:
                self.headers.clear()
            self.headers[key] = [(name, value) for name, value in headers if name.lower() not in OF_ONE_ANSWER]
            left = [(name, value) for name, value in headers if name.lower() != STILL_TRUE.lower()]
            return start_response(status, left, *more)

        return hear


def of(number: str, now: datetime, proved: Iterable[int]) -> bytes | None:
    """Return the page of an application that this visitor may see, if one was made and is still true."""
    if not proved or not _pages:
        return None
    stands = standing(number)
    page = _pages.get(stands.matter) if stands is not None and stands.matter in proved else None
    if stands is None or page is None or (page.called, page.head, page.site) != (number, stands.head, _site()):
        return None
    return page.body if page.since <= now < page.until else None


def keep(request: HttpRequest, answer: HttpResponse, file: MatterFile, now: datetime) -> HttpResponse:
    """Keep a page that is the same for everybody who is not signed in, until time could change it; return it."""
    if request.user.is_authenticated or any(cookie in request.COOKIES for cookie in FOR_ONE):
        return answer
    yellow = file.yellow_at if file.yellow_at and file.yellow_at > now else None
    red = file.red_at + MOMENT if file.red_at and file.red_at >= now else None
    midnight = start_of_day(local_day(now) + timedelta(days=1))
    until = min(at for at in (yellow, red, midnight, now + LONGEST) if at is not None)
    if len(_pages) >= MOST:
        _pages.clear()
    _pages[file.id] = Page(file.called, file.head, _site(), now, until, answer.content)
    answer[STILL_TRUE] = "1"
    return answer


def _site() -> Hashable:
    known = in_force.values()
    return known["site_name"], known["city"], known["hall_address"]
