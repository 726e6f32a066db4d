"""The ground in the database: two roles, a schema, rights, and the migrations on top."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import errors, sql

from xiaoneng import matters
from xiaoneng.jobs import time_machine
from xiaoneng.jobs.trouble import CannotRun

KERNEL = Path(matters.__file__).parent / "sql"
OLDEST = 150000  # PostgreSQL 15 made the schema public closed to everybody but its owner
SEARCH_PATH = "xn, public"
LOCK = 0x786E  # held while the ground is laid, so that of several processes one does it and the others wait
WEAK = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


@dataclass(frozen=True)
class Wish:
    """Something that must be so in the database: a question that finds out, and a remedy."""

    question: str
    remedy: str


def prepare(tell: Callable[[str], None] = lambda text: None, *, bare: bool = False) -> None:
    """Lay the ground and migrate, so that what serves never meets a half-made database.

    :param bare: lay the ground alone, for what brings its own tables.
    :raises CannotRun: where the server is not reached or an administrator's help is needed
    """
    if not settings.EMBEDDED and not settings.OWNER_DATABASE_URL:
        raise CannotRun(
            "已设置 XIAONENG_DATABASE_URL，还须设置 XIAONENG_OWNER_DATABASE_URL：用于迁移，其登录可 SET ROLE xn_owner。"
        )
    owner = _name("owner")
    if settings.EMBEDDED:
        _create_database(owner)
    with _login("owner") as connection, _alone(connection):
        _check_version(connection)
        _fulfil(connection, _wishes(connection))
        _check_serving_login()
        if not bare:
            _migrate(tell)


def create_clone(template: str, name: str) -> None:
    """Copy a database of the embedded server that nobody is connected to."""
    with _login("owner", "postgres") as connection:
        names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER xn_owner").format(**names))
        connection.execute(sql.SQL("ALTER DATABASE {name} SET search_path = xn, public").format(**names))


def drop(name: str) -> None:
    """Remove a database of the embedded server, whoever is still connected to it."""
    with _login("owner", "postgres") as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def pending() -> list[str]:
    """Return the migrations that the code has and the database has not."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _name(alias: str) -> str:
    return str(connections[alias].settings_dict["NAME"])


def _login(alias: str, database: str = "") -> psycopg.Connection[Any]:
    # As the login itself: the role that Django's connections take may not exist yet.
    known = connections[alias].settings_dict
    given = {key: known[key.upper()] for key in ("host", "port", "user", "password") if known[key.upper()]}
    options = {key: value for key, value in known["OPTIONS"].items() if key not in ("options", "server_side_binding")}
    if not settings.EMBEDDED:
        options.setdefault("connect_timeout", 10)
    try:
        return psycopg.connect(autocommit=True, **{"dbname": database or known["NAME"], **given, **options})
    except psycopg.OperationalError as trouble:
        raise CannotRun(f"连接不上数据库：{str(trouble).strip()}\n{_how_to_reach(alias)}") from None


def _how_to_reach(alias: str) -> str:
    if settings.EMBEDDED:
        return "请看该目录中数据库的日志 server.log，再试一次。"
    variable = {"default": "XIAONENG_DATABASE_URL", "owner": "XIAONENG_OWNER_DATABASE_URL"}[alias]
    return f"请检查数据库服务器是否在运行，以及环境变量 {variable} 中的地址、库名、用户与密码。"


@contextmanager
def _alone(connection: psycopg.Connection[Any]) -> Iterator[None]:
    connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    yield  # closing the connection releases it, whatever happens


def _create_database(name: str) -> None:
    with _login("owner", "postgres") as connection, _alone(connection):
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _check_version(connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < OLDEST:
        raise CannotRun(
            f"需要 PostgreSQL 15 或更新版本，而这台服务器是 {connection.info.server_version // 10000}。请先升级。"
        )


def _wishes(connection: psycopg.Connection[Any]) -> list[Wish]:
    login, serving = connection.info.user, _serving_login()
    database = connection.info.dbname
    kind = "LOGIN" if serving == "xn_app" else "NOLOGIN"
    how = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    wishes = [
        Wish(_exists("pg_roles WHERE rolname = 'xn_owner'"), f"CREATE ROLE xn_owner NOLOGIN {WEAK}"),
        Wish(_exists("pg_roles WHERE rolname = 'xn_app'"), f"CREATE ROLE xn_app {kind} {WEAK}"),
        Wish(f"SELECT pg_has_role(session_user, 'xn_owner', '{how}')", f"GRANT xn_owner TO {_quoted(login)}"),
        Wish(
            "SELECT has_database_privilege('xn_owner', current_database(), 'CREATE')",
            f"GRANT CREATE ON DATABASE {_quoted(database)} TO xn_owner",
        ),
        Wish(_exists("pg_namespace WHERE nspname = 'xn'"), "CREATE SCHEMA xn AUTHORIZATION xn_owner"),
        Wish(
            _exists("pg_namespace WHERE nspname = 'xn' AND nspowner = 'xn_owner'::regrole"),
            "ALTER SCHEMA xn OWNER TO xn_owner",
        ),
        Wish(_exists("pg_extension WHERE extname = 'btree_gist'"), "CREATE EXTENSION btree_gist SCHEMA public"),
        Wish("SELECT has_schema_privilege('xn_app', 'xn', 'USAGE')", "GRANT USAGE ON SCHEMA xn TO xn_app"),
        _default_rights("r", "SELECT, INSERT, UPDATE, DELETE ON TABLES"),
        _default_rights("S", "USAGE, SELECT ON SEQUENCES"),
    ]
    if serving != "xn_app":
        member = f"SELECT pg_has_role({_literal(serving)}, 'xn_app', 'USAGE')"
        wishes.insert(2, Wish(member, f"GRANT xn_app TO {_quoted(serving)}"))
    if settings.EMBEDDED:
        setting = _literal(f"search_path={SEARCH_PATH}")
        here = "setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"
        wishes += [
            Wish(
                _exists("pg_database WHERE datname = current_database() AND datdba = 'xn_owner'::regrole"),
                f"ALTER DATABASE {_quoted(database)} OWNER TO xn_owner",
            ),
            Wish(
                _exists(f"pg_db_role_setting WHERE {here} AND {setting} = ANY (setconfig)"),
                f"ALTER DATABASE {_quoted(database)} SET search_path = {SEARCH_PATH}",
            ),
        ]
    return wishes


def _default_rights(kind: str, rights: str) -> Wish:
    # What the owner makes later is open to the serving role; the kernel's own migration closes its tables again.
    granted = f"""pg_default_acl WHERE defaclrole = 'xn_owner'::regrole AND defaclnamespace = 'xn'::regnamespace
        AND defaclobjtype = '{kind}' AND defaclacl::text LIKE '%xn_app=%'"""
    return Wish(_exists(granted), f"ALTER DEFAULT PRIVILEGES FOR ROLE xn_owner IN SCHEMA xn GRANT {rights} TO xn_app")


def _exists(where: str) -> str:
    return f"SELECT EXISTS (SELECT FROM {where})"


def _quoted(name: str) -> str:
    return sql.Identifier(name).as_string(None)


def _literal(text: str) -> str:
    return sql.Literal(text).as_string(None)


def _serving_login() -> str:
    known = connections["default"].settings_dict
    return str(known["USER"]) or _login_name()


def _login_name() -> str:
    with _login("default") as connection:
        return connection.info.user


def _fulfil(connection: psycopg.Connection[Any], wishes: list[Wish]) -> None:
    refused = []
    for wish in wishes:
        if not (_true(connection, wish.question) or _granted(connection, wish.remedy)):
            refused.append(f"{wish.remedy};")
    if refused:
        raise CannotRun(
            f"数据库登录 {connection.info.user} 的权限不够。"
            f"请让数据库管理员在库 {connection.info.dbname} 中执行下列语句，再重新启动：\n" + "\n".join(refused)
        )


def _done(connection: psycopg.Connection[Any], remedy: str) -> bool:
    try:
        connection.execute(remedy)
    except (errors.DuplicateObject, errors.UniqueViolation):
        return True  # roles belong to the whole server, and another database's process made it just now
    except (errors.InsufficientPrivilege, errors.UndefinedObject, errors.InvalidSchemaName):
        return False
    return True


def _granted(connection: psycopg.Connection[Any], remedy: str) -> bool:
    # What the login may not do itself, it may be able to do as the owner.
    if _done(connection, remedy):
        return True
    if not _done(connection, "SET ROLE xn_owner"):
        return False
    done = _done(connection, remedy)
    connection.execute("RESET ROLE")
    return done


def _true(connection: psycopg.Connection[Any], question: str) -> bool:
    try:
        row = connection.execute(question).fetchone()
    except (errors.UndefinedObject, errors.InvalidSchemaName):  # asks about something that is not there yet
        return False
    return bool(row and row[0])


def _check_serving_login() -> None:
    question = """SELECT rolsuper OR rolbypassrls OR pg_has_role(session_user, 'xn_owner', 'MEMBER'),
        pg_has_role(session_user, 'xn_app', 'USAGE') FROM pg_roles WHERE rolname = session_user"""
    with _login("default") as connection:
        row = connection.execute(question).fetchone()
        login = connection.info.user
    too_strong, serves = row if row else (False, False)
    if too_strong:
        raise CannotRun(
            f"办理用的数据库登录 {login} 是超级用户或属于 xn_owner，它能够改写留痕。"
            "请在 XIAONENG_DATABASE_URL 中换用只属于 xn_app 的登录。"
        )
    if not serves:
        raise CannotRun(
            f"办理用的数据库登录 {login} 不属于 xn_app。请让数据库管理员执行：GRANT xn_app TO {_quoted(login)};"
        )


def _migrate(tell: Callable[[str], None]) -> None:
    try:
        if waiting := pending():
            tell(f"正在准备数据库（{len(waiting)} 项迁移）……")
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            _lead_to_what_was_opened()
        _renew_functions()
    finally:
        connections["owner"].close()  # nothing that serves keeps the owner's connection


def _lead_to_what_was_opened() -> None:
    # Django points a foreign key to the table of its model; those to matters lead beside it (docs/adr/0022).
    with connections["owner"].cursor() as cursor:
        cursor.execute((KERNEL / "after" / "references.sql").read_text())


def _renew_functions() -> None:
    # The kernel's functions are replaced as a whole when the program ships other ones; tables go by migrations.
    shipped = (KERNEL / "functions.sql").read_text()
    digest = hashlib.sha256(shipped.encode()).hexdigest()
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regproc('xn.move'), 'pg_proc')")
        if cursor.fetchone()[0] == digest:
            return
        cursor.execute("SELECT to_regclass('xn.clock_shift') IS NOT NULL")
        movable = cursor.fetchone()[0]
        cursor.execute(shipped)
        cursor.execute(
            sql.SQL("DO $$ BEGIN EXECUTE format('COMMENT ON FUNCTION %s IS %L', to_regproc('xn.move')::regprocedure, {}); END $$")
            .format(sql.Literal(digest)).as_string(None)
        )  # fmt: skip
        if movable:  # the shipped functions bring the real clock; one that may be moved stays so
            time_machine.make_movable()
