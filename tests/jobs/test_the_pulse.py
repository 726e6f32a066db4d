"""What the worker asks each second sees an entry, a light that turns, and a delivery that is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

import build
from build import moment
from xiaoneng.api import tasks as of_the_interface
from xiaoneng.jobs import tasks, time_machine, worker
from xiaoneng.kit import asking
from xiaoneng.kit.pulse import WATCHED, Pulse
from xiaoneng.matters.models import Matter
from xiaoneng.supervision.newly import ENTERED, TURNED

LIGHTS = {"record_red_lights", "follow_joint_cases", "supervise"}


@pytest.fixture
def case(db):
    with time_machine.at(moment("2026-03-20", "09:00")):
        yield build.application().received(moment("2026-03-20", "09:00"))


def woken(since, until) -> set[str]:
    """Tell which tasks the questions would wake between two instants, when nothing is entered meanwhile."""
    pulse = Pulse(WATCHED, lambda asked: asking.only(asked, {"since": since, "now": until}), lambda task: True)
    pulse._answers = {ENTERED: asking.only(f"SELECT ({ENTERED})", [])[0]}
    pulse._ran = {each.task: pulse.tick() - each.rest for each in WATCHED}
    return set(pulse.beat())


def test_every_watched_task_is_there_and_runs_without_arguments(case):
    from procrastinate.contrib.django import app

    names = {each.task for each in WATCHED}
    assert {"print_what_is_new", "record_red_lights", "tell_webhooks"} <= names
    assert names <= set(app.tasks) and not names & {name for name, _ in app.periodic_registry.periodic_tasks}
    assert (
        tasks.record_red_lights.func.__code__.co_argcount
        == of_the_interface.tell_webhooks.func.__code__.co_argcount
        == 0
    )


def test_a_light_wakes_at_its_instant_and_not_before(case):
    red, yellow = Matter.objects.values_list("red_at", "yellow_at").get(pk=case.matter)
    second = timedelta(seconds=1)
    assert woken(red - second, red) == set()  # at the instant itself it is not red yet
    assert LIGHTS | {"accept_what_is_deemed_accepted"} == woken(red, red + second)
    assert woken(red + second, red + 2 * second) == set()
    assert woken(yellow - second, yellow) >= LIGHTS and woken(yellow, yellow + second) == set()


def test_an_entry_changes_the_answer_even_if_the_newest_number_stays(case):
    def ask() -> str:
        return asking.only(f"SELECT ({ENTERED})", [])[0]

    before = ask()
    case.accepted(moment("2026-03-20", "10:00"))
    assert ask() != before
    newest, count = ask().split("/")
    assert int(count) <= int(newest)


def test_a_question_that_fails_leaves_its_span_to_the_next(case):
    seen = []
    ask = worker.asker()
    ask("SELECT 1")

    def fails(statement, values):
        seen.append(values)
        if len(seen) == 1:
            raise RuntimeError("away")
        return (1,)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "only", fails)
        with pytest.raises(RuntimeError):
            ask("SELECT 1")
        ask("SELECT 1")
    assert seen[0]["since"] == seen[1]["since"] and TURNED
