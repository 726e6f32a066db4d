"""The way back from a backup: into an empty database and home, and never silently.

What happened after the backup was made is lost with the old database. So the return is noted in the administrative
record with the head of the log that was restored, and whoever kept a later checkpoint can say how much is missing.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections

from xiaoneng.evidence import reads as evidence
from xiaoneng.jobs import database
from xiaoneng.jobs.backups import folder as folders
from xiaoneng.jobs.backups import programs
from xiaoneng.jobs.backups.folder import Manifest
from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.kit import clock, home
from xiaoneng.supervision import actions as supervision
from xiaoneng.trail import actions as trail
from xiaoneng.trail.reads import RESTORED

# A database in which somebody has begun to work holds at least one of these.
_BEGUN = ("installation", "org_region", "people_account", "catalogue_item", "entry")


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that somebody kept elsewhere: how long the log was then, and its root."""

    size: int
    root: str


def witnessed(path: Path) -> Witnessed:
    """Read a checkpoint as the platform publishes it; of a list the longest.

    :raises CannotRun: it is none
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        listed = read.get("checkpoints", [read]) if isinstance(read, dict) else read
        last = max(listed, key=lambda each: each["size"])
        return Witnessed(int(last["size"]), str(last["root"]))
    except (OSError, ValueError, TypeError, KeyError) as trouble:
        raise CannotRun(
            f"{path} 不是检查点文件（{trouble}）。请提供从 /evidence/checkpoints.json 保存的文件。"
        ) from None


def bring_back(folder: Path) -> Manifest:
    """Fill an empty database and home from a checked backup and bring them to the program's own state.

    :raises CannotRun: the backup is damaged, or somebody works here already
    """
    manifest = folders.check(folder)
    database.prepare(bare=True)
    _refuse_where_work_has_begun()
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP SCHEMA xn CASCADE")
    connections.close_all()
    programs.run("pg_restore", ["--no-owner", "--exit-on-error", "--single-transaction", str(folder / folders.DUMP)])
    _copy_back(folder)
    database.prepare()  # a backup of an older program lacks the migrations since
    _note(manifest)
    supervision.record_red_lights(clock.now)  # what turned red since the backup was made is already true
    return manifest


def missing(witness: Witnessed) -> int:
    """Count the entries that a kept checkpoint covered and the restored log does not have.

    :raises CannotRun: the restored log is another one than the checkpoint was of
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT size FROM log_state")
        size = cursor.fetchone()[0]
    if witness.size > size:
        return int(witness.size - size)
    if witness.size and evidence.root(witness.size).hex() != witness.root:
        raise CannotRun(
            f"恢复出的存证日志前 {witness.size} 条与所给检查点的根哈希不一致：这不是同一本日志，或者它被改写过。"
            "请保留现场，通知效能监察部门。"
        )
    return 0


def _refuse_where_work_has_begun() -> None:
    with connections["owner"].cursor() as cursor:
        for table in _BEGUN:
            cursor.execute("SELECT to_regclass(%s)", [f"xn.{table}"])
            if cursor.fetchone()[0] is None:
                continue
            cursor.execute(f"SELECT EXISTS (SELECT FROM xn.{table})")
            if cursor.fetchone()[0]:
                raise CannotRun(
                    "这里的数据库已经在使用，恢复会抹掉其中的内容，因此没有进行。"
                    "请用环境变量 XIAONENG_HOME 指定一个新的空目录（或换一个空的外部数据库），再执行一次。"
                )


def _copy_back(folder: Path) -> None:
    shutil.copytree(folder / folders.FILES, settings.FILES_DIRECTORY, dirs_exist_ok=True)
    for name in home.KEYS:
        kept = folder / folders.KEYS / name
        if kept.exists():
            shutil.copy2(kept, Path(settings.HOME, name))


def _note(manifest: Manifest) -> None:
    trail.note_change(
        trail.PLATFORM, "从备份恢复", f"{manifest.name}，备份于 {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC",
        key=RESTORED, at=clock.now(),
        after={"日志条数": manifest.entries, "存证日志": manifest.log_size, "根哈希": manifest.log_root},
        reason="此后到恢复之时的办理内容不在备份里；恢复后由新的检查点接续。",
    )  # fmt: skip
