"""Who the caller is."""

from __future__ import annotations

from django.http import HttpRequest

from xiaoneng.api.door import ANY_TOKEN, caller_of
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.events import Me
from xiaoneng.org import reads as org
from xiaoneng.rules.workdays import local_day

room = Room(tags=["令牌与事件推送"])


@room.reads("/me", Me, door=ANY_TOKEN, summary="令牌是谁的、能做什么")
def read_me(request: HttpRequest) -> Me:
    """Tell whose token it is, what it is good for and when it ends."""
    caller = caller_of(request)
    roles = sorted(role.value for role in org.all_roles_of(caller.account, local_day(caller.now)))
    return Me(
        login=caller.login, name=caller.name, kind=caller.kind, roles=roles,
        scopes=sorted(caller.scopes), token=caller.prefix, expires_at=caller.expires_at,
    )  # fmt: skip
