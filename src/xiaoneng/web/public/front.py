"""The front desk of the web server: pages that are the same for everybody are handed out again as they were made.

It stands before Django and hands out what is at most a moment old, so that nothing has to be struck out when a version
comes into force, a department is renamed or a case is closed. A visitor with a session or with a wish of his own, such
as large print, is led inside. A page that may be kept says so itself, by the header SAME_FOR_ALL; stylesheets and scripts
are kept too, packed for browsers that unpack.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from secrets import token_hex
from typing import Any

from django.conf import settings

from xiaoneng.kit import metrics

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[[str, Headers], Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

SAME_FOR_ALL = "X-Same-For-All"  # its value is the name of the page's address, for the counts
WISHES = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING")  # of a visitor for himself
FRESH_SECONDS = 0.5  # after which a page is made anew
ASSET_SECONDS = 5.0  # the same for a stylesheet or a script
STALE_SECONDS = 1.0  # until which it is handed out while that happens
MOST = 512  # pages
LARGEST = 512 * 1024  # bytes of a page
OWN = ("sessionid=", "large=", "messages=")  # cookies by which pages differ
OF_ONE_ANSWER = frozenset({"x-request-id", SAME_FOR_ALL.lower(), "content-length", "content-encoding", "etag", "vary"})
PAGES, ASSETS = "/items/", f"/{settings.STATIC_URL.strip('/')}/"
SMALLER = ("text/", "application/javascript", "image/svg")  # kinds that become smaller when packed
Key = tuple[str, str, str]


@dataclass(slots=True)
class Kept:
    """A page as it was made."""

    headers: Headers
    body: bytes
    packed: bytes
    etag: str
    route: str
    until: float
    making: threading.Lock = field(default_factory=threading.Lock)


class Front:
    """Answers from what is kept where that is right, else asks the application."""

    def __init__(self, application: Application, now: Callable[[], float] = time.monotonic) -> None:
        self.application = application
        self.now = now
        self.kept: OrderedDict[Key, Kept] = OrderedDict()
        self.lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        key = key_of(environ)
        if key is None:
            return self.application(environ, start_response)
        began = self.now()
        kept = self.kept.get(key)
        if kept is None:
            return self._make(key, environ, start_response)
        if began < kept.until:
            return self._again(kept, environ, start_response, began)
        if not kept.making.acquire(blocking=False):  # somebody makes it anew already
            if began < kept.until + STALE_SECONDS - FRESH_SECONDS:
                return self._again(kept, environ, start_response, began)
            return self._make(key, environ, start_response)
        try:
            return self._make(key, environ, start_response)
        finally:
            kept.making.release()

    def _again(self, kept: Kept, environ: Environ, start_response: StartResponse, began: float) -> Iterable[bytes]:
        headers = [*kept.headers, ("X-Request-ID", token_hex(8))]
        same = kept.etag in environ.get("HTTP_IF_NONE_MATCH", "")
        if kept.route:
            metrics.request_done(kept.route, environ["REQUEST_METHOD"], 304 if same else 200, self.now() - began)
        if same:
            start_response("304 Not Modified", headers)
            return [b""]
        body = kept.body
        if kept.packed and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            body = kept.packed
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _make(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began = self.now()
        status, headers, body = _whole(self.application, _plain(environ))
        kept = _worth_keeping(key, status, headers, body, began)
        if kept is not None:
            self._keep(key, kept)
            return self._again(kept, environ, start_response, began)
        with self.lock:
            self.kept.pop(key, None)
        start_response(status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _keep(self, key: Key, kept: Kept) -> None:
        with self.lock:
            self.kept[key] = kept
            self.kept.move_to_end(key)
            while len(self.kept) > MOST:
                self.kept.popitem(last=False)


def key_of(environ: Environ) -> Key | None:
    """Return under what an answer would be kept, or None where the visitor is to be led inside."""
    path = environ.get("PATH_INFO", "")
    if environ.get("REQUEST_METHOD") not in ("GET", "HEAD") or environ.get("QUERY_STRING") or "HTTP_RANGE" in environ:
        return None
    if path.startswith(PAGES):
        cookies = environ.get("HTTP_COOKIE", "")
        if cookies and any(own in cookies for own in OWN):
            return None
    elif not path.startswith(ASSETS):
        return None
    scheme = environ.get("wsgi.url_scheme", "") + environ.get("HTTP_X_FORWARDED_PROTO", "")[:8]
    return scheme, environ.get("HTTP_HOST", ""), path


def _plain(environ: Environ) -> Environ:
    return {name: value for name, value in environ.items() if name not in WISHES} | {"REQUEST_METHOD": "GET"}


def _whole(application: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    told: list[tuple[str, Headers]] = []

    def hear(status: str, headers: Headers, *more: Any) -> None:
        told.append((status, headers))

    answer = application(environ, hear)
    try:
        body = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()
    return *told[-1], body


def _worth_keeping(key: Key, status: str, headers: Headers, body: bytes, now: float) -> Kept | None:
    known = {name.lower(): value for name, value in headers}
    asset = key[2].startswith(ASSETS)
    allowed = asset or SAME_FOR_ALL.lower() in known
    if not status.startswith("200") or not allowed or "set-cookie" in known or len(body) > LARGEST:
        return None
    packed = gzip.compress(body, 6, mtime=0) if known.get("content-type", "").startswith(SMALLER) else b""
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    lasting = [(name, value) for name, value in headers if name.lower() not in OF_ONE_ANSWER]
    lasting += [("ETag", etag), ("Vary", "Accept-Encoding" if asset else "Accept-Encoding, Cookie")]
    until = now + (ASSET_SECONDS if asset else FRESH_SECONDS)
    return Kept(lasting, body, packed, etag, known.get(SAME_FOR_ALL.lower(), ""), until)
