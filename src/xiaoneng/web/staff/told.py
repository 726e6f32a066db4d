"""What was just done, told from the journal: the address carries only which entry of which case it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.rules.grounds import NotFound
from xiaoneng.web.access import account_of
from xiaoneng.web.staff import moves


@dataclass(frozen=True, slots=True)
class Told:
    """A move that was just made, in words, with the case it was made on and the draft that it used up."""

    text: str
    title: str
    called: str
    url: str
    move: str
    matter: int


def told(request: HttpRequest, now: datetime) -> Told | None:
    """Return what the address says was just done on another case, if this person may see it."""
    number, seq = request.GET.get("of", ""), request.GET.get("done", "")
    if not number or not seq:
        return None
    try:
        file = moves.visible_case(number[:40], account_of(request).pk, now)
    except NotFound:
        return None
    return of_case(file, matters.journal(file.id), seq)


def of_case(file: MatterFile, lines: tuple[EntryLine, ...], seq: str) -> Told | None:
    """Return what an entry of a case did, in words."""
    line = next((each for each in lines if str(each.seq) == seq), None)
    if line is None:
        return None
    documents = "、".join(f"{each.title} {each.number}" for each in matters.documents(file.id) if each.seq == line.seq)
    numbered = "number" in file.procedure.move(line.move).numbers
    text = f"“{line.label}”已办" + (f"，文书 {documents}" if documents else "") + "。"
    text += f"办件编号 {file.number}。" if numbered else ""
    return Told(text, file.title, file.called, reverse("staff:case", args=[file.called]), line.move, file.id)
