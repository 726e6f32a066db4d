"""One supervisor over the parts of a city: what dies comes back, and what ends leaves nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from jobs import own_homes
from xiaoneng.jobs import postgres, processes
from xiaoneng.jobs.commands import serve
from xiaoneng.jobs.supervisor import SUPERVISED, Part, Supervisor, answers
from xiaoneng.jobs.trouble import CannotRun

HERE = Path(__file__).parent


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    directory = own_homes.settle(monkeypatch, tmp_path / "var")
    yield directory
    own_homes.clear(directory)


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(port) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "little_city.py"), str(port)]
    city = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while (line := city.stdout.readline().strip()) != "ready":
        assert line, "the little city ended before it was ready"
    return city


def stop(city) -> None:
    city.send_signal(signal.SIGTERM)
    assert city.wait(20) == 0
    city.stdout.close()


def pid_of(home, name) -> int:
    try:
        return int((home / "run" / f"{name}.pid").read_text())
    except (FileNotFoundError, ValueError):
        return 0


def parts_alive(home) -> list[int]:
    return [pid for name in ("web", "worker") for pid in processes.marked(f"{SUPERVISED}={name}:{home}")]


def who_answers(port) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        return int(answer.read())


def comes_back(home, name, before, port) -> bool:
    return processes.wait_until(
        lambda: pid_of(home, name) not in (0, before) and answers(f"http://127.0.0.1:{port}/"), 15
    )


def test_whatever_is_killed_comes_back_and_the_end_leaves_nothing(home, port):
    city = start(port)
    for name in ("web", "worker", "postgres"):
        before = pid_of(home, name)
        os.kill(before, signal.SIGKILL)
        assert comes_back(home, name, before, port), name
    assert processes.wait_until(postgres.is_running, 10)
    answering = who_answers(port)
    os.kill(answering, signal.SIGKILL)
    assert processes.wait_until(lambda: answers(f"http://127.0.0.1:{port}/"), 10)
    assert who_answers(port) != answering
    stop(city)
    assert parts_alive(home) == []
    assert not postgres.is_running()
    assert [path.name for path in (home / "run").glob("*.pid")] == []


def test_a_killed_supervisor_takes_its_parts_along_and_the_next_one_takes_over_the_database(home, port):
    city = start(port)
    database = pid_of(home, "postgres")
    city.kill()
    city.communicate()
    assert processes.wait_until(lambda: not parts_alive(home), 5)
    assert postgres.is_running()
    again = start(port)
    assert pid_of(home, "postgres") == database
    stop(again)
    assert not postgres.is_running()


def test_a_second_start_on_the_same_home_is_told_where_the_first_one_is(home):
    with (
        serve.sole_start(home, "http://127.0.0.1:8123"),
        pytest.raises(CannotRun, match=r"已在运行（http://127\.0\.0\.1:8123，进程号 \d+）"),
        serve.sole_start(home, "http://127.0.0.1:8124"),
    ):
        pass


def test_a_taken_port_is_refused_before_anything_starts(port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(CannotRun, match=f"端口 {port} 已被别的程序占用"):
            serve.check_port_is_free("127.0.0.1", port)
    serve.check_port_is_free("127.0.0.1", port)


def test_an_unknown_address_is_refused_with_what_to_do():
    with pytest.raises(CannotRun, match="请改用本机的一个地址"):
        serve.check_port_is_free("203.0.113.9", 8000)


def test_a_part_that_never_comes_up_ends_the_start_with_its_name(home, port):
    (home / "run").mkdir(parents=True)
    broken = Part("web", "网站", [sys.executable, "-c", "raise SystemExit(3)"], home)
    supervisor = Supervisor([broken], f"http://127.0.0.1:{port}/health", lambda text: None)
    with pytest.raises(CannotRun, match=r"网站启动后一再退出（退出码 3）"):
        supervisor.watch(lambda: None)
