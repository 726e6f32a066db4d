"""What the first start of an installation without a demo lays down: the first rows, and what it is."""

from __future__ import annotations

from django.db import connections

from xiaoneng.catalogue import actions as catalogue
from xiaoneng.jobs import time_machine
from xiaoneng.matters import reads as matters
from xiaoneng.org import actions as org


def ensure_first_rows() -> None:
    """Make sure that the national calendar, the roles and the kinds of powers are there."""
    org.ensure_national_calendar()
    org.ensure_roles()
    catalogue.ensure_kinds()


def as_production() -> None:
    """Declare an installation that has not declared itself yet a production one; any other stays what it is."""
    if matters.installation():
        return
    ensure_first_rows()
    time_machine.declare("production")
    connections["owner"].close()  # nothing that serves keeps the owner's connection
