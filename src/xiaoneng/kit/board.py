"""The drawing board of a layered picture: spots in layers, ordered so that lines cross little, moved so that they run calm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

SWEEPS, PULLS = 12, 24
Id = Hashable


@dataclass
class Spot:
    """A box on the drawing board: a real one, a label, or a bend of a long line."""

    width: float
    height: float
    layer: int = 0
    x: float = 0.0
    y: float = 0.0
    bend: bool = False
    pointed: bool = False


@dataclass
class Board:
    """The picture while it is being laid out."""

    spots: dict[Id, Spot]
    below: dict[Id, list[tuple[Id, float]]] = field(default_factory=lambda: defaultdict(list))
    above: dict[Id, list[tuple[Id, float]]] = field(default_factory=lambda: defaultdict(list))
    layers: list[list[Id]] = field(default_factory=list)
    tall: list[float] = field(default_factory=list)

    def join(self, upper: Id, lower: Id, weight: float) -> None:
        """Note that a line leads from one spot to one in the next layer."""
        self.below[upper].append((lower, weight))
        self.above[lower].append((upper, weight))


def set_order(board: Board) -> None:
    """Order each layer so that lines cross little; of all orders tried the best is kept."""
    depth = max((spot.layer for spot in board.spots.values()), default=-1) + 1
    layers: list[list[Id]] = [[] for _ in range(depth)]
    for each in _depth_first(board):
        layers[board.spots[each].layer].append(each)
    best, fewest = [list(layer) for layer in layers], _crossings(board, layers)
    for sweep in range(SWEEPS):
        going = range(1, depth) if sweep % 2 == 0 else range(depth - 2, -1, -1)
        near = board.above if sweep % 2 == 0 else board.below
        for at in going:
            beside = layers[at - 1] if sweep % 2 == 0 else layers[at + 1]
            _by_neighbours(layers[at], beside, near)
        found = _crossings(board, layers)
        if found < fewest:
            best, fewest = [list(layer) for layer in layers], found
    board.layers = best


def _depth_first(board: Board) -> Iterable[Id]:
    seen: set[Id] = set()
    for start in sorted(board.spots, key=lambda each: board.spots[each].layer):
        stack = [start]
        while stack:
            here = stack.pop()
            if here not in seen:
                seen.add(here)
                yield here
                stack += [each for each, _ in reversed(board.below[here])]


def _by_neighbours(layer: list[Id], beside: list[Id], near: dict[Id, list[tuple[Id, float]]]) -> None:
    at = {each: place for place, each in enumerate(beside)}

    def wish(pair: tuple[int, Id]) -> float:
        places = [at[each] for each, _ in near[pair[1]] if each in at]
        return sum(places) / len(places) if places else float(pair[0])

    layer[:] = [each for _, each in sorted(enumerate(layer), key=wish)]


def _crossings(board: Board, layers: list[list[Id]]) -> int:
    crossed = 0
    for upper, lower in pairwise(layers):
        at = {each: place for place, each in enumerate(lower)}
        ends = [place for each in upper for place in sorted(at[below] for below, _ in board.below[each])]
        crossed += sum(ends[i] > ends[j] for i in range(len(ends)) for j in range(i + 1, len(ends)))
    return crossed


def set_across(board: Board, gap: float) -> None:
    """Move the spots of each layer towards their neighbours, in their order and apart."""
    for layer in board.layers:
        x = 0.0
        for each in layer:
            spot = board.spots[each]
            spot.x = x + spot.width / 2
            x += spot.width + gap
    for pull in range(PULLS):
        down = pull % 2 == 0
        for layer in board.layers if down else reversed(board.layers):
            near = board.above if down else board.below
            wishes = [_wish(board, each, near[each] or (board.below if down else board.above)[each]) for each in layer]
            _apart(board, layer, wishes, gap)
    for layer in board.layers:
        both = [_wish(board, each, board.above[each] + board.below[each]) for each in layer]
        _apart(board, layer, both, gap)


def _wish(board: Board, each: Id, near: list[tuple[Id, float]]) -> tuple[float, float]:
    weight = sum(heavy for _, heavy in near)
    if not weight:
        return board.spots[each].x, 0.1
    return sum(board.spots[other].x * heavy for other, heavy in near) / weight, weight


def _apart(board: Board, layer: list[Id], wishes: list[tuple[float, float]], gap: float) -> None:
    """Place a layer as near to its wishes as the order and the gaps allow (least squares, by merging violators)."""
    offset, at = [], 0.0
    for place, each in enumerate(layer):
        if place:
            at += (board.spots[layer[place - 1]].width + board.spots[each].width) / 2 + gap
        offset.append(at)
    blocks: list[list[float]] = []  # [wish, weight, how many]
    for (wish, weight), shift in zip(wishes, offset, strict=True):
        blocks.append([wish - shift, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last = blocks.pop()
            total = blocks[-1][1] + last[1]
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + last[0] * last[1]) / total, total, blocks[-1][2] + last[2]]
    place = 0
    for wish, _, many in blocks:
        for _ in range(int(many)):
            board.spots[layer[place]].x = wish + offset[place]
            place += 1


def set_down(board: Board, gap: float, margin: float) -> float:
    """Put the layers under each other and return how high the picture is."""
    y = margin
    for layer in board.layers:
        tallest = max((board.spots[each].height for each in layer), default=0.0)
        board.tall.append(tallest)
        for each in layer:
            board.spots[each].y = y + tallest / 2
        y += tallest + (gap if tallest else gap / 2)
    return y - gap + margin
