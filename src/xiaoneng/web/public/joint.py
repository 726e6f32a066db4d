"""One thing (一件事): choose the theme and its items, one form, one set of materials, one receipt, one page of progress."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xiaoneng.approval import authority, bars
from xiaoneng.approval import reads as applications
from xiaoneng.approval.actions import drafts
from xiaoneng.approval.joint import filing, opening, reads, supplements, themes
from xiaoneng.approval.models import Application
from xiaoneng.kit import clock, documents, files, numbers
from xiaoneng.kit.contents import Refused
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.people import reads as people
from xiaoneng.rules.acceptance import KINDS, kinds_for
from xiaoneng.rules.grounds import NotFound, Obstacle, Obstructed
from xiaoneng.rules.procedures import joint as procedure
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import shown_joint
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.public.apply import ShownMaterial, beside, file_obstacles
from xiaoneng.web.public.forms import Declaration
from xiaoneng.web.public.same_page import PROVED


@policy(Policy.PUBLIC)
@require_GET
def all_themes(request: HttpRequest) -> HttpResponse:
    """List the things that people want done, whatever departments it takes."""
    found = themes.themes(clock.now())
    context = {"themes": [each for each in found if not each.stage], "stages": [each for each in found if each.stage]}
    return render(request, "public/themes.html", context)


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def theme(request: HttpRequest, code: str) -> HttpResponse:
    """Show a theme: its items, who does them, what comes before what, and which are needed only sometimes."""
    return _theme(request, code)


def _theme(request: HttpRequest, code: str, obstacles: tuple[Obstacle, ...] = ()) -> HttpResponse:
    found = themes.theme(code, clock.now())
    names = {each.position: each.name for each in found.items}
    rows = [(each, [names[place] for place in each.after if place in names]) for each in found.items]
    context = {"theme": found, "rows": rows, "obstacles": obstacles, "project": request.POST.get("project", "")}
    return render(request, "public/theme.html", context, status=422 if obstacles else 200)


@policy(Policy.CITIZEN)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Open the draft of a joint case with the items that were chosen."""
    account = account_of(request)
    chosen = [int(each) for each in request.POST.getlist("items") if each.isdecimal() and len(each) < 4]
    try:
        matter = opening.open_joint(
            theme=code, chosen=chosen, by=account.pk, channel=Application.Channel.ONLINE, at=clock.now(),
            key=form_key(request), form=people.declaration_of(account.pk), project=request.POST.get("project", "")[:120],
        )  # fmt: skip
    except Obstructed as refusal:
        return _theme(request, code, refusal.obstacles)
    return redirect("public:joint_draft", matter)


@policy(Policy.CITIZEN)
@never_cache
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and keep the one form and the one set of materials."""
    account = account_of(request)
    file = _own_draft(pk, account.pk)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        if request.POST.get("do") == "discard_for_good":
            opening.discard(pk, by=account.pk, at=clock.now())
            messages.success(request, "草稿已删除。")
            return redirect("public:mine")
        form = Declaration(request.POST)
        form.is_valid()
        typed = {name: str(form.cleaned_data.get(name, request.POST.get(name, ""))) for name in form.fields}
        drafts.save_draft(pk, by=account.pk, form=typed)
        errors = take(request, pk)
        if not errors and request.POST.get("do") != "discard":
            onward = reverse(
                "public:joint_review" if request.POST.get("do") == "review" else "public:joint_draft", args=[pk]
            )
            return redirect(onward + ("#materials" if request.FILES else ""))
        file = _own_draft(pk, account.pk)
    initial = {name: value for name, value in applications.form_of(file).items() if value}
    form = Declaration(initial=initial, kinds=_kinds(file))
    context = {
        "joint": _draft(file, errors),
        "form": form,
        "groups": form.groups(),
        "obstacles": [*_barred(file), *file_obstacles(errors), *_more(request, file, errors)],
        "advice": authority.advice(file, clock.now()),
        "discarding": request.POST.get("do") == "discard",
    }
    return render(request, "public/joint_form.html", context, status=400 if errors else 200)


def _barred(file: MatterFile) -> list[Obstacle]:
    now = clock.now()
    return [each for line in reads.branches(file.id) for each in bars.obstacles(file, line.plan, now)]


def _more(request: HttpRequest, file: MatterFile, errors: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    if errors and request.POST.get("do") == "review":
        yield from beside(filing.obstacles_to_submission(file, reads.branches(file.id), clock.now()), errors)


def _kinds(file: MatterFile) -> tuple[str, ...]:
    """Return the kinds of applicant that every item of the whole is for; both, where no kind fits all."""
    open_to = [kinds_for(line.plan.audience) for line in reads.branches(file.id)]
    return tuple(kind for kind in KINDS if all(kind in each for each in open_to)) or KINDS


def _own_draft(pk: int, account: int) -> MatterFile:
    file = drafts.own_draft_file(pk, by=account)
    if file.kind != reads.KIND:
        raise NotFound(drafts.NOT_YOURS)
    return file


def take(request: HttpRequest, matter: int, to: Any = opening) -> dict[str, list[str]]:
    """Take the files of a request in.

    :param to: what attaches and detaches: the one set of the whole, or the supplements of its branches.
    """
    account, errors = account_of(request), dict[str, list[str]]()
    for field, uploads in request.FILES.lists():
        slot = field.removeprefix("material-")
        for upload in uploads:
            try:
                to.attach(
                    matter, by=account.pk, slot=slot, name=upload.name or "", stream=cast(BinaryIO, upload.file),
                    at=clock.now(),
                )  # fmt: skip
            except Refused as refusal:
                errors.setdefault(slot, []).append(f"“{files.safe_name(upload.name or '')}”没有收：{refusal}")
    remove = request.POST.get("remove", "")
    if remove.isdecimal() and len(remove) < 12:
        to.detach(matter, by=account.pk, attachment=int(remove), at=clock.now())
    return errors


def _draft(file: MatterFile, errors: dict[str, list[str]]) -> dict[str, Any]:
    lines = reads.branches(file.id)
    return {
        "pk": file.id, "title": file.title, "lead": file.department_name, "about": reads.about(file.id),
        "branches": [line.plan for line in lines], "materials": materials_of(file, lines, errors),
    }  # fmt: skip


def materials_of(
    file: MatterFile, lines: tuple[reads.BranchLine, ...], errors: dict[str, list[str]], round_: int | None = None
) -> list[ShownMaterial]:
    """Return the one set of materials of the whole with its files; one round's only, if one is named."""
    given: dict[str, list[dict[str, Any]]] = {}
    for each in matters.attachments(file.id):
        if round_ in (None, each.round):
            url = reverse("public:file", args=[file.id, each.id])
            given.setdefault(each.slot, []).append({"pk": each.id, "name": each.name, "size": each.size, "url": url})
    names = {line.position: line.plan.name for line in lines}
    found = []
    for shared in reads.materials(lines):
        asked = "、".join(names[place] for place, _ in shared.asked_by)
        used = f"{len(shared.asked_by)} 个事项共用一份：{asked}" if len(shared.asked_by) > 1 else f"用于：{asked}"
        note = f"{shared.note}　{used}" if shared.note else used
        own = tuple(given.get(shared.slot, ())), tuple(errors.get(shared.slot, ()))
        found.append(
            ShownMaterial(
                shared.slot, shared.name, note, shared.required, shared.copies, shared.form, shared.source, *own
            )
        )  # fmt: skip
    other = ("其他材料", "上面没有列出的，交在这里", False, 0, "", "")
    found.append(
        ShownMaterial(reads.OTHER, *other, tuple(given.get(reads.OTHER, ())), tuple(errors.get(reads.OTHER, ())))
    )
    return found


@policy(Policy.CITIZEN)
@require_GET
@never_cache
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything once more before the one submission."""
    file = _own_draft(pk, account_of(request).pk)
    return _review(request, file, filing.obstacles_to_submission(file, reads.branches(pk), clock.now()))


def _review(request: HttpRequest, file: MatterFile, obstacles: tuple[Obstacle, ...], status: int = 200) -> HttpResponse:
    values = applications.form_of(file)
    form = Declaration(initial=values)
    summary = [
        {"title": group["title"], "rows": [(field.label, _value(field, values)) for field in group["fields"]]}
        for group in form.groups()
    ]
    context = {
        "joint": _draft(file, {}), "summary": summary, "obstacles": obstacles,
        "advice": authority.advice(file, clock.now()),
    }  # fmt: skip
    return render(request, "public/joint_review.html", context, status=status)


def _value(field: Any, values: dict[str, str]) -> str:
    value = values.get(field.name, "")
    return str(dict(getattr(field.field, "choices", [])).get(value, value))


@policy(Policy.CITIZEN)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit a joint case and hand out its one receipt."""
    try:
        moved = filing.submit(pk, by=actor_of(request), at=clock.now(), key=form_key(request))
    except Obstructed as refusal:
        return _review(request, _own_draft(pk, account_of(request).pk), refusal.obstacles, 422)
    return redirect(reverse("public:joint", args=[moved.numbers["intake_number"]]) + "?receipt=1")


@policy(Policy.PUBLIC)
@require_GET
@never_cache
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """Show the whole with every branch and its promised day, to the applicant, to whom knows the code, and to staff."""
    now = clock.now()
    account = int(request.user.pk) if request.user.is_authenticated else 0
    try:
        file = reads.load(number)
    except NotFound:
        return redirect("public:progress_query")
    own = applications.is_applicant(file, account)
    proved = own or file.id in request.session.get(PROVED, [])
    if not proved and not (account and reads.visible_to_staff(account, local_day(now)).filter(pk=file.id).exists()):
        return redirect("public:progress_query")
    knows = proved or file.extra["filed_by"] == account  # who took it in at the window hands the code on
    first = matters.journal(file.id)[-1]
    address = settings.PUBLIC_ADDRESS + reverse("public:progress_query") + f"?number={file.intake_number}"
    asked = supplements.asked(file.id) if file.state == procedure.RUNNING else ()
    context = {
        "joint": shown_joint.whole(file, now),
        "applicant": file.extra["applicant_name"] if own else numbers.masked_name(file.extra["applicant_name"]),
        "own": own,
        "query_code": numbers.grouped(applications.query_code(file)) if knows else "",
        "qr_svg": documents.qr_svg(address) if knows else "",
        "hash": first.hash,
        "fresh": request.GET.get("receipt") == "1",
        "may_withdraw": own and file.state in (procedure.RECEIVED, procedure.CORRECTING),
        "may_supplement": own and (file.state == procedure.CORRECTING or bool(asked)),
        "asked": asked,
        "next_stage": _next_stage(file) if own else None,
    }
    return render(request, "public/joint.html", context)


def _next_stage(file: MatterFile) -> Any:
    about = reads.about(file.id)
    if file.state not in (procedure.DELIVERING, procedure.DONE) or not about.stage:
        return None
    return next((each for each in themes.themes(clock.now()) if each.stage == about.stage + 1), None)
