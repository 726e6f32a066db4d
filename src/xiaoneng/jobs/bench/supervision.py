"""Supervision at scale: the board, what has just turned red, and a hundred thousand lights at once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connections

from xiaoneng.jobs.bench import ground, many_matters
from xiaoneng.jobs.bench.report import Goal, Report
from xiaoneng.jobs.bench.search import percentile
from xiaoneng.kit import clock
from xiaoneng.org.reads import Reach
from xiaoneng.rules.milestones import supervised
from xiaoneng.supervision import actions, reads, tally, tally_reads
from xiaoneng.supervision.as_of import by_department_then

SEED = 20260706
BOARDS, QUESTIONS = 200, 1000
BEHIND = 60  # entries not counted yet when the board is asked: five seconds at twelve a second
BURST = 100_000
THEN = (0, 1, 30)  # days ago
EVERYWHERE = Reach(True, frozenset())
NOTES = (
    "board_ms：监察看板要的全部数字（各部门各类办件的灯、今日受理决定、本月按时、刚刚变红十条、有没有变化），取各次的中位数；"
    "汇总落后六十条日志（每秒十二件次，五秒一汇总），由读的一方补上。每次都与逐件清点对照的结果相同才算数。",
    "newly_red_p99_ms：问某一时刻以来变红的五十件，时刻随机，百分之九十九在。",
    "burst_100k_s：十万盏红灯同时成立，登记、计算封存值并写入登记簿；规模不足十万件时按实有件数折算。",
    "board_of_an_earlier_day_ms：几天以前的那一刻看板是什么样，从日志推算，零天是此刻。",
    "办件成批写入压测库，每件有一条日志；部门分布在四级区划。",
)


def run(size: int, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Run the bench in a database of its own and return what it came to.

    :raises CannotRun: it cannot be run here
    """
    began = time.perf_counter()
    with ground.own_database():
        now = clock.now()
        tell(f"正在写入 {size} 件在办件……")
        departments = many_matters.build(size, now)
        filled = time.perf_counter() - began
        tell("正在汇总……")
        counting = _seconds(lambda: tally.keep_up(now))
        tell("正在问看板……")
        live_ms = _seconds(lambda: tally_reads.lights(EVERYWHERE, now, live=True)) * 1000
        many_matters.move_on(BEHIND, now)
        wrong = sum(_differs(now + timedelta(seconds=n)) for n in (0, 1, 7, 3600))
        boards = [_seconds(_board) * 1000 for _ in range(BOARDS)]
        newly = _newly_red(now)
        then = {days: _seconds(partial(by_department_then, EVERYWHERE, now - timedelta(days))) for days in THEN}
        restricted = _restricted(departments)
        tell("正在登记红灯……")
        burst, lights, again = _burst(size)
        machine = _machine()
    goals = (
        Goal("board_ms", percentile(boards, 0.5), "毫秒", 5, "lower", "看板的全部数字"),
        Goal("newly_red_p99_ms", percentile(newly, 0.99), "毫秒", 5, "lower", "某一时刻以来变红的，百分之九十九在"),
        Goal("burst_100k_s", round(burst * BURST / lights, 2), "秒", 2, "lower", "十万盏红灯同时登记并封存"),
        Goal("boards_differing_from_a_count", wrong, "次", 0, "lower", "看板与逐件清点不同的"),
    )
    figures: dict[str, Any] = {
        "departments": len(departments), "kinds": len(supervised()), "board_p99_ms": percentile(boards, 0.99),
        "board_of_one_county_ms": restricted, "counted_live_ms": round(live_ms), "newly_red_p50_ms": percentile(newly, 0.5),
        "tallying_everything_s": round(counting, 1), "lights_recorded": lights, "recording_nothing_new_s": round(again, 2),
        "filling_s": round(filled, 1), "database_bytes": machine,
        "board_of_an_earlier_day_ms": {f"{days}": round(took * 1000) for days, took in then.items()},
    }  # fmt: skip
    return Report(goals, size, time.perf_counter() - began, figures, NOTES)


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _board(reach: Reach = EVERYWHERE) -> None:
    now = clock.now()
    reads.changed_since(reach, now - timedelta(seconds=1), now)
    reads.by_department(reach, now)
    reads.red_now(reach, now)


def _differs(now: datetime) -> bool:
    return _told(now) != _told(now, live=True)


def _told(now: datetime, live: bool = False) -> set[tally_reads.DepartmentLights]:
    nothing = ("total", "accepted_today", "decided")
    return {
        each for each in tally_reads.lights(EVERYWHERE, now, live=live) if any(getattr(each, name) for name in nothing)
    }


def _newly_red(now: datetime) -> list[float]:
    draw = random.Random(SEED)
    moments = [now - timedelta(seconds=draw.randrange(30 * 86400)) for _ in range(QUESTIONS)]
    return [_seconds(partial(reads.turned_red, EVERYWHERE, since, now, 50)) * 1000 for since in moments]


def _restricted(departments: list[int]) -> float:
    reach = Reach(False, frozenset(departments[: max(1, len(departments) // 10)]))
    return percentile([_seconds(lambda: _board(reach)) * 1000 for _ in range(BOARDS // 4)], 0.5)


def _burst(size: int) -> tuple[float, int, float]:
    """Record what is red already, let many more turn red at once, and time their recording."""
    actions.record_red_lights(clock.now)
    lights = many_matters.turn_red(min(BURST, size // 2), clock.now())
    took = _seconds(lambda: actions.record_red_lights(clock.now, since=clock.now() - timedelta(days=2)))
    again = _seconds(lambda: actions.record_red_lights(clock.now))
    return took, lights, again


def _machine() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
