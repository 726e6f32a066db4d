"""Folders that appear whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xiaoneng.jobs.trouble import CannotRun


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Give a draft beside the place of a folder and put it there once all is written; what fails leaves nothing.

    :raises CannotRun: there is something at the place already
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotRun(f"{folder} 里已经有东西。请换一个不存在的或者空的目录，已有的文件不会被覆盖。")
    draft = folder.with_name(f".{folder.name}.未完成")
    shutil.rmtree(draft, ignore_errors=True)  # what a killed command left
    draft.mkdir(mode=0o700, parents=True)
    try:
        yield draft
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
