"""What everybody may ask who holds a number and its code, or a document and its code."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest

from xiaoneng.api.door import PUBLIC
from xiaoneng.api.problems import Problem
from xiaoneng.api.room import Room
from xiaoneng.api.schemas import cases as schemas
from xiaoneng.api.schemas.words import Code
from xiaoneng.api.tells import document_told, explanation_told, light_told
from xiaoneng.approval import explained, notices, reads
from xiaoneng.approval.actions import printing
from xiaoneng.approval.notices import Notice
from xiaoneng.approval.notices_beside import FOR_THE_FILE
from xiaoneng.kit import clock, files, numbers
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import DocumentLine, MatterFile
from xiaoneng.people import actions as people_actions
from xiaoneng.people import reads as people
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.procedures.table import ClockName
from xiaoneng.rules.roles import Role
from xiaoneng.supervision import notices as supervision

room = Room(tags=["进度与文书"])
DOOR = "progress"  # the same count of wrong tries as on the page


@room.reads("/progress", schemas.ProgressTold, door=PUBLIC, summary="凭编号和查询码查进度", method="POST")
def ask_progress(request: HttpRequest, asked: schemas.ProgressAsked) -> schemas.ProgressTold:
    """Tell how far an application is and how every date was computed; the code stays out of addresses and logs."""
    now, number = clock.now(), numbers.normalise_code(asked.number)
    whence = request.META.get("REMOTE_ADDR", "")
    if people.too_many_tries(DOOR, number, whence, at=now):
        raise Problem("too-many", "试错的次数太多，请十分钟后再试。", headers={"Retry-After": "600"})
    try:
        file = reads.by_number_and_code(number, asked.code)
    except NotFound:
        people_actions.note_failed_try(DOOR, number, whence, at=now)
        raise
    return _told(file)


def _told(file: MatterFile) -> schemas.ProgressTold:
    now = clock.now()
    promised = file.clock(ClockName.PROMISED) or file.clock(ClockName.PRE_ACCEPTANCE)
    statutory = file.clock(ClockName.STATUTORY)
    lines = reversed(matters.journal(file.id))
    name = file.extra["applicant_name"]
    return schemas.ProgressTold(
        number=file.called,
        title=file.title,
        applicant=numbers.masked_name(name) if reads.form_of(file).get("kind") == "person" else name,
        department=file.department_name,
        state=file.state,
        state_label=file.procedure.state(file.state).label,
        waiting_for=Role(file.desk).label if file.desk else "",
        light=light_told(file, now),
        promised_due=promised.due_on if promised else None,
        statutory_due=statutory.due_on if statutory else None,
        done=[schemas.StepOfWay(label=line.label, at=line.recorded_at) for line in lines],
        documents=[document_told(each) for each in matters.documents(file.id) if each.kind not in FOR_THE_FILE],
        explanations=[explanation_told(each) for each in explained.explanations_of(file, now)],
    )


@room.reads("/documents/{code}", schemas.VerifiedTold, door=PUBLIC, summary="核验文书")
def verify_document(request: HttpRequest, code: Code) -> schemas.VerifiedTold:
    """Tell what document was issued under a verification code."""
    document = matters.document_by_code(numbers.normalise_code(code))
    told = _compose(document)
    return schemas.VerifiedTold(
        kind=document.kind, title=told.title, number=told.number, organ=told.organ,
        addressee="" if document.kind in supervision.RESTRICTED else told.addressee_shown,
        date=told.date, hash=told.hash, pdf=document_told(document).pdf,
    )  # fmt: skip


def _compose(document: DocumentLine) -> Notice:
    return supervision.compose(document) if document.kind in supervision.KINDS else notices.compose(document)


@room.hands_out("/documents/{code}/pdf", "application/pdf", door=PUBLIC, summary="下载文书（PDF）")
def document_pdf(request: HttpRequest, code: Code) -> FileResponse:
    """Hand out a document as PDF, made now if the worker has not made it yet."""
    document = matters.document_by_code(numbers.normalise_code(code))
    if not supervision.may_read(document, 0, clock.now()):
        raise NotFound("这份文书只给本人和有关机关看，请登录后在网页上看。可以用核验码核对文号和日期。")
    sha256 = printing.print_document(document, at=clock.now(), compose=_compose)
    return FileResponse(
        files.open_kept(settings.FILES_DIRECTORY, sha256), content_type="application/pdf",
        filename=f"{document.title}{document.number}.pdf",
    )  # fmt: skip
