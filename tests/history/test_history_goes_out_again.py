"""What came in as history goes out with the exports: the same cases, the same events, readable by whoever read it first."""

import json

import pyarrow.dataset as ds
import pytest

from little_logs import TWO, log
from xiaoneng.history import reads
from xiaoneng.history.actions import import_log
from xiaoneng.jobs.exports import lake, ocel, xes
from xiaoneng.kit import clock

pytestmark = pytest.mark.django_db


def test_the_exported_log_comes_in_again_with_the_same_counts_and_figures(tmp_path):
    import_log(log(tmp_path, *TWO), now=clock.now)
    out = tmp_path / "out"
    out.mkdir()
    assert xes.write(out) == {"traces": 2, "events": 4}
    again = import_log(out / "xiaoneng.xes.gz", now=clock.now)
    assert (again.cases, again.events, again.mapping, again.problems) == (2, 4, "wabo", [])
    first, second = sorted(reads.logs(), key=lambda each: each.id)
    assert reads.figures(first.id) == reads.figures(second.id)


def test_objects_and_tables_hold_every_event_once(tmp_path):
    import_log(log(tmp_path, *TWO), now=clock.now)
    assert ocel.write(tmp_path)["events"] == 4
    told = json.loads((tmp_path / "xiaoneng.ocel.json").read_text())
    assert {each["type"] for each in told["events"]} == {"receive", "check", "decide"}
    assert lake.write(tmp_path / "lake")["history"] == 4
    rows = ds.dataset(tmp_path / "lake" / "history", partitioning="hive").to_table().to_pylist()
    assert sorted(row["activity"] for row in rows) == ["check", "decide", "receive", "receive"]
