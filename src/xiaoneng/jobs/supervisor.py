"""One process that watches the others: starts the parts, restarts what dies, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from xiaoneng.jobs import processes
from xiaoneng.jobs.trouble import CannotRun

SUPERVISED = "XIAONENG_SUPERVISED"  # every process below a part carries it, so that none of them is overlooked
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 10.0  # for a part that was asked to end
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0  # before a part is started again
STEADY_SECONDS = 20.0  # a part that lived this long starts again at once
SLOW_SECONDS = 30.0  # without a good answer, before the person is told where to look
HOPELESS = 5  # deaths in a row before the first answer: the fault will not go away by itself
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


@dataclass
class Part:
    """A process to keep alive, and what happened to it so far."""

    name: str
    title: str
    command: Sequence[str]
    home: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0

    @property
    def mark(self) -> str:
        """Return the mark in the environment of this part and of all that it starts."""
        return f"{SUPERVISED}={self.name}:{self.home}"

    @property
    def record(self) -> Path:
        """Return the file that holds the process number."""
        return self.home / "run" / f"{self.name}.pid"

    def start(self, environment: dict[str, str]) -> None:
        """Start it as the leader of a session of its own, out of reach of the terminal's Ctrl-C."""
        self.clear_away()
        self.process = subprocess.Popen(
            self.command,
            env=environment | dict([self.mark.split("=", 1)]),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(
                processes.die_with_parent, os.getpid()
            ),  # the supervisor has one thread, so this is safe
        )
        self.started = time.monotonic()
        self.record.write_text(f"{self.process.pid}\n")

    def died(self) -> bool:
        """Say whether it ended by itself since it was last asked, and decide when it is due again."""
        if self.process is None or self.process.poll() is None:
            return False
        lived = time.monotonic() - self.started
        self.deaths = 1 if lived > STEADY_SECONDS else self.deaths + 1
        self.due = time.monotonic() + min(FIRST_WAIT * 2 ** (self.deaths - 1), LONGEST_WAIT)
        return True

    def clear_away(self) -> None:
        """Kill whatever carries its mark: what it started, or what a killed supervisor left."""
        processes.end(processes.marked(self.mark))

    def forget(self) -> None:
        """Strike it off: it runs no more."""
        self.process = None
        self.record.unlink(missing_ok=True)


@dataclass
class Supervisor:
    """Keeps the parts and the database alive until told to end."""

    parts: Sequence[Part]
    address: str  # of the page that answers 200 when all is well
    say: Say
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    heal_database: Callable[[], None] | None = None
    ending: int = 0

    def watch(self, when_ready: Callable[[], None]) -> None:
        """Start the parts, call `when_ready` at the first good answer, and return when told to end.

        :raises CannotRun: where a part dies again and again before the first good answer
        """
        began, ready = time.monotonic(), False
        with self._told_to_end():
            try:
                while not self.ending:
                    self._look(ready)
                    if not ready and answers(self.address):
                        ready = True
                        when_ready()
                    elif not ready and time.monotonic() > began + SLOW_SECONDS:
                        began = time.monotonic()
                        self.say(f"{self.address} 还没有正常应答，仍在等待；原因请看上面的错误信息。")
                    time.sleep(LOOK_SECONDS)
            finally:
                self._end()

    def _look(self, ready: bool) -> None:
        if self.heal_database:
            self.heal_database()
        for part in self.parts:
            if part.died():
                self._bury(part, ready)
            if part.process is None and time.monotonic() >= part.due:
                part.start(self.environment)

    def _bury(self, part: Part, ready: bool) -> None:
        code = part.process.returncode if part.process else None
        part.forget()
        if not ready and part.deaths >= HOPELESS:
            raise CannotRun(f"{part.title}启动后一再退出（退出码 {code}）。请看上面的错误信息，改正后再启动。")
        self.say(f"{part.title}意外退出（退出码 {code}），正在重新启动。")

    def _end(self) -> None:
        running = [part for part in self.parts if part.process and part.process.poll() is None]
        for part in running:
            assert part.process
            part.process.terminate()
        processes.wait_until(lambda: self.ending > 1 or all(_ended(part) for part in running), PATIENCE_SECONDS)
        for part in self.parts:
            part.clear_away()
            if part.process:
                part.process.wait()
            part.forget()

    @contextmanager
    def _told_to_end(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._hear) for number in ENDING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.ending += 1  # the second time, nobody is waited for any more


def answers(address: str, seconds: float = 2.0) -> bool:
    """Say whether a page answers 200."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _ended(part: Part) -> bool:
    return part.process is None or part.process.poll() is not None
