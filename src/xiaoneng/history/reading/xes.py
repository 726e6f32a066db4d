"""A log in XES (IEEE 1849), trace by trace, without ever holding it whole.

A trace as every writer of XES writes it is cut apart (`plain`). Any other (nested attributes, lists, entities, comments,
quotes of another kind) goes to the parser; one that even the parser cannot read is a problem of its own and spoils no
other.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO
from xml.parsers import expat

from xiaoneng.history.reading.plain import Plain
from xiaoneng.history.reading.raw import RawCase
from xiaoneng.history.reading.trouble import Problem, Unreadable, shown

CHUNK = 1 << 20
LARGEST = 64 << 20  # of one trace
_HEAD = 1 << 14  # in which a log says that it is one
_END = "</trace>"
_OPEN = re.compile(r"<trace(?:\s[^>]*)?(?<!/)>")
_EMPTY = re.compile(r"<trace(?:\s[^>]*)?/>")
_LOG = re.compile(r"<(?:([\w.-]+):)?(?:log|trace)\b")
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAME = re.compile(r'<string key="concept:name" value="([^"<]*)"')
_BROKEN = "这一件的 XML 读不下去（{}），没有导入；请在来源处更正后重新导出。"
MISDECLARED = "从这里起有不合所声明编码“{}”的字节，后面的没有导入；请在来源处改正编码声明或者另存为 UTF-8，再导入一次。"
CUT_OFF = "文件在这里断了，最后一件不完整，没有导入；前面的已经导入。请重新取得完整的文件。"


def cases(stream: BinaryIO) -> Iterator[RawCase | Problem]:
    """Give the cases of a log, and in place of one that cannot be read what is wrong with it.

    :raises Unreadable: this is no XES.
    """
    number, plain = 0, Plain()
    amiss: list[str] = []
    for piece, whole in _pieces(stream, amiss):
        found = _OPEN.search(piece)
        for _ in _EMPTY.finditer(piece, 0, found.start() if found else len(piece)):
            number += 1
            yield RawCase(number, {}, (), ())
        if not whole:
            if found or "</log>" not in piece:
                amiss.append(CUT_OFF)
            if number and amiss:
                yield Problem(f"#{number + 1}", 0, "", "", amiss[0])
            break
        if found:
            number += 1
            yield _case(piece[found.end() :], number, plain)
    if not number:
        empty = "文件里没有一件办件（XES 的 trace）。请确认这是 XES 日志，而且没有截断。"
        raise Unreadable(amiss[0] if amiss and amiss[0] != CUT_OFF else empty)


def _pieces(stream: BinaryIO, amiss: list[str]) -> Iterator[tuple[str, bool]]:
    """Give the text up to the end of each trace, and what is left behind the last; tags without a namespace's prefix.

    :param amiss: takes what is wrong with the file's bytes.
    """
    rest, prefix, end = "", None, _END
    for text in _texts(stream, amiss):
        if prefix is None:
            prefix = _prefix(text)
            end = f"</{prefix}trace>"
        *done, rest = (rest + text).split(end)
        held = ""
        for piece in done:
            held += _bare(piece, prefix)
            if "<!--" in held and held.rfind("<!--") > held.rfind("-->"):  # this end stands in a comment
                held += _END
            else:
                yield held, True
                held = ""
        rest = held + rest
        if len(rest) > LARGEST:
            raise Unreadable("文件里有一件办件超过 64 MB，不像日志。请检查文件。")
    yield _bare(rest, prefix or ""), False


def _texts(stream: BinaryIO, amiss: list[str]) -> Iterator[str]:
    """Give the text of a file piece by piece, as far as its bytes are what it says they are."""
    decoder = None
    try:
        while block := stream.read1(CHUNK):  # type: ignore[attr-defined]
            decoder = decoder or _decoder(block)
            yield decoder.decode(block)
    except UnicodeDecodeError as wrong:
        amiss.append(MISDECLARED.format(wrong.encoding))
        yield bytes(wrong.object[: wrong.start]).decode(wrong.encoding, "replace").lstrip("\ufeff")
    except (EOFError, OSError, UnicodeError, zlib.error):
        pass  # cut off or damaged in the middle: the rest tells


def _bare(text: str, prefix: str) -> str:
    text = text.replace("\0", "\ufffd")  # no database takes a NUL
    return text.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</") if prefix else text


def _prefix(head: str) -> str:
    """Return the prefix that the tags of a log have, with its colon, mostly none.

    :raises Unreadable: this is the beginning of no log.
    """
    if "<!DOCTYPE" in head[:_HEAD] or "<!ENTITY" in head[:_HEAD]:
        raise Unreadable("文件里有 DOCTYPE 声明，日志用不到它，也不安全。请在来源处去掉后重新导出。")
    found = _LOG.search(head)
    if found is None:
        raise Unreadable("这不是 XES 日志：开头没有 log。请确认选对了文件。")
    return f"{found[1]}:" if found[1] else ""


def _decoder(head: bytes) -> codecs.IncrementalDecoder:
    declared = _DECLARED.search(head[:200])
    name = "utf-16" if head.startswith(_WIDE) else declared[1].decode() if declared else "utf-8"
    try:
        "".encode(name)  # not everything that Python calls an encoding makes text
        return codecs.getincrementaldecoder("utf-8-sig" if name.lower() == "utf-8" else name)()
    except (LookupError, UnicodeError):
        raise Unreadable(f"不认识文件声明的编码“{name}”。请另存为 UTF-8 后再导入。") from None


def _case(text: str, number: int, plain: Plain) -> RawCase | Problem:
    try:
        return plain.read(text, number) or RawCase.of(number, *_parsed(text))
    except expat.ExpatError as broken:
        name = _NAME.search(text)
        return Problem(name[1] if name else f"#{number}", 0, "", "", _BROKEN.format(shown(str(broken))))


def _free(name: str, taken: dict[str, str]) -> str:
    """Return a name for one more of the values that a list holds under the same name."""
    return name if name not in taken else next(new for n in count(2) if (new := f"{name} {n}") not in taken)


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
                told = events[-1] if inside else case
                told[_free("/".join(path), told) if len(path) > 1 else path[0]] = values["value"]
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
