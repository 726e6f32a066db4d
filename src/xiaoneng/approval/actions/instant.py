"""What is decided on the spot: accepted, granted and handed over at the window in one go, each with its own entry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from xiaoneng.approval import promises, reads, signing
from xiaoneng.approval.actions import accept, deliver, review
from xiaoneng.catalogue.reads import plan as plan_of
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.procedures import application as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day


def why_not(file: MatterFile, account: int, at: datetime) -> str:
    """Return why somebody cannot settle a case on the spot, or nothing if she can."""
    version = int(file.extra["version_in_force"] or file.item_version or 0)
    plan = plan_of(version)
    if not promises.at_window(plan):
        return "这个事项不是窗口当场办结的事项"
    if any(step.kind == "review" for step in plan.steps):
        return "这个事项还有审查环节，请按环节办理"
    held = {each.role for each in org.roles_of(account, file.department, local_day(at))}
    if Role.WINDOW not in held:
        return "当场办结要有窗口的岗位"
    return "" if held & set(signing.who_decides(file)) else "当场办结要有部门授权的首席代表或者负责人的岗位"


@transaction.atomic
def settle_at_once(which: int | str, *, by: Actor, at: datetime, key: UUID, opinion: str) -> Moved:
    """Accept, grant and hand over a case in one transaction; if one of them cannot be, none is.

    :raises Obstructed: what stands against any of the three.
    :raises NotAllowed: the item is none of those, or the person has no authority for it.
    """
    file = reads.load(which, uuid5(key, "deliver"))
    if file.replay is None:
        if file.state != procedure.RECEIVED:
            raise NotAllowed(f"{file.called} 已经不在待受理环节，不能再当场一次办结。请刷新页面按现在的环节办理。")
        if why := why_not(file, by.account, at):
            raise NotAllowed(f"{file.called} 不能当场办结：{why}。")
        accept.accept(file.id, by=by, at=at, key=uuid5(key, "accept"))
        review.grant(file.id, by=by, at=at, key=uuid5(key, "grant"), opinion=opinion)
    name = file.extra["applicant_name"]
    return deliver.deliver(file.id, by=by, at=at, key=uuid5(key, "deliver"), way="direct", recipient=name)
