"""What pages count over the whole city: asked of the database once in a while and not at every visit."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_kept: dict[Hashable, tuple[float, Any]] = {}
MOST = 2000


def once_in(seconds: float, key: Hashable, question: Callable[[], Answer]) -> Answer:
    """Return an answer that is at most this old; two who ask at the same time may both ask the database."""
    now = time.monotonic()
    known = _kept.get(key)
    if known is not None and now < known[0]:
        answer: Answer = known[1]
        return answer
    answer = question()
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = (now + seconds, answer)
    return answer


def forget() -> None:
    """Ask anew at the next visit."""
    _kept.clear()
