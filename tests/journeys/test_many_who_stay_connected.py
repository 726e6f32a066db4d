"""A browser keeps its connections for a while after its last page; whoever comes meanwhile is served all the same."""

from __future__ import annotations

import http.client
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

IDLE = 300


def test_hundreds_of_idle_connections_keep_nobody_out(live):
    with ExitStack() as kept:
        for _ in range(IDLE):
            line = kept.enter_context(closing(http.client.HTTPConnection(urlsplit(live.address).netloc, timeout=40)))
            assert ask(line) == 200
        newcomer = kept.enter_context(closing(http.client.HTTPConnection(urlsplit(live.address).netloc, timeout=40)))
        began = time.monotonic()
        assert ask(newcomer) == 200
        assert time.monotonic() - began < 5


def ask(line: http.client.HTTPConnection) -> int:
    line.request("GET", "/health")
    answer = line.getresponse()
    answer.read()
    return answer.status
