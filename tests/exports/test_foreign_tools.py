"""What others' tools read of our exports: as many events, the same durations, nobody's name."""

from __future__ import annotations

import gzip
import json
import sqlite3
import xml.etree.ElementTree as ET
from collections import Counter
from contextlib import closing
from datetime import datetime

import pyarrow.dataset as ds
import pytest
from django.db import connection
from story import NOW

from xiaoneng.jobs.exports import lake, ocel, xes
from xiaoneng.rules.workdays import local

XES = "{http://www.xes-standard.org/}"


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def values(element):
    return {each.get("key"): each.get("value") for each in element if each.get("key")}


@pytest.fixture
def log(city, tmp_path):
    counts = xes.write(tmp_path)
    with gzip.open(tmp_path / "xiaoneng.xes.gz") as packed:
        return counts, ET.parse(packed).getroot()


def durations():
    return dict(sql("SELECT matter_id, max(at) - min(at) FROM entry GROUP BY 1"))


def test_the_xes_log_has_every_entry_and_the_same_durations(log):
    counts, root = log
    traces = root.findall(f"{XES}trace")
    assert counts == {"traces": len(traces), "events": sql("SELECT count(*) FROM entry")[0][0]}
    found, moves = {}, Counter()
    for trace in traces:
        events = [values(event) for event in trace.findall(f"{XES}event")]
        stamps = [datetime.fromisoformat(event["time:timestamp"]) for event in events]
        moves.update(event["move"] for event in events)
        found[int(values(trace)["matter"])] = max(stamps) - min(stamps)
    assert found == durations()
    assert moves == dict(sql("SELECT move, count(*) FROM entry GROUP BY 1"))


def test_the_xes_log_keeps_the_rules_of_its_schema(log):
    _, root = log
    order = ["extension", "global", "classifier", "trace"]
    tags = [child.tag.removeprefix(XES) for child in root]
    assert root.tag == f"{XES}log" and root.get("xes.version")
    assert tags == sorted(tags, key=order.index)
    prefixes = {each.get("prefix") for each in root.findall(f"{XES}extension")}
    assert prefixes == {"concept", "lifecycle", "time", "org"}
    required = {each.get("scope"): set(values(each)) for each in root.findall(f"{XES}global")}
    for element in root.iter():
        kind = element.tag.removeprefix(XES)
        if kind in ("trace", "event"):
            keys = [each.get("key") for each in element if each.get("key")]
            assert required[kind] <= set(keys) and len(set(keys)) == len(keys)
            assert {key.split(":")[0] for key in keys if ":" in key} <= prefixes
        if kind == "date":
            assert datetime.fromisoformat(element.get("value")).tzinfo
        if kind == "int":
            int(element.get("value"))
        if kind == "boolean":
            assert element.get("value") in ("true", "false")


def test_the_object_centric_log_is_the_same_in_both_forms(city, tmp_path):
    counts = ocel.write(tmp_path)
    told = json.loads((tmp_path / "xiaoneng.ocel.json").read_text())
    assert counts == {"objects": len(told["objects"]), "events": len(told["events"])}
    assert counts["events"] == sql("SELECT count(*) FROM entry")[0][0]
    known = {each["id"] for each in told["objects"]}
    related = [(e["id"], r["objectId"], r["qualifier"]) for e in told["events"] for r in e["relationships"]]
    assert {which for _, which, _ in related} <= known
    assert {e["type"] for e in told["events"]} == {each["name"] for each in told["eventTypes"]}
    with closing(sqlite3.connect(tmp_path / "xiaoneng.ocel.sqlite")) as database:
        assert sorted(database.execute("SELECT * FROM event_object")) == sorted(related)
        assert dict(database.execute("SELECT ocel_type, count(*) FROM object GROUP BY 1")) == Counter(
            each["type"] for each in told["objects"]
        )
        for kind, table in database.execute("SELECT * FROM event_map_type").fetchall():
            (count,) = database.execute(f"SELECT count(*) FROM event_{table}").fetchone()
            assert count == sum(each["type"] == kind for each in told["events"])
    documents = sum(qualifier == "issued" for _, _, qualifier in related)
    assert documents == sql("SELECT count(*) FROM document")[0][0] > 0


def test_the_lake_has_every_row_in_its_month_and_the_same_durations_and_lights(city, tmp_path):
    counts = lake.write(tmp_path)
    tables = {name: ds.dataset(tmp_path / name, partitioning="hive").to_table() for name in lake.TABLES}
    assert counts == {name: table.num_rows for name, table in tables.items()}
    entries = tables["entries"].to_pylist()
    assert all(row["month"] == f"{local(row['recorded_at']):%Y-%m}" for row in entries)
    spans = {
        matter: max(row["at"] for row in entries if row["matter_id"] == matter)
        - min(row["at"] for row in entries if row["matter_id"] == matter)
        for matter in {row["matter_id"] for row in entries}
    }
    assert spans == durations()
    assert {(row["matter_id"], row["seq"], row["hash"]) for row in entries} == set(
        sql("SELECT matter_id, seq, encode(hash, 'hex') FROM entry")
    )
    lights = Counter(row["light"] for row in tables["matters"].to_pylist())
    at = NOW.isoformat()
    (red,) = sql(f"SELECT count(*) FROM matter WHERE version > 0 AND NOT closed AND red_at < '{at}'")[0]
    assert lights["red"] == red > 0
    assert lights["closed"] == sql("SELECT count(*) FROM matter WHERE closed")[0][0]
    assert tables["clocks"].num_rows == sql("SELECT count(*) FROM clock")[0][0]


@pytest.mark.parametrize("writer", [xes, ocel, lake])
def test_nobodys_name_or_identity_leaves_with_an_export_for_tools(writer, city, tmp_path):
    writer.write(tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            for secret in ("沈若溪", "11010519491231002X", "13812342607"):
                assert secret.encode() not in data, path.name
