"""From a file to its rows: JSON (whole or a line each), CSV and its kin, or a workbook; plain, gzipped or zipped."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xiaoneng.catalogue.imports import books, sheets, template, workbook
from xiaoneng.catalogue.imports.trouble import Problem, Unreadable, shown

__all__ = ["File", "Row", "Unreadable", "read"]
LARGEST = 512 * 1024 * 1024  # bytes of the file, and of what is unpacked from it
GZIP = b"\x1f\x8b"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OTHERS = ((b"%PDF", "这是 PDF 文件"), (b"7z\xbc\xaf", "这是 7z 压缩包"), (b"Rar!", "这是 RAR 压缩包"))
WANTED = "请另存为 UTF-8 编码的 .csv、.json、.jsonl，或者 .xlsx 文件后再导入。"
# Under which names sources put the list of their rows.
LIST_NAMES = (
    "data", "items", "results", "result", "records", "rows", "features", "list", "services", "content", "value", "docs",
)  # fmt: skip


class _NotAnObject(ValueError):
    """A line holds something else than an object."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank: what it holds, or the problem that it is."""

    number: int
    content: Mapping[str, object] | Problem


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read: its name, the beginning of its SHA-256, its rows, what form it has."""

    name: str
    digest: str
    rows: tuple[Row, ...]
    form: str = "jsonl"
    parts: tuple[books.Part, ...] = ()  # the sheets that the rows are from, where there are several
    left_out: tuple[str, ...] = ()  # sheets that were not read
    title: str = ""  # what stands above the heading of a table
    sheets: tuple[str, ...] = ()  # all sheets of a workbook that hold anything

    def place(self, number: int) -> tuple[str, int]:
        """Return the sheet (where there are several) and the row in it that a row is."""
        part = next((each for each in reversed(self.parts) if number > each.before), None)
        return (part.name, number - part.before) if part else ("", number)

    def line(self, number: int) -> str:
        """Return where a row is, in words."""
        sheet, row = self.place(number)
        return f"工作表“{sheet}”第 {row} 行" if sheet else f"第 {row} 行"

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of all columns in the order in which they are first met."""
        found: dict[str, None] = {}
        for row in self.rows:
            if isinstance(row.content, Mapping):
                found.update(dict.fromkeys(row.content))
        return tuple(found)


def read(path: Path, name: str = "", sheet: str = "") -> File:
    """Read the rows of a file.

    :param name: what the file is called, where that is not the name under which it lies.
    :raises Unreadable: not there, no file, empty, too large, broken as a whole, or nothing in it is a row
    """
    called = name or path.name
    raw = _bytes(path)
    data = _unpacked(raw, called)
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable(f"文件 {called} 是空的，没有可导入的内容。请重新导出或下载后再导入。")
    for head, what in OTHERS:
        if data.startswith(head):
            raise Unreadable(f"{what}，不能直接导入。{WANTED}")
    if data.startswith((ZIP, OLE)) and not workbook.is_ours(sheets.sheet_names(data)):
        book = books.read(data, called, sheet)
        rows = tuple(Row(*each) for each in book.rows)
        digest = hashlib.sha256(raw).hexdigest()[:12]
        return File(called, digest, rows, "workbook", book.parts, book.left_out, book.title, book.names)
    form, rows, title = _by_form(data, called)
    if not any(isinstance(row.content, Mapping) for row in rows):
        raise Unreadable(f"文件 {called} 中没有一行可以读懂。{WANTED}")
    return File(called, hashlib.sha256(raw).hexdigest()[:12], rows, form, title=title)


def _by_form(data: bytes, name: str) -> tuple[str, tuple[Row, ...], str]:
    if data.startswith((ZIP, OLE)):
        return "template", tuple(Row(*each) for each in template.rows(data)), ""
    text = sheets.decoded(data)
    if text is None:
        raise Unreadable(f"文件 {name} 中没有一行可以读懂，它看来不是文字。{WANTED}")
    head = text.lstrip("\ufeff \r\n\t")[:1]
    if head == "[" or (head == "{" and not _is_by_lines(text)):
        whole = _whole(text)
        if whole is not None:
            return "json", whole, ""
    if head in ("{", "["):
        return "jsonl", tuple(_by_lines(data.removeprefix(b"\xef\xbb\xbf"), text)), ""
    rows, title = sheets.csv_rows(text, name)
    return "csv", tuple(Row(*each) for each in rows), title


def _is_by_lines(text: str) -> bool:
    """Tell whether the first line is an object by itself and something follows it, or nothing but a row."""
    first, _, rest = text.lstrip("\ufeff \r\n\t").partition("\n")
    try:
        plain = json.loads(first)
    except (ValueError, RecursionError):
        return bool(rest.strip()) and rest.lstrip().startswith("{")
    return bool(rest.strip()) or _list_in(plain) is None


def _whole(text: str) -> tuple[Row, ...] | None:
    try:
        plain = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    found = plain if isinstance(plain, list) else _list_in(plain)
    if found is None and isinstance(plain, dict):
        found = _named_objects(plain) or [plain]
    if not isinstance(found, list):
        return None
    return tuple(Row(number, _object(number, each)) for number, each in enumerate(found, start=1))


def _list_in(plain: object, depth: int = 6) -> list[object] | None:
    """Return the list of rows inside a document: of a known name first, else the longest list of objects."""
    if not isinstance(plain, dict) or depth == 0:
        return None
    if (table := _under_columns(plain)) is not None:
        return table
    lists = {
        name: each
        for name, each in plain.items()
        if isinstance(each, list) and any(isinstance(one, dict) for one in each)
    }
    named = next((name for name in LIST_NAMES if name in lists), None)
    if named is None and len(lists) == 1 and len(plain) <= 3:
        named = next(iter(lists))
    if named is not None:
        return [each.get("properties", each) if isinstance(each, dict) else each for each in lists[named]]
    inner = [found for each in plain.values() if (found := _list_in(each, depth - 1))]
    return max(inner, key=len, default=None)


def _under_columns(plain: Mapping[str, object]) -> list[object] | None:
    """Return the rows of an export whose rows are lists, and whose columns are named apart from them (Socrata)."""
    meta, data = plain.get("meta"), plain.get("data")
    view = meta.get("view") if isinstance(meta, dict) else None
    columns = view.get("columns") if isinstance(view, dict) else None
    if not isinstance(columns, list) or not isinstance(data, list):
        return None
    names = [str(each.get("name", "")) for each in columns if isinstance(each, dict)]
    return [dict(zip(names, row, strict=False)) for row in data if isinstance(row, list)]


def _named_objects(plain: Mapping[str, object]) -> list[object]:
    """Return the rows of a document that is objects by their codes."""
    if len(plain) < 2 or not all(isinstance(each, dict) for each in plain.values()):
        return []
    return [{"key": key, **each} for key, each in plain.items() if isinstance(each, dict)]


def _object(number: int, each: object) -> Mapping[str, object] | Problem:
    if isinstance(each, dict):
        return each
    return Problem(number, "", shown(each), "这一项不是 JSON 对象（应以 { 开头），未导入；请更正或删去这一项。")


def _bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            raise Unreadable(f"找不到文件 {path}。请检查路径和文件名。")
        if not path.is_file():
            raise Unreadable(f"{path} 不是文件。请给出要导入的那个文件。")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"文件 {path.name} 超过 512 MB。请拆成几个文件分别导入。")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "路径不合法"
        raise Unreadable(f"打不开文件 {shown(str(path))}：{reason}。请检查路径和读取权限。") from None


def _unpacked(raw: bytes, name: str) -> bytes:
    data = _gunzipped(raw, name) if raw.startswith(GZIP) else raw
    if not data.startswith(ZIP):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = [
                each for each in packed.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX")
            ]
            if any(each.filename.startswith(("xl/", "content.xml", "[Content_Types]")) for each in members):
                return data  # a workbook
            if len(members) != 1:
                raise Unreadable(f"压缩包 {name} 里有 {len(members)} 个文件。请只放一个要导入的文件，再导入。")
            if members[0].file_size > LARGEST:
                raise Unreadable(f"文件 {name} 解压后超过 512 MB。请拆成几个文件分别导入。")
            return packed.read(members[0])
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError):
        raise Unreadable(
            f"压缩包或 Excel 文件 {name} 已损坏，或者设了密码，未导入任何内容。请重新保存后再导入。"
        ) from None


def _gunzipped(raw: bytes, name: str) -> bytes:
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


def _by_lines(data: bytes, text: str) -> Iterator[Row]:
    # Line by line from the bytes, so that one line in another encoding does not spoil the others.
    lines = data.split(b"\n") if _is_utf8_mostly(data) else [line.encode() for line in text.split("\n")]
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield Row(number, _content(number, line))


def _is_utf8_mostly(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    try:
        data[: data.find(b"\n") + 1 or len(data)].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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
