"""Making a backup while the city goes on working."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from xiaoneng.evidence import reads as evidence
from xiaoneng.jobs.backups import folder as folders
from xiaoneng.jobs.backups import programs
from xiaoneng.jobs.backups.folder import Manifest
from xiaoneng.jobs.doctor.operation import LAST_BACKUP
from xiaoneng.kit import clock, files, home

_FIGURES = """SELECT i.kind, i.name, (SELECT count(*) FROM entry), (SELECT size FROM log_state), pg_export_snapshot()
FROM (SELECT 1) one LEFT JOIN installation i ON true"""


def make(folder: Path) -> Manifest:
    """Write everything of one moment into an empty folder: the database, the files, the keys, and their sums."""
    with _one_moment() as (manifest, snapshot):
        dump = folder / folders.DUMP
        programs.run("pg_dump", ["--format=custom", "--schema=xn", f"--snapshot={snapshot}", f"--file={dump}"])
    # After the database: a file is kept before the row that names it is written, so no row of the dump lacks its file.
    _copy_files(folder / folders.FILES)
    _copy_keys(folder / folders.KEYS)
    folder.joinpath(folders.MANIFEST).write_text(manifest.as_json(), encoding="utf-8")
    folders.sum_up(folder)
    return manifest


def note_success() -> None:
    """Leave the mark by which the doctor knows that there is a fresh backup."""
    Path(settings.HOME, LAST_BACKUP).touch()


@contextmanager
def _one_moment() -> Iterator[tuple[Manifest, str]]:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(_FIGURES)
        kind, name, entries, size, snapshot = cursor.fetchone()
        root = evidence.root(size).hex() if size else ""
        yield Manifest(clock.now(), kind or "", name or "", entries, size, root), snapshot


def _copy_files(to: Path) -> None:
    source = Path(settings.FILES_DIRECTORY)
    incoming = shutil.ignore_patterns(f"{files.TEMPORARY}*")  # still being handed in: no row names them yet
    if source.exists():
        shutil.copytree(source, to, ignore=incoming, copy_function=_copy_unless_gone)
    to.mkdir(exist_ok=True)


def _copy_unless_gone(source: str, to: str) -> Any:
    try:
        return shutil.copy2(source, to)
    except FileNotFoundError:  # swept away meanwhile, because no row names it
        return to


def _copy_keys(to: Path) -> None:
    to.mkdir(mode=0o700)
    for name in home.KEYS:
        kept = Path(settings.HOME, name)
        if kept.exists():
            shutil.copy2(kept, to / name)
