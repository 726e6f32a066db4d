"""Accounts of applicants, opened by the window for somebody who stands there with her card.

Whoever signs in sees what is kept under that identity, so it is never declared by oneself: a person of the window has
seen the card in the original and answers for it in the record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from xiaoneng.kit import numbers, sealing
from xiaoneng.kit.amiss import Amiss
from xiaoneng.people import accounts, reads, second_factor
from xiaoneng.people.models import Account, Person, Slip
from xiaoneng.people.passwords import PasswordPolicy, initial
from xiaoneng.rules.grounds import NotAllowed, NotFound
from xiaoneng.trail import actions as trail
from xiaoneng.trail.actions import By

# The cards that carry an identity number of 18 characters.
CARDS = {
    "id_card": "居民身份证", "temporary": "临时居民身份证", "residence": "港澳台居民居住证",
    "foreigner": "外国人永久居留身份证",
}  # fmt: skip
NO_CARD = "请选择核对了哪种证件的原件。没有带原件的，请本人带上证件再来。"
PURPOSE = "password-slip"
KEPT = timedelta(minutes=10)  # for the clerk to open the slip
AGAIN = timedelta(minutes=1)  # after the first look: a double click opens the page twice
USED = "这张表单已经用过了。请重新打开“申请人账号”，再填一次。"


class HasAccount(NotAllowed):
    """The person has an account already; a second one is never opened."""

    def __init__(self, account: int) -> None:
        self.account = account
        super().__init__(
            "这个人已经有账号，没有再开一个。忘了密码的，可以发一个新的初始密码；替单位办事的，直接登记授权。"
        )


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who asks for an account, as her card says, and which card the clerk has seen."""

    name: str
    identity: str
    phone: str
    address: str = ""
    username: str = ""  # empty: the phone number
    card: str = ""
    renamed: bool = False  # the record of an earlier name is corrected by the card

    def tidied(self) -> Newcomer:
        """Return it without stray spaces, numbers in their plain form."""
        return replace(
            self, name=" ".join(self.name.split()), identity=numbers.normalise_code(self.identity),
            phone=numbers.normalise_code(self.phone), address=self.address.strip(),
            username=self.username.strip().lower() or numbers.normalise_code(self.phone),
        )  # fmt: skip


@transaction.atomic
def open_for_applicant(asked: Newcomer, *, policy: PasswordPolicy, by: By, at: datetime, key: UUID) -> int:
    """Open an account for a person, bound to what is known of her already, and return its id.

    :raises Amiss: names everything that is missing or wrong.
    :raises HasAccount: she has one.
    """
    asked = asked.tidied()
    person = _held_person(asked)
    if person is not None and person.account_id is not None:
        if _given_before(by, key) == person.account_id:
            return person.account_id
        raise HasAccount(person.account_id)
    if faults := _faults(asked, person):
        raise Amiss(faults)
    assert person is not None
    password = initial(policy)
    row = _made(asked, password, at)
    _bind(person, row, asked)
    _hand_out(row, password, by, at, key)
    trail.note_change(
        by, "开通申请人账号", reads.called(row), key=accounts.key_of(row.pk), at=at,
        after={
            "登录名": reads.masked_login(row.username), "姓名": row.name, "手机": numbers.masked_phone(asked.phone),
            "证件号": numbers.masked_id_number(asked.identity), "核对的原件": CARDS[asked.card],
        },
    )  # fmt: skip
    return row.pk


def _held_person(asked: Newcomer) -> Person | None:
    """Return the person of an identity number, locked, made if there was none; of two clerks the second waits here."""
    if not numbers.is_identity_number(asked.identity):
        return None
    Person.objects.bulk_create([Person(id_number=asked.identity, name=asked.name[:60])], ignore_conflicts=True)
    return Person.objects.select_for_update().get(id_number=asked.identity)


def _faults(asked: Newcomer, person: Person | None) -> list[tuple[str, str]]:
    found = []
    if not 1 <= len(asked.name) <= 60:
        found.append(("name", "请填写姓名，与证件一致，最多 60 个字。"))
    elif person is not None and person.name != asked.name and not asked.renamed:
        found.append(("name", _other_name(person.name)))
    if person is None:
        found.append(("identity", "证件号不对：应为 18 位，最后一位是校验码。请照着证件重新填写。"))
    if not numbers.is_mobile(asked.phone):
        found.append(("phone", "手机号不对：应为 11 位，以 13 到 19 开头。请与本人核对。"))
    if len(asked.address) > 200:
        found.append(("address", "地址最多 200 个字，请写短一些。"))
    if asked.card not in CARDS:
        found.append(("card", NO_CARD))
    return found + _faults_of_login(asked)


def _other_name(known: str) -> str:
    return (
        f"这个证件号以前登记的姓名是“{numbers.masked_name(known)}”。请先核对证件号；"
        "确实改过名或者以前登记错的，勾选“按证件更正姓名”。"
    )


def _faults_of_login(asked: Newcomer) -> list[tuple[str, str]]:
    own = asked.username == asked.phone and numbers.is_mobile(asked.phone)
    if not own and not accounts.USERNAME.fullmatch(asked.username):
        # Without a right phone number the login name is none yet, and the phone is blamed for it.
        empty = asked.username == asked.phone
        return [] if empty else [("username", "登录名要用小写字母开头，3 到 30 位，只用小写字母、数字、点和横线。")]
    return [("username", _taken(asked))] if Account.objects.filter(username=asked.username).exists() else []


def _taken(asked: Newcomer) -> str:
    if asked.username != asked.phone:
        return f"登录名 {asked.username} 已经有人用了，请换一个，例如在后面加上数字。"
    return "这个手机号已经是别人的登录名。请核对号码；没有填错的，在“登录名”里另定一个，用小写字母开头。"


def _made(asked: Newcomer, password: str, at: datetime) -> Account:
    try:
        with transaction.atomic():
            return Account.objects.create(
                username=asked.username, name=asked.name, kind=Account.Kind.CITIZEN, password=make_password(password),
                must_change_password=True, password_set_at=at, opened_at=at,
            )  # fmt: skip
    except IntegrityError:  # another window was quicker with the same name
        raise Amiss([("username", _taken(asked))]) from None


def _bind(person: Person, row: Account, asked: Newcomer) -> None:
    person.account, person.name, person.phone = row, asked.name, asked.phone
    person.address = asked.address or person.address
    person.save(update_fields=["account", "name", "phone", "address"])


@transaction.atomic
def give_new_password(
    account: int, *, card: str, lost_phone: bool = False, policy: PasswordPolicy, by: By, at: datetime, key: UUID
) -> None:
    """Give an applicant who stands at the window a new password to begin with; her sessions end.

    :param lost_phone: her second factor goes too, since nobody can read its codes any more.
    :raises Amiss: no card was seen.
    :raises NotAllowed: the account is disabled, or the form was used for another one.
    """
    row = held_applicant(account)
    if (before := _given_before(by, key)) is not None:
        if before != account:
            raise NotAllowed(USED)
        return
    if card not in CARDS:
        raise Amiss([("card", NO_CARD)])
    reason = f"本人到窗口，核对了{CARDS[card]}原件"
    if lost_phone and row.second_factor_at is not None:
        second_factor.remove(account, by=by, at=at, reason=f"手机遗失，{reason}")
    password = accounts.give_password(account, policy=policy, by=by, at=at, reason=reason)
    _hand_out(row, password, by, at, key)


def held_applicant(account: int) -> Account:
    """Return the account of an applicant, locked; the window reaches no other.

    :raises NotFound: there is none.
    :raises NotAllowed: it is disabled.
    """
    row = Account.objects.select_for_update().filter(pk=account, kind=Account.Kind.CITIZEN).first()
    if row is None:
        raise NotFound("没有这个申请人的账号。请用证件号重新找。")
    if not row.is_active:
        raise NotAllowed("这个账号已经停用，窗口不能恢复。请联系安全管理员。")
    return row


# --- closed and opened again by security ------------------------------------------------------------------------------
@transaction.atomic
def disable_applicant(account: int, *, by: By, at: datetime, reason: str) -> None:
    """Close an applicant's account and end her sessions and tokens at once.

    :raises Amiss: no reason is given.
    :raises NotFound: there is no such applicant.
    """
    _require_applicant(account)
    accounts.disable(account, by=by, at=at, reason=reason)


@transaction.atomic
def enable_applicant(account: int, *, by: By, at: datetime, reason: str) -> None:
    """Open an applicant's account again; she signs in with the old password, or gets a new one at a window.

    :raises Amiss: no reason is given.
    :raises NotFound: there is no such applicant.
    """
    _require_applicant(account)
    if not reason.strip():
        raise Amiss([("reason", "请写明启用的原因，例如“已核实是本人，来函已存档”。")])
    accounts.enable(account, by=by, at=at, reason=reason)


@transaction.atomic
def unlock_applicant(account: int, *, by: By, at: datetime, reason: str) -> None:
    """Open the door again to an applicant whom too many wrong passwords kept out.

    :raises NotFound: there is no such applicant.
    """
    _require_applicant(account)
    accounts.unlock(account, by=by, at=at, reason=reason)


def _require_applicant(account: int) -> None:
    if not Account.objects.filter(pk=account, kind=Account.Kind.CITIZEN).exists():
        raise NotFound("没有这个申请人的账号。请用证件号或者登录名重新找。")


# --- the slip ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shown:
    """A slip as the clerk sees it; without the password once it was shown."""

    account: int
    name: str
    username: str
    password: str
    at: datetime


def _given_before(by: By, key: UUID) -> int | None:
    return Slip.objects.filter(by_id=by.account, key=key).values_list("account_id", flat=True).first()


def _hand_out(row: Account, password: str, by: By, at: datetime, key: UUID) -> None:
    assert by.account is not None  # the platform itself gives out no password
    Slip.objects.filter(at__lt=at - KEPT).exclude(sealed="").update(sealed="")
    try:
        with transaction.atomic():
            Slip.objects.create(account=row, by_id=by.account, key=key, sealed=sealing.seal(password, PURPOSE), at=at)
    except IntegrityError:
        raise NotAllowed(USED) from None


@transaction.atomic
def show_slip(key: UUID, *, by: int, at: datetime) -> Shown:
    """Show the password of a slip to whoever gave it out; later looks see who it was for, and no password.

    :raises NotFound: this account gave out no such slip.
    """
    row = Slip.objects.select_for_update(of=("self",)).select_related("account").filter(by_id=by, key=key).first()
    if row is None:
        raise NotFound("没有这张密码条，或者是别的窗口开的。请用证件号重新找到这个人。")
    if at > row.at + KEPT or (row.shown_at is not None and at > row.shown_at + AGAIN):
        row.sealed = ""
    row.shown_at = row.shown_at or at
    row.save(update_fields=["sealed", "shown_at"])
    password = sealing.unseal(row.sealed, PURPOSE) if row.sealed else ""
    return Shown(row.account_id, row.account.name, row.account.username, password, row.at)
