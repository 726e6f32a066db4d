"""A city of one page and a worker that does nothing, under the real supervisor: `python little_city.py PORT`."""

from __future__ import annotations

import os
import sys

from xiaoneng.jobs import postgres, processes
from xiaoneng.jobs.commands import serve
from xiaoneng.jobs.supervisor import SUPERVISED, Part, Supervisor

if SUPERVISED in os.environ:
    processes.die_with_parent(os.getppid())


def application(environ, start_response):
    """Answer every request with the number of the process that answers."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]


def main(port: int) -> None:
    """Serve it until told to end."""
    from django.conf import settings

    parts = [
        Part("web", "网站", serve.web_command("127.0.0.1", port, 1, "little_city:application"), settings.HOME),
        Part("worker", "后台任务", [sys.executable, "-c", "import time; time.sleep(600)"], settings.HOME),
    ]
    with serve.sole_start(settings.HOME, f"http://127.0.0.1:{port}"), postgres.running(adopt=True):
        supervisor = Supervisor(parts, f"http://127.0.0.1:{port}/health", serve.say, dict(os.environ))
        supervisor.heal_database = serve.heal_database
        supervisor.watch(lambda: serve.say("ready"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
