"""What a posted form carries beside its fields: the key that makes a repeated post harmless."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from xiaoneng.kit import clock
from xiaoneng.people import actions, reads
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.web import in_force

TOO_MANY = (
    "试错的次数太多，为了安全先停一停。请十分钟后再试；忘了密码或者查询码，请带身份证件到窗口办理；"
    "工作人员请找安全管理员解锁。"
)


def form_key(request: HttpRequest) -> UUID:
    """Return the idempotency key of a posted form.

    :raises NotAllowed: the form carries none or a broken one.
    """
    try:
        return UUID(request.POST.get("form_key", ""))
    except ValueError:
        raise NotAllowed("这张表单不完整，没有提交。请返回上一页，刷新之后重新填写。") from None


def is_closed(request: HttpRequest, door: str, what: str) -> bool:
    """Tell whether too many wrong tries closed a door for a while."""
    policy = in_force.lock() if door in ("login", "second") else {}
    return reads.too_many_tries(door, what, request.META.get("REMOTE_ADDR", ""), at=clock.now(), **policy)


def note_failure(request: HttpRequest, door: str, what: str) -> None:
    """Count a wrong try at a door."""
    actions.note_failed_try(door, what, request.META.get("REMOTE_ADDR", ""), at=clock.now())
