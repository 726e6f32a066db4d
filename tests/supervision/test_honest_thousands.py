"""Five thousand honest cases, each step of them for good: nothing is found in them."""

from __future__ import annotations

import os

import pytest
from django.db import connection, connections
from test_insiders import crowd, look

import ground
from build import moment
from xiaoneng.jobs import database


@pytest.mark.prove
def test_nothing_is_found_in_five_thousand_honest_cases(django_db_setup, django_db_blocker):
    name = f"honest_{os.getpid()}"
    with django_db_blocker.unblock():
        ground.make(name)
        with ground.pointed_at(name):
            crowd(32, 157)
            # In a city the server gets to know its tables in the course of weeks; here they grew in minutes.
            with connections["owner"].cursor() as cursor:
                cursor.execute("ANALYZE")
            found = look(moment("2026-04-02"))
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM matter WHERE kind = 'application' AND version > 0")
                number = cursor.fetchone()[0]
        database.drop(name)
    assert number > 5000
    assert found == set()
