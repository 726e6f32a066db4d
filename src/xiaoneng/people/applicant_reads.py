"""Questions about applicants with an account, as the window asks them, and about those for whom somebody may act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from xiaoneng.kit import numbers
from xiaoneng.people import reads
from xiaoneng.people.models import Account, Mandate, Person
from xiaoneng.rules.grounds import NotFound


@dataclass(frozen=True, slots=True)
class Line:
    """An organisation for which somebody may act, from and until which day."""

    id: int
    company: str
    uscc: str
    representative: str
    since: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Applicant:
    """An applicant with an account, as the window sees her; what identifies her is hidden in part."""

    account: int
    name: str
    username: str
    identity: str
    phone: str
    active: bool
    unchanged: bool  # still with the password to begin with
    second_factor: bool
    mandates: tuple[Line, ...]


def account_of_identity(identity: str) -> int | None:
    """Return the account of the person with an identity number, or nothing."""
    rows = Person.objects.filter(id_number=numbers.normalise_code(identity)).values_list("account_id", flat=True)
    return rows.first()


def account_called(said: str) -> int | None:
    """Return the account of the applicant with an identity number or a login name, or nothing."""
    by_login = Account.objects.filter(username=said.strip().lower(), kind=Account.Kind.CITIZEN)
    return account_of_identity(said) or by_login.values_list("pk", flat=True).first()


def disabled_applicants(most: int = 200) -> tuple[tuple[int, str, str], ...]:
    """Return the applicants whose accounts are closed, by name: account, name, login name in part."""
    rows = Account.objects.filter(kind=Account.Kind.CITIZEN, is_active=False).order_by("name", "pk")
    found = rows.values_list("pk", "name", "username")[:most]
    return tuple((pk, name, reads.masked_login(username)) for pk, name, username in found)


def applicant(account: int, on: date) -> Applicant:
    """Return an applicant as the window sees her.

    :raises NotFound: there is none with this account.
    """
    person = Person.objects.select_related("account").filter(account_id=account).first()
    row = person.account if person else None
    if person is None or row is None or row.kind != Account.Kind.CITIZEN:
        raise NotFound("没有这个申请人的账号。请用证件号重新找。")
    return Applicant(
        account, person.name, reads.masked_login(row.username), numbers.masked_id_number(person.id_number),
        numbers.masked_phone(person.phone), row.is_active, row.must_change_password, row.second_factor_at is not None,
        mandates_of(account, on),
    )  # fmt: skip


def mandates_of(account: int, on: date) -> tuple[Line, ...]:
    """Return for whom the person behind an account may act on a day or later, by name."""
    rows = Mandate.objects.filter(ends_after(on), person__account_id=account)
    return tuple(_line(row) for row in rows.select_related("enterprise").order_by("enterprise__name", "id"))


def ends_after(on: date) -> Q:
    """Return the condition of the mandates that hold on a day or later; one without an end has no upper bound at all."""
    return Q(during__upper_inf=True) | Q(during__endswith__gt=on)


def _line(row: Mandate) -> Line:
    firm, upper = row.enterprise, row.during.upper
    return Line(
        row.pk, firm.name, firm.uscc, firm.legal_representative, row.during.lower, upper - timedelta(1) if upper else None
    )  # fmt: skip
