"""What the branches of a running joint case asked for: read, hand in once for all that asked, and answer together."""

from __future__ import annotations

from datetime import date
from typing import Annotated, BinaryIO, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, UploadedFile
from pydantic import Field

from xiaoneng.api.door import Bearer, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.drafts import nothing
from xiaoneng.api.operations.joint import JointTold, joint_told, visible
from xiaoneng.api.operations.joint_drafts import Places
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import Answer, Body, Code, Id, Note, Number
from xiaoneng.api.scopes import Scope
from xiaoneng.api.unchanged import require_unchanged
from xiaoneng.approval.joint import opening, reads, supplements
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.procedures import joint as procedure

room = Room(tags=["并联审批"])
READ = Bearer(Scope.CASES_READ, Scope.APPLICATIONS_READ)
HAND_IN = Bearer(Scope.APPLICATIONS_WRITE, Scope.CASES_MOVE)


class AskedTold(Answer):
    """A branch that waits for its applicant."""

    position: int
    number: str
    name: str
    due_on: date | None
    lacks: list[dict[str, str]]


class GivenTold(Answer):
    """A file handed in for what was asked; it lies in every branch that asked for it."""

    id: int
    slot: str = Field(description="在全套材料里的栏位")
    name: str
    size: int
    sha256: str


class SupplementsTold(Answer):
    """What waits for the applicant of a joint case."""

    version: int = Field(description="写在 If-Match 里，别人先办了就不会覆盖")
    branches: list[AskedTold]
    files: list[GivenTold]


class AnswerAsked(Body):
    """Which branches are complete with what was handed in, and what there is to say."""

    branches: Annotated[Places, Field(min_length=1, description="这次补齐的事项的 position")]
    note: Note = ""


def _told(file: MatterFile) -> SupplementsTold:
    waiting = supplements.asked(file.id)
    return SupplementsTold(
        version=file.version,
        branches=[
            AskedTold(
                position=each.line.position, number=each.line.number, name=each.line.plan.name, due_on=each.due_on,
                lacks=list(each.lacks),
            )
            for each in waiting
        ],
        files=[_given(each) for each in supplements.given(waiting)],
    )  # fmt: skip


def _given(each: supplements.Given) -> GivenTold:
    return GivenTold(id=each.id, slot=each.slot, name=each.name, size=each.size, sha256=each.sha256)


@room.reads("/joint/{number}/supplements", SupplementsTold, door=READ, summary="并联件：各事项要补正什么")
def list_supplements(request: HttpRequest, number: Number) -> SupplementsTold:
    """Tell which branches wait for the applicant, for what, until when, and what was handed in so far."""
    return _told(visible(number, caller_of(request)))


@room.changes("/joint/{number}/files", GivenTold, door=HAND_IN, summary="并联件：上传补正材料", status=201)
def upload_to_joint(
    request: HttpRequest, number: Number, slot: Annotated[Code, Form()], file: Annotated[UploadedFile, File()]
) -> GivenTold:
    """Put a file to a material of the whole being corrected, or to it in every branch that asked for it."""
    caller, stream, name = caller_of(request), cast(BinaryIO, file.file), file.name or ""
    matter = visible(number, caller)
    if matter.state == procedure.RUNNING:
        supplements.attach(matter.id, by=caller.account, slot=slot, name=name, stream=stream, at=clock.now())
        return _given([each for each in supplements.given(supplements.asked(matter.id)) if each.slot == slot][-1])
    opening.attach(matter.id, by=caller.account, slot=slot, name=name, stream=stream, at=clock.now())
    row = [each for each in matters.attachments(matter.id) if each.slot == slot][-1]
    return GivenTold(id=row.id, slot=row.slot, name=row.name, size=row.size, sha256=row.sha256)


@room.sets("DELETE", "/joint/{number}/files/{file}", None, door=HAND_IN, summary="并联件：移除补正材料")
def remove_from_joint(request: HttpRequest, number: Number, file: Id) -> HttpResponse:
    """Take a file off again that has not been handed in, wherever it lies."""
    caller = caller_of(request)
    matter = visible(number, caller)
    place = supplements if matter.state == procedure.RUNNING else opening
    place.detach(matter.id, by=caller.account, attachment=file, at=clock.now())
    return nothing()


@room.changes(
    "/joint/{number}/supplements", JointTold, door=HAND_IN, summary="并联件：提交各事项的补正", guarded=True,
)  # fmt: skip
def answer_supplements(request: HttpRequest, number: Number, asked: AnswerAsked) -> JointTold:
    """Hand in at once what several branches asked for; each counts on from the next day, the others go on waiting."""
    caller = caller_of(request)
    file = visible(number, caller)
    with transaction.atomic():
        require_unchanged(request, reads.load(file.id, lock=True))
        supplements.answer(
            file.id, by=caller.actor, at=clock.now(), key=key_of(request), branches=asked.branches, note=asked.note
        )
    return joint_told(visible(number, caller), caller)
