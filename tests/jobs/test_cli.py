"""The command line: what it needs, and how it ends when it cannot go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from jobs import own_homes
from xiaoneng.jobs import postgres, processes
from xiaoneng.jobs.cli import main, parser

XIAONENG = [sys.executable, "-m", "xiaoneng.jobs.cli"]


@pytest.fixture
def home(tmp_path, monkeypatch):
    directory = own_homes.settle(monkeypatch, tmp_path / "var")
    yield directory
    own_homes.clear(directory)


def test_every_command_says_in_chinese_what_it_does():
    for line in parser().format_help().split("命令:")[1].strip().splitlines()[1:]:
        assert any("一" <= letter <= "鿿" for letter in line), line


def test_reckoning_dates_needs_neither_django_nor_a_database(home):
    asked = "import sys; from xiaoneng.jobs.cli import main\ntry: main(['due', '--help'])\n"
    asked += "except SystemExit: pass\nprint([name for name in ('django', 'psycopg') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert not home.exists()


def test_an_unknown_command_is_answered_with_where_help_is(capsys):
    with pytest.raises(SystemExit) as refused:
        main(["fly"])
    assert refused.value.code == 2
    assert "请用 xiaoneng --help 查看用法" in capsys.readouterr().err


def test_ctrl_c_ends_with_130_without_a_traceback_and_without_a_server(home):
    process = subprocess.Popen([*XIAONENG, "migrate"], stderr=subprocess.PIPE, text=True)
    assert processes.wait_until(lambda: (home / "run" / "postgres.pid").exists(), 30, step=0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == "已中断。\n"
    assert not postgres.is_running()


def test_a_ctrl_c_that_python_could_not_raise_comes_again():
    lost = """
import signal, time, weakref
from xiaoneng.jobs.cli import never_lose_an_interrupt
class Gone: pass
never_lose_an_interrupt()
gone = Gone()
watched = weakref.ref(gone, lambda _: signal.raise_signal(signal.SIGINT))
del gone
print("on", flush=True)
time.sleep(20)
"""
    done = subprocess.run([sys.executable, "-c", lost], capture_output=True, text=True, timeout=15)
    assert done.stdout == "on\n"
    assert done.stderr.endswith("KeyboardInterrupt\n")
    assert "ignored" not in done.stderr


def test_a_home_that_cannot_be_made_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    variables = os.environ | {"XIAONENG_HOME": str(tmp_path / "file" / "var")}
    done = subprocess.run([*XIAONENG, "migrate"], env=variables, capture_output=True, text=True)
    assert done.returncode == 2
    assert "XIAONENG_HOME" in done.stderr
    assert "Traceback" not in done.stderr
