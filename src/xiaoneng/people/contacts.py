"""The phone number and the login name of an applicant, changed by the window for whoever stands there with her card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from xiaoneng.kit import numbers
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import accounts, reads
from xiaoneng.people.applicants import CARDS, NO_CARD, held_applicant
from xiaoneng.people.models import Account, Person
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

NOTHING = "请填新手机号，或者新登录名；两项都没有变，就不用改。"
NOT_HERS = "登录名不能用别的手机号：用手机号登录的，只能是本人现在的手机。请另定一个，用小写字母开头。"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an applicant is reached and how she signs in from now on; what is empty stays, and which card was seen."""

    phone: str = ""
    username: str = ""  # empty: who signed in with the old phone number signs in with the new one
    card: str = ""


@transaction.atomic
def change_contact(account: int, said: Contact, *, by: By, at: datetime) -> bool:
    """Change an applicant's phone number or login name; with another login name her sessions end. Tell whether they did.

    :raises Amiss: names everything that is missing or wrong.
    :raises NotAllowed: the account is disabled.
    :raises NotFound: there is no such applicant.
    """
    row = held_applicant(account)
    person = Person.objects.select_for_update().get(account=row)
    phone = numbers.normalise_code(said.phone) or person.phone
    username = said.username.strip().lower() or (phone if row.username == person.phone else row.username)
    if found := _faults(row, person, said, phone, username):
        raise Amiss(found)
    before, renamed = _shown(person.phone, row.username), username != row.username
    person.phone = phone
    person.save(update_fields=["phone"])
    if renamed:
        _rename(row, username)
    about = reads.called(row)
    trail.note_change(
        by, "更改申请人手机和登录名", about, key=accounts.key_of(account), at=at, before=before,
        after=_shown(phone, username), reason=f"本人到窗口，核对了{CARDS[said.card]}原件",
    )  # fmt: skip
    return renamed


def _faults(row: Account, person: Person, said: Contact, phone: str, username: str) -> list[tuple[str, str]]:
    found = [] if said.card in CARDS else [("card", NO_CARD)]
    if said.phone.strip() and not numbers.is_mobile(phone):
        found.append(("phone", "手机号不对：应为 11 位，以 13 到 19 开头。请与本人核对。"))
        return found  # the login name may hang on it
    if (phone, username) == (person.phone, row.username):
        return [*found, ("phone", NOTHING)]
    if username == row.username:
        return found
    if numbers.is_mobile(username):
        if username != phone:
            found.append(("username", NOT_HERS))
    elif not accounts.USERNAME.fullmatch(username):
        found.append(("username", "登录名要用小写字母开头，3 到 30 位，只用小写字母、数字、点和横线。"))
    if not found and Account.objects.filter(username=username).exists():
        found.append(("username", _taken(username)))
    return found


def _taken(username: str) -> str:
    if numbers.is_mobile(username):
        return "这个手机号已经是别人的登录名。请核对号码；没有填错的，在“登录名”里另定一个，用小写字母开头。"
    return f"登录名 {username} 已经有人用了，请换一个，例如在后面加上数字。"


def _rename(row: Account, username: str) -> None:
    row.username, row.session_epoch = username, row.session_epoch + 1
    try:
        with transaction.atomic():
            row.save(update_fields=["username", "session_epoch"])
    except IntegrityError:  # another window was quicker with the same name
        raise Amiss([("username", _taken(username))]) from None


def _shown(phone: str, username: str) -> dict[str, str]:
    return {"手机": numbers.masked_phone(phone) if phone else "", "登录名": reads.masked_login(username)}
