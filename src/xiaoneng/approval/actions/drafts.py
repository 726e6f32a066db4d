"""Before an application is submitted: open a draft, fill it in, hand in files, throw it away."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from xiaoneng.approval import promises, reads
from xiaoneng.approval.models import Application, HeldFact
from xiaoneng.catalogue.reads import version_in_force
from xiaoneng.matters import actions as matters
from xiaoneng.matters.models import Attachment
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.people import reads as people
from xiaoneng.rules.acceptance import to_application
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstructed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.trail import actions as records
from xiaoneng.trail.actions import By

OTHER = "other"  # what no material of the item names, as a correction notice may ask for
FIELDS = (
    "kind", "name", "identity", "contact", "phone", "address", "content", "delivery", "papers", "scenario", "way",
    "deferred", "promise", "renews", "renews_until",
)  # fmt: skip
DEFAULTS = {"kind": "person", "delivery": "self"}
LONGEST = {"content": 2000, "address": 200, "deferred": 600, "scenario": 1200}
NOT_YOURS = "没有找到这份申请，或者它不在您的名下。请从“我的”里打开。"


@transaction.atomic
def open_draft(*, code: str, by: int, channel: str, at: datetime, key: UUID | None, form: Mapping[str, str]) -> int:
    """Open a draft for the item of this code and return its matter; the same key opens it once.

    :raises NotFound: the item is not in force.
    :raises Obstructed: the item is not open for application.
    """
    plan = version_in_force(code, at)
    obstacles = to_application(
        in_force=True, has_limit=plan.has_limit, on_application=plan.on_application, item=plan.name
    )
    if obstacles:
        raise Obstructed(obstacles)
    matter, fresh = matters.open_matter(
        kind=procedure.PROCEDURE.kind, state=procedure.DRAFT, department=plan.department_id,
        item_version=plan.version_id, title=plan.name, by=by, at=at, key=key,
    )  # fmt: skip
    if fresh:
        Application.objects.create(
            matter_id=matter, channel=channel, filed_by=by, salt=secrets.token_bytes(16), **columns(form)
        )
    return matter


def columns(form: Mapping[str, str]) -> dict[str, str]:
    """Return what an application keeps of a form, cut to its lengths."""
    kept = {
        name: str(form.get(name, DEFAULTS.get(name, ""))).replace("\x00", "").strip()[: LONGEST.get(name, 120)]
        for name in FIELDS
    }
    payload = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    mark = reads.identity_mark(kept["kind"], kept["identity"])
    return {"payload": payload, "applicant_name": kept["name"], "identity_mark": mark}


@transaction.atomic
def save_draft(matter: int, *, by: int, form: Mapping[str, str]) -> None:
    """Keep what was typed so far; a chosen situation stays until another one is chosen.

    :raises NotFound: it is not a draft of this account.
    :raises NotAllowed: it has been submitted meanwhile.
    """
    chosen = {"scenario": reads.form_of(own_draft(matter, by=by)).get("scenario", "")}
    Application.objects.filter(matter_id=matter).update(**columns({**chosen, **form}))


@transaction.atomic
def attach(matter: int, *, by: int, slot: str, name: str, stream: BinaryIO, at: datetime) -> None:
    """Check a file and put it to a material of a draft, or of an application that awaits its supplement.

    :raises kit.files.Refused: the file cannot be taken; the message says why and what to do.
    """
    file = editable(matter, by=by, on=local_day(at))
    if slot not in {each.slot for each in file.plan.materials} | {OTHER}:
        raise NotFound("没有这一项材料。请刷新页面后重新选择。")
    matters.attach(matter, slot=slot, name=name, stream=stream, by=by, at=at, round_=round_of(file))


@transaction.atomic
def detach(matter: int, *, by: int, attachment: int, at: datetime) -> None:
    """Take a file off again.

    :raises NotFound: there is no such file in what may still be changed.
    """
    file = editable(matter, by=by, on=local_day(at))
    HeldFact.objects.filter(matter_id=matter, attachment_id=attachment).delete()
    matters.detach(matter, attachment, round_=round_of(file))


@transaction.atomic
def discard(matter: int, *, by: int, at: datetime) -> None:
    """Throw a draft away with its files and everything typed.

    :raises NotFound: it is not a draft of this account, or that of a joint case, which goes with its branches.
    """
    if own_draft(matter, by=by).kind != reads.KIND:
        raise NotFound(NOT_YOURS)
    throw_away(matter, by=by, at=at)


def throw_away(matter: int, *, by: int, at: datetime) -> None:
    """Remove a draft of whatever kind with what every application has; whose it is, is known.

    Of what a window had taken in, it stays on record that it was there and since when: the same papers may come again.
    """
    row = Application.objects.select_related("matter").filter(matter_id=matter).exclude(identity_mark="").first()
    files = sorted(set(Attachment.objects.filter(matter_id=matter).values_list("sha256", flat=True)))
    if row is not None and row.channel == Application.Channel.WINDOW and files:
        records.note_change(
            By(by, people.login_of(by).name), "删去窗口草稿", row.matter.title, key=f"draft:{row.identity_mark}", at=at,
            before={"开始登记": row.matter.opened_at.isoformat(), "文件": ",".join(files)},
        )  # fmt: skip
    HeldFact.objects.filter(matter_id=matter).delete()
    Application.objects.filter(matter_id=matter).delete()
    matters.discard(matter, by=by)


def is_draft(matter: int) -> bool:
    """Tell whether an application has not been submitted yet."""
    return reads.load(matter, bring=()).version == 0


def own_file(matter: int, *, by: int, bring: tuple[str, ...] = reads.ALL) -> MatterFile:
    """Return an application of this account.

    :raises NotFound: it is not this account's.
    """
    file = reads.load(matter, bring=bring)
    if file.extra["filed_by"] != by:
        raise NotFound(NOT_YOURS)
    return file


def own_draft_file(matter: int, *, by: int, bring: tuple[str, ...] = reads.ALL) -> MatterFile:
    """Return a draft of this account to be shown.

    :raises NotFound: it is not this account's.
    :raises NotAllowed: it has been submitted.
    """
    return _still_draft(own_file(matter, by=by, bring=bring))


def _still_draft(file: MatterFile) -> MatterFile:
    if file.version:
        raise NotAllowed(f"这份申请已经提交（{file.called}），不能再改。如需更正，请等补正告知或者撤回后重新申请。")
    return file


def own_draft(matter: int, *, by: int) -> MatterFile:
    """Return and hold a draft of this account.

    :raises NotFound: it is not this account's.
    :raises NotAllowed: it has been submitted.
    """
    file = reads.load(matter, lock=True, bring=())
    if file.extra["filed_by"] != by:
        raise NotFound(NOT_YOURS)
    return _still_draft(file)


def editable(matter: int, *, by: int, on: date) -> MatterFile:
    """Return and hold an application whose materials this account may change now: a draft, or one being corrected.

    Whoever filed it may; the supplement of what was handed in at a window may be taken in by any clerk of that window.

    :raises NotFound: it is not this account's.
    :raises NotAllowed: its materials are closed.
    """
    file = reads.load(matter, lock=True)
    if file.extra["filed_by"] != by and not _at_their_window(file, by, on):
        raise NotFound(NOT_YOURS)
    if file.state not in (procedure.DRAFT, procedure.CORRECTING, procedure.ASKED) and not promises.is_owing(file):
        raise NotAllowed(f"办件 {file.called} 的材料已经提交，现在不能增减。收到补正告知后可以补交。")
    return file


def _at_their_window(file: MatterFile, by: int, on: date) -> bool:
    held = {each.role for each in org.roles_of(by, file.department, on)}
    return (file.state in (procedure.CORRECTING, procedure.ASKED) or promises.is_owing(file)) and Role.WINDOW in held


def round_of(file: MatterFile) -> int:
    """Return which round of materials is open: 0 with the application, then one for each notice and each supply."""
    supplied = len(file.actors.get("supply_deferred", ())) + 1 if file.clock("deferred") else 0
    return len([clock for clock in file.clocks if clock.name == "supplement"]) + supplied
