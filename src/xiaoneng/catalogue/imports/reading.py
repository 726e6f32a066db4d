"""From a file to its rows: one JSON object a line, plain or packed with gzip, in UTF-8."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xiaoneng.catalogue.imports.trouble import Problem, shown

LARGEST = 512 * 1024 * 1024  # bytes of the file, and of what is unpacked from it
GZIP = b"\x1f\x8b"
OTHERS = (
    (b"PK\x03\x04", "这是 ZIP 或 Excel 文件"),
    (b"\xd0\xcf\x11\xe0", "这是旧版 Office 文件"),
    (b"%PDF", "这是 PDF 文件"),
    (b"7z\xbc\xaf", "这是 7z 压缩包"),
    (b"\xff\xfe", "这个文件是 UTF-16 编码"),
    (b"\xfe\xff", "这个文件是 UTF-16 编码"),
)
WANTED = "请另存为 UTF-8 编码、每行一个 JSON 对象的 .jsonl 或 .jsonl.gz 文件后再导入。"


class Unreadable(Exception):
    """The file as a whole cannot be used; the message says why and what to do next."""


class _NotAnObject(ValueError):
    """A line holds something else than an object."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line that is not blank: what it holds, or the problem that it is."""

    number: int
    content: Mapping[str, object] | Problem


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read: its name, the beginning of its SHA-256, its rows."""

    name: str
    digest: str
    rows: tuple[Row, ...]


def read(path: Path) -> File:
    """Read the rows of a file.

    :raises Unreadable: not there, no file, empty, too large, broken as a whole, or not a single line an object
    """
    raw = _bytes(path)
    text = _unpacked(raw, path.name) if raw.startswith(GZIP) else raw
    if not text.strip():
        raise Unreadable(f"文件 {path.name} 是空的，没有可导入的内容。请重新导出或下载后再导入。")
    for head, what in OTHERS:
        if text.startswith(head):
            raise Unreadable(f"{what}，不能直接导入。{WANTED}")
    rows = tuple(_rows(text.removeprefix(b"\xef\xbb\xbf")))
    if not any(isinstance(row.content, Mapping) for row in rows):
        raise Unreadable(f"文件 {path.name} 中没有一行可以读懂。{_why(text)}{WANTED}")
    return File(path.name, hashlib.sha256(raw).hexdigest()[:12], rows)


def _bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            raise Unreadable(f"找不到文件 {path}。请检查路径和文件名。")
        if not path.is_file():
            raise Unreadable(f"{path} 不是文件。请给出要导入的那个 .jsonl 或 .jsonl.gz 文件。")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"文件 {path.name} 超过 512 MB。请拆成几个文件分别导入。")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "路径不合法"
        raise Unreadable(f"打不开文件 {shown(str(path))}：{reason}。请检查路径和读取权限。") from None


def _unpacked(raw: bytes, name: str) -> bytes:
    """Unpack all members of a gzip file; zlib is used, since it can be bounded and tells a cut-off end."""
    parts: list[bytes] = []
    room, rest = LARGEST, raw
    while rest.startswith(GZIP):
        packed = zlib.decompressobj(wbits=31)
        try:
            parts.append(packed.decompress(rest, room + 1))
        except zlib.error:
            raise Unreadable(f"压缩文件 {name} 已损坏，未导入任何内容。请重新下载或重新压缩后再导入。") from None
        room -= len(parts[-1])
        if room < 0:
            raise Unreadable(f"文件 {name} 解压后超过 512 MB。请拆成几个文件分别导入。")
        if not packed.eof:
            raise Unreadable(f"压缩文件 {name} 不完整（可能没有下载完），未导入任何内容。请重新下载后再导入。")
        rest = packed.unused_data.lstrip(b"\0")
    if rest:
        raise Unreadable(f"压缩文件 {name} 末尾有多余内容，可能已损坏，未导入任何内容。请重新下载后再导入。")
    return b"".join(parts)


def _rows(text: bytes) -> Iterator[Row]:
    for number, line in enumerate(text.split(b"\n"), start=1):
        if line.strip():
            yield Row(number, _content(number, line))


def _content(number: int, line: bytes) -> Mapping[str, object] | Problem:
    try:
        plain = json.loads(line.decode("utf-8"))
        if not isinstance(plain, dict):
            raise _NotAnObject
        return plain
    except UnicodeDecodeError:
        message = "这一行不是 UTF-8 编码，未导入；请把文件转换为 UTF-8 后再导入。"
    except _NotAnObject:
        message = "这一行不是 JSON 对象（应以 { 开头），未导入；请更正或删去这一行。"
    except (ValueError, RecursionError):
        message = "这一行不是完整的 JSON（可能被截断或缺少引号、括号），未导入；请从源系统重新导出这一行。"
    return Problem(number, "", shown(line.decode("utf-8", "replace").strip()), message)


def _why(text: bytes) -> str:
    try:
        head = text.decode("utf-8").lstrip("\ufeff \r\n\t")
    except UnicodeDecodeError:
        return "它看来不是 UTF-8 编码（可能是 GBK）。"
    return "它是一整个 JSON 数组。" if head.startswith("[") else ""
