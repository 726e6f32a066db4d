"""Moving the clock of a demo, test or bench installation: the owner replaces xn_clock(), and puts it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, connections

from xiaoneng.jobs.trouble import CannotRun

# A session may name the moment; else the clock is the real one, shifted by what the table says.
_MOVABLE = """
CREATE TABLE IF NOT EXISTS clock_shift (one boolean PRIMARY KEY DEFAULT true CHECK (one), shift interval NOT NULL);
REVOKE INSERT, UPDATE, DELETE ON clock_shift FROM xn_app;
CREATE OR REPLACE FUNCTION xn_clock() RETURNS timestamptz LANGUAGE sql VOLATILE SET search_path = pg_catalog, xn, pg_temp AS $$
  SELECT coalesce(nullif(current_setting('xn.now', true), '')::timestamptz,
                  clock_timestamp() + coalesce((SELECT shift FROM clock_shift), interval '0'))
$$"""
_FIXED = """
CREATE OR REPLACE FUNCTION xn_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT pg_catalog.clock_timestamp() $$;
DROP TABLE IF EXISTS clock_shift"""


def declare(kind: str, name: str = "") -> None:
    """Declare what this installation is; a declaration is made once.

    :raises CannotRun: it has been declared something else.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO installation (kind, name) VALUES (%s, %s) ON CONFLICT DO NOTHING", [kind, name])
        cursor.execute("SELECT kind FROM installation")
        if cursor.fetchone()[0] != kind:
            raise CannotRun(f"这个数据库已登记为别的用途，不能改作 {kind}。请另建一个数据库。")


def make_movable() -> None:
    """Let the clock be moved from now on.

    :raises CannotRun: the installation is a production one.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT kind FROM installation")
        row = cursor.fetchone()
        if row is None or row[0] == "production":
            raise CannotRun("正式库的时钟不能拨动；只有登记为演示、测试或压测的库可以。")
        cursor.execute(_MOVABLE)


def make_fixed() -> None:
    """Put the real clock back for good."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_FIXED)


def shift(by: timedelta) -> None:
    """Shift the clock of every session by a length of time."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO clock_shift (shift) VALUES (%s) ON CONFLICT (one) DO UPDATE SET shift = excluded.shift",
            [f"{by.total_seconds()} seconds"],
        )


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let this session's clock stand at a moment, and afterwards where it stood before."""
    before = _stand_at("")
    _stand_at(moment.isoformat())
    try:
        yield
    finally:
        _stand_at(before)


@contextmanager
def moving() -> Iterator[Callable[[datetime], None]]:
    """Give the hand that sets this session's clock from moment to moment; afterwards it stands where it stood before."""
    before = _stand_at("")
    try:
        yield lambda moment: _set(moment.isoformat())
    finally:
        _set(before)


def _set(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('xn.now', %s, false)", [moment])


def _stand_at(moment: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('xn.now', true), '')")
        before = cursor.fetchone()[0]
    _set(moment)
    return str(before)
