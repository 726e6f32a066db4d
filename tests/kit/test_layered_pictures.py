"""Pictures are laid out so that boxes never lie on each other and every line begins and ends at its boxes."""

from itertools import combinations
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoneng.kit.drawing import Shape, Stroke, drawn, svg, wide, wrapped
from xiaoneng.kit.layered import Box, Line, lay_out

NAMES = st.sampled_from("abcdefgh")


def overlap(one, other):
    apart_x = one.x + one.width <= other.x + 0.01 or other.x + other.width <= one.x + 0.01
    apart_y = one.y + one.height <= other.y + 0.01 or other.y + other.height <= one.y + 0.01
    return not (apart_x or apart_y)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES, st.sampled_from([0.0, 40.0])), max_size=18))
def test_whatever_leads_where_boxes_and_labels_stay_apart_and_lines_meet_their_boxes(pairs):
    boxes = [Box(name, 60 + 5 * n, 30) for n, name in enumerate("abcdefgh")]
    lines = [Line(source, target, label, 14.0 if label else 0.0) for source, target, label in pairs]
    layout = lay_out(boxes, lines)
    straight = [route for line, route in zip(lines, layout.routes, strict=True) if line.source != line.target]
    solid = [*layout.places.values(), *(route.label for route in straight if route.label)]
    assert not any(overlap(one, other) for one, other in combinations(solid, 2))
    assert all(each.x >= 0 and each.x + each.width <= layout.width for each in layout.places.values())
    for line, route in zip(lines, layout.routes, strict=True):
        for end, name in ((route.points[0], line.source), (route.points[-1], line.target)):
            place = layout.places[name]
            assert place.x - 0.01 <= end[0] <= place.x + place.width + 0.01
            assert place.y - 0.01 <= end[1] <= place.y + place.height + 0.01


def test_a_straight_process_runs_straight_down():
    layout = lay_out([Box(n, 50, 20) for n in "abc"], [Line("a", "b"), Line("b", "c")])
    places = [layout.places[n] for n in "abc"]
    assert len({round(each.middle[0]) for each in places}) == 1 and places[0].y < places[1].y < places[2].y


def test_a_picture_says_in_words_what_it_shows_and_escapes_what_it_is_given():
    picture = drawn([Shape("a", "<b>受理", href="/x?a=1&b=2"), Shape("b", "决定")], [Stroke("a", "b", "准予")])
    text = svg(picture, title="流程", told="先受理再决定")
    root = ElementTree.fromstring(text)
    words = "".join(root.itertext())
    assert "<b>受理" in words and "先受理再决定" in words and "准予" in words


def test_words_are_broken_at_the_width_and_latin_words_stay_whole():
    assert wrapped("一次性告知补正材料", 5) == ["一次性告知", "补正材料"]
    assert wrapped("send confirmation receipt", 12)[0] == "send confirmation"
    assert all(wide(line) <= 13 for line in wrapped("x" * 90, 12))
