"""Who answers for what turned red: whoever had it while time ran, not who was handed it when time was up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SOON = timedelta(days=1)  # who has had it for less when it turns red could not save it any more
LONG = timedelta(days=3)  # who has had it for less has not let it lie


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the clock ran and one person had the matter; nobody where it waited for several."""

    account: int | None
    since: datetime
    until: datetime


def answers(stretches: Iterable[Stretch]) -> int | None:
    """Return whose matter it was, given its stretches up to the instant at which it turned red, the last one last.

    Whoever has it then answers for it, unless it came to her only now and another had it for days.
    """
    known = list(stretches)
    if not known:
        return None
    had = {each.account: timedelta() for each in known}
    for each in known:
        had[each.account] += each.until - each.since
    last = known[-1].account
    longest = max(had, key=lambda account: had[account])
    return longest if had[last] < SOON and had[longest] >= LONG else last
