"""A directed picture as BPMN 2.0 with its diagram, so that other people's tools open it as it was drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.etree import ElementTree as Xml

from xiaoneng.kit.drawing import LEADING, SIZE, SMALL, wide, wrapped
from xiaoneng.kit.layered import Box, Layout, Line, Place, Point, Route, lay_out

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
DC, DI = "http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI"
EVENT, FORK, LINE_WIDE = 36.0, 50.0, 10
_KEPT = {"": MODEL, "bpmndi": DIAGRAM, "dc": DC, "di": DI}


class Kind(StrEnum):
    """What an element is."""

    START = "startEvent"
    TASK = "userTask"
    FORK = "exclusiveGateway"
    END = "endEvent"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a process; `told` is said of it at length."""

    id: str
    kind: Kind
    name: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow from an element to an element."""

    source: str
    target: str
    name: str = ""


def written(
    mark: str, name: str, elements: Sequence[Element], flows: Sequence[Flow], *, told: str, space: str
) -> bytes:  # fmt: skip
    """Return a process as a BPMN 2.0 document with its diagram.

    :param mark: distinguishes this process from all others; letters, digits, hyphens and dots.
    :param told: what is to be known of the process beside its picture.
    :param space: the namespace in which its names are its own.
    """
    for prefix, uri in _KEPT.items():
        Xml.register_namespace(prefix, uri)
    root = Xml.Element(f"{{{MODEL}}}definitions", {"id": f"definitions_{mark}", "name": name, "targetNamespace": space})
    process = Xml.SubElement(
        root, f"{{{MODEL}}}process", {"id": f"process_{mark}", "name": name, "isExecutable": "false"}
    )
    Xml.SubElement(process, f"{{{MODEL}}}documentation").text = told
    for element in elements:
        _element(process, element, flows)
    for n, flow in enumerate(flows):
        values = {"id": _flow(n), "sourceRef": _node(flow.source), "targetRef": _node(flow.target)}
        Xml.SubElement(process, f"{{{MODEL}}}sequenceFlow", values | ({"name": flow.name} if flow.name else {}))
    diagram = Xml.SubElement(root, f"{{{DIAGRAM}}}BPMNDiagram", {"id": f"diagram_{mark}", "name": name})
    plane = Xml.SubElement(
        diagram, f"{{{DIAGRAM}}}BPMNPlane", {"id": f"plane_{mark}", "bpmnElement": f"process_{mark}"}
    )
    _diagram(plane, elements, flows, _laid_out(elements, flows))
    Xml.indent(root)
    text: str = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _node(id_: str) -> str:
    return f"node_{id_}"


def _flow(n: int) -> str:
    return f"flow_{n + 1}"


def _element(process: Xml.Element, element: Element, flows: Sequence[Flow]) -> None:
    values = {"id": _node(element.id), "name": element.name}
    coming = [n for n, flow in enumerate(flows) if flow.target == element.id]
    going = [n for n, flow in enumerate(flows) if flow.source == element.id]
    if element.kind is Kind.FORK:
        values["gatewayDirection"] = "Mixed" if len(coming) > 1 else "Diverging"
    node = Xml.SubElement(process, f"{{{MODEL}}}{element.kind}", values)
    if element.told:
        Xml.SubElement(node, f"{{{MODEL}}}documentation").text = element.told
    for n in coming:
        Xml.SubElement(node, f"{{{MODEL}}}incoming").text = _flow(n)
    for n in going:
        Xml.SubElement(node, f"{{{MODEL}}}outgoing").text = _flow(n)


def _laid_out(elements: Sequence[Element], flows: Sequence[Flow]) -> Layout:
    boxes = [Box(element.id, *_size(element), element.kind is not Kind.TASK) for element in elements]
    lines = [Line(flow.source, flow.target, *_label(flow.name)) for flow in flows]
    return lay_out(boxes, lines, gap_x=40, gap_y=34, margin=24)


def _size(element: Element) -> tuple[float, float]:
    # Names of events and forks stand beside them, and their lines must keep away from there.
    if element.kind in (Kind.START, Kind.END):
        return max(EVENT, _words(element.name)[0]), EVENT
    if element.kind is Kind.FORK:
        return FORK, FORK
    width, height = _words(element.name, SIZE)
    return max(100.0, width + 24), max(60.0, height + 24)


def _words(text: str, size: int = SMALL) -> tuple[float, float]:
    lines = wrapped(text, LINE_WIDE)
    return max((wide(line) * size for line in lines), default=0.0), len(lines) * size * LEADING


def _label(name: str) -> tuple[float, float]:
    if not name:
        return 0.0, 0.0
    width, height = _words(name)
    return width + 8, height + 4


def _diagram(plane: Xml.Element, elements: Sequence[Element], flows: Sequence[Flow], layout: Layout) -> None:
    drawn = {element.id: _drawn(element, layout.places[element.id]) for element in elements}
    for element in elements:
        place = drawn[element.id]
        shape = Xml.SubElement(
            plane, f"{{{DIAGRAM}}}BPMNShape", {"id": f"shape_{element.id}", "bpmnElement": _node(element.id)}
        )
        if element.kind is Kind.FORK:
            shape.set("isMarkerVisible", "true")
        _bounds(shape, place)
        if element.kind in (Kind.START, Kind.END) and element.name:
            width, height = _words(element.name)
            beside = Place(place.middle[0] - width / 2, place.y + place.height + 4, width, height)
            _bounds(Xml.SubElement(shape, f"{{{DIAGRAM}}}BPMNLabel"), beside)
    for n, (flow, route) in enumerate(zip(flows, layout.routes, strict=True)):
        edge = Xml.SubElement(plane, f"{{{DIAGRAM}}}BPMNEdge", {"id": f"edge_{n + 1}", "bpmnElement": _flow(n)})
        for x, y in _corners(route, drawn[flow.source], drawn[flow.target]):
            Xml.SubElement(edge, f"{{{DI}}}waypoint", {"x": f"{x:.1f}", "y": f"{y:.1f}"})
        if route.label is not None:
            _bounds(Xml.SubElement(edge, f"{{{DIAGRAM}}}BPMNLabel"), route.label)


def _drawn(element: Element, place: Place) -> Place:
    if element.kind in (Kind.START, Kind.END):
        return Place(place.middle[0] - EVENT / 2, place.y, EVENT, EVENT)
    return place


def _corners(route: Route, source: Place, target: Place) -> Iterable[Point]:
    """Return the corners with both ends on what is drawn, which is narrower than the room it was given."""
    (first, *inner, last) = route.points
    yield _onto(source, first)
    yield from inner
    yield _onto(target, last)


def _onto(place: Place, point: Point) -> Point:
    # Events are round and forks have a corner there: lines meet them in the middle.
    x, y = point
    if place.width in (EVENT, FORK) and place.width == place.height:
        return place.middle[0], y
    return min(max(x, place.x), place.x + place.width), y


def _bounds(parent: Xml.Element, place: Place) -> None:
    values = {name: f"{getattr(place, name):.1f}" for name in ("x", "y", "width", "height")}
    Xml.SubElement(parent, f"{{{DC}}}Bounds", values)
