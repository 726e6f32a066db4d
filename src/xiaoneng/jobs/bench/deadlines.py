"""Deadlines: one by itself, with pauses, by the column, and a whole city's cases counted anew after a new holiday."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from django.db import connections

from xiaoneng.approval.actions import accept, apply, drafts, recalculation
from xiaoneng.jobs.bench import city, ground
from xiaoneng.jobs.bench.report import Goal, Report
from xiaoneng.jobs.many_due import Columns
from xiaoneng.kit import clock
from xiaoneng.org.models import Calendar, CalendarDay
from xiaoneng.org.official_calendar import national
from xiaoneng.rules.intervals import Pause
from xiaoneng.rules.workdays import local_day

SEED = 20260302
QUESTIONS = 1000
ROUNDS = 25
COLUMN = 1_000_000
MILLION = 1_000_000
SPREAD = 60  # days over which the cases of the city began, so that they don't all have one due day
NOTES = (
    "one_ns、one_with_pauses_us：Calendar.due_after()，即受理、暂停、恢复时所用的同一个函数，纯 Python；1000 个随机起算日"
    "和期限逐个求到期日，取各轮处理器时间中最短的一轮。带暂停的每题一至两段互不重叠的暂停。",
    "vectorised_ns：同一份索引按列计算（pyarrow），每列一百万个。",
    "recalculate_million_s：规定张数的在办件加一个假日后重算，每件一条入链的日志，按一百万件折算；"
    "在办件由一件真实受理的申请复制而成，起算日分散在六十天里；写好以后先清扫、落盘，再开始计时。",
)


def run(size: int, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Run the bench, the last part in a database of its own, and return what it came to.

    :raises CannotRun: it cannot be run here
    """
    began = time.perf_counter()
    draw = random.Random(SEED)
    tell("正在计算单个到期日……")
    plain, paused, columns = one(draw), with_pauses(draw), by_the_column(draw)
    with ground.own_database():
        tell(f"正在准备 {size} 件在办件……")
        _fill(size)
        tell("正在重算……")
        took, moved = _recalculate()
        entries = _entries()
    per_million = took / size * MILLION
    goals = (
        Goal("one_ns", round(plain), "纳秒", 300, "lower", "一个到期日"),
        Goal("one_with_pauses_us", round(paused / 1000, 3), "微秒", 1, "lower", "一个带暂停的到期日"),
        Goal("vectorised_ns", round(columns, 2), "纳秒", 15, "lower", "按列计算时每个到期日"),
        Goal("recalculate_million_s", round(per_million, 1), "秒", 60, "lower", "一百万件在办件重算"),
        Goal("recalculated_with_one_entry_each", moved / size, "比例", 1, "higher", "重算的件中各有一条日志的"),
    )
    figures = {"recalculated": moved, "entries": entries, "seconds_of_recalculation": round(took, 2)}
    return Report(goals, size, time.perf_counter() - began, figures, NOTES)


def one(draw: random.Random) -> float:
    """Return the nanoseconds of one due day without pauses."""
    asked = [(_day(draw), draw.randint(1, 60)) for _ in range(QUESTIONS)]
    due = national().due_after

    def all_of_them() -> None:
        for start, n in asked:
            due(start, n)

    return _best(all_of_them) / QUESTIONS


def with_pauses(draw: random.Random) -> float:
    """Return the nanoseconds of one due day with one or two pauses."""
    asked = [(start := _day(draw), draw.randint(1, 60), _pauses(draw, start)) for _ in range(QUESTIONS)]
    due = national().due_after

    def all_of_them() -> None:
        for start, n, pauses in asked:
            due(start, n, pauses)

    return _best(all_of_them) / QUESTIONS


def by_the_column(draw: random.Random) -> float:
    """Return the nanoseconds of one due day among a million."""
    starts = pa.array([_day(draw) for _ in range(10_000)] * (COLUMN // 10_000), pa.date32())
    limits = pa.array([draw.randint(1, 60) for _ in range(10_000)] * (COLUMN // 10_000), pa.int32())
    columns = Columns(national())
    return _best(lambda: columns.due(starts, limits), rounds=7) / COLUMN


def _day(draw: random.Random) -> date:
    return date(2020, 1, 1) + timedelta(days=draw.randrange(365 * 6))


def _pauses(draw: random.Random, start: date) -> tuple[Pause, ...]:
    first = start + timedelta(days=draw.randint(1, 20))
    until = first + timedelta(days=draw.randint(1, 15))
    again = until + timedelta(days=draw.randint(2, 10))
    both = (Pause(first, until), Pause(again, again + timedelta(days=5)))
    return both[: draw.randint(1, 2)]


def _best(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    work()
    took = []
    for _ in range(rounds):
        began = time.process_time_ns()
        work()
        took.append(time.process_time_ns() - began)
    return float(min(took))


def _fill(size: int) -> None:
    """Accept one application in earnest and copy it; the copies' first days are spread over the past."""
    people = city.build()
    now = clock.now()
    matter = drafts.open_draft(
        code=people.items[1], by=people.citizen.account, channel="online", at=now, key=None, form=city.FORM
    )
    apply.submit(matter, by=people.citizen, at=clock.now(), key=None)
    accept.accept(matter, by=people.clerk, at=clock.now(), key=None)
    # Copies begin on later days than the case they are copied from; their old dates no longer fit and are counted anew.
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE matter DISABLE TRIGGER no_matter_begins_without_its_entry")  # asked row by row
        cursor.execute(_COPY, [SPREAD, size - 1, matter, matter])
        cursor.execute("ALTER TABLE matter ENABLE TRIGGER no_matter_begins_without_its_entry")
        # As in a city at rest: its tables are swept while they grow, and what was written long ago lies on the disk.
        cursor.execute("VACUUM (ANALYZE) matter")
        cursor.execute("ANALYZE entry")
        cursor.execute("SET ROLE NONE")  # the embedded server's own user
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET ROLE")  # back to the owner, as whom the connection began


_COPY = """
WITH copied AS (INSERT INTO matter (kind, department_id, title, opened_by, opened_at, genesis, item_version_id, state, version,
  head, step,
  step_name, desk, yellow_at, red_at, paused, late, closed, changed_at, clocks_moved)
SELECT m.kind, m.department_id, m.title, m.opened_by, m.opened_at, m.genesis, m.item_version_id, m.state, m.version, m.head,
  m.step, m.step_name, m.desk, m.yellow_at, m.red_at, m.paused, m.late, m.closed, m.changed_at,
  (SELECT jsonb_object_agg(key, CASE WHEN value ->> 'state' = 'stopped' THEN value
     ELSE value || jsonb_build_object(
       'started_on',
       ((value ->> 'started_on')::date - 1 - (n %% %s)::int)::text,
       'started_at', to_char((value ->> 'started_at')::timestamptz AT TIME ZONE 'UTC' - n * interval '1 ms',
         'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')) END)
   FROM jsonb_each(m.clocks))
FROM matter m, generate_series(1, %s) n WHERE m.id = %s RETURNING id)
INSERT INTO entry (matter_id, seq, move, actor, role, authority, at, recorded_at, body, numbers, item_version_id,
  calendar_version, source, prev, hash)
SELECT copied.id, e.seq, e.move, e.actor, e.role, e.authority, e.at, e.recorded_at, e.body, '{}', e.item_version_id,
  e.calendar_version, '压测', e.prev, e.hash
FROM copied, entry e JOIN matter m ON m.id = e.matter_id AND e.seq = m.version WHERE m.id = %s"""


def _recalculate() -> tuple[float, int]:
    calendar = Calendar.objects.get(name="全国")
    calendar.version += 1
    calendar.save()
    day = national().following_working(local_day(clock.now()))
    CalendarDay.objects.create(calendar=calendar, day=day, kind="holiday", name="压测", since=calendar.version)
    began = time.perf_counter()
    moved = recalculation.recalculate(calendar=calendar.pk, now=clock.now, document="压测用的通知")
    return time.perf_counter() - began, moved


def _entries() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM entry WHERE move = 'recalculate'")
        return int(cursor.fetchone()[0])
