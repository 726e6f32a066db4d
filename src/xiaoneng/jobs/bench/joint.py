"""Joint cases of three and of forty branches side by side: what a move costs must not depend on how many there are."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from uuid import uuid4

from xiaoneng.approval.actions import deliver, review, special
from xiaoneng.approval.joint import accepting, filing, following, opening, reads
from xiaoneng.approval.models import Theme, ThemeItem
from xiaoneng.catalogue.models import Item, ItemVersion
from xiaoneng.jobs.bench import city, ground
from xiaoneng.jobs.bench.city import FORM, BenchCity
from xiaoneng.jobs.bench.inside import listening
from xiaoneng.jobs.bench.report import Goal, Report
from xiaoneng.kit import clock

FEW, MANY = 3, 40
WARM_UP = 2
NOTES = (
    "一步 = 分办件的一个动作（启动和结束特别程序、审查、决定、送达）加上它在全程上引起的记录；两种规模交替进行。",
    "time_ratio_40_to_3：每种动作用时中位数之比（40 个分办件 ÷ 3 个），取各种动作里最大的；语句数同样取最大。",
    "统一受理时要逐个启动分办件，用时随个数增长；open_ms_a_branch 是摊到每个分办件上的用时。",
)
Way = tuple[str, Callable[[], object]]


def run(size: int, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Run the bench in a database of its own and return what it came to.

    :raises CannotRun: it cannot be run here
    """
    began = time.perf_counter()
    with ground.own_database():
        tell("正在建立压测城市……")
        people = city.build()
        themes = {count: _theme(people, count) for count in (FEW, MANY)}
        tell("正在交替办理 3 个和 40 个分办件的并联件……")
        took, counted, opened = _in_turns(people, themes, max(1, size // MANY))
    times = {name: {count: statistics.median(took[count, name]) for count in themes} for name in _names(took)}
    time_ratio = max(each[MANY] / each[FEW] for each in times.values())
    statements = {name: {count: max(counted[count, name]) for count in themes} for name in times}
    statement_ratio = max(each[MANY] / each[FEW] for each in statements.values())
    goals = (
        Goal("time_ratio_40_to_3", round(time_ratio, 3), "倍", 1.2, "lower", "一步的用时，40 个分办件与 3 个之比"),
        Goal(
            "statements_ratio_40_to_3",
            round(statement_ratio, 3),
            "倍",
            1.2,
            "lower",
            "一步的语句数，40 个分办件与 3 个之比",
        ),
    )
    figures = {
        "milliseconds": {
            name: {count: round(t * 1000, 2) for count, t in each.items()} for name, each in times.items()
        },
        "statements": statements,
        "open_ms_a_branch": {count: round(statistics.median(each) * 1000 / count, 2) for count, each in opened.items()},
    }
    return Report(goals, size, time.perf_counter() - began, figures, NOTES)


def _names(took: dict[tuple[int, str], list[float]]) -> list[str]:
    return list(dict.fromkeys(name for _, name in took))


def _in_turns(
    people: BenchCity, themes: dict[int, str], rounds: int
) -> tuple[dict[tuple[int, str], list[float]], dict[tuple[int, str], list[int]], dict[int, list[float]]]:
    took: dict[tuple[int, str], list[float]] = defaultdict(list)
    counted: dict[tuple[int, str], list[int]] = defaultdict(list)
    opened: dict[int, list[float]] = defaultdict(list)
    for turn in range(rounds + WARM_UP):
        ways = {MANY: _ways(people, [_accepted(people, themes[MANY], MANY, opened)])}
        few = [_accepted(people, themes[FEW], FEW, opened) for _ in range(MANY // FEW)]
        ways[FEW] = _ways(people, few)
        for pair in zip(*(ways[count] for count in (FEW, MANY)), strict=False):
            # Who goes first changes from move to move.
            for count, (name, step) in zip((FEW, MANY), pair, strict=True) if turn % 2 else _backwards(pair):
                if turn == 0:
                    with listening() as heard:
                        step()
                    counted[count, name].append(len(heard))
                    continue
                start = time.perf_counter()
                step()
                if turn >= WARM_UP:
                    took[count, name].append(time.perf_counter() - start)
    return took, counted, opened


def _backwards(pair: tuple[Way, ...]) -> list[tuple[int, Way]]:
    return [(MANY, pair[1]), (FEW, pair[0])]


def _accepted(people: BenchCity, theme: str, count: int, opened: dict[int, list[float]]) -> int:
    matter = opening.open_joint(
        theme=theme, chosen=(), by=people.citizen.account, channel="online", at=clock.now(), key=uuid4(), form=FORM
    )
    filing.submit(matter, by=people.citizen, at=clock.now(), key=uuid4())
    start = time.perf_counter()
    accepting.accept(matter, by=people.clerk, at=clock.now(), key=uuid4())
    while following.settle(matter, clock.now()):
        pass
    opened[count].append(time.perf_counter() - start)
    return matter


def _ways(people: BenchCity, joints: list[int]) -> Iterator[Way]:
    """Name the moves of all branches of some joint cases in their order, each with what makes it."""
    for joint in joints:
        for line in reads.branches(joint):
            matter = line.matter or 0
            yield (
                "suspend",
                _step(
                    matter,
                    lambda m: special.suspend(
                        m, by=people.reviewer, at=clock.now(), key=uuid4(), kind="testing", days=3, reason="需要检测"
                    ),
                ),
            )
            yield (
                "resume",
                _step(
                    matter, lambda m: special.resume(m, by=people.reviewer, at=clock.now(), key=uuid4(), result="合格")
                ),
            )
            yield (
                "review",
                _step(
                    matter,
                    lambda m: review.review(
                        m, by=people.reviewer, at=clock.now(), key=uuid4(), opinion="材料真实，符合条件。"
                    ),
                ),
            )
            yield (
                "grant",
                _step(
                    matter,
                    lambda m: review.grant(m, by=people.head, at=clock.now(), key=uuid4(), opinion="符合条件，准予。"),
                ),
            )
            yield "deliver", _step(matter, lambda m: deliver.deliver(
                m, by=people.clerk, at=clock.now(), key=uuid4(), way="direct", recipient=FORM["name"]))  # fmt: skip


def _step(matter: int, action: Callable[[int], object]) -> Callable[[], object]:
    def step() -> object:
        action(matter)
        return following.follow(matter, clock.now())

    return step


def _theme(people: BenchCity, count: int) -> str:
    """Make a theme of so many items with one review step each; none waits for another."""
    model = ItemVersion.objects.get(item__code=people.items[1])
    theme = Theme.objects.create(
        code=f"bench-{count}", name=f"压测一件事（{count} 项）", lead_id=model.item.department_id, changed_at=clock.now(),
        changed_by="压测",
    )  # fmt: skip
    for place in range(1, count + 1):
        item = Item.objects.create(code=f"{count:04d}{place:027d}", department_id=model.item.department_id)
        version = ItemVersion.objects.create(
            item=item, serial=1, in_force=model.in_force, name=f"压测分办事项 {place}", kind=model.kind, statutory_n=20,
            statutory_unit="working_day", promised_n=8, promised_unit="working_day", fingerprint="bench",
        )  # fmt: skip
        ThemeItem.objects.create(theme=theme, position=place, item=item)
        assert version.pk
    return theme.code
