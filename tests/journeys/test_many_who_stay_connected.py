"""A browser keeps its connections for a while after its last page; whoever comes meanwhile is served all the same."""

from __future__ import annotations

import http.client
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

IDLE = 300
PATIENCE = 10  # seconds; an idle connection is kept for thirty


def test_hundreds_of_idle_connections_keep_nobody_out(live):
    where = urlsplit(live.address).netloc
    with ExitStack() as kept:
        for _ in range(IDLE):
            line = kept.enter_context(closing(http.client.HTTPConnection(where, timeout=PATIENCE)))
            assert ask(line) == 200  # or a time-out


def ask(line: http.client.HTTPConnection) -> int:
    line.request("GET", "/health")
    answer = line.getresponse()
    answer.read()
    return answer.status
