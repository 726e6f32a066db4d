"""The lead department's page of a joint case: every branch, who is late, what is done together, what is still to decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import authority, words
from xiaoneng.approval.actions import annulment as single
from xiaoneng.approval.actions.deliver import WAYS
from xiaoneng.approval.joint import accepting, annulment, at_window, filing, reads, together
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import Obstacle
from xiaoneng.rules.limits import Light
from xiaoneng.rules.parallel import MORE, Outcome
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.roles import BY_NATURE, Role
from xiaoneng.rules.workdays import CHINA, local_day
from xiaoneng.web import shown_joint
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.posted import form_key
from xiaoneng.web.staff.forms import Annulment, MoveForm, NotAccept, Withdraw, authority_seen, lack, text
from xiaoneng.web.staff.promise_forms import Supplement
from xiaoneng.web.staff.whole_moves import Bound, ShownMove, draft_keys, offered, tried


class Correction(MoveForm):
    """What is missing, a line each; what the platform sees missing is added by itself."""

    lacks = text(
        "还要补正的内容",
        5,
        "一行一项：补什么 | 要求 | 依据。各事项缺的必交材料平台会自动列上，不用再写",
        required=False,
    )
    reason_again = text("第二次告知的理由", 2, "第一次看不出来的问题才能再次告知；会记入监察", required=False)

    def arguments(self) -> dict[str, Any]:
        """Return the lacks as the action takes them."""
        lines = [lack(line) for line in self.cleaned_data["lacks"].splitlines() if line.strip()]
        return {"lacks": lines, "reason_again": self.cleaned_data["reason_again"]}


class Accept(MoveForm):
    """Accepting asks for nothing more, unless who submitted it must show authority."""

    authority = authority_seen()


class WithPeople(MoveForm):
    """A form that asks who goes, of the departments concerned."""

    people = forms.TypedMultipleChoiceField(label="参加人员", coerce=int, widget=forms.CheckboxSelectMultiple)

    def prepare(self, file: MatterFile) -> None:
        """Offer the people of the departments concerned."""
        known = reads.people_of(reads.branches(file.id), file.department)
        choices = [(account, f"{department}　{name}") for account, (name, _, department) in known.items()]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]


class Arrange(WithPeople):
    """Which kind, when, where, who."""

    kind = forms.ChoiceField(label="做什么", choices=list(together.KINDS.items()))
    starts_at = forms.DateTimeField(
        label="时间", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(label="地点", max_length=120)
    field_order = ("kind", "starts_at", "place", "people")

    def arguments(self) -> dict[str, Any]:
        """Return the moment as one in China."""
        given = self.cleaned_data["starts_at"]
        return self.cleaned_data | {"starts_at": given if given.tzinfo else given.replace(tzinfo=CHINA)}


class Record(WithPeople):
    """What was found together."""

    kind = forms.ChoiceField(label="哪一项", choices=list(together.KINDS.items()))
    findings = text("情况和共同意见", 4)
    passed = forms.BooleanField(label="符合要求", required=False)
    field_order = ("kind", "people", "findings", "passed")


class CallOff(MoveForm):
    """Which, and why."""

    kind = forms.ChoiceField(label="哪一项", choices=list(together.KINDS.items()))
    reason = text("取消的理由", 2)


class Extend(MoveForm):
    """How many days more, and why."""

    days = forms.IntegerField(label="延长几个工作日", min_value=1, max_value=MORE.n, initial=MORE.n)
    reason = text("理由", 3, "会写进告知书")


class HandOver(MoveForm):
    """How the decisions reach the applicant, all at once."""

    way = forms.ChoiceField(label="送达方式", choices=list(WAYS.items()))
    recipient = forms.CharField(label="签收人", max_length=60)


class TakeIn(Supplement):
    """What the applicant brought to the lead's window after the one notice, material by material."""

    def prepare(self, file: MatterFile) -> None:
        """Offer the one set of materials."""
        self.offer([(each.slot, each.name) for each in reads.materials(reads.branches(file.id))])


Action = Callable[..., Moved]
FORMS: dict[str, tuple[type[MoveForm], Action]] = {
    "accept": (Accept, accepting.accept), "request_correction": (Correction, accepting.request_correction),
    "not_accept": (NotAccept, accepting.not_accept), "arrange": (Arrange, together.arrange),
    "record": (Record, together.record), "call_off": (CallOff, together.call_off), "extend": (Extend, together.extend),
    "hand_over": (HandOver, together.hand_over), "supplement": (TakeIn, at_window.supplement),
    "withdraw": (Withdraw, filing.withdraw), "annul_decision": (Annulment, annulment.annul_decision),
}  # fmt: skip


@policy(Policy.STAFF)
@require_GET
@never_cache
def joints(request: HttpRequest) -> HttpResponse:
    """List the joint cases within reach, those that turn red first on top."""
    now = clock.now()
    rows = reads.visible_to_staff(account_of(request).pk, local_day(now)).distinct().order_by("closed", "red_at", "-id")
    found = []
    for row in rows[:100]:
        file = reads.load(row.pk)
        found.append(shown_joint.whole(file, now))
    return render(request, "staff/joints.html", {"rows": found})


@policy(Policy.STAFF)
@require_GET
@never_cache
def joint(request: HttpRequest, number: str) -> HttpResponse:
    """Show a joint case."""
    now = clock.now()
    return _page(request, _visible(request, number, now), now)


@policy(Policy.STAFF)
@never_cache
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Make a move of the whole, or show the page again with everything that stands against it."""
    if name not in FORMS:
        raise Http404
    now = clock.now()
    file = _visible(request, number, now)
    if request.method != "POST":
        return redirect("staff:joint", number)
    form_class, action = FORMS[name]
    form = form_class(request.POST, request.FILES, auto_id=f"{name}_%s")
    if isinstance(form, WithPeople | TakeIn):
        form.prepare(file)

    def make() -> Moved:
        return action(file.id, by=actor_of(request), at=now, key=form_key(request), **form.arguments())

    status, obstacles = tried(request, form, make)
    if status == 200:
        messages.success(request, f"已{file.procedure.move(name).label}。")
        return redirect(reverse("staff:joint", args=[number]) + f"?done={name}")
    return _page(request, _visible(request, number, now), now, (name, form), obstacles, status)


def _visible(request: HttpRequest, number: str, now: datetime) -> MatterFile:
    file = reads.load(number)
    reads.require_visible(file, account_of(request).pk, local_day(now))
    return file


def _page(
    request: HttpRequest, file: MatterFile, now: datetime, bound: Bound = None,
    obstacles: tuple[Obstacle, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    names = org.names_of_accounts({person for each in together.arranged(file.id) for person in each.people})
    context = {
        "joint": shown_joint.whole(file, now),
        "moves": [
            _shown(file, row, actor, now, bound) for row in file.procedure.leaving(file.state) if row.name in FORMS
        ],
        "arranged": [(each, [names.get(person, "") for person in each.people]) for each in together.arranged(file.id)],
        "entries": [_entry(file, line) for line in words.with_words(file.id, matters.journal(file.id))],
        "obstacles": obstacles or _standing(file, now),
        "authority": _unshown(file, now),
        "red": file.light(now) is Light.RED,
        "files": _files(file),
        "case": draft_keys(file, actor.account, request.GET.get("done", "")),
    }
    return render(request, "staff/joint.html", context, status=status)


def _unshown(file: MatterFile, now: datetime) -> tuple[Obstacle, ...]:
    return authority.obstacles(file, now) if not file.closed else ()


def _files(file: MatterFile) -> list[dict[str, Any]]:
    names = {each.slot: each.name for each in reads.materials(reads.branches(file.id))}
    return [
        {
            "material": names.get(each.slot, "其他材料"),
            "name": each.name,
            "url": reverse("public:file", args=[file.id, each.id]),
        }
        for each in matters.attachments(file.id)
    ]


def _standing(file: MatterFile, now: datetime) -> tuple[Obstacle, ...]:
    return accepting.obstacles_to_acceptance(file, now) if file.state == "received" else ()


def _shown(file: MatterFile, row: Move, by: Actor, now: datetime, bound: Bound) -> ShownMove:
    held = {each.role for each in org.roles_of(by.account, file.department, local_day(now))}
    whose = "" if Role.LEADER in row.roles else f"{file.department_name}的"
    why = (
        "" if held & set(row.roles) else f"要由{whose}{'或'.join(r.label for r in row.roles if r not in BY_NATURE)}来办"
    )

    why = why or _not_yet(file, row.name)

    def fresh() -> MoveForm:
        form = FORMS[row.name][0](initial=_initial(file, row), auto_id=f"{row.name}_%s")
        if isinstance(form, WithPeople | TakeIn):
            form.prepare(file)
        if isinstance(form, Accept) and not authority.is_to_be_shown(file, now):
            del form.fields["authority"]
        return form

    return offered(row, why, reverse("staff:joint_move", args=[file.called, row.name]), fresh, bound)


def _not_yet(file: MatterFile, name: str) -> str:
    """Return why a move of the lead's has nothing to act upon yet."""
    if name in ("record", "call_off") and not together.arranged(file.id):
        return "还没有安排联合踏勘、会审或者验收"
    if name == "annul_decision" and single.standing(file, "not_accept") is None:
        return "已经登记过"
    if name == "hand_over" and not any(line.state in ("granted", "refused") for line in reads.branches(file.id)):
        return "现在没有等待送达的决定"
    return ""


def _initial(file: MatterFile, row: Move) -> dict[str, Any]:
    if row.name == "hand_over":
        return {"recipient": file.extra["applicant_name"], "way": "direct"}
    if row.name == "record":
        held = next(iter(together.arranged(file.id)), None)
        return {"kind": held.kind, "people": list(held.people), "passed": True} if held else {}
    return {}


def _entry(file: MatterFile, line: Any) -> dict[str, Any]:
    what = line.facts.get("what", {})
    told = [f"第 {each['position']} 项{Outcome(each['outcome']).label}" for each in what.get("decided", ())]
    told += [f"启动分办 {each['number']}" for each in what.get("opened", ())]
    told += [f"第 {each['position']} 项不再启动" for each in what.get("ended", ())]
    told += [f"第 {each['position']} 项催办升到第 {each['level']} 级" for each in what.get("urged", ())]
    told += [f"补正：{each['text']}" for each in what.get("lacks", ())]
    told += [what[name] for name in ("reason", "findings", "place") if what.get(name)]
    label = file.procedure.move(line.move).label
    if what.get("kind") in together.KINDS:
        label = f"{label}：{together.KINDS[what['kind']]}"
    return {"label": label, "at": line.recorded_at, "told": "；".join(told)}
