"""Questions about the register of certificates: one by its code, what somebody holds, what a department has issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from xiaoneng.approval.certificates_models import Certificate
from xiaoneng.approval.models import Application
from xiaoneng.approval.reads import known_marks
from xiaoneng.kit import numbers
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules import certificates as rules
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.procedures import certificate as procedure
from xiaoneng.rules.roles import GRANTED
from xiaoneng.rules.workdays import local_day

PROCEDURE = procedure.PROCEDURE
NO_SUCH = "没有这个证照编码。请对照证照上的 12 位编码重新输入；仍然查不到，这份证照可能不是本平台颁发的。"
_COLUMNS = {
    name: f"k.{name}"
    for name in ("case_id", "code", "title", "holder_kind", "holder_name", "scope", "valid_from", "valid_until")
} | {"certificate_number": "k.number"}
_JOINS = "JOIN approval_certificate k ON k.matter_id = m.id"


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate as a page shows it."""

    id: int
    case: int
    code: str
    number: str
    title: str
    holder_kind: str
    holder_name: str
    scope: str
    valid_from: date
    valid_until: date | None
    state: str
    department: str
    department_id: int

    def standing(self, on: date) -> str:
        """Return in words how it stands on a day."""
        return rules.standing(self.state, self.valid_until, on)

    def is_good(self, on: date) -> bool:
        """Tell whether it may be relied on on a day."""
        return rules.is_good(self.state, self.valid_until, on)

    @property
    def shown_holder(self) -> str:
        """Return the holder as everybody may read it: a firm's name in full, a person's masked."""
        return self.holder_name if self.holder_kind == "enterprise" else numbers.masked_name(self.holder_name)


def load(which: int, key: UUID | None = None, *, by: Actor | None = None, at: datetime | None = None) -> MatterFile:
    """Return a certificate's matter with what the register says of it, in one query.

    :raises NotFound: there is no such certificate.
    """
    account, on = (by.account, local_day(at)) if by and at else (0, None)
    try:
        file = matters.file(which, key, by=account, on=on, columns=_COLUMNS, joins=_JOINS)
    except NotFound:
        raise NotFound(NO_SUCH) from None
    return replace(file, number=file.extra["certificate_number"])


def by_code(code: str) -> CertificateLine:
    """Return the certificate of a code.

    :raises NotFound: there is none.
    """
    found = _lines(Certificate.objects.filter(code=numbers.normalise_code(code)[:12]))
    if not found:
        raise NotFound(NO_SUCH)
    return found[0]


def of_case(case: int) -> CertificateLine | None:
    """Return the certificate that a case came to, if it came to one."""
    return next(iter(_lines(Certificate.objects.filter(case_id=case))), None)


def by_number(number: str) -> CertificateLine | None:
    """Return the certificate of a number, if the register has it."""
    return next(iter(_lines(Certificate.objects.filter(number=number.strip()))), None)


def held_by(account: int, on: date) -> tuple[CertificateLine, ...]:
    """Return what an account may see as its own: the certificates of those as whom it may act, and of cases it filed online."""
    filed = Q(case__application__filed_by=account, case__application__channel=Application.Channel.ONLINE)
    rows = Certificate.objects.filter(Q(holder_mark__in=known_marks(account, on)) | filed)
    return _lines(rows.order_by("-valid_from", "-matter_id"))


def suspended_until(certificate: int) -> date | None:
    """Return the last day of the latest suspension of a certificate, if it ever was suspended."""
    lines = (line for line in matters.journal(certificate) if line.move == "suspend_certificate")
    told = max(lines, key=lambda line: line.seq, default=None)
    return date.fromisoformat(told.facts["what"]["until"]) if told else None


def of_holder(mark: str) -> tuple[CertificateLine, ...]:
    """Return what the holder of an identity mark holds, the newest first."""
    return _lines(Certificate.objects.filter(holder_mark=mark).order_by("-matter_id")) if mark else ()


def visible(account: int, on: date) -> QuerySet[Certificate]:
    """Return the certificates of the departments that an account's roles reach."""
    reach = org.reach_of(account, GRANTED, on)
    rows = Certificate.objects.all()
    return rows if reach.everywhere else rows.filter(matter__department_id__in=reach.departments)


def register(
    account: int, on: date, *, words: str = "", standing: str = "", most: int = 200
) -> tuple[CertificateLine, ...]:
    """Return what the register holds within an account's reach, the newest first.

    :param standing: a state of the procedure, or `ending` for those whose validity ends within thirty days.
    """
    rows, said = visible(account, on), words.strip()
    if said:
        rows = rows.filter(
            Q(number=said) | Q(code=numbers.normalise_code(said)[:12]) | Q(title__icontains=said)
            | Q(holder_name__icontains=said)
        )  # fmt: skip
    if standing == "ending":
        rows = rows.filter(matter__state=procedure.VALID, valid_until__gte=on, valid_until__lte=on + rules.SOON)
    elif standing:
        rows = rows.filter(matter__state=standing)
    return _lines(rows.order_by("-matter_id")[:most])


def require_visible(certificate: CertificateLine, account: int, on: date) -> None:
    """Let nobody pass whose roles do not reach the department of a certificate.

    :raises NotFound: as if there were none.
    """
    if not visible(account, on).filter(pk=certificate.id).exists():
        raise NotFound(NO_SUCH)


def _lines(rows: Iterable[Certificate] | QuerySet[Certificate]) -> tuple[CertificateLine, ...]:
    found = rows.select_related("matter__department") if isinstance(rows, QuerySet) else rows
    return tuple(
        CertificateLine(
            row.pk, row.case_id, row.code, row.number, row.title, row.holder_kind, row.holder_name, row.scope,
            row.valid_from, row.valid_until, row.matter.state, row.matter.department.name, row.matter.department_id,
        )
        for row in found
    )  # fmt: skip
