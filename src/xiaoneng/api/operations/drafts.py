"""Applying: one's drafts and applications, uploads, submission; and intake at the window."""

from __future__ import annotations

from typing import Annotated, BinaryIO, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, UploadedFile

from xiaoneng.api import paging
from xiaoneng.api.door import Bearer, caller_of
from xiaoneng.api.keyed import key_of as key
from xiaoneng.api.problems import Problem
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import cases as schemas
from xiaoneng.api.schemas.words import Answer, Code, Id, Number, Page
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import file_told, light_told, moved_told, obstacle_told
from xiaoneng.approval import authority, reads
from xiaoneng.approval.actions import apply, at_window, drafts
from xiaoneng.approval.models import Application
from xiaoneng.kit import clock
from xiaoneng.kit.numbers import normalise_code
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.people import reads as people
from xiaoneng.rules.grounds import NotFound

room = Room(tags=["申请与收件"])
READ = Bearer(Scope.APPLICATIONS_READ)
WRITE = Bearer(Scope.APPLICATIONS_WRITE)
INTAKE = Bearer(Scope.INTAKE)
FILING = Bearer(Scope.APPLICATIONS_WRITE, Scope.INTAKE)
RECEIPT = Bearer(Scope.APPLICATIONS_READ, Scope.INTAKE)


@room.reads("/applications", Page[schemas.ApplicationLine], door=READ, summary="我的草稿和申请")
def list_applications(
    request: HttpRequest, response: HttpResponse, asked: Annotated[paging.Part, Query()]
) -> Page[schemas.ApplicationLine]:
    """List one's own drafts and applications, the newest first."""
    caller = caller_of(request)
    known, limit = paging.read(asked.cursor, (int,)), asked.limit
    rows = reads.visible_to_applicant(caller.account).order_by("-id")
    found = list((rows.filter(id__lt=known[0]) if known else rows)[: limit + 1])
    following = paging.written([found[limit - 1].pk]) if len(found) > limit else None
    lines = [
        schemas.ApplicationLine(
            id=row.pk, number=row.number or row.intake_number or "", title=row.title, state=row.state,
            draft=row.version == 0, closed=row.closed, light=light_told(row, caller.now), opened_at=row.opened_at,
            changed_at=row.changed_at,
        )
        for row in found[:limit]
    ]  # fmt: skip
    return Page[schemas.ApplicationLine](rows=lines, next=paging.link(request, response, following))


@room.changes("/drafts", schemas.DraftTold, door=WRITE, summary="新建草稿", status=201)
def open_draft(request: HttpRequest, asked: schemas.DraftAsked) -> schemas.DraftTold:
    """Open a draft for an item; without a declaration, with what the account's profile knows."""
    caller = caller_of(request)
    form = typed(asked.declaration) if asked.declaration else people.declaration_of(caller.account)
    matter = drafts.open_draft(
        code=asked.item, by=caller.account, channel=Application.Channel.ONLINE, at=caller.now, key=key(request),
        form=form,
    )  # fmt: skip
    return draft_told(drafts.own_file(matter, by=caller.account))


def typed(declaration: schemas.DeclarationAsked) -> dict[str, str]:
    """Return a declaration as a form keeps it: numbers without spaces and in capitals."""
    said = declaration.model_dump()
    chosen = {"scenario": "\n".join(said.pop("scenarios"))}
    plain = {name: "" if value is None else str(value) for name, value in said.items()} | chosen
    return plain | {name: normalise_code(plain[name]) for name in ("identity", "phone")}


@room.reads("/drafts/{id}", schemas.DraftTold, door=FILING, summary="查看草稿和还差什么")
def read_draft(request: HttpRequest, id: Id) -> schemas.DraftTold:
    """Tell what a draft holds and everything that still stands against submitting it."""
    return draft_told(drafts.own_draft_file(id, by=caller_of(request).account))


@room.sets("PUT", "/drafts/{id}", schemas.DraftTold, door=FILING, summary="保存草稿")
def save_draft(request: HttpRequest, id: Id, asked: schemas.DeclarationAsked) -> schemas.DraftTold:
    """Keep what was filled in so far; papers seen at the window stay as they are."""
    caller = caller_of(request)
    papers = reads.form_of(drafts.own_draft_file(id, by=caller.account)).get("papers", "")
    drafts.save_draft(id, by=caller.account, form=typed(asked) | {"papers": papers})
    return draft_told(drafts.own_draft_file(id, by=caller.account))


@room.sets("DELETE", "/drafts/{id}", None, door=FILING, summary="删除草稿")
def discard_draft(request: HttpRequest, id: Id) -> HttpResponse:
    """Throw a draft away with its files."""
    drafts.discard(id, by=caller_of(request).account, at=clock.now())
    return nothing()


def nothing() -> HttpResponse:
    """Return an answer that says only that it is done."""
    answer = HttpResponse(status=204)
    del answer["Content-Type"]
    return answer


@room.changes("/drafts/{id}/files", schemas.FileTold, door=FILING, summary="上传材料", status=201)
def upload_to_draft(
    request: HttpRequest, id: Id, slot: Annotated[Code, Form()], file: Annotated[UploadedFile, File()]
) -> schemas.FileTold:
    """Check a file by its content and put it to a material; `other` takes what no material names."""
    return take(request, id, slot, file)


def take(request: HttpRequest, matter: int, slot: str, file: UploadedFile) -> schemas.FileTold:
    """Attach an upload and return it; the same content in the same place stands there once.

    :raises kit.files.Refused: it cannot be taken.
    """
    caller = caller_of(request)
    name, stream = file.name or "", cast(BinaryIO, file.file)
    drafts.attach(matter, by=caller.account, slot=slot, name=name, stream=stream, at=clock.now())
    return file_told([each for each in matters.attachments(matter) if each.slot == slot][-1])


@room.sets("DELETE", "/drafts/{id}/files/{file}", None, door=FILING, summary="移除材料")
def remove_from_draft(request: HttpRequest, id: Id, file: Id) -> HttpResponse:
    """Take a file off again while its round has not been handed in."""
    drafts.detach(id, by=caller_of(request).account, attachment=file, at=clock.now())
    return nothing()


@room.changes("/drafts/{id}/submit", schemas.MovedTold, door=FILING, summary="提交申请")
def submit_draft(request: HttpRequest, id: Id) -> schemas.MovedTold:
    """Submit a draft: the law's first clock runs, the receipt is issued."""
    return received_told(apply.submit(id, by=caller_of(request).actor, at=clock.now(), key=key(request)))


def received_told(moved: Moved) -> schemas.MovedTold:
    """Return what a submission came to."""
    return moved_told(reads.load(moved.matter), "submit", moved)


@room.reads("/cases/{number}/receipt", schemas.ReceiptTold, door=RECEIPT, summary="收件凭证和查询码")
def read_receipt(request: HttpRequest, number: Number) -> schemas.ReceiptTold:
    """Tell number, query code and hash of a submission to whoever filed it, at home or at the window."""
    file = reads.load(number.upper())
    if file.version == 0 or file.extra["filed_by"] != caller_of(request).account:
        raise NotFound(matters.NO_SUCH_MATTER)
    first = matters.journal(file.id)[-1]
    return schemas.ReceiptTold(
        intake_number=file.intake_number or "", query_code=reads.query_code(file), submitted_at=first.recorded_at,
        hash=first.hash,
    )  # fmt: skip


class Taken(Answer):
    """What an intake came to: a submission, or a draft that awaits its uploads."""

    draft: schemas.DraftTold | None
    received: schemas.MovedTold | None


@room.changes("/intake", Taken, door=INTAKE, summary="窗口收件", status=201)
def take_in(request: HttpRequest, asked: schemas.IntakeAsked) -> Taken:
    """Take in an application at the window that the item belongs to, and submit it unless uploads are to follow."""
    caller, form = caller_of(request), typed(asked.declaration) | {"papers": ",".join(asked.papers)}
    at_window.require_window(asked.item, by=caller.account, at=caller.now)
    with transaction.atomic():
        matter = drafts.open_draft(
            code=asked.item, by=caller.account, channel=Application.Channel.WINDOW, at=caller.now, key=key(request),
            form=form,
        )  # fmt: skip
        if asked.submit:
            moved = apply.submit(matter, by=caller.actor, at=clock.now(), key=key(request))
            return Taken(draft=None, received=received_told(moved))
    return Taken(draft=draft_told(drafts.own_file(matter, by=caller.account)), received=None)


def draft_told(file: MatterFile) -> schemas.DraftTold:
    """Return a draft with what still stands against submitting it.

    :raises Problem: it has been submitted meanwhile.
    """
    if file.version:
        raise Problem("not-allowed", f"这份申请已经提交（{file.called}），请用 /api/v1/cases/{file.called} 查看。")
    form = reads.form_of(file)
    names = schemas.DeclarationTold.model_fields
    declared = schemas.DeclarationTold(**{name: form.get(name, "") for name in names})
    return schemas.DraftTold(
        id=file.id,
        item=file.plan.code,
        title=file.title,
        declaration=declared,
        papers=[slot for slot in form.get("papers", "").split(",") if slot],
        files=[file_told(each) for each in matters.attachments(file.id)],
        obstacles=[obstacle_told(each) for each in apply.obstacles_to_submission(file, clock.now())],
        advice=[obstacle_told(each) for each in authority.advice(file, clock.now())],
        opened_at=file.opened_at,
    )
