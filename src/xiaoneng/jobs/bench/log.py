"""The import of a foreign log: an invented one, written the way permit offices write theirs, taken in and taken in again."""

from __future__ import annotations

import gzip
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from xiaoneng.history.actions import import_log
from xiaoneng.history.models import Case
from xiaoneng.jobs.bench import ground
from xiaoneng.jobs.bench.report import Goal, Report
from xiaoneng.kit import clock

SEED = 20150101
EVENTS_OF_A_CASE = (25, 60)  # a building permit's case has some forty
BEGINNING = datetime(2014, 1, 6, 8, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n<log xes.version="1.0" xes.features="nested-attributes">\n'
NOTES = (
    "events_per_s：xiaoneng import log 的同一条路径，从打开压缩文件到最后一批提交；一件约四十步，每步十二项属性，"
    "逐件入链、写明来源。server_and_waiting_s 是总用时减去本进程的处理器时间。",
    "仿造的日志由固定的随机数写成，与真实日志形状相同，内容没有意义。",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import took."""

    cases: int
    events: int
    unchanged: int
    seconds: float
    cpu: float


def run(size: int, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Run the bench in a database of its own and return what it came to.

    :param size: about how many events the log has.
    :raises CannotRun: it cannot be run here
    """
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="xiaoneng-") as folder, ground.own_database():
        path = Path(folder) / "invented.xes.gz"
        tell(f"正在仿造 {size} 步的日志……")
        path.write_bytes(gzip.compress("".join(_written(size)).encode(), 6))
        tell("正在导入……")
        first = _take_in(path)
        again = _take_in(path)
        kept = Case.objects.count()
    goals = (
        Goal("events_per_s", round(first.events / first.seconds), "步/秒", 20_000, "higher", "导入历史日志"),
        Goal("kept_of_all", kept / first.cases, "比例", 1, "higher", "导入后查得到的件"),
        Goal("unchanged_when_repeated", again.unchanged / first.cases, "比例", 1, "higher", "再导入一次时未变的件"),
    )
    figures = {
        "cases": first.cases,
        "events": first.events,
        "seconds": round(first.seconds, 2),
        "own_cpu_s": round(first.cpu, 2),
        "server_and_waiting_s": round(max(0.0, first.seconds - first.cpu), 2),
        "repeat_s": round(again.seconds, 2),
    }
    return Report(goals, size, time.perf_counter() - began, figures, NOTES)


def _take_in(path: Path) -> Taken:
    began, cpu = time.perf_counter(), time.process_time()
    report = import_log(path, now=clock.now)
    took = time.perf_counter() - began
    return Taken(report.cases, report.events, report.unchanged, took, time.process_time() - cpu)


def _written(size: int) -> Iterator[str]:
    draw = random.Random(SEED)
    yield HEAD
    written = number = 0
    while written < size:
        number += 1
        events = min(draw.randint(*EVENTS_OF_A_CASE), size - written)
        yield _case(draw, number, events)
        written += events
    yield "</log>\n"


def _case(draw: random.Random, number: int, events: int) -> str:
    at = BEGINNING + timedelta(hours=number)
    told = {
        "concept:name": f"{9_000_000 + number}", "startDate": at.isoformat(), "endDate": (at + timedelta(days=90)).isoformat(),
        "caseStatus": draw.choice("OG"), "SUMleges": f"{draw.random() * 3000:.5f}", "parts": draw.choice(("Bouw", "Bouw,Kap")),
        "requestComplete": draw.choice(("TRUE", "FALSE")), "Responsible_actor": f"{560_400 + draw.randrange(20)}",
    }  # fmt: skip
    steps = []
    for n in range(events):
        at += timedelta(minutes=draw.randrange(20, 4000))
        steps.append(_step(draw, n, at))
    return f"<trace>\n{_attributes(told)}{''.join(steps)}</trace>\n"


def _step(draw: random.Random, n: int, at: datetime) -> str:
    code = f"01_HOOFD_{draw.randrange(400):03}"
    told = {
        "question": draw.choice(("EMPTY", "True", "False")), "dateFinished": f"{at:%Y-%m-%d} 00:00:00",
        "dueDate": (at + timedelta(days=3)).isoformat(), "action_code": code,
        "activityNameEN": f"register step {code} of the request",
        "planned": (at + timedelta(days=1)).isoformat(), "time:timestamp": f"{at:%Y-%m-%d}T00:00:00+02:00",
        "monitoringResource": f"{2_670_600 + draw.randrange(26)}", "org:resource": f"{9_264_100 + draw.randrange(23)}",
        "activityNameNL": f"registratie stap {code} van aanvraag", "concept:name": code, "lifecycle:transition": "complete",
    }  # fmt: skip
    if n % 4:
        del told["dueDate"]
    return f"\t<event>\n{_attributes(told)}\t</event>\n"


def _attributes(told: dict[str, str]) -> str:
    return "".join(f'\t\t<{_kind(key)} key="{key}" value="{value}"/>\n' for key, value in told.items())


def _kind(key: str) -> str:
    return "date" if key in ("time:timestamp", "planned", "dueDate", "startDate", "endDate") else "string"
