"""The embedded server's life: it starts when needed, survives any kill, and is gone when nobody needs it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import psycopg
import pytest

from jobs import own_homes
from xiaoneng.jobs import cluster, postgres, processes
from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.kit import home as where

START = "from xiaoneng.jobs import postgres; print(postgres.ensure_running())"
STAY_AWAKE = "SELECT count(*) FROM generate_series(1, 100000000000)"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    directory = tmp_path_factory.mktemp("kept") / "var"
    yield directory
    with pytest.MonkeyPatch.context() as monkeypatch:
        own_homes.clear(own_homes.settle(monkeypatch, directory))


@pytest.fixture
def home(kept, monkeypatch):
    """Give a home whose data may be there from another test; its server is down."""
    yield own_homes.settle(monkeypatch, kept)
    postgres.stop()


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """Give a home without anything in it."""
    directory = own_homes.settle(monkeypatch, tmp_path / "var")
    yield directory
    own_homes.clear(directory)


def connect(home):
    return psycopg.connect(host=str(where.socket_directory(home)), user="postgres", autocommit=True)


def value(home, question):
    with connect(home) as connection:
        return connection.execute(question).fetchone()[0]


def postmaster(home) -> int:
    return int((home / "run" / "postgres.pid").read_text())


def processes_of(home) -> list[int]:
    there = cluster.at(home)
    mine = (str(there.data), f"postgres: {there.name}:")
    everybody = processes.command_lines_of(there.user)
    return [pid for pid, words in everybody if any(word.startswith(mine) for word in words)]


def start_another(**options):
    return subprocess.Popen([sys.executable, "-c", START], stdout=subprocess.PIPE, text=True, **options)


def test_the_first_call_starts_it_and_the_second_finds_it_running(home):
    assert not postgres.is_running()
    assert postgres.ensure_running()
    assert postgres.is_running()
    assert not postgres.ensure_running()


def test_it_writes_safely_and_listens_to_its_socket_only(home):
    postgres.ensure_running()
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert value(home, f"SHOW {setting}") == "on", setting
    assert value(home, "SHOW listen_addresses") == ""
    assert where.socket_directory(home).stat().st_mode & 0o777 == 0o700
    assert value(home, "SELECT datlocale FROM pg_database WHERE datname = 'template1'") == "C.UTF-8"


def test_stopping_leaves_no_process(home):
    postgres.ensure_running()
    assert processes_of(home)
    postgres.stop()
    assert processes_of(home) == []
    assert not postgres.is_running()


def test_a_killed_server_with_a_busy_backend_starts_again_and_has_lost_nothing(home):
    postgres.ensure_running()
    with connect(home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    ask = f"import psycopg, sys; psycopg.connect(host=sys.argv[1], user='postgres').execute({STAY_AWAKE!r})"
    busy = subprocess.Popen([sys.executable, "-c", ask, str(where.socket_directory(home))], stderr=subprocess.DEVNULL)
    asked = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM generate%'"
    assert processes.wait_until(lambda: value(home, asked), 10)
    os.kill(postmaster(home), signal.SIGKILL)
    assert processes.wait_until(lambda: not postgres.is_running(), 5)
    assert postgres.ensure_running()
    assert value(home, "SELECT answer FROM kept") == 42
    assert busy.wait(10) != 0, "the orphaned backend is gone"


def test_a_stale_record_with_the_number_of_another_program_does_not_hinder(home):
    postgres.ensure_running()
    os.kill(postmaster(home), signal.SIGKILL)
    processes.wait_until(lambda: not processes_of(home), 5)
    there = cluster.at(home)
    identity = {"user": there.user, "group": there.group} if os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["sleep", "60"], **identity)
    for record in (there.data / "postmaster.pid", there.sockets / ".s.PGSQL.5432.lock"):
        lines = record.read_text().splitlines()
        record.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    try:
        assert postgres.ensure_running()
        assert stranger.poll() is None, "the other program is left in peace"
    finally:
        stranger.kill()
        stranger.wait()


def test_of_three_processes_that_start_it_at_once_one_does_and_the_others_use_it(empty):
    others = [start_another() for _ in range(3)]
    answers = sorted(other.communicate(timeout=60)[0].strip() for other in others)
    assert answers == ["False", "False", "True"]


def test_a_creation_that_was_killed_half_way_is_made_anew(empty):
    killed = start_another()
    data = where.data_directory(empty)

    def half_made():
        return [draft for draft in data.parent.glob("postgres.new-*") if (draft / "PG_VERSION").exists()]

    assert processes.wait_until(half_made, 20, step=0.005)
    killed.kill()
    killed.communicate()
    assert not data.exists()
    assert postgres.ensure_running()
    assert value(empty, "SELECT 1") == 1


def test_the_last_to_leave_stops_what_one_of_them_started(home):
    with postgres.running():
        with postgres.running():
            assert postgres.is_running()
        assert postgres.is_running(), "somebody still uses it"
    assert processes_of(home) == []


def test_a_server_that_was_there_before_stays_unless_it_is_adopted(home):
    postgres.ensure_running()
    with postgres.running():
        pass
    assert postgres.is_running()
    with postgres.running(adopt=True):
        pass
    assert not postgres.is_running()


def test_a_start_that_is_interrupted_leaves_no_server_behind(home, monkeypatch):
    started = postgres._start

    def interrupted(there):
        started(there)
        raise KeyboardInterrupt

    monkeypatch.setattr(postgres, "_start", interrupted)
    with pytest.raises(KeyboardInterrupt), postgres.running():
        pytest.fail("it is never reached")
    assert processes_of(home) == []


def test_data_of_another_major_version_are_refused_with_what_to_do(empty):
    postgres.ensure_running()
    postgres.stop()
    (where.data_directory(empty) / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotRun, match="由 PostgreSQL 17 建立"):
        postgres.ensure_running()


@pytest.mark.skipif(os.geteuid() != 0, reason="only as root the data lie apart from the home")
def test_a_copied_home_does_not_share_the_original_s_data(home, tmp_path):
    cluster.at(home)
    copy = shutil.copytree(home, tmp_path / "copy")
    with pytest.MonkeyPatch.context() as elsewhere, pytest.raises(CannotRun, match="副本"):
        own_homes.settle(elsewhere, copy)
        postgres.ensure_running()
