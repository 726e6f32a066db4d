"""How a due day came about, in numbered sentences: what happened, on which ground, and the count it led to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from xiaoneng.rules.grounds import (
    CLOSE_OF_BUSINESS,
    CORRESPONDING_DAY,
    HOURS_RUN_FROM_THE_MOMENT,
    LAST_DAY_ROLLS_FORWARD,
    ONE_TIME_NOTICE,
    START_DAY_NOT_COUNTED,
)
from xiaoneng.rules.limits import Deadline, Hours, Months, Pause
from xiaoneng.rules.special import SUPPLEMENTED
from xiaoneng.rules.tracks import Track, Wording
from xiaoneng.rules.workdays import ONE_DAY, Calendar, DayKind, local

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One step of a count: what happened, the provision it rests on (may be empty), and where the count stands."""

    text: str
    basis: str
    result: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """A number of counted days at which a clock ends, or both of them do."""

    word: str
    number: int
    ends: Deadline | None


@dataclass(frozen=True, slots=True)
class Telling:
    """What every sentence needs to know: the clock told of, its milestones, the words and the calendar."""

    track: Track
    milestones: tuple[Milestone, ...]
    wording: Wording
    calendar: Calendar

    @property
    def unit(self) -> str:
        """What one counted day is called."""
        return "个工作日" if self.track.by_working_days else "日"


def tell(tracks: Iterable[Track], wording: Wording, calendar: Calendar) -> tuple[Sentence, ...]:
    """Tell how the end of one clock, or of the promised and the statutory one, was counted."""
    laid_out = tuple(tracks)
    told_of = list(chains(laid_out, wording, calendar))
    telling = chain_of(told_of[-1])[:1]
    for told in told_of:
        named = f"{told.track.word}：" if len(told_of) > 1 else ""
        telling += [replace(one, text=named + one.text) for one in chain_of(told)[1:]]
    return (*telling, *provisional(laid_out, calendar))


def chains(tracks: tuple[Track, ...], wording: Wording, calendar: Calendar) -> Iterator[Telling]:
    """Tell both clocks in one chain where they count the same days, else one after the other."""
    first, last = tracks[0], tracks[-1]
    same_days = first.pauses == last.pauses and first.by_working_days and last.by_working_days
    if same_days and not first.extension and 0 < first.days <= last.days:
        yield Telling(last, milestones(tracks), wording, calendar)
        return
    for track in tracks:
        yield Telling(track, milestones((track,)), wording, calendar)


def milestones(tracks: tuple[Track, ...]) -> tuple[Milestone, ...]:
    """Mark where the clocks end; clocks that end together share one mark."""
    words: dict[int, list[str]] = {}
    for track in tracks:
        words.setdefault(track.days, []).append(track.word)
    ends = {track.days: track.ends for track in tracks}
    return tuple(Milestone("、".join(words[number]), number, ends[number]) for number in sorted(words))


def chain_of(told: Telling) -> list[Sentence]:
    """Tell one chain from its start to its end."""
    track = told.track
    if isinstance(track.limit, Hours):
        return [beginning_of_hours(told), by_the_hour(told)]
    if not track.days:
        return [Sentence(f"{written(track.started_on)}{told.wording.start}", "", "当日"), on_the_spot(told)]
    return [beginning(told), *extension(told), *months(told), *course(told)]


def beginning(told: Telling) -> Sentence:
    """Tell the start, whose day is not counted."""
    start = told.track.started_on
    text = f"{written(start)}{told.wording.start}，当天不计，{written(start + ONE_DAY, start)}起算"
    return Sentence(text, str(replace(START_DAY_NOT_COUNTED, clause="")), "第 0 日")


def beginning_of_hours(told: Telling) -> Sentence:
    """Tell the start of hours, which run from the moment."""
    text = f"{written(told.track.started_on)}{told.wording.start}，自{told.wording.start}的时刻起算"
    return Sentence(text, str(HOURS_RUN_FROM_THE_MOMENT), "第 0 小时")


def by_the_hour(told: Telling) -> Sentence:
    """Tell a limit in hours."""
    track, ends = told.track, told.track.ends
    text = f"连续计算 {track.limit if track.extension is None else track.limit.plus(track.extension)}"
    if ends is None:
        return Sentence(f"{text}，暂停期间不计", str(told.wording.pausing), "暂停")
    return Sentence(text, "", f"{track.word} {moment_of(ends, track.started_on)}")


def moment_of(ends: Deadline, start: date) -> str:
    """Write the instant at which a clock ends."""
    return f"{written(ends.due_on, start)} {local(ends.red_at):%H:%M}"


def on_the_spot(told: Telling) -> Sentence:
    """Tell a limit of nought: on the spot, before the office closes."""
    ends, start = told.track.ends, told.track.started_on
    if ends is None:
        raise ValueError("当场办结的时限不会因暂停而没有到期日。")
    later = "" if ends.due_on == start else "，当天休息，顺延到下一个工作日"
    return Sentence(f"当场办结{later}", str(CLOSE_OF_BUSINESS), f"{told.track.word} {moment_of(ends, start)}")


def extension(told: Telling) -> Iterator[Sentence]:
    """Tell that the limit was lengthened."""
    track = told.track
    if track.extension:
        total = track.limit.plus(track.extension)
        text = f"经批准延长 {track.extension}，期限由 {track.limit}改为 {total}"
        yield Sentence(text, str(told.wording.extending), f"共 {track.days} 日")


def months(told: Telling) -> Iterator[Sentence]:
    """Tell how many days a limit in months comes to."""
    track = told.track
    if isinstance(track.limit, Months):
        end = track.started_on + track.days * ONE_DAY
        total = track.limit.plus(track.extension) if track.extension else track.limit
        text = f"{total}后的对应日是{written(end, track.started_on)}，合 {track.days} 日"
        yield Sentence(text, str(CORRESPONDING_DAY), f"共 {track.days} 日")


def course(told: Telling) -> Iterator[Sentence]:
    """Tell the stretches of counting and the pauses between them, in order."""
    track, since = told.track, told.track.started_on
    for pause in track.pauses:
        if track.counted and track.ends and pause.start >= track.counted[-1]:
            break
        if pause.end is not None and pause.end <= track.started_on:
            continue
        yield from stretch(told, since, max(since, pause.start))
        yield paused(told, pause)
        if pause.end is None:
            return
        since = pause.end
    yield from stretch(told, since, track.counted[-1])


def stretch(told: Telling, since: date, until: date) -> Iterator[Sentence]:
    """Tell the days that counted after one day up to another, stopping where a clock ends."""
    numbers, start = told.track.numbers, since
    for milestone in told.milestones:
        number = milestone.number
        day = told.track.counted[number - 1] if number <= len(told.track.counted) else date.max
        if since < day <= until:
            yield reached(told, milestone, start, day, resumed=start == since)
            yield from rolled(told, milestone, day)
            start = day
    if counted := [day for day in numbers if start < day <= until]:
        text = f"{period(start + ONE_DAY, until, told.track.started_on)}，计入 {len(counted)} {told.unit}"
        grounds = ground(told, start, until)
        yield Sentence(exceptions(told, start, until) + text, grounds, f"第 {numbers[counted[-1]]} 日")


def reached(told: Telling, milestone: Milestone, since: date, day: date, *, resumed: bool) -> Sentence:
    """Tell that a clock has counted all its days."""
    track, start = told.track, told.track.started_on
    first = next(counted for counted in track.counted if counted > since)
    again = "" if since == start else "继续"
    words = exceptions(told, since, day)
    opening = f"{written(first, start)}起{again}数，" if resumed else "" if words else "继续数，"
    due = milestone.ends.due_on if milestone.ends else day
    result = f"{milestone.word} {written(day, start)}" if due == day else f"第 {milestone.number} 日"
    return Sentence(f"{opening}{words}数满 {milestone.number} 日", ground(told, since, day), result)


def rolled(told: Telling, milestone: Milestone, day: date) -> Iterator[Sentence]:
    """Tell that the last day is no working day and the end rolls forward."""
    ends, start = milestone.ends, told.track.started_on
    if ends and ends.due_on != day:
        why = told.calendar.name(day) or f"星期{WEEKDAYS[day.weekday()]}"
        text = f"{written(day, start)}是{why}休息日，顺延到休息结束的次日"
        yield Sentence(text, str(LAST_DAY_ROLLS_FORWARD), f"{milestone.word} {written(ends.due_on, start)}")


def paused(told: Telling, pause: Pause) -> Sentence:
    """Tell a pause, and the special procedures that make it up."""
    track, start = told.track, told.track.started_on
    parts = [part for part in track.by_kind if pause.start <= part.start and not ended_before(pause, part)]
    began = max(pause.start, start)
    number = sum(1 for day in track.counted if day <= began)
    happened = "；".join(procedure(part, start) for part in parts)
    told_on = "".join(f"，已于{written(part.notified_on, start)}书面告知" for part in parts[:1] if part.notified_on)
    law = ONE_TIME_NOTICE if all(part.kind == SUPPLEMENTED for part in parts) else told.wording.pausing
    basis = f"{law}{told_on}"
    if pause.end is None:
        return Sentence(f"{happened}：{written(began + ONE_DAY, start)}起不计", basis, f"停在第 {number} 日")
    days = excluded(told, began, pause.end)
    once = "，重叠的日子只算一次" if len(parts) > 1 else ""
    left_out = period(began + ONE_DAY, pause.end, start, began if len(parts) == 1 else None)
    text = f"{happened}：{left_out}的 {days} {told.unit}不计{once}"
    return Sentence(text, basis, f"仍是第 {number} 日")


def ended_before(pause: Pause, part: Pause) -> bool:
    """Tell whether a united pause had ended when a special procedure began."""
    return pause.end is not None and pause.end < part.start


def excluded(told: Telling, began: date, end: date) -> int:
    """Count the days a pause takes out."""
    if told.track.by_working_days:
        return told.calendar.working_days_between(began, end)
    return (end - began).days


def procedure(part: Pause, start: date) -> str:
    """Write when a special procedure began and ended: 3月9日专家评审开始，20日结束."""
    name = part.kind or "暂停"
    ended = f"{written(part.end, start, part.start)}结束" if part.end else "尚未结束"
    return f"{written(part.start, start)}{name}开始，{ended}"


def ground(told: Telling, since: date, until: date) -> str:
    """Name the ground of a stretch: the notices behind its holidays, else the unit of the first stretch."""
    if found := [day for run in specials(told, since, until) for day in run]:
        years = sorted({day.year for day in found} & told.calendar.notices.keys())
        return "；".join(told.calendar.notices[year] for year in years)
    if since != told.track.started_on:
        return ""
    if told.track.by_working_days:
        return f"{told.wording.counting}：按工作日计，不含法定节假日"
    return "按自然日计，休息日、节假日也计入"


def exceptions(told: Telling, since: date, until: date) -> str:
    """Write the holidays and make-up days of a stretch, such as 4月4日至6日清明放假."""
    words = []
    for run in specials(told, since, until):
        names = "、".join(dict.fromkeys(told.calendar.name(day) for day in run))
        happens = f"{names}放假" if told.calendar.kind(run[0]) is DayKind.HOLIDAY else "调休上班、计入"
        words.append(f"{period(run[0], run[-1], told.track.started_on)}{happens}，")
    return "".join(words)


def specials(told: Telling, since: date, until: date) -> list[list[date]]:
    """Group the holidays and make-up days of a stretch into unbroken runs of the same kind."""
    runs: list[list[date]] = []
    if not told.track.by_working_days:
        return runs
    for day in sorted(day for day in told.calendar.special if since < day <= until):
        last = runs[-1][-1] if runs else None
        if last and day - last == ONE_DAY and told.calendar.kind(day) is told.calendar.kind(last):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def provisional(tracks: tuple[Track, ...], calendar: Calendar) -> Iterator[Sentence]:
    """Say which years were counted without their official notice."""
    ends = [track.ends for track in tracks if track.ends and track.ends.provisional]
    years = {year for end in ends for year in range(end.started_on.year, end.due_on.year + 1)}
    if missing := sorted(year for year in years if calendar.is_provisional(year)):
        named = "、".join(f"{year}年" for year in missing)
        text = f"{named}的放假安排尚未公布，暂按周六、周日休息计算，公布后重新计算"
        yield Sentence(text, "", "暂定")


def written(day: date, start: date | None = None, before: date | None = None) -> str:
    """Write a day: 3月9日; with its year when that differs from the start's; 20日 within the month written before."""
    if before and (before.year, before.month) == (day.year, day.month):
        return f"{day.day}日"
    year = f"{day.year}年" if start and start.year != day.year else ""
    return f"{year}{day.month}月{day.day}日"


def period(first: date, last: date, start: date, before: date | None = None) -> str:
    """Write a period: 3月3日至9日, or 10日至20日 within the month written before."""
    opening = written(first, start, before)
    return opening if first == last else f"{opening}至{written(last, start, first)}"
