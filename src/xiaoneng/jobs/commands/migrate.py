"""`xiaoneng migrate`: the database brought to the state that the program expects."""

from __future__ import annotations

import argparse

NAME = "migrate"
HELP = "准备数据库：角色、权限与全部迁移（可重复执行）"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: there is only one state to come to."""


def execute(args: argparse.Namespace) -> int:
    """Say that it is done, since every command that needs the database has it migrated before."""
    print("数据库已是最新。")
    return 0
