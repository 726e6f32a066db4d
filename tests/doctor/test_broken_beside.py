"""What is done beside the straight way: a sound city that did it all has no findings, and each broken rule has its own."""

from __future__ import annotations

from datetime import date

import pytest
from patients import NOW, record

import build
from build import moment
from xiaoneng.approval import sessions
from xiaoneng.approval.actions import (
    accept,
    beside,
    closing,
    extension,
    inspections,
    proceedings,
    renewal,
    review,
    special,
)
from xiaoneng.approval.models import Renewal, Terms
from xiaoneng.jobs import time_machine
from xiaoneng.matters import clocks, move
from xiaoneng.rules.procedures.table import ClockName

SPECIAL = {"kind": "testing", "days": 5, "reason": "检测"}


@pytest.fixture
def walk(patient):
    return patient.walk().received(moment("2026-03-02")).accepted(moment("2026-03-02"))


@pytest.fixture
def lax(monkeypatch):
    """Let every obstacle beside the way be overlooked."""
    monkeypatch.setattr(beside, "refuse", lambda *found: None)
    monkeypatch.setattr(review, "obstacles_to_decision", lambda *asked: ())


def found(patient) -> set[int]:
    record(NOW)
    return patient.ids()


def schedule(walk, starts_at: str, chair) -> None:
    asked = {"starts_at": moment(starts_at, "09:30"), "place": "三楼", "chair": chair.account}
    walk.do(proceedings.schedule_hearing, moment("2026-03-04"), walk.city.reviewer, **asked)


def test_a_case_that_went_every_way_beside_is_sound(patient, walk):
    who, two = walk.city, [walk.city.reviewer.account, walk.city.clerk.account]
    Terms.objects.create(version=walk.version, waits=["payment"], set_at=moment("2026-01-05"))
    walk.do(proceedings.inform_parties, moment("2026-03-03"), who.reviewer, parties="李四", interest="相邻")
    walk.do(special.wait, moment("2026-03-03"), who.reviewer, kind="payment", days=3, reason="等缴费")
    walk.do(special.suspend, moment("2026-03-04"), who.reviewer, kind="hearing", days=9, reason="听证")
    walk.do(proceedings.request_hearing, moment("2026-03-04"), who.clerk, asked_by="party", note="担心噪声")
    schedule(walk, "2026-03-13", who.head)
    walk.do(special.suspend, moment("2026-03-05"), who.reviewer, **SPECIAL)
    walk.do(special.end_wait, moment("2026-03-06"), who.reviewer, result="已缴")
    walk.do(special.resume, moment("2026-03-09"), who.reviewer, result="合格", procedure=2)
    walk.do(inspections.schedule_site_check, moment("2026-03-09"), who.reviewer, starts_at=moment("2026-03-10"),
            place="临江路", officers=two)  # fmt: skip
    walk.do(inspections.call_off, moment("2026-03-10"), who.reviewer, kind="site_check", reason="大雨")
    walk.do(proceedings.record_hearing, moment("2026-03-13", "12:00"), who.reviewer, attendees="李四", transcript="略",
            signed=True)  # fmt: skip
    walk.do(special.resume, moment("2026-03-13", "13:00"), who.reviewer, result="已听证")
    assert found(patient) == set()


def test_silence_on_both_sides_is_sound(patient):
    one = patient.walk().received(moment("2026-03-02")).asked(moment("2026-03-03"))
    two = patient.walk().received(moment("2026-03-02"))
    two.do(accept.accept, moment("2026-03-02"), two.city.clerk, certificate="燃许 7", expires_on=date(2026, 4, 1))
    at = moment("2026-04-07", "08:00")
    with time_machine.at(at):
        assert closing.lapse_what_was_not_supplemented(lambda: at) == 1
        assert renewal.grant_what_is_deemed_renewed(lambda: at) == 1
    assert (one.file.state, two.file.state) == ("terminated", "granted")
    assert found(patient) == set()


def test_16_a_special_procedure_whose_estimate_nobody_watches(patient, walk, monkeypatch):
    honest = move._effect
    monkeypatch.setattr(move, "_effect", lambda e, name, *more: () if name == "special" else honest(e, name, *more))
    walk.do(special.suspend, moment("2026-03-04"), walk.city.reviewer, **SPECIAL)
    assert found(patient) == {16}


def test_15_a_limit_that_goes_on_while_a_procedure_holds_it(patient, walk, monkeypatch):
    walk.do(special.suspend, moment("2026-03-04"), walk.city.reviewer, **SPECIAL)
    walk.do(special.suspend, moment("2026-03-05"), walk.city.reviewer, **SPECIAL | {"kind": "hearing"})
    monkeypatch.setattr(ClockName, "holds", ())
    walk.do(special.resume, moment("2026-03-06"), walk.city.reviewer, result="完", procedure=1)
    assert found(patient) == {15}


def test_15_a_wait_that_the_item_never_published(patient, walk, monkeypatch):
    monkeypatch.setattr(special, "to_wait", lambda *asked: ())
    walk.do(special.wait, moment("2026-03-04"), walk.city.reviewer, kind="payment", days=3, reason="等")
    assert found(patient) == {15}


def test_19_a_pause_that_an_estimate_keeps_away(patient, walk, monkeypatch):
    monkeypatch.setattr(ClockName, "beside", False)
    walk.do(special.suspend, moment("2026-03-04"), walk.city.reviewer, **SPECIAL)
    assert found(patient) == {19}


def test_13_a_head_who_reviewed_approves_the_extension(patient, walk, monkeypatch):
    walk.reviewed(moment("2026-03-03"))
    patient.root(
        """INSERT INTO org_holding (account_id, role_id, department_id, during, authority)
           SELECT %s, role_id, department_id, during, '' FROM org_holding WHERE role_id = 'head'""",
        walk.city.reviewer.account,
    )
    monkeypatch.setattr(extension, "obstacles_to_extension", lambda *asked: ())
    walk.do(extension.extend, moment("2026-03-04"), walk.city.reviewer, days=3, reason="核实")
    assert found(patient) == {13}


def test_13_a_reviewer_chairs_the_hearing(patient, walk, lax):
    walk.reviewed(moment("2026-03-03"))
    schedule(walk, "2026-03-13", walk.city.reviewer)
    assert found(patient) == {13}


def test_13_one_officer_checks_the_site(patient, walk, lax):
    walk.do(inspections.record_site_check, moment("2026-03-04"), walk.city.reviewer, place="路", findings="好", passed=True,
            officers=[walk.city.reviewer.account])  # fmt: skip
    assert found(patient) == {13}


def test_10_a_hearing_at_six_days_notice(patient, walk, lax):
    schedule(walk, "2026-03-12", walk.city.head)
    assert found(patient) == {10}


@pytest.mark.parametrize("begun", ["special", "publication"])
def test_10_a_decision_before_what_was_begun_has_ended(patient, walk, lax, begun):
    walk.reviewed(moment("2026-03-03")).reviewed(moment("2026-03-03", "11:00"))
    if begun == "special":
        walk.do(special.suspend, moment("2026-03-04"), walk.city.reviewer, **SPECIAL)
    else:
        walk.do(inspections.publish, moment("2026-03-04"), walk.city.reviewer, days=5, place="网站", content="拟准予")
    walk.granted(moment("2026-03-05"))
    assert found(patient) == {10}


def test_10_a_lapse_before_the_supplement_was_due(patient, monkeypatch):
    walk = patient.walk().received(moment("2026-03-02")).asked(moment("2026-03-03"))
    at = moment("2026-03-24", "10:00")
    with time_machine.at(at):
        change = move.Change(facts={"ground": "lapse", "due_on": "2026-03-24"})
        move.move(walk.file, "lapse", by=move.PLATFORM, at=at, change=change)
    assert found(patient) == {10}


def test_10_a_renewal_deemed_granted_that_was_asked_for_too_late(patient, monkeypatch):
    walk = patient.walk().received(moment("2026-03-02"))
    walk.do(accept.accept, moment("2026-03-02"), walk.city.clerk, certificate="燃许 7", expires_on=date(2026, 3, 31))
    monkeypatch.setattr(renewal, "in_time", lambda *days: True)
    at = moment("2026-04-01", "08:00")
    with time_machine.at(at):
        renewal.grant_what_is_deemed_renewed(lambda: at)
    assert found(patient) == {10}


def test_8_another_licence_than_the_one_declared(patient):
    walk = patient.walk().received(moment("2026-03-02"))
    walk.do(accept.accept, moment("2026-03-02"), walk.city.clerk, certificate="燃许 7", expires_on=date(2026, 4, 1))
    at = moment("2026-04-02", "08:00")
    with time_machine.at(at):
        renewal.grant_what_is_deemed_renewed(lambda: at)
    Renewal.objects.filter(matter_id=walk.matter).update(certificate="燃许 8")
    assert found(patient) == {8}


def test_8_an_arranged_hearing_that_nobody_wrote_down(patient, walk):
    schedule(walk, "2026-03-13", walk.city.head)
    sessions.Session.objects.filter(matter_id=walk.matter).update(state="called_off")
    assert found(patient) == {8}


def test_34_words_that_were_changed_afterwards(patient, walk):
    walk.do(proceedings.inform_parties, moment("2026-03-03"), walk.city.reviewer, parties="李四", interest="相邻")
    patient.root("UPDATE approval_words SET text = '王五' WHERE matter_id = %s", walk.matter)
    assert found(patient) == {34}


def test_erased_words_are_no_finding(patient, walk):
    walk.do(proceedings.inform_parties, moment("2026-03-03"), walk.city.reviewer, parties="李四", interest="相邻")
    patient.root("DELETE FROM approval_words WHERE matter_id = %s", walk.matter)
    assert found(patient) == set() and clocks.PAUSED == "paused" and build.PASSWORD
