"""The settings in force, as administrators set them; each process reads them anew every few seconds."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings

from xiaoneng.matters import reads as matters
from xiaoneng.org import preferences
from xiaoneng.people.passwords import PasswordPolicy

SECONDS = 3.0
_kept: dict[str, Any] = {"until": 0.0, "values": {}}


@lru_cache(maxsize=1)
def installation() -> str:
    """Return what this installation declared itself; asked once, since a declaration is made once."""
    return matters.installation()


def given() -> dict[str, str]:
    """Return the defaults that come with the environment."""
    return {"site_name": settings.SITE_NAME, "city": settings.CITY, "hall_address": settings.HALL_ADDRESS}


def values() -> dict[str, Any]:
    """Return every setting by its key."""
    if time.monotonic() >= _kept["until"]:
        _kept["values"] = preferences.values(installation(), given())
        _kept["until"] = time.monotonic() + SECONDS
    found: dict[str, Any] = _kept["values"]
    return found


def forget() -> None:
    """Read anew at the next question: something was just changed."""
    _kept["until"] = 0.0


def password_policy() -> PasswordPolicy:
    """Return what a password must be like."""
    known = values()
    return PasswordPolicy(
        known["password_length"], known["password_classes"], known["password_history"], known["password_days"]
    )


def lock() -> dict[str, Any]:
    """Return after how many wrong tries within what time a door closes, as the room below wants to be asked."""
    return {"most": values()["lock_tries"], "window": timedelta(minutes=values()["lock_minutes"])}
