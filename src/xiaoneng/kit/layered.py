"""Where the boxes and lines of a directed picture lie: in layers from top to bottom, with few crossings and calm lines.

The classic four steps: turn round what closes a circle, give each box a layer, order the layers so that lines cross
little, move boxes towards their neighbours. A line's label is a box of its own on its way, so that nothing covers it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from xiaoneng.kit.board import Board, Id, Spot, set_across, set_down, set_order

STRAIGHT = 8.0  # how much more a bend in the middle of a line weighs than one at a box
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Something with a place: what it is called here, how large it is, whether lines meet it at a point."""

    id: str
    width: float
    height: float
    pointed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Something that leads from a box to a box; its label takes room, too."""

    source: str
    target: str
    label_width: float = 0.0
    label_height: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box lies: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Return the centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Route:
    """How a line runs: its corners from source to target, and where its label lies."""

    points: tuple[Point, ...]
    label: Place | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies; the routes stand in the order of the lines."""

    width: float
    height: float
    places: dict[str, Place]
    routes: tuple[Route, ...]


def lay_out(
    boxes: Sequence[Box], lines: Sequence[Line], *, gap_x: float = 28, gap_y: float = 26, margin: float = 12
) -> Layout:
    """Return where boxes and lines lie; boxes given first stand higher where a circle leaves the choice."""
    turned = _turned(boxes, lines)
    layer = _layers(boxes, lines, turned)
    board = Board({box.id: Spot(box.width, box.height, layer[box.id], pointed=box.pointed) for box in boxes})
    chains = [_chain(board, n, line, n in turned) for n, line in enumerate(lines)]
    set_order(board)
    set_across(board, gap_x)
    height = set_down(board, gap_y, margin)
    left = min((spot.x - spot.width / 2 for spot in board.spots.values()), default=0.0) - margin
    for spot in board.spots.values():
        spot.x -= left
    loops = [line.label_width + 30 for line in lines if line.source == line.target]
    right = max((spot.x + spot.width / 2 for spot in board.spots.values()), default=0.0)
    places = {box.id: _place(board.spots[box.id]) for box in boxes}
    ports = _ports(board, chains)
    ways = (_way(board, n, chain, ports) if chain else None for n, chain in enumerate(chains))
    routes = tuple(
        _loop(places[line.source], line) if way is None else _route(board, way, chain, n in turned)
        for n, (line, way, chain) in enumerate(zip(lines, ways, chains, strict=True))
    )
    return Layout(right + margin + max(loops, default=0.0), height, places, routes)


def _turned(boxes: Sequence[Box], lines: Sequence[Line]) -> set[int]:
    """Return the lines that close a circle, found by walking from the first box on."""
    leaving: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for n, line in enumerate(lines):
        if line.source != line.target:
            leaving[line.source].append((n, line.target))
    state: dict[str, int] = {}
    turned: set[int] = set()
    entered = {line.target for line in lines if line.source != line.target}
    starts = sorted(boxes, key=lambda box: box.id in entered)  # stable: those that nothing leads to come first
    for start in starts:
        if start.id in state:
            continue
        state[start.id] = 1
        walk = [(start.id, iter(leaving[start.id]))]
        while walk:
            here, further = walk[-1]
            step = next(further, None)
            if step is None:
                state[here] = 2
                walk.pop()
            elif state.get(step[1]) == 1:
                turned.add(step[0])
            elif step[1] not in state:
                state[step[1]] = 1
                walk.append((step[1], iter(leaving[step[1]])))
    return turned


def _span(line: Line) -> int:
    return 2 if line.label_width else 1


def _layers(boxes: Sequence[Box], lines: Sequence[Line], turned: set[int]) -> dict[str, int]:
    """Return each box's layer: below all that leads to it, and no deeper than what it leads to allows."""
    down: dict[str, list[tuple[str, int]]] = defaultdict(list)
    waiting = dict.fromkeys((box.id for box in boxes), 0)
    for n, line in enumerate(lines):
        if line.source != line.target:
            upper, lower = (line.target, line.source) if n in turned else (line.source, line.target)
            down[upper].append((lower, _span(line)))
            waiting[lower] += 1
    layer = dict.fromkeys(waiting, 0)
    ready = [box.id for box in boxes if not waiting[box.id]]
    order = []
    while ready:
        here = ready.pop(0)
        order.append(here)
        for lower, span in down[here]:
            layer[lower] = max(layer[lower], layer[here] + span)
            waiting[lower] -= 1
            if not waiting[lower]:
                ready.append(lower)
    for here in reversed(order):  # what nothing leads to need not hang at the top
        if down[here] and not any(here == lower for each in down.values() for lower, _ in each):
            layer[here] = min(layer[lower] - span for lower, span in down[here])
    least = min(layer.values(), default=0)
    return {each: depth - least for each, depth in layer.items()}


def _chain(board: Board, n: int, line: Line, turned: bool) -> list[Id]:
    """Put the bends and the label of a line on the board and return its spots from top to bottom."""
    if line.source == line.target:
        return []
    upper, lower = (line.target, line.source) if turned else (line.source, line.target)
    first, last = board.spots[upper].layer, board.spots[lower].layer
    chain: list[Id] = [upper]
    label = (first + last) // 2 if line.label_width else None
    for layer in range(first + 1, last):
        spot = Spot(line.label_width, line.label_height, layer) if layer == label else Spot(6, 0, layer, bend=True)
        board.spots[n, layer] = spot
        chain.append((n, layer))
    chain.append(lower)
    for upper_spot, lower_spot in pairwise(chain):
        inner = isinstance(upper_spot, tuple) and isinstance(lower_spot, tuple)
        board.join(upper_spot, lower_spot, line.weight * (STRAIGHT if inner else 1.0))
    return chain


def _place(spot: Spot) -> Place:
    return Place(spot.x - spot.width / 2, spot.y - spot.height / 2, spot.width, spot.height)


def _ports(board: Board, chains: list[list[Id]]) -> dict[tuple[int, str], float]:
    """Return where along its box each line begins and ends, so that lines do not lie on each other."""
    ends: dict[tuple[Id, str], list[tuple[float, int]]] = defaultdict(list)
    for n, chain in enumerate(chains):
        if chain:
            ends[chain[0], "bottom"].append((board.spots[chain[1]].x, n))
            ends[chain[-1], "top"].append((board.spots[chain[-2]].x, n))
    ports: dict[tuple[int, str], float] = {}
    for (each, side), found in ends.items():
        spot = board.spots[each]
        step = 0.0 if spot.pointed else min(22.0, spot.width * 0.7 / max(1, len(found)))
        for place, (_, n) in enumerate(sorted(found)):
            ports[n, side] = spot.x + (place - (len(found) - 1) / 2) * step
    return ports


def _way(board: Board, n: int, chain: list[Id], ports: dict[tuple[int, str], float]) -> tuple[Point, ...]:
    """Return the corners of a line from top to bottom; past each layer it runs upright, so that it cuts no box."""
    top, bottom = board.spots[chain[0]], board.spots[chain[-1]]
    points: list[Point] = [(ports[n, "bottom"], top.y + top.height / 2)]
    for each in chain[1:-1]:
        spot = board.spots[each]
        half = board.tall[spot.layer] / 2
        points += [(spot.x, spot.y - half), (spot.x, spot.y + half)]
    points.append((ports[n, "top"], bottom.y - bottom.height / 2))
    return tuple(points)


def _route(board: Board, way: tuple[Point, ...], chain: list[Id], turned: bool) -> Route:
    label = next((board.spots[each] for each in chain[1:-1] if not board.spots[each].bend), None)
    return Route(tuple(reversed(way)) if turned else way, _place(label) if label else None)


def _loop(place: Place, line: Line) -> Route:
    right, middle = place.x + place.width, place.y + place.height / 2
    out = right + 22
    points = ((right, middle - 9), (out, middle - 9), (out, middle + 9), (right, middle + 9))
    half = line.label_height / 2
    label = Place(out + 4, middle - half, line.label_width, line.label_height) if line.label_width else None
    return Route(points, label)
