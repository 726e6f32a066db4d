"""The processes of this machine as /proc shows them, and how to end those that are ours."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # looked up before any fork, where nothing may be loaded any more


def command_lines_of(user: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the arguments of every living process of a user."""
    for pid in _numbers():
        with suppress(OSError):
            if (PROC / str(pid)).stat().st_uid == user and (words := command_line(pid)):
                yield pid, words


def command_line(pid: int) -> list[str]:
    """Return the arguments of a living process, and nothing for one that has ended, collected or not."""
    try:
        text = (PROC / str(pid) / "cmdline").read_text(errors="replace").rstrip("\0")
    except OSError:
        return []
    return text.split("\0") if text else []


def marked(mark: str) -> list[int]:
    """Return the processes, but for this one, that carry `NAME=value` in the environment they were started with."""
    return [pid for pid in _numbers() if pid != os.getpid() and mark.encode() in _environment(pid)]


def listed(pid: int) -> bool:
    """Say whether a number is taken, be it by a process that has ended and only waits to be collected."""
    return (PROC / str(pid)).exists()


def living(pids: Iterable[int]) -> list[int]:
    """Return those that still run; one that has ended and only waits to be collected does not."""
    return [pid for pid in pids if _state(pid) not in ("", "Z", "X")]


def end(pids: Iterable[int], how: int = signal.SIGKILL, patience: float = 5.0) -> list[int]:
    """Send a signal, wait until the processes are gone and return those that are not."""
    pids = list(pids)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)
    wait_until(lambda: not living(pids), patience)
    return living(pids)


def wait_until(true: Callable[[], object], patience: float, step: float = 0.05) -> bool:
    """Ask again and again until it is true, and say whether it became so in time."""
    give_up = time.monotonic() + patience
    while not true():
        if time.monotonic() > give_up:
            return False
        time.sleep(step)
    return True


def die_with_parent(parent: int) -> None:
    """Have the system kill this process at the death of its parent, whose number is given."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before, and its death will not be told any more
        os.kill(os.getpid(), signal.SIGKILL)


def _numbers() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:  # gone, or somebody else's
        return []


def _state(pid: int) -> str:
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return ""
