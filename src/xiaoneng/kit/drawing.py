"""A directed picture as SVG: boxes, lines and labels as laid out, readable in print and by who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import pairwise

from xiaoneng.kit.layered import Box, Layout, Line, Place, Point, Route, lay_out

FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',sans-serif"
INK, SOFT, PAPER, EDGE = "#1b2430", "#4a5566", "#ffffff", "#8793a3"
TONES = {  # ground, border
    "plain": ("#f3f6fb", "#5b7aa8"), "quiet": ("#f5f6f8", "#8793a3"), "begin": ("#eaf5ee", "#2c7a4b"),
    "end": ("#eef0f4", "#4a5566"), "warn": ("#fdf3e1", "#9a6200"), "bad": ("#fdecec", "#b3261e"),
    "strong": ("#dbe7f8", "#1f4f96"),
}  # fmt: skip
SIZE, SMALL, LEADING = 14, 12, 1.35
PAD_X, PAD_Y = 14, 9


class Form(StrEnum):
    """What a box looks like."""

    BOX = "box"
    ROUND = "round"
    FORK = "fork"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Shape:
    """A box: its words, smaller words below, how it looks, and where it leads when it is followed."""

    id: str
    text: str
    note: str = ""
    form: Form = Form.BOX
    tone: str = "plain"
    href: str = ""
    widest: int = 11  # characters of a line


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line between two boxes; what is rare or beside the way is dashed."""

    source: str
    target: str
    label: str = ""
    thick: float = 1.4
    dashed: bool = False
    tone: str = "quiet"
    href: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes and strokes with the places they were given."""

    shapes: tuple[Shape, ...]
    strokes: tuple[Stroke, ...]
    layout: Layout


def wide(text: str) -> float:
    """Return how wide a text is, in widths of a Chinese character."""
    return sum(0.56 if letter < "\u2000" else 1.0 for letter in text)


def wrapped(text: str, widest: float) -> list[str]:
    """Return a text in lines of a width; Latin words stay whole where they fit."""
    lines, line = [], ""
    for word in _words(text):
        if line and wide(line + word) > widest:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
        while wide(line) > widest + 1:
            cut = next(n for n in range(len(line), 0, -1) if wide(line[:n]) <= widest)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()] if line.strip() else lines


def _words(text: str) -> list[str]:
    words: list[str] = []
    for letter in text:
        if words and letter < "\u2000" and words[-1][-1] < "\u2000" and letter != " " and words[-1][-1] != " ":
            words[-1] += letter
        else:
            words.append(letter)
    return words


def drawn(shapes: Sequence[Shape], strokes: Sequence[Stroke], *, gap_x: float = 28, gap_y: float = 30) -> Picture:
    """Return a picture with everything in its place."""
    boxes = [Box(shape.id, *size_of(shape), shape.form is Form.FORK) for shape in shapes]
    lines = [Line(each.source, each.target, *_label_size(each.label), each.weight) for each in strokes]
    return Picture(tuple(shapes), tuple(strokes), lay_out(boxes, lines, gap_x=gap_x, gap_y=gap_y))


def size_of(shape: Shape) -> tuple[float, float]:
    """Return how much room a shape takes."""
    if shape.form is Form.DOT:
        return 26.0, 26.0
    lines, notes = wrapped(shape.text, shape.widest), wrapped(shape.note, shape.widest * SIZE / SMALL)
    width = max([wide(line) * SIZE for line in lines] + [wide(line) * SMALL for line in notes], default=0.0)
    height = (len(lines) * SIZE + len(notes) * SMALL) * LEADING
    if shape.form is Form.FORK:
        return width + 54, max(48.0, height + 30)
    return max(72.0, width + 2 * PAD_X), height + 2 * PAD_Y


def _label_size(label: str) -> tuple[float, float]:
    lines = label.split("\n") if label else []
    return (max(wide(line) for line in lines) * SMALL + 8, len(lines) * SMALL * LEADING + 4) if lines else (0.0, 0.0)


def svg(picture: Picture, *, title: str, told: str, mark: str = "flow") -> str:
    """Return the picture as SVG.

    :param told: what the picture shows, in a sentence, for who cannot see it.
    :param mark: distinguishes this picture's names from those of others on the same page.
    """
    width, height = picture.layout.width, picture.layout.height
    tones = sorted({each.tone for each in picture.strokes})
    tips = "".join(_tip(mark, tone) for tone in tones)
    strokes = "".join(
        _stroke(each, route, mark) for each, route in zip(picture.strokes, picture.layout.routes, strict=True)
    )
    labels = "".join(_label(each, route) for each, route in zip(picture.strokes, picture.layout.routes, strict=True))
    shapes = "".join(_shape(each, picture.layout.places[each.id]) for each in picture.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="{FONT}" font-size="{SIZE}">'
        f'<title id="{mark}-title">{escape(title)}</title><desc id="{mark}-told">{escape(told)}</desc>'
        f'<defs>{tips}</defs><rect width="100%" height="100%" fill="{PAPER}"/>'
        f'<g role="group" aria-labelledby="{mark}-title {mark}-told">{strokes}{labels}{shapes}</g></svg>'
    )


def _tip(mark: str, tone: str) -> str:
    return (
        f'<marker id="{mark}-{tone}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="{_line(tone)}"/></marker>'
    )


def _line(tone: str) -> str:
    return EDGE if tone == "quiet" else TONES[tone][1]


def _stroke(stroke: Stroke, route: Route, mark: str) -> str:
    dashes = ' stroke-dasharray="5 4"' if stroke.dashed else ""
    return (
        f'<path d="{_path(route.points, loop=stroke.source == stroke.target)}" fill="none" '
        f'stroke="{_line(stroke.tone)}" stroke-width="{stroke.thick:.1f}"{dashes} marker-end="url(#{mark}-{stroke.tone})"/>'
    )


def _path(points: Sequence[Point], *, loop: bool) -> str:
    """Return the corners as a path: from layer to layer in a curve that leaves and arrives upright."""
    (x, y), *_ = points
    parts = [f"M{x:.1f} {y:.1f}"]
    for (from_x, from_y), (to_x, to_y) in pairwise(points):
        if loop or abs(from_x - to_x) < 0.5:
            parts.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            half = (from_y + to_y) / 2
            parts.append(f"C{from_x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}")
    return " ".join(parts)


def _label(stroke: Stroke, route: Route) -> str:
    if route.label is None:
        return ""
    place = route.label
    ground = f'<rect x="{place.x:.1f}" y="{place.y:.1f}" width="{place.width:.1f}" height="{place.height:.1f}" fill="{PAPER}"/>'
    words = _lines(stroke.label.split("\n"), place, SMALL, _line(stroke.tone) if stroke.tone != "quiet" else SOFT)
    return _linked(ground + words, stroke.href)


def _lines(lines: Sequence[str], place: Place, size: int, ink: str, top: float | None = None) -> str:
    x, middle = place.middle
    first = (middle - len(lines) * size * LEADING / 2 if top is None else top) + size * 1.02
    return "".join(
        f'<text x="{x:.1f}" y="{first + n * size * LEADING:.1f}" text-anchor="middle" font-size="{size}" '
        f'fill="{ink}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )


def _shape(shape: Shape, place: Place) -> str:
    ground, border = TONES[shape.tone]
    outline = _outline(shape.form, place, f'fill="{ground}" stroke="{border}" stroke-width="1.4"')
    if shape.form is Form.DOT:
        return _linked(f"{outline}<title>{escape(shape.text)}</title>", shape.href)
    lines, notes = wrapped(shape.text, shape.widest), wrapped(shape.note, shape.widest * SIZE / SMALL)
    tall = (len(lines) * SIZE + len(notes) * SMALL) * LEADING
    top = place.middle[1] - tall / 2
    words = _lines(lines, place, SIZE, INK, top)
    small = _lines(notes, place, SMALL, SOFT, top + len(lines) * SIZE * LEADING)
    return _linked(outline + words + small, shape.href)


def _outline(form: Form, place: Place, paint: str) -> str:
    x, y, width, height = place.x, place.y, place.width, place.height
    if form is Form.DOT:
        return f'<circle cx="{x + width / 2:.1f}" cy="{y + height / 2:.1f}" r="{width / 2:.1f}" {paint}/>'
    if form is Form.FORK:
        middle, half = x + width / 2, y + height / 2
        corners = f"{middle:.1f},{y:.1f} {x + width:.1f},{half:.1f} {middle:.1f},{y + height:.1f} {x:.1f},{half:.1f}"
        return f'<polygon points="{corners}" {paint}/>'
    round_ = height / 2 if form is Form.ROUND else 6
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round_:.1f}" {paint}/>'


def _linked(inner: str, href: str) -> str:
    return f'<a href="{escape(href)}">{inner}</a>' if href else f"<g>{inner}</g>"
