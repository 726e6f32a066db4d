"""Applying: a draft is opened, filled in, reviewed and submitted; later it may be supplemented or withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xiaoneng.approval import authority, bars, facts, reads
from xiaoneng.approval.actions import apply as actions
from xiaoneng.approval.actions import drafts
from xiaoneng.approval.actions import facts as held
from xiaoneng.approval.joint import following
from xiaoneng.approval.joint import reads as joint
from xiaoneng.approval.models import Application
from xiaoneng.catalogue.reads import Plan, version_in_force
from xiaoneng.kit import clock, files
from xiaoneng.kit.contents import Refused
from xiaoneng.matters import reads as matters
from xiaoneng.matters.reads import MatterFile
from xiaoneng.people import reads as people
from xiaoneng.rules.acceptance import kinds_for
from xiaoneng.rules.certificates import is_renewable
from xiaoneng.rules.falsehood import BARRED_ITEM
from xiaoneng.rules.grounds import NotFound, Obstacle, Obstructed
from xiaoneng.rules.items import scenarios
from xiaoneng.rules.roles import Role
from xiaoneng.rules.workdays import local_day
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.public import answers, promised
from xiaoneng.web.public.find import item_shown
from xiaoneng.web.public.forms import Declaration, Supplement, Withdrawal


@policy(Policy.CITIZEN)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Open a draft for an item, with what is known of the applicant filled in."""
    account, now = account_of(request), clock.now()
    plan = version_in_force(code, now)
    chosen = answers.situation_of(plan, request.POST)
    matter = drafts.open_draft(
        code=code, by=account.pk, channel=Application.Channel.ONLINE, at=now, key=form_key(request),
        form=_known(account.pk, plan) | {"scenario": answers.kept(chosen)},
    )  # fmt: skip
    return redirect("public:draft", matter)


def _known(account: int, plan: Plan) -> dict[str, str]:
    """Return what is known of the applicant, without a name and number of a kind that the item is not for."""
    known, kinds = people.declaration_of(account), kinds_for(plan.audience)
    return known if known.get("kind", "person") in kinds else known | {"kind": kinds[0], "name": "", "identity": ""}


@policy(Policy.CITIZEN)
@never_cache
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and keep a draft: its fields and its files."""
    account = account_of(request)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        if request.POST.get("do") == "discard_for_good":
            drafts.discard(pk, by=account.pk, at=clock.now())
            messages.success(request, "草稿已删除。")
            return redirect("public:mine")
        plan = drafts.own_draft_file(pk, by=account.pk, bring=()).plan
        typed = _typed(request) | answers.typed(plan, request.POST) | promised.typed(request.POST)
        drafts.save_draft(pk, by=account.pk, form=typed)
        errors = take_files(request, pk)
        _held(request, pk)
        if not errors and request.POST.get("do") == "review":
            return redirect("public:draft_review", pk)
        if not errors and request.POST.get("do") != "discard":
            back = "#materials" if request.FILES or {"use", "not_use"} & request.POST.keys() else ""
            return redirect(reverse("public:draft", args=[pk]) + back)
    file = drafts.own_draft_file(pk, by=account.pk)
    initial = {name: value for name, value in reads.form_of(file).items() if value}
    form = Declaration(
        initial=initial, kinds=kinds_for(file.plan.audience), renewable=is_renewable(file.plan.kind, file.plan.result)
    )
    context = {
        "draft": _draft(file, errors),
        "promise": promised.offered(file.plan, reads.form_of(file)),
        "form": form,
        "groups": form.groups(),
        "situations": answers.fields(file.plan, reads.situation(file)),
        "obstacles": [
            *bars.obstacles(file, file.plan, clock.now()),
            *file_obstacles(errors),
            *_more(request, file, errors),
        ],
        "advice": authority.advice(file, clock.now()),
        "discarding": request.POST.get("do") == "discard",
    }
    return render(request, "public/apply_form.html", context, status=400 if errors else 200)


def _more(request: HttpRequest, file: MatterFile, errors: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    if errors and request.POST.get("do") == "review":
        yield from beside(actions.obstacles_to_submission(file, clock.now()), errors)


def beside(obstacles: Iterable[Obstacle], errors: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    """Yield what else keeps a draft back whose files could not be taken, each with its place: all is told at once."""
    for each in obstacles:
        place = each.code if each.code.startswith("material-") else f"id_{each.code}"
        if place.removeprefix("material-") not in errors and each.code != BARRED_ITEM:
            yield {"message": each.message, "remedy": each.remedy, "anchor": place}


def _typed(request: HttpRequest) -> dict[str, str]:
    form = Declaration(request.POST, renewable=True)
    form.is_valid()
    return {name: str(form.cleaned_data.get(name, request.POST.get(name, "")) or "") for name in form.fields}


def take_files(request: HttpRequest, matter: int) -> dict[str, list[str]]:
    """Attach what was uploaded and take off what was removed; return what could not be taken, by material."""
    account = account_of(request)
    errors: dict[str, list[str]] = {}
    for field, uploads in request.FILES.lists():
        slot = field.removeprefix("material-")
        for upload in uploads:
            try:
                drafts.attach(
                    matter, by=account.pk, slot=slot, name=upload.name or "", stream=cast(BinaryIO, upload.file),
                    at=clock.now(),
                )  # fmt: skip
            except Refused as refusal:
                errors.setdefault(slot, []).append(f"“{files.safe_name(upload.name or '')}”没有收：{refusal}")
    remove = request.POST.get("remove", "")
    if remove.isdecimal():
        drafts.detach(matter, by=account.pk, attachment=int(remove), at=clock.now())
    return errors


def _held(request: HttpRequest, matter: int) -> None:
    """Let what is held already stand for a material, or take that back; the button pressed is the consent."""
    account = account_of(request).pk
    slot, _, reference = request.POST.get("use", "").partition(":")
    if reference:
        held.use(matter, slot=slot, reference=reference, by=account, at=clock.now())
    if request.POST.get("not_use"):
        held.do_not_use(matter, slot=request.POST["not_use"], by=account)


def file_obstacles(errors: dict[str, list[str]]) -> list[dict[str, str]]:
    """Return what could not be taken, each with the place of its material."""
    return [{"message": text, "anchor": f"material-{slot}"} for slot, texts in errors.items() for text in texts]


@dataclass(frozen=True, slots=True)
class ShownMaterial:
    """A material with the files that were handed in for it."""

    key: str
    name: str
    note: str
    required: bool
    copies: int
    form: str
    source: str
    files: tuple[Any, ...]
    errors: tuple[str, ...] = ()
    used: Any = None  # what is held already and stands for it
    offer: Any = None  # what is held already and may stand for it
    max_bytes: int = settings.UPLOAD_LIMIT
    accept: str = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.ofd"


def materials_of(
    file: MatterFile, errors: dict[str, list[str]], *, round_: int | None = None
) -> tuple[ShownMaterial, ...]:
    """Return the materials of an application with their files; one round's only, if one is named."""
    given: dict[str, list[dict[str, Any]]] = {}
    for each in matters.attachments(file.id):
        if round_ is None or each.round == round_:
            row = {
                "pk": each.id,
                "name": each.name,
                "size": each.size,
                "url": reverse("public:file", args=[file.id, each.id]),
            }
            given.setdefault(each.slot, []).append(row)
    wanted = {each.slot for each in reads.demanded(file)}
    listed = [each for each in reads.filed_under(file).materials if each.slot in wanted or each.slot in given]
    rows = [(m.slot, m.name, m.note, m.required, m.copies, m.form, m.source) for m in listed]
    rows.append((drafts.OTHER, "其他材料", "上面没有列出的，交在这里", False, 0, "", ""))
    used = {each.slot: each for each in reads.held_facts(file)}
    offers = {} if file.version else facts.offered(file, local_day(clock.now()))
    return tuple(
        ShownMaterial(
            *row, tuple(given.get(row[0], ())), tuple(errors.get(row[0], ())), used.get(row[0]),
            None if row[0] in used or given.get(row[0]) else offers.get(row[0]),
        )
        for row in rows
    )  # fmt: skip


def _draft(file: MatterFile, errors: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "pk": file.id,
        "item": item_shown(file.plan),
        "saved_at": None,
        "materials": materials_of(file, errors),
    }


@policy(Policy.CITIZEN)
@require_GET
@never_cache
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything once more, and everything that is still missing, before the draft is submitted."""
    file = drafts.own_draft_file(pk, by=account_of(request).pk)
    return _review(request, file, actions.obstacles_to_submission(file, clock.now()))


def _review(request: HttpRequest, file: MatterFile, obstacles: tuple[Obstacle, ...], status: int = 200) -> HttpResponse:
    values = reads.form_of(file)
    form = Declaration(initial=values, renewable=bool(values.get("renews") or values.get("renews_until")))
    summary = [
        {"title": group["title"], "rows": [(field.label, _value(field, values)) for field in group["fields"]]}
        for group in form.groups()
    ]
    if chosen := reads.situation(file):
        summary.insert(0, {"title": "您的情形", "rows": list(_situation(file, chosen))})
    if said := promised.summary(file):
        summary.append(said)
    context = {
        "draft": _draft(file, {}), "summary": summary, "obstacles": obstacles,
        "advice": authority.advice(file, clock.now()),
    }  # fmt: skip
    return render(request, "public/apply_review.html", context, status=status)


def _situation(file: MatterFile, chosen: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for question in scenarios.questions(file.plan.scenarios):
        yield question.text, next((name for name, _ in question.answers if name in chosen), "还没有选择")


def _value(field: Any, values: dict[str, str]) -> str:
    value = values.get(field.name, "")
    return str(dict(getattr(field.field, "choices", [])).get(value, value))


@policy(Policy.CITIZEN)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit a draft and hand out its receipt."""
    try:
        moved = actions.submit(pk, by=actor_of(request), at=clock.now(), key=form_key(request))
    except Obstructed as refusal:
        return _review(request, drafts.own_draft_file(pk, by=account_of(request).pk), refusal.obstacles, 422)
    return redirect("public:receipt", moved.numbers["intake_number"])


@policy(Policy.CITIZEN)
@never_cache
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in what a correction notice asked for."""
    account = account_of(request)
    file = drafts.own_file(pk, by=account.pk)
    errors: dict[str, list[str]] = {}
    obstacles: tuple[Obstacle, ...] = ()
    form = Supplement(request.POST or None)
    if request.method == "POST" and form.is_valid():
        errors = take_files(request, pk) if request.FILES or request.POST.get("remove") else {}
        if not errors and request.POST.get("do") == "submit":
            try:
                actions.supplement(
                    pk, by=actor_of(request), at=clock.now(), key=form_key(request), note=form.cleaned_data["note"]
                )
                messages.success(request, "补正材料已经提交，五个工作日内答复您是否受理。")
                return redirect("public:progress", file.called)
            except Obstructed as refusal:
                obstacles = refusal.obstacles
    context = {
        "file": file,
        "form": form,
        "lacks": _lacks(file),
        "materials": materials_of(file, errors, round_=drafts.round_of(file)),
        "obstacles": [*obstacles, *file_obstacles(errors)],
        "due": getattr(file.clock("supplement"), "due_on", None),
        "open": file.state == "correcting",
    }
    return render(request, "public/supplement.html", context, status=422 if obstacles or errors else 200)


def _lacks(file: MatterFile) -> list[dict[str, str]]:
    asked = [line for line in matters.journal(file.id) if line.move == "request_correction"]
    lacks: list[dict[str, str]] = asked[0].facts["what"]["lacks"] if asked else []
    return lacks


@policy(Policy.CITIZEN)
@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an application back, after showing what that means."""
    file = drafts.own_file(pk, by=account_of(request).pk)
    form = Withdrawal(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moved = actions.withdraw(
            pk, by=actor_of(request), at=clock.now(), key=form_key(request), reason=form.cleaned_data["reason"]
        )
        following.follow_on(moved, clock.now())
        messages.success(request, "申请已经撤回。以后可以重新申请。")
        return redirect("public:progress", file.called)
    possible = any(
        move.name == "withdraw" and Role.APPLICANT in move.roles for move in file.procedure.leaving(file.state)
    )
    back = reverse("public:progress", args=[file.called])
    context = {"file": file, "form": form, "possible": possible, "progress_url": back}
    return render(request, "public/withdraw.html", context)


@policy(Policy.SIGNED_IN)
@require_GET
def own_file(request: HttpRequest, matter: int, pk: int) -> FileResponse:
    """Hand out a file of an application to those who may see the application."""
    account = account_of(request)
    file = reads.load(matter)
    today = reads.day_of(clock.now())
    seen = (
        reads.may_see(file, account.pk, today) or joint.visible_to_staff(account.pk, today).filter(pk=matter).exists()
    )
    if not reads.is_applicant(file, account.pk) and not seen:
        raise NotFound("没有找到这个文件，或者它不对您的账号开放。")
    found = next((each for each in matters.attachments(matter) if each.id == pk), None)
    if found is None:
        raise NotFound("没有找到这个文件，可能已经移除。请刷新页面。")
    inline = found.kind in ("application/pdf", "image/png", "image/jpeg")
    answer = FileResponse(
        files.open_kept(settings.FILES_DIRECTORY, found.sha256), as_attachment=not inline, filename=found.name,
        content_type=found.kind,
    )  # fmt: skip
    answer["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
    )
    return answer
