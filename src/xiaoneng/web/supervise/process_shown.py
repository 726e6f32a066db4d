"""A process as its page shows it: the picture, and beside it every figure in tables, each opening down to its cases."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from xiaoneng.kit.drawing import Form, Shape, Stroke, drawn, svg
from xiaoneng.supervision.process.mining import (
    BEGIN,
    END,
    Between,
    Passage,
    Process,
    Trace,
    going,
    mined,
    passing,
    repeating,
    taking,
)
from xiaoneng.supervision.process.outline import outline

SIZES = (6, 10, 16, 30)
USUAL = 10
ROWS = 40  # of a table; the rest is told as a number
KEPT = 4
ENDS = {BEGIN: "开始", END: "结束或仍在办"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is shown: traces, how to count between two instants, the unit, what steps are also called."""

    traces: Sequence[Trace]
    between: Between
    unit: str
    labels: Mapping[str, str]


class Latest:
    """The last few answers to questions that take a while; each process of the server has its own."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def of(self, asked: Hashable, answer: Callable[[], Any]) -> Any:
        """Return the answer to a question, asked anew if it is none of the last few."""
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
                return self._kept[asked]
        found = answer()
        with self._lock:
            self._kept[asked] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


_mined = Latest()


def process_of(mark: Hashable, subject: Subject) -> Process:
    """Return what the traces of a subject tell."""
    found: Process = _mined.of(mark, lambda: mined(subject.traces, subject.between))
    return found


def shown(mark: Hashable, subject: Subject, size: int, listing: str, title: str) -> dict[str, Any]:
    """Return a process as its page shows it.

    :param listing: the address of the cases, to which what they have in common is added.
    """
    whole = process_of(mark, subject)
    drawn_at = (mark, size, listing, title)
    return {
        "cases": whole.cases, "events": whole.events, "all_ways": whole.all_ways,
        "half": days(whole.half, subject.unit), "nine_tenths": days(whole.nine_tenths, subject.unit),
        "svg": _mined.of(("drawn", drawn_at), lambda: _picture(subject, whole, size, listing, title)),
        "steps": _steps(whole, subject, listing), "more_steps": max(0, len(whole.steps) - ROWS),
        "passages": _passages(_inner(whole)[:ROWS], subject, listing), "more_passages": max(0, len(_inner(whole)) - ROWS),
        "ways": _ways(whole, subject, listing), "more_ways": whole.all_ways - len(whole.ways),
        "bottlenecks": _passages(whole.bottlenecks(), subject, listing), "unit": subject.unit,
    }  # fmt: skip


def _inner(process: Process) -> list[Passage]:
    return [row for row in process.passages if row.source != BEGIN and row.target != END]


def days(value: float | None, unit: str) -> str:
    """Return a length of time as people read it."""
    if value is None:
        return "—"
    if unit == "个工作日":
        return "当天" if value < 1 else f"{value:.0f} {unit}"
    if value < 1:
        return f"{value * 24:.0f} 小时" if value * 24 >= 1 else "1 小时内"
    return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"


def _picture(subject: Subject, whole: Process, size: int, listing: str, title: str) -> SafeString:
    fewer, passages = outline(subject.traces, whole, size, subject.between)
    slow = {(row.source, row.target) for row in fewer.bottlenecks(3)}
    used = {row.source for row in passages} | {row.target for row in passages}
    most = max((row.cases for row in fewer.steps), default=1)
    shapes = [Shape(BEGIN, ENDS[BEGIN], form=Form.ROUND, tone="begin")] if BEGIN in used else []
    shapes += [
        Shape(
            row.name, name_of(row.name, subject), f"{row.cases} 件，{row.times} 次", tone=_tone(row.cases / most),
            href=f"{listing}{urlencode({'step': row.name})}", widest=12,
        )
        for row in sorted(fewer.steps, key=_order(subject.traces))
    ]  # fmt: skip
    shapes += [Shape(END, ENDS[END], form=Form.ROUND, tone="end")] if END in used else []
    strokes = [_stroke(row, subject, listing, slow, fewer.cases) for row in passages]
    told = (
        f"{fewer.cases} 件办件的实际走法。粗线是走得多的，红线是合计等待最久的三段。"
        f"图上画出 {len(fewer.steps)} 个环节，全部 {len(whole.steps)} 个环节和每一段的件数、用时在下面的表格里。"
    )
    # Our own drawing: every word in it was escaped when it was drawn.
    return SafeString(svg(drawn(shapes, strokes, gap_x=20, gap_y=20), title=title, told=told, mark="process"))


def _order(traces: Sequence[Trace]) -> Callable[[Any], float]:
    """Return a key by which steps stand where they mostly stand in a case."""
    places: dict[str, list[float]] = {}
    for trace in traces[:2000]:
        long = max(1, len(trace.steps) - 1)
        for n, step in enumerate(trace.steps):
            places.setdefault(step, []).append(n / long)
    usual = {step: sum(found) / len(found) for step, found in places.items()}
    return lambda row: usual.get(row.name, 1.0)


def _tone(part: float) -> str:
    return "strong" if part > 0.66 else "plain" if part > 0.2 else "quiet"


def _stroke(row: Passage, subject: Subject, listing: str, slow: set[tuple[str, str]], cases: int) -> Stroke:
    at_an_end = row.source == BEGIN or row.target == END
    label = f"{row.times}" if at_an_end else f"{row.times} 次\n{days(row.half, subject.unit)}"
    part = row.times / max(1, cases)
    return Stroke(
        row.source, row.target, label, thick=1.0 + 4.0 * math.sqrt(min(1.0, part)), dashed=part < 0.02,
        tone="bad" if (row.source, row.target) in slow else "quiet",
        href=f"{listing}{urlencode({'from': row.source, 'to': row.target})}", weight=1 + 20 * min(1.0, part),
    )  # fmt: skip


def name_of(step: str, subject: Subject) -> str:
    """Return a step's name as a page writes it: the source's own words, where it gives any beside a code."""
    return ENDS.get(step) or subject.labels.get(step) or step


def _steps(process: Process, subject: Subject, listing: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name_of(row.name, subject), "code": row.name if row.name in subject.labels else "", "times": row.times,
            "cases": row.cases, "again": row.again, "share": f"{100 * row.cases / max(1, process.cases):.0f}%",
            "url": f"{listing}{urlencode({'step': row.name})}", "again_url": f"{listing}{urlencode({'again': row.name})}",
        }
        for row in process.steps[:ROWS]
    ]  # fmt: skip


def _passages(rows: Sequence[Passage], subject: Subject, listing: str) -> list[dict[str, Any]]:
    return [
        {
            "source": name_of(row.source, subject), "target": name_of(row.target, subject), "times": row.times,
            "cases": row.cases, "half": days(row.half, subject.unit), "nine_tenths": days(row.nine_tenths, subject.unit),
            "total": f"{row.total:,.0f}", "url": f"{listing}{urlencode({'from': row.source, 'to': row.target})}",
        }
        for row in rows
    ]  # fmt: skip


def _ways(process: Process, subject: Subject, listing: str) -> list[dict[str, Any]]:
    return [
        {
            "steps": [" + ".join(name_of(step, subject) for step in together) for together in row.way],
            "cases": row.cases, "share": f"{100 * row.cases / max(1, process.cases):.0f}%",
            "half": days(row.half, subject.unit), "url": f"{listing}{urlencode({'way': row.mark})}",
        }
        for row in process.ways
    ]  # fmt: skip


SHEET = ("内容", "环节（从）", "接着（到）", "次数", "件数", "中位", "九成不超过", "合计")


def sheet(process: Process, subject: Subject) -> list[tuple[Any, ...]]:
    """Return every step and every passage as rows of one table, lengths as figures in the unit of the subject."""
    steps = [("环节", name_of(row.name, subject), "", row.times, row.cases, "", "", "") for row in process.steps]
    passages = [
        (
            f"两步之间（{subject.unit}）", name_of(row.source, subject), name_of(row.target, subject), row.times, row.cases,
            *("" if each is None else round(each, 2) for each in (row.half, row.nine_tenths, row.total)),
        )
        for row in _inner(process)
    ]  # fmt: skip
    return [*steps, *passages]


def chosen(subject: Subject, asked: Mapping[str, str]) -> tuple[str, list[int]] | None:
    """Return what an address asks cases to have in common, in words, and the cases; nothing if it asks for nothing."""
    if step := asked.get("step", ""):
        return f"经过“{name_of(step, subject)}”", taking(subject.traces, step)
    if step := asked.get("again", ""):
        return f"“{name_of(step, subject)}”办了不止一次", repeating(subject.traces, step)
    if asked.get("from") and asked.get("to"):
        source, target = asked["from"], asked["to"]
        words = f"“{name_of(source, subject)}”之后接着“{name_of(target, subject)}”"
        return words, passing(subject.traces, (source, target))
    if mark := asked.get("way", ""):
        return "走同一条路径", going(subject.traces, mark)
    return None


def size_of(text: str) -> int:
    """Return how many steps a picture shows."""
    return int(text) if text in {str(size) for size in SIZES} else USUAL


def sizes(address: str, size: int) -> list[dict[str, Any]]:
    """Return the choice of how much a picture shows."""
    return [
        {"label": f"{each} 个环节", "on": each == size, "url": f"{address}{urlencode({'size': each})}"}
        for each in SIZES
    ]
