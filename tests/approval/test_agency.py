"""Agent service: who may have it, the plan with dates and dependencies, the clock, the ticks, the end."""

from __future__ import annotations

from datetime import date

import pytest

import build
from build import moment
from xiaoneng.approval.agency import actions, reads
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.rules.agency import PlannedStep
from xiaoneng.rules.grounds import NotAllowed, Obstructed

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-03-02")
THRESHOLDS = {"capital": 500, "investment": 5000}
PLAN = (
    PlannedStep("项目备案", "发展和改革局", date(2026, 3, 6)),
    PlannedStep("用地预审", "自然资源和规划局", date(2026, 3, 13), (1,)),
)


@pytest.fixture
def where():
    city = build.city()
    return city, build.holder(city.department, "帮办员", "agency_service")


def asked(city, at=MONDAY, **figures):
    with time_machine.at(at):
        moved = actions.request(
            project=actions.Project("新材料厂", **figures), form=build.FORM, thresholds=THRESHOLDS, by=city.citizen, at=at,
            key=None,
        )  # fmt: skip
    return moved.matter


def do(action, matter, at, by, **more):
    with time_machine.at(at):
        return action(matter, by=by, at=at, key=None, **more)


@pytest.mark.parametrize("figures", [{"capital": 500}, {"investment": 5000}])
def test_either_figure_at_its_threshold_suffices(where, figures):
    assert reads.load(asked(where[0], **figures)).state == "requested"


def test_below_both_thresholds_says_which_and_what_to_do(where):
    with pytest.raises(Obstructed) as refusal:
        asked(where[0], capital=499, investment=4999)
    assert "没有达到代办标准" in str(refusal.value) and "不收费" in refusal.value.obstacles[0].remedy


def test_a_request_is_to_be_answered_in_two_working_days_and_the_plan_gives_the_clock_its_end(where):
    city, agent = where
    matter = asked(city, investment=8000)
    assert str(reads.load(matter).clock("agency").due_on) == "2026-03-04"
    do(actions.take_on, matter, moment("2026-03-03"), agent, steps=PLAN)
    file = reads.load(matter)
    assert (str(file.clock("agency").due_on), file.number is not None) == ("2026-03-13", True)
    assert matters.documents(matter)[-1].title == "代办服务计划表"


def test_a_plan_that_ends_on_a_day_of_rest_is_not_over_before_its_last_approval_is_due(where):
    matter = asked(where[0], investment=8000)
    sunday = (PlannedStep("项目备案", "发展和改革局", date(2026, 3, 15)),)
    do(actions.take_on, matter, moment("2026-03-03"), where[1], steps=sunday)
    assert str(reads.load(matter).clock("agency").due_on) == "2026-03-16"


@pytest.mark.parametrize(("steps", "said"), [
    ((), "计划应有"), ((PlannedStep("备案", "", date(2026, 3, 2)),), "已经过去"),
    ((PlannedStep("甲", "", date(2026, 3, 9)), PlannedStep("乙", "", date(2026, 3, 6), (1,))), "前置（第 1 行）"),
    ((PlannedStep("甲", "", date(2026, 3, 9), (1,)),), "不是它前面的一行"),
])  # fmt: skip
def test_a_plan_that_cannot_come_true_is_refused(where, steps, said):
    matter = asked(where[0], investment=8000)
    with pytest.raises(Obstructed, match=said):
        do(actions.take_on, matter, moment("2026-03-03"), where[1], steps=steps)


def test_a_project_ends_when_every_approval_is_done_in_its_order(where):
    city, agent = where
    matter = asked(city, investment=8000)
    do(actions.take_on, matter, moment("2026-03-03"), agent, steps=PLAN)
    with pytest.raises(Obstructed, match="前置“项目备案”"):
        do(actions.tick, matter, moment("2026-03-04"), agent, step=2, done=True)
    with pytest.raises(Obstructed, match="没有编号为"):
        do(actions.tick, matter, moment("2026-03-04"), agent, step=1, number="A1")
    do(actions.tick, matter, moment("2026-03-05"), agent, step=1, done=True)
    with pytest.raises(Obstructed, match="“用地预审”还没有办完"):
        do(actions.complete, matter, moment("2026-03-05"), agent)
    do(actions.tick, matter, moment("2026-03-16"), agent, step=2, done=True)
    do(actions.complete, matter, moment("2026-03-16"), agent)
    file = reads.load(matter)
    assert file.closed and file.late
    assert [step.late for step in reads.service(file).steps] == [False, True]


def test_nobody_but_an_agent_takes_a_project_on(where):
    matter = asked(where[0], investment=8000)
    with pytest.raises(NotAllowed, match="代办员"):
        do(actions.take_on, matter, moment("2026-03-03"), where[0].head, steps=PLAN)


def test_the_applicant_may_do_without_the_agent(where):
    matter = asked(where[0], investment=8000)
    do(actions.withdraw, matter, moment("2026-03-03"), where[0].citizen)
    assert reads.load(matter).state == "withdrawn"
