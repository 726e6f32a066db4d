"""The life of the embedded PostgreSQL server: started when needed, healed after a kill, stopped by the last one."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from xiaoneng.jobs import cluster as clusters
from xiaoneng.jobs import processes
from xiaoneng.jobs.cluster import Cluster
from xiaoneng.jobs.trouble import CannotRun

START_SECONDS = 60
FAST_SECONDS = 20
IMMEDIATE_SECONDS = 10
ORPHAN_SECONDS = 1.5
LOG_LIMIT = 10 * 1024 * 1024  # bytes; an older log is kept once


def is_running() -> bool:
    """Say whether the server takes connections."""
    return _ready(_here())


def ensure_running(*, stay: bool = True) -> bool:
    """Start the server unless it runs and say whether that was needed; with `stay` it outlives every `running()`.

    :raises CannotRun: where it cannot be started
    """
    cluster = _here()
    with _locked(cluster, "postgres.lock"):
        if _settled(cluster):
            return False
        _clear_away(cluster)
        _note(cluster).unlink(missing_ok=True)
        if not stay:
            _note(cluster).touch()  # before the start, which may be interrupted
        if not cluster.data.exists():
            clusters.create(cluster)
        _start(cluster)
        _record(cluster).write_text(f"{_told(cluster)[0]}\n")
        return True


def stop() -> None:
    """Stop the server, at once if it lingers, and leave none of its processes."""
    cluster = _here()
    with _locked(cluster, "postgres.lock"):
        for mode, seconds in (("fast", FAST_SECONDS), ("immediate", IMMEDIATE_SECONDS)):
            if _postmaster(cluster):
                _ask_to_stop(cluster, mode, seconds)
        processes.end(_postmaster(cluster))
        processes.end(_backends(cluster))
        _note(cluster).unlink(missing_ok=True)
        _record(cluster).unlink(missing_ok=True)


@contextmanager
def running(*, adopt: bool = False) -> Iterator[None]:
    """Keep the server running for a while; the last to leave stops what one of them started, or `adopt`ed.

    :raises CannotRun: where it cannot be started
    """
    cluster = _here()
    with _locked(cluster, "postgres.users", fcntl.LOCK_SH) as users:
        try:
            ensure_running(stay=False)
            if adopt:
                _note(cluster).touch()
            yield
        finally:
            if _last(users) and _note(cluster).exists():
                stop()


def _here() -> Cluster:
    return clusters.at(settings.HOME)


def _record(cluster: Cluster) -> Path:
    return cluster.home / "run" / "postgres.pid"


def _note(cluster: Cluster) -> Path:
    # Lies there while the server is to be stopped by the last who leaves; survives the kill of the one who started it.
    return cluster.home / "run" / "postgres.leaves-with-the-last"


@contextmanager
def _locked(cluster: Cluster, name: str, how: int = fcntl.LOCK_EX) -> Iterator[int]:
    handle = os.open(cluster.home / "run" / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield handle
    finally:
        os.close(handle)


def _last(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _postmaster(cluster: Cluster) -> list[int]:
    return [pid for pid, words in processes.command_lines_of(cluster.user) if _leads(cluster, words)]


def _leads(cluster: Cluster, words: list[str]) -> bool:
    return words[1:3] == ["-D", str(cluster.data)]


def _backends(cluster: Cluster) -> list[int]:
    title = f"postgres: {cluster.name}:"
    return [pid for pid, words in processes.command_lines_of(cluster.user) if words[0].startswith(title)]


def _told(cluster: Cluster) -> list[str]:
    try:
        return [line.strip() for line in (cluster.data / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []


def _ready(cluster: Cluster) -> bool:
    told = _told(cluster)
    return len(told) == 8 and told[7] == "ready" and _leads(cluster, processes.command_line(int(told[0])))


def _settled(cluster: Cluster) -> bool:
    if not cluster.data.exists():  # somebody removed the data under a server, which then serves nothing any more
        processes.end([*_postmaster(cluster), *_backends(cluster)])
    # A server found half-way up or down is waited for; nobody else starts or stops it while the lock is held.
    in_time = processes.wait_until(lambda: _ready(cluster) or not _postmaster(cluster), START_SECONDS)
    if not in_time:
        raise CannotRun(f"数据库在 {START_SECONDS} 秒内没有就绪。请查看日志 {cluster.log}，稍后再试。")
    return _ready(cluster)


def _clear_away(cluster: Cluster) -> None:
    # Backends of a killed server end by themselves when they notice; until then the shared memory is taken.
    if not processes.wait_until(lambda: not _backends(cluster), ORPHAN_SECONDS):
        processes.end(_backends(cluster))
    told = _told(cluster)
    # Where the number of a killed server is still listed, as another program's or because nobody collects the dead in a
    # container, PostgreSQL would take it for the server. It was not found above, so it is not.
    if told and told[0].lstrip("-").isdigit() and processes.listed(abs(int(told[0]))):
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)
        (cluster.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _start(cluster: Cluster) -> None:
    clusters.configure(cluster)
    if cluster.log.exists() and cluster.log.stat().st_size > LOG_LIMIT:
        cluster.log.rename(cluster.log.with_suffix(".log.1"))
    wait = ["-w", "-t", str(START_SECONDS), "-s"]
    try:
        clusters.run(
            cluster, "pg_ctl", ["start", "-D", str(cluster.data), "-l", str(cluster.log), *wait], START_SECONDS + 10
        )
    except CannotRun:
        last_words = cluster.log.read_text(errors="replace").splitlines()[-5:] if cluster.log.exists() else []
        raise CannotRun("\n".join([f"数据库未能启动，日志 {cluster.log} 的最后几行是：", *last_words])) from None


def _ask_to_stop(cluster: Cluster, mode: str, seconds: int) -> None:
    arguments = ["stop", "-D", str(cluster.data), "-m", mode, "-w", "-t", str(seconds), "-s"]
    try:
        clusters.run(cluster, "pg_ctl", arguments, seconds + 10)
    except CannotRun:  # too slow, or a stopped process that hears nothing: the next mode, and in the end SIGKILL
        for pid in _postmaster(cluster):
            os.kill(pid, signal.SIGCONT)
