"""Window intake of a joint case: one form and one set of papers for all its items, taken in by the lead's window."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms as django_forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from xiaoneng.approval.joint import at_window, filing, opening, reads, themes
from xiaoneng.approval.joint.reads import Shared
from xiaoneng.approval.joint.themes import ThemeShown
from xiaoneng.approval.models import Application
from xiaoneng.kit import clock, files
from xiaoneng.kit.contents import Refused
from xiaoneng.rules.grounds import Obstacle, Obstructed
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.public.apply import ShownMaterial
from xiaoneng.web.public.forms import Declaration


class JointIntake(Declaration):
    """What the clerk types, which items are wanted, and which papers she has seen."""

    project = django_forms.CharField(
        label="项目或店名", max_length=60, required=False, help_text="写在标题里，便于找到"
    )
    items = django_forms.MultipleChoiceField(
        label="还要办的事项", required=False, widget=django_forms.CheckboxSelectMultiple,
        help_text="有条件的事项，按申请人的情况勾选；其余的都要办",
    )  # fmt: skip
    papers = django_forms.MultipleChoiceField(
        label="已核对的纸质材料", required=False, widget=django_forms.CheckboxSelectMultiple,
        help_text="勾选已经收下的纸质件；几个事项都要的只收一份。电子件在下面上传",
    )  # fmt: skip

    GROUPS = (*Declaration.GROUPS, ("这件事", "", ("project", "items")), ("纸质材料", "", ("papers",)))

    def __init__(self, *args: Any, theme: ThemeShown, shared: tuple[Shared, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = [(str(each.position), f"{each.name}（{each.condition}）") for each in theme.items if each.condition]
        cast(Any, self.fields["items"]).choices = wanted
        cast(Any, self.fields["papers"]).choices = [(each.slot, each.name) for each in shared]
        if not wanted:
            self.fields["items"].help_text = "这件事的事项都要办，没有要选的"

    def chosen(self) -> list[int]:
        """Return the places of the conditional items that are wanted."""
        return [int(each) for each in self.cleaned_data["items"]]


@policy(Policy.STAFF)
@never_cache
def intake(request: HttpRequest, code: str) -> HttpResponse:
    """Take in a joint case at the window: one post opens, fills and submits it."""
    now = clock.now()
    shown = themes.theme(code, now)
    at_window.require_window(shown, by=account_of(request).pk, at=now)
    shared = reads.materials(each for each in shown.items if each.version)
    form = JointIntake(request.POST or None, theme=shown, shared=shared, complete=True)
    obstacles: tuple[Obstacle, ...] = ()
    errors: dict[str, list[str]] = {}
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                number, errors = _take_in(request, code, form)
                if errors:
                    transaction.set_rollback(True)
            if not errors:
                return redirect(reverse("public:joint", args=[number]) + "?receipt=1")
        except Obstructed as refusal:
            obstacles = refusal.obstacles
    context = {
        "theme": shown, "form": form, "groups": form.groups(), "materials": _materials(shown, shared, errors),
        "obstacles": [*obstacles, *({"message": t, "anchor": f"material-{s}"} for s, ts in errors.items() for t in ts)],
    }  # fmt: skip
    return render(
        request, "staff/joint_intake.html", context, status=422 if obstacles or errors or form.errors else 200
    )


def _take_in(request: HttpRequest, code: str, form: JointIntake) -> tuple[str, dict[str, list[str]]]:
    key, account, now = form_key(request), account_of(request), clock.now()
    own = ("papers", "items", "project")
    typed = {name: str(value) for name, value in form.cleaned_data.items() if name not in own}
    typed["papers"] = ",".join(form.cleaned_data["papers"])
    matter = opening.open_joint(
        theme=code, chosen=form.chosen(), by=account.pk, channel=Application.Channel.WINDOW, at=now, key=key, form=typed,
        project=form.cleaned_data["project"],
    )  # fmt: skip
    errors = _take_files(request, matter) if request.FILES and reads.load(matter).version == 0 else {}
    if errors:
        return "", errors
    moved = filing.submit(matter, by=actor_of(request), at=clock.now(), key=key)
    return moved.numbers["intake_number"], {}


def _take_files(request: HttpRequest, matter: int) -> dict[str, list[str]]:
    """Put the scans to the one set; one for an item that is not wanted is left out."""
    wanted = {each.slot for each in reads.materials(reads.branches(matter))} | {reads.OTHER}
    errors: dict[str, list[str]] = {}
    for field, uploads in request.FILES.lists():
        slot = field.removeprefix("material-")
        for upload in uploads if slot in wanted else ():
            name, stream = upload.name or "", cast(BinaryIO, upload.file)
            try:
                opening.attach(matter, by=account_of(request).pk, slot=slot, name=name, stream=stream, at=clock.now())
            except Refused as refusal:
                errors.setdefault(slot, []).append(f"“{files.safe_name(name)}”没有收：{refusal}")
    return errors


def _materials(theme: ThemeShown, shared: tuple[Shared, ...], errors: dict[str, list[str]]) -> list[ShownMaterial]:
    names = {each.position: each.name for each in theme.items}
    # What only conditional items ask for is not owed by everybody.
    sometimes = {each.position for each in theme.items if each.condition}
    return [
        ShownMaterial(
            each.slot, each.name, f"用于：{'、'.join(names[place] for place, _ in each.asked_by)}",
            each.required and not {place for place, _ in each.asked_by} <= sometimes, each.copies, each.form,
            each.source, (), tuple(errors.get(each.slot, ())),
        )
        for each in shared
    ]  # fmt: skip
