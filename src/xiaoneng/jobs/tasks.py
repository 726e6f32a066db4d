"""Background tasks: they print documents and record what is already true, so any of them may run late or twice."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import procrastinate
from procrastinate import builtin_tasks
from procrastinate.contrib.django import app

from xiaoneng.kit import clock

PRINT_SECONDS = 4.0  # at a stretch: the lights are not kept waiting, and neither is whoever stops the worker
_printing = threading.Lock()


def on_app_ready(_: procrastinate.App) -> None:
    """Do nothing more: the tasks below are registered when this module is imported."""


@app.periodic(cron="* * * * * */5")  # the sixth field is seconds
@app.task(name="print_what_is_new", queue="documents", queueing_lock="print_what_is_new")
def print_what_is_new(timestamp: int) -> None:
    """Make the PDFs of the documents issued since the last time."""
    _print(among=10_000)


@app.periodic(cron="*/30 * * * *")
@app.task(name="print_what_is_missing", queue="documents", queueing_lock="print_what_is_missing")
def print_what_is_missing(timestamp: int) -> None:
    """Make the PDFs that nobody made in their time, however old the documents are."""
    _print(among=None)


def _print(among: int | None) -> None:
    from xiaoneng.approval.actions import printing

    if not _printing.acquire(blocking=False):  # the one before is still at the same documents
        return
    try:
        give_up = time.monotonic() + PRINT_SECONDS
        while printing.print_what_is_missing(at=clock.now(), among=among, most=10) and time.monotonic() < give_up:
            pass
    finally:
        _printing.release()


@app.periodic(cron="* * * * * */5")
@app.task(name="accept_what_is_deemed_accepted", queue="lights", queueing_lock="accept_what_is_deemed_accepted")
def accept_what_is_deemed_accepted(timestamp: int) -> None:
    """Accept what the law deems accepted."""
    from xiaoneng.approval.actions import deemed

    deemed.accept_what_is_deemed_accepted(clock.now)


@app.periodic(cron="* * * * * */30")
@app.task(name="end_what_ended_by_itself", queue="lights", queueing_lock="end_what_ended_by_itself")
def end_what_ended_by_itself(timestamp: int) -> None:
    """Close what was never supplemented, and grant the renewals that nobody decided in time."""
    from xiaoneng.approval.actions import closing, renewal

    closing.lapse_what_was_not_supplemented(clock.now)
    renewal.grant_what_is_deemed_renewed(clock.now)


@app.periodic(cron="* * * * * */5")
@app.task(name="record_red_lights", queue="lights", queueing_lock="record_red_lights")
def record_red_lights(timestamp: int) -> None:
    """Put the red lights of the last two days on record with the instant they came true."""
    from xiaoneng.supervision import actions

    actions.record_red_lights(clock.now, since=clock.now() - timedelta(days=2))


@app.periodic(cron="*/2 * * * *")
@app.task(name="record_every_red_light", queue="lights", queueing_lock="record_every_red_light")
def record_every_red_light(timestamp: int) -> None:
    """Put every red light on record, also those that came true long ago while nothing ran."""
    from xiaoneng.supervision import actions

    actions.record_red_lights(clock.now)


@app.periodic(cron="* * * * * */30")
@app.task(name="seal_the_journal", queue="upkeep", queueing_lock="seal_the_journal")
def seal_the_journal(timestamp: int) -> None:
    """Take new entries into the log and publish a signed checkpoint over them."""
    from xiaoneng.evidence import actions

    actions.seal()


@app.periodic(cron="*/5 * * * *")
@app.task(name="recalculate_after_a_new_calendar", queue="upkeep", queueing_lock="recalculate_after_a_new_calendar")
def recalculate_after_a_new_calendar(timestamp: int) -> None:
    """Count open cases anew where a calendar has a version that they do not know yet."""
    from xiaoneng.approval.actions import recalculation

    recalculation.recalculate_what_is_stale(clock.now)


@app.task(name="import_intake", queue="imports", lock="import_intake")
def import_intake(intake: int) -> None:
    """Take a catalogue file in that an editor has mapped and asked for."""
    from xiaoneng.catalogue import intakes

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
