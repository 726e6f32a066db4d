"""Verbs of the register: the platform issues what was granted, heads change it, each change with its ground."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import DatabaseError, connection, transaction

from xiaoneng.approval import certificates, reads, words
from xiaoneng.approval.certificates_models import Certificate
from xiaoneng.approval.models import Renewal
from xiaoneng.catalogue.contents import content_of
from xiaoneng.kit import numbers
from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads as matter_reads
from xiaoneng.matters.move import PLATFORM, Actor, Change, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules import certificates as rules
from xiaoneng.rules.annulment import MOVE, Annulment, to_annulment
from xiaoneng.rules.certificates import Asked
from xiaoneng.rules.grounds import NotAllowed, Obstructed
from xiaoneng.rules.procedures import certificate as procedure
from xiaoneng.rules.workdays import local_day

log = logging.getLogger("xiaoneng.approval")
_ISSUED = UUID(
    "0b0e7c9e-3f0b-4dc5-8f6d-0d3b5f0a9c41"
)  # the space of keys: a case has one certificate, however often asked
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_IN_BRACKETS = re.compile(r"[（(].*?[）)]")
# Granted, of an item whose result is a certificate, and nothing in the register rests on it yet.
_OWED = """
SELECT m.id FROM entry e JOIN matter m ON m.id = e.matter_id JOIN catalogue_itemversion v ON v.id = m.item_version_id
WHERE e.recorded_at >= %s AND e.move IN ('grant', 'deem_renewed') AND m.kind = 'application' AND m.state <> 'revoked'
  AND v.result !~ '补发' AND (v.result ~ '(证|证书|执照)([（(].*[）)])?$' OR EXISTS (
    SELECT FROM catalogue_result r WHERE r.version_id = v.id AND r.kind = '证照' AND r.name <> ''))
  AND NOT EXISTS (SELECT FROM approval_certificate c WHERE c.case_id = m.id)
  AND NOT EXISTS (SELECT FROM approval_renewal w WHERE w.matter_id = m.id AND EXISTS (
    SELECT FROM entry r JOIN approval_certificate c ON c.matter_id = r.matter_id
    WHERE c.number = w.certificate AND r.move = 'renew_certificate' AND r.facts -> 'what' ->> 'case' = m.id::text))
ORDER BY m.id LIMIT %s"""


def issue_what_is_granted(now: Callable[[], datetime], since: datetime = ALWAYS, most: int = 500) -> int:
    """Issue the certificate of every grant that has none yet and return how many; twice is once.

    :param since: look only at cases that moved since.
    """
    issued = 0
    with connection.cursor() as cursor:
        cursor.execute(_OWED, [since, most])
        owed = [row[0] for row in cursor.fetchall()]
    for case in owed:
        try:
            with transaction.atomic():
                issued += issue(reads.load(case, lock=True), now())
        except DatabaseError:
            log.exception("the certificate of matter %s could not be issued", case)
    return issued


def issue(case: MatterFile, at: datetime) -> bool:
    """Issue the certificate of a granted case, or renew the one that it asked to renew; tell whether it was new."""
    if Certificate.objects.filter(case_id=case.id).exists():
        return False
    renewal = Renewal.objects.filter(matter_id=case.id).first()
    earlier = certificates.by_number(renewal.certificate) if renewal else None
    if earlier is not None and earlier.state == procedure.VALID:
        return _renewed_by(case, earlier, at)
    _issue(case, at)
    return True


def _issue(case: MatterFile, at: datetime) -> Moved:
    name, months = _what_it_is(case)
    since, form = local_day(at), reads.form_of(case)
    until = rules.last_day(since, months)
    key, code = uuid5(_ISSUED, str(case.id)), numbers.verify_code()
    matter, _ = matters.open_matter(
        kind=procedure.PROCEDURE.kind, state=procedure.PLANNED, department=case.department,
        item_version=case.item_version, title=name, by=0, at=at, key=key,
    )  # fmt: skip
    row = Certificate.objects.create(
        matter_id=matter, case_id=case.id, code=code, number=code, title=name, holder_kind=form.get("kind", ""),
        holder_name=case.extra["applicant_name"], holder_mark=case.extra["identity_mark"],
        scope=form.get("content", ""), valid_from=since, valid_until=until,
    )  # fmt: skip
    facts = {
        "case": case.id, "called": case.called, "code": code, "title": name, "valid_from": since.isoformat(),
        "valid_until": _iso(until), "held_by": reads.payload_hash(case.extra["salt"], _said(row)),
    }  # fmt: skip
    moved = move(
        certificates.load(matter), "issue_certificate", by=PLATFORM, at=at, key=key,
        change=Change(facts=facts, document_title=name),
    )  # fmt: skip
    Certificate.objects.filter(pk=matter).update(number=moved.numbers["documents"][0])
    return moved


def _said(row: Certificate) -> str:
    return f"{row.holder_name}|{row.scope}"


def _what_it_is(case: MatterFile) -> tuple[str, int | None]:
    """Return a certificate's name and for how many months it is valid, as the item's version publishes."""
    results = content_of(case.item_version).results if case.item_version else ()
    listed = next((each for each in results if each.kind == "证照" and each.name), None)
    name = listed.name if listed else case.plan.result
    return _IN_BRACKETS.sub("", name)[:200], rules.months_of(listed.validity) if listed else None


def _renewed_by(case: MatterFile, earlier: certificates.CertificateLine, at: datetime) -> bool:
    """Extend a certificate by what a granted case of renewal comes to; the code and the number stay."""
    _, months = _what_it_is(case)
    until = rules.renewed_until(earlier.valid_until, months, local_day(at))
    facts = {
        "case": case.id,
        "reason": f"办件 {case.called} 准予延续",
        "before": _iso(earlier.valid_until),
        "valid_until": _iso(until),
    }
    key = uuid5(_ISSUED, f"renewed:{case.id}")
    file = certificates.load(earlier.id, key)
    moved = move(file, "renew_certificate", by=PLATFORM, at=at, key=key, change=Change(facts=facts))
    if not moved.replayed:
        Certificate.objects.filter(pk=earlier.id).update(valid_until=until)
    return not moved.replayed


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def follow_revocation(case: MatterFile, ground: str, decision: str, at: datetime) -> None:
    """Revoke the certificate of a case whose grant has been revoked, so that it is found valid no longer.

    :param decision: the number of the decision by which the grant was revoked.
    """
    row, key = Certificate.objects.filter(case_id=case.id).first(), uuid5(_ISSUED, f"revoked:{case.id}")
    if row is None:
        return
    file = certificates.load(row.pk, key)
    if file.replay is not None or file.state not in procedure.PROCEDURE.move("revoke_certificate").sources:
        return
    facts = {"reason": f"办件 {case.called} 的准予决定已经撤销（{decision}）。", "ground": ground, "case": case.id}
    move(file, "revoke_certificate", by=PLATFORM, at=at, key=key, change=Change(facts=facts))


def follow_annulment(case: MatterFile, told: Annulment, at: datetime) -> None:
    """Let the certificate of a case be valid again whose revocation has been annulled."""
    row, key = Certificate.objects.filter(case_id=case.id).first(), uuid5(_ISSUED, f"annulled:{case.id}:{case.version}")
    if row is None:
        return
    file = certificates.load(row.pk, key)
    if file.replay is not None or file.state not in procedure.PROCEDURE.move(MOVE).sources:
        return
    facts = {
        "reason": f"撤销办件 {case.called} 准予决定的决定已经被撤销。", "ground": told.way, "organ": told.organ.strip(),
        "decision": told.decision.strip(), "made_on": _iso(told.made_on), "case": case.id,
    }  # fmt: skip
    move(file, MOVE, by=PLATFORM, at=at, key=key, change=Change(facts=facts))


def reinstate_what_is_over(now: Callable[[], datetime]) -> int:
    """Let certificates be used again whose suspension has ended and return how many; twice makes no difference."""
    suspended = Certificate.objects.filter(matter__closed=False, matter__state=procedure.SUSPENDED)
    ended = 0
    for certificate in list(suspended.order_by("pk").values_list("pk", flat=True)):
        file, at = certificates.load(certificate), now()
        until = certificates.suspended_until(certificate)
        if file.state != procedure.SUSPENDED or until is None or local_day(at) <= until:
            continue
        facts = {"reason": f"暂扣至 {until}，已经期满。", "until": until.isoformat()}
        try:
            move(file, "reinstate_certificate", by=PLATFORM, at=at, change=Change(facts=facts))
        except NotAllowed:  # somebody was first
            continue
        except DatabaseError:
            log.exception("the certificate %s could not be reinstated", certificate)
            continue
        ended += 1
    return ended


@transaction.atomic
def change(
    certificate: int, name: str, *, by: Actor, at: datetime, key: UUID | None, asked: Asked, scope: str = ""
) -> Moved:
    """Renew, amend, suspend, reinstate, withdraw, revoke, rescind or cancel a certificate, with its ground.

    :param scope: what the certificate permits from now on, where it is amended.
    :raises Obstructed: the ground, the reason or something else that the decision must state is missing.
    :raises NotAllowed: there is no such change, or the certificate's state does not allow it.
    """
    if name not in CHANGES:
        raise NotAllowed("没有这种变动。请从页面上列出的变动里选。")
    file = certificates.load(certificate, key, by=by, at=at)
    if file.replay is None and file.state in procedure.PROCEDURE.move(name).sources:
        obstacles = rules.to_change(name, asked, file.state, file.extra["valid_until"], local_day(at))
        if name == MOVE:
            obstacles = to_annulment(rules.as_annulment(asked), _ended_on(file), local_day(at))
        if obstacles:
            raise Obstructed(obstacles)
    moved = move(file, name, by=by, at=at, key=key, change=Change(facts=_facts(file, name, asked, scope)))
    if not moved.replayed:
        if name == "amend_certificate":
            words.keep(moved, _amended(file, scope))
        _write_down(certificate, name, asked, scope)
    return moved


def _ended_on(file: MatterFile) -> date | None:
    """Return the day of the decision by which a certificate was withdrawn, revoked or rescinded, or else cancelled."""
    ends = [line for line in matter_reads.journal(file.id) if line.move in _ENDS]
    return local_day(ends[0].at) if ends else None


_ENDS = ("withdraw_certificate", "revoke_certificate", "rescind_certificate", "cancel_certificate")
CHANGES = tuple(row.name for row in procedure.PROCEDURE.moves if row.name != "issue_certificate")


def _facts(file: MatterFile, name: str, asked: Asked, scope: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"reason": asked.reason.strip()}
    if asked.ground:
        facts["ground"] = asked.ground
    if asked.decision.strip():
        facts["decision"] = asked.decision.strip()
    if asked.compensation.strip():
        facts["compensation"] = asked.compensation.strip()
    if name == MOVE:
        facts |= {"organ": asked.organ.strip(), "made_on": _iso(asked.made_on)}
    if name == "renew_certificate":
        facts |= {"before": _iso(file.extra["valid_until"]), "valid_until": _iso(asked.until)}
    if name == "suspend_certificate":
        facts["until"] = _iso(asked.until)
    if name == "amend_certificate":
        salt = reads.load(file.extra["case_id"]).extra["salt"]
        held = f"{file.extra['holder_name']}|{scope.strip() or file.extra['scope']}"
        facts |= {"amended": True, "held_by": reads.payload_hash(salt, held)}
        facts |= words.hashes_with(salt, _amended(file, scope))
    return facts


def _amended(file: MatterFile, scope: str) -> dict[str, str]:
    return {"scope": scope.strip() or file.extra["scope"]}


def _write_down(certificate: int, name: str, asked: Asked, scope: str) -> None:
    if name == "renew_certificate":
        Certificate.objects.filter(pk=certificate).update(valid_until=asked.until)
    if name == "amend_certificate" and scope.strip():
        Certificate.objects.filter(pk=certificate).update(scope=scope.strip()[:2000])
