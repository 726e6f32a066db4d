"""Questions about those who apply."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from xiaoneng.kit import asking, numbers
from xiaoneng.people import models
from xiaoneng.rules.grounds import NotFound


def declaration_of(account: int) -> dict[str, str]:
    """Return what is known of the person behind an account, as the fields of an application."""
    row = asking.first("SELECT name, id_number, phone, address FROM people_person WHERE account_id = %s", [account])
    if row is None:
        return {}
    name, identity, phone, address = row
    return {
        "kind": "person", "name": name, "identity": identity, "contact": name, "phone": phone, "address": address,
    }  # fmt: skip


_ACTS_AS = """
SELECT 'person', p.id_number FROM people_person p WHERE p.account_id = %(account)s
UNION ALL
SELECT 'enterprise', e.uscc FROM people_person p JOIN people_mandate m ON m.person_id = p.id AND m.during @> %(on)s::date
JOIN people_enterprise e ON e.id = m.enterprise_id WHERE p.account_id = %(account)s"""


def acts_as(account: int, on: date) -> list[tuple[str, str]]:
    """Return as whom an account may act on a day, by kind and number: the person behind it, and whom it has authority for."""
    return [(kind, number) for kind, number in asking.every(_ACTS_AS, {"account": account, "on": on})]


# The same beside a matter, for the account in a.filed_by, with the days of each authority; for one of the rooms above.
ACTS_AS_FOR_A = """
    (SELECT json_agg(json_build_array(w.kind, w.number, w.since, w.until)) FROM (
       SELECT 'person' AS kind, p.id_number AS number, NULL::date AS since, NULL::date AS until
       FROM people_person p WHERE p.account_id = a.filed_by
       UNION ALL
       SELECT 'enterprise', e.uscc, lower(t.during), upper(t.during) FROM people_person p
       JOIN people_mandate t ON t.person_id = p.id JOIN people_enterprise e ON e.id = t.enterprise_id
       WHERE p.account_id = a.filed_by) w)"""


def acting_on(day: date, found: list[list[str | None]] | None) -> list[tuple[str, str]]:
    """Return what acts_as() does, from what ACTS_AS_FOR_A found."""
    told = day.isoformat()
    return [
        (kind or "", number or "")
        for kind, number, since, until in found or ()
        if (since is None or since <= told) and (until is None or told < until)
    ]


WINDOW = timedelta(minutes=10)
MOST_OF_ONE = 10  # wrong tries at one name or number within the window
MOST_FROM_ONE = 100  # and from one address, which a whole hall may share


def too_many_tries(
    door: str, what: str, whence: str, *, at: datetime, most: int = MOST_OF_ONE, window: timedelta = WINDOW
) -> bool:
    """Tell whether a door is closed for a while to a name or number, or to an address."""
    rows = models.FailedTry.objects.filter(door=door, at__gt=at - window)
    if rows.filter(what=hashed(what)).count() >= most:
        return True
    return rows.filter(whence=whence).count() >= MOST_FROM_ONE


def hashed(what: str) -> str:
    """Return what was tried as it is kept: by its hash, since people type passwords into the wrong field."""
    return hashlib.sha256(what.encode()).hexdigest()


def called(row: models.Account) -> str:
    """Return how the record calls an account, also long after it was renamed; a phone number is hidden in part."""
    return f"{row.name}（{masked_login(row.username)}）"


def masked_login(username: str) -> str:
    """Return a login name as records show it: applicants sign in with their phone numbers."""
    return numbers.masked_phone(username) if numbers.is_mobile(username) else username


@dataclass(frozen=True, slots=True)
class Closed:
    """A login name to which the door is closed for a while; without an account where nobody has that name."""

    account: int | None
    username: str
    name: str
    tries: int
    last: datetime
    whence: str
    of_staff: bool = False


_CLOSED = """
SELECT a.id, coalesce(a.username, ''), coalesce(a.name, ''), count(*), max(f.at), max(f.whence),
  coalesce(bool_or(a.kind = 'staff'), false)
FROM people_failedtry f
LEFT JOIN people_account a ON encode(sha256(convert_to(a.username, 'UTF8')), 'hex') = f.what
WHERE f.door IN ('login', 'second') AND f.at > %s GROUP BY f.door, f.what, a.id
HAVING count(*) >= %s ORDER BY max(f.at) DESC LIMIT 200"""


def closed_names(*, at: datetime, most: int, window: timedelta) -> tuple[Closed, ...]:
    """Return the login names that are locked now, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, [at - window, most])
        return tuple(Closed(*row) for row in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Login:
    """An account as administration sees it."""

    id: int
    username: str
    name: str
    kind: str
    active: bool
    must_change_password: bool
    password_set_at: datetime | None
    second_factor_at: datetime | None
    last_login: datetime | None
    expires_on: date | None

    @property
    def called(self) -> str:
        """Return how the record calls it."""
        return f"{self.name}（{masked_login(self.username)}）"


_LOGIN = (
    "id", "username", "name", "kind", "is_active", "must_change_password", "password_set_at", "second_factor_at",
    "last_login", "expires_on",
)  # fmt: skip


def login_of(account: int) -> Login:
    """Return an account.

    :raises NotFound: there is none.
    """
    row = models.Account.objects.filter(pk=account).values_list(*_LOGIN).first()
    if row is None:
        raise NotFound("没有这个账号。请从人员名单里重新打开。")
    return Login(*row)


def logins_of(accounts: Iterable[int]) -> dict[int, Login]:
    """Return several accounts by id."""
    rows = models.Account.objects.filter(pk__in=list(accounts)).values_list(*_LOGIN)
    return {row[0]: Login(*row) for row in rows}


def expiring(first: date, last: date) -> tuple[Login, ...]:
    """Return the accounts in use whose last day lies between two days, the first to end on top."""
    rows = models.Account.objects.filter(is_active=True, expires_on__range=(first, last)).order_by("expires_on", "id")
    return tuple(Login(*row) for row in rows.values_list(*_LOGIN))


@dataclass(frozen=True, slots=True)
class View:
    """A worklist that somebody saved: its name and the filters that stand in the address."""

    id: int
    name: str
    filters: str


def saved_views(account: int) -> tuple[View, ...]:
    """Return the worklists that a person saved, in the order in which they were saved."""
    rows = models.SavedView.objects.filter(account_id=account).order_by("id").values_list("id", "name", "filters")
    return tuple(View(*row) for row in rows)


def account_named(username: str) -> int | None:
    """Return the account of a member of staff by login name, or nothing."""
    rows = models.Account.objects.filter(username=username.strip(), kind=models.Account.Kind.STAFF, is_active=True)
    return rows.values_list("pk", flat=True).first()


def colleague(words: str) -> Login:
    """Return the member of staff whom somebody writes down: by login name, or by a name that only one bears.

    :raises NotFound: nobody is called so, or several are; the login names tell them apart.
    """
    staff = models.Account.objects.filter(kind=models.Account.Kind.STAFF, is_active=True).order_by("id")
    words = words.strip()
    rows = [Login(*row) for row in (staff.filter(username=words) or staff.filter(name=words)).values_list(*_LOGIN)[:9]]
    if not rows:
        raise NotFound(f"没有叫“{words}”的在职工作人员。请在“人员”里核对姓名或者登录名。")
    if len(rows) > 1:
        raise NotFound(f"叫“{words}”的有 {len(rows)} 位，请改填登录名：{'、'.join(row.username for row in rows)}。")
    return rows[0]
