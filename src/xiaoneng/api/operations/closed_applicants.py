"""Accounts of applicants as security sees them: found by one number, closed, opened again, unlocked."""

from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import caller_of
from xiaoneng.api.operations.organisation import Done
from xiaoneng.api.operations.staffing import SECURITY, ActAsked, room
from xiaoneng.api.schemas.words import CLEAN, Answer, Body, Id
from xiaoneng.api.tables import by_of
from xiaoneng.kit import clock
from xiaoneng.people import applicant_reads, applicants
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.workdays import local_day


class ApplicantSought(Body):
    """Whose account is meant."""

    said: Annotated[str, Field(min_length=1, max_length=40, pattern=CLEAN, description="证件号或者登录名，一字不差")]


class AccountTold(Answer):
    """An applicant's account; what identifies her is hidden in part."""

    account: int
    name: str
    username: str
    identity: str
    active: bool


@room.reads("/admin/applicants/find", AccountTold, door=SECURITY, summary="找申请人的账号", method="POST")
def find_applicant_account(request: HttpRequest, asked: ApplicantSought) -> AccountTold:
    """Tell the account of an applicant by identity number or login name, which no address is to carry."""
    account = applicant_reads.account_called(asked.said)
    if account is None:
        raise NotFound("没有这个证件号或者登录名的申请人账号。请核对后再找。")
    found = applicant_reads.applicant(account, local_day(caller_of(request).now))
    return AccountTold(
        account=found.account, name=found.name, username=found.username, identity=found.identity, active=found.active
    )


@room.changes("/admin/applicants/{id}/disable", Done, door=SECURITY, summary="停用申请人的账号")
def disable_applicant(request: HttpRequest, id: Id, asked: ActAsked) -> Done:
    """Close an applicant's account and end its sessions and tokens at once."""
    applicants.disable_applicant(id, by=by_of(request), at=clock.now(), reason=asked.reason)
    return Done(text="账号已停用，本人在各处的登录已经退出。")


@room.changes("/admin/applicants/{id}/enable", Done, door=SECURITY, summary="启用申请人的账号")
def enable_applicant(request: HttpRequest, id: Id, asked: ActAsked) -> Done:
    """Open an applicant's account again."""
    applicants.enable_applicant(id, by=by_of(request), at=clock.now(), reason=asked.reason)
    return Done(text="账号已启用。")


@room.changes("/admin/applicants/{id}/unlock", Done, door=SECURITY, summary="解除申请人的锁定")
def unlock_applicant(request: HttpRequest, id: Id, asked: ActAsked) -> Done:
    """Open the door again to an applicant whom too many wrong passwords kept out."""
    applicants.unlock_applicant(id, by=by_of(request), at=clock.now(), reason=asked.reason)
    return Done(text="已解锁，可以马上重新登录。")
