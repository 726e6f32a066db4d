"""The day count that people can check themselves: a calendar by weeks and the sentences that go with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from xiaoneng.rules.limits import Deadline, Hours, Limit, Pause
from xiaoneng.rules.sentences import Sentence, tell, written
from xiaoneng.rules.tracks import Track, Wording, lay_out
from xiaoneng.rules.workdays import OFFICE_HOURS, ONE_DAY, Calendar, DayKind, OfficeHours

ACCEPTED = Wording()


class CellKind(StrEnum):
    """What a day is in the count."""

    OUTSIDE = "outside"  # before the start or after the end; the cell stays blank
    START = "start"
    COUNTED = "counted"
    MAKEUP = "makeup"  # counted, and a weekend day worked in exchange
    PAUSED = "paused"
    REST = "rest"
    HOLIDAY = "holiday"
    DUE = "due"  # the end, on a day that is no counted one: rolled forward, on the spot, by the hour
    IDLE = "idle"  # neither counted nor at rest, such as after the counting was done


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the calendar with what is written in it; the number is that of the leading clock."""

    day: date
    kind: CellKind
    number: int | None
    promised_number: int | None
    date_text: str
    label: str
    mark: str
    is_today: bool
    promised_due: bool
    statutory_due: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday, and how many of its days counted."""

    cells: tuple[DayCell, ...]
    counted: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A due day explained: both ends as far as they are known, the calendar, and the numbered sentences."""

    title: str
    intro: str
    promised: Deadline | None
    statutory: Deadline | None
    promised_left: int | None
    statutory_left: int | None
    weeks: tuple[Week, ...]
    sentences: tuple[Sentence, ...]
    provisional: bool


def explain(
    started_on: date,
    promised: Limit | None,
    statutory: Limit | None,
    pauses: Iterable[Pause] = (),
    extension: Limit | None = None,
    *,
    calendar: Calendar,
    today: date,
    hours: OfficeHours = OFFICE_HOURS,
    promised_pauses: Iterable[Pause] | None = None,
    promised_extension: Limit | None = None,
    started_at: datetime | None = None,
    wording: Wording = ACCEPTED,
) -> Explanation:
    """Explain how one or two clocks with the same start were counted.

    Pauses and extension belong to the statutory clock; the promised one shares the pauses unless it has its own. The
    calendar follows the statutory clock, or the promised one where there is no other.

    :raises TypeError: when an extension has another unit than its limit.
    :raises ValueError: when there is no limit at all, and as deadline() does.
    """
    shared = tuple(pauses)
    own = shared if promised_pauses is None else tuple(promised_pauses)
    frame = (calendar, hours, started_at)
    promise = law = None
    if promised is not None:
        promise = lay_out(wording.promised, promised, started_on, own, promised_extension, *frame)
    if statutory is not None:
        law = lay_out(wording.statutory, statutory, started_on, shared, extension, *frame)
    tracks = tuple(track for track in (promise, law) if track)
    if not tracks:
        raise ValueError("没有时限可以说明：承诺时限和法定时限至少要有一个。")
    last = last_day(tracks, today)
    return Explanation(
        title=f"{written(started_on)}至{written(last, started_on)}",
        intro=introduction(tracks, wording),
        promised=promise.ends if promise else None,
        statutory=law.ends if law else None,
        promised_left=left(promise, today),
        statutory_left=left(law, today),
        weeks=weeks(Sheet(tracks[-1], promise, law, last, calendar, today, wording)),
        sentences=tell(tracks, wording, calendar),
        provisional=any(track.ends.provisional for track in tracks if track.ends),
    )


def left(track: Track | None, today: date) -> int | None:
    """Count the days left of a clock that counts days."""
    return None if track is None or isinstance(track.limit, Hours) else track.left_on(today)


def last_day(tracks: tuple[Track, ...], today: date) -> date:
    """Find the last day to show: the later end, or with an open pause today."""
    ends = [track.ends.due_on for track in tracks if track.ends]
    still = [max(today, track.open_pause.start + ONE_DAY) for track in tracks if track.open_pause]
    return max(ends + still)


def introduction(tracks: tuple[Track, ...], wording: Wording) -> str:
    """Say in one or two sentences how the table is to be read."""
    leading = tracks[-1]
    if isinstance(leading.limit, Hours):
        return f"从{wording.start}的时刻起按小时连续计算。"
    pausing = "和暂停期间" if leading.pauses else ""
    if leading.by_working_days:
        rule = f"休息日、假日{pausing}不数" if pausing else "休息日和假日不数"
    else:
        rule = f"休息日、假日也数{'，暂停期间不数' if pausing else ''}；最后一日遇休息日顺延"
    ends = "，".join(f"第 {track.days} 日是{track.word}期限" for track in tracks if track.days)
    return f"从{wording.start}第二天数起，{rule}。" + (f"{ends}。" if ends else "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the calendar is drawn from: the leading clock, both clocks, the last day, and today."""

    leading: Track
    promise: Track | None
    law: Track | None
    last: date
    calendar: Calendar
    today: date
    wording: Wording


def weeks(sheet: Sheet) -> tuple[Week, ...]:
    """Lay the days out from the Monday of the start to the Sunday of the end."""
    monday = sheet.leading.started_on - timedelta(days=sheet.leading.started_on.weekday())
    rows = []
    while monday <= sheet.last:
        cells = tuple(cell(monday + timedelta(days=n), sheet) for n in range(7))
        rows.append(Week(cells, sum(1 for one in cells if one.number is not None)))
        monday += timedelta(days=7)
    return tuple(rows)


def cell(day: date, sheet: Sheet) -> DayCell:
    """Write one cell."""
    kind, leading = kind_of(day, sheet), sheet.leading
    promised_due, statutory_due = ends_on(sheet.promise, day), ends_on(sheet.law, day)
    marks = {
        "今天": day == sheet.today,
        sheet.wording.promised: promised_due,
        sheet.wording.statutory: statutory_due,
        "班": kind is CellKind.MAKEUP,
    }
    return DayCell(
        day=day,
        kind=kind,
        number=leading.numbers.get(day),
        promised_number=sheet.promise.numbers.get(day) if sheet.promise else None,
        date_text=f"{day.month}/{day.day}" if day == leading.started_on or day.day == 1 else str(day.day),
        label=label_of(day, kind, sheet),
        mark=" ".join(word for word, holds in marks.items() if holds),
        is_today=day == sheet.today,
        promised_due=promised_due,
        statutory_due=statutory_due,
        provisional=kind is not CellKind.OUTSIDE and sheet.calendar.is_provisional(day.year),
    )


def ends_on(track: Track | None, day: date) -> bool:
    """Tell whether a clock ends on the day."""
    return bool(track and track.ends and track.ends.due_on == day)


def kind_of(day: date, sheet: Sheet) -> CellKind:
    """Tell what a day is in the count of the leading clock."""
    leading, official = sheet.leading, sheet.calendar.kind(day)
    resting = not sheet.calendar.is_working(day)
    if not leading.started_on <= day <= sheet.last:
        return CellKind.OUTSIDE
    if day == leading.started_on:
        return CellKind.START
    if day in leading.numbers:
        return CellKind.MAKEUP if leading.by_working_days and official is DayKind.MAKEUP else CellKind.COUNTED
    if ends_on(leading, day):
        return CellKind.DUE
    if leading.excludes(day) and not (resting and leading.by_working_days):
        return CellKind.PAUSED
    if resting:
        return CellKind.HOLIDAY if official is DayKind.HOLIDAY else CellKind.REST
    return CellKind.IDLE


def label_of(day: date, kind: CellKind, sheet: Sheet) -> str:
    """Write what stands under the date."""
    if kind in (CellKind.COUNTED, CellKind.MAKEUP):
        return f"第{sheet.leading.numbers[day]}日"
    words = {
        CellKind.START: f"{sheet.wording.start}日",
        CellKind.PAUSED: "暂停",
        CellKind.REST: "休",
        CellKind.HOLIDAY: sheet.calendar.name(day) or "假",
        CellKind.DUE: "到期",
    }
    return words.get(kind, "")
