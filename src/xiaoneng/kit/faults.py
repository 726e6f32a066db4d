"""Named points at which a test may kill or hold the process, to prove that nothing half done is ever seen.

settings.FAULT is empty in every real installation. "name:n" kills at that name's n-th pass. A directory holds traps that
a test lays while the processes run, and the first process to pass takes: `name.kill` kills it, `name.hold` keeps it
waiting, as `name.held`, until the test takes that away.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

from django.conf import settings

KILLED = 137  # what a shell reports of a process that died by SIGKILL
LONGEST_HOLD = 20.0  # seconds
_passes: Counter[str] = Counter()


def fault(name: str) -> None:
    """Let the process die here without clean-up, or wait, if a test asks for it."""
    if not settings.FAULT:
        return
    if os.sep in settings.FAULT:
        _step_into_traps(Path(settings.FAULT), name)
        return
    wanted, _, turn = settings.FAULT.partition(":")
    if name != wanted:
        return
    _passes[name] += 1
    if _passes[name] == int(turn or 1):
        os._exit(KILLED)


def _step_into_traps(directory: Path, name: str) -> None:
    held = directory / f"{name}.held"
    if _renamed(directory / f"{name}.kill", directory / f"{name}.killed"):
        os._exit(KILLED)
    if _renamed(directory / f"{name}.hold", held):
        give_up = time.monotonic() + LONGEST_HOLD
        while held.exists() and time.monotonic() < give_up:
            time.sleep(0.005)


def _renamed(trap: Path, sprung: Path) -> bool:
    try:
        trap.rename(sprung)  # of several processes that pass at once, one finds it
    except FileNotFoundError:
        return False
    return True
