"""A city in a home of its own, served by the real command, with the processes that it consists of."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xiaoneng.jobs import cluster, processes
from xiaoneng.jobs.supervisor import SUPERVISED, answers

HERE = Path(__file__).parent
COMMAND = [sys.executable, "-m", "xiaoneng.jobs.cli"]
READY_SECONDS = 60
STOP_SECONDS = 40
_GONE = re.compile(r"(网站|后台任务|数据库)意外退出(?:（退出码 (-?\d+)）)?，正在重新启动")


@dataclass
class City:
    """What is served, where, and the hand on it."""

    home: Path
    port: int
    logins: dict[str, str]
    password: str
    item: str
    overdue: list[int]
    said: Path
    serving: subprocess.Popen[bytes] | None = None
    traps: Path = field(init=False)

    def __post_init__(self) -> None:
        self.traps = self.home / "traps"
        self.traps.mkdir()

    @property
    def address(self) -> str:
        """Return where the city answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and wait until all is well."""
        with self.said.open("ab") as told:
            self.serving = subprocess.Popen(
                [*COMMAND, "serve", "--no-demo", "--port", str(self.port)],
                env=environment(self.home) | {"XIAONENG_FAULT": str(self.traps)}, stdout=told, stderr=told,
            )  # fmt: skip
        self.wait_until_well()

    def kill_supervisor(self) -> None:
        """Kill the one who watches over all others, which takes the web along and leaves the database alone."""
        assert self.serving and self.wait_until_whole(), self.last_words()
        self.serving.kill()
        self.serving.wait()

    def wait_until_whole(self) -> bool:
        """Wait until every part is there, and say whether it came to that."""
        return processes.wait_until(
            lambda: self.part("web") and self.part("worker") and self.postmaster(), READY_SECONDS
        )

    def wait_until_well(self) -> None:
        """Wait until web and database answer."""
        assert processes.wait_until(lambda: answers(f"{self.address}/health"), READY_SECONDS), self.last_words()

    def stop(self) -> int:
        """Ask it to end as Ctrl-C does and return the exit code."""
        assert self.serving
        self.serving.send_signal(signal.SIGINT)
        return self.serving.wait(STOP_SECONDS)

    def last_words(self) -> str:
        """Return the end of what the command and its parts said."""
        return self.said.read_text(errors="replace")[-4000:]

    def restarts(self) -> list[tuple[str, str]]:
        """Return what the supervisor found dead and started again: the part and its exit code."""
        return _GONE.findall(self.said.read_text(errors="replace"))

    def recorded(self, name: str) -> int:
        """Return the process number that is on record for a part, 0 where there is none."""
        try:
            return int((self.home / "run" / f"{name}.pid").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def part(self, name: str) -> list[int]:
        """Return the recorded process of web or worker, if it lives and carries this city's mark."""
        return [pid for pid in processes.marked(f"{SUPERVISED}={name}:{self.home}") if pid == self.recorded(name)]

    def web_workers(self) -> list[int]:
        """Return the processes that answer requests."""
        below = [pid for pid in processes.marked(f"{SUPERVISED}=web:{self.home}") if pid != self.recorded("web")]
        return [pid for pid in below if "granian" in processes.command_line(pid)]

    def postmaster(self) -> list[int]:
        """Return the database's first process, if it lives."""
        pid = self.recorded("postgres")
        return [pid] if processes.command_line(pid)[1:3] == ["-D", str(self._cluster().data)] else []

    def backends(self) -> list[int]:
        """Return every process that the database's first process started."""
        here = self._cluster()
        title = f"postgres: {here.name}:"
        return [pid for pid, words in processes.command_lines_of(here.user) if words[0].startswith(title)]

    def remains(self) -> list[int]:
        """Return every process that belongs to this city."""
        data = str(self._cluster().data)
        database = [pid for pid, words in processes.command_lines_of(self._cluster().user) if data in words]
        return [*processes.marked(f"XIAONENG_HOME={self.home}"), *database, *self.backends()]

    def _cluster(self) -> cluster.Cluster:
        return cluster.at(self.home)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a city that knows nothing of the tests' own database."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("XIAONENG_", "DJANGO_"))}
    return ours | {
        "XIAONENG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "xiaoneng.config.settings",
        "PYTHONUNBUFFERED": "1",
    }


def build(home: Path) -> City:
    """Make the city of seed.py in a home and return it, not served yet."""
    done = subprocess.run(
        [sys.executable, str(HERE / "seed.py")], env=environment(home), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    known: dict[str, Any] = json.loads(done.stdout)
    return City(home, _free_port(), said=home / "said.txt", **known)


def doctor(home: Path) -> dict[str, Any]:
    """Let the doctor examine a home and return the report with the exit code."""
    done = subprocess.run([*COMMAND, "doctor", "--json"], env=environment(home), capture_output=True, text=True)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report | {"exit": done.returncode}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
