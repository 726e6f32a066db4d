"""A process that has read the whole house once and splits off the parts of serving cities, each in an instant.

It runs by itself, `python nursery.py`, and reads a line for each part: its command and its environment. What is split off
is the same program under the same command; only the reading of the house is not repeated.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from select import poll

HERE = [sys.executable, __file__]


class Part:
    """A part that was split off; it is no child of ours, so it is watched by a handle of its own."""

    def __init__(self, pid: int) -> None:
        self.pid, self.handle = pid, os.pidfd_open(pid)

    def end(self, seconds: float) -> bool:
        """Tell it to stop, and tell whether it did so of itself."""
        watched = poll()
        watched.register(self.handle)
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGTERM)
        stopped = bool(watched.poll(seconds * 1000))
        if not stopped:
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        os.close(self.handle)
        return stopped


class Nursery:
    """The hand on that process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)

    def split_off(self, command: list[str], environment: dict[str, str]) -> Part:
        """Have a part run `python -m …` in this environment."""
        assert self.process.stdin and self.process.stdout and command[1] == "-m"
        print(json.dumps([command[2:], environment]), file=self.process.stdin, flush=True)
        return Part(int(self.process.stdout.readline()))

    def close(self) -> None:
        """End it; the parts have ended before."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(15)
        self.process.stdout.close()


def read_the_house() -> None:
    """Import everything that a web server or a worker would, without opening a connection or a thread."""
    import django

    django.setup()
    import granian.cli  # noqa: F401 - both are read for the parts to come
    import procrastinate.contrib.django  # noqa: F401
    from django.conf import settings
    from django.urls import get_resolver

    assert get_resolver(settings.ROOT_URLCONF).reverse_dict is not None


def become(words: list[str], environment: dict[str, str]) -> None:
    """Be the module of that name from now on, with the settings of that environment."""
    import importlib
    import runpy

    from django.conf import settings
    from django.db import connections

    from xiaoneng.config import settings as written

    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in range(3):
        os.dup2(nowhere, handle)
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(written)
    for name in filter(str.isupper, dir(written)):
        setattr(settings, name, getattr(written, name))
    for alias, known in written.DATABASES.items():
        connections[alias].settings_dict["NAME"] = known["NAME"]
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


def main() -> None:
    """Split off a part for each line, until there are no more."""
    read_the_house()
    for line in sys.stdin:
        words, environment = json.loads(line)
        if not (pid := os.fork()):
            become(words, environment)
            os._exit(0)
        print(pid, flush=True)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


if __name__ == "__main__":
    main()
