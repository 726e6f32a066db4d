"""The chart of an item is what really runs: its version's steps, joined by the table of moves."""

from collections import Counter
from xml.etree import ElementTree

import pytest

import build
from build import moment
from shared_data import needed
from xiaoneng.approval.flow_chart import chart
from xiaoneng.catalogue.reads import plan
from xiaoneng.kit.bpmn import DC, DI, DIAGRAM, MODEL
from xiaoneng.web import flow_charts

pytestmark = pytest.mark.django_db
B = f"{{{MODEL}}}"


def plan_with(*steps):
    return plan(build.item(build.city(), steps=steps, since=moment("2020-01-01")).pk)


def ways(found):
    names = {node.id: node.name or f"{node.id}" for node in found.nodes}
    return {(names[way.source], names[way.target], way.name) for way in found.ways}


def test_every_declared_step_stands_in_the_chart_in_its_order():
    found = chart(plan_with(("材料审查", 3), ("现场核查", 2)))
    tasks = [node.name for node in found.nodes if node.kind == "task"]
    assert tasks[:4] == ["受理", "材料审查", "现场核查", "决定"]
    drawn = ways(found)
    assert ("材料审查", "现场核查", "") in drawn and ("received-fork", "材料审查", "受理") in drawn
    assert ("received-fork", "补正材料", "一次性告知补正") in drawn
    assert {"送达准予决定", "送达不予决定"} <= set(tasks) and "撤回申请" in found.anywhere


def test_an_item_without_review_goes_from_acceptance_to_the_decision():
    assert ("received-fork", "决定", "受理") in ways(chart(plan_with()))


def test_what_time_alone_opens_is_marked():
    silent = {way.name for way in chart(plan_with(("审查", 3))).ways if way.silent}
    assert {"视为受理", "逾期未补正，终止办理"} <= silent and "受理" not in silent


def read(document):
    """Check what every tool needs of a BPMN document, and return how many elements of each kind it has."""
    root = ElementTree.fromstring(document)
    assert root.tag == f"{B}definitions" and root.get("targetNamespace")
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    nodes = {e.get("id"): e for p in root.iter(f"{B}process") for e in p if e.get("id") and not e.tag.endswith("Flow")}
    drawn = {
        e.get("bpmnElement"): e for e in root.iter() if e.tag in (f"{{{DIAGRAM}}}BPMNShape", f"{{{DIAGRAM}}}BPMNEdge")
    }
    for flow in root.iter(f"{B}sequenceFlow"):
        source, target = nodes[flow.get("sourceRef")], nodes[flow.get("targetRef")]
        assert flow.get("id") in [e.text for e in source.findall(f"{B}outgoing")]
        assert flow.get("id") in [e.text for e in target.findall(f"{B}incoming")]
        assert len(drawn[flow.get("id")].findall(f"{{{DI}}}waypoint")) >= 2
    return Counter(e.tag.removeprefix(B) for e in root.iter() if e.tag.startswith(B)), nodes, drawn


def test_the_bpmn_document_is_whole_and_every_element_has_its_place():
    counts, nodes, drawn = read(flow_charts.as_bpmn(plan_with(("材料审查", 3), ("现场核查", 2))))
    assert counts["process"] == counts["startEvent"] == 1 and counts["endEvent"] >= 3 and counts["userTask"] >= 6
    for node in nodes:
        bounds = drawn[node].find(f"{{{DC}}}Bounds")
        assert float(bounds.get("width")) > 0 and float(bounds.get("height")) > 0


def test_it_is_read_by_the_same_rules_as_the_reference_models():
    for name in ("miwg_ref_A.1.0.bpmn", "miwg_ref_A.2.0.bpmn", "miwg_ref_A.2.1.bpmn"):
        counts, nodes, drawn = read((needed() / "bpmn" / name).read_bytes())
        acting = {mark for mark, node in nodes.items() if node.tag.endswith(("Event", "task", "Gateway"))}
        assert counts["task"] >= 3 and acting <= set(drawn)


def test_anybody_gets_the_picture_and_the_document_of_any_version(client):
    version = build.item(build.city(), since=moment("2020-01-01"))
    code = version.item.code
    picture, document = client.get(f"/items/{code}/flow.svg"), client.get(f"/items/{code}/flow.bpmn?version=1")
    assert picture["Content-Type"].startswith("image/svg+xml") and b"<svg" in picture.content
    assert document.content.startswith(b"<?xml") and read(document.content)
    assert client.get(f"/items/{code}/flow.bpmn?version=99").status_code == 404
