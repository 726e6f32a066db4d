"""Verbs of findings: find, ask, explain, confirm or dismiss, rectify. No case is ever changed by them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from xiaoneng.matters import actions as matters
from xiaoneng.matters import reads
from xiaoneng.matters.clocks import instant
from xiaoneng.matters.move import PLATFORM, Actor, Moved, move
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import findings as rules
from xiaoneng.rules.findings import Rule, Source
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.rules.procedures import finding as procedure
from xiaoneng.rules.procedures.finding import PROCEDURE
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.supervision import accountability, models, responsible, said, terms

NO_SUCH_FINDING = "没有找到这条监察发现，或者它不在您的职责范围内。请从列表里打开。"
RECTIFY_DAYS = 10


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What looks like a trick: under which rule, what it is about, in whose department, which cases, who acted, facts."""

    rule: Rule
    subject: str
    department: int
    cases: tuple[int, ...]
    person: int | None
    facts: Mapping[str, Any]


def find(
    suspicion: Suspicion, source: Source, *, by: Actor, at: datetime, key: UUID | None = None, note: str = ""
) -> Moved | None:
    """Put a suspicion on record with its facts frozen; nothing where the same thing was found already."""
    try:
        with transaction.atomic():
            return _find(suspicion, source, by, at, key, note)
    except IntegrityError:  # the unique constraint: it was found before, or by another worker at the same time
        return None


def _find(s: Suspicion, source: Source, by: Actor, at: datetime, key: UUID | None, note: str) -> Moved:
    matter, fresh = matters.open_matter(
        kind=PROCEDURE.kind, state=procedure.DRAFT, department=s.department, item_version=None, title=s.rule.label,
        by=by.account, at=at, key=key,
    )  # fmt: skip
    if fresh:
        models.Finding.objects.create(
            matter_id=matter, rule=s.rule.code, rule_version=s.rule.version, subject=s.subject, source=source.value,
            person=s.person, cases=list(s.cases), evidence=_evidence(s, source, at), found_at=at, salt=said.salt(),
        )  # fmt: skip
    row = models.Finding.objects.get(matter_id=matter)
    texts = {"grounds": note}
    facts = {
        "rule": row.rule, "rule_version": row.rule_version, "subject": row.subject, "source": row.source,
        "cases": row.cases, "evidence_sha256": hashlib.sha256(row.evidence.encode()).hexdigest(),
    }  # fmt: skip
    change = terms.starting(at, facts | said.hashes(row.salt, texts))
    return said.keep(move(reads.file(matter, key=key), "find", by=by, at=at, change=change, key=key), texts)


def _evidence(s: Suspicion, source: Source, at: datetime) -> str:
    frozen = {
        "at": instant(at), "source": source.value, "facts": dict(s.facts), "cases": list(s.cases),
        "person": s.person,
        "rule": {
            "code": s.rule.code, "version": s.rule.version, "label": s.rule.label, "basis": str(s.rule.basis),
            "thresholds": dict(s.rule.thresholds),
        },
    }  # fmt: skip
    return json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


@transaction.atomic
def find_by_hand(
    source: str, department: int, *, note: str, by: Actor, at: datetime, key: UUID, cases: tuple[int, ...] = (),
    person: int | None = None,
) -> Moved:  # fmt: skip
    """Put on record what a patrol, a department's own examination or the reading of a sample found.

    :raises NotAllowed: nothing is written, the person is no member of staff there, a case is not the department's,
        or somebody else than the department's head enters its own examination.
    """
    if source not in {each.value for each in rules.BY_HAND}:
        raise NotAllowed("请选择发现的来源：明查暗访、单位自查或者随机抽查。")
    note, kind = said.wanted("发现的事实和证据", note), Source(source)
    held = {each.role for each in org.roles_of(by.account, department, local_day(at))}
    needed = Role.HEAD if kind is Source.SELF_EXAMINATION else Role.SUPERVISOR
    if needed not in held:
        raise NotAllowed(f"“{kind.label}”由{needed.label}登记；您没有这个岗位，请转给对方登记。")
    if person is not None and person not in org.people_at(department):
        raise NotAllowed("责任人不是这个单位的工作人员。请重新选择；不确定的不要选。")
    if any(reads.file(each).department != department for each in cases):
        raise NotAllowed("所填的办件不是这个单位的。请核对编号。")
    suspicion = Suspicion(rules.rule(rules.BY_HAND[kind]), f"h:{key}", department, cases, person, {})
    return _find(suspicion, kind, by, at, key, note)


# --- what becomes of it -----------------------------------------------------------------------------------------------
def load(number: int | str, by: Actor, at: datetime, key: UUID | None = None) -> tuple[MatterFile, models.Finding]:
    """Return a finding.

    :raises NotFound: there is none of this number.
    """
    try:
        file = reads.file(number, key=key, by=by.account, on=local_day(at))
    except NotFound:
        raise NotFound(NO_SUCH_FINDING) from None
    row = models.Finding.objects.filter(matter_id=file.id).first()
    if row is None:
        raise NotFound(NO_SUCH_FINDING)
    return file, row


def _go(
    number: int | str, name: str, by: Actor, at: datetime, key: UUID | None, texts: Mapping[str, str],
    check: Callable[[MatterFile, models.Finding], str] = lambda file, row: "", **days: int,
) -> tuple[Moved, models.Finding]:  # fmt: skip
    file, row = load(number, by, at, key)
    if file.replay is None:
        responsible.refuse_own(name, by.account, file.department, local_day(at))
    if file.replay is None and (why := check(file, row)):
        raise NotAllowed(why)
    change = terms.starting(at, said.hashes(row.salt, texts), **days)
    return said.keep(move(file, name, by=by, at=at, change=change, key=key), texts), row


@transaction.atomic
def ask(number: int | str, *, wants: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Send a suspicion to the department, which has so many working days to explain.

    :raises NotAllowed: nothing is asked.
    """
    texts = {"wants": said.wanted("要说明的问题", wants)}
    return _go(number, "ask", by, at, key, texts, reply=terms.in_force().reply_days)[0]


@transaction.atomic
def explain(number: int | str, *, text: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Explain what is asked about.

    :raises NotAllowed: nothing is said, or the department is not asked.
    """
    texts = {"text": said.wanted("情况说明", text)}
    return _go(number, "explain", by, at, key, texts, verification=terms.in_force().verify_days)[0]


def _heard(by: Actor, at: datetime) -> Callable[[MatterFile, models.Finding], str]:
    def check(file: MatterFile, row: models.Finding) -> str:
        if row.person == by.account:
            return "这条发现涉及您本人，不能由您认定。请转给另一名监察员。"
        reply = file.clock(ClockName.REPLY)
        waiting = file.state == procedure.ASKED and reply and reply.red_at and at <= reply.red_at
        return "单位的说明期限还没有到，请等单位说明或者期限届满以后再认定。" if waiting else ""

    return check


@transaction.atomic
def confirm(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Decide that a finding is true: the department has to put it right, and the rules of accumulation are asked.

    :raises NotAllowed: the department may still explain, or the finding is about who decides.
    """
    texts = {"opinion": said.wanted("认定意见", opinion)}
    moved, row = _go(number, "confirm", by, at, key, texts, _heard(by, at), reply=RECTIFY_DAYS)
    if row.person is not None and not moved.replayed and org.staff_card(row.person) is not None:
        department = reads.file(row.matter_id).department
        accountability.propose(
            "finding", row.matter_id, row.rule, person=row.person, department=department, by=PLATFORM, at=at
        )
    return moved


@transaction.atomic
def dismiss(number: int | str, *, opinion: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Decide that there is nothing in it, with the reason.

    :raises NotAllowed: no reason is given, or the finding is about who decides.
    """

    def check(file: MatterFile, row: models.Finding) -> str:
        return "这条发现涉及您本人，不能由您认定。请转给另一名监察员。" if row.person == by.account else ""

    return _go(number, "dismiss", by, at, key, {"opinion": said.wanted("不成立的理由", opinion)}, check)[0]


@transaction.atomic
def rectify(number: int | str, *, text: str, by: Actor, at: datetime, key: UUID | None = None) -> Moved:
    """Report how what was found true has been put right.

    :raises NotAllowed: nothing is said, or nothing is to be put right.
    """
    return _go(number, "rectify", by, at, key, {"text": said.wanted("整改情况", text)})[0]
