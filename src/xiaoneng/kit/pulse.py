"""Asking what is new before anybody works: a task that waits for something is deferred when there is something.

Where nothing happens nothing is run, so an idle installation costs next to nothing; where something happens it is seen
sooner than by tasks that each look for themselves. Tasks stay right when they run late or twice, so a question may be
coarse, and whatever no question sees is found when a task runs though nothing is new.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Declared = TypeVar("Declared")
Ask = Callable[[str], tuple[Any, ...]]
_MORE: set[str] = set()  # tasks of this process that stopped before they were done


@dataclass(frozen=True, slots=True)
class Watch:
    """A task, and what it waits for.

    :param asks: SQL expressions. True is news each time; any other answer is news when it differs from the one before.
    :param rest: seconds between two runs, however much is new.
    :param idle: seconds after which it runs though nothing is new.
    """

    task: str
    asks: tuple[str, ...]
    rest: float
    idle: float


WATCHED: list[Watch] = []


def watched(task: str, *asks: str, rest: float, idle: float) -> Callable[[Declared], Declared]:
    """Declare that a task runs when one of its questions has a new answer, instead of by the clock."""
    WATCHED.append(Watch(task, asks, rest, idle))
    return lambda declared: declared


def more(task: str) -> None:
    """Say that a task stopped before it was done and wants to run again after its rest."""
    _MORE.add(task)


@dataclass(slots=True)
class Pulse:
    """Asks all questions at once, and defers the tasks for which there is news.

    :param ask: puts one SELECT to the database and returns its row.
    :param defer: puts a task into the queue; false if it waits there already.
    """

    watches: Iterable[Watch]
    ask: Ask
    defer: Callable[[str], bool]
    tick: Callable[[], float] = time.monotonic
    _answers: dict[str, Any] = field(default_factory=dict)
    _ran: dict[str, float] = field(default_factory=dict)
    _wanted: set[str] = field(default_factory=set)

    def beat(self) -> list[str]:
        """Ask once and return the tasks that were deferred."""
        fresh = self._news()
        deferred = []
        for watch in self.watches:
            if fresh.intersection(watch.asks) or watch.task in _MORE:
                self._wanted.add(watch.task)
                _MORE.discard(watch.task)
            if self._is_due(watch) and self.defer(watch.task):
                self._ran[watch.task] = self.tick()
                self._wanted.discard(watch.task)
                deferred.append(watch.task)
        return deferred

    def _is_due(self, watch: Watch) -> bool:
        if watch.task not in self._ran:
            return True
        since = self.tick() - self._ran[watch.task]
        return since >= (watch.rest if watch.task in self._wanted else watch.idle)

    def _news(self) -> set[str]:
        asks = list(dict.fromkeys(each for watch in self.watches for each in watch.asks))
        answers = dict(zip(asks, self.ask(f"SELECT {', '.join(f'({each})' for each in asks)}"), strict=True))
        before, self._answers = self._answers, answers
        return {each for each in asks if answers[each] is True or answers[each] not in (False, before.get(each))}
