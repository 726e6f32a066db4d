"""A database of its own for a bench, beside the city's on the same server, gone again afterwards."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections

from xiaoneng.catalogue import actions as catalogue
from xiaoneng.jobs import database, time_machine
from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.org import actions as org

DATABASE = "xiaoneng_bench"


@contextmanager
def own_database() -> Iterator[str]:
    """Let every connection of this process lead to a fresh database that is declared a bench, and drop it at the end.

    :raises CannotRun: the server is not the embedded one, or another bench runs
    """
    if not settings.EMBEDDED:
        raise CannotRun("压测只在内置数据库上进行，不碰外部数据库。请去掉环境变量 XIAONENG_DATABASE_URL 后再执行。")
    with _alone(settings.HOME), _renamed(DATABASE):
        database.drop(DATABASE)
        try:
            database.prepare()
            time_machine.declare("bench", "压测")
            org.ensure_national_calendar()
            org.ensure_roles()
            catalogue.ensure_kinds()
            yield DATABASE
        finally:
            connections.close_all()
            database.drop(DATABASE)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with open(home / "run" / "bench.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun("另一个压测正在进行，两个同时跑结果都不准。请等它结束后再执行。") from None
        yield


@contextmanager
def _renamed(name: str) -> Iterator[None]:
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _lead_to(dict.fromkeys(before, name))
    try:
        yield
    finally:
        _lead_to(before)


def _lead_to(names: dict[str, str]) -> None:
    connections.close_all()
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = name  # shared by the connections of every thread
