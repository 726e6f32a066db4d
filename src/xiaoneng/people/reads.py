"""Questions about those who apply."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from xiaoneng.kit import asking
from xiaoneng.people import models


def declaration_of(account: int) -> dict[str, str]:
    """Return what is known of the person behind an account, as the fields of an application."""
    row = asking.first("SELECT name, id_number, phone, address FROM people_person WHERE account_id = %s", [account])
    if row is None:
        return {}
    name, identity, phone, address = row
    return {
        "kind": "person", "name": name, "identity": identity, "contact": name, "phone": phone, "address": address,
    }  # fmt: skip


WINDOW = timedelta(minutes=10)
MOST_OF_ONE = 10  # wrong tries at one name or number within the window
MOST_FROM_ONE = 100  # and from one address, which a whole hall may share


def too_many_tries(door: str, what: str, whence: str, *, at: datetime) -> bool:
    """Tell whether a door is closed for a while to a name or number, or to an address."""
    rows = models.FailedTry.objects.filter(door=door, at__gt=at - WINDOW)
    if rows.filter(what=hashed(what)).count() >= MOST_OF_ONE:
        return True
    return rows.filter(whence=whence).count() >= MOST_FROM_ONE


def hashed(what: str) -> str:
    """Return what was tried as it is kept: by its hash, since people type passwords into the wrong field."""
    return hashlib.sha256(what.encode()).hexdigest()
