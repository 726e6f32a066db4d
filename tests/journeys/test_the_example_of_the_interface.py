"""The examples in docs/api.md, run as they stand there by programs that know nothing else."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import build
import ground
from build import moment
from xiaoneng.api.actions import tokens, webhooks
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
NOW = moment("2026-03-23", "10:24")


def example(language: str) -> str:
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]


@pytest.fixture
def ready(live):
    """Let a case wait for acceptance, and give a token of the clerk's."""
    with ground.pointed_at(live.database), time_machine.at(NOW):
        walk = build.application(live.city, live.version).received(moment("2026-03-20"))
        token = tokens.make(live.city.clerk.account, name="例子", scopes=["cases:read", "cases:move"], days=1, at=NOW)
    live.stand_at(NOW)
    yield live, walk, os.environ | {"ADDRESS": live.address, "TOKEN": token}


def test_the_examples_do_what_the_page_says(ready):
    live, walk, environment = ready
    number = live.look(lambda: walk.file.called)
    shell = subprocess.run(["sh", "-ec", example("sh")], env=environment, capture_output=True, text=True, timeout=60)
    assert shell.returncode == 0, shell.stderr
    assert "燃气经营许可证核发" in shell.stdout and '"due_on":"2026-03-30"' in shell.stdout and number in shell.stdout
    python = [sys.executable, "-c", example("python")]
    run = subprocess.run(python, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert "审查中" in run.stdout and "受字" in run.stdout
    assert live.look(lambda: [line.move for line in matters.journal(walk.matter)]) == ["accept", "submit"]


@pytest.fixture
def listener(monkeypatch):
    """Listen where events are sent to, in a network that is private and allowed."""
    monkeypatch.setenv("XIAONENG_WEBHOOK_PRIVATE", "1")
    heard, arrived = [], threading.Event()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()
            arrived.set()

        def log_message(self, *args) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", heard, arrived
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_an_event_reaches_its_listener_through_the_worker(listener, live, settings):
    url, heard, arrived = listener
    settings.WEBHOOK_PRIVATE = True
    live.stand_at(NOW)
    with ground.pointed_at(live.database), time_machine.at(NOW):
        webhooks.make(live.city.clerk.account, url=url, types=[], departments=[], at=NOW)
        walk = build.application(live.city, live.version).received(NOW)
    assert arrived.wait(60)
    number = live.look(lambda: walk.file.called)
    assert [(each["type"], each["subject"]) for each in heard] == [("xiaoneng.application.submit", number)]
