"""A reader of pages that is stricter than any browser: what the standard of HTML forbids is named, line by line.

It knows the part of the standard that hand-written templates break: tags that are not closed or closed out of order,
elements in places where they may not stand, unknown elements and attributes, ids given twice and references to nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


def words(text: str) -> set[str]:
    """Take a line of words as a set."""
    return set(text.split())


VOID = words("area base br col embed hr img input link meta source track wbr")
SECTIONS = words("article aside nav section")
BLOCKS = SECTIONS | words(
    "address blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main ol p pre table ul"
)
PHRASES = words(
    "a abbr b br button code em i iframe img input kbd label mark output s select small span strong sub sup svg textarea time"
)
SVG = words("circle defs desc g line marker path polygon polyline rect svg text title tspan use")
TABLES = words("caption tbody thead tfoot tr td th colgroup col")
HEADS = words("base link meta script style title template")
LISTS = words("li dt dd figcaption legend optgroup option summary")
ROOT = words("html head body")
KNOWN = BLOCKS | PHRASES | SVG | TABLES | HEADS | LISTS | ROOT | VOID
ONLY_PHRASES = words(
    "p h1 h2 h3 h4 h5 h6 span b i em strong small a button label mark code abbr time summary legend dt"
)
ONLY_IN = {
    "li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "tr": {"table", "thead", "tbody", "tfoot"}, "td": {"tr"},
    "th": {"tr"}, "thead": {"table"}, "tbody": {"table"}, "caption": {"table"}, "option": {"select", "optgroup"},
    "summary": {"details"}, "legend": {"fieldset"},
}  # fmt: skip
CHILDREN = {
    "ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "tr": {"td", "th"}, "thead": {"tr"}, "tbody": {"tr"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"}, "select": {"option", "optgroup"},
}  # fmt: skip
PRESSED = {"a", "button", "input", "select", "textarea", "label"}
EVERYWHERE = words("class id title lang dir hidden tabindex role style")
ATTRIBUTES = {
    "a": "href rel target download", "html": "", "meta": "charset name content", "link": "rel href type media",
    "script": "src defer type", "form": "action method enctype novalidate autocomplete", "button": "type name value disabled",
    "input": "type name value placeholder autocomplete maxlength minlength required checked disabled readonly accept multiple "
    "pattern inputmode min max step autofocus autocapitalize spellcheck size",
    "label": "for", "select": "name required disabled multiple autocomplete", "option": "value selected disabled",
    "textarea": "name rows cols required maxlength minlength placeholder readonly disabled autocomplete", "time": "datetime",
    "td": "colspan rowspan headers", "th": "colspan rowspan scope abbr", "details": "open", "img": "src alt width height",
    "ol": "start reversed", "iframe": "src name title", "col": "span",
}  # fmt: skip
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")


@dataclass
class Reading(HTMLParser):
    """One reading of a page, and what was found."""

    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.wanted: set[str] = set()
        self.headings: list[int] = []
        self.counted: dict[str, int] = {}

    def say(self, what: str) -> None:
        self.found.append(f"line {self.getpos()[0]}: {what}")

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.say(f"<!{decl}>")

    def handle_starttag(self, tag, attrs):
        self._place(tag)
        self._attributes(tag, attrs)
        self.counted[tag] = self.counted.get(tag, 0) + 1
        if re.fullmatch("h[1-6]", tag):
            self._heading(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self._place(tag)
        self._attributes(tag, attrs)
        if tag not in VOID and "svg" not in self.open:
            self.say(f"<{tag}/> closes itself")

    def handle_endtag(self, tag):
        if tag in VOID:
            self.say(f"</{tag}> of a void element")
        elif not self.open or self.open[-1] != tag:
            self.say(f"</{tag}> while <{self.open[-1] if self.open else '-'}> is open")
            if tag in self.open:
                while self.open.pop() != tag:
                    pass
        else:
            self.open.pop()

    def handle_data(self, data):
        if data.strip() and self.open and self.open[-1] in CHILDREN:
            self.say(f"text in <{self.open[-1]}>: {data.strip()[:20]}")
        if re.search(r"<[a-zA-Z/]", data) and self.open and self.open[-1] not in ("script", "style"):
            self.say(f"a bare < in the text: {data.strip()[:20]}")

    def _place(self, tag: str) -> None:
        parent = self.open[-1] if self.open else ""
        if tag not in KNOWN:
            self.say(f"unknown element <{tag}>")
        if "svg" in self.open:
            return
        if (
            parent in ONLY_PHRASES
            and tag in BLOCKS
            and not (parent == "a" and tag not in PRESSED)
            and parent != "summary"
        ):
            self.say(f"<{tag}> in <{parent}>")
        if tag in ONLY_IN and parent not in ONLY_IN[tag]:
            self.say(f"<{tag}> in <{parent}>")
        if parent in CHILDREN and tag not in CHILDREN[parent]:
            self.say(f"<{tag}> in <{parent}>")
        pressed = [each for each in self.open if each in ("a", "button", "label")]
        if tag in PRESSED and pressed and not (pressed[-1] == "label" and tag in ("input", "select", "textarea")):
            self.say(f"<{tag}> in <{pressed[-1]}>")
        if tag == "form" and "form" in self.open:
            self.say("<form> in <form>")

    def _attributes(self, tag: str, attrs) -> None:
        given = dict(attrs)
        if len(given) != len(attrs):
            self.say(f"<{tag}> has an attribute twice")
        allowed = EVERYWHERE | set(ATTRIBUTES.get(tag, "").split())
        for name, value in attrs:
            free = name.startswith(("data-", "aria-")) or "svg" in self.open or tag == "svg"
            if not free and name not in allowed:
                self.say(f"<{tag} {name}>")
            if name == "style":
                self.say(f"<{tag} style>, which the content security policy forbids")
            if name == "id":
                if not value or re.search(r"\s", value) or value in self.ids:
                    self.say(f"the id “{value}” is empty, has a blank or stands twice")
                self.ids.add(value or "")
            if name in REFERENCES:
                self.wanted |= set((value or "").split())
            if name == "href" and re.search(r"[\s<>\"|^`{}]", value or ""):
                self.say(f"the address “{value}” is not encoded")
        if tag == "img" and "alt" not in given:
            self.say("<img> without alt")
        if tag == "html" and not given.get("lang"):
            self.say("<html> without lang")

    def _heading(self, level: int) -> None:
        if self.headings and level > self.headings[-1] + 1:
            self.say(f"<h{level}> after <h{self.headings[-1]}>")
        self.headings.append(level)


def complaints(page: str) -> list[str]:
    """Read a whole page and return everything that is wrong with it."""
    reading = Reading()
    reading.feed(page)
    reading.close()
    if not page.lstrip().lower().startswith("<!doctype html>"):
        reading.say("no doctype at the beginning")
    if reading.open:
        reading.say(f"never closed: {reading.open}")
    for tag in ("h1", "main", "title"):
        if reading.counted.get(tag, 0) != 1 and not (tag == "title" and reading.counted.get("svg")):
            reading.say(f"{reading.counted.get(tag, 0)} × <{tag}>")
    reading.found += [f"nobody has the id “{each}”" for each in sorted(reading.wanted - reading.ids)]
    return reading.found
