"""What happened to a clock, folded into the intervals from which every date is computed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from xiaoneng.rules.units import Limit

NOT_STARTED = "计时的第一个事件应为起算，请先登记起算日。"


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count: every d with start < d <= end; without an end, all days after the start.

    :raises ValueError: when it ends before it starts.
    """

    start: date
    end: date | None = None
    kind: str = ""
    notified_on: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"暂停的结束日 {self.end} 早于开始日 {self.start}，请更正。")

    def excludes(self, day: date) -> bool:
        """Tell whether the day does not count."""
        return self.start < day and (self.end is None or day <= self.end)


def unite(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Merge pauses into disjoint ones in order, so that a day in two of them is taken out once."""
    united: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        if pause.end == pause.start:
            continue
        last = united[-1] if united else None
        if last is None or (last.end is not None and pause.start > last.end):
            united.append(Pause(pause.start, pause.end))
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            united[-1] = Pause(last.start, pause.end)
    return tuple(united)


@dataclass(frozen=True, slots=True)
class Started:
    """The clock started on a day, which is not counted; hours run from the moment."""

    on: date
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """A special procedure of a kind began; the days after this one do not count."""

    on: date
    kind: str
    notified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """The special procedure of the kind, or the one that has been open longest, ended; the next day counts again."""

    on: date
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Extended:
    """The limit was lengthened by approval."""

    by: Limit


@dataclass(frozen=True, slots=True)
class Stopped:
    """The clock stopped for good: decided, delivered, withdrawn."""

    at: datetime


Event = Started | Paused | Resumed | Extended | Stopped


@dataclass(frozen=True, slots=True)
class Intervals:
    """What a clock's events come to: its start, its pauses (united, and each by its kind), extension and end."""

    started_on: date
    started_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    by_kind: tuple[Pause, ...] = ()
    extension: Limit | None = None
    stopped_at: datetime | None = None


def fold(events: Iterable[Event]) -> Intervals:
    """Fold the events of one clock, in the order in which they happened.

    :raises ValueError: when the clock did not start first, starts twice, goes on after its end, or resumes unpaused.
    :raises TypeError: when an extension has another unit than the one before.
    """
    folded: Intervals | None = None
    for event in events:
        folded = _begun(event) if folded is None else _after(folded, event)
    if folded is None:
        raise ValueError(NOT_STARTED)
    return replace(folded, pauses=unite(folded.by_kind))


def _begun(event: Event) -> Intervals:
    """Take the first event, which must be the start."""
    if not isinstance(event, Started):
        raise ValueError(NOT_STARTED)
    return Intervals(event.on, event.at)


def _after(folded: Intervals, event: Event) -> Intervals:
    """Apply one event to what came before it."""
    if folded.stopped_at is not None:
        raise ValueError("计时已经终止，不能再暂停、恢复或者延长。")
    match event:
        case Started():
            raise ValueError("计时已经起算，不能再次起算。")
        case Paused(on, kind, notified_on):
            return replace(folded, by_kind=(*folded.by_kind, Pause(on, None, kind, notified_on)))
        case Resumed():
            return replace(folded, by_kind=_resumed(folded.by_kind, event))
        case Extended(by):
            return replace(folded, extension=folded.extension.plus(by) if folded.extension else by)
        case Stopped(at):
            return replace(folded, stopped_at=at)


def _resumed(pauses: tuple[Pause, ...], event: Resumed) -> tuple[Pause, ...]:
    """Close the open pause that the event ends."""
    still_open = [pause for pause in pauses if pause.end is None and event.kind in ("", pause.kind)]
    if not still_open:
        raise ValueError(f"没有可以恢复的{event.kind or '暂停'}，请核对特别程序的起止日期。")
    return tuple(replace(pause, end=event.on) if pause is still_open[0] else pause for pause in pauses)
