"""The job worker as a process of its own: `python -m xiaoneng.jobs.worker`."""

from __future__ import annotations

import os

POOL_SECONDS = 3.0  # without a connection, before the worker ends and is started again; it would wait half a minute


def main() -> None:
    """Work through the queue until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoneng.config.settings")
    import django

    django.setup()
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app, connector_params

    worker_app = app.with_connector(PsycopgConnector(kwargs=connector_params(), timeout=POOL_SECONDS))
    worker_app.run_worker(concurrency=3, install_signal_handlers=True, fetch_job_polling_interval=2)


if __name__ == "__main__":
    main()
