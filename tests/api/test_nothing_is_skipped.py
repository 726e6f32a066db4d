"""An entry whose number was drawn before, but whose transaction ended after, is not skipped."""

import time

import psycopg
import pytest
from django.conf import settings
from django.db import connections

import build
import ground
from build import moment
from xiaoneng.api import tasks
from xiaoneng.jobs import database, time_machine
from xiaoneng.supervision import feed


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    name = f"{settings.DATABASE_NAME}_feed"
    with django_db_blocker.unblock():
        ground.make(name)
        with ground.pointed_at(name):
            yield
        database.drop(name)


def test_an_entry_still_under_way_holds_back_those_behind_it(own_database):
    with time_machine.at(moment("2026-03-20")):
        where = build.city()
        walk = build.application(where).received(moment("2026-03-20"))
        known = connections["default"].settings_dict
        reached = {"dbname": known["NAME"], "host": known["HOST"], "port": known["PORT"], "user": known["USER"]}
        before, _ = feed.horizon()
        with psycopg.connect(**reached, options="-c search_path=xn,public") as slow:
            # A move that has locked its matter and not ended yet, exactly as the function of the kernel begins.
            slow.execute("SELECT 1 FROM approval_application WHERE matter_id = %s FOR UPDATE", [walk.matter])
            build.application(where, walk.version).received(moment("2026-03-20"))
            newest, transaction = feed.horizon()
            assert newest > before and not feed.has_settled(transaction)
            assert tasks.settled(give_up=0) is None
        # Transactions of other databases on the same server hold the horizon back as well, but each of them ends.
        give_up = time.monotonic() + 600
        while not feed.has_settled(transaction) and time.monotonic() < give_up:
            time.sleep(0.05)
        assert feed.has_settled(transaction)
        assert tasks.settled(give_up=0) == newest or tasks.settled(give_up=1e18) == newest
