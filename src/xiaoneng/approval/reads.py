"""Questions about applications; hands out frozen rows."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from xiaoneng.approval import consulting, models
from xiaoneng.catalogue.reads import Material, Plan, plan
from xiaoneng.kit import asking, numbers
from xiaoneng.matters import reads as matters
from xiaoneng.matters.models import Matter
from xiaoneng.matters.move import Actor
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.people import reads as people
from xiaoneng.rules.acceptance import Declared, Handed
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.items import scenarios
from xiaoneng.rules.procedures.application import ASKED, CORRECTING, PROCEDURE
from xiaoneng.rules.roles import GRANTED, Role
from xiaoneng.rules.workdays import local_day

KIND = PROCEDURE.kind
_OWN = {
    "channel": "a.channel",
    "filed_by": "a.filed_by",
    "applicant_name": "a.applicant_name",
    "payload": "a.payload",
    "salt": "a.salt",
    "identity_mark": "a.identity_mark",
    "authority": "a.authority",
    # Of which joint case it is a branch: it is one from its beginning or never.
    "joint": "(SELECT b.joint_id FROM approval_branch b WHERE b.matter_id = m.id)",
}
# What lies beside the application: a page brings all of it, a move what it looks at anyhow, and the rest where it looks.
_BESIDE = {
    "attachments": """(SELECT json_agg(json_build_array(t.slot, t.sha256, t.round, t.name) ORDER BY t.id)
                       FROM matters_attachment t WHERE t.matter_id = m.id)""",
    "sessions": """(SELECT json_agg(json_build_array(s.kind, s.seq, s.starts_at, s.ends_on, s.place, s.people, s.state,
                                                     s.closed_seq) ORDER BY s.seq)
                    FROM approval_session s WHERE s.matter_id = m.id)""",
    "renewal": """(SELECT json_build_array(w.certificate, w.expires_on) FROM approval_renewal w
                   WHERE w.matter_id = m.id)""",
    # What is held already and was let be used in place of a material; what is owed, where a grant would wait for it.
    "held": """(SELECT json_agg(json_build_array(h.slot, h.source, h.reference, h.label, h.issuer) ORDER BY h.id)
               FROM approval_heldfact h WHERE h.matter_id = m.id)""",
    "owed": """CASE WHEN m.state = 'deciding' THEN (
        SELECT string_agg(c.note, '、') FROM approval_charge c JOIN matter w ON w.id = c.matter_id
        WHERE c.case_id = m.id AND w.state = 'demanded') END""",
    # What the same applicant filed for the same item and what ended within thirty days, while this is still a draft.
    "earlier": """CASE WHEN m.state = 'draft' AND a.identity_mark <> '' THEN (
        SELECT json_build_array(w.intake_number, w.changed_at, e.at, e.facts -> 'what' ->> 'first_filed_at')
        FROM approval_application o JOIN matter w ON w.id = o.matter_id AND w.id <> m.id
        JOIN catalogue_itemversion v ON v.id = w.item_version_id JOIN entry e ON e.matter_id = w.id AND e.seq = 1
        WHERE o.identity_mark = a.identity_mark AND w.state IN ('withdrawn', 'terminated', 'not_accepted')
          AND w.changed_at >= xn_clock() - interval '30 days'
          AND v.item_id = (SELECT item_id FROM catalogue_itemversion WHERE id = m.item_version_id)
        ORDER BY w.changed_at DESC LIMIT 1) END""",
    # Originals that a window saw with a supplement, while it is to be decided whether everything is there.
    "papers_later": """CASE WHEN m.state = 'received' AND m.version > 1 THEN (
        SELECT json_agg(e.facts -> 'what' -> 'papers') FROM entry e
        WHERE e.matter_id = m.id AND e.move = 'supplement') END""",
    "least_signers": """CASE WHEN m.state = 'deciding' THEN (
        SELECT value::text FROM org_setting WHERE key = 'least_signers') END""",
    # What is set, else what this installation is, from which follows what holds where nothing is set.
    "sign_once": """CASE WHEN m.state = 'reviewing' THEN coalesce(
        (SELECT value::text FROM org_setting WHERE key = 'sign_once'), (SELECT to_json(kind)::text FROM installation)) END""",
    # As whom the account that files may act, while nothing is filed yet.
    "acts_as": f"CASE WHEN m.state = 'draft' THEN {people.ACTS_AS_FOR_A} END",
    # The day on which the whole is due of which this is a branch.
    "whole_due": """(SELECT j.clocks -> 'joint/1' ->> 'due_on' FROM approval_branch b JOIN matter j ON j.id = b.joint_id
                     WHERE b.matter_id = m.id)""",
    "accepted_jointly_by": """(SELECT e.actor FROM approval_branch b JOIN entry e ON e.matter_id = b.joint_id
                               WHERE b.matter_id = m.id AND e.move = 'accept')""",
    "version_in_force": """CASE WHEN m.state IN ('draft', 'received') THEN (
        SELECT v.id FROM catalogue_itemversion v JOIN catalogue_itemversion w ON w.item_id = v.item_id
        WHERE w.id = m.item_version_id AND v.in_force @> xn_clock()) END""",
}
_JOINS = "JOIN approval_application a ON a.matter_id = m.id"
ALL = tuple(_BESIDE)
FILING = ("attachments", "held", "earlier", "version_in_force", "acts_as")
ACCEPTING = ("attachments", "held", "renewal", "version_in_force")
REVIEWING = ("sessions", "sign_once")
DECIDING = ("sessions", "owed", "least_signers", "accepted_jointly_by")


def load(
    which: int | str,
    key: UUID | None = None,
    *,
    by: Actor | None = None,
    at: datetime | None = None,
    lock: bool = False,
    bring: tuple[str, ...] = ALL,
) -> MatterFile:
    """Return an application's matter with what the application has beside it, in one query.

    :param by: who is about to move it at the moment `at`; that person's roles come along.
    :param lock: hold the application's row to the end of the transaction, so that nobody edits it meanwhile.
    :param bring: what of it comes along at once; the rest is asked for when it is looked at.
    :raises NotFound: there is no such application.
    """
    if lock:
        # In a statement of its own: one that waits for the row goes on to read what was true before it waited.
        _lock(which)
    account, on = (by.account, local_day(at)) if by and at else (0, None)
    return matters.file(which, key, by=account, on=on, columns=_bringing(bring), later=_BESIDE, joins=_JOINS)


@cache
def _bringing(names: tuple[str, ...]) -> dict[str, str]:
    return _OWN | {name: _BESIDE[name] for name in names}


def _lock(which: int | str) -> None:
    one, values = matters.which_one(which)
    asking.first(f"SELECT 1 FROM approval_application WHERE matter_id = {one} FOR UPDATE", values)


def query_code(file: MatterFile) -> str:
    """Return the code to ask with beside the number; derived from the installation's secret, stored nowhere."""
    return _code(file.id, bytes(file.extra["salt"]))


def _code(matter: int, salt: bytes) -> str:
    secret = settings.SECRET_KEY.encode()
    return numbers.derived_code(hmac.new(secret, b"query-code:%d:" % matter + salt, hashlib.sha256).digest())


def fits_code(file: MatterFile, code: str) -> bool:
    """Tell, in a time that gives nothing away, whether a code is this application's."""
    return hmac.compare_digest(query_code(file).encode(), numbers.normalise_code(code).encode())


def by_number_and_code(number: str, code: str) -> MatterFile:
    """Return the application of a number (either of its two) if the query code fits.

    :raises NotFound: number or code is wrong; the answer does not say which.
    """
    wrong = NotFound("编号和查询码对不上。请对照收件凭证核对这两项，字母不分大小写。")
    try:
        file = load(numbers.normalise_code(number))
    except NotFound:
        hmac.compare_digest(_code(0, b"").encode(), numbers.normalise_code(code).encode())
        raise wrong from None
    if file.version == 0 or not fits_code(file, code):
        raise wrong
    return file


def payload_hash(salt: bytes, payload: str) -> str:
    """Return the salted hash by which the journal knows the personal data."""
    return hashlib.sha256(bytes(salt) + payload.encode()).hexdigest()


def identity_mark(kind: str, identity: str) -> str:
    """Return the keyed hash by which the same applicant is known again; nothing where no number was given."""
    said = numbers.normalise_code(identity)
    if not said:
        return ""
    return hmac.new(settings.SECRET_KEY.encode(), f"identity:{kind}:{said}".encode(), hashlib.sha256).hexdigest()


def known_marks(account: int, on: date) -> frozenset[str]:
    """Return the marks of those as whom an account may act on a day; who types another's number is not known as him."""
    return frozenset(identity_mark(kind, number) for kind, number in people.acts_as(account, on))


def marks_of_filer(file: MatterFile, on: date) -> frozenset[str]:
    """Return the marks of those as whom the account of a draft may act on a day, without asking again."""
    found = people.acting_on(on, matters.as_json(file.extra["acts_as"]))
    return frozenset(identity_mark(kind, number) for kind, number in found)


def is_known(file: MatterFile, on: date) -> bool:
    """Tell whether who files is known to be the applicant or to act for her: by the account, or in person at the window."""
    if file.extra["channel"] != models.Application.Channel.ONLINE:
        return True
    return file.extra["identity_mark"] in known_marks(file.extra["filed_by"], on)


def form_of(file: MatterFile) -> dict[str, str]:
    """Return what the applicant declared, as typed."""
    form: dict[str, str] = json.loads(file.extra["payload"])
    return form


def declared(form: dict[str, str]) -> Declared:
    """Return a form as the rule of acceptance reads it."""
    kind = form.get("kind", "person")
    identity = form.get("identity", "")
    valid = numbers.is_identity_number(identity) if kind == "person" else numbers.is_credit_code(identity)
    phone = form.get("phone", "")
    return Declared(
        kind, form.get("name", ""), identity, valid, form.get("contact", ""), phone, numbers.is_mobile(phone),
        form.get("content", ""),
    )  # fmt: skip


def attached(file: MatterFile) -> list[tuple[str, str, int, str]]:
    """Return what is attached: (slot, sha256, round, name) of each file."""
    rows = matters.as_json(file.extra["attachments"]) or []
    return [(slot, sha, round_, name) for slot, sha, round_, name in rows]


@dataclass(frozen=True, slots=True)
class HeldFact:
    """A fact that is held already and stands for a material, with the applicant's consent."""

    slot: str
    source: str
    reference: str
    label: str
    issuer: str


ARCHIVE = "archive"


def held_facts(file: MatterFile) -> tuple[HeldFact, ...]:
    """Return the held facts that stand for materials of an application."""
    return tuple(HeldFact(*row) for row in matters.as_json(file.extra["held"]) or ())


def filed_under(file: MatterFile) -> Plan:
    """Return the plan under which the materials were handed in; acceptance may rest on a later version."""
    return plan(file.filed_version or file.item_version or 0)


def situation(file: MatterFile) -> tuple[str, ...]:
    """Return the situation that was chosen: one answer for each question of the item that has one."""
    said = form_of(file).get("scenario", "").split("\n")
    return scenarios.settled(scenarios.questions(filed_under(file).scenarios), said)


def demanded(file: MatterFile, demands: Plan | None = None) -> tuple[Material, ...]:
    """Return the materials that the chosen situation asks for; what hangs on an open question stays in."""
    wanted = demands or filed_under(file)
    return scenarios.demanded(wanted.materials, scenarios.questions(wanted.scenarios), situation(file))


def concerned(file: MatterFile) -> tuple[Material, ...]:
    """Return the materials that may be asked for: what the chosen situation asks for, and whatever was handed in."""
    slots = {m.slot for m in demanded(file)} | {slot for slot, *_ in attached(file)}
    return tuple(m for m in filed_under(file).materials if m.slot in slots)


def handed(file: MatterFile, demands: Plan | None = None) -> tuple[Handed, ...]:
    """Return each material demanded with the number of files handed in for it, or of papers seen at the window.

    :param demands: the version that demands, if not the one filed under; its materials are found by their names.
    """
    names = {material.slot: material.name for material in filed_under(file).materials}
    slots = [slot for slot, *_ in attached(file)] + form_of(file).get("papers", "").split(",")
    if file.version > 1:  # nothing is handed in later before there is something
        slots += [slot for some in matters.as_json(file.extra["papers_later"]) or () for slot in some or ()]
    slots += [each.slot for each in held_facts(file) if each.source != ARCHIVE]  # what the archive gives is a file
    counts = Counter(names[slot] for slot in slots if slot in names)
    wanted = demanded(file, demands)
    return tuple(Handed(m.slot, m.name, m.required, counts[m.name]) for m in wanted)


def is_applicant(file: MatterFile, account: int) -> bool:
    """Tell whether an account filed this application online and so may act as its applicant."""
    return bool(file.extra["channel"] == models.Application.Channel.ONLINE and file.extra["filed_by"] == account)


def visible_to_applicant(account: int) -> QuerySet[Matter]:
    """Return the applications, drafts among them, that an account filed online."""
    online = models.Application.Channel.ONLINE
    return Matter.objects.filter(kind=KIND, application__filed_by=account, application__channel=online)


def visible_to_staff(account: int, on: date) -> QuerySet[Matter]:
    """Return the submitted applications within the reach of an account's roles, and the drafts of its own intake."""
    reach = org.reach_of(account, GRANTED, on)
    within = Q(version__gt=0) if reach.everywhere else Q(version__gt=0, department_id__in=reach.departments)
    own = Q(version=0, application__filed_by=account, application__channel=models.Application.Channel.WINDOW)
    return Matter.objects.filter(within | own, kind=KIND)


# Whose desk waits for whom: the deputy in charge signs also what waits for the head.
_DESKS: dict[Role, tuple[str, ...]] = {
    Role.WINDOW: (Role.WINDOW.value,),
    Role.REVIEWER: (Role.REVIEWER.value,),
    Role.HEAD: (Role.HEAD.value,),
    Role.DEPUTY: (Role.DEPUTY.value, Role.HEAD.value),
    Role.CHIEF: (Role.CHIEF.value,),
}


def awaiting(account: int, on: date) -> QuerySet[Matter]:
    """Return the open applications that wait for a role which the account holds, within that role's reach."""
    wanted = Q(pk__in=[])
    reaches = org.reaches_of(account, _DESKS, on)
    for role, desks in _DESKS.items():
        reach = reaches[role]
        if reach.everywhere:
            wanted |= Q(desk__in=desks)
        elif reach.departments:
            wanted |= Q(desk__in=desks, department_id__in=reach.departments)
    return matters.open_matters().filter(wanted, kind=KIND)


def may_see(file: MatterFile, account: int, on: date) -> bool:
    """Tell whether an account may see this application: its applicant, or staff whose roles reach its department."""
    if is_applicant(file, account):
        return True
    return visible_to_staff(account, on).filter(pk=file.id).exists() or consulting.was_asked(file, account, on)


def require_visible(file: MatterFile, account: int, on: date) -> None:
    """Let nobody pass who may not see an application.

    :raises NotFound: as if there were none.
    """
    if not may_see(file, account, on):
        raise NotFound(matters.NO_SUCH_MATTER)


def day_of(at: datetime) -> date:
    """Return the day in China of an instant, on which roles are asked for."""
    return local_day(at)


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """An application as a list shows it."""

    id: int
    called: str
    title: str
    state: str
    closed: bool
    late: bool
    yellow_at: datetime | None
    red_at: datetime | None
    paused: bool
    changed_at: datetime | None
    opened_at: datetime
    draft: bool
    awaits_applicant: bool


def _state(row: Matter) -> str:
    return matters.PROCEDURES[row.kind].state(row.state).label


def lines_of(rows: QuerySet[Matter]) -> tuple[ApplicationLine, ...]:
    """Return matters as lines of a list."""
    return tuple(
        ApplicationLine(
            row.pk, row.number or row.intake_number or "", row.title, _state(row), row.closed,
            row.late, row.yellow_at, row.red_at, row.paused, row.changed_at, row.opened_at, row.version == 0,
            row.state in (CORRECTING, ASKED),
        )
        for row in rows
    )  # fmt: skip


def applicants_of(matter_ids: list[int]) -> dict[int, str]:
    """Return the applicants' names of several applications."""
    rows: Any = models.Application.objects.filter(matter_id__in=matter_ids).values_list("matter_id", "applicant_name")
    return dict(rows)


def recipient(matter: int) -> str:
    """Return who signed for the decision where it was not the applicant."""
    return models.Application.objects.values_list("recipient", flat=True).get(matter_id=matter)
