"""The permit logs of Dutch municipalities come to the figures that others counted in them."""

import json

import pytest

from shared_data import needed
from xiaoneng.history import reads
from xiaoneng.history.actions import import_log
from xiaoneng.kit import clock
from xiaoneng.supervision.process.imported import imported

pytestmark = pytest.mark.django_db


def expected(name):
    return json.loads((needed() / "EXPECTED.json").read_text())[name]


def taken_in(name):
    report = import_log(needed() / "eventlogs" / f"{name}.xes.gz", now=clock.now)
    return report, reads.logs()[0].id


def test_the_receipt_phase_of_environmental_permits():
    from datetime import UTC, date, datetime, time

    want = expected("wabo_receipt")
    report, log = taken_in("wabo_receipt")
    told = reads.figures(log)
    assert (report.cases, report.events, report.mapping) == (want["cases"], want["events"], "wabo")
    assert told.still_open == want["open_cases"]
    assert told.ended_late == want["closed_after_deadline"]
    assert told.ended_in_time == want["closed_on_or_before_deadline"]
    assert told.channels == want["channels"]
    assert [list(each) for each in list(told.late_by_responsible.items())[:5]] == want["overdue_by_responsible_top5"]
    for name in filter(lambda each: each.startswith("asof_"), want):
        at = datetime.combine(date.fromisoformat(name.removeprefix("asof_")), time(23, 59, 59), UTC)
        found = reads.as_of(log, at)
        assert {"open": found.open, "red": found.red, "yellow_within_7_calendar_days": found.yellow} == want[name]


@pytest.mark.prove
@pytest.mark.parametrize("name", ["BPIC15_1", "BPIC15_3"])
def test_building_permits(name):
    want = expected(name)
    report, log = taken_in(name)
    told, events = reads.figures(log), imported(log).figures
    assert (report.cases, report.events, report.mapping, report.by_day) == (
        want["cases"],
        want["events"],
        "bpic15",
        True,
    )
    assert (events.steps, events.people, events.monitors) == (
        want["activities"], want["org_resources"], want["monitoring_resources"],
    )  # fmt: skip
    assert (events.with_due, events.after_due, events.cases_after_due) == (
        want["events_with_dueDate"], want["events_completed_after_dueDate"], want["late_cases"],
    )  # fmt: skip
    assert [list(each) for each in events.after_due_by[:5]] == want["late_events_by_resource_top5"]
    assert told.status == want["status"] and told.ended == want["closed_with_endDate"]
    assert (told.fees, round(told.fee_sum, 2)) == (want["fees_cases"], want["fees_sum"])
    assert (told.incomplete, told.several_parts) == (want["incomplete_applications"], want["cases_with_multiple_parts"])
    assert (round(told.median_days, 3), round(told.mean_days, 3)) == (want["median_days"], want["mean_days"])
