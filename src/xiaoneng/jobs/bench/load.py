"""A load on one address over kept connections, from a process of its own: it only sends, reads and counts.

Run as `python -m xiaoneng.jobs.bench.load` with the order as JSON on standard input; prints the result as JSON. No
framework and no event library, so that it takes little of the machine that it shares with what it measures.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

LARGEST = 1 << 20
GOOD = b"HTTP/1.1 200"
LENGTH = b"content-length:"
SLOW_SECONDS = 30.0


@dataclass(slots=True)
class Line:
    """One connection and what is still to come of the answer it waits for."""

    connection: socket.socket
    asked_at: float = 0.0
    start: bytes = b""
    missing: int = 0
    good: bool = True


@dataclass(slots=True)
class Load:
    """So many requests over so many connections."""

    port: int
    request: bytes
    requests: int
    connections: int
    left: int = 0
    errors: int = 0
    took: list[float] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """Send them all and return how fast they were answered."""
        self.left = self.requests
        poll = select.epoll()
        lines = {line.connection.fileno(): line for line in (self._connect() for _ in range(self.connections))}
        began, worked = time.perf_counter(), time.process_time()
        for fileno, line in lines.items():
            poll.register(fileno, select.EPOLLIN)
            self._ask(line)
        buffer = bytearray(LARGEST)
        while len(self.took) + self.errors < self.requests and lines:
            events = poll.poll(SLOW_SECONDS)
            if not events:
                self.errors = self.requests - len(self.took)
                break
            for fileno, _ in events:
                if not self._read(lines[fileno], buffer):
                    poll.unregister(fileno)
                    lines.pop(fileno).connection.close()
        seconds = time.perf_counter() - began
        self.errors += self.requests - len(self.took) - self.errors
        for line in lines.values():
            line.connection.close()
        return {
            "per_second": len(self.took) / seconds,
            "errors": self.errors,
            "busy": (time.process_time() - worked) / seconds,
            "p99_ms": sorted(self.took)[int(0.99 * len(self.took))] * 1000 if self.took else None,
        }

    def _connect(self) -> Line:
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Line(connection)

    def _ask(self, line: Line) -> None:
        if self.left:
            self.left -= 1
            line.start, line.missing, line.good = b"", 0, True
            line.asked_at = time.perf_counter()
            line.connection.sendall(self.request)

    def _read(self, line: Line, buffer: bytearray) -> bool:
        """Read what has come; false where the server hung up."""
        size = line.connection.recv_into(buffer)
        if not size:
            return False
        if line.missing:
            line.missing -= size
        else:
            line.start += buffer[:size]
            if not self._begin(line):
                return True
        if line.missing <= 0:
            if line.good:
                self.took.append(time.perf_counter() - line.asked_at)
            else:
                self.errors += 1
            self._ask(line)
        return True

    def _begin(self, line: Line) -> bool:
        """Look at the head of an answer once it is whole."""
        head, apart, body = line.start.partition(b"\r\n\r\n")
        if not apart:
            return False
        lower = head.lower()
        at = lower.find(LENGTH)
        length = int(lower[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        line.good = head.startswith(GOOD) and at >= 0
        line.missing = length - len(body)
        return True


def main() -> None:
    """Carry out the order on standard input."""
    order = json.load(sys.stdin)
    load = Load(order["port"], order["request"].encode("latin-1"), order["requests"], order["connections"])
    print(json.dumps(load.run()))


if __name__ == "__main__":
    main()
