"""A year of a calendar as its official notice arranges it: read from lines, compared, published as a new version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from xiaoneng.kit.amiss import Amiss
from xiaoneng.org import reads
from xiaoneng.org.models import Calendar, CalendarDay, CalendarNotice
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.workdays import DayKind, SpecialDay
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

Days = Mapping[date, SpecialDay]
MOST_DAYS = 120  # special days of one year
YEARS = (2000, 2100)
OFF, ON = ("放假", "休", "假", "holiday"), ("上班", "班", "补班", "调休", "makeup")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_RANGE = re.compile(r"\s*(?:至|到|~|—|－)\s*")
HOW = "每行写一天或者一段：日期、放假或上班、名称，例如“2027-01-01 放假 元旦”“2027-02-05至2027-02-11 放假 春节”。"


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a calendar: its notice (empty while provisional) and the days that differ from the plain week."""

    calendar: int
    name: str
    version: int
    year: int
    document: str
    days: Days


def year_of(calendar: int, year: int, version: int = 0) -> Year:
    """Return a year as it stands, or as it stood in a version.

    :raises NotFound: there is no such calendar or year.
    """
    row = Calendar.objects.filter(pk=calendar).first()
    if row is None or not YEARS[0] <= year <= YEARS[1]:
        raise NotFound("没有这份日历，或者年份不对。请从日历列表重新打开。")
    seen = reads.calendar(row.pk, version if 0 < version < row.version else row.version)
    days = {day: special for day, special in sorted(seen.special.items()) if day.year == year}
    return Year(row.pk, row.name, row.version, year, seen.notices.get(year, ""), days)


def as_lines(days: Days) -> str:
    """Write days as the lines that `from_lines` reads, neighbours of one name together."""
    written: list[tuple[date, date, SpecialDay]] = []
    for day, special in sorted(days.items()):
        if written and written[-1][2] == special and written[-1][1] + timedelta(1) == day:
            written[-1] = written[-1][0], day, special
        else:
            written.append((day, day, special))
    return "\n".join(
        f"{first}{'' if first == last else f'至{last}'} {'放假' if special.kind is DayKind.HOLIDAY else '上班'} {special.name}"
        for first, last, special in written
    )


def from_lines(text: str, year: int) -> dict[date, SpecialDay]:
    """Read the days of a year from lines.

    :raises Amiss: names every line that cannot be read.
    """
    found: dict[date, SpecialDay] = {}
    faults: list[str] = []
    for number, line in enumerate(text.replace("，", " ").replace(",", " ").replace("\t", " ").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            for day, special in _read_line(line, year):
                if found.setdefault(day, special).kind is not special.kind:
                    raise ValueError(f"{day} 前面已经写成另一种了")
        except ValueError as fault:
            faults.append(f"第 {number} 行“{line.strip()[:40]}”：{fault}。")
    if len(found) > MOST_DAYS:
        faults.append(f"一年里有 {len(found)} 天不同于平常，太多了，请核对。")
    if faults:
        raise Amiss(("days", fault) for fault in faults[:20])
    return dict(sorted(found.items()))


def _read_line(line: str, year: int) -> Iterable[tuple[date, SpecialDay]]:
    spans = [(_date(found), found) for found in _DAY.finditer(line)]
    if not spans:
        raise ValueError("没有日期，日期写成 2027-01-01 这样")
    (first, opening), (last, closing) = spans[0], spans[-1]
    if len(spans) > 2 or (len(spans) == 2 and not _RANGE.fullmatch(line[opening.end() : closing.start()])):
        raise ValueError("一行只写一天，或者用“至”连着的一段")
    words = (line[: opening.start()] + " " + line[closing.end() :]).split()
    kind = next((kind for word in words if (kind := _kind(word))), None)
    if kind is None:
        raise ValueError("没有写明放假还是上班")
    if first.year != year or last.year != year:
        raise ValueError(f"不是 {year} 年的日子")
    if not timedelta() <= last - first <= timedelta(31):
        raise ValueError("结束日在开始日之前，或者一段超过一个月")
    name = next((word for word in words if not _kind(word)), "放假" if kind is DayKind.HOLIDAY else "调休上班")
    for n in range((last - first).days + 1):
        yield first + timedelta(n), SpecialDay(kind, name[:30])


def _date(found: re.Match[str]) -> date:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"没有 {found[0]} 这一天") from None


def _kind(word: str) -> DayKind | None:
    return DayKind.HOLIDAY if word in OFF else DayKind.MAKEUP if word in ON else None


@dataclass(frozen=True, slots=True)
class Difference:
    """One day on which a new arrangement differs from the one that stands; in words."""

    day: date
    before: str
    after: str


def differences(before: Days, after: Days) -> tuple[Difference, ...]:
    """Return the days on which two arrangements differ in what counts or in name."""
    changed = sorted(day for day in before.keys() | after.keys() if before.get(day) != after.get(day))
    return tuple(Difference(day, _said(day, before.get(day)), _said(day, after.get(day))) for day in changed)


def _said(day: date, special: SpecialDay | None) -> str:
    if special is None:
        return "平常上班" if day.weekday() < 5 else "平常周末"
    return f"{'放假' if special.kind is DayKind.HOLIDAY else '上班'}（{special.name}）"


def obvious_faults(days: Days) -> list[str]:
    """Return what looks like a slip and can still be meant, as sentences to be looked at before publishing."""
    found = []
    off = [day for day, special in days.items() if special.kind is DayKind.HOLIDAY]
    on = [day for day, special in days.items() if special.kind is DayKind.MAKEUP]
    found += [f"{day} 是平常的工作日，不必写成上班。" for day in on if day.weekday() < 5]
    if not off:
        found.append("没有一天放假。")
    if on and not off:
        found.append("有调休上班，却没有放假。")
    return found


@transaction.atomic
def publish(
    calendar: int, year: int, days: Days, document: str, *, by: By, at: datetime, seen_version: int
) -> int:  # fmt: skip
    """Put a year's arrangement in force as a new version and return it; open matters are then counted anew.

    :param seen_version: the version that whoever publishes compared with.
    :raises Amiss: no document is named.
    :raises NotAllowed: somebody else changed the calendar meanwhile, or nothing changes.
    """
    if not document.strip():
        raise Amiss([("document", "请写明放假安排的文件名称，例如“国务院办公厅关于2027年部分节假日安排的通知”。")])
    row = Calendar.objects.select_for_update().filter(pk=calendar).first()
    if row is None:
        raise NotFound("没有这份日历。请从日历列表重新打开。")
    if row.version != seen_version:
        raise NotAllowed("您打开这一页以后，日历已经被别人改过。请重新打开这一年，核对以后再发布。")
    stood = year_of(calendar, year)
    found = differences(stood.days, days)
    document = document.strip()[:200]
    if not found and document == stood.document:
        raise NotAllowed("内容与现在的完全一样，不用再发布。")
    row.version += 1
    row.save(update_fields=["version"])
    _replace_days(row, stood.days, days, {each.day for each in found})
    if document != stood.document:
        standing = CalendarNotice.objects.filter(calendar=row, year=year, until__isnull=True)
        standing.update(until=row.version)
        CalendarNotice.objects.create(calendar=row, year=year, document=document, since=row.version)
    trail.note_change(
        by, "发布放假安排", f"{row.name} {year} 年", key=f"calendar:{row.pk}", at=at,
        before={"文件": stood.document or "（暂定）", "版本": stood.version} | {str(d.day): d.before for d in found},
        after={"文件": document, "版本": row.version} | {str(d.day): d.after for d in found},
    )  # fmt: skip
    return row.version


def _replace_days(row: Calendar, before: Days, after: Days, changed: set[date]) -> None:
    standing = CalendarDay.objects.filter(calendar=row, until__isnull=True, day__in=changed)
    standing.update(until=row.version)
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=row, day=day, kind=after[day].kind.value, name=after[day].name, since=row.version)
        for day in sorted(changed & after.keys())
    )
