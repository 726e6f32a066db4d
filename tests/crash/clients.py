"""Applicants and staff at the pages of a city that keeps dying: whoever gets no answer waits and sends the same again."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import build
from crash.doomed import City
from xiaoneng.jobs.bench.browser import Answer, Line, Visitor

MOVES = ("submit", "accept", "review", "grant", "deliver")
WAYS = {
    "accept": ("clerk", {}),
    "review": ("reviewer", {"opinion": "材料真实，符合条件。"}),
    "grant": ("head", {"opinion": "符合条件，准予。"}),
    "deliver": ("clerk", {"way": "direct", "recipient": build.FORM["name"]}),
}  # fmt: skip
AWAY = (502, 503)
PATIENCE_SECONDS = 90.0  # for one request, however often it has to be sent
ANSWER_SECONDS = 15.0
TWICE = 0.1  # of the acknowledged requests are sent once more all the same
WITH_FILE = 0.3
BOUNDARY = "a-line-that-no-picture-holds"


class Broken(Exception):
    """The city answered what it never may."""


class Ledger:
    """What was acknowledged, one line each, on disk before the client goes on; the city never sees it."""

    def __init__(self, path: Path) -> None:
        self.path, self.lines, self._lock = path, 0, threading.Lock()

    def write(self, **told: object) -> None:
        """Put down what a client was told."""
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
            self.lines += 1

    def read(self) -> list[dict[str, str]]:
        """Return every line."""
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]


@dataclass
class Crowd:
    """Clients side by side that lead whole lives: so many, and more until they are told that it is enough."""

    city: City
    ledger: Ledger
    seed: int
    lives: int
    people: dict[str, Visitor] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    begun: int = 0
    enough: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    threads: list[threading.Thread] = field(default_factory=list)

    def sign_in(self) -> None:
        """Sign everybody in once."""
        line = Line(self.city.port)
        self.people = {role: Visitor(name, self.city.password) for role, name in self.city.logins.items()}
        for visitor in self.people.values():
            visitor.sign_in(line)
        line.close()

    def start(self, clients: int) -> None:
        """Let the clients begin."""
        self.threads = [threading.Thread(target=self._client, daemon=True) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def at_work(self) -> bool:
        """Tell whether anybody is still leading a life."""
        return any(thread.is_alive() for thread in self.threads)

    def _client(self) -> None:
        line = Line(self.city.port, ANSWER_SECONDS)
        while (life := self._next()) is not None:
            try:
                Life(self, line, life).lead()
            except Exception as trouble:
                self.troubles.append(f"life {life}: {trouble!r}")
        line.close()

    def _next(self) -> int | None:
        with self.lock:
            if (self.begun >= self.lives and self.enough.is_set()) or self.troubles:
                return None
            self.begun += 1
            return self.begun


class Life:
    """One application from draft to delivery, by four people over one line."""

    def __init__(self, crowd: Crowd, line: Line, number: int) -> None:
        self.crowd, self.line, self.number = crowd, line, number
        self.dice = random.Random(f"{crowd.seed}/{number}")

    def lead(self) -> None:
        """Lead it."""
        draft = self._insist("draft", "citizen", f"/items/{self.crowd.city.item}/apply", {}, keyed=True)
        picture = build.picture().getvalue() if self.dice.random() < WITH_FILE else None
        self._insist("save", "citizen", draft, build.FORM | {"do": "review"}, picture=picture)
        receipt = self._insist("submit", "citizen", f"{draft}/submit", {}, keyed=True)
        intake_number = receipt.rpartition("/")[2]
        for name, (role, fields) in WAYS.items():
            self._insist(name, role, f"/desk/cases/{intake_number}/{name}", fields, keyed=True)

    def _insist(
        self, move: str, role: str, path: str, fields: Mapping[str, str], *, keyed: bool = False,
        picture: bytes | None = None,
    ) -> str:  # fmt: skip
        key = str(UUID(int=self.dice.getrandbits(128), version=4)) if keyed else ""
        visitor = self.crowd.people[role]
        body, kind = _body({**fields, "form_key": key, "csrfmiddlewaretoken": visitor.cookies["csrftoken"]}, picture)
        answer = self._until_answered(visitor, path, body, kind)
        self.crowd.ledger.write(life=str(self.number), move=move, key=key, to=answer.location)
        if self.dice.random() < TWICE:
            again = self._until_answered(visitor, path, body, kind)
            self.crowd.seen["sent twice"] += 1
            if again.location != answer.location:
                raise Broken(f"{path}: first {answer.location}, then {again.location}")
        return answer.location

    def _until_answered(self, visitor: Visitor, path: str, body: bytes, kind: str) -> Answer:
        give_up = time.monotonic() + PATIENCE_SECONDS
        headers = {"Content-Type": kind, "Cookie": "; ".join(f"{k}={v}" for k, v in visitor.cookies.items())}
        while time.monotonic() < give_up:
            try:
                answer = self.line.ask("POST", path, body, headers)
            except (OSError, http.client.HTTPException) as trouble:
                self.crowd.seen["no answer"] += 1
                self.crowd.seen["timed out"] += isinstance(trouble, TimeoutError)
            else:
                if answer.status == 302:
                    return answer
                self._check_away(path, answer)
            time.sleep(self.dice.uniform(0.05, 0.25))
        raise Broken(f"{path}: no answer within {PATIENCE_SECONDS:.0f} seconds")

    def _check_away(self, path: str, answer: Answer) -> None:
        if answer.status not in AWAY:
            text = re.sub(r"<[^>]+>|\s+", " ", answer.body.decode(errors="replace"))
            raise Broken(f"{path}: {answer.status} {text[:1500]}")
        if not answer.headers.get("Retry-After"):
            raise Broken(f"{path}: {answer.status} without Retry-After")
        self.crowd.seen[str(answer.status)] += 1


def _body(fields: Mapping[str, str], picture: bytes | None) -> tuple[bytes, str]:
    if picture is None:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    parts += [f'{head}material-other"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'.encode(), picture, b"\r\n"]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()]), f"multipart/form-data; boundary={BOUNDARY}"
