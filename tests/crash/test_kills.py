"""Whatever dies, and wherever: what was acknowledged is there once, and nothing is half done."""

from __future__ import annotations

import os
import random
import time

import psycopg
import pytest

from crash import clients, doomed, killer, verdict
from jobs import own_homes
from xiaoneng.jobs import postgres, processes
from xiaoneng.jobs.bench.browser import Line

CLIENTS = 4
SETTLE_SECONDS = 30


@pytest.fixture
def city(tmp_path, monkeypatch):
    """Build a city in a home of its own and take everything away afterwards."""
    home = own_homes.settle(monkeypatch, tmp_path / "var")
    found = doomed.build(home)
    yield found
    if found.serving and found.serving.poll() is None:
        found.stop()
    processes.end(found.remains())
    own_homes.clear(home)


@pytest.fixture
def seed(capsys):
    """Give the number that decides every kill; print it, and take a given one instead."""
    return int(os.environ.get("XIAONENG_TEST_SEED", 0)) or random.randrange(1, 1_000_000)


@pytest.fixture
def tell(capsys, request):
    """Print a line past the capture."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n{request.node.name}: {text}", flush=True)

    return say


def live_through(city, seed, tell, lives: int, rounds: int) -> None:
    """Lead lives while everything is killed, and then judge."""
    began = time.monotonic()
    ledger = clients.Ledger(city.home / "ledger.jsonl")
    crowd = clients.Crowd(city, ledger, seed, lives)
    killers = killer.Killer(city, crowd, seed, rounds)
    city.start()
    ready = time.monotonic()
    crowd.sign_in()
    crowd.start(CLIENTS)
    killers.rage()
    for thread in crowd.threads:
        thread.join()
    led = time.monotonic()
    assert crowd.troubles == [], f"seed {seed}\n{city.last_words()}"
    city.wait_until_well()
    everything_came_back(city, killers)
    settle(city)
    restarts = city.restarts()
    assert city.stop() == 0
    assert city.remains() == []
    stopped = time.monotonic()
    judge(city, ledger, seed)
    tell(
        f"seed {seed}, {lives} lives, {sum(killers.delivered.values())} kills {dict(sorted(killers.delivered.items()))}, "
        f"restarts {len(restarts)}, clients {dict(crowd.seen)}; seconds: start {ready - began:.1f}, lives {led - ready:.1f}, "
        f"settle and stop {stopped - led:.1f}, judge {time.monotonic() - stopped:.1f}"
    )
