"""A sound city has joint cases and an agent's project without a finding, and each broken rule of theirs has its own."""

from __future__ import annotations

from datetime import date

import pytest
from patients import NOW, record

import build
import joint
from build import moment
from xiaoneng.approval.actions import extension, special
from xiaoneng.approval.agency import actions as agency
from xiaoneng.approval.joint import following, together
from xiaoneng.approval.models import Branch
from xiaoneng.jobs import time_machine
from xiaoneng.rules import parallel
from xiaoneng.rules.agency import PlannedStep


def found(patient) -> set[int]:
    record(NOW)
    return patient.ids()


@pytest.fixture
def case(patient):
    return joint.project().received().accepted()


def finished(case) -> None:
    both = [case.lead.reviewer.account, case.cities[2].reviewer.account]
    case.do(together.arrange, moment("2026-03-03"), case.lead.reviewer, kind="site_check", people=both, place="现场",
            starts_at=moment("2026-03-04"))  # fmt: skip
    case.do(together.record, moment("2026-03-04", "11:00"), case.lead.reviewer, kind="site_check", people=both,
            findings="好", passed=True)  # fmt: skip
    asked = {"kind": "testing", "days": 3, "reason": "检测"}
    case.move(1, special.suspend, moment("2026-03-04", "15:00"), "reviewer", **asked)
    case.move(2, special.suspend, moment("2026-03-05"), "reviewer", **asked)
    case.move(1, special.resume, moment("2026-03-09"), "reviewer", result="好")
    case.do(together.extend, moment("2026-03-09"), case.leader, days=15, reason="协查")
    case.move(2, special.resume, moment("2026-03-10"), "reviewer", result="好")
    case.granted(1, moment("2026-03-11")).refused(2, moment("2026-03-12")).granted(3, moment("2026-03-13"))
    case.do(together.hand_over, moment("2026-03-16"), case.lead.clerk, way="direct", recipient="沈若溪")


def test_a_joint_case_that_did_everything_is_sound(patient, case):
    finished(case)
    assert case.file.state == "done"
    joint.project({1: [], 2: [1]}, days=10).received().accepted().granted(1, moment("2026-03-12"))
    assert found(patient) == set()


def test_a_project_with_its_agent_is_sound(patient):
    city = build.city()
    agent = build.holder(city.department, "帮办", "agency_service")
    at = moment("2026-03-02")
    with time_machine.at(at):
        matter = agency.request(
            project=agency.Project("厂房", investment=9000), form=build.FORM, by=city.citizen, at=at, key=None,
            thresholds={"capital": 500, "investment": 5000},
        ).matter  # fmt: skip
    for day, action, more in (
        ("2026-03-03", agency.take_on, {"steps": [PlannedStep("备案", "发改", date(2026, 3, 10))]}),
        ("2026-03-05", agency.tick, {"step": 1, "done": True}), ("2026-03-06", agency.complete, {}),
    ):  # fmt: skip
        with time_machine.at(moment(day)):
            action(matter, by=agent, at=moment(day), key=None, **more)
    assert found(patient) == set()


def test_a_branch_written_otherwise_than_the_journal_says(patient, case):
    Branch.objects.filter(joint_id=case.matter, position=3).update(after=[])
    assert found(patient) == {8}


def test_a_branch_that_opened_before_its_precondition_was_granted(patient, case, monkeypatch):
    monkeypatch.setattr(parallel, "next_steps", lambda branches: parallel.Steps((3,), {}))
    with time_machine.at(moment("2026-03-03")):
        following.settle(case.matter, moment("2026-03-03"))
    monkeypatch.undo()
    assert found(patient) == {24}


def test_a_branch_due_after_the_whole(patient, case, monkeypatch):
    monkeypatch.setattr(parallel, "capped", lambda *asked: None)
    short = joint.project({1: [], 2: []}, days=5)
    short.received().accepted()
    monkeypatch.undo()
    assert found(patient) == {24}


def test_a_branch_extended_beyond_the_whole(patient, monkeypatch):
    monkeypatch.setattr(extension, "to_branch_extension", lambda *asked: ())
    case = joint.project({1: [], 2: []}, days=10).received().accepted()
    case.move(1, extension.extend, moment("2026-03-04"), "head", days=10, reason="协查")
    assert found(patient) == {24}


def test_a_whole_that_is_done_while_a_branch_is_not(patient, case, monkeypatch):
    from xiaoneng.approval.joint import reads

    monkeypatch.setattr(reads.BranchLine, "terminal", True)
    case.granted(1, moment("2026-03-04")).granted(2, moment("2026-03-05")).granted(3, moment("2026-03-06"))
    assert case.file.state == "done"
    assert found(patient) == {24}


def test_a_whole_of_more_than_forty_five_days(patient, monkeypatch):
    from dataclasses import replace

    from xiaoneng.approval.joint import reads

    about = reads.about
    monkeypatch.setattr(reads, "about", lambda which: replace(about(which), days=46))
    joint.project({1: []}).received().accepted()
    assert found(patient) == {24}


def test_a_whole_lengthened_by_more_than_fifteen_days(patient, case, monkeypatch):
    from xiaoneng.rules.extension import Allowance
    from xiaoneng.rules.limits import WorkingDays

    monkeypatch.setattr(
        together, "allowance", lambda *asked, **more: Allowance(WorkingDays(40), parallel.JOINT_DECISION_TIME)
    )
    case.do(together.extend, moment("2026-03-09"), case.leader, days=16, reason="协查")
    assert found(patient) == {17}


def test_a_joint_check_by_one_person(patient, case, monkeypatch):
    monkeypatch.setattr(together, "_refuse", lambda *found: None)
    case.do(together.arrange, moment("2026-03-03"), case.lead.reviewer, kind="site_check", place="现场",
            people=[case.lead.reviewer.account], starts_at=moment("2026-03-04"))  # fmt: skip
    assert found(patient) == {13}
