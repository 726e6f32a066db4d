"""The doctor finds nothing in a sound city and exactly the broken rule in a broken one."""

from __future__ import annotations


def test_a_sound_city_gives_no_findings(copy):
    report = copy.examine()
    assert list(report.findings) == []
    assert report.checked["matters"] == 10
    assert report.checked["red_lights"] > 0


def test_a_sound_city_gives_no_findings_in_a_quick_examination(copy):
    report = copy.examine(full=False)
    assert list(report.findings) == []
    assert 0 < report.checked["matters"] < 10
