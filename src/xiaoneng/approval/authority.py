"""Whether who submitted in somebody's name may act for her: by the account, by a mandate, or by a paper that was seen."""

from __future__ import annotations

from datetime import datetime

from xiaoneng.approval import models, reads
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import authority as rules
from xiaoneng.rules.grounds import Obstacle
from xiaoneng.rules.workdays import local_day


def of_submission(file: MatterFile, at: datetime, known: frozenset[str] | None = None) -> str:
    """Return what a submission keeps in mind: nothing, or that the authority to act is not shown.

    :param known: the marks of those as whom the account may act, where they came along; else they are asked for.

    At the window the clerk sees who stands there. An account behind which nobody is known yet has no name of its own
    that could be another than the applicant's, so that it is asked about organisations only.
    """
    if file.extra["channel"] != models.Application.Channel.ONLINE:
        return ""
    mark = file.extra["identity_mark"]
    if known is None:
        known = reads.known_marks(file.extra["filed_by"], local_day(at))
    person = reads.form_of(file).get("kind", "person") == "person"
    if not mark or mark in known or (person and not known):
        return ""
    return rules.UNSHOWN


def keep(file: MatterFile, shown: str) -> None:
    """Keep beside an application whether authority is to be shown, or which paper showed it."""
    if shown != file.extra["authority"]:
        models.Application.objects.filter(matter_id=file.id).update(authority=shown)


def obstacles(file: MatterFile, at: datetime, shown: str = "") -> tuple[Obstacle, ...]:
    """Return what stands against accepting or granting in the name of somebody whose authority is not shown.

    :param shown: which paper was seen just now, if one.
    """
    if shown in rules.PAPERS or not is_to_be_shown(file, at):
        return ()
    return (rules.to_acting(file.extra["applicant_name"]),)


def is_to_be_shown(file: MatterFile, at: datetime) -> bool:
    """Tell whether authority is not shown to this day; a mandate entered since shows it."""
    return file.extra["authority"] == rules.UNSHOWN and not reads.is_known(file, local_day(at))


def advice(file: MatterFile, at: datetime) -> tuple[Obstacle, ...]:
    """Return what a draft is told at once about the authority to act; nothing that would keep it back."""
    name = reads.form_of(file).get("name", "")
    return (rules.advice(name),) if name and of_submission(file, at) else ()
