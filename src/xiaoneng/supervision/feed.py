"""The journal as a stream: what has happened since an entry, in an order in which nothing is skipped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from xiaoneng.approval.models import Application
from xiaoneng.matters.models import Entry
from xiaoneng.matters.reads import PROCEDURES
from xiaoneng.rules.procedures import application, red_light_register
from xiaoneng.supervision.models import RedLight

RED = "light.red"


def types() -> dict[str, str]:
    """Return every type of what can happen, with its Chinese name."""
    procedure = application.PROCEDURE
    return {f"{procedure.kind}.{row.name}": row.label for row in procedure.moves} | {RED: "红灯亮起"}


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a matter: a move, or a red light that was recorded."""

    id: str
    entry: int
    type: str
    at: datetime
    matter: int
    called: str
    department: int
    department_name: str
    filed_by: int  # the applicant's account, if it was filed online
    facts: dict[str, Any]


def horizon() -> tuple[int, str]:
    """Return the newest entry that can be seen, and the number of a transaction that began after it was.

    Numbers are drawn before transactions end, so an entry with a smaller number may still be under way. Every move locks
    its matter, and so has a transaction number, before it draws; once all transactions before the one returned have
    ended (see has_settled), no entry up to the one returned can appear any more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM entry")
        newest = int(cursor.fetchone()[0])
        # A snapshot's own upper bound would not do: it is the last transaction that ended, and newer ones may be drawing.
        cursor.execute("SELECT pg_current_xact_id()::text")
        return newest, str(cursor.fetchone()[0])


def has_settled(transaction: str) -> bool:
    """Tell whether every transaction before one has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::text::xid8", [transaction])
        return bool(cursor.fetchone()[0])


def since(entry: int, up_to: int, most: int) -> tuple[tuple[Happened, ...], int]:
    """Return what happened in the entries behind one, and the last entry looked at."""
    rows = list(
        Entry.objects.filter(id__gt=entry, id__lte=up_to).select_related("matter__department").order_by("id")[:most]
    )
    owners = _owners({row.matter_id for row in rows})
    happened: list[Happened] = []
    for row in rows:
        if row.matter.kind == application.PROCEDURE.kind:
            happened.append(_moved(row, owners.get(row.matter_id, 0)))
        elif row.matter.kind == red_light_register.PROCEDURE.kind:
            happened += _turned_red(row)
    return tuple(happened), rows[-1].pk if len(rows) == most else up_to


def _owners(matters: set[int]) -> dict[int, int]:
    online = Application.objects.filter(matter_id__in=matters, channel=Application.Channel.ONLINE)
    return dict(online.values_list("matter_id", "filed_by"))


def _moved(row: Entry, owner: int) -> Happened:
    matter, facts = row.matter, row.facts
    procedure = PROCEDURES[matter.kind]
    drawn = json.loads(row.numbers)
    told = {
        "move": row.move, "label": procedure.move(row.move).label, "state": facts["to"],
        "state_label": procedure.state(facts["to"]).label, "step": facts["step_name"], "closed": facts["closed"],
        "late": facts["late"], "paused": facts["paused"], "yellow_at": facts["yellow_at"], "red_at": facts["red_at"],
        "documents": drawn.get("documents", []), "seq": row.seq, "hash": bytes(row.hash).hex(),
    }  # fmt: skip
    return _happened(row, str(row.pk), f"{matter.kind}.{row.move}", row.recorded_at, matter, owner, told)


def _turned_red(row: Entry) -> list[Happened]:
    sealed = row.facts["what"]  # they were recorded one after another, so their ids say where they lie
    rows = RedLight.objects.filter(id__gte=sealed["first"], id__lte=sealed["last"], seal=row.seq)
    lights = list(rows.select_related("matter__department").order_by("id"))
    owners = _owners({light.matter_id for light in lights})
    return [
        _happened(
            row, f"{row.pk}-{light.pk}", RED, light.since, light.matter, owners.get(light.matter_id, 0),
            {
                "label": "红灯亮起", "clock": light.clock, "round": light.round, "step": light.step_name, "desk": light.desk,
                "due_on": light.due_on.isoformat(), "seal": light.seal,
            },
        )
        for light in lights
    ]  # fmt: skip


def _happened(
    row: Entry, id_: str, type_: str, at: datetime, matter: Any, owner: int, facts: dict[str, Any]
) -> Happened:
    about = {
        "number": matter.number, "intake_number": matter.intake_number, "title": matter.title,
        "department": matter.department_id, "department_name": matter.department.name,
    }  # fmt: skip
    return Happened(
        id_, row.pk, type_, at, matter.pk, str(matter), matter.department_id, matter.department.name, owner,
        about | facts,
    )  # fmt: skip
