"""A backup's folder: what lies in it, its manifest, and the sums by which any machine can check it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from xiaoneng.jobs.trouble import CannotRun

DUMP = "database.dump"
FILES = "files"
KEYS = "keys"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
FORM = 1
SHOWN = 5
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was backed up: of which installation, when, and how far its journals had come."""

    made_at: datetime
    kind: str
    name: str
    entries: int
    log_size: int
    log_root: str
    form: int = FORM

    def as_json(self) -> str:
        """Return the manifest as its file holds it."""
        return json.dumps(asdict(self) | {"made_at": self.made_at.isoformat()}, ensure_ascii=False, indent=1)


def sum_up(folder: Path) -> int:
    """Write the sums of every file in the folder, as `sha256sum -c` reads them, and return how many there are."""
    lines = [f"{digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in _all(folder)]
    folder.joinpath(SUMS).write_text("".join(lines), encoding="utf-8")
    return len(lines)


def check(folder: Path) -> Manifest:
    """Return what a backup holds, once every byte of it was compared with its sum.

    :raises CannotRun: it is no backup, or something in it is missing, changed or was put in
    """
    try:
        sums = folder.joinpath(SUMS).read_text(encoding="utf-8").splitlines()
    except OSError:
        raise CannotRun(
            f"{folder} 不是完整的备份（缺少 {SUMS}）。请指定 xiaoneng backup 写好的那个目录；"
            "名字以“.未完成”结尾的是中断的备份，不能用。"
        ) from None
    wrong = list(_wrong(folder, dict(_line(line) for line in sums)))
    if wrong:
        more = f"\n……共 {len(wrong)} 处" if len(wrong) > SHOWN else ""
        listed = "\n".join(wrong[:SHOWN]) + more
        raise CannotRun(f"备份与它自己的校验和不符，没有恢复任何内容：\n{listed}\n请换用另一份备份。")
    return _manifest(folder)


def digest(path: Path) -> str:
    """Return a file's sum."""
    summed = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            summed.update(piece)
    return summed.hexdigest()


def _line(line: str) -> tuple[str, str]:
    summed, _, name = line.partition("  ")
    return name, summed


def _all(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / SUMS)


def _wrong(folder: Path, sums: dict[str, str]) -> Iterator[str]:
    there = {path.relative_to(folder).as_posix(): path for path in _all(folder)}
    for name in sorted(there.keys() | sums.keys()):
        if name not in there:
            yield f"缺少 {name}"
        elif name not in sums:
            yield f"多出 {name}"
        elif digest(there[name]) != sums[name]:
            yield f"内容已变 {name}"
    for name in sorted({DUMP, MANIFEST} - sums.keys()):
        yield f"校验和里没有 {name}"


def _manifest(folder: Path) -> Manifest:
    read = json.loads(folder.joinpath(MANIFEST).read_text(encoding="utf-8"))
    if read.get("form") != FORM:
        raise CannotRun(f"这份备份的格式是 {read.get('form')}，当前程序只认得 {FORM}。请用写下它的那个版本来恢复。")
    return Manifest(**read | {"made_at": datetime.fromisoformat(read["made_at"])})
