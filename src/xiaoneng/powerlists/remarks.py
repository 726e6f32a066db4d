"""What experts, the legal office and anybody say about a list, and the answers they get."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xiaoneng.kit import marks
from xiaoneng.matters.move import Actor
from xiaoneng.org import reads as org
from xiaoneng.powerlists import models, reads
from xiaoneng.rules.grounds import NotAllowed
from xiaoneng.rules.procedures import power_list as procedure
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day


def remark(matter: int, *, source: str, who: str, text: str, at: datetime, code: str = "") -> int:
    """Write down what an expert, the legal office or anybody says about a list.

    :raises NotAllowed: nothing is said, or the stage for it is not now
    """
    file = reads.file_of(matter)
    stages = {"expert": procedure.EXPERT_REVIEW, "public": procedure.PUBLIC_NOTICE, "legal": procedure.LEGALITY_REVIEW}
    if file.state != stages.get(source):
        raise NotAllowed("现在不是提这种意见的阶段。公开征求意见期间，任何人都可以提。")
    row = models.Compilation.objects.get(pk=matter)
    if source == "public" and (row.notice_ends is None or local_day(at) > row.notice_ends):
        raise NotAllowed("征求意见的期限已经过了。仍要反映的，请拨打 12345。")
    if not text.strip() or not who.strip():
        raise NotAllowed("请写明意见和您的称呼。")
    about = models.Proposal.objects.filter(compilation_id=matter, code=code).first() if code else None
    made = models.Remark.objects.create(
        compilation=row, proposal=about, source=source, who=who.strip()[:60], text=text.strip()[:2000], at=at
    )  # fmt: skip
    return made.pk


@transaction.atomic
def answer(number: int, *, text: str, by: Actor, at: datetime, seen: str = "") -> None:
    """Answer a remark: taken up or not, and why.

    :param seen: the mark of the answer that was read; whoever gives none is not compared with others.
    :raises Overtaken: somebody answered after it was read.
    :raises NotAllowed: nothing is said, or the person does not keep the lists
    """
    row = models.Remark.objects.select_for_update(of=("self",)).select_related("compilation").filter(pk=number).first()
    if row is None or not text.strip():
        raise NotAllowed("请写明是否采纳和理由。")
    held = {each.role for each in org.roles_of(by.account, row.compilation.department_id, local_day(at))}
    if not held & {Role.LIST_OFFICE, Role.LIST_EDITOR}:
        raise NotAllowed("意见由该部门的清单编制人员或者清单管理人员答复；您没有这个岗位。")
    marks.require(seen, reads.answered(row))
    row.answer, row.answered_by, row.answered_at = text.strip()[:2000], by.account, at
    row.save(update_fields=["answer", "answered_by", "answered_at"])
