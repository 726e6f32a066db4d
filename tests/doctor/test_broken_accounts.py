"""Three administrators who are three persons, and no password that everybody knows; all under number 35."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password


@pytest.fixture
def administrator(patient):
    """Make somebody a system administrator."""
    patient.root(
        """INSERT INTO people_account (username, name, kind, password, is_active, session_epoch, must_change_password)
           VALUES ('keeper', '纪维', 'staff', 'unusable', true, 0, false)"""
    )
    _hold(patient, "system_administrator")
    return "keeper"


def _hold(patient, role):
    patient.root(
        f"""INSERT INTO org_holding (account_id, role_id, during, authority)
            SELECT id, '{role}', '[2026-01-01,)', '' FROM people_account WHERE username = 'keeper'"""
    )


def found(patient) -> list[str]:
    return [finding.what for finding in patient.examine().findings if finding.id == 35]


def test_who_is_two_administrators_behind_the_constraint_is_named(patient, administrator):
    assert found(patient) == []
    patient.root("ALTER TABLE org_holding DROP CONSTRAINT nobody_is_two_administrators")
    _hold(patient, "audit_administrator")
    assert len(found(patient)) == 1
    assert administrator in found(patient)[0]


def test_in_production_a_password_that_everybody_knows_is_named(patient, administrator):
    known = make_password(settings.DEMO_PASSWORD)
    patient.root(f"UPDATE people_account SET password = '{known}' WHERE username = 'keeper'")
    assert found(patient) == []  # a test installation, like the demo, is for trying out
    patient.root("UPDATE installation SET kind = 'production'")
    assert len(found(patient)) == 1
    assert "演示密码" in found(patient)[0]
    patient.root(f"UPDATE people_account SET password = '{make_password('another-one-9')}' WHERE username = 'keeper'")
    assert found(patient) == []
