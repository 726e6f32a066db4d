"""The pulse runs a task when there is news for it, not more often than its rest, and at times without any news."""

from __future__ import annotations

import pytest

from xiaoneng.kit import pulse
from xiaoneng.kit.pulse import Pulse, Watch

MARK, TURNED = "SELECT max(id) FROM line", "EXISTS (SELECT FROM turn)"


class World:
    """A database that answers as told, a queue, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.now, self.newest, self.turned = 0.0, "7/7", False
        self.queue: list[str] = []
        self.asked: list[str] = []
        watches = [Watch("print", (MARK,), 5, 60), Watch("light", (MARK, TURNED), 15, 60), Watch("tidy", (), 30, 60)]
        self.pulse = Pulse(watches, self.ask, self.defer, lambda: self.now)

    def ask(self, statement: str) -> tuple[object, ...]:
        self.asked.append(statement)
        return self.newest, self.turned

    def defer(self, task: str) -> bool:
        if task in self.queue:
            return False
        self.queue.append(task)
        return True

    def at(self, second: float) -> list[str]:
        self.now = second
        ran = self.pulse.beat()
        self.queue.clear()
        return ran


@pytest.fixture
def world() -> World:
    made = World()
    assert made.at(0) == ["print", "light", "tidy"]  # nobody knows what happened while nothing ran
    return made


def test_nothing_runs_while_nothing_is_new(world):
    assert [world.at(second) for second in range(1, 60)] == [[]] * 59


def test_each_question_is_asked_once_in_one_statement(world):
    assert world.asked == [f"SELECT ({MARK}), ({TURNED})"]


def test_what_was_entered_wakes_who_waits_for_it_at_once(world):
    world.at(30)
    world.newest = "8/8"
    assert world.at(31) == ["print", "light"]
    assert world.at(32) == []


def test_an_entry_that_came_late_under_a_smaller_number_is_news_too(world):
    world.newest = "7/8"
    assert world.at(20) == ["print", "light"]


def test_a_turned_light_is_news_each_time(world):
    world.turned = True
    assert world.at(20) == ["light"]
    assert world.at(35) == ["light"]


def test_news_during_the_rest_is_not_forgotten(world):
    world.newest = "8/8"
    assert world.at(4) == []
    assert world.at(5) == ["print"]
    assert world.at(15) == ["light"]


def test_each_task_runs_now_and_then_without_any_news(world):
    assert world.at(60) == ["print", "light", "tidy"]


def test_a_task_that_waits_in_the_queue_is_wanted_until_it_was_put_there(world):
    world.newest = "8/8"
    world.queue.append("print")
    world.now = 20
    assert world.pulse.beat() == ["light"]
    world.queue.clear()
    assert world.at(21) == ["print"]


def test_a_task_that_was_not_done_runs_again_after_its_rest(world):
    pulse.more("print")
    assert world.at(3) == []
    assert world.at(5) == ["print"]
    assert world.at(11) == []
