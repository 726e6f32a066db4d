"""Writing a story in working days: a hand that puts one act after the other, at times at which people would come."""

from __future__ import annotations

import random
from typing import Any

from xiaoneng.jobs.demo.cases import Act

UNHURRIED, QUICK = (15, 90), (3, 15)  # minutes between two acts of a day, and of one visit
LAST_MINUTE = 410  # of the 420 that offices are open: 09:00-12:00 and 13:00-17:00


class Pen:
    """Where a story stands: so many working days before today, so many minutes after the office opened.

    What it puts after today has not happened yet.
    """

    def __init__(self, draw: random.Random, ago: int, decided: int = 0) -> None:
        self.draw, self.ago, self.decided = draw, ago, decided
        self.minute = draw.randrange(0, 300)
        self.acts: list[Act] = []

    def put(self, move: str, *, after: int = 0, quick: bool = False, **facts: Any) -> None:
        """Let a move happen in office hours, so many working days after the one before."""
        self.ago -= after
        self.minute = (
            self.draw.randrange(0, 380)
            if after
            else self.minute + self.draw.randrange(*(QUICK if quick else UNHURRIED))
        )
        if self.minute > LAST_MINUTE:  # the office closes; it happens on the next morning
            self.ago, self.minute = self.ago - 1, self.draw.randrange(0, 60)
        self.acts.append(Act(self.ago, _clock(self.minute), move, facts))

    def put_at_night(self, move: str, **facts: Any) -> None:
        """Let the applicant do it after hours, so that it counts as received on the next working day."""
        self.acts.append(Act(self.ago + 1, f"{self.draw.randrange(18, 22)}:{self.draw.randrange(60):02d}", move, facts))
        self.minute = self.draw.randrange(0, 120)

    def put_at_noon(self, move: str, **facts: Any) -> None:
        """Let the applicant do it at lunch time; what follows comes in the afternoon."""
        self.acts.append(Act(self.ago, f"12:{self.draw.randrange(5, 55):02d}", move, facts))
        self.minute = 180 + self.draw.randrange(0, 60)


def _clock(minute: int) -> str:
    hour, rest = divmod(minute + (540 if minute < 180 else 600), 60)
    return f"{hour:02d}:{rest:02d}"
