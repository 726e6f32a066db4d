"""The doctor finds nothing in a sound city, and says what it looked at in the way its callers rely on."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict

import pytest
from patients import NOW

from xiaoneng.jobs import doctor, time_machine
from xiaoneng.jobs.commands import doctor as command
from xiaoneng.matters.models import Entry
from xiaoneng.rules.procedures.application import PROCEDURE
from xiaoneng.supervision.models import RedLight


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with time_machine.at(NOW):
        return command.execute(parser.parse_args(arguments))


def test_the_sound_city_has_known_every_move(patient):
    known = defaultdict(set)
    for kind, move in patient.root("SELECT DISTINCT kind, move FROM entry JOIN matter ON matter.id = matter_id"):
        known[kind].add(move)
    assert known[PROCEDURE.kind] == {row.name for row in PROCEDURE.moves}
    assert known.keys() == {PROCEDURE.kind, "joint_case", "red_light_register"}


def examine(**options) -> doctor.Report:
    with time_machine.at(NOW):
        return doctor.examine(**options)


def test_a_sound_city_gives_no_findings(city):
    report = examine()
    assert list(report.findings) == []
    assert report.checked["matters"] == 26
    assert report.checked["entries"] == Entry.objects.count()
    assert report.checked["red_lights"] == RedLight.objects.count() > 0


def test_a_quick_examination_looks_at_what_changed_within_a_day(city):
    report = examine(full=False)
    assert list(report.findings) == []
    assert 0 < report.checked["matters"] < report.checked["heads"] == 25


def test_json_is_one_object_and_the_exit_code_tells_sound_from_broken(patient, capsys):
    assert run("--json") == 0
    sound = json.loads(capsys.readouterr().out)
    assert sound["findings"] == [] and sound["checked"]["matters"] == 26
    assert (sound["installation"], sound["real_clock"]) == ("test", False)
    patient.forge("asked", "review", "at = at - interval '3 seconds'")
    assert run("--json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["id"] == 6 and "补录" in finding["what"]
    assert finding["where"].endswith(f"00001 第 {patient.seq('asked', 'review')} 条")


@pytest.mark.parametrize("extent", ["--quick", "--full"])
def test_a_person_reads_what_the_installation_is_and_which_clock_it_keeps(city, capsys, extent):
    assert run(extent) == 0
    text = capsys.readouterr().out
    assert "本库登记为：测试（体检用）；留痕时钟：可拨动的时钟" in text and "没有发现问题" in text


def test_many_findings_are_counted_and_the_first_are_shown(patient, capsys):
    patient.root("UPDATE entry SET authority = 'x'")
    assert run() == 1
    text = capsys.readouterr().out
    assert "[2] " in text and "用 --json 可看到全部" in text and "请保留现场" in text


def test_documents_that_nobody_printed_are_a_warning_and_no_finding(city):
    report = examine()
    assert report.sound and any("还没有印制" in warning.what for warning in report.warnings)
