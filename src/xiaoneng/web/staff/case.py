"""The case on one page: who, which clocks, the materials, what can be done now, and the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xiaoneng.approval import reads
from xiaoneng.approval.actions import drafts
from xiaoneng.kit import clock, numbers
from xiaoneng.kit.contents import Refused
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import EntryLine, MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import shown
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.staff import forms, moves


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what stands behind it."""

    label: str
    name: str


@policy(Policy.STAFF)
@require_GET
@never_cache
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case."""
    now = clock.now()
    return _page(request, moves.visible_case(number, account_of(request).pk, now), now)


@policy(Policy.STAFF)
@require_POST
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Make a move, or show the case again with everything that stands against it."""
    if name not in moves.FORMS:
        raise Http404
    now = clock.now()
    form = moves.FORMS[name][0](request.POST, request.FILES)
    obstacles: tuple[Obstacle, ...] = ()
    if form.is_valid():
        try:
            moved = moves.act(number, name, form, by=actor_of(request), at=now, key=form_key(request))
        except Obstructed as refusal:
            obstacles = refusal.obstacles
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except NotAllowed as refusal:
            return _refused(request, number, str(refusal), now)
        else:
            # What was done is told from the journal, so nothing has to be carried along.
            return redirect(f"{reverse('staff:case', args=[number])}?done={moved.seq}")
    file = moves.visible_case(number, account_of(request).pk, now)
    return _page(request, file, now, (name, form), obstacles, 422)


def _refused(request: HttpRequest, number: str, why: str, now: datetime) -> HttpResponse:
    messages.error(request, why)
    return _page(request, moves.visible_case(number, account_of(request).pk, now), now, status=409)


def _done(file: MatterFile, lines: tuple[EntryLine, ...], seq: str) -> str:
    line = next((each for each in lines if str(each.seq) == seq), None)
    if line is None:
        return ""
    documents = "、".join(each.number for each in matters.documents(file.id) if each.seq == line.seq)
    told = f"，文书 {documents}" if documents else ""
    numbered = "number" in file.procedure.move(line.move).numbers
    return f"“{line.label}”已办{told}。" + (f"办件编号 {file.number}。" if numbered else "")


def _page(
    request: HttpRequest, file: MatterFile, now: datetime, bound: tuple[str, forms.MoveForm] | None = None,
    obstacles: tuple[Obstacle, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    by = actor_of(request)
    lines = matters.journal(file.id)
    held = org.roles_of(by.account, file.department, local_day(now))
    view = case_shown(file, now) | {
        "done": _done(file, lines, request.GET.get("done", "")),
        "entries": shown.entries_of(file, lines),
        "moves": moves.moves_of(file, by, now, bound),
        "as_role": "、".join(dict.fromkeys(each.role.label for each in held)),
    }
    context = {"case": view, "obstacles": obstacles}
    return render(request, "staff/case.html", context, status=status)


def case_shown(file: MatterFile, now: datetime) -> dict[str, Any]:
    """Return a case as staff see it, without its moves."""
    materials = _materials(file)
    files = [each for material in materials for each in material["files"]]
    viewable = [each for each in files if each["kind"] in ("application/pdf", "image/png", "image/jpeg")]
    return {
        "title": file.title,
        "number": file.number,
        "intake_number": file.intake_number,
        "light": shown.light_of(file, now, staff=True),
        "people": people_of(file, now),
        "clocks": shown.clocks_of(file, now),
        "materials": materials,
        "view": viewable[0] if viewable else None,
        "notices": [
            {
                "title": d.title,
                "number": d.number,
                "day": d.issued_at,
                "url": reverse("public:notice", args=[d.verify_code]),
            }
            for d in matters.documents(file.id)
        ],
        "explanations": shown.explanations_of(file, now),
        "public_url": reverse("public:progress", args=[file.called]) if file.version else "",
    }


def people_of(file: MatterFile, now: datetime) -> list[Fact]:
    """Return who has to do with a case."""
    form = reads.form_of(file)
    identity = numbers.masked_id_number(form.get("identity", ""))
    facts = [
        Fact("申请人", f"{file.extra['applicant_name']} {identity}"),
        Fact("联系", f"{form.get('contact', '')} {numbers.masked_phone(form.get('phone', ''))}"),
        Fact("部门", file.department_name),
    ]
    if file.desk and file.desk != Role.APPLICANT:
        names = org.holders_of(Role(file.desk), file.department, local_day(now))
        facts.append(Fact(f"现在由{Role(file.desk).label}", "、".join(names) or "（没有人在岗）"))
    return [*facts, Fact("事项", f"第 {file.plan.serial} 版"), Fact("申请内容", form.get("content", ""))]


def _materials(file: MatterFile) -> list[dict[str, Any]]:
    given: dict[str, list[dict[str, Any]]] = {}
    for each in matters.attachments(file.id):
        row = {
            "name": each.name, "kind": each.kind, "size": each.size,
            "url": reverse("public:file", args=[file.id, each.id]),
        }  # fmt: skip
        given.setdefault(each.slot, []).append(row)
    papers = set(reads.form_of(file).get("papers", "").split(","))
    rows = [(m.slot, m.name, m.required, m.note) for m in reads.filed_under(file).materials]
    rows += [(drafts.OTHER, "其他材料", False, "")] if drafts.OTHER in given else []
    return [
        {
            "name": name,
            "required": required,
            "files": given.get(slot, []),
            "note": note,
            "state": "窗口已核对纸质件" if slot in papers and slot not in given else "",
        }
        for slot, name, required, note in rows
    ]
