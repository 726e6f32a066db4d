"""Before a joint case is submitted: choose the items, fill in one form, hand in one set of materials."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import F

from xiaoneng.approval import models
from xiaoneng.approval.actions import drafts
from xiaoneng.approval.joint import reads, themes
from xiaoneng.approval.joint.themes import Choice, ThemeShown
from xiaoneng.matters import actions as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import parallel
from xiaoneng.rules.acceptance import to_application
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstacle, Obstructed
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day

STAGES = parallel.CHAIN


@transaction.atomic
def open_joint(
    *, theme: str, chosen: Collection[int], by: int, channel: str, at: datetime, key: UUID | None,
    form: Mapping[str, str], project: str = "", previous: int | None = None,
) -> int:  # fmt: skip
    """Open the draft of a joint case for a theme and return its matter; the same key opens it once.

    :param chosen: the positions of those items that are needed only under a condition.
    :raises NotFound: there is no such theme.
    :raises Obstructed: it cannot be applied for; every obstacle at once.
    """
    shown = themes.theme(theme, at)
    before = _previous(shown, by, previous)
    choices = _choices(shown, chosen)
    title = f"{shown.name}（{project.strip()}）" if project.strip() else shown.name
    matter, fresh = matters.open_matter(
        kind=reads.KIND, state=procedure.DRAFT, department=shown.lead, item_version=None, title=title, by=by, at=at,
        key=key,
    )  # fmt: skip
    if fresh:
        models.Application.objects.create(
            matter_id=matter, channel=channel, filed_by=by, salt=secrets.token_bytes(16), **drafts.columns(form)
        )
        row = models.JointCase(matter_id=matter, theme_id=shown.id, project=project.strip()[:120], previous_id=before)
        row.save(force_insert=True)
        _write(matter, choices)
    return matter


@transaction.atomic
def choose(matter: int, *, by: int, chosen: Collection[int], at: datetime) -> None:
    """Choose anew which items of the theme a draft asks for; files that were handed in stay.

    :raises NotAllowed: it has been submitted.
    """
    drafts.own_draft(matter, by=by)
    shown = themes.theme(reads.about(matter).theme_code, at)
    models.Branch.objects.filter(joint_id=matter).delete()
    _write(matter, _choices(shown, chosen))


def _choices(shown: ThemeShown, chosen: Collection[int]) -> tuple[Choice, ...]:
    taken = tuple(each for each in shown.items if not each.condition or each.position in chosen)
    places = {each.position for each in taken}
    # An item that is not needed is nobody's precondition; whoever waited for it waits for what it waited for.
    after = {each.position: _bridged(each, shown, places) for each in taken}
    found = list(parallel.to_chain(after, {each.position: each.name for each in taken}))
    if not shown.active:
        found.append(Obstacle("theme", f"“{shown.name}”暂不开放申请。", parallel.TOGETHER, "可以分别申请其中的事项。"))
    for each in taken:
        found += to_application(
            in_force=each.version is not None,
            has_limit=each.has_limit,
            on_application=each.on_application,
            item=each.name,
        )
    if found:
        raise Obstructed(found)
    return tuple(each.following(sorted(after[each.position])) for each in taken)


def _bridged(each: Choice, shown: ThemeShown, places: Collection[int], deep: int = 0) -> set[int]:
    known = {other.position: other for other in shown.items}
    found: set[int] = set()
    for place in each.after:
        if place in places or place not in known or deep > parallel.CHAIN_WIDTH:
            found.add(place)
        else:
            found |= _bridged(known[place], shown, places, deep + 1)
    return found


def _write(matter: int, choices: tuple[Choice, ...]) -> None:
    models.Branch.objects.bulk_create(
        models.Branch(
            joint_id=matter,
            position=each.position,
            item_id=each.item,
            version_id=each.version or 0,
            after=list(each.after),
        )
        for each in choices
    )


def _previous(shown: ThemeShown, by: int, previous: int | None) -> int | None:
    if shown.after is None:
        return None
    done = finished(shown.after, by)
    found = next((each for each in done if previous in (None, each)), None)
    if found is None:
        message = f"“{shown.name}”要在前一阶段“{shown.after_name}”各项都准予以后申请。"
        raise Obstructed([Obstacle("previous", message, STAGES, "请先办完前一阶段；已经办完的，请用当时的账号申请。")])
    return found


def finished(theme: int, by: int) -> list[int]:
    """Return the joint cases of a theme that an account filed and in which every branch was granted, newest first."""
    rows = models.JointCase.objects.filter(
        theme_id=theme, matter__application__filed_by=by, matter__state__in=(procedure.DELIVERING, procedure.DONE)
    )
    rows = rows.exclude(branches__outcome__in=("refused", "ended", "never"))
    return list(rows.order_by(F("matter_id").desc()).values_list("matter_id", flat=True))


@transaction.atomic
def attach(matter: int, *, by: int, slot: str, name: str, stream: BinaryIO, at: datetime) -> None:
    """Put a file to a material of the one set.

    :raises kit.files.Refused: the file cannot be taken; the message says why and what to do.
    """
    file = _editable(matter, by, local_day(at))
    known = {each.slot for each in reads.materials(reads.branches(matter))}
    if slot not in known | {reads.OTHER}:
        raise NotFound("没有这一项材料。请刷新页面后重新选择。")
    matters.attach(matter, slot=slot, name=name, stream=stream, by=by, at=at, round_=drafts.round_of(file))


@transaction.atomic
def detach(matter: int, *, by: int, attachment: int, at: datetime) -> None:
    """Take a file off again.

    :raises NotFound: there is no such file in what may still be changed.
    """
    matters.detach(matter, attachment, round_=drafts.round_of(_editable(matter, by, local_day(at))))


def _editable(matter: int, by: int, on: date) -> MatterFile:
    file = reads.load(matter, lock=True)
    if file.extra["filed_by"] != by and not (file.state == procedure.CORRECTING and is_lead_window(file, by, on)):
        raise NotFound(drafts.NOT_YOURS)
    if file.state not in (procedure.DRAFT, procedure.CORRECTING):
        raise NotAllowed(f"{file.called} 的材料已经提交，现在不能增减。收到补正告知后可以补交。")
    return file


def is_lead_window(file: MatterFile, account: int, on: date) -> bool:
    """Tell whether an account holds a window of the department that leads a joint case."""
    return Role.WINDOW in {each.role for each in org.roles_of(account, file.department, on)}


@transaction.atomic
def discard(matter: int, *, by: int, at: datetime) -> None:
    """Throw a draft away with its branches, its files and everything typed."""
    drafts.own_draft(matter, by=by)
    models.Branch.objects.filter(joint_id=matter).delete()
    models.JointCase.objects.filter(matter_id=matter).delete()
    drafts.throw_away(matter, by=by, at=at)
