"""Applying for one thing whole: the draft of a joint case, its one set of materials, and its intake at the window."""

from __future__ import annotations

from typing import Annotated, BinaryIO, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, UploadedFile
from pydantic import Field

from xiaoneng.api.door import Bearer, caller_of
from xiaoneng.api.keyed import key_of
from xiaoneng.api.operations.drafts import nothing, typed
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.cases import DeclarationAsked, DeclarationTold, FileTold, MovedTold
from xiaoneng.api.schemas.words import Answer, Body, Code, Id, Instant, Line, ObstacleTold
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tells import file_told, moved_told, obstacle_told
from xiaoneng.approval import authority
from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions import drafts
from xiaoneng.approval.joint import at_window, filing, opening, reads, themes
from xiaoneng.approval.models import Application
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.people import reads as people
from xiaoneng.rules.grounds import NotFound

room = Room(tags=["并联审批"])
WRITE = Bearer(Scope.APPLICATIONS_WRITE)
FILING = Bearer(Scope.APPLICATIONS_WRITE, Scope.INTAKE)
Places = Annotated[list[Annotated[int, Field(ge=0, le=999)]], Field(max_length=100)]


class JointDraftAsked(Body):
    """Which theme, which of its conditional items, and what is known already."""

    theme: Code
    items: Annotated[Places, Field(description="有条件的事项里要办的，写 position；其余的都要办")] = []
    project: Line = ""
    declaration: DeclarationAsked | None = None


class JointIntakeAsked(Body):
    """What a clerk of the leading department takes in at the window."""

    theme: Code
    items: Places = []
    project: Line = ""
    declaration: DeclarationAsked
    papers: Annotated[list[Code], Field(max_length=100, description="已核对纸质件的材料栏位")] = []
    submit: Annotated[bool, Field(description="false：先存为草稿，再上传电子件后提交")] = True


class WantedAsked(Body):
    """Which of the conditional items of the theme are wanted."""

    items: Places


class SharedTold(Answer):
    """A material of the one set, with the branches that use it."""

    slot: str
    name: str
    required: bool
    used_by: list[int] = Field(description="用到它的事项的 position")
    count: int


class ChosenTold(Answer):
    """An item of a joint draft."""

    position: int
    item: str
    name: str
    department: str
    after: list[int]


class JointDraftTold(Answer):
    """The draft of a joint case with what still stands against submitting it."""

    id: int
    theme: str
    title: str
    project: str
    lead: str
    items: list[ChosenTold]
    declaration: DeclarationTold
    papers: list[str]
    materials: list[SharedTold]
    files: list[FileTold]
    obstacles: list[ObstacleTold]
    advice: Annotated[list[ObstacleTold], Field(description="先告诉您、不妨碍提交的，例如还没有登记授权")]
    opened_at: Instant


def draft_told(file: MatterFile) -> JointDraftTold:
    """Return the draft of a joint case."""
    lines, about, form = reads.branches(file.id), reads.about(file.id), applications.form_of(file)
    shared = reads.materials(lines)
    users = {each.slot: [place for place, _ in each.asked_by] for each in shared}
    return JointDraftTold(
        id=file.id, theme=about.theme_code, title=file.title, project=about.project, lead=file.department_name,
        items=[
            ChosenTold(
                position=line.position, item=line.plan.code, name=line.plan.name, department=line.plan.department,
                after=list(line.after),
            )
            for line in lines
        ],
        declaration=DeclarationTold(**{name: form.get(name, "") for name in DeclarationTold.model_fields}),
        papers=[slot for slot in form.get("papers", "").split(",") if slot],
        materials=[
            SharedTold(slot=h.slot, name=h.name, required=h.required, used_by=users[h.slot], count=h.count)
            for h in reads.handed(file, shared)
        ],
        files=[file_told(each) for each in matters.attachments(file.id)],
        obstacles=[obstacle_told(each) for each in filing.obstacles_to_submission(file, lines, clock.now())],
        advice=[obstacle_told(each) for each in authority.advice(file, clock.now())],
        opened_at=file.opened_at,
    )  # fmt: skip


def own_draft(matter: int, account: int) -> MatterFile:
    """Return the draft of a joint case of this account.

    :raises NotFound: there is none.
    """
    file = drafts.own_draft_file(matter, by=account)
    if file.kind != reads.KIND:
        raise NotFound(drafts.NOT_YOURS)
    return file


@room.changes("/joint-drafts", JointDraftTold, door=WRITE, summary="一件事：新建草稿", status=201)
def open_joint_draft(request: HttpRequest, asked: JointDraftAsked) -> JointDraftTold:
    """Open the draft of a joint case; without a declaration, with what the account's profile knows."""
    caller = caller_of(request)
    form = typed(asked.declaration) if asked.declaration else people.declaration_of(caller.account)
    matter = opening.open_joint(
        theme=asked.theme, chosen=asked.items, by=caller.account, channel=Application.Channel.ONLINE, at=clock.now(),
        key=key_of(request), form=form, project=asked.project,
    )  # fmt: skip
    return draft_told(own_draft(matter, caller.account))


@room.reads("/joint-drafts/{id}", JointDraftTold, door=FILING, summary="一件事：查看草稿和还差什么")
def read_joint_draft(request: HttpRequest, id: Id) -> JointDraftTold:
    """Tell what a joint draft holds and everything that still stands against submitting it."""
    return draft_told(own_draft(id, caller_of(request).account))


@room.sets("PUT", "/joint-drafts/{id}", JointDraftTold, door=FILING, summary="一件事：保存草稿")
def save_joint_draft(request: HttpRequest, id: Id, asked: DeclarationAsked) -> JointDraftTold:
    """Keep what was filled in so far; papers seen at the window stay as they are."""
    account = caller_of(request).account
    papers = applications.form_of(own_draft(id, account)).get("papers", "")
    drafts.save_draft(id, by=account, form=typed(asked) | {"papers": papers})
    return draft_told(own_draft(id, account))


@room.sets("PUT", "/joint-drafts/{id}/items", JointDraftTold, door=FILING, summary="一件事：重新选事项")
def choose_items(request: HttpRequest, id: Id, asked: WantedAsked) -> JointDraftTold:
    """Choose anew which conditional items are wanted; what was handed in stays."""
    account = caller_of(request).account
    opening.choose(own_draft(id, account).id, by=account, chosen=asked.items, at=clock.now())
    return draft_told(own_draft(id, account))


@room.sets("DELETE", "/joint-drafts/{id}", None, door=FILING, summary="一件事：删除草稿")
def discard_joint_draft(request: HttpRequest, id: Id) -> HttpResponse:
    """Throw a joint draft away with its files."""
    account = caller_of(request).account
    opening.discard(own_draft(id, account).id, by=account, at=clock.now())
    return nothing()


@room.changes("/joint-drafts/{id}/files", FileTold, door=FILING, summary="一件事：上传材料", status=201)
def upload_to_joint_draft(
    request: HttpRequest, id: Id, slot: Annotated[Code, Form()], file: Annotated[UploadedFile, File()]
) -> FileTold:
    """Check a file by its content and put it to a material of the one set."""
    account, stream = caller_of(request).account, cast(BinaryIO, file.file)
    own_draft(id, account)
    opening.attach(id, by=account, slot=slot, name=file.name or "", stream=stream, at=clock.now())
    return file_told([each for each in matters.attachments(id) if each.slot == slot][-1])


@room.sets("DELETE", "/joint-drafts/{id}/files/{file}", None, door=FILING, summary="一件事：移除材料")
def remove_from_joint_draft(request: HttpRequest, id: Id, file: Id) -> HttpResponse:
    """Take a file off again."""
    account = caller_of(request).account
    opening.detach(own_draft(id, account).id, by=account, attachment=file, at=clock.now())
    return nothing()


@room.changes("/joint-drafts/{id}/submit", MovedTold, door=FILING, summary="一件事：提交")
def submit_joint_draft(request: HttpRequest, id: Id) -> MovedTold:
    """Submit a joint draft: one receipt for all its items, the law's first clock runs."""
    caller = caller_of(request)
    reads.load(id)  # what is no joint case is not there
    return _received(filing.submit(id, by=caller.actor, at=clock.now(), key=key_of(request)))


def _received(moved: Moved) -> MovedTold:
    return moved_told(reads.load(moved.matter), "submit", moved)


class JointTaken(Answer):
    """What a joint intake came to: a submission, or a draft that awaits its uploads."""

    draft: JointDraftTold | None
    received: MovedTold | None


@room.changes("/joint-intake", JointTaken, door=Bearer(Scope.INTAKE), summary="一件事：牵头窗口收件", status=201)
def take_joint_in(request: HttpRequest, asked: JointIntakeAsked) -> JointTaken:
    """Take in a joint case at the leading department's window, and submit it unless uploads are to follow."""
    caller, form = caller_of(request), typed(asked.declaration) | {"papers": ",".join(asked.papers)}
    at_window.require_window(themes.theme(asked.theme, caller.now), by=caller.account, at=caller.now)
    with transaction.atomic():
        matter = opening.open_joint(
            theme=asked.theme, chosen=asked.items, by=caller.account, channel=Application.Channel.WINDOW,
            at=clock.now(), key=key_of(request), form=form, project=asked.project,
        )  # fmt: skip
        if asked.submit:
            moved = filing.submit(matter, by=caller.actor, at=clock.now(), key=key_of(request))
            return JointTaken(draft=None, received=_received(moved))
    return JointTaken(draft=draft_told(own_draft(matter, caller.account)), received=None)
