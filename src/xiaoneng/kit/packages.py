"""Documents that are ZIP archives inside (DOCX, XLSX, OFD): read entry by entry, within bounds, before they count."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from typing import BinaryIO

from xiaoneng.kit.contents import ARCHIVE, CHUNK, Refused

MAX_ENTRIES = 1000
MAX_RATIO = 100
MAX_UNPACKED = 200 * 1024 * 1024  # bytes of all entries of one document together
MAX_LISTING = 1024 * 1024  # bytes of one entry that are held in memory

BROKEN_PACKAGE = "文档已损坏，无法打开，请用 WPS 或 Office 重新另存一份后再上传。"
LOCKED_PACKAGE = "文档设置了密码，请取消密码后再上传。"
BOMB = "文档解开后过大或压缩得异常紧，请另存为 PDF 后再上传。"
MACROS = "文档带有宏或控件，请另存为不含宏的 .docx、.xlsx 或 PDF 后再上传。"
EMBEDDED = "文档里嵌有别的文件（如图表的数据表、压缩包），请另存为 PDF 后再上传。"
REMOTE = "文档会从网上自动取内容，请另存为 PDF 后再上传。"
ODD_NAMES = "文档内部的文件名不正常，请用 WPS 或 Office 重新另存一份后再上传。"

_NESTED = re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|\xd0\xcf\x11\xe0|MZ\x90|\x7fELF|%PDF-")
_MACRO_NAMES = re.compile(r"vbaproject|vbadata|/activex/|/macrosheets/|/ctrlprops/", re.IGNORECASE)
_REMOTE_PARTS = (b"/attachedTemplate", b"/oleObject", b"/frame", b"/subDocument")
_MAIN_PARTS = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
)


def inspect_package(stream: BinaryIO, size: int) -> str:
    """Return docx, xlsx or ofd for a document that is a ZIP inside, having read every entry within bounds.

    :raises Refused: with what to do next
    """
    _bound_directory(stream, size)
    try:
        with zipfile.ZipFile(stream) as package:
            entries = package.infolist()
            _inspect_directory(entries, size)
            types = _inspect_entries(package, entries)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Refused(BROKEN_PACKAGE) from error
    except (struct.error, zlib.error, LookupError, OverflowError) as error:
        raise Refused(BROKEN_PACKAGE) from error
    return _package_kind({entry.filename for entry in entries}, types)


def _bound_directory(stream: BinaryIO, size: int) -> None:
    # The standard library reads the whole table of contents into memory, whatever its length; so look first.
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Refused(BROKEN_PACKAGE)
    count, length, start = struct.unpack("<HII", tail[at + 10 : at + 20])
    if count > MAX_ENTRIES or length > MAX_ENTRIES * 1024:
        raise Refused(BOMB)
    if start + length != size - (len(tail) - at):
        raise Refused(BROKEN_PACKAGE)  # something lies before or between, which another program would read differently


def _inspect_directory(entries: list[zipfile.ZipInfo], size: int) -> None:
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(LOCKED_PACKAGE)
    if len(entries) > MAX_ENTRIES:
        raise Refused(BOMB)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * size:
        raise Refused(BOMB)
    if any(map(_is_odd, names)) or len({name.lower() for name in names}) < len(names):
        raise Refused(ODD_NAMES)
    if any(_MACRO_NAMES.search("/" + name) for name in names):
        raise Refused(MACROS)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused(BROKEN_PACKAGE)


def _is_odd(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or bool(re.search(r"[\x00-\x1f\\:]", name))


def _inspect_entries(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bytes:
    # The standard library reads no more of an entry than the directory declares, and that sum is bounded; an entry
    # that holds something else than declared fails its check sum.
    types = b""
    for entry in entries:
        with package.open(entry) as member:
            first = member.read(MAX_LISTING)
            if _NESTED.match(first):
                raise Refused(EMBEDDED)
            while member.read(CHUNK):
                pass
        if entry.filename.lower().endswith(".rels"):
            _inspect_relations(first, entry)
        if entry.filename == "[Content_Types].xml":
            types = first
    return types


def _inspect_relations(text: bytes, entry: zipfile.ZipInfo) -> None:
    if entry.file_size > MAX_LISTING:
        raise Refused(BOMB)
    for tag in text.split(b"<"):
        if b"External" in tag and any(part in tag for part in _REMOTE_PARTS):
            raise Refused(REMOTE)


def _package_kind(names: set[str], types: bytes) -> str:
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise Refused(MACROS)
    for mark, kind in _MAIN_PARTS:
        if mark in types:
            return kind
    if "OFD.xml" in names:
        return "ofd"
    if types:
        raise Refused("不接受这种 Office 文档（如演示文稿、模板），请另存为 PDF 后再上传。")
    raise Refused(ARCHIVE)
