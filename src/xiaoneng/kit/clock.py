"""What time it is. Only the top floor asks; below it, the moment is handed in."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection


def now() -> datetime:
    """Return the present moment in UTC, to the microsecond.

    :raises ImproperlyConfigured: when settings ask a production database to set the time
    """
    return _database_time() if settings.CLOCK == "database" else datetime.now(UTC)


def _database_time() -> datetime:
    # The kind is read together with the time, so an installation that is declared production later is noticed at once.
    with connection.cursor() as cursor:
        cursor.execute("SELECT xn.xn_clock(), (SELECT kind FROM xn.installation)")
        moment, kind = cursor.fetchone()
    if kind not in ("demo", "test", "bench"):
        raise ImproperlyConfigured(
            "XIAONENG_CLOCK=database 只能用于演示、测试和压测环境，"
            f"本库登记为 {kind or '未登记'}；请去掉该设置后重新启动。"
        )
    present: datetime = moment.astimezone(UTC)
    return present
