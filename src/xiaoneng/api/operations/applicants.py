"""Accounts of applicants for programs at the window: opened, given a new password, and for whom somebody may act."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from pydantic import Field

from xiaoneng.api.door import Bearer, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.organisation import Done, Kept
from xiaoneng.api.operations.staffing import policy_in_force
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Day, Id
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tables import by_of
from xiaoneng.kit import clock
from xiaoneng.people import applicant_reads, applicants, contacts, mandates
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.workdays import local_day

room = Room(tags=["收件"])
ACCOUNTS = Bearer(Scope.ACCOUNTS)
Identity = Annotated[str, Field(min_length=1, max_length=40, pattern=CLEAN, description="证件号，18 位")]
Short = Annotated[str, Field(max_length=60, pattern=CLEAN)]
Card = Annotated[
    Literal["id_card", "temporary", "residence", "foreigner"],
    Field(description="窗口人员核对了哪种证件的原件；本人到场"),
]


class IdentityAsked(Body):
    """Whose card the clerk has before her."""

    identity: Identity


class NewcomerAsked(IdentityAsked):
    """Who asks for an account, as the card says."""

    name: Short
    phone: Annotated[str, Field(max_length=20, pattern=CLEAN)]
    address: Annotated[str, Field(max_length=200, pattern=CLEAN)] = ""
    username: Annotated[str, Field(max_length=30, pattern=CLEAN, description="不填就用手机号")] = ""
    card: Card
    renamed: Annotated[bool, Field(description="按证件更正以前登记的姓名")] = False


class OpenedTold(Answer):
    """An account with a password to begin with, which programs are not told."""

    account: int
    slip: str = Field(description="初始密码在这一页给令牌的主人看一次，十分钟以内")


class NewPasswordAsked(IdentityAsked):
    """Which card was seen, and whether the phone is lost too."""

    card: Card
    lost_phone: Annotated[bool, Field(description="一起停用双因素登录")] = False


class ContactAsked(IdentityAsked):
    """Which card was seen, and what of phone number and login name changes; what is empty stays."""

    card: Card
    phone: Annotated[str, Field(max_length=20, pattern=CLEAN, description="不填就不换")] = ""
    username: Annotated[
        str, Field(max_length=30, pattern=CLEAN, description="不填就不换；原来用手机号登录的跟着新手机号换")
    ] = ""


class MandateTold(Answer):
    """An organisation for which somebody may act, from and until which day, inclusive; null: until it is ended."""

    id: int
    company: str
    uscc: str
    representative: str
    since: date
    last: date | None


class ApplicantTold(Answer):
    """An applicant with an account; what identifies her is hidden in part."""

    account: int
    name: str
    username: str
    identity: str
    phone: str
    active: bool
    second_factor: bool
    mandates: list[MandateTold]


class MandateAsked(IdentityAsked):
    """For which organisation, by which paper, until which day."""

    uscc: Annotated[str, Field(max_length=40, pattern=CLEAN)]
    company: Annotated[str, Field(max_length=120, pattern=CLEAN)]
    representative: Short
    paper: Literal["attorney", "legal"]
    last: Day
    corrected: Annotated[bool, Field(description="按证照更正以前登记的单位名称")] = False


class MandateEndAsked(IdentityAsked):
    """Which authority ends, and why."""

    mandate: Id
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN)]


def _account(asked: IdentityAsked) -> int:
    account = applicant_reads.account_of_identity(asked.identity)
    if account is None:
        raise NotFound("没有这个证件号的账号。请核对号码；还没有账号的，用 POST /api/v1/applicants 开通。")
    return account


def _given(request: HttpRequest) -> dict[str, Any]:
    return {"policy": policy_in_force(), "by": by_of(request), "at": clock.now(), "key": key_of(request)}


def _slip(request: HttpRequest) -> str:
    return reverse("staff:account_slip", args=[key_of(request)])


@room.changes("/applicants", OpenedTold, door=ACCOUNTS, summary="给到窗口的申请人开通账号", status=201)
def open_applicant(request: HttpRequest, asked: NewcomerAsked) -> OpenedTold:
    """Open an account for somebody whose card was seen in the original; who has one is refused a second."""
    account = applicants.open_for_applicant(applicants.Newcomer(**asked.model_dump()), **_given(request))
    return OpenedTold(account=account, slip=_slip(request))


@room.reads("/applicants/find", ApplicantTold, door=ACCOUNTS, summary="用证件号找申请人的账号", method="POST")
def find_applicant(request: HttpRequest, asked: IdentityAsked) -> ApplicantTold:
    """Tell the account of the person with an identity number, which no address is to carry."""
    found = applicant_reads.applicant(_account(asked), local_day(caller_of(request).now))
    return ApplicantTold(
        account=found.account, name=found.name, username=found.username, identity=found.identity, phone=found.phone,
        active=found.active, second_factor=found.second_factor, mandates=[_mandate(each) for each in found.mandates],
    )  # fmt: skip


def _mandate(each: applicant_reads.Line) -> MandateTold:
    return MandateTold(
        id=each.id, company=each.company, uscc=each.uscc, representative=each.representative, since=each.since,
        last=each.last,
    )  # fmt: skip


@room.changes("/applicants/password", OpenedTold, door=ACCOUNTS, summary="给申请人发新的初始密码")
def give_applicant_password(request: HttpRequest, asked: NewPasswordAsked) -> OpenedTold:
    """Give an applicant who forgot hers a new password to begin with; her sessions end."""
    account = _account(asked)
    applicants.give_new_password(account, card=asked.card, lost_phone=asked.lost_phone, **_given(request))
    return OpenedTold(account=account, slip=_slip(request))


@room.changes("/applicants/contact", Done, door=ACCOUNTS, summary="更改申请人的手机和登录名")
def change_applicant_contact(request: HttpRequest, asked: ContactAsked) -> Done:
    """Change where an applicant is reached and how she signs in; with another login name her sessions end."""
    said = contacts.Contact(**asked.model_dump(exclude={"identity"}))
    renamed = contacts.change_contact(_account(asked), said, by=by_of(request), at=clock.now())
    return Done(text="已更改。" + ("原来的登录已经退出，密码不变。" if renamed else "登录名没有变。"))


@room.changes("/applicants/mandates", Kept, door=ACCOUNTS, summary="登记或者延长代办授权", status=201)
def authorise_applicant(request: HttpRequest, asked: MandateAsked) -> Kept:
    """Let an applicant act for an organisation until a day."""
    said = mandates.Authority(**asked.model_dump(exclude={"identity"}))
    return Kept(id=mandates.authorise(_account(asked), said, by=by_of(request), at=clock.now()))


@room.changes("/applicants/mandates/end", Done, door=ACCOUNTS, summary="结束代办授权")
def end_mandate(request: HttpRequest, asked: MandateEndAsked) -> Done:
    """End at once what an applicant may do for an organisation."""
    mandates.end_mandate(_account(asked), asked.mandate, by=by_of(request), at=clock.now(), reason=asked.reason)
    return Done(text="授权已结束，马上生效。")


@room.reads("/mandates", list[MandateTold], door=Bearer(Scope.APPLICATIONS_READ), summary="我可以代表的单位")
def own_mandates(request: HttpRequest) -> list[MandateTold]:
    """Tell for whom the caller may act, and until when."""
    caller = caller_of(request)
    return [_mandate(each) for each in applicant_reads.mandates_of(caller.account, local_day(caller.now))]
