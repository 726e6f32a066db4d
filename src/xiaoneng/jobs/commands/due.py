"""`xiaoneng due`: dates reckoned from a table, without a database."""

from __future__ import annotations

from xiaoneng.jobs.due import add_arguments, execute

__all__ = ["HELP", "NAME", "NEEDS_DATABASE", "add_arguments", "execute"]

NAME = "due"
HELP = "按法定规则推算到期日：读入 CSV，输出加上 due_on 与 provisional 两列的 CSV（不需要数据库）"
NEEDS_DATABASE = False
