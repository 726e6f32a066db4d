"""`xiaoneng serve`: the whole city at one address, and nothing of it left behind afterwards."""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xiaoneng.jobs.trouble import CannotRun

if TYPE_CHECKING:
    from xiaoneng.jobs.supervisor import Part

NAME = "serve"
HELP = "启动平台：数据库、网站与后台任务；按 Ctrl-C 全部停止"
NEEDS_DATABASE = False  # it is adopted here, so that a server left by a killed start ends with this one
WORKER = "from xiaoneng.jobs import worker; worker.main()"
APPLICATION = "xiaoneng.config.wsgi:application"
THREADS = 4  # of each web worker; with two workers eight pages at a time, each with one database connection
HEAL_PAUSE_SECONDS = 2.0
# Connections that each web worker keeps open. A browser holds up to six for half a minute after its last page, so this is
# bounded by the files that may be open and not by what is at work: whoever comes when it is reached waits at the door.
CONNECTIONS, OTHER_FILES = 4000, 200
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to serve, and with how much."""
    parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听地址（默认 127.0.0.1，仅本机可访问）")
    parser.add_argument("--port", type=_port, default=8000, metavar="端口", help="监听端口（默认 8000）")
    parser.add_argument("--no-demo", action="store_true", help="首次启动时不装入演示城市")
    parser.add_argument("--workers", type=_positive, default=2, metavar="个数", help="网站进程数（默认 2）")


def execute(args: argparse.Namespace) -> int:
    """Put everything in place, serve until told to end, and stop it all."""
    from django.conf import settings

    from xiaoneng.jobs.supervisor import Part

    parts = [
        Part("web", "网站", web_command(args.host, args.port, args.workers), settings.HOME),
        Part("worker", "后台任务", [sys.executable, "-c", WORKER], settings.HOME),
    ]
    address = f"http://{_bracketed(EVERYWHERE.get(args.host, args.host))}:{args.port}"
    with sole_start(settings.HOME, address), ExitStack() as until_end:
        for part in parts:
            part.clear_away()
        check_port_is_free(args.host, args.port)
        greeting = _make_ready(until_end, with_demo=not args.no_demo)
        _watch(parts, args.host, address, greeting)
        say("正在停止……")
    say("已全部停止。")
    return 0


@contextmanager
def sole_start(home: Path, address: str) -> Iterator[None]:
    """Hold this home for one start at a time.

    :raises CannotRun: where another one holds it
    """
    place = home / "run" / "serve.lock"
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(place, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotRun(
                f"平台已在运行（{file.read().strip()}），数据目录 {home}。"
                "请直接访问该网址，或先停止它；要另开一套请设置 XIAONENG_HOME。"
            ) from None
        file.truncate(0)
        file.write(f"{address}，进程号 {os.getpid()}")
        file.flush()
        record = place.with_name("supervisor.pid")
        record.write_text(f"{os.getpid()}\n")
        try:
            yield
        finally:
            record.unlink(missing_ok=True)


def check_port_is_free(host: str, port: int) -> None:
    """Try the address before anything is started.

    :raises CannotRun: where it is taken, unknown or forbidden
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except socket.gaierror:
        raise CannotRun(f"不认识监听地址“{host}”。请改用本机的一个地址，例如 --host 127.0.0.1。") from None
    except OSError as trouble:
        raise CannotRun(_why_not(trouble, host, port)) from None


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def _why_not(trouble: OSError, host: str, port: int) -> str:
    if trouble.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被别的程序占用。请停止那个程序，或换一个端口，例如 --port {port % 65535 + 1}。"
    if trouble.errno == errno.EACCES:
        return f"没有权限使用端口 {port}。请换用 1024 以上的端口，例如 --port 8000。"
    return f"不能在 {host}:{port} 监听：{trouble.strerror}。请改用本机的一个地址，例如 --host 127.0.0.1。"


def _make_ready(until_end: ExitStack, *, with_demo: bool) -> list[str]:
    import django
    from django.conf import settings

    from xiaoneng.jobs import postgres

    if settings.EMBEDDED:
        say("正在启动数据库……")
        until_end.enter_context(postgres.running(adopt=True))
    django.setup()
    from django.db import connections

    from xiaoneng.jobs import database

    database.prepare(say)
    greeting = _first_start(with_demo=with_demo)
    connections.close_all()
    return greeting


def _first_start(*, with_demo: bool) -> list[str]:
    from xiaoneng.jobs import demo, first_start

    if with_demo:
        return demo.ensure(say)
    made = first_start.as_production()
    return made or demo.greeting()


def _watch(parts: list[Part], host: str, address: str, greeting: list[str]) -> None:
    from django.conf import settings

    from xiaoneng.jobs.supervisor import Supervisor

    heal = heal_database if settings.EMBEDDED else None
    supervisor = Supervisor(parts, f"{address}/health", say, _environment(host, address), heal)
    lines = [f"\n已就绪：{address}", *greeting, "按 Ctrl-C 停止。"]
    supervisor.watch(lambda: say("\n".join(lines)))


def web_command(host: str, port: int, workers: int, application: str = APPLICATION) -> list[str]:
    """Return the command of the web server: bounded threads, bounded connections, dead workers replaced."""
    fixed = ["--interface", "wsgi", "--http", "1", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"]
    bounds = ["--workers", workers, "--blocking-threads", THREADS, "--backpressure", _connections(), "--backlog", 512]
    times = ["--blocking-threads-idle-timeout", 600, "--respawn-interval", 0.1, "--workers-kill-timeout", 3]
    place = ["--host", host or "0.0.0.0", "--port", port]
    words = [*fixed, *bounds, *times, *place, application]
    return [sys.executable, "-m", "granian", *map(str, words)]


def _connections() -> int:
    """Let as many files be open as the system allows, for what is started from here too, and bound connections by that."""
    wanted = CONNECTIONS + OTHER_FILES
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now != resource.RLIM_INFINITY and now < wanted:
        now = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))
    return CONNECTIONS if now == resource.RLIM_INFINITY else max(64, min(CONNECTIONS, now - OTHER_FILES))


def _environment(host: str, address: str) -> dict[str, str]:
    from django.conf import settings

    from xiaoneng.kit import metrics

    counts = settings.HOME / "run" / "metrics"
    metrics.begin(counts)
    environment = {"XIAONENG_PUBLIC_ADDRESS": address, metrics.SHARED: str(counts)}
    if host not in EVERYWHERE:
        environment["XIAONENG_ALLOWED_HOSTS"] = f"127.0.0.1,localhost,[::1],{_bracketed(host)}"
    elif "XIAONENG_ALLOWED_HOSTS" not in os.environ:
        say("提示：要让别的机器访问，请把本机的域名或地址写入环境变量 XIAONENG_ALLOWED_HOSTS（逗号分隔）。")
    return environment | dict(os.environ)


def heal_database() -> None:
    """Start the database again if it died."""
    from xiaoneng.jobs import postgres

    if postgres.is_running():
        return
    say("数据库意外退出，正在重新启动。")
    try:
        postgres.ensure_running(stay=False)
    except CannotRun as trouble:  # a full disk, say: keep trying, the pages meanwhile say that it is away
        say(str(trouble))
        time.sleep(HEAL_PAUSE_SECONDS)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"“{text}”不是端口号，请给 1 到 65535 之间的整数")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}”不是正整数")
    return int(text)
