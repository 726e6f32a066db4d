"""The ground in the database: two roles and their rights, on our own server or on another."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg import errors

from jobs import own_homes
from xiaoneng.jobs import postgres
from xiaoneng.kit import home as where


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a home with a running server and nothing in it."""
    directory = tmp_path_factory.mktemp("database") / "var"
    with pytest.MonkeyPatch.context() as monkeypatch:
        own_homes.settle(monkeypatch, directory)
        postgres.ensure_running()
        yield directory
        own_homes.clear(directory)


@pytest.fixture(scope="module")
def migrated(home):
    done = migrate(home)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def foreign(home):
    """Give a database on a server of somebody else's, with two logins that may do nothing."""
    drop_what_an_earlier_test_made(home)
    with connect(home, "postgres") as connection:
        connection.execute("CREATE DATABASE elsewhere")
        connection.execute("CREATE ROLE migrator LOGIN")
        connection.execute("CREATE ROLE server LOGIN")
    yield {
        "XIAONENG_DATABASE_URL": url(home, "server"),
        "XIAONENG_OWNER_DATABASE_URL": url(home, "migrator"),
    }
    drop_what_an_earlier_test_made(home)


def drop_what_an_earlier_test_made(home):
    with connect(home, "postgres") as connection:
        connection.execute("DROP DATABASE IF EXISTS elsewhere WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS migrator")
        connection.execute("DROP ROLE IF EXISTS server")


def url(home, login):
    return f"postgresql://{login}@/elsewhere?host={where.socket_directory(home)}"


def connect(home, login, database="postgres"):
    return psycopg.connect(host=str(where.socket_directory(home)), user=login, dbname=database, autocommit=True)


def migrate(home, **environment):
    command = [sys.executable, "-m", "xiaoneng.jobs.cli", "migrate"]
    variables = os.environ | {"XIAONENG_HOME": str(home)} | environment
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120)


def test_the_serving_role_is_weak_and_owns_nothing(migrated):
    with connect(migrated, "postgres", "xiaoneng") as connection:
        roles = """SELECT rolname, rolcanlogin,
                rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication
            FROM pg_roles WHERE rolname LIKE 'xn%' ORDER BY 1"""
        assert connection.execute(roles).fetchall() == [("xn_app", True, False), ("xn_owner", False, False)]
        owned = "SELECT count(*) FROM pg_class WHERE relowner = 'xn_app'::regrole"
        assert connection.execute(owned).fetchone() == (0,)
        owners = "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'xn'::regnamespace"
        assert connection.execute(owners).fetchall() == [("xn_owner",)]


def test_the_serving_role_may_write_ordinary_tables_but_make_none(migrated):
    with connect(migrated, "xn_app", "xiaoneng") as connection:
        connection.execute("INSERT INTO django_content_type (app_label, model) VALUES ('test', 'written')")
        connection.execute("DELETE FROM django_content_type WHERE app_label = 'test'")
        for refused in ("CREATE TABLE xn.mine (a int)", "CREATE TABLE public.mine (a int)", "SET ROLE xn_owner"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(refused)


def test_a_second_time_changes_nothing(migrated):
    count = "SELECT count(*), max(applied) FROM django_migrations"
    with connect(migrated, "postgres", "xiaoneng") as connection:
        before = connection.execute(count).fetchone()
        assert migrate(migrated).returncode == 0
        assert connection.execute(count).fetchone() == before


def test_on_another_server_it_names_the_statements_that_an_administrator_must_run_and_they_suffice(migrated, foreign):
    refused = migrate(migrated, **foreign)
    assert refused.returncode == 2
    assert "请让数据库管理员在库 elsewhere 中执行下列语句" in refused.stderr
    statements = [line for line in refused.stderr.splitlines() if line.endswith(";")]
    with connect(migrated, "postgres", "elsewhere") as administrator:
        for statement in statements:
            administrator.execute(statement)
    done = migrate(migrated, **foreign)
    assert done.returncode == 0, done.stderr


def test_a_serving_login_that_could_rewrite_history_is_refused(migrated, foreign):
    too_strong = {"XIAONENG_OWNER_DATABASE_URL": url(migrated, "postgres")}
    too_strong["XIAONENG_DATABASE_URL"] = too_strong["XIAONENG_OWNER_DATABASE_URL"]
    refused = migrate(migrated, **too_strong)
    assert refused.returncode == 2
    assert "能够改写留痕" in refused.stderr


def test_one_address_without_the_other_is_refused(migrated, foreign):
    refused = migrate(migrated, XIAONENG_DATABASE_URL=foreign["XIAONENG_DATABASE_URL"])
    assert refused.returncode == 2
    assert "还须设置 XIAONENG_OWNER_DATABASE_URL" in refused.stderr


def test_a_server_that_is_not_reached_is_named_with_what_to_check(migrated):
    nowhere = "postgresql://server@127.0.0.1:1/elsewhere"
    refused = migrate(migrated, XIAONENG_DATABASE_URL=nowhere, XIAONENG_OWNER_DATABASE_URL=nowhere)
    assert refused.returncode == 2
    assert "连接不上数据库" in refused.stderr
    assert "Traceback" not in refused.stderr
