"""A city that serves: its own database, web server and worker, and a real browser before it."""

from __future__ import annotations

import itertools
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from nursery import Nursery
from playwright.sync_api import Browser, Page, sync_playwright
from screens import WIDE

import build
import ground
from xiaoneng.catalogue.models import ItemVersion
from xiaoneng.jobs import database, time_machine
from xiaoneng.jobs.commands.serve import web_command

# The same engine twice; the first draws no window around its pages, which costs more than the pages do.
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAME = f"journey_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
_copies = itertools.count(1)


@dataclass
class Live:
    """A serving city and the hand on its clock."""

    address: str
    database: str
    city: build.City
    version: ItemVersion
    logins: dict[str, str]

    def stand_at(self, moment: datetime) -> None:
        """Set the clock of every session; it goes on from there."""
        with ground.pointed_at(self.database):
            time_machine.shift(moment - datetime.now(UTC))

    def pass_of(self, who: str) -> dict[str, str]:
        """Give the cookie of somebody who signed in before."""

        def signed_in() -> str:
            from xiaoneng.people.models import Account

            client = Client()
            client.force_login(Account.objects.get(username=self.logins[who]))
            return client.cookies[settings.SESSION_COOKIE_NAME].value

        return {"name": settings.SESSION_COOKIE_NAME, "value": self.look(signed_in), "url": self.address}

    def look(self, question):
        """Answer a question from this city's database."""
        with ground.pointed_at(self.database):
            return question()


@pytest.fixture(scope="session")
def template(django_db_setup, django_db_blocker) -> Iterator[tuple]:
    """Lay the ground of a city once."""
    with django_db_blocker.unblock():
        ground.make(NAME)
        with ground.pointed_at(NAME):
            where = build.city()
            version = build.item(where, since=build.moment("2020-01-01"))
            from xiaoneng.catalogue import actions, reads
            from xiaoneng.people.models import Account, Person

            actions.index_versions([version.pk])
            reads.plan.cache_clear()
            Person.objects.create(
                account_id=where.citizen.account, name="沈若溪", id_number="11010519491231002X", phone="13812342607"
            )
            people = {
                name: getattr(where, name).account for name in ("clerk", "reviewer", "head", "supervisor", "citizen")
            }
            logins = {name: Account.objects.get(pk=pk).username for name, pk in people.items()}
            assert version.item.code  # read while the database is pointed at
            # No story begins earlier: under a worker that already looks, the clock only goes forward.
            time_machine.shift(build.moment("2026-01-05") - datetime.now(UTC))
        yield where, version, logins
        database.drop(NAME)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Read the house once for all cities that will serve."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def live(template, nursery, django_db_blocker) -> Iterator[Live]:
    """Serve a copy of the city, with a worker, on a free port."""
    where, version, logins = template
    name = f"{NAME}_{next(_copies)}"
    with django_db_blocker.unblock():
        database.create_clone(NAME, name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        own = {"XIAONENG_DATABASE_NAME": name, "XIAONENG_CLOCK": "database", "XIAONENG_PUBLIC_ADDRESS": address}
        environment = os.environ | own
        worker = [sys.executable, "-m", "xiaoneng.jobs.worker"]
        parts = [nursery.split_off(command, environment) for command in (web_command("127.0.0.1", port, 1), worker)]
        try:
            _wait_for(address + "/health")
            yield Live(address, name, where, version, dict(logins))
        finally:
            stopped = [part.end(15) for part in parts]
            database.drop(name)
        assert all(stopped)


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Open a real browser; a machine without one fails the run."""
    there = [each for each in BROWSERS if Path(each).exists()]
    assert there, "没有 Chromium。请运行：sudo apt-get install -y chromium chromium-headless-shell fonts-noto-cjk"
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=there[0], args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def visit(browser, live):
    """Open a page of the city as somebody, at some width; complains of script errors and of sideways scrolling."""
    contexts, complaints = [], []

    def open_as(who: str | None, path: str = "/", size=WIDE, scripts: bool = True, at_the_door: bool = False) -> Page:
        context = browser.new_context(viewport=size, java_script_enabled=scripts, base_url=live.address)
        contexts.append(context)
        if who and not at_the_door:
            context.add_cookies([live.pass_of(who)])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if "Content Security" in m.text else None)
        if who and at_the_door:
            page.goto("/login")
            page.fill("[name=username]", live.logins[who])
            page.fill("[name=password]", build.PASSWORD)
            page.click("main form button.button")
        page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []
