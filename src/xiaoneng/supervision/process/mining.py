"""What traces tell: how often each step and each passage, how long between them, what is done again, the ways taken.

Steps that share a moment have no order between them: each of them is followed by each of the next moment, and a way names
them together. So a log that tells days alone is never given an order that nobody knows.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise, product
from statistics import median

BEGIN, END = "▶", "■"  # no step is called so
Pair = tuple[str, str]
Way = tuple[tuple[str, ...], ...]
Between = Callable[[float, float], float]
MOST_PAIRS = 400  # of two moments of one case: a day with a hundred steps tells nothing about what follows what


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened to one case, in order; steps of the same moment stand beside each other without one."""

    case: int
    steps: tuple[str, ...]
    at: tuple[float, ...]  # seconds since 1970
    moments: tuple[int, ...]

    def together(self) -> Way:
        """Return the steps, moment by moment; those of one moment in the order of their names."""
        pairs = zip(self.moments, self.steps, strict=True)
        return tuple(tuple(sorted(step for _, step in group)) for _, group in groupby(pairs, key=lambda each: each[0]))

    def only(self, kept: set[str]) -> Trace:
        """Return the trace with some steps alone."""
        places = [n for n, step in enumerate(self.steps) if step in kept]
        return Trace(
            self.case,
            tuple(self.steps[n] for n in places),
            tuple(self.at[n] for n in places),
            tuple(self.moments[n] for n in places),
        )


@dataclass(frozen=True, slots=True)
class StepFigures:
    """How often a step was taken: in all, in how many cases, in how many of them more than once."""

    name: str
    times: int
    cases: int
    again: int


@dataclass(frozen=True, slots=True)
class Passage:
    """How often one step was followed by another, and how long that took; None where it cannot be told."""

    source: str
    target: str
    times: int
    cases: int
    half: float | None
    nine_tenths: float | None
    total: float


@dataclass(frozen=True, slots=True)
class WayFigures:
    """A way that cases took from beginning to end, and how many took it."""

    mark: str
    way: Way
    cases: int
    half: float | None


@dataclass(frozen=True, slots=True)
class Process:
    """What a set of traces tells."""

    cases: int
    events: int
    steps: tuple[StepFigures, ...]
    passages: tuple[Passage, ...]
    ways: tuple[WayFigures, ...]
    all_ways: int
    half: float | None
    nine_tenths: float | None

    def bottlenecks(self, most: int = 5) -> tuple[Passage, ...]:
        """Return the passages in which cases together waited longest."""
        waited = [
            each for each in self.passages if each.total > 0 and BEGIN not in (each.source,) and each.target != END
        ]
        return tuple(sorted(waited, key=lambda each: -each.total)[:most])


@dataclass
class _Tally:
    times: int = 0
    cases: set[int] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)


def mined(traces: Sequence[Trace], between: Between, most_ways: int = 20) -> Process:
    """Return what traces tell.

    :param between: how long it is from one instant to a later one, in the unit of the answer.
    """
    steps, passages, ways = _steps(traces), _passages(traces, between), _ways(traces, between)
    lasted = sorted(between(trace.at[0], trace.at[-1]) for trace in traces if trace.at)
    return Process(
        len(traces), sum(len(trace.steps) for trace in traces), steps, passages, tuple(ways[:most_ways]), len(ways),
        _at(lasted, 0.5), _at(lasted, 0.9),
    )  # fmt: skip


def _steps(traces: Sequence[Trace]) -> tuple[StepFigures, ...]:
    times: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for trace in traces:
        counted = Counter(trace.steps)
        times.update(counted)
        cases.update(counted.keys())
        again.update(step for step, n in counted.items() if n > 1)
    return tuple(StepFigures(step, n, cases[step], again[step]) for step, n in times.most_common())


def _passages(traces: Sequence[Trace], between: Between) -> tuple[Passage, ...]:
    found: dict[Pair, _Tally] = defaultdict(_Tally)
    for trace in traces:
        for pair, wait in passed(trace, between):
            tally = found[pair]
            tally.times += 1
            tally.cases.add(trace.case)
            if wait is not None:
                tally.waits.append(wait)
    rows = (
        Passage(*pair, each.times, len(each.cases), _at(waits := sorted(each.waits), 0.5), _at(waits, 0.9), sum(waits))
        for pair, each in found.items()
    )
    return tuple(sorted(rows, key=lambda row: (-row.times, row.source, row.target)))


def passed(trace: Trace, between: Between) -> Iterator[tuple[Pair, float | None]]:
    """Give the passages of a trace with how long each took, from its beginning to its end."""
    groups = [
        ([trace.steps[n] for n in places], trace.at[places[0]], trace.at[places[-1]])
        for _, group in groupby(range(len(trace.steps)), key=lambda n: trace.moments[n])
        if (places := list(group))
    ]
    if not groups:
        return
    yield from (((BEGIN, step), None) for step in groups[0][0])
    for (before, _, left), (after, reached, _) in pairwise(groups):
        if len(before) * len(after) <= MOST_PAIRS:
            wait = between(left, reached)
            yield from ((pair, wait) for pair in product(before, after))
    yield from (((step, END), None) for step in groups[-1][0])


def _ways(traces: Sequence[Trace], between: Between) -> list[WayFigures]:
    found: dict[Way, list[Trace]] = defaultdict(list)
    for trace in traces:
        found[trace.together()].append(trace)
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [
        WayFigures(
            mark_of(way),
            way,
            len(some),
            _at(sorted(between(each.at[0], each.at[-1]) for each in some if each.at), 0.5) if n < 50 else None,
        )
        for n, (way, some) in enumerate(ordered)
    ]


def mark_of(way: Way) -> str:
    """Return the mark by which an address names a way."""
    return hashlib.sha256(repr(way).encode()).hexdigest()[:12]


def _at(ordered: Sequence[float], part: float) -> float | None:
    """Return the value below which a part of ordered values lie."""
    if not ordered:
        return None
    if part == 0.5:
        return median(ordered)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def taking(traces: Iterable[Trace], step: str) -> list[int]:
    """Return the cases that took a step."""
    return [trace.case for trace in traces if step in trace.steps]


def repeating(traces: Iterable[Trace], step: str) -> list[int]:
    """Return the cases that took a step more than once."""
    return [trace.case for trace in traces if trace.steps.count(step) > 1]


def passing(traces: Iterable[Trace], pair: Pair) -> list[int]:
    """Return the cases in which one step was followed by another."""
    return [trace.case for trace in traces if any(each == pair for each, _ in passed(trace, _no_time))]


def going(traces: Iterable[Trace], mark: str) -> list[int]:
    """Return the cases that took a way."""
    return [trace.case for trace in traces if mark_of(trace.together()) == mark]


def _no_time(first: float, last: float) -> float:
    return 0.0
