"""Lists under public notice: what they would change, what anybody says about them, and saying something oneself."""

from __future__ import annotations

from django.http import HttpRequest

from xiaoneng.api.door import ANY_TOKEN, PUBLIC
from xiaoneng.api.operations.lists import compilation_told, proposal_told, remark_told
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import lists as schemas
from xiaoneng.api.schemas.words import Id
from xiaoneng.kit import clock
from xiaoneng.powerlists import reads, remarks
from xiaoneng.rules.grounds import NotFound

room = Room(tags=["权责清单"])


class NoticeWhole(schemas.CompilationTold):
    """A list under public notice: what it would change, and what the public said with the answers."""

    changes: list[schemas.ProposalTold]
    remarks: list[schemas.RemarkTold]


@room.reads("/lists/notices", list[schemas.CompilationTold], door=PUBLIC, summary="正在公开征求意见的清单")
def list_notices(request: HttpRequest) -> list[schemas.CompilationTold]:
    """List the lists that anybody may say something about now."""
    return [compilation_told(each) for each in reads.open_for_comment(clock.now())]


@room.reads("/lists/notices/{id}", NoticeWhole, door=PUBLIC, summary="一份公开征求意见的清单")
def read_notice(request: HttpRequest, id: Id) -> NoticeWhole:
    """Tell what a list would change and what was said about it, also after its notice has ended."""
    line = reads.compilation(id, clock.now())
    if line.notice_ends is None:
        raise NotFound("这份清单还没有公开征求意见。请用 GET /lists/notices 查看有哪些。")
    changes = [proposal_told(each) for each in reads.proposals(id) if each.disposition != "keep"]
    said = [remark_told(each) for each in reads.remarks(id, "public")]
    return NoticeWhole(**compilation_told(line).model_dump(), changes=changes, remarks=said)


@room.changes(
    "/lists/notices/{id}/remarks", schemas.RemarkTold, door=ANY_TOKEN, summary="对公示的清单提意见", status=201
)
def remark_on_notice(request: HttpRequest, id: Id, asked: schemas.RemarkAsked) -> schemas.RemarkTold:
    """Say something about a list under public notice; it is published with its answer."""
    made = remarks.remark(id, source="public", at=clock.now(), **asked.model_dump())
    return next(remark_told(each) for each in reads.remarks(id, "public") if each.id == made)
