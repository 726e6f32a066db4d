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
from django.views.decorators.http import require_GET

from xiaoneng.approval import authority, certificates, consulting, fees, promises, reads
from xiaoneng.approval.actions import drafts
from xiaoneng.approval.joint import reads as joint
from xiaoneng.kit import clock
from xiaoneng.kit.contents import Refused
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed, Obstacle, Obstructed
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import masking, shown
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.staff import claims, forms, moves, sequence, told, viewer, worklist


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
    return page(request, moves.visible_case(number, account_of(request).pk, now), now)


@policy(Policy.STAFF)
@never_cache
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Make a move, or show the case again with everything that stands against it."""
    if name not in moves.FORMS:
        raise Http404
    if request.method != "POST":  # somebody signed in anew after the post met an expired session
        return redirect(f"{reverse('staff:case', args=[number])}?open={name}")
    now = clock.now()
    form = moves.FORMS[name][0](request.POST, request.FILES, auto_id=f"{name}_%s")
    obstacles: tuple[Obstacle, ...] = ()
    status = 422
    if form.is_valid():
        try:
            moved = moves.act(number, name, form, by=actor_of(request), at=now, key=form_key(request))
        except Obstructed as refusal:
            obstacles = refusal.obstacles
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            # What was done is told from the journal, so nothing has to be carried along.
            return redirect(sequence.onward(request, account_of(request).pk, now, number, moved.seq))
    file = moves.visible_case(number, account_of(request).pk, now)
    return page(request, file, now, (name, form), obstacles, status)


@policy(Policy.STAFF)
@require_GET
@never_cache
def preview(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Say what a move would do with what is typed so far."""
    if name not in moves.FORMS:
        raise Http404
    effects = moves.preview(number, name, account_of(request).pk, clock.now(), request.GET)
    return render(request, "staff/effects.html", {"effects": effects})


def page(
    request: HttpRequest, file: MatterFile, now: datetime, bound: tuple[str, forms.MoveForm] | None = None,
    obstacles: tuple[Obstacle, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Show a case, with what was typed into one of its forms if there is such."""
    from xiaoneng.web.staff.at_once import offered

    by = actor_of(request)
    lines = matters.journal(file.id)
    held = org.roles_of(by.account, file.department, local_day(now))
    near = sequence.neighbours(request, by.account, file.id, now)
    view = case_shown(file, now) | {
        "people": people_of(file, now, by.account),
        "unmask": masking.offered(by.account, file, now),
        "entries": shown.entries_of(file, lines),
        "at_once": offered(file, by.account, now),
        "promise": promise_shown(file),
        "authority": authority.obstacles(file, now) if not file.closed else (),
        "moves": moves.moves_of(file, by, now, bound),
        "as_role": "、".join(dict.fromkeys(each.role.label for each in held)),
        "near": near,
        "claim": claims.shown_claim(file, by.account, held, now),
        "account": by.account,
        "keys": worklist.keys({each.role for each in held}),
        "asked": request.GET.get("open", ""),
    }
    folded = [each for each in view["moves"] if each.beside]
    opened = any(each.open or each.name == view["asked"] for each in folded)
    view |= {"has_beside": bool(folded), "beside_open": opened}
    possible = {each.name for each in view["moves"] if each.possible}
    view["written"] = moves.written(bound[1]) if bound and bound[0] not in possible else ()
    done = None if request.GET.get("of") else told.of_case(file, lines, request.GET.get("done", ""))
    context = {"case": view, "obstacles": obstacles, "told": done or told.told(request, now)}
    return render(request, "staff/case.html", context, status=status)


def promise_shown(file: MatterFile) -> dict[str, Any] | None:
    """Return what was promised in a case, and which departments are asked about it."""
    owed = promises.all_owed(file.id) if file.clock("deferred") else ()
    asked = consulting.all_asked(file)
    if not owed and not asked and not promises.by_commitment(file):
        return None
    return {"owed": owed, "asked": asked, "commitment": promises.by_commitment(file)}


def case_shown(file: MatterFile, now: datetime) -> dict[str, Any]:
    """Return a case as staff see it, without its moves."""
    materials = _materials(file)
    viewable = [each for material in materials for each in material["files"] if each["inline"]]
    return {
        "id": file.id,
        "title": file.title,
        "number": file.number,
        "intake_number": file.intake_number,
        "light": shown.light_of(file, now, staff=True),
        "people": people_of(file, now),
        "clocks": shown.clocks_of(file, now),
        "materials": materials,
        "view": viewable[0] if viewable else None,
        "file_count": sum(len(each["files"]) for each in materials),
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
        "joint": joint.marks([file.id]).get(file.id, ""),
        "public_url": reverse("public:progress", args=[file.called]) if file.version else "",
        **_beside(file),
    }


def _beside(file: MatterFile) -> dict[str, Any]:
    """Return what stands beside a case: what it is charged, the certificate it came to, what was held already."""
    charges, certificate = fees.of_case(file.id), certificates.of_case(file.id)
    names = {material.slot: material.name for material in reads.filed_under(file).materials}
    return {
        "called": file.called,
        "charges": charges,
        "owed": sum(each.is_owed for each in charges),
        "certificate": certificate and {
            "title": certificate.title, "number": certificate.number,
            "url": reverse("staff:certificate", args=[certificate.code]),
        },
        "held": [
            {"material": names.get(each.slot, ""), "label": each.label, "issuer": each.issuer}
            for each in reads.held_facts(file)
        ],
    }  # fmt: skip


def people_of(file: MatterFile, now: datetime, viewer: int = 0) -> list[Fact]:
    """Return who has to do with a case; personal data in full only for a viewer who gave a reason just now."""
    form = reads.form_of(file)
    personal = masking.personal(file, in_full=bool(viewer) and masking.is_open(viewer, file, now))
    facts = [
        Fact("申请人", f"{file.extra['applicant_name']} {personal['identity']}"),
        Fact("联系", f"{form.get('contact', '')} {personal['phone']}"),
        *([Fact("地址", personal["address"])] if personal["address"] else []),
        Fact("部门", file.department_name),
    ]
    if file.desk and file.desk != Role.APPLICANT:
        names = org.holders_of(Role(file.desk), file.department, local_day(now))
        facts.append(Fact(f"现在由{Role(file.desk).label}", "、".join(names) or "（没有人在岗）"))
    if chosen := reads.situation(file):
        facts.append(Fact("情形", "；".join(chosen)))
    return [*facts, Fact("事项", f"第 {file.plan.serial} 版"), Fact("申请内容", form.get("content", ""))]


def _materials(file: MatterFile) -> list[dict[str, Any]]:
    given: dict[str, list[dict[str, Any]]] = {}
    for each in matters.attachments(file.id):
        row = {
            "name": each.name, "size": each.size, "inline": each.kind in viewer.INLINE,
            "picture": each.kind in viewer.PICTURES, "url": reverse("staff:file", args=[file.called, each.id]),
            "round": each.round,
        }  # fmt: skip
        given.setdefault(each.slot, []).append(row)
    papers = set(reads.form_of(file).get("papers", "").split(","))
    held = {each.slot for each in reads.held_facts(file)}
    wanted = {m.slot for m in reads.demanded(file)}
    listed = [m for m in reads.filed_under(file).materials if m.slot in wanted | papers or m.slot in given]
    rows = [(m.slot, m.name, m.required, m.note) for m in listed]
    rows += [(drafts.OTHER, "其他材料", False, "")] if drafts.OTHER in given else []
    return [
        {
            "name": name,
            "required": required,
            "files": given.get(slot, []),
            "note": note,
            "state": "已有，不用交"
            if slot in held
            else "窗口已核对纸质件"
            if slot in papers and slot not in given
            else "",
        }
        for slot, name, required, note in rows
    ]
