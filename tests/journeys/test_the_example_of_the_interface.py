"""The examples in docs/api.md, run as they stand there by programs that know nothing else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import build
import ground
from build import moment
from xiaoneng.api.actions import tokens
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
