"""An item's chart as people get it: drawn on a page, as a picture to keep, as BPMN for other people's tools."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from xiaoneng.approval.flow_chart import Chart, Node, chart
from xiaoneng.catalogue.history import history
from xiaoneng.catalogue.reads import Plan, plan, version_in_force
from xiaoneng.kit import bpmn, clock
from xiaoneng.kit.drawing import Form, Shape, Stroke, drawn, svg
from xiaoneng.rules.grounds import NotFound
from xiaoneng.web.access import Policy, policy

FORMS = {"start": Form.ROUND, "end": Form.ROUND, "task": Form.BOX, "fork": Form.FORK}
TONES = {"start": "begin", "end": "end", "task": "plain", "fork": "quiet"}
KINDS = {"start": bpmn.Kind.START, "task": bpmn.Kind.TASK, "fork": bpmn.Kind.FORK, "end": bpmn.Kind.END}
SPACE = "urn:xiaoneng:items"


@lru_cache(maxsize=512)
def picture(which: Plan) -> str:
    """Return the chart of an item's version as SVG."""
    found = chart(which)
    shapes = [Shape(n.id, n.name, _note(n), FORMS[n.kind], TONES[n.kind]) for n in found.nodes]
    strokes = [
        Stroke(
            way.source, way.target, way.name, dashed=way.silent, tone="warn" if way.silent else "quiet",
            weight=6.0 if way.main else 1.0,
        )
        for way in found.ways
    ]  # fmt: skip
    return svg(drawn(shapes, strokes, gap_x=22, gap_y=22), title=f"{found.title}办理流程图", told=in_words(found))


def shown(which: Plan) -> dict[str, object]:
    """Return the chart as a page shows it: the picture, and the same as a table."""
    found = chart(which)
    names = {node.id: node for node in found.nodes}
    after: dict[str, list[str]] = {}
    for way in found.ways:
        for target in _through(found, way.target):
            after.setdefault(way.source, []).append(f"{way.name or target[0]}{'→' + target[1] if target[1] else ''}")
    rows = [
        {
            "name": node.name,
            "who": node.who,
            "days": node.days,
            "next": "；".join(dict.fromkeys(after.get(node.id, []))),
        }
        for node in names.values()
        if node.kind in ("start", "task")
    ]
    # Our own drawing: every word in it was escaped when it was drawn.
    return {"svg": SafeString(picture(which)), "rows": rows, "anywhere": found.anywhere, "beside": found.beside}


def _through(found: Chart, target: str) -> list[tuple[str, str]]:
    """Return what comes next: the place itself, or behind a fork each way with where it leads."""
    names = {node.id: node for node in found.nodes}
    if names[target].kind != "fork":
        return [(names[target].name, "")]
    return [(way.name, names[way.target].name) for way in found.ways if way.source == target]


def _note(node: Node) -> str:
    return "，".join(part for part in (node.who, node.days) if part) if node.kind == "task" else ""


def in_words(found: Chart) -> str:
    """Return the chart in a sentence, for who cannot see it."""
    tasks = "、".join(node.name for node in found.nodes if node.kind == "task")
    ends = "、".join(node.name for node in found.nodes if node.kind == "end")
    return f"环节：{tasks}。结果：{ends}。虚线是逾期后由平台依法自动发生的。下面的表格写明每个环节由谁办、多少天、接着是什么。"


@lru_cache(maxsize=128)
def as_bpmn(which: Plan) -> bytes:
    """Return the chart of an item's version as BPMN 2.0."""
    found = chart(which)
    elements = [bpmn.Element(n.id, KINDS[n.kind], n.name or _question(found, n), _told(n)) for n in found.nodes]
    flows = [bpmn.Flow(way.source, way.target, way.name) for way in found.ways]
    told = (
        f"{which.name}（事项编码 {which.code}，第 {which.serial} 版）由{which.department}实施。"
        f"办理中随时可以：{'、'.join(found.anywhere) or '无'}。环节旁可能进行：{'、'.join(found.beside) or '无'}。"
    )
    return bpmn.written(f"{which.code}.{which.serial}", which.name, elements, flows, told=told, space=SPACE)


def _question(found: Chart, node: Node) -> str:
    before = next((way.source for way in found.ways if way.target == node.id), "")
    name = next((each.name for each in found.nodes if each.id == before), "")
    return f"{name}结果" if name else ""


def _told(node: Node) -> str:
    parts = (f"由{node.who}办理" if node.who else "", f"时限：{node.days}" if node.days else "")
    return "；".join(part for part in parts if part)


@policy(Policy.PUBLIC)
@require_safe
def item_flow_svg(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the chart of an item as a picture: of the version in force, or of the one that is asked for."""
    return _file(picture(_plan(request, code)).encode(), "image/svg+xml", f"{code}.svg")


@policy(Policy.PUBLIC)
@require_safe
def item_flow_bpmn(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the chart of an item as BPMN 2.0: of the version in force, or of the one that is asked for."""
    return _file(as_bpmn(_plan(request, code)), "application/xml", f"{code}.bpmn", attached=True)


def _plan(request: HttpRequest, code: str) -> Plan:
    serial = request.GET.get("version", "")
    if not serial:
        return version_in_force(code, clock.now())
    found = next((each for each in history(code) if str(each.serial) == serial), None)
    if found is None:
        raise NotFound("这个事项没有这一版。请从事项的版本列表里选择。")
    return plan(found.id)


def _file(content: bytes, kind: str, name: str, *, attached: bool = False) -> HttpResponse:
    answer = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'{"attachment" if attached else "inline"}; filename="{name}"'
    answer["Cache-Control"] = "no-cache"  # may be kept, and is asked about each time
    return answer
