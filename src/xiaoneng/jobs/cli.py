"""The command line: finds the command, puts a running, migrated database under it where it needs one, and runs it."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from threading import Timer
from types import FrameType
from typing import NoReturn, Protocol, cast

from xiaoneng.jobs import commands
from xiaoneng.jobs.trouble import CannotRun

SOUND, COULD_NOT_RUN, INTERRUPTED = 0, 2, 130
A_MOMENT = 0.02  # seconds


class Command(Protocol):
    """What each module in `commands` offers; its imports of Django stand inside `execute`, so that help is instant."""

    NAME: str
    HELP: str
    NEEDS_DATABASE: bool

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments of the command."""

    def execute(self, args: argparse.Namespace) -> int:
        """Do the work and return the exit code."""


class Parser(argparse.ArgumentParser):
    """A parser that says in Chinese where help is."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and leave with 2."""
        self.exit(COULD_NOT_RUN, f"命令写法有误：{message}\n请用 {self.prog} --help 查看用法。\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 could not run, 130 interrupted, else the command's own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoneng.config.settings")
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    never_lose_an_interrupt()
    args = parser().parse_args(arguments)
    try:
        return _run(args.command, args)
    except CannotRun as trouble:
        print(f"无法执行：{trouble}", file=sys.stderr)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOUND
    except OSError as trouble:
        advice = "请检查该处的权限与磁盘空间；数据目录可用环境变量 XIAONENG_HOME 另选。"
        print(f"无法执行：{trouble.filename or ''} {trouble.strerror or trouble}。{advice}", file=sys.stderr)
        return COULD_NOT_RUN


def never_lose_an_interrupt() -> None:
    """Let a Ctrl-C that came where Python can raise nothing, as in the midst of an import, come once more."""
    told = sys.unraisablehook

    def again(lost: sys.UnraisableHookArgs) -> None:
        if lost.exc_type is KeyboardInterrupt:
            Timer(A_MOMENT, os.kill, (os.getpid(), signal.SIGINT)).start()
        else:
            told(lost)

    sys.unraisablehook = again


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands found in the package `commands`."""
    top = Parser(prog="xiaoneng", description="在线审批、网上办事大厅与效能监察一体化平台")
    names = top.add_subparsers(title="命令", metavar="命令", required=True)
    for command in _found():
        below = names.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(below)
        below.set_defaults(command=command)
    return top


def _found() -> Iterator[Command]:
    # Rooms of one floor do not know each other, so the other room's commands are found by its name.
    for package in (commands, importlib.import_module("xiaoneng.api.commands")):
        for module in pkgutil.iter_modules(package.__path__):
            yield cast("Command", importlib.import_module(f"{package.__name__}.{module.name}"))


def _run(command: Command, args: argparse.Namespace) -> int:
    with ExitStack() as until_done:
        if not command.NEEDS_DATABASE:
            return command.execute(args)
        import django
        from django.conf import settings
        from django.db.utils import OperationalError

        from xiaoneng.jobs import postgres

        if settings.EMBEDDED:
            until_done.enter_context(postgres.running())
        django.setup()
        from xiaoneng.jobs import database

        database.prepare(tell)
        try:
            return command.execute(args)
        except OperationalError as trouble:
            raise CannotRun(f"执行中数据库中断：{str(trouble).strip()}\n请确认数据库已恢复，再执行一次。") from None


def tell(text: str) -> None:
    """Show a line of progress to a person at a terminal, and nothing in a pipe."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # leaving takes a moment, and once is enough
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
