"""Questions about those who apply."""

from __future__ import annotations

from xiaoneng.people import models


def declaration_of(account: int) -> dict[str, str]:
    """Return what is known of the person behind an account, as the fields of an application."""
    person = models.Person.objects.filter(account_id=account).first()
    if person is None:
        return {}
    return {
        "kind": "person",
        "name": person.name,
        "identity": person.id_number,
        "contact": person.name,
        "phone": person.phone,
        "address": person.address,
    }
