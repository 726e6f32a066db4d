"""The job worker as a process of its own: `python -m xiaoneng.jobs.worker`."""

from __future__ import annotations

import os


def main() -> None:
    """Work through the queue until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoneng.config.settings")
    import django

    django.setup()
    from procrastinate.contrib.django import app

    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    worker_app.run_worker(concurrency=2, install_signal_handlers=True, fetch_job_polling_interval=2)


if __name__ == "__main__":
    main()
