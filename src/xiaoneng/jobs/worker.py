"""The job worker as a process of its own: `python -m xiaoneng.jobs.worker`."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

POOL_SECONDS = 3.0  # without a connection, before the worker ends and is started again; it would wait half a minute
BEAT_SECONDS = 1.0
FIRST_LOOK = timedelta(minutes=1)  # back; whatever turned before is found by the tasks' first run
log = logging.getLogger("xiaoneng.jobs")


def main() -> None:
    """Work through the queue until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoneng.config.settings")
    import django

    django.setup()
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app, connector_params

    worker_app = app.with_connector(PsycopgConnector(kwargs=connector_params(), timeout=POOL_SECONDS))
    stop = threading.Event()
    threading.Thread(target=beat_until, args=(stop,), name="pulse", daemon=True).start()
    try:
        worker_app.run_worker(concurrency=3, install_signal_handlers=True, fetch_job_polling_interval=2)
    finally:
        stop.set()


def beat_until(stop: threading.Event) -> None:
    """Ask what is new each second, and have the tasks run that wait for it; a database that is away is asked again."""
    from django.db import DatabaseError, connections
    from procrastinate.exceptions import ConnectorException

    from xiaoneng.kit.pulse import WATCHED, Pulse

    pulse = Pulse(WATCHED, asker(), defer)
    while not stop.wait(BEAT_SECONDS):
        try:
            pulse.beat()
        except (DatabaseError, ConnectorException) as trouble:
            log.warning("the pulse missed a beat: %s", str(trouble).partition("\n")[0])
            connections.close_all()


def asker() -> Callable[[str], tuple[Any, ...]]:
    """Return what puts the pulse's questions, each with the moment of the one before."""
    from xiaoneng.kit import asking, clock

    before: datetime | None = None

    def ask(statement: str) -> tuple[Any, ...]:
        nonlocal before
        now = clock.now()
        row = asking.only(statement, {"since": before or now - FIRST_LOOK, "now": now})
        before = now
        return row

    return ask


def defer(task: str) -> bool:
    """Put a task into the queue and tell whether it did not wait there already."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    try:
        app.configure_task(task).defer()
    except AlreadyEnqueued:
        return False
    return True


if __name__ == "__main__":
    main()
