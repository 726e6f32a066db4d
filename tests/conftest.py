"""The ground of every test: a real PostgreSQL of its own, migrated, declared a test installation."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
OWN_HOME = "XIAONENG_HOME" not in os.environ
if OWN_HOME:
    os.environ["XIAONENG_HOME"] = tempfile.mkdtemp(prefix="xiaoneng-test-")
os.environ["XIAONENG_DATABASE_NAME"] = f"test_{WORKER or 'main'}"
os.environ["DJANGO_SETTINGS_MODULE"] = "xiaoneng.config.settings"
os.environ.setdefault("XIAONENG_CLOCK", "database")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser driver runs a loop in the thread of the test

import django  # noqa: E402 - the environment above must stand before the settings are read

django.setup()

from django.conf import settings  # noqa: E402

settings.PASSWORD_HASHERS = ["cheap_passwords.OneRound"]

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure(config):
    """Keep the settings' name from the workers, who would read them before this file gave them their own database."""
    if not WORKER and getattr(config.option, "dist", "no") != "no":
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_finish(session):
    """Leave what was read until now, which lives to the end, out of every later search for what is gone."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of real data, or skip where it is absent."""
    if not SHARED.exists():
        pytest.skip("the real data are not here")
    return SHARED


@pytest.fixture(scope="session")
def server():
    """Keep the embedded PostgreSQL running for the session."""
    from xiaoneng.jobs import postgres

    with postgres.running():
        yield


@pytest.fixture(scope="session")
def django_db_setup(server, django_db_blocker):
    """Make this worker's database, with both roles and every migration; it replaces Django's test database."""
    from django.db import connections

    import ground

    with django_db_blocker.unblock():
        assert f"test_{WORKER or 'main'}" == settings.DATABASE_NAME
        ground.make(settings.DATABASE_NAME)
        yield
        connections.close_all()


@pytest.fixture(autouse=True)
def fresh_caches():
    """Forget what was read of versions that never change: another database has other ones."""
    yield
    from xiaoneng.catalogue import reads as catalogue
    from xiaoneng.org import reads as org
    from xiaoneng.web import in_force
    from xiaoneng.web.public import counted

    counted.forget()
    catalogue.plan.cache_clear()
    org.calendar.cache_clear()
    in_force.forget()
    in_force.installation.cache_clear()


def pytest_unconfigure(config):
    """Leave no server and no data behind."""
    if WORKER or not OWN_HOME:
        return
    from xiaoneng.kit import home

    home_directory = Path(os.environ["XIAONENG_HOME"])
    if (home_directory / "installation").exists():
        from xiaoneng.jobs import postgres

        postgres.stop()
        data = home.data_directory(settings.HOME)
        shutil.rmtree(data.parent if os.geteuid() == 0 else data, ignore_errors=True)
    shutil.rmtree(home_directory, ignore_errors=True)


@pytest.fixture
def arena(django_db_setup, django_db_blocker):
    """Give a copy of the test's database where what is done is committed and stays."""
    from django.db import connections

    import ground
    from xiaoneng.jobs import database

    name = f"arena_{WORKER or 'main'}"
    with django_db_blocker.unblock():
        connections.close_all()
        database.drop(name)
        database.create_clone(settings.DATABASE_NAME, name)
        with ground.pointed_at(name):
            yield
            connections.close_all()
        database.drop(name)
