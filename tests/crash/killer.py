"""Whoever kills: at named points inside moves, and at times that fall where they fall."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import xiaoneng
from crash.clients import MOVES, Crowd
from crash.doomed import City
from xiaoneng.jobs import processes

SOURCE = Path(xiaoneng.__file__).parent
POINTS = sorted({p for f in SOURCE.rglob("*.py") for p in re.findall(r'\bfault\("([a-z-]+)"\)', f.read_text())})
POINTS_OF_MOVES = [point for point in POINTS if point.startswith("move-")]
AT_TIMES = ("web worker", "web worker", "web", "worker", "backend", "postmaster", "supervisor")
PATIENCE_SECONDS = 60.0
POSTS_OF_A_LIFE = len(MOVES) + 2


@dataclass
class Killer:
    """Fires a list of kills, in an order that the seed decides, while the crowd is at work."""

    city: City
    crowd: Crowd
    seed: int
    rounds: int
    delivered: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.victims: dict[str, Callable[[], list[int]]] = {
            "web worker": self.city.web_workers,
            "web": lambda: self.city.part("web"),
            "worker": lambda: self.city.part("worker"),
            "backend": self.city.backends,
            "postmaster": self.city.postmaster,
        }

    def plan(self) -> list[tuple[str, str]]:
        """Return the kills of all rounds: a point or a time, and who dies there."""
        kills = []
        for _ in range(self.rounds):
            round_ = [("point", point) for point in POINTS]
            round_ += [(point, self.dice.choice(("backend", "postmaster"))) for point in POINTS_OF_MOVES]
            round_ += [("time", who) for who in AT_TIMES]
            self.dice.shuffle(round_)
            kills += round_
        return kills

    def rage(self) -> None:
        """Fire the plan, evenly over the crowd's work, and tell it when every trap was stepped into."""
        try:
            self._fire(self.plan())
            self._wait_for(lambda: not any(self.city.traps.glob("*.kill")), "all points")
        finally:
            self.crowd.enough.set()

    def _fire(self, plan: list[tuple[str, str]]) -> None:
        for n, (where, who) in enumerate(plan, 1):
            self._wait_for_share(n / (len(plan) + 1))
            if where == "point":
                self._set_trap(who)
            else:
                time.sleep(self.dice.uniform(0, 0.2))
                self._strike(where, who)

    def _wait_for_share(self, share: float) -> None:
        wanted = share * self.crowd.lives * POSTS_OF_A_LIFE
        while self.crowd.at_work() and self.crowd.ledger.lines < wanted:
            time.sleep(0.01)

    def _set_trap(self, point: str) -> None:
        trap = self.city.traps / f"{point}.kill"
        self._wait_for(lambda: not trap.exists(), point)
        trap.touch()
        self.delivered[f"at {point}"] += 1

    def _strike(self, where: str, who: str) -> None:
        if where == "time":
            self._kill(who)
            self.delivered[who] += 1
            return
        held = self.city.traps / f"{where}.held"
        held.with_suffix(".hold").touch()
        self._wait_for(held.exists, where)
        self._kill(who)
        held.unlink()
        self.delivered[f"{who} at {where}"] += 1

    def _kill(self, who: str) -> None:
        if who == "supervisor":
            self.city.kill_supervisor()
            self.city.start()
            return
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            for victim in self.dice.sample(found := sorted(self.victims[who]()), len(found)):
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    return
            time.sleep(0.02)
        raise AssertionError(f"nobody to kill: {who}")

    def _wait_for(self, reached: Callable[[], bool], what: str) -> None:
        in_time = processes.wait_until(lambda: reached() or self.crowd.troubles, PATIENCE_SECONDS, 0.005)
        assert not self.crowd.troubles, self.crowd.troubles
        assert in_time, f"not reached: {what}"
