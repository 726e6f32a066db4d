"""The database that keeps the journal: its settings, who may do what, its functions, its triggers, its clock (40)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from xiaoneng.catalogue import models as catalogue
from xiaoneng.evidence import models as evidence
from xiaoneng.jobs.doctor.reading import rows
from xiaoneng.jobs.doctor.report import Fault, Faults
from xiaoneng.matters import models

SQL = [Path(str(room.__file__)).parent / "sql" for room in (models, evidence)]
SQL.append(Path(str(catalogue.__file__)).parent / "sql" / "owner")
TABLES = ["installation", "matter", "matter_opened", "entry", "clock", "pause", "series", "document",
          "log_leaf", "log_tile", "log_state", "log_key", "checkpoint"]  # fmt: skip
TRIGGERS = {
    "entry_is_append_only",
    "entry_is_never_emptied",
    "no_version_without_its_entry",
    "no_matter_begins_without_its_entry",
    "matter_is_kept_as_opened",
    "draft_is_forgotten",
    "records_are_append_only",
    "records_are_never_emptied",
    "seals_are_append_only",
    "seals_are_never_emptied",
    "leaf_is_append_only",
    "leaf_is_never_emptied",
    "tile_is_append_only",
    "tile_is_never_emptied",
    "key_is_append_only",
    "key_is_never_emptied",
    "checkpoint_is_append_only",
    "checkpoint_is_never_emptied",
}
DURABLE = {"fsync": ("on",), "full_page_writes": ("on",), "synchronous_commit": ("on", "remote_apply")}
OFFSET = timedelta(seconds=2)
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
_FUNCTION = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)\((.*?)AS \$\$(.*?)\$\$", re.DOTALL)


def check(kind: str, clock: Callable[[], datetime]) -> Faults:
    """Check the database.

    :param kind: what the installation declares itself.
    :param clock: tells the moment by this machine's own clock.
    """
    yield from _settings()
    yield from _serving_role()
    yield from _functions(kind)
    yield from _triggers()
    yield from _migrations()
    yield from _offset(clock)


def _settings() -> Faults:
    for name, accepted in DURABLE.items():
        value = rows("SELECT current_setting(%s)", name)[0][0]
        if value not in accepted:
            yield Fault(40, f"数据库设置 {name} = {value}，应为 on，否则断电会丢失已经确认的办理")


_ROLE = """
SELECT current_user, session_user, rolsuper, rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication,
  pg_has_role(session_user, 'xn_owner', 'MEMBER'), has_schema_privilege(session_user, 'xn', 'CREATE')
FROM pg_roles WHERE rolname = session_user"""
_RIGHTS = """
SELECT t, p FROM unnest(%s::text[]) t, unnest(%s::text[]) p
WHERE has_table_privilege(session_user, 'xn.' || t, p)
   OR (p IN ('INSERT', 'UPDATE') AND has_any_column_privilege(session_user, 'xn.' || t, p))"""
_OWNED = """
SELECT relname FROM pg_class WHERE relnamespace = 'xn'::regnamespace AND pg_has_role(session_user, relowner, 'MEMBER')
UNION ALL
SELECT proname FROM pg_proc WHERE pronamespace = 'xn'::regnamespace AND pg_has_role(session_user, proowner, 'MEMBER')"""


def _serving_role() -> Faults:
    current, session, superuser, strong, owner, creates = rows(_ROLE)[0]
    if superuser or owner:
        what = "超级用户" if superuser else "属于 xn_owner"
        yield Fault(40, f"办理用的数据库登录 {session} 是{what}，能够改写留痕；请换用只属于 xn_app 的登录")
        return  # everything below would only say the same again
    if current != session:
        yield Fault(40, f"办理用的登录 {session} 以 {current} 的身份办理")
    if strong:
        yield Fault(40, f"办理用的登录 {session} 有建库、建角色、复制或者绕过行级保护的权力")
    if creates:
        yield Fault(40, f"办理用的登录 {session} 可以在留痕的模式中新建函数和表")
    for table, right in rows(_RIGHTS, TABLES, list(WRITES)):
        yield Fault(40, f"办理用的登录 {session} 对 {table} 表有 {right} 权，能够绕过办理函数")
    for table, right in rows(_RIGHTS, ["trail_record", "trail_sealed"], ["UPDATE", "DELETE", "TRUNCATE"]):
        yield Fault(40, f"办理用的登录 {session} 对 {table} 表有 {right} 权，能够改写管理留痕")
    for (name,) in rows(_OWNED):
        yield Fault(40, f"办理用的登录 {session} 是 {name} 的所有者，能够替换它")


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the kernel: what it does, whether with its owner's rights, and where it looks names up."""

    source: str
    as_owner: bool
    config: tuple[str, ...]


def shipped_functions() -> dict[str, Function]:
    """Return the kernel's functions as the program ships them."""
    found: dict[str, Function] = {}
    for path in sorted(path for folder in SQL for path in folder.glob("*.sql")):
        for name, head, source in _FUNCTION.findall(path.read_text(encoding="utf-8")):
            settings = re.findall(r"SET (\w+) = ('[^']*'|\w+(?:, \w+)*)", head)
            config = tuple(setting + "=" + value.strip("'") for setting, value in settings)
            found[name] = Function(source, "SECURITY DEFINER" in head, config)
    return found


_FUNCTIONS = """
SELECT p.proname, p.prosrc, p.prosecdef, coalesce(p.proconfig, '{}'), r.rolname, r.rolsuper
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
WHERE p.pronamespace = 'xn'::regnamespace AND (p.proname = ANY (%s) OR p.prosecdef)"""


def _functions(kind: str) -> Faults:
    shipped = shipped_functions()
    found = rows(_FUNCTIONS, list(shipped))
    for name, source, as_owner, config, owner, superuser in found:
        if name not in shipped:
            yield Fault(40, f"函数 {name} 以所有者的权力运行，却不是随程序发布的")
            continue
        if owner != "xn_owner" or superuser:
            yield Fault(40, f"函数 {name} 的所有者是 {owner}，应为不是超级用户的 xn_owner")
        if name != "xn_clock" and Function(source, as_owner, tuple(config)) != shipped[name]:
            yield Fault(40, f"函数 {name} 与随程序发布的不同")
    for name in sorted(shipped.keys() - {row[0] for row in found}):
        yield Fault(40, f"函数 {name} 不在了")
    if kind in ("", "production") and not has_real_clock():
        yield Fault(40, "留痕时钟 xn_clock 被换过；正式库只能使用真实时钟")


def has_real_clock() -> bool:
    """Tell whether xn_clock() is the real clock, as the program ships it."""
    found = [Function(row[1], row[2], tuple(row[3])) for row in rows(_FUNCTIONS, ["xn_clock"]) if row[0] == "xn_clock"]
    return found == [shipped_functions()["xn_clock"]]


def _triggers() -> Faults:
    statement = """SELECT tgname FROM pg_trigger WHERE tgname = ANY (%s) AND tgenabled IN ('O', 'A')
                   AND tgrelid IN ('xn.entry'::regclass, 'xn.matter'::regclass, 'xn.trail_record'::regclass,
                     'xn.trail_sealed'::regclass,
                     'xn.log_leaf'::regclass, 'xn.log_tile'::regclass, 'xn.log_key'::regclass, 'xn.checkpoint'::regclass)"""
    for name in sorted(TRIGGERS - {row[0] for row in rows(statement, list(TRIGGERS))}):
        yield Fault(40, f"保护日志的触发器 {name} 不在或者已停用")


def _migrations() -> Faults:
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Fault(40, f"数据库缺少迁移 {migration.app_label}.{migration.name}；请运行 xiaoneng migrate")
    known, applied = executor.loader.disk_migrations or {}, executor.loader.applied_migrations or {}
    ours = {app for app, _ in known}
    for app, name in sorted(key for key in applied.keys() - known.keys() if key[0] in ours):
        yield Fault(40, f"数据库有程序不认识的迁移 {app}.{name}；请换用更新的程序")


def _offset(clock: Callable[[], datetime]) -> Faults:
    before, there, after = clock(), rows("SELECT clock_timestamp()")[0][0], clock()
    apart = max(before - there, there - after)  # the question itself takes time on a busy machine
    if apart > OFFSET:
        yield Fault(40, f"本机时间与数据库时间相差 {apart.total_seconds():.1f} 秒，应在两秒以内")
