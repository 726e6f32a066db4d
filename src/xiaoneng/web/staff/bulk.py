"""The same move on several cases: each is a move of its own, with its own key and its own answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xiaoneng.approval import reads, worklists
from xiaoneng.approval.joint import following
from xiaoneng.approval.worklists import Line, Wanted
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.matters.move import Actor, Moved
from xiaoneng.matters.reads import MatterFile
from xiaoneng.org import reads as org
from xiaoneng.rules.grounds import NotAllowed, NotFound, Obstacle, Obstructed
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.workdays import local_day
from xiaoneng.web import shown
from xiaoneng.web.access import Policy, account_of, actor_of, policy
from xiaoneng.web.staff import filters, moves
from xiaoneng.web.staff.forms import BY_ITSELF, MoveForm

# Only what needs no facts of the single case: who wants to refuse, ask or pause has to look at each one.
SAME_FOR_ALL = ("accept", "review", "grant", "publish", "close_publication", "postpone_deferred")
# Offered only where one of the chosen cases can take it: a publication of many at one place, its end without objections,
# and more time for promised papers where one storm kept them all away. An extension is not here: art. 42 wants its own reason.
WHERE_POSSIBLE = frozenset({"publish", "close_publication", "postpone_deferred"})
MOST = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that was chosen, and what the move would do to it or why it cannot be made."""

    called: str
    title: str
    applicant: str
    url: str
    light: shown.ShownLight
    why: str
    effects: tuple[tuple[str, str], ...]
    key: str
    step: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases at the same step with one move that can be made on all of them."""

    name: str
    label: str
    basis: str
    step_name: str
    submit_label: str
    url: str
    form: Any
    able: tuple[Candidate, ...]
    unable: tuple[Candidate, ...]

    @property
    def folded(self) -> bool:
        """Tell whether it is offered in one line until it is wanted: few steps are published, all are reviewed or decided."""
        return self.name in WHERE_POSSIBLE and not self.form.is_bound


@policy(Policy.STAFF)
@require_GET
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Show the chosen cases by step, and for each step the moves that can be made on all of them."""
    by, now = actor_of(request), clock.now()
    lines = _chosen(request.GET.getlist("case"), by.account, now)
    place = request.GET.get("in", "")
    batches = list(_batches(lines, by, now))
    return _page(request, batches, lines, place)


def _page(
    request: HttpRequest, batches: list[Batch], lines: tuple[Line, ...], place: str, status: int = 200
) -> HttpResponse:
    asked = filters.from_place(place) or Wanted()
    steps = list(dict.fromkeys(line.step_name for line in lines))
    context = {
        "batches": batches, "count": len(lines), "steps": steps, "place": filters.place(asked), "most": MOST,
        "list_url": filters.address(asked), "account": account_of(request).pk,
    }  # fmt: skip
    return render(request, "staff/bulk.html", context, status=status)


def _chosen(numbers: list[str], account: int, now: datetime) -> tuple[Line, ...]:
    wanted = list(dict.fromkeys(each[:40] for each in numbers))[:MOST]
    return worklists.lines(account, wanted, now=now)


def _batches(
    lines: tuple[Line, ...], by: Actor, now: datetime, bound: tuple[str, Any] | None = None
) -> Iterator[Batch]:
    files = [reads.load(line.id) for line in lines]
    for state, step_name in dict.fromkeys((file.state, file.step_name) for file in files):
        at_step = [file for file in files if (file.state, file.step_name) == (state, step_name)]
        for row in at_step[0].procedure.leaving(state):
            if row.name in SAME_FOR_ALL and (bound is None or bound[0] == row.name):
                batch = _batch(row, step_name, at_step, by, now, bound[1] if bound else None)
                if batch.able or row.name not in WHERE_POSSIBLE:
                    yield batch


def _batch(row: Move, step_name: str, files: list[MatterFile], by: Actor, now: datetime, form: Any) -> Batch:
    candidates = [_candidate(file, row, by, now) for file in files]
    return Batch(
        row.name, row.label, str(row.basis), step_name, moves.LABELS[row.name],
        reverse("staff:bulk_move", args=[row.name]), form or _form(row.name, auto_id=f"{row.name}_%s"),
        tuple(each for each in candidates if not each.why), tuple(each for each in candidates if each.why),
    )  # fmt: skip


def _form(name: str, *args: Any, **more: Any) -> MoveForm:
    """Return the form of a move without what has to be looked at in each case by itself."""
    form = moves.FORMS[name][0](*args, **more)
    for field in BY_ITSELF:
        form.fields.pop(field, None)
    return form


def _candidate(file: MatterFile, row: Move, by: Actor, now: datetime) -> Candidate:
    held = {each.role for each in org.roles_of(by.account, file.department, local_day(now))}
    why = moves.why_not(file, row, by, now, held) or moves.by_itself(file, row, now)
    return Candidate(
        file.called, file.title, file.extra["applicant_name"], reverse("staff:case", args=[file.called]),
        shown.light_of(file, now, staff=True), why, () if why else moves.effects_of(file, row, now), str(uuid4()),
        file.step,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one case."""

    called: str
    title: str
    url: str
    text: str = ""
    refused: str = ""
    obstacles: tuple[Obstacle, ...] = ()
    again: bool = False


@policy(Policy.STAFF)
@never_cache
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Make a move on each of the chosen cases, and tell case by case what happened."""
    if name not in SAME_FOR_ALL:
        raise Http404
    place = request.POST.get("in", "")
    if request.method != "POST":
        return redirect("staff:worklist")
    by, now = actor_of(request), clock.now()
    lines = _chosen(request.POST.getlist("case"), by.account, now)
    form = _form(name, request.POST)
    if not form.is_valid() or not lines:
        return _page(request, list(_batches(lines, by, now, (name, form))), lines, place, 422)
    answers = [_answer(request, line, name, form, by) for line in lines]
    asked = filters.from_place(place) or Wanted()
    context = {
        "answers": answers, "label": matters.PROCEDURES[reads.KIND].move(name).label, "list_url": filters.address(asked),
        "done": sum(1 for each in answers if each.text),
        "failed": sum(1 for each in answers if not each.text), "name": name, "at": request.POST.get("at", "")[:40],
    }  # fmt: skip
    return render(request, "staff/bulk_done.html", context)


def _answer(request: HttpRequest, line: Line, name: str, form: Any, by: Actor) -> Answer:
    url = reverse("staff:case", args=[line.called])
    try:
        key = UUID(request.POST.get(f"key-{line.called}", ""))
        moved = _move(line.called, name, form, request.POST.get(f"step-{line.called}", ""), by, key)
    except ValueError:
        return Answer(line.called, line.title, url, refused="这一件的表单不完整，没有办。请回到列表重新勾选。")
    except Obstructed as refusal:
        return Answer(line.called, line.title, url, obstacles=refusal.obstacles)
    except (NotAllowed, NotFound) as refusal:
        return Answer(line.called, line.title, url, refused=str(refusal))
    return Answer(line.called, line.title, url, text=_told(moved), again=moved.replayed)


def _move(called: str, name: str, form: Any, step: str, by: Actor, key: UUID) -> Moved:
    arguments = form.arguments()
    if name == "review":
        arguments["step"] = int(step)
    _, action = moves.FORMS[name]
    # The instant of each move is its own: fifty of them take longer than the record allows an instant to be old.
    moved = action(called, by=by, at=clock.now(), key=key, **arguments)
    following.follow_on(moved, clock.now())
    return moved


def _told(moved: Moved) -> str:
    file = reads.load(moved.matter)
    documents = "、".join(f"{d.title} {d.number}" for d in matters.documents(moved.matter) if d.seq == moved.seq)
    return f"现在是“{file.step_name}”" + (f"，发出{documents}" if documents else "")
