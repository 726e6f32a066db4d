"""Two people at once: of every two that move the same case, one wins and the other is told; a form posted twice works once."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections

import build
import ground
from xiaoneng.approval import reads
from xiaoneng.approval.actions import accept, apply, deliver, drafts, review
from xiaoneng.jobs import database, doctor
from xiaoneng.matters.models import Entry, Series
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.supervision import actions as supervision
from xiaoneng.supervision.models import RedLight

RACES = 1000
OF_A_LIFE = 6  # accept, three reviews, the decision, the delivery; submitting is the applicant's alone
NAME = f"races_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
LACKS = [accept.Lack("缺少经营场所证明", "产权证或者租赁合同", "《城镇燃气管理条例》第十五条")]

Verb = Callable[..., Moved]
Tried = Moved | NotAllowed


@pytest.fixture(scope="module")
def arena(django_db_setup, django_db_blocker) -> Iterator[Arena]:
    """Give a copy of the test's database with a city of pairs, where what is done is committed and stays."""
    with django_db_blocker.unblock():
        connections.close_all()
        database.drop(NAME)
        database.create_clone(settings.DATABASE_NAME, NAME)
        with ground.pointed_at(NAME):
            arena = Arena()
            yield arena
            arena.end()
        database.drop(NAME)


class Arena:
    """Two threads, each with a connection of its own, that start every race at the same barrier."""

    def __init__(self) -> None:
        self.city = build.city()
        self.version = build.item(self.city, steps=(("初审", 2), ("复审", 2), ("会审", 2)), materials=())
        self.rivals = {role: build.holder(self.city.department, f"另一位{role}", role) for role in
                       ("window", "reviewer", "head")}  # fmt: skip
        self.barrier = threading.Barrier(3)
        self.tasks: list[Callable[[], Any]] = [_nothing, _nothing]
        self.results: list[Any] = [None, None]
        self.ending = False
        self.seq, self.state = 0, ""  # of the matter raced for, as its last winner left it
        self.threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in (0, 1)]
        for thread in self.threads:
            thread.start()

    def race(self, one: Callable[[], Any], other: Callable[[], Any]) -> tuple[Any, Any]:
        """Let both go at once and give what each came to: its answer, or the refusal."""
        self.tasks[:] = [one, other]
        self.barrier.wait(30)
        self.barrier.wait(30)
        for result in self.results:
            if isinstance(result, BaseException) and not isinstance(result, NotAllowed):
                raise result
        return self.results[0], self.results[1]

    def draft(self) -> int:
        return drafts.open_draft(
            code=self.version.item.code, by=self.city.citizen.account, channel="online", at=now(), key=uuid4(),
            form=build.FORM,
        )  # fmt: skip

    def submitted(self) -> int:
        matter = self.draft()
        apply.submit(matter, by=self.city.citizen, at=now(), key=uuid4())
        return matter

    def end(self) -> None:
        self.ending = True
        self.barrier.wait(30)
        for thread in self.threads:
            thread.join(30)

    def _run(self, n: int) -> None:
        while True:
            self.barrier.wait()
            if self.ending:
                connections.close_all()
                return
            try:
                self.results[n] = self.tasks[n]()
            except Exception as trouble:
                self.results[n] = trouble
            self.barrier.wait(30)


def _nothing() -> None:
    """Do nothing."""


def now() -> datetime:
    return datetime.now(UTC)


def one(verb: Verb, matter: int, by: Actor, key=None, **more: Any) -> Callable[[], Moved]:
    """Give one attempt, with a key of its own unless it is given one."""
    key = key or uuid4()
    return lambda: verb(matter, by=by, at=now(), key=key, **more)


def rounds(arena: Arena, matter: int, turn: int) -> Iterator[tuple[Callable[[], Moved], Callable[[], Moved]]]:
    """Give the races of one life; in every third the second clerk asks for a correction instead of accepting."""
    city, rival = arena.city, arena.rivals
    if turn % 3:
        yield one(accept.accept, matter, city.clerk), one(accept.accept, matter, rival["window"])
    else:
        yield (
            one(accept.accept, matter, city.clerk),
            one(accept.request_correction, matter, rival["window"], lacks=LACKS),
        )
        if arena.state == "correcting":
            apply.supplement(matter, by=city.citizen, at=now(), key=uuid4(), note="已补齐")
            arena.seq = accept.accept(matter, by=city.clerk, at=now(), key=uuid4()).seq
    for step in range(1, 4):
        yield (
            one(review.review, matter, city.reviewer, opinion="符合条件。", step=step),
            one(review.review, matter, rival["reviewer"], opinion="同意。", step=step),
        )
    refusal = {"reason": "场所不符合规划。", "basis": "《城镇燃气管理条例》第十五条"}
    yield (
        one(review.grant, matter, city.head, opinion="符合条件，准予。"),
        one(review.refuse, matter, rival["head"], **refusal),
    )
    handed = {"way": "direct", "recipient": build.FORM["name"]}
    yield one(deliver.deliver, matter, city.clerk, **handed), one(deliver.deliver, matter, rival["window"], **handed)


def test_of_two_who_move_a_case_at_once_one_wins_and_the_other_is_told(arena):
    raced, won = 0, [0, 0]
    for turn in range(RACES // OF_A_LIFE + 1):
        matter, arena.seq = arena.submitted(), 1
        for attempts in rounds(arena, matter, turn):
            results = arena.race(*attempts)
            winners = [n for n in (0, 1) if isinstance(results[n], Moved)]
            assert len(winners) == 1, results
            winner, told = results[winners[0]], str(results[1 - winners[0]])
            assert re.search(r"现在是“.+”", told), told
            assert winner.seq == arena.seq + 1
            arena.seq, arena.state = winner.seq, winner.state
            raced += 1
            won[winners[0]] += 1
        file = reads.load(matter)
        assert file.closed and file.version == arena.seq
    assert raced >= RACES
    assert min(won) > raced / 20, f"no race at all: {won}"
    assert_gap_free()


def twice(arena: Arena, verb: Verb, matter: int, by: Actor, **more: Any) -> str:
    """Post the same form twice at once: one effect, the same answer; give the state it led to."""
    same = one(verb, matter, by, **more)
    first, second = arena.race(same, same)
    assert isinstance(first, Moved) and isinstance(second, Moved), (first, second)
    assert sorted((first.replayed, second.replayed)) == [False, True]
    assert (first.seq, first.numbers, first.hash, first.recorded_at, first.state) == (
        second.seq, second.numbers, second.hash, second.recorded_at, second.state,
    )  # fmt: skip
    return first.state


def test_a_form_posted_twice_at_once_has_one_effect_and_one_answer(arena):
    city, posts = arena.city, 0
    while posts < RACES:
        key, at = uuid4(), now()
        drafted = [
            lambda key=key, at=at: drafts.open_draft(
                code=arena.version.item.code, by=city.citizen.account, channel="online", at=at, key=key,
                form=build.FORM,
            )
        ] * 2  # fmt: skip
        matter, again = arena.race(*drafted)
        assert matter == again
        twice(arena, apply.submit, matter, city.citizen)
        state = twice(arena, accept.accept, matter, city.clerk)
        while state == "reviewing":
            state = twice(arena, review.review, matter, city.reviewer, opinion="符合条件。")
        twice(arena, review.grant, matter, city.head, opinion="准予。")
        twice(arena, deliver.deliver, matter, city.clerk, way="direct", recipient="门卫", note="代收")
        assert reads.load(matter).version == 7
        posts += 8
    assert_gap_free()


def test_the_same_key_with_another_move_is_refused_and_changes_nothing(arena):
    matter, key = arena.submitted(), uuid4()
    other = arena.submitted()
    results = arena.race(
        one(accept.accept, matter, arena.city.clerk, key), one(accept.accept, other, arena.city.clerk, key)
    )
    refused = [each for each in results if isinstance(each, NotAllowed)]
    assert len(refused) == 1
    assert "已经提交过一次" in str(refused[0])
    assert reads.load(matter).version + reads.load(other).version == 3


def test_after_all_races_the_doctor_finds_nothing(arena):
    report = doctor.examine()
    assert not report.findings, list(report.findings)
    assert report.checked["matters"] >= (RACES // OF_A_LIFE) + RACES // 8


def assert_gap_free() -> None:
    """Hold every series to its entries: as many numbers drawn as the series says, and none of them twice."""
    drawn: dict[str, int] = {}
    for numbers in Entry.objects.values_list("facts", flat=True).iterator():
        for asked in (numbers.get("intake_number"), numbers.get("number"), *numbers.get("documents", ())):
            if asked:
                drawn[asked["series"]] = drawn.get(asked["series"], 0) + 1
    assert drawn == dict(Series.objects.values_list("key", "last"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT number), count(DISTINCT intake_number) FROM matter WHERE version > 1"
        )
        assert len(set(cursor.fetchone())) == 1


def test_of_two_workers_that_record_lights_at_once_each_light_is_recorded_by_one(arena):
    for _ in range(20):
        accept.accept(arena.submitted(), by=arena.city.clerk, at=now(), key=uuid4())
    with connections["owner"].cursor() as cursor:  # let them have turned red a minute ago
        cursor.execute(
            """UPDATE matter SET red_at = now() - interval '1 minute', yellow_at = now() - interval '1 hour',
                 clocks_moved = jsonb_set(clocks_moved, '{promised/1,red_at}', to_jsonb(now() - interval '1 minute'))
               WHERE NOT closed AND matter.clocks -> 'promised/1' ->> 'state' = 'running'"""
        )
        turned = cursor.rowcount
    counted = arena.race(*[lambda: supervision.record_red_lights(now)] * 2)
    assert sorted(counted) == [0, turned] and turned >= 20
    assert RedLight.objects.count() == turned and not RedLight.objects.filter(seal=None).exists()
