"""Background tasks: they print documents and record what is already true, so any of them may run late or twice.

Those that somebody waits for are watched: the worker's pulse asks each second whether anything is new, and has them run
when there is. The others run by the clock.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import procrastinate
from procrastinate import builtin_tasks
from procrastinate.contrib.django import app

from xiaoneng.kit import clock, pulse
from xiaoneng.kit.pulse import watched
from xiaoneng.supervision.newly import ENTERED, TURNED

PRINT_SECONDS = 4.0  # at a stretch: the lights are not kept waiting, and neither is whoever stops the worker
_printing = threading.Lock()


def on_app_ready(_: procrastinate.App) -> None:
    """Do nothing more: the tasks below are registered when this module is imported."""


@watched("print_what_is_new", ENTERED, rest=5, idle=60)
@app.task(name="print_what_is_new", queue="documents", queueing_lock="print_what_is_new")
def print_what_is_new() -> None:
    """Make the PDFs of the documents issued since the last time."""
    _print(among=10_000)


@app.periodic(cron="*/30 * * * *")
@app.task(name="print_what_is_missing", queue="documents", queueing_lock="print_what_is_missing")
def print_what_is_missing(timestamp: int) -> None:
    """Make the PDFs that nobody made in their time, however old the documents are."""
    _print(among=None)


def _print(among: int | None) -> None:
    from xiaoneng.approval.actions import printing
    from xiaoneng.supervision import printing as supervision_printing

    if not _printing.acquire(blocking=False):  # the one before is still at the same documents
        return
    try:
        give_up = time.monotonic() + PRINT_SECONDS
        for room in (printing, supervision_printing):
            while room.print_what_is_missing(at=clock.now(), among=among, most=10):
                if time.monotonic() >= give_up:
                    pulse.more("print_what_is_new")
                    return
    finally:
        _printing.release()


@watched("accept_what_is_deemed_accepted", TURNED, rest=5, idle=60)
@app.task(name="accept_what_is_deemed_accepted", queue="lights", queueing_lock="accept_what_is_deemed_accepted")
def accept_what_is_deemed_accepted() -> None:
    """Accept what the law deems accepted."""
    from xiaoneng.approval.actions import deemed

    deemed.accept_what_is_deemed_accepted(clock.now)


@watched("end_what_ended_by_itself", rest=30, idle=60)
@app.task(name="end_what_ended_by_itself", queue="lights", queueing_lock="end_what_ended_by_itself")
def end_what_ended_by_itself() -> None:
    """Close what was never supplemented, and grant the renewals that nobody decided in time."""
    from xiaoneng.approval.actions import closing, deferred, renewal

    closing.lapse_what_was_not_supplemented(clock.now)
    deferred.look_after(clock.now)
    deferred.remind(clock.now)
    renewal.grant_what_is_deemed_renewed(clock.now)


@watched("issue_certificates", ENTERED, rest=5, idle=60)
@app.task(name="issue_certificates", queue="lights", queueing_lock="issue_certificates")
def issue_certificates() -> None:
    """Issue the certificates of what was granted within a day."""
    from xiaoneng.approval.actions import certificates

    certificates.issue_what_is_granted(clock.now, since=clock.now() - timedelta(days=1))


@app.periodic(cron="*/10 * * * *")
@app.task(name="issue_every_certificate", queue="lights", queueing_lock="issue_every_certificate")
def issue_every_certificate(timestamp: int) -> None:
    """Issue what nobody issued in its time, however old the grants are, and end the suspensions that are over."""
    from xiaoneng.approval.actions import certificates

    certificates.issue_what_is_granted(clock.now)
    certificates.reinstate_what_is_over(clock.now)


@watched("end_payments_and_notices", rest=30, idle=60)
@app.task(name="end_payments_and_notices", queue="lights", queueing_lock="end_payments_and_notices")
def end_payments_and_notices() -> None:
    """Let unpaid notes lapse, call off payments that nobody finished, serve what was published for thirty days."""
    from xiaoneng.approval.actions import dispatch, fees

    fees.expire_what_was_not_paid(clock.now())
    fees.abandon_what_was_left(clock.now())
    dispatch.serve_what_was_published(clock.now)


@watched("follow_joint_cases", ENTERED, TURNED, rest=5, idle=60)
@app.task(name="follow_joint_cases", queue="lights", queueing_lock="follow_joint_cases")
def follow_joint_cases() -> None:
    """Record what follows in joint cases from where their branches stand, and what time has made true."""
    from xiaoneng.approval.joint import accepting

    accepting.record_what_time_made_true(clock.now)


@watched("record_red_lights", ENTERED, TURNED, rest=5, idle=60)
@app.task(name="record_red_lights", queue="lights", queueing_lock="record_red_lights")
def record_red_lights() -> None:
    """Put the red lights of the last two days on record with the instant they came true."""
    from xiaoneng.supervision import actions

    actions.record_red_lights(clock.now, since=clock.now() - timedelta(days=2))


@watched("keep_tallies", ENTERED, rest=5, idle=60)
@app.task(name="keep_tallies", queue="lights", queueing_lock="keep_tallies")
def keep_tallies() -> None:
    """Count what has been entered since the last time, so that a board has little to add."""
    from xiaoneng.supervision import tally

    tally.keep_up(clock.now())


@app.periodic(cron="*/2 * * * *")
@app.task(name="record_every_red_light", queue="lights", queueing_lock="record_every_red_light")
def record_every_red_light(timestamp: int) -> None:
    """Put every red light on record, also those that came true long ago while nothing ran."""
    from xiaoneng.supervision import actions

    actions.record_red_lights(clock.now)


@watched("supervise", ENTERED, TURNED, rest=15, idle=60)
@app.task(name="supervise", queue="lights", queueing_lock="supervise")
def supervise() -> None:
    """Issue the cards that the red lights of the last two days call for, withdraw what became untrue, remind who is due."""
    from xiaoneng.supervision import accountability, cards, urging

    cards.withdraw_what_is_untrue(clock.now)
    cards.issue_what_is_called_for(clock.now, since=clock.now() - timedelta(days=2))
    urging.remind_who_is_due(clock.now)
    cards.settle_what_is_final(clock.now)
    accountability.settle_what_is_final(clock.now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="issue_every_card", queue="lights", queueing_lock="issue_every_card")
def issue_every_card(timestamp: int) -> None:
    """Issue every card that a red light calls for, also where nothing ran for long."""
    from xiaoneng.supervision import cards

    cards.issue_what_is_called_for(clock.now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="look_for_findings", queue="upkeep", queueing_lock="look_for_findings")
def look_for_findings(timestamp: int) -> None:
    """Find what the cases of the last two days show that should not be."""
    from xiaoneng.supervision.findings import detect

    detect.in_cases(clock.now, since=clock.now() - timedelta(days=2), patience=60)


@app.periodic(cron="27 2 * * *")
@app.task(name="look_for_every_finding", queue="upkeep", queueing_lock="look_for_every_finding")
def look_for_every_finding(timestamp: int) -> None:
    """Find what the cases of a month show, also where nothing ran for days, and what many cases together show."""
    from xiaoneng.supervision.findings import detect

    detect.in_cases(clock.now, since=clock.now() - timedelta(days=35), patience=900)
    detect.in_habits(clock.now, patience=900)


@watched("seal_the_journal", ENTERED, rest=30, idle=300)
@app.task(name="seal_the_journal", queue="upkeep", queueing_lock="seal_the_journal")
def seal_the_journal() -> None:
    """Seal new records, take new entries into the log and publish a signed checkpoint over them."""
    from xiaoneng.evidence import actions, records

    if records.ready():
        records.seal(clock.now)
    actions.seal()


@app.periodic(cron="*/5 * * * *")
@app.task(name="recalculate_after_a_new_calendar", queue="upkeep", queueing_lock="recalculate_after_a_new_calendar")
def recalculate_after_a_new_calendar(timestamp: int) -> None:
    """Count open cases anew where a calendar has a version that they do not know yet."""
    from xiaoneng.approval.actions import recalculation
    from xiaoneng.supervision import recalculation as supervision

    supervision.recalculate_what_is_stale(clock.now)  # first: the other marks the calendar as done
    recalculation.recalculate_what_is_stale(clock.now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="end_accounts", queue="upkeep", queueing_lock="end_accounts")
def end_accounts(timestamp: int) -> None:
    """Disable the accounts whose last day is over, and those that nobody used for as long as is set."""
    from xiaoneng.org import preferences, registers
    from xiaoneng.people import lifetimes
    from xiaoneng.rules.roles import Administrator
    from xiaoneng.rules.workdays import local_day

    now = clock.now()
    lifetimes.end_what_expired(now)
    keepers = {each.account for each in registers.held_on(local_day(now)) if each.code == Administrator.SECURITY}
    lifetimes.end_what_nobody_used(preferences.in_force("unused_days"), at=now, sparing=keepers)


@app.task(name="import_intake", queue="imports", lock="import_intake")
def import_intake(intake: int) -> None:
    """Take a catalogue file in that an editor has mapped and asked for."""
    from xiaoneng.catalogue import intakes

    intakes.run(intake, now=clock.now)


@app.task(name="import_log", queue="imports", lock="import_log")
def import_log(intake: int) -> None:
    """Take a log in that a supervisor has handed in."""
    from xiaoneng.history import intakes

    intakes.run(intake, now=clock.now)


@app.periodic(cron="*/1 * * * *")
@app.task(name="retry_stalled", queue="upkeep", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """Give the jobs of a killed worker back to the queue."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await manager.retry_job(job)


@app.periodic(cron="41 3 * * *")
@app.task(name="collect_orphans", queue="upkeep")
def collect_orphans(timestamp: int) -> None:
    """Remove the files that no row stands for, a day after they were written."""
    from xiaoneng.matters import actions

    actions.collect_orphans(at=clock.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="clear_old_jobs", queue="upkeep", pass_context=True)
async def clear_old_jobs(context: procrastinate.JobContext, timestamp: int) -> None:
    """Drop the records of finished jobs older than three days."""
    await builtin_tasks.remove_old_jobs(context, max_hours=72, remove_failed=False)
