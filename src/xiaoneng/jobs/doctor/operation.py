"""The state of operation: worth a warning, no finding."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Warning_
from xiaoneng.rules.workdays import local

LEAST_FREE = 0.15
PRINTED_WITHIN = timedelta(minutes=10)
SEALED_WITHIN = timedelta(minutes=10)
_UNSEALED = """
SELECT min(e.recorded_at) FROM entry e WHERE e.id > (SELECT settled FROM log_state)
  AND NOT EXISTS (SELECT FROM log_leaf l WHERE l.entry_id = e.id
                  AND l.position < (SELECT coalesce(max(size), 0) FROM checkpoint))"""
BACKUP_WITHIN = 24 * 3600  # seconds
LAST_BACKUP = "last-backup"  # touched in the home directory by every backup that succeeded


def warnings(kind: str, now: datetime) -> Iterator[Warning_]:
    """Return what somebody should look at."""
    yield from _backup(kind)
    yield from _disk()
    provisional = rows(
        """SELECT count(*) FROM clock k JOIN matter m ON m.id = k.matter_id
           WHERE k.provisional AND k.state <> 'stopped' AND NOT m.closed"""
    )[0][0]
    if provisional:
        yield Warning_(f"{provisional} 个期限算到了还没有放假安排的年份，暂定；通知公布后请导入日历", "日历")
    if (oldest := rows(_UNSEALED)[0][0]) is not None and now - oldest > SEALED_WITHIN:
        text = f"{local(oldest):%Y-%m-%d %H:%M} 起的日志还没有签名的检查点覆盖，超过十分钟；请确认后台任务在运行"
        yield Warning_(text, "存证日志")
    unprinted = rows(
        """SELECT count(*) FROM document d WHERE issued_at < %s
           AND NOT EXISTS (SELECT 1 FROM matters_documentfile f WHERE f.document_id = d.id)""",
        now - PRINTED_WITHIN,
    )[0][0]
    if unprinted:
        yield Warning_(f"{unprinted} 份文书发出十分钟以上还没有印制；请确认后台任务在运行", "文书")


def _backup(kind: str) -> Iterator[Warning_]:
    if kind not in ("", "production"):
        return
    mark = Path(settings.HOME) / LAST_BACKUP
    if not mark.exists() or time.time() - mark.stat().st_mtime > BACKUP_WITHIN:
        yield Warning_("最近 24 小时没有备份记录；请运行 xiaoneng backup", "备份")


def _disk() -> Iterator[Warning_]:
    usage = shutil.disk_usage(settings.HOME)
    if usage.free < LEAST_FREE * usage.total:
        yield Warning_(f"磁盘只剩 {usage.free / usage.total:.0%}，低于 15%；请清理或者扩容", str(settings.HOME))
