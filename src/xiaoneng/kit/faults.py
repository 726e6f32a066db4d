"""Named points at which a test may kill the process, to prove that nothing half done is ever seen."""

from __future__ import annotations

import os
from collections import Counter

from django.conf import settings

KILLED = 137  # what a shell reports of a process that died by SIGKILL
_passes: Counter[str] = Counter()


def fault(name: str) -> None:
    """Let the process die here without clean-up if settings.FAULT is "name:n" and this is that name's n-th pass."""
    if not settings.FAULT:
        return
    wanted, _, turn = settings.FAULT.partition(":")
    if name != wanted:
        return
    _passes[name] += 1
    if _passes[name] == int(turn or 1):
        os._exit(KILLED)
