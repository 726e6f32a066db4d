"""One set of facts: what the government holds already and may stand for a material, on the applicant's word."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import Bearer, caller_of
from xiaoneng.api.room import Room
from xiaoneng.api.schemas.words import Answer, Body, Code, Id, Line
from xiaoneng.api.scopes import Scope
from xiaoneng.approval import facts, reads
from xiaoneng.approval.actions import drafts
from xiaoneng.approval.actions import facts as actions
from xiaoneng.kit import clock
from xiaoneng.matters.reads import MatterFile
from xiaoneng.rules.grounds import NotFound
from xiaoneng.rules.workdays import local_day

room = Room(tags=["申请与收件"])
WRITE = Bearer(Scope.APPLICATIONS_WRITE)


class FactTold(Answer):
    """What is held already: by whom, for which material, until when it is good."""

    slot: str
    source: str = Field(examples=["register", "archive"])
    reference: str
    label: str
    issuer: str
    until: date | None


class UsedTold(Answer):
    """What stands for a material on the applicant's word."""

    slot: str
    source: str
    reference: str
    label: str
    issuer: str


class HeldFactsTold(Answer):
    """What may stand for a draft's materials, and what does."""

    offered: list[FactTold]
    used: list[UsedTold]


class ConsentAsked(Body):
    """The applicant's word that what is held already stands for a material."""

    reference: Annotated[Line, Field(min_length=1, description="offered 里的 reference")]
    agreed: Annotated[Literal[True], Field(description="申请人知情并同意；不同意就不要调用，照常上传")]


def _own_draft(matter: int, account: int) -> MatterFile:
    file = drafts.own_draft_file(matter, by=account)
    if file.kind != reads.KIND:
        raise NotFound(drafts.NOT_YOURS)
    return file


def _told(file: MatterFile) -> HeldFactsTold:
    offers = facts.offered(file, local_day(clock.now()))
    return HeldFactsTold(
        offered=[
            FactTold(
                slot=each.slot, source=each.source, reference=each.reference, label=each.label, issuer=each.issuer,
                until=each.until,
            )
            for each in offers.values()
        ],
        used=[
            UsedTold(
                slot=each.slot, source=each.source, reference=each.reference, label=each.label, issuer=each.issuer
            )
            for each in reads.held_facts(file)
        ],
    )  # fmt: skip


@room.reads("/drafts/{id}/held-facts", HeldFactsTold, door=WRITE, summary="可以免交的材料")
def list_held_facts(request: HttpRequest, id: Id) -> HeldFactsTold:
    """Tell which materials need not be handed in because a department holds them, and which are used."""
    return _told(_own_draft(id, caller_of(request).account))


@room.sets("PUT", "/drafts/{id}/held-facts/{slot}", HeldFactsTold, door=WRITE, summary="同意免交一样材料")
def use_held_fact(request: HttpRequest, id: Id, slot: Code, asked: ConsentAsked) -> HeldFactsTold:
    """Let what is held stand for a material; the consent is put on record with it."""
    account = caller_of(request).account
    _own_draft(id, account)
    actions.use(id, slot=slot, reference=asked.reference, by=account, at=clock.now())
    return _told(_own_draft(id, account))


@room.sets("DELETE", "/drafts/{id}/held-facts/{slot}", HeldFactsTold, door=WRITE, summary="收回同意")
def do_not_use_held_fact(request: HttpRequest, id: Id, slot: Code) -> HeldFactsTold:
    """Take the consent back; the material is handed in like any other."""
    account = caller_of(request).account
    _own_draft(id, account)
    actions.do_not_use(id, slot=slot, by=account)
    return _told(_own_draft(id, account))
