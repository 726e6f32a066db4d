"""Makes the small city that will be killed, in the home of the environment, and prints who lives in it: `python seed.py`."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import django

OVERDUE = 6  # applications that nobody answered: the worker finds them deemed accepted, and red


def main() -> None:
    """Lay the ground, build the city, leave some applications to the worker, and put the real clock in."""
    django.setup()
    from xiaoneng.jobs import postgres

    with postgres.running():
        print(json.dumps(city()))


def city() -> dict[str, object]:
    """Build it and return the sign-in names by role, the item, and the applications that are overdue."""
    from django.db import connections
    from django.utils import timezone

    import build
    import ground
    from xiaoneng.jobs import time_machine
    from xiaoneng.people.models import Account

    ground.lay()
    where = build.city()
    version = build.item(where, materials=())
    now = timezone.now()
    overdue = [build.application(where, version).received(now - timedelta(days=60 + n)).matter for n in range(OVERDUE)]
    time_machine.make_fixed()
    people = {role: getattr(where, role).account for role in ("citizen", "clerk", "reviewer", "head")}
    logins = {role: Account.objects.get(pk=account).username for role, account in people.items()}
    connections.close_all()
    return {"logins": logins, "password": build.PASSWORD, "item": version.item.code, "overdue": overdue}


if __name__ == "__main__":
    os.environ["XIAONENG_CLOCK"] = "system"
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
