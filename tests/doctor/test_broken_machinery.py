"""The database itself: too much power, too little durability, a changed function, a moved clock; all under number 40."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection


def named(report) -> list[str]:
    assert {finding.id for finding in report.findings} == {40}, list(report.findings)
    return [finding.what for finding in report.findings]


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("GRANT UPDATE ON matter TO xn_app", "matter"),
        ("GRANT UPDATE (red_at) ON clock TO xn_app", "clock"),
        ("GRANT INSERT ON entry TO xn_app", "entry"),
        ("GRANT TRUNCATE ON series TO xn_app", "series"),
        ("GRANT CREATE ON SCHEMA xn TO xn_app", "新建函数"),
        ("ALTER FUNCTION draw(jsonb) OWNER TO xn_app", "draw"),
        ("ALTER TABLE pause OWNER TO xn_app", "pause"),
        ("ALTER FUNCTION draw(jsonb) OWNER TO postgres", "draw"),
        ("ALTER TABLE entry DISABLE TRIGGER entry_is_append_only", "entry_is_append_only"),
        ("DROP TRIGGER no_version_without_its_entry ON matter", "no_version_without_its_entry"),
        ("DROP TRIGGER no_matter_begins_without_its_entry ON matter", "no_matter_begins_without_its_entry"),
        ("DROP FUNCTION discard_draft", "discard_draft"),
        ("ALTER FUNCTION project_pauses SECURITY DEFINER", "project_pauses"),
        (
            "CREATE FUNCTION back_door() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT NULL::void'",
            "back_door",
        ),
        ("DELETE FROM django_migrations WHERE app = 'supervision'", "supervision.0001_initial"),
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('matters', '9999_later', now())", "9999_later"),
        (
            "CREATE OR REPLACE FUNCTION micros(t timestamptz) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
            "micros",
        ),
    ],
)
def test_what_would_let_the_records_be_rewritten_is_named(patient, statement, word):
    patient.root(statement)
    assert any(word in what for what in named(patient.examine()))


def test_a_database_that_may_lose_what_it_confirmed_is_named(patient):
    patient.root("SET synchronous_commit = off")
    assert any("synchronous_commit" in what for what in named(patient.examine()))


@pytest.mark.parametrize(
    ("user", "powers", "word"),
    [
        ("postgres", "", "超级用户"),
        ("doctor_owner", "IN ROLE xn_owner, xn_app", "xn_owner"),
        ("doctor_maker", "CREATEDB IN ROLE xn_app", "建库"),
    ],
)
def test_a_serving_login_with_too_much_power_is_named(patient, user, powers, word):
    if powers:
        patient.root(f"CREATE ROLE {user} LOGIN {powers}")
    patient.serve(user)
    assert any(word in what for what in named(patient.examine()))


def test_a_serving_login_that_acts_in_another_role_is_named(patient):
    patient.root("CREATE ROLE doctor_guest LOGIN IN ROLE xn_app")
    patient.serve("doctor_guest")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE xn_app")
    assert any("的身份办理" in what for what in named(patient.examine()))


REAL_CLOCK = """CREATE OR REPLACE FUNCTION xn_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT pg_catalog.clock_timestamp() $$"""


def test_a_moved_clock_is_a_finding_in_production_only(patient):
    assert not patient.examine().real_clock
    patient.root("UPDATE installation SET kind = 'production'")
    assert any("xn_clock" in what for what in named(patient.examine()))
    patient.root("UPDATE installation SET kind = 'demo'")
    patient.root(REAL_CLOCK)
    assert patient.examine().real_clock


def test_a_real_clock_in_production_is_sound(patient):
    patient.root("UPDATE installation SET kind = 'production'")
    patient.root(REAL_CLOCK)
    from xiaoneng.supervision import actions

    actions.record_red_lights(lambda: datetime.now(UTC))
    assert list(patient.examine().findings) == []


def test_a_machine_three_seconds_ahead_of_its_database_is_named(patient):
    assert any(
        "相差" in what for what in named(patient.examine(clock=lambda: datetime.now(UTC) + timedelta(seconds=3)))
    )
