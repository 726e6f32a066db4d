"""Lives of an application: in this process, in plain psycopg, and over HTTP, all in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from xiaoneng.jobs.bench import bare, city, ground, inside, outside
from xiaoneng.jobs.bench.city import BenchCity
from xiaoneng.jobs.bench.report import Goal, Report

REVIEWS = 3  # with submit, accept, grant and deliver: seven moves
ROUNDS = 8  # in which the actions and plain psycopg take turns, so that both meet the same machine
CLIENTS = 6
WARM_UP = 15
NOTES = (
    "一生 = 开草稿 + 七步办理（提交、受理、三次审查、决定、送达），三种走法都含开草稿。",
    "ratio_to_bare_psycopg：经真实的办理函数（含权限检查）每秒几生 ÷ 裸 psycopg 每步四条语句每秒几生，逐轮相比取中位数；"
    "裸 psycopg 的日志行写入与真实日志同样的事实。",
    "http_lives_per_second：四人登录后逐步提交页面上的表单，两个网站进程，浏览器随后会打开的页面不计在内。",
)


def run(size: int, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Run the bench in a database of its own and return what it came to.

    :raises CannotRun: it cannot be run here
    """
    began = time.perf_counter()
    with ground.own_database() as database:
        tell("正在建立压测城市……")
        people = city.build()
        counted = inside.statements_of_moves(people)
        tell("正在进程内办理，与裸 psycopg 逐轮对照……")
        pace = _in_turns(people, size)
        tell("正在经网页办理……")
        over_http = _over_http(people, database, size)
    most = max(max(by_move.values()) for by_move in counted.values())
    goals = (
        Goal("ratio_to_bare_psycopg", round(pace.ratio, 3), "倍", 1.0, "higher", "办理函数与裸 psycopg 的速度之比"),
        Goal("statements_per_move", most, "条", 4, "lower", "一步办理最多的语句数"),
        Goal("http_lives_per_second", round(over_http, 1), "生/秒", 50, "higher", "经网页每秒办完的件数"),
    )
    figures = {
        "in_process_lives_per_second": round(pace.ours, 1),
        "bare_psycopg_lives_per_second": round(pace.bare, 1),
        "ratio_of_each_round": [round(each, 3) for each in pace.ratios],
        "statements_by_review_steps": counted,
        "statements_independent_of_steps": len({tuple(sorted(each.items())) for each in counted.values()}) == 1,
        "http_clients": CLIENTS,
        "http_workers": outside.WEB_WORKERS,
    }
    return Report(goals, size, time.perf_counter() - began, figures, NOTES)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast both ways went: lives per second of each, and their ratio round by round."""

    ours: float
    bare: float
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Return the median of the rounds' ratios."""
        return statistics.median(self.ratios)


def _in_turns(people: BenchCity, size: int) -> Pace:
    bare.lay_ground()
    facts = inside.facts_of(inside.live(people, REVIEWS))
    each = max(1, size // ROUNDS)
    with bare.connect() as connection:
        ways = (lambda: inside.live(people, REVIEWS), lambda: bare.live(connection, facts))
        for way in ways:
            _seconds(way, WARM_UP)
        # Who begins changes from round to round.
        rounds = [_round(ways, each, turn) for turn in range(ROUNDS)]
    ours, plain = ([row[n] for row in rounds] for n in (0, 1))
    lives = each * ROUNDS
    return Pace(lives / sum(ours), lives / sum(plain), tuple(b / a for a, b in rounds))


def _round(ways: tuple[Callable[[], object], ...], lives: int, turn: int) -> tuple[float, float]:
    order = (0, 1) if turn % 2 == 0 else (1, 0)
    took = {n: _seconds(ways[n], lives) for n in order}
    return took[0], took[1]


def _seconds(way: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        way()
    return time.perf_counter() - began


def _over_http(people: BenchCity, database: str, size: int) -> float:
    with outside.served(database) as port:
        crowd = outside.Crowd(outside.signed_in(people, port), port, people.items[REVIEWS], REVIEWS, CLIENTS)
        crowd.lead(CLIENTS * WARM_UP // 2)
        return crowd.lead(size)
