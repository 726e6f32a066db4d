"""Renewals: what is not decided before the licence expires is granted by law (行政许可法 art. 50)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DatabaseError

from xiaoneng.approval import certificates, reads
from xiaoneng.approval.beside import Renewal
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import instant
from xiaoneng.matters.move import PLATFORM, Change, StartOf, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.limits import DELIVERY
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.renewal import Known, in_time, to_renewal, to_renewing
from xiaoneng.rules.workdays import start_of_day

log = logging.getLogger("xiaoneng.approval")
ONE_DAY = timedelta(days=1)
_FIELDS = {"certificate": "renews", "expires_on": "renews_until"}  # how the applicant's form calls them


def declare(file: MatterFile, *, certificate: str, expires_on: date | None, by: int, at: datetime) -> None:
    """Put on record which licence an application asks to renew and when that one expires.

    :raises Obstructed: the licence's number or its last day is missing, or they are not those of the register.
    """
    obstacles = to_renewal(certificate, expires_on)
    if expires_on is not None and not obstacles:
        obstacles = to_renewing(expires_on, filed_on(file), _known(file, certificate))
    if obstacles:
        raise Obstructed(obstacles)
    assert expires_on is not None
    _keep(file, certificate, expires_on, by, at)


def asked_in(file: MatterFile) -> tuple[str, date | None]:
    """Return which licence the applicant's form asks to renew, with its last day as far as one can read it."""
    form = reads.form_of(file)
    return form.get("renews", "").strip(), _iso_day(form.get("renews_until", ""))


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def obstacles_in_form(file: MatterFile, on: date) -> tuple[Obstacle, ...]:
    """Return what stands against renewing what the applicant's form names; nothing where it names none."""
    certificate, expires_on = asked_in(file)
    if not certificate and not reads.form_of(file).get("renews_until", "").strip():
        return ()
    obstacles = to_renewal(certificate, expires_on)
    if not obstacles and expires_on is not None:
        obstacles = to_renewing(expires_on, on, _known(file, certificate))
    return tuple(replace(each, code=_FIELDS[each.code]) for each in obstacles)


def keep_what_the_form_asks(file: MatterFile, *, by: int, at: datetime) -> None:
    """Put on record with the submission what the applicant asks to renew, so that silence at the window takes nothing."""
    certificate, expires_on = asked_in(file)
    if certificate and expires_on is not None:
        _keep(file, certificate, expires_on, by, at)


def _keep(file: MatterFile, certificate: str, expires_on: date, by: int, at: datetime) -> None:
    Renewal.objects.get_or_create(
        matter_id=file.id,
        defaults={
            "certificate": certificate.strip()[:80], "expires_on": expires_on, "declared_by": by, "declared_at": at
        },
    )  # fmt: skip


def _known(file: MatterFile, certificate: str) -> Known | None:
    line = certificates.by_number(certificate)
    if line is None:
        return None
    held = certificates.of_holder(file.extra["identity_mark"])
    return Known(any(each.id == line.id for each in held), line.valid_until)


def facts_of(file: MatterFile) -> dict[str, Any]:
    """Return what acceptance writes down of a renewal, and whether it was asked for thirty days ahead."""
    row = matters.as_json(file.extra["renewal"])
    if not row:
        return {}
    certificate, expires_on = row
    ahead = in_time(filed_on(file), date.fromisoformat(expires_on))
    return {"renewal": {"certificate": certificate, "expires_on": expires_on, "in_time": ahead}}


def filed_on(file: MatterFile) -> date:
    """Return the day on which the applicant asked, be it a rest day or an evening: office hours bind the organ's clock."""
    first = next(clock for clock in file.clocks if clock.name is ClockName.PRE_ACCEPTANCE)
    return min(first.started_on, _day(first.started_at))


def grant_what_is_deemed_renewed(now: Callable[[], datetime]) -> int:
    """Record every renewal that nobody decided before the licence expired and return how many; twice is once.

    :param now: gives the moment; each matter has its own. One that fails does not stop the rest.
    """
    open_ = Renewal.objects.filter(matter__state__in=(procedure.REVIEWING, procedure.DECIDING))
    due = open_.filter(expires_on__lt=_day(now())).order_by("expires_on")
    granted = 0
    for row in list(due):
        try:
            granted += settle(reads.load(row.matter_id), row, now())
        except DatabaseError:
            log.exception("matter %s could not be recorded as deemed renewed", row.matter_id)
    return granted


def settle(file: MatterFile, row: Renewal, at: datetime) -> bool:
    """Record one deemed renewal if it has come true and tell whether it had; who asked too late is not deemed granted."""
    true_at = start_of_day(row.expires_on + ONE_DAY)
    if at < true_at or not in_time(filed_on(file), row.expires_on):
        return False
    # The decision is that of the last day of validity, whenever it is found; delivery counts from when it is known.
    change = Change(
        starts={ClockName.DELIVERY: StartOf(DELIVERY, _day(at))},
        facts={
            "deemed": True, "certificate": row.certificate, "expires_on": row.expires_on.isoformat(),
            "true_at": instant(true_at), "decided_on": _day(at).isoformat(),
            "reason": "许可有效期届满前没有作出是否准予延续的决定，依法视为准予延续。", "basis": "",
        },
        document_title="准予延续行政许可决定书",
    )  # fmt: skip
    try:
        move(file, "deem_renewed", by=PLATFORM, at=at, change=change)
    except NotAllowed:  # somebody was first
        return False
    return True


def _day(at: datetime) -> date:
    return reads.day_of(at)
