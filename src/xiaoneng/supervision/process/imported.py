"""How the cases of an imported log ran: by its own stamps, in calendar days, in an order only where it tells one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from xiaoneng.history import reads
from xiaoneng.history.reading.stamps import read
from xiaoneng.history.reads import Story
from xiaoneng.supervision.process.mining import Trace

DAY = 86400.0
UNNAMED = "未写明"


@dataclass(frozen=True, slots=True)
class EventFigures:
    """What a log's events say of who did them and by when."""

    steps: int
    people: int
    monitors: int
    with_due: int
    after_due: int
    cases_after_due: int
    after_due_by: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """The traces of a log, the names by which its steps are also known, and its events' figures."""

    traces: tuple[Trace, ...]
    labels: dict[str, str]
    figures: EventFigures


def imported(log: int) -> Imported:
    """Return the traces of a log's cases."""
    counting = _Counting()
    traces = tuple(counting.trace(story) for story in reads.stories(log))
    return Imported(traces, counting.labels, counting.figures())


def in_days(first: float, last: float) -> float:
    """Return how many calendar days lie between two instants."""
    return max(0.0, (last - first) / DAY)


class _Counting:
    """Goes through the stories once."""

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self._people: set[str] = set()
        self._monitors: set[str] = set()
        self._steps: set[str] = set()
        self._due = self._late = 0
        self._late_cases: set[int] = set()
        self._late_by: Counter[str] = Counter()
        self._stamps: dict[str, tuple[float, bool, str]] = {}

    def trace(self, story: Story) -> Trace:
        """Return the trace of a story and count what it says."""
        names = [name or UNNAMED for name in story.column("activity")]
        self._steps.update(names)
        for name, label in zip(names, story.column("label"), strict=False):
            if label and name not in self.labels:
                self.labels[name] = label
        people = story.column("resource")
        self._people.update(filter(None, people))
        self._monitors.update(filter(None, story.column("monitor") if "monitor" in story.roles else ()))
        self._dues(story, people)
        return _ordered(story.matter, names, [self._stamp(text) if text else None for text in story.at])

    def _stamp(self, text: str) -> tuple[float, bool, str]:
        if text not in self._stamps:
            stamp = read(text)
            self._stamps[text] = (stamp.at.timestamp(), stamp.by_day, stamp.text[:10])
        return self._stamps[text]

    def _dues(self, story: Story, people: list[str]) -> None:
        for place, text in story.due.items():
            done = story.at[int(place)]
            self._due += 1
            if done and read(done).at > read(text).at:
                self._late += 1
                self._late_cases.add(story.matter)
                self._late_by[people[int(place)]] += 1

    def figures(self) -> EventFigures:
        """Return what was counted."""
        return EventFigures(
            len(self._steps), len(self._people), len(self._monitors), self._due, self._late, len(self._late_cases),
            tuple(self._late_by.most_common()),
        )  # fmt: skip


def _ordered(case: int, names: list[str], stamps: list[tuple[float, bool, str] | None]) -> Trace:
    """Order the steps of a case by their moments; a day on which any step tells no hour is one moment."""
    known = [(stamp, name) for stamp, name in zip(stamps, names, strict=True) if stamp is not None]
    whole_days = {day for (_, by_day, day), _ in known if by_day}
    keyed = sorted(((_key(stamp, whole_days), stamp[0], name) for stamp, name in known), key=lambda each: each[0])
    moments: list[int] = []
    for n, (key, _, _) in enumerate(keyed):
        moments.append(moments[-1] + (key != keyed[n - 1][0]) if n else 0)
    return Trace(
        case, tuple(name for _, _, name in keyed), tuple(_instants(keyed, whole_days)), tuple(moments)
    )  # fmt: skip


def _key(stamp: tuple[float, bool, str], whole_days: set[str]) -> tuple[str, float]:
    at, _, day = stamp
    return (day, 0.0) if day in whole_days else (day, at)


def _instants(keyed: Iterable[tuple[tuple[str, float], float, str]], whole_days: set[str]) -> Iterable[float]:
    # Of a day without order the earliest instant stands for all: nothing is made longer than it can have been.
    first: dict[tuple[str, float], float] = {}
    keyed = list(keyed)
    for key, at, _ in keyed:
        first[key] = min(at, first.get(key, at))
    return [first[key] for key, _, _ in keyed]
