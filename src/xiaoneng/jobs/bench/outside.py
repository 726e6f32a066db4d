"""Lives over HTTP: four people signed in, real addresses, forms with their keys, two web workers."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings

from xiaoneng.jobs import processes
from xiaoneng.jobs.bench.browser import Line, Visitor, fresh_key
from xiaoneng.jobs.bench.city import FORM, BenchCity
from xiaoneng.jobs.commands.serve import web_command
from xiaoneng.jobs.supervisor import Part, answers
from xiaoneng.jobs.trouble import CannotRun

WEB_WORKERS = 2
START_SECONDS = 30.0


@contextmanager
def served(database: str) -> Iterator[int]:
    """Serve a database of the embedded server on a free port and give the port.

    :raises CannotRun: the web server does not come up
    """
    port = free_port()
    part = Part("bench", "压测网站", web_command("127.0.0.1", port, WEB_WORKERS), settings.HOME)
    environment = {"XIAONENG_HOME": str(settings.HOME), "XIAONENG_DATABASE_NAME": database, "XIAONENG_CLOCK": "system"}
    try:
        part.start(dict(os.environ) | environment)
        if not processes.wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), START_SECONDS):
            raise CannotRun(f"压测用的网站在 {START_SECONDS:.0f} 秒内没有就绪。请看上面的错误信息。")
        yield port
    finally:
        part.clear_away()
        if part.process:
            part.process.wait()
        part.forget()


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class People:
    """The four who take part in a life, each signed in once."""

    citizen: Visitor
    clerk: Visitor
    reviewer: Visitor
    head: Visitor


def signed_in(city: BenchCity, port: int) -> People:
    """Sign the four in."""
    line = Line(port)
    people = People(*(Visitor(name, city.password) for name in ("citizen", "clerk", "reviewer", "head")))
    for visitor in (people.citizen, people.clerk, people.reviewer, people.head):
        visitor.sign_in(line)
    line.close()
    return people


def live(people: People, line: Line, item: str, reviews: int) -> str:
    """Lead one application through the pages' forms from draft to delivery and return its intake number."""
    draft = people.citizen.post(line, f"/items/{item}/apply", form_key=fresh_key()).location
    people.citizen.post(line, draft, **FORM, do="review").location  # noqa: B018 - it must be a redirect
    receipt = people.citizen.post(line, f"{draft}/submit", form_key=fresh_key()).location
    number = receipt.rpartition("/")[2]
    moves = [
        (people.clerk, "accept", {}),
        *[(people.reviewer, "review", {"opinion": "材料真实，符合条件。"})] * reviews,
        (people.head, "grant", {"opinion": "符合条件，准予。"}),
        (people.clerk, "deliver", {"way": "direct", "recipient": FORM["name"]}),
    ]
    for visitor, name, fields in moves:
        visitor.post(line, f"/desk/cases/{number}/{name}", **fields, form_key=fresh_key()).location  # noqa: B018
    return number


@dataclass
class Crowd:
    """Clients that lead lives side by side until enough are led."""

    people: People
    port: int
    item: str
    reviews: int
    clients: int
    left: int = 0
    troubles: list[BaseException] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def lead(self, lives: int) -> float:
        """Lead this many lives and return how many were led per second.

        :raises CannotRun: a page answered otherwise than expected
        """
        self.left = lives
        threads = [threading.Thread(target=self._client, daemon=True) for _ in range(self.clients)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        if self.troubles:
            raise CannotRun(f"压测中有页面没有按预期应答：{self.troubles[0]}")
        return lives / took

    def _client(self) -> None:
        line = Line(self.port)
        try:
            while self._take():
                live(self.people, line, self.item, self.reviews)
        except Exception as trouble:
            self.troubles.append(trouble)
        finally:
            line.close()

    def _take(self) -> bool:
        with self.lock:
            self.left -= 1
            return self.left >= 0 and not self.troubles
