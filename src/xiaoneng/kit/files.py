"""Files that people hand in: checked by content, kept once under the hash of what they hold, never lost half-way."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from xiaoneng.kit import contents, packages
from xiaoneng.kit.contents import Refused
from xiaoneng.kit.faults import fault

__all__ = ["Accepted", "Kept", "NoSpace", "Refused", "check", "is_intact", "keep", "open_kept", "orphans", "safe_name"]

NAME_BYTES = 200  # of a name in UTF-8; file systems take 255
TEMPORARY = ".incoming-"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}

# kind -> the type it is served as, the extension it is stored with, and the extensions a name may have
_KINDS = {
    "pdf": ("application/pdf", "pdf", {"pdf"}),
    "jpeg": ("image/jpeg", "jpg", {"jpg", "jpeg", "jpe", "jfif"}),
    "png": ("image/png", "png", {"png"}),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", {"docx"}),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", {"xlsx"}),
    "ofd": ("application/ofd", "ofd", {"ofd"}),
}
SERVED = tuple(mime for mime, _, _ in _KINDS.values())


class NoSpace(Refused):
    """There is no room to keep the file now; nothing was changed and the same upload works later (status 503)."""


@dataclass(frozen=True)
class Accepted:
    """A file that passed the check: its cleaned name, its kind by content, and how it is served."""

    name: str
    kind: str
    mime: str
    extension: str
    size: int


@dataclass(frozen=True)
class Kept:
    """A file on disk: the hash of its content, its length, and its path below the directory."""

    sha256: str
    size: int
    path: str


# --- the check --------------------------------------------------------------------------------------------------------
def check(name: str, stream: BinaryIO, *, limit: int) -> Accepted:
    """Check an uploaded file by its content and leave the stream at its beginning.

    :raises Refused: with what to do next
    """
    if any(unicodedata.category(character) in _INVISIBLE for character in name):
        raise Refused("文件名里有看不见的控制字符，请改名后再上传。")
    size = stream.seek(0, os.SEEK_END) or stream.tell()
    if size == 0:
        raise Refused("文件是空的，请确认选对了文件后再上传。")
    if size > limit:
        raise Refused(f"文件超过 {_readable(limit)}，请压缩或拆分后再上传。")
    kind = _inspected_kind(stream, size)
    mime, extension, allowed = _KINDS[kind]
    _agree(name, kind, allowed)
    stream.seek(0)
    return Accepted(safe_name(name), kind, mime, extension, size)


def _inspected_kind(stream: BinaryIO, size: int) -> str:
    stream.seek(0)
    kind = contents.kind_of(stream.read(1024))
    if kind == "package":
        return packages.inspect_package(stream, size)
    if contents.hides_an_archive(stream, size):
        raise Refused(contents.POLYGLOT)
    if kind == "pdf":
        contents.inspect_pdf(stream)
    else:
        contents.inspect_image(stream, kind)
    return kind


def _agree(name: str, kind: str, allowed: Set[str]) -> None:
    _, dot, extension = name.rpartition(".")
    if not dot:
        raise Refused(f"文件名没有后缀，请在文件名末尾加上 .{_KINDS[kind][1]} 后再上传。")
    if extension.strip().lower() not in allowed:
        raise Refused(
            f"文件名的后缀是 .{extension.strip()[:10]}，内容却是 {kind.upper()}；"
            f"请核对是否选错了文件，或把后缀改为 .{_KINDS[kind][1]} 后再上传。"
        )


def _readable(size: int) -> str:
    return f"{size / 2**20:.0f} MB" if size >= 2**20 else f"{size / 2**10:.0f} KB"


def safe_name(name: str) -> str:
    """Return a name that is safe to show and to save under on any system: no path, nothing invisible, not too long."""
    visible = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) not in _INVISIBLE)
    last = re.split(r"[/\\]", visible)[-1]
    plain = re.sub(r'[<>:"|?*]', "_", last).strip(". \u3000")
    if _RESERVED.match(plain):
        plain = "_" + plain
    stem, dot, extension = plain.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = plain, "", ""
    room = NAME_BYTES - len((dot + extension).encode())
    return (stem.encode()[:room].decode(errors="ignore") + dot + extension) or "未命名"


# --- the keeping ------------------------------------------------------------------------------------------------------
def keep(stream: BinaryIO, directory: Path) -> Kept:
    """Keep a copy of the stream under the hash of its content; the same content is kept once, however often it comes.

    The copy is complete on disk before it gets its name, so a name never stands for half a file. Renaming over an equal
    file makes it young again, so that no clean-up of orphans takes it away from the case that is just being written.

    :raises NoSpace: when the disk is full; nothing is left behind then
    """
    with _room_or_refusal():
        directory.mkdir(parents=True, exist_ok=True)
        temporary = directory / (TEMPORARY + secrets.token_hex(16))
        try:
            sha256, size = _write(stream, temporary)
            fault("file-written")
            path = Path(sha256[:2], sha256[2:4], sha256)
            _rename(temporary, directory, path)
        except BaseException:
            with suppress(FileNotFoundError):
                temporary.unlink()
            raise
    fault("file-renamed")
    return Kept(sha256, size, str(path))


def _write(stream: BinaryIO, temporary: Path) -> tuple[str, int]:
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        while chunk := stream.read(contents.CHUNK):
            digest.update(chunk)
            size += copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest(), size


def _rename(temporary: Path, directory: Path, path: Path) -> None:
    target = directory / path
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(temporary, target)
    for changed in (target.parent, target.parent.parent, directory):
        handle = os.open(changed, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _room_or_refusal() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise NoSpace("服务器存储空间不足，文件没有保存；已填写的内容不受影响，请稍后再上传或联系窗口。") from error
        raise


def open_kept(directory: Path, sha256: str) -> BufferedReader:
    """Open a kept file for reading.

    :raises FileNotFoundError: when no file with this hash is kept
    """
    return (directory / _path(sha256)).open("rb")


def is_intact(directory: Path, sha256: str) -> bool:
    """Tell whether the file is there and still holds what its hash says."""
    try:
        with open_kept(directory, sha256) as kept:
            return hashlib.file_digest(kept, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def orphans(directory: Path, known: Set[str], older_than: datetime) -> list[Path]:
    """Return the files last written before the moment that no known hash stands for, leftovers of uploads included."""
    found = []
    for path in directory.rglob("*"):
        with suppress(FileNotFoundError):  # a file may be renamed while we look
            if path.name not in known and path.is_file() and path.stat().st_mtime < older_than.timestamp():
                found.append(path)
    return sorted(found)


def _path(sha256: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise FileNotFoundError(f"not a hash: {sha256[:80]!r}")
    return Path(sha256[:2], sha256[2:4], sha256)
