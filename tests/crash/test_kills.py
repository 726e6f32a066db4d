"""Whatever dies, and wherever: what was acknowledged is there once, and nothing is half done."""

from __future__ import annotations

import os
import random
import time

import pytest

from crash import clients, doomed, killer, verdict
from jobs import own_homes
from xiaoneng.jobs import postgres, processes
from xiaoneng.jobs.bench.browser import Line

CLIENTS = 4
SETTLE_SECONDS = 60


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
def seed():
    """Give the number that decides every kill: one from the environment, to repeat a run, or any."""
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
    print(f"seed {seed}")
    killers.rage()
    for thread in crowd.threads:
        thread.join()
    led = time.monotonic()
    assert crowd.troubles == [], f"seed {seed}\n{city.last_words()}"
    city.wait_until_well()
    everything_came_back(city, killers)
    the_absence_of_the_database_is_said(city)
    settle(city)
    restarts = city.restarts()
    assert city.stop() == 0
    assert city.remains() == []
    stopped = time.monotonic()
    judge(city, ledger, seed)
    tell(
        f"seed {seed}, {crowd.begun} lives, {sum(killers.delivered.values())} kills {dict(sorted(killers.delivered.items()))}, "
        f"restarts {len(restarts)}, clients {dict(crowd.seen)}; seconds: start {ready - began:.1f}, lives {led - ready:.1f}, "
        f"settle and stop {stopped - led:.1f}, judge {time.monotonic() - stopped:.1f}"
    )


def everything_came_back(city, killers) -> None:
    """Check that the supervisor found every death and that all parts live."""
    found = [name for name, _ in city.restarts()]
    kills = killers.delivered
    # A web worker that dies again within seconds of its return makes the web server end, and come back whole.
    assert found.count("网站") >= kills["web"], city.last_words()
    assert found.count("后台任务") >= kills["worker"], city.last_words()
    postmaster = sum(times for name, times in kills.items() if name.startswith("postmaster"))
    assert found.count("数据库") >= postmaster, city.last_words()
    assert city.wait_until_whole(), city.last_words()
    assert {sprung.stem for sprung in city.traps.glob("*.killed")} == set(killer.POINTS)


def the_absence_of_the_database_is_said(city) -> None:
    """Kill the database and ask at once, again and again: the pages say that it comes back, and it does."""
    (postmaster,) = city.postmaster()
    os.kill(postmaster, 9)
    line, said = Line(city.port), []
    give_up = time.monotonic() + SETTLE_SECONDS
    while 200 not in said[-1:] or 503 not in said:
        answer = line.ask("GET", "/", None, {})
        said.append(answer.status)
        assert answer.status == 200 or (answer.status == 503 and answer.headers["Retry-After"]), answer.body.decode()
        assert time.monotonic() < give_up, said
        time.sleep(0.02)
    line.close()


def settle(city) -> None:
    """Wait until the worker does its rounds again and has put every red light on record."""
    before = verdict.records(city.home).last_job

    def settled() -> bool:
        found = verdict.records(city.home)
        return found.last_job > before and not verdict.light_complaints(found, city.overdue)

    assert processes.wait_until(settled, SETTLE_SECONDS, 0.5), city.last_words()


def judge(city, ledger, seed) -> None:
    """Compare everything that was acknowledged with everything that is there."""
    with postgres.running():
        found = verdict.records(city.home)
        report = doomed.doctor(city.home)
    complaints = [
        *verdict.journal_complaints(ledger.read(), found, city.overdue),
        *verdict.number_complaints(found),
        *verdict.file_complaints(city.home / "files", found),
        *verdict.light_complaints(found, city.overdue),
        *report["findings"],
    ]
    assert complaints == [], f"seed {seed}"
    assert report["exit"] == 0
    assert not postgres.is_running()


def test_two_hundred_lives_survive_kills(city, seed, tell):
    live_through(city, seed, tell, lives=200, rounds=1)


@pytest.mark.prove
def test_a_thousand_lives_survive_kills(city, seed, tell):
    live_through(city, seed, tell, lives=1_000, rounds=8)
