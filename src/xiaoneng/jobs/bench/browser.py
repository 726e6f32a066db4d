"""Somebody at the pages without a browser: signs in once, keeps the cookies, posts forms over a kept connection."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlencode
from uuid import uuid4

KEPT_COOKIES = ("sessionid", "csrftoken")


class Unexpected(Exception):
    """The pages answered otherwise than the way leads."""


@dataclass
class Line:
    """A kept connection to the server, made anew when it was closed."""

    port: int
    seconds: float = 30.0
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send one request and read its answer to the end.

        :raises OSError, http.client.HTTPException: the server went away; the next request connects again.
        """
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            self.connection.request(method, path, body, dict(headers))
            response = self.connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return Answer(response.status, response.headers, text)

    def close(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def location(self) -> str:
        """Return where a redirect leads.

        :raises Unexpected: it is no redirect.
        """
        if self.status != 302:
            raise Unexpected(f"{self.status}：{self.body.decode(errors='replace')[-3000:]}")
        return str(self.headers["Location"])


@dataclass
class Visitor:
    """One account at the pages; its cookies go along over whichever line it is given."""

    username: str
    password: str
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, line: Line) -> None:
        """Sign in.

        :raises Unexpected: the password is wrong.
        """
        self._keep(line.ask("GET", "/login", None, {}))
        assert self.post(line, "/login", username=self.username, password=self.password).location

    def post(self, line: Line, path: str, **fields: str) -> Answer:
        """Post a form with the token against forgery."""
        body = urlencode(fields | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookie()}
        answer = line.ask("POST", path, body, headers)
        self._keep(answer)
        return answer

    def get(self, line: Line, path: str) -> Answer:
        """Open a page."""
        return line.ask("GET", path, None, {"Cookie": self._cookie()})

    def look(self, line: Line, path: str) -> None:
        """Open a page for the cookies it brings."""
        self._keep(self.get(line, path))

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep(self, answer: Answer) -> None:
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            if name in KEPT_COOKIES:
                self.cookies[name] = value


def fresh_key() -> str:
    """Return a key as a form carries it."""
    return str(uuid4())
