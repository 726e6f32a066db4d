"""A log in XES (IEEE 1849), trace by trace, without ever holding it whole.

A trace as every writer of XES writes it is read by one expression, ten times as fast as by a parser. Whether it is one
is told by counting: each opening bracket must belong to an attribute that was found. Any other trace (nested attributes,
lists, entities, comments, quotes of another kind) goes to the parser; one that even the parser cannot read is a problem
of its own and spoils no other.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from xiaoneng.history.reading.raw import RawCase
from xiaoneng.history.reading.trouble import Problem, Unreadable, shown

CHUNK = 1 << 20
LARGEST = 64 << 20  # of one trace
_END = "</trace>"
_PLAIN = re.compile(r'<(?:string|date|int|float|boolean|id) key="([^"<&]*)" value="([^"<&]*)"\s*/>')
_OPEN = re.compile(r"<trace(?:\s[^>]*)?>")
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")
_NAME = re.compile(r'<string key="concept:name" value="([^"<]*)"')
_BROKEN = "这一件的 XML 读不下去（{}），没有导入；请在来源处更正后重新导出。"
CUT_OFF = "文件在这里断了，最后一件不完整，没有导入；前面的已经导入。请重新取得完整的文件。"


def cases(stream: BinaryIO) -> Iterator[RawCase | Problem]:
    """Give the cases of a log, and in place of one that cannot be read what is wrong with it.

    :raises Unreadable: this is no XES.
    """
    number = 0
    for piece, whole in _pieces(stream):
        if not whole:
            if _OPEN.search(piece) or "</log>" not in piece:
                yield Problem(f"#{number + 1}", 0, "", "", CUT_OFF)
            break
        found = _OPEN.search(piece)
        if found is None:
            continue
        number += 1
        yield _case(piece[found.end() :], number)
    if not number:
        raise Unreadable("文件里没有一件办件（XES 的 trace）。请确认这是 XES 日志，而且没有截断。")


def _pieces(stream: BinaryIO) -> Iterator[tuple[str, bool]]:
    """Give the text up to the end of each trace, and what is left behind the last."""
    rest, decoder = "", None
    try:
        while block := stream.read1(CHUNK):  # type: ignore[attr-defined]
            if decoder is None:
                decoder = _decoder(block)
            *done, rest = (rest + decoder.decode(block)).split(_END)
            yield from ((piece, True) for piece in done)
            if len(rest) > LARGEST:
                raise Unreadable("文件里有一件办件超过 64 MB，不像日志。请检查文件。")
    except (EOFError, OSError, UnicodeDecodeError):
        pass  # cut off in the middle: the rest tells
    yield rest, False


def _decoder(head: bytes) -> codecs.IncrementalDecoder:
    if b"<!DOCTYPE" in head[:4096] or b"<!ENTITY" in head[:4096]:
        raise Unreadable("文件里有 DOCTYPE 声明，日志用不到它，也不安全。请在来源处去掉后重新导出。")
    if b"<log" not in head and b"<trace" not in head:
        raise Unreadable("这不是 XES 日志：开头没有 log。请确认选对了文件。")
    declared = _DECLARED.search(head[:200])
    name = declared[1].decode() if declared else "utf-8"
    try:
        return codecs.getincrementaldecoder("utf-8-sig" if name.lower() == "utf-8" else name)()
    except LookupError:
        raise Unreadable(f"不认识文件声明的编码“{name}”。请另存为 UTF-8 后再导入。") from None


def _case(text: str, number: int) -> RawCase | Problem:
    attributes, events = _plainly(text) or ({}, None)
    if events is None:
        try:
            attributes, events = _parsed(text)
        except expat.ExpatError as broken:
            name = _NAME.search(text)
            return Problem(name[1] if name else f"#{number}", 0, "", "", _BROKEN.format(shown(str(broken))))
    return RawCase(number, attributes, events)


def _plainly(text: str) -> tuple[dict[str, str], list[dict[str, str]]] | None:
    head, *parts = text.split("<event>")
    found = _PLAIN.findall(head)
    if head.count("<") != len(found):
        return None
    events = []
    for part in parts:
        pairs = _PLAIN.findall(part)
        if part.count("<") != len(pairs) + 1 or "</event>" not in part:
            return None
        events.append(dict(pairs))
    return dict(found), events


def _parsed(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Read a trace with the parser; an attribute inside another is called by both names."""
    case: dict[str, str] = {}
    events: list[dict[str, str]] = []
    path: list[str] = []
    inside = 0

    def begin(tag: str, values: dict[str, str]) -> None:
        nonlocal inside
        if tag.rpartition(":")[2] == "event" and not path:
            events.append({})
            inside = 1
        elif "key" in values:
            path.append(values["key"])
            if "value" in values:
                (events[-1] if inside else case)["/".join(path)] = values["value"]
        else:
            path.append("")

    def end(tag: str) -> None:
        nonlocal inside
        if path:
            path.pop()
        else:
            inside = 0

    parser = expat.ParserCreate()
    parser.Parse("<trace>", False)
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.Parse(text + _END, True)
    return case, events
