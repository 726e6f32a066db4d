"""Searching a catalogue of a whole province: how long it takes, and whether anything is missed."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connections

from xiaoneng.catalogue.models import ItemVersion, Sought
from xiaoneng.catalogue.search import RANKED, every, normalised_text, search
from xiaoneng.jobs.bench import ground, many_items
from xiaoneng.jobs.bench.report import Goal, Report
from xiaoneng.kit import clock

SEED = 7
TIMED = 400  # queries of each kind
CHECKED = 120  # of them whose hits are compared with a plain scan
WARM_UP = 30
LENGTHS = (2, 3, 4, 6)
SEVERAL = 80  # queries of two words
BREAK = "\n"
NOTES = (
    "查询词从目录里随机截取：名称、平常说法中任意位置的 2、3、4、6 个字，另加两个词的查询；常用词因此按出现的多少被抽到。"
    "单字取名称中出现的每一个字。",
    "每个查询计一次完整的 search()：数据库语句、同义词、前 20 行的内容；每个查询只计一次，不取多次中最快的。",
    "misses：把全部事项的名称、平常说法、主题、部门逐条扫描，凡含这些字而没有被检索条件找到的，都算漏。"
    f"search.every() 与 search() 的条件是同一段代码，只是不限条数；search() 最多排 {RANKED} 条，多出时页面写明“{RANKED} 项以上”。",
    "错字、拼音首字母和整句话另计，不在目标内。",
)


def run(size: int, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Run the bench in a database of its own and return what it came to.

    :raises CannotRun: it cannot be run here
    """
    began = time.perf_counter()
    with ground.own_database():
        tell(f"正在生成 {size} 个事项……")
        _fill(size)
        texts = _texts()
        draw = random.Random(SEED)
        queries = _queries(draw, texts)
        tell("正在检索……")
        now = clock.now()
        took = {name: timed(words, now) for name, words in queries.items()}
        tell("正在与逐条扫描对照……")
        checked = [*queries["one"][:CHECKED], *queries["more"][:: max(1, len(queries["more"]) // CHECKED)]]
        misses = sum(_missed(query, texts, now) for query in checked)
    goals = (
        Goal("p99_ms", percentile(took["more"], 0.99), "毫秒", 5, "lower", "两个字以上的查询，百分之九十九在"),
        Goal(
            "p99_one_character_ms", percentile(took["one"], 0.99), "毫秒", 20, "lower", "一个字的查询，百分之九十九在"
        ),
        Goal("misses", misses, "条", 0, "lower", "逐条扫描有而检索没有的"),
    )
    figures: dict[str, Any] = {f"{name}_ms": _spread(values) for name, values in took.items()}
    figures |= {"queries": {name: len(words) for name, words in queries.items()}, "queries_checked": len(checked)}
    return Report(goals, size, time.perf_counter() - began, figures, NOTES)


def timed(queries: Sequence[str], at: datetime) -> list[float]:
    """Search for each query once and return how many milliseconds each took."""
    for query in queries[:WARM_UP]:
        search(query, at=at)
    took = []
    gc.collect()
    gc.freeze()
    for query in queries:
        began = time.perf_counter()
        search(query, at=at)
        took.append((time.perf_counter() - began) * 1000)
    gc.unfreeze()
    return took


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that this share of all does not exceed."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"p50": percentile(values, 0.5), "p90": percentile(values, 0.9), "p99": percentile(values, 0.99)}


def _fill(size: int) -> None:
    with _without_index():
        many_items.build(size)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@contextmanager
def _without_index() -> Any:
    """Let a large catalogue come in before its indexes are made, which is as a database is loaded."""
    indexes = [each for each in Sought._meta.indexes if each.name.startswith("item_keys")]
    with connections["owner"].schema_editor() as editor:
        for index in indexes:
            editor.remove_index(Sought, index)
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
    with connections["owner"].schema_editor() as editor:
        for index in indexes:
            editor.add_index(Sought, index)


def _texts() -> dict[int, str]:
    """Return all that a scan looks through: for each version its name, aliases, themes and department."""
    rows = ItemVersion.objects.values_list("id", "name", "aliases", "themes", "item__department__name")
    return {
        version: BREAK.join(map(normalised_text, [name, *aliases, *(t for t in themes if t != "其他"), department]))
        for version, name, aliases, themes, department in rows.iterator()
    }


def _queries(draw: random.Random, texts: dict[int, str]) -> dict[str, list[str]]:
    lines = [text.split(BREAK) for text in texts.values()]
    named = [[each for each in line[:-1] if each] for line in lines]
    pieces = [
        _piece(draw, draw.choice(draw.choice(named)), length)
        for length in LENGTHS
        for _ in range(TIMED // len(LENGTHS))
    ]
    several = [" ".join(_piece(draw, draw.choice(draw.choice(named)), 2) for _ in range(2)) for _ in range(SEVERAL)]
    characters = sorted({character for line in lines for character in line[0]})
    draw.shuffle(characters)
    more = [*pieces, *several]
    draw.shuffle(more)
    slips = [_slip(draw, draw.choice(lines)[0]) for _ in range(TIMED // 4)]
    return {"one": characters[:TIMED], "more": more, "slip": slips}


def _piece(draw: random.Random, text: str, length: int) -> str:
    at = draw.randrange(max(1, len(text) - length + 1))
    return text[at : at + length].strip() or text


def _slip(draw: random.Random, name: str) -> str:
    at = draw.randrange(len(name))
    return name[:at] + "錯" + name[at + 1 :]


def _missed(query: str, texts: dict[int, str], at: datetime) -> int:
    words = normalised_text(query).split()
    wanted = {version for version, text in texts.items() if all(word in text for word in words)}
    found = set(every(query, at))
    ranked = search(query, at=at)
    # What is shown must be from the same set, and everything of it as long as it can be ranked.
    short = len(wanted) - len(set(ranked.ids) & wanted) if len(wanted) <= RANKED else 0
    return len(wanted - found) + max(0, short)
