"""What an applicant promised: documents for later, or conditions by commitment; what is owed, and what was broken."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from xiaoneng.approval import reads
from xiaoneng.approval.promises_models import Breach, Deferral
from xiaoneng.catalogue.reads import Plan
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import STOPPED
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import preferences
from xiaoneng.rules import commitment, deferred
from xiaoneng.rules.acceptance import Handed
from xiaoneng.rules.grounds import Obstacle
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.procedures import promises
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.signing import decided_at_the_window

COMMITMENT = "commitment"


def is_running(file: MatterFile, name: ClockName) -> bool:
    """Tell whether a clock of this name has begun and not ended."""
    return any(clock.name is name and clock.state != STOPPED for clock in file.clocks)


def was_untrue(file: MatterFile) -> bool:
    """Tell whether a check found that a commitment was not true."""
    checks = (line for line in matters.journal(file.id) if line.move == "record_check")
    return any(line.facts["what"]["result"] == commitment.FALSE for line in checks)


def is_owing(file: MatterFile) -> bool:
    """Tell whether promised documents are still to come."""
    return is_running(file, ClockName.DEFERRED)


def after_delivery(file: MatterFile) -> str:
    """Return where a case goes when its decision is delivered: to its end, or to what was promised for later."""
    if file.state != procedure.GRANTED:
        return procedure.DELIVERED
    if is_owing(file):
        return promises.OWING
    return promises.CHECKING if is_running(file, ClockName.POST_CHECK) else procedure.DELIVERED


def at_window(plan: Plan) -> bool:
    """Tell whether an item is decided at the window."""
    return decided_at_the_window(instant=plan.instant, authorised=plan.authorised, special=plan.special)


def any_made(file: MatterFile) -> bool:
    """Tell whether an application carries a promise at all; most do not, and nothing more is asked of them."""
    return '"promise": "1"' in file.extra["payload"]


def is_wanted(file: MatterFile) -> bool:
    """Tell whether a draft asks for what needs a promise, agreed to or not."""
    form = reads.form_of(file)
    return form.get("way") == COMMITMENT or bool(form.get("deferred", ""))


def by_commitment(file: MatterFile, plan: Plan | None = None) -> bool:
    """Tell whether an application goes by commitment: chosen, open for it, and not retracted."""
    if COMMITMENT not in file.extra["payload"] or "retract_commitment" in file.actors:
        return False
    return reads.form_of(file).get("way") == COMMITMENT and (plan or file.plan).committable


def promised_names(file: MatterFile) -> frozenset[str]:
    """Return the names of the materials that an applicant promised for later."""
    slots = set(reads.form_of(file).get("deferred", "").split(","))
    return frozenset(each.name for each in reads.filed_under(file).materials if each.slot in slots)


def deferrable(plan: Plan) -> frozenset[str]:
    """Return the names of the required materials that a version lets come later."""
    return frozenset(each.name for each in plan.materials if each.required and each.deferrable)


def excused(file: MatterFile, plan: Plan, handed: Collection[Handed]) -> frozenset[str]:
    """Return which missing materials need not be there yet: promised for later, or replaced by the commitment."""
    if not deferred.outstanding(handed):
        return frozenset()
    if by_commitment(file, plan):
        return deferred.covered(handed, deferrable(plan), deferrable(plan))
    return deferred.covered(handed, promised_names(file), deferrable(plan))


def barred_until(identity_mark: str, today: date) -> date | None:
    """Return until when an applicant may not promise anything again, or nothing."""
    if not identity_mark:
        return None
    found = Breach.objects.filter(identity_mark=identity_mark, excused_seq=None).order_by("-broken_on")
    last = found.values_list("broken_on", flat=True).first()
    if last is None:
        return None
    return deferred.barred_until(last, preferences.in_force("promise_bar_days"), today)


def obstacles(file: MatterFile, plan: Plan, handed: Collection[Handed], today: date) -> tuple[Obstacle, ...]:
    """Return what stands against the promises that an application carries."""
    form = reads.form_of(file)
    agreed = form.get("promise", "") == "1"
    if form.get("way") == COMMITMENT:
        until, known = _bar(file, today)
        return commitment.to_commit(plan.committable, agreed, until, known=known)
    names = [each.name for each in deferred.outstanding(handed) if each.name in promised_names(file)]
    if not names:
        return ()
    until, known = _bar(file, today)
    return deferred.to_promise(names, deferrable(plan), agreed, until, known=known)


def _bar(file: MatterFile, today: date) -> tuple[date | None, bool]:
    """Return until when who is named in a form may promise nothing, and whether who filed it may be told."""
    until = barred_until(file.extra["identity_mark"], today)
    return until, until is None or reads.is_known(file, today)


def facts_of(file: MatterFile, handed: Collection[Handed]) -> dict[str, Any]:
    """Return what a submission writes down of its promise."""
    if by_commitment(file):
        return {"commitment": _informed(file, handed)}
    names = excused(file, file.plan, handed)
    return {"promised": sorted(each.slot for each in handed if each.name in names)} if names else {}


def _informed(file: MatterFile, handed: Collection[Handed]) -> dict[str, Any]:
    """Return what an applicant was told and committed to: the words, the conditions, what it replaces, the check."""
    plan = file.plan
    return {
        "text": plan.commitment_text or commitment.DEFAULT_TEXT,
        "conditions": plan.conditions,
        "replaced": sorted(each.name for each in handed if each.name in excused(file, plan, handed)),
        "check_days": plan.check_days or commitment.CHECK_DAYS,
        "bar_days": preferences.in_force("promise_bar_days"),
    }


@dataclass(frozen=True, slots=True)
class Owed:
    """A document promised for later, until when, and what became of it."""

    slot: str
    name: str
    due_on: date
    outcome: str

    @property
    def label(self) -> str:
        """Return what became of it in words."""
        return str(Deferral.Outcome(self.outcome).label)


def all_owed(matter: int) -> tuple[Owed, ...]:
    """Return every document that was promised for later."""
    rows = Deferral.objects.filter(matter_id=matter).order_by("id")
    return tuple(Owed(*row) for row in rows.values_list("slot", "name", "due_on", "outcome"))


def owed(file: MatterFile) -> tuple[Owed, ...]:
    """Return the documents that are still to come; asks only where something is."""
    return tuple(each for each in all_owed(file.id) if not each.outcome) if is_owing(file) else ()


_BROKEN = {"default_unsupplied", "default_issued", "default_withdrawn"}
_AFTER_IT = {"excuse_default", "record_check", "order_correction", "keep_on_promise", "revoke_on_promise"}


def defaulted(file: MatterFile) -> str:
    """Return by which move a default of promised documents stands on record, or nothing; it may have been excused since."""
    if not _BROKEN & file.actors.keys():
        return ""
    last = next(line.move for line in matters.journal(file.id) if line.move in _BROKEN | _AFTER_IT)
    return last if last in _BROKEN else ""


def obstacles_to_grant(file: MatterFile) -> tuple[Obstacle, ...]:
    """Return what stands against granting while documents are owed, or once they did not come in time."""
    if defaulted(file) == "default_unsupplied":
        found = deferred.DEFAULTED
        return (Obstacle("deferred", "容缺的材料逾期没有补交，不能准予。", found, "请作出不予许可决定。"),)
    return deferred.to_decision([each.name for each in owed(file)], early=file.plan.early_issue)
