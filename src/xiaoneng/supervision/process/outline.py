"""What of a process a picture can show: the steps that most cases take, and between them the passages that matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiaoneng.supervision.process.mining import BEGIN, END, Between, Passage, Process, Trace, mined


def outline(
    traces: Sequence[Trace], whole: Process, most: int, between: Between
) -> tuple[Process, tuple[Passage, ...]]:
    """Return the process of the most frequent steps alone, and those of its passages that a picture draws."""
    kept = {step.name for step in sorted(whole.steps, key=lambda step: (-step.cases, -step.times))[:most]}
    if len(kept) == len(whole.steps):
        return whole, _worth_drawing(whole, len(kept))
    fewer = mined([short for trace in traces if (short := trace.only(kept)).steps], between)
    return fewer, _worth_drawing(fewer, len(kept))


def _worth_drawing(process: Process, steps: int) -> tuple[Passage, ...]:
    """Return the best way into and out of each step, and the most frequent others up to about two a step."""
    best: dict[tuple[str, str], Passage] = {}
    for side in ("source", "target"):
        for row in process.passages:  # the most frequent come first
            if row.source != row.target:
                best.setdefault((side, getattr(row, side)), row)
    chosen = _unlike(best.values())
    for row in process.passages:
        if len(chosen) >= 2 * steps + 2:
            break
        if row.times * 50 >= process.cases:
            chosen.setdefault((row.source, row.target), row)
    return tuple(row for row in chosen.values() if (row.source, row.target) != (BEGIN, END))


def _unlike(rows: Iterable[Passage]) -> dict[tuple[str, str], Passage]:
    return {(row.source, row.target): row for row in rows}
